/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lineup/instant.h"

#define NOW (INT64_C(1790000000) * NS_PER_S) /* 2026-09-21T14:13:20Z */

/* As the program does it: the zone by its name, then the time in it. */
static int parse_in(const char *text, const char *name, int64_t *time_ns, struct error *err)
{
	struct zone zone;
	if (zone_parse(&zone, str_from(name), err) != 0)
		return -1;
	int result = instant_parse(str_from(text), &zone, NOW, time_ns, err);
	zone_release(&zone);
	return result;
}

static const struct zone *utc(void)
{
	static struct zone zone;
	struct error err;
	if (zone.count == 0)
		assert_int_equal(zone_parse(&zone, STR("UTC"), &err), 0);
	return &zone;
}

static void expect(const char *text, const char *zone, const char *rfc3339)
{
	struct error err = { "" };
	char shown[CLOCK_TEXT_MAX];
	int64_t time_ns = 0;
	if (parse_in(text, zone, &time_ns, &err) != 0)
		fail_msg("%s", err.text);
	assert_string_equal(clock_rfc3339(time_ns, shown).ptr, rfc3339);
}

static void refuse(const char *text, const char *zone)
{
	struct error err = { "" };
	int64_t time_ns;
	assert_int_equal(parse_in(text, zone, &time_ns, &err), -1);
	assert_true(err.text[0] != '\0');
}

static void test_every_form_of_the_contract_is_read(void **state UNUSED)
{
	expect("2026-11-20T17:00:00Z", "", "2026-11-20T17:00:00Z");
	expect("2026-11-20T17:00:00.250+01:00", "", "2026-11-20T16:00:00.250Z");
	expect("2026-11-20 17:00", "", "2026-11-20T17:00:00Z");
	expect("2026-11-20", "", "2026-11-20T00:00:00Z");
	expect("2016-12-31T23:59:60Z", "", "2017-01-01T00:00:00Z"); /* a leap second */
	expect("@1790000000", "", "2026-09-21T14:13:20Z");
	expect("@0.5", "", "1970-01-01T00:00:00.500Z");
	expect("-2h", "", "2026-09-21T12:13:20Z");
	expect("-1h30m", "", "2026-09-21T12:43:20Z");
	expect("17:00", "", "2026-09-21T17:00:00Z");
	expect("now", "", "2026-09-21T14:13:20Z");
	expect("yesterday", "", "2026-09-20T00:00:00Z");
}

static void test_times_without_a_zone_are_in_the_zone_given(void **state UNUSED)
{
	expect("2026-11-20 17:00", "+05:30", "2026-11-20T11:30:00Z");
	expect("2026-11-20 17:00", "-04:00", "2026-11-20T21:00:00Z");
	expect("2026-11-20T17:00:00Z", "-04:00", "2026-11-20T17:00:00Z");
	expect("2026-07-01 12:00", "Europe/Berlin", "2026-07-01T10:00:00Z");
	expect("2026-01-01 12:00", "Europe/Berlin", "2026-01-01T11:00:00Z");
	/* The day of "today" is that of the zone. */
	expect("01:00", "+12:00", "2026-09-21T13:00:00Z");
}

static void test_what_is_no_time_is_refused(void **state UNUSED)
{
	refuse("", "");
	refuse("tomorrow", "");
	refuse("2026-02-30", "");
	refuse("2026-13-01", "");
	refuse("25:00", "");
	refuse("12:60", "");
	refuse("2026-11-20T17:00:00+99:00", "");
	refuse("@", "");
	refuse("-", "");
	refuse("2026-11-20 17:00", "Mars/Base");
	refuse("2026-11-20 17:00", "../../etc/passwd");
}

static void expect_span(const char *text, const char *from, const char *to)
{
	struct error err = { "" };
	char shown[CLOCK_TEXT_MAX];
	int64_t from_ns = 0, to_ns = 0;
	if (instant_parse_span(str_from(text), utc(), NOW, &from_ns, &to_ns, &err) != 0)
		fail_msg("%s", err.text);
	assert_string_equal(clock_rfc3339(from_ns, shown).ptr, from);
	assert_string_equal(clock_rfc3339(to_ns, shown).ptr, to);
}

static void test_the_end_of_a_span_follows_its_beginning(void **state UNUSED)
{
	expect_span("2026-11-20 17:00..19:00", "2026-11-20T17:00:00Z", "2026-11-20T19:00:00Z");
	expect_span("2026-11-20 23:00..01:00", "2026-11-20T23:00:00Z", "2026-11-21T01:00:00Z");
	expect_span("2026-11-20T17:00:00Z..+90m", "2026-11-20T17:00:00Z", "2026-11-20T18:30:00Z");
	expect_span("2026-11-20T17:00:00.5Z..2026-11-21T17:00:00Z", "2026-11-20T17:00:00.500Z",
		"2026-11-21T17:00:00Z");
	expect_span("22:00..22:00", "2026-09-21T22:00:00Z", "2026-09-22T22:00:00Z");
	expect_span("22:00..02:00", "2026-09-21T22:00:00Z", "2026-09-22T02:00:00Z");
	expect_span("-2h..now", "2026-09-21T12:13:20Z", "2026-09-21T14:13:20Z");
}

static void test_a_span_that_ends_before_it_begins_is_refused(void **state UNUSED)
{
	struct error err;
	int64_t from_ns, to_ns;
	assert_int_equal(instant_parse_span(
				 STR("2026-11-20..2026-11-19"), utc(), NOW, &from_ns, &to_ns, &err),
		-1);
	assert_int_equal(instant_parse_span(STR("17:00"), utc(), NOW, &from_ns, &to_ns, &err), -1);
	/* No instant is as late as that. */
	assert_int_equal(
		instant_parse_span(STR("2200-01-01..+10000w"), utc(), NOW, &from_ns, &to_ns, &err),
		-1);
	assert_string_equal(err.text, "'2200-01-01..+10000w' ends after the year 2262");
}

static void expect_latest(const char *text, int64_t last_ns, const char *from, const char *to)
{
	char shown[CLOCK_TEXT_MAX];
	int64_t from_ns = 0, to_ns = 0;
	assert_true(instant_latest_span(str_from(text), utc(), last_ns, &from_ns, &to_ns));
	assert_string_equal(clock_rfc3339(from_ns, shown).ptr, from);
	assert_string_equal(clock_rfc3339(to_ns, shown).ptr, to);
}

/* NOW is 2026-09-21T14:13:20Z. */
static void test_bare_hours_are_the_last_that_were_read(void **state UNUSED)
{
	int64_t from_ns = 7, to_ns = 8;
	expect_latest("14:00..15:00", NOW, "2026-09-21T14:00:00Z", "2026-09-21T15:00:00Z");
	expect_latest("14:13:20..15:00", NOW, "2026-09-21T14:13:20Z", "2026-09-21T15:00:00Z");
	expect_latest("17:00..19:00", NOW, "2026-09-20T17:00:00Z", "2026-09-20T19:00:00Z");
	expect_latest("22:00..02:00", NOW, "2026-09-20T22:00:00Z", "2026-09-21T02:00:00Z");
	expect_latest("17:00..+30m", NOW, "2026-09-20T17:00:00Z", "2026-09-20T17:30:00Z");
	assert_false(
		instant_latest_span(STR("2026-03-01 17:00..19:00"), utc(), NOW, &from_ns, &to_ns));
	assert_false(instant_latest_span(STR("-2h..now"), utc(), NOW, &from_ns, &to_ns));
	assert_false(instant_latest_span(STR("yesterday/"), utc(), NOW, &from_ns, &to_ns));
	assert_int_equal(from_ns, 7);
	assert_int_equal(to_ns, 8);
}

static void test_a_path_is_told_from_a_span(void **state UNUSED)
{
	assert_true(instant_is_span(STR("17:00..19:00"), utc(), NOW));
	assert_false(instant_is_span(STR("../yesterday"), utc(), NOW));
	assert_false(instant_is_span(STR("logs/a..b"), utc(), NOW));
	assert_false(instant_is_span(STR("nightly"), utc(), NOW));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_form_of_the_contract_is_read),
		cmocka_unit_test(test_times_without_a_zone_are_in_the_zone_given),
		cmocka_unit_test(test_what_is_no_time_is_refused),
		cmocka_unit_test(test_the_end_of_a_span_follows_its_beginning),
		cmocka_unit_test(test_a_span_that_ends_before_it_begins_is_refused),
		cmocka_unit_test(test_bare_hours_are_the_last_that_were_read),
		cmocka_unit_test(test_a_path_is_told_from_a_span),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
