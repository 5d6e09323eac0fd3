/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <string.h>
#include <unistd.h>

#include "lineup/clock.h"
#include "lineup/zone.h"

static int64_t wall(int64_t year, int month, int day, int hour, int minute)
{
	return clock_days(year, month, day) * 86400 + hour * 3600 + minute * 60;
}

static void assert_instant(
	const char *zone, int64_t at, int64_t expected, enum zone_fit expected_fit)
{
	struct zone z;
	struct error err;
	assert_int_equal(zone_parse(&z, str_from(zone), &err), 0);
	struct zone_time t = zone_instant(&z, at);
	assert_int_equal(t.seconds, expected);
	assert_int_equal(t.fit, expected_fit);
	zone_release(&z);
}

static void test_offsets_are_zones(void **state)
{
	(void)state;
	assert_instant("", wall(2031, 4, 5, 6, 0), wall(2031, 4, 5, 6, 0), ZONE_FIT_ONE);
	assert_instant("+02:00", wall(2031, 4, 5, 6, 0), wall(2031, 4, 5, 4, 0), ZONE_FIT_ONE);
	assert_instant("-0330", wall(2031, 4, 5, 6, 0), wall(2031, 4, 5, 9, 30), ZONE_FIT_ONE);
	assert_instant("+9", wall(2031, 4, 5, 6, 0), wall(2031, 4, 4, 21, 0), ZONE_FIT_ONE);
}

static void test_a_named_zone_knows_summer_and_winter(void **state)
{
	(void)state;
	assert_instant(
		"Europe/Berlin", wall(2024, 1, 15, 12, 0), wall(2024, 1, 15, 11, 0), ZONE_FIT_ONE);
	assert_instant(
		"Europe/Berlin", wall(2024, 7, 15, 12, 0), wall(2024, 7, 15, 10, 0), ZONE_FIT_ONE);
	assert_instant("America/New_York", wall(2024, 7, 15, 12, 0), wall(2024, 7, 15, 16, 0),
		ZONE_FIT_ONE);
	assert_instant(
		"Asia/Kolkata", wall(2024, 7, 15, 12, 0), wall(2024, 7, 15, 6, 30), ZONE_FIT_ONE);
}

static void test_a_time_that_the_clock_left_out_is_read_as_before_the_change(void **state)
{
	(void)state;
	assert_instant(
		"Europe/Berlin", wall(2024, 3, 31, 1, 59), wall(2024, 3, 31, 0, 59), ZONE_FIT_ONE);
	assert_instant(
		"Europe/Berlin", wall(2024, 3, 31, 2, 30), wall(2024, 3, 31, 1, 30), ZONE_FIT_GAP);
	assert_instant(
		"Europe/Berlin", wall(2024, 3, 31, 3, 0), wall(2024, 3, 31, 1, 0), ZONE_FIT_ONE);
}

static void test_a_time_that_the_clock_showed_twice_has_two_instants(void **state)
{
	(void)state;
	struct zone z;
	struct error err;
	assert_int_equal(zone_parse(&z, STR("Europe/Berlin"), &err), 0);
	struct zone_time t = zone_instant(&z, wall(2024, 10, 27, 2, 30));
	assert_int_equal(t.seconds, wall(2024, 10, 27, 0, 30));
	assert_int_equal(t.fit, ZONE_FIT_REPEAT);
	assert_int_equal(t.second_seconds, wall(2024, 10, 27, 1, 30));
	assert_int_equal(t.change_seconds, wall(2024, 10, 27, 1, 0));
	assert_int_equal(zone_instant(&z, wall(2024, 10, 27, 1, 59)).fit, ZONE_FIT_ONE);
	t = zone_instant(&z, wall(2024, 10, 27, 3, 0));
	assert_int_equal(t.seconds, wall(2024, 10, 27, 2, 0));
	assert_int_equal(t.fit, ZONE_FIT_ONE);
	zone_release(&z);
}

static void test_names_of_zones_are_known_from_first_to_last(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int32_t minutes;
	} zones[] = { { "ACDT", 630 }, { "HKT", 480 }, { "NPT", 345 }, { "WET", 0 }, { "WIB", 420 },
		{ "WITA", 480 }, { "YEKT", 300 }, { "Z", 0 } };
	for (size_t i = 0; i < countof(zones); i++) {
		int32_t offset = -1;
		if (!zone_name_offset(NULL, str_from(zones[i].name), &offset) ||
			offset != zones[i].minutes * 60)
			fail_msg("%s: %d", zones[i].name, (int)offset);
	}
}

static void test_a_shared_name_means_what_it_means_at_home(void **state)
{
	(void)state;
	struct zone z;
	struct error err;
	int32_t offset;
	assert_true(zone_name_offset(NULL, STR("CST"), &offset));
	assert_int_equal(offset, -6 * 3600);
	assert_int_equal(zone_parse(&z, STR("Asia/Shanghai"), &err), 0);
	assert_true(zone_name_offset(&z, STR("CST"), &offset));
	assert_int_equal(offset, 8 * 3600);
	assert_true(zone_name_offset(&z, STR("CEST"), &offset));
	assert_int_equal(offset, 2 * 3600);
	assert_false(zone_name_offset(&z, STR("INFO"), &offset));
	zone_release(&z);
}

static void assert_minutes(const char *name, int64_t wall_seconds, int minutes)
{
	int32_t offset = -1;
	assert_true(zone_iana_offset(str_from(name), wall_seconds, &offset));
	assert_int_equal(offset, minutes * 60);
}

static void test_zones_named_in_full_have_summer_and_winter(void **state)
{
	(void)state;
	assert_minutes("Europe/Berlin", wall(2024, 3, 31, 1, 59), 60);
	assert_minutes("Europe/Berlin", wall(2024, 3, 31, 3, 0), 120);
	assert_minutes("Europe/Berlin", wall(2024, 10, 27, 2, 59), 120);
	assert_minutes("Europe/Berlin", wall(2024, 10, 27, 3, 0), 60);
	assert_minutes("Europe/London", wall(2024, 3, 31, 0, 59), 0);
	assert_minutes("Europe/London", wall(2024, 3, 31, 2, 0), 60);
	assert_minutes("Europe/Helsinki", wall(2024, 10, 27, 4, 0), 120);
	assert_minutes("America/New_York", wall(2024, 3, 10, 1, 59), -300);
	assert_minutes("America/New_York", wall(2024, 3, 10, 3, 0), -240);
	assert_minutes("America/New_York", wall(2024, 11, 3, 2, 0), -300);
	assert_minutes("Australia/Sydney", wall(2024, 1, 1, 0, 0), 660);
	assert_minutes("Australia/Sydney", wall(2024, 4, 7, 3, 0), 600);
	assert_minutes("Australia/Sydney", wall(2024, 10, 6, 3, 0), 660);
	assert_minutes("Pacific/Auckland", wall(2024, 9, 29, 3, 0), 780);
	assert_minutes("Asia/Kolkata", wall(2024, 7, 1, 0, 0), 330);
	assert_false(zone_iana_known(STR("Europe/Nowhere")));
	assert_false(zone_iana_known(STR("")));
}

/* The table against the system's, at noon of every tenth day of some years. */
#define SYSTEM_ZONES "/usr/share/zoneinfo/"

static size_t zones_compared;

/* The rules of a zone are those of today: older ones are left to --tz. */
static int compare_zone(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)where;
	struct str name = str_skip(str_from(path), strlen(SYSTEM_ZONES));
	struct zone zone = { 0 };
	struct error err;
	if (kind == FTW_D || !zone_iana_known(name))
		return 0;
	assert_int_equal(zone_parse(&zone, name, &err), 0);
	for (int64_t at = wall(2024, 1, 5, 12, 0); at < wall(2025, 12, 31, 0, 0);
		at += 10 * 86400) {
		int32_t offset = 0;
		assert_true(zone_iana_offset(name, at, &offset));
		if (at - offset != zone_instant(&zone, at).seconds)
			fail_msg("%.*s has an offset of %d s at %lld", STR_ARG(name), offset,
				(long long)at);
	}
	zone_release(&zone);
	zones_compared++;
	return 0;
}

static void test_zones_named_in_full_agree_with_the_tables_of_the_system(void **state)
{
	(void)state;
	/* Not every system has them. */
	if (access(SYSTEM_ZONES "Europe/Berlin", R_OK) != 0)
		skip();
	assert_int_equal(nftw(SYSTEM_ZONES, compare_zone, 16, FTW_PHYS), 0);
	assert_true(zones_compared > 80);
}

static void test_an_unknown_zone_is_an_error(void **state)
{
	(void)state;
	struct zone z;
	struct error err;
	static const char *const bad[] = { "Mars/Olympus", "../etc/passwd", "+25:00", "+1:2:3",
		"++2" };
	for (size_t i = 0; i < countof(bad); i++)
		assert_int_equal(zone_parse(&z, str_from(bad[i]), &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_of_zones_are_known_from_first_to_last),
		cmocka_unit_test(test_offsets_are_zones),
		cmocka_unit_test(test_a_named_zone_knows_summer_and_winter),
		cmocka_unit_test(test_a_time_that_the_clock_left_out_is_read_as_before_the_change),
		cmocka_unit_test(test_a_time_that_the_clock_showed_twice_has_two_instants),
		cmocka_unit_test(test_a_shared_name_means_what_it_means_at_home),
		cmocka_unit_test(test_zones_named_in_full_have_summer_and_winter),
		cmocka_unit_test(test_zones_named_in_full_agree_with_the_tables_of_the_system),
		cmocka_unit_test(test_an_unknown_zone_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
