/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/clock.h"

static void test_dates_and_days_are_each_others_reverse(void **state UNUSED)
{
	int64_t day = clock_days(1600, 1, 1);
	assert_int_equal(clock_days(1970, 1, 1), 0);
	/* Before the first era of 400 years, which begins in March of the year 0. */
	assert_int_equal(clock_days(0, 3, 1), -719468);
	assert_int_equal(clock_days(0, 2, 29), -719469);
	assert_int_equal(clock_days(-400, 3, 1), -719468 - 146097);
	assert_int_equal(clock_days(2000, 3, 1), 11017);
	for (int64_t year = 1600; year < 2400; year++) {
		for (int month = 1; month <= 12; month++) {
			for (int d = 1; d <= clock_month_days(year, month); d++, day++) {
				int64_t y;
				int m, of_month;
				clock_date(day, &y, &m, &of_month);
				assert_int_equal(clock_days(year, month, d), day);
				assert_int_equal(y, year);
				assert_int_equal(m, month);
				assert_int_equal(of_month, d);
			}
		}
	}
}

static void test_leap_years_are_those_of_the_calendar(void **state UNUSED)
{
	assert_int_equal(clock_month_days(2024, 2), 29);
	assert_int_equal(clock_month_days(2023, 2), 28);
	assert_int_equal(clock_month_days(2000, 2), 29);
	assert_int_equal(clock_month_days(1900, 2), 28);
	assert_int_equal(clock_month_days(2024, 0), 0);
	assert_int_equal(clock_month_days(2024, 13), 0);
}

static void expect_instant(int64_t time_ns, const char *text)
{
	char got[CLOCK_TEXT_MAX];
	assert_string_equal(clock_rfc3339(time_ns, got).ptr, text);
}

static void test_instants_have_as_many_digits_as_they_need(void **state UNUSED)
{
	expect_instant(0, "1970-01-01T00:00:00Z");
	expect_instant(250 * NS_PER_MS, "1970-01-01T00:00:00.250Z");
	expect_instant(1500 * NS_PER_US, "1970-01-01T00:00:00.001500Z");
	expect_instant(1, "1970-01-01T00:00:00.000000001Z");
	expect_instant(-1, "1969-12-31T23:59:59.999999999Z");
	expect_instant(INT64_MAX, "2262-04-11T23:47:16.854775807Z");
	expect_instant(INT64_MIN + 1, "1677-09-21T00:12:43.145224193Z");
}

static void expect_duration(const char *text, int64_t expected_ns)
{
	int64_t got_ns;
	assert_true(clock_parse_duration(str_from(text), &got_ns));
	assert_int_equal(got_ns, expected_ns);
}

static void test_durations_are_read_in_all_units(void **state UNUSED)
{
	expect_duration("90", 90 * NS_PER_S);
	expect_duration("1h30m", 5400 * NS_PER_S);
	expect_duration("5min", 300 * NS_PER_S);
	expect_duration("250ms", 250 * NS_PER_MS);
	expect_duration("3us7ns", 3007);
	expect_duration("1.5h", 5400 * NS_PER_S);
	expect_duration("2w1d", 15 * NS_PER_DAY);
	expect_duration("2sec", 2 * NS_PER_S);
}

static void test_what_is_no_duration_is_refused(void **state UNUSED)
{
	static const char *const wrong[] = { "", "s", "-5m", "5x", "1h 30m", "1..5s", "5mm",
		"100000w", "99999999999999999999s" };
	int64_t got_ns;
	for (size_t i = 0; i < countof(wrong); i++)
		assert_false(clock_parse_duration(str_from(wrong[i]), &got_ns));
}

static void test_durations_are_told_in_their_shortest_form(void **state UNUSED)
{
	static const struct {
		int64_t ns;
		const char *text;
	} cases[] = {
		{ 0, "0s" },
		{ 5400 * NS_PER_S, "1h30m" },
		{ -90 * NS_PER_S, "-1m30s" },
		{ NS_PER_DAY + 1, "1d1ns" },
		{ INT64_MAX, "106751d23h47m16s854ms775us807ns" },
		{ INT64_MIN, "-106751d23h47m16s854ms775us808ns" },
	};
	char text[CLOCK_TEXT_MAX];
	for (size_t i = 0; i < countof(cases); i++)
		assert_string_equal(clock_duration(cases[i].ns, text).ptr, cases[i].text);
}

static void test_durations_are_told_briefly_in_two_units(void **state UNUSED)
{
	static const struct {
		int64_t ns;
		const char *text;
	} cases[] = {
		{ 0, "0s" },
		{ 7, "7ns" },
		{ 340 * NS_PER_MS + 9, "340ms" },
		{ NS_PER_S, "1s" },
		{ 4960 * NS_PER_MS, "5s" },
		{ 18240 * NS_PER_MS, "18.2s" },
		{ -18240 * NS_PER_MS, "18.2s" },
		{ 60 * NS_PER_S, "1m" },
		{ 3661 * NS_PER_S, "1h 1m" },
		{ 7 * NS_PER_DAY - NS_PER_S, "6d 23h" },
		{ INT64_MIN, "106751d 23h" },
	};
	char text[CLOCK_TEXT_MAX];
	for (size_t i = 0; i < countof(cases); i++) {
		struct str told = clock_duration_short(cases[i].ns, text);
		assert_string_equal(told.ptr, cases[i].text);
		assert_int_equal(told.len, strlen(cases[i].text));
	}
}

static void test_names_of_dates(void **state)
{
	(void)state;
	static const char *const names[] = { "Sun", "Sunday", "SUN", "MAY", "May", "September",
		"Sep" };
	static const char *const others[] = { "sun", "Su", "Sunda", "Sundays", "Mayor", "Sept1",
		"" };
	for (size_t i = 0; i < countof(names); i++)
		assert_true(clock_names_date(str_from(names[i])));
	for (size_t i = 0; i < countof(others); i++)
		assert_false(clock_names_date(str_from(others[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates_and_days_are_each_others_reverse),
		cmocka_unit_test(test_leap_years_are_those_of_the_calendar),
		cmocka_unit_test(test_instants_have_as_many_digits_as_they_need),
		cmocka_unit_test(test_durations_are_read_in_all_units),
		cmocka_unit_test(test_what_is_no_duration_is_refused),
		cmocka_unit_test(test_durations_are_told_in_their_shortest_form),
		cmocka_unit_test(test_durations_are_told_briefly_in_two_units),
		cmocka_unit_test(test_names_of_dates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
