/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "lineup/clock.h"
#include "lineup/timestamp.h"

static const struct stamp_search plain;

/* The first stamp of the line as text: fields, fraction, offset or name of the zone. */
static const char *found(const struct stamp_search *search, const char *line)
{
	static char text[128];
	struct stamp s;
	if (!stamp_find(search, str_from(line), 0, 512, &s))
		return "none";
	if (s.kind == STAMP_INSTANT) {
		char buffer[CLOCK_TEXT_MAX];
		snprintf(text, sizeof(text), "@%s", clock_rfc3339(s.instant_ns, buffer).ptr);
		return text;
	}
	if (s.kind == STAMP_UPTIME) {
		snprintf(text, sizeof(text), "boot+%lld", (long long)s.instant_ns);
		return text;
	}
	int len = snprintf(text, sizeof(text), "%04d-%02d-%02d %02d:%02d:%02d", s.year, s.month,
		s.day, s.hour, s.minute, s.second);
	if (s.fraction_digits > 0)
		len += snprintf(text + len, sizeof(text) - (size_t)len, ".%09d", s.nanosecond);
	if (s.zone == STAMP_ZONE_OFFSET)
		snprintf(text + len, sizeof(text) - (size_t)len, " %+d", s.offset_seconds / 60);
	if (s.zone == STAMP_ZONE_NAME)
		snprintf(text + len, sizeof(text) - (size_t)len, " %.*s", STR_ARG(s.zone_name));
	return text;
}

#define assert_found(line, expected) assert_string_equal(found(&plain, line), expected)

static void test_iso_8601_is_read_in_its_variants(void **state)
{
	(void)state;
	assert_found("2031-04-05T06:07:08Z up", "2031-04-05 06:07:08 +0");
	assert_found("2031-04-05T06:07:08.5Z", "2031-04-05 06:07:08.500000000 +0");
	assert_found("2031-04-05T06:07:08.123456789+02:00 x", "2031-04-05 06:07:08.123456789 +120");
	assert_found("2031-04-05 06:07:08,250 INFO x", "2031-04-05 06:07:08.250000000");
	assert_found("2031-04-05 06:07:08.250-0330 x", "2031-04-05 06:07:08.250000000 -210");
	assert_found("2031-04-05 06:07:08 +0100 x", "2031-04-05 06:07:08 +60");
	assert_found("2031-04-05 06:07:08.1+02 x", "2031-04-05 06:07:08.100000000 +120");
	assert_found("20310405T060708Z x", "2031-04-05 06:07:08 +0");
	assert_found("20310405T060708.75+0200 x", "2031-04-05 06:07:08.750000000 +120");
	assert_found("2031-4-5 6:07:08 x", "2031-04-05 06:07:08");
	assert_found("2031-04-05 06:07 x", "2031-04-05 06:07:00");
	assert_found("2031-04-05_06:07:08 x", "2031-04-05 06:07:08");
}

static void test_a_comma_before_another_column_is_no_fraction(void **state)
{
	(void)state;
	assert_found("2031-04-05 06:07:08,7,foo", "2031-04-05 06:07:08");
	assert_found("2031-04-05 06:07:08, Info", "2031-04-05 06:07:08");
	assert_found("2031-04-05 06:07:08,192.0.2.7,x", "2031-04-05 06:07:08");
}

static void test_layouts_of_loggers_and_servers_are_read(void **state)
{
	(void)state;
	assert_found(
		"192.0.2.1 - - [05/Apr/2031:06:07:08 -0700] \"GET /\"", "2031-04-05 06:07:08 -420");
	assert_found("Apr  5 06:07:08 host prog[1]: x", "0000-04-05 06:07:08");
	assert_found("<13>Apr 25 06:07:08.250 host x", "0000-04-25 06:07:08.250000000");
	assert_found("Apr 5 2031 06:07:08 fw : x", "2031-04-05 06:07:08");
	assert_found("Apr 5, 2031 6:07:08 PM com.example", "2031-04-05 18:07:08");
	assert_found(
		"[Sat Apr 05 06:07:08.000123 2031] [core:error]", "2031-04-05 06:07:08.000123000");
	assert_found("Sat Apr  5 06:07:08 CEST 2031 done", "2031-04-05 06:07:08 CEST");
	assert_found("Sat, 05 Apr 2031 06:07:08 GMT", "2031-04-05 06:07:08 GMT");
	assert_found("Sat Apr 05 2031 06:07:08 GMT+0200 (CEST)", "2031-04-05 06:07:08 +120");
	assert_found("2031/04/05 06:07:08.123456 main.go:7:", "2031-04-05 06:07:08.123456000");
	assert_found("I0405 06:07:08.123456   1 x.go:3]", "0000-04-05 06:07:08.123456000");
	assert_found("E20310405 06:07:08.123456 1 x.cc:3]", "2031-04-05 06:07:08.123456000");
	assert_found("I, [2031-04-05T06:07:08.123456 #17]  INFO -- : x",
		"2031-04-05 06:07:08.123456000");
	assert_found("1:M 05 Apr 2031 06:07:08.250 * ready", "2031-04-05 06:07:08.250000000");
	assert_found("310405  6:07:08 [Note] ready", "2031-04-05 06:07:08");
	assert_found("310405 060708 12 INFO x", "2031-04-05 06:07:08");
	assert_found("31/04/05 06:07:08 INFO x", "2031-04-05 06:07:08");
	assert_found("04-05 06:07:08.250  1  2 D Tag: x", "0000-04-05 06:07:08.250000000");
	assert_found("20310405-6:7:8:9|x", "2031-04-05 06:07:08.009000000");
	assert_found("[04.15 06:07:08] x", "0000-04-15 06:07:08");
	assert_found("*Apr  5 06:07:08.250 UTC: %SYS-5-X: y", "0000-04-05 06:07:08.250000000 UTC");
	assert_found("05-APR-2031 06:07:08", "2031-04-05 06:07:08");
	assert_found("05-APR-31 06.07.08.250000 PM x", "2031-04-05 18:07:08.250000000");
	assert_found("Apr-05-31 06:07:08 x", "2031-04-05 06:07:08");
	assert_found("2031-04-05-06.07.08.250000 x", "2031-04-05 06:07:08.250000000");
	assert_found("20310405060708 x", "2031-04-05 06:07:08");
	assert_found("date=2031-04-05 time=06:07:08 devname=x", "2031-04-05 06:07:08");
	assert_found("06:07:08.250 15.04.2031 x", "2031-04-15 06:07:08.250000000");
	assert_found("X:04/15/2031 02:07:08:250 PM UTC: y", "2031-04-15 14:07:08.250000000 UTC");
}

static void test_layouts_of_devices_and_mainframes_are_read(void **state)
{
	(void)state;
	assert_found("=INFO REPORT==== 5-Apr-2031::06:07:08.250000 ===",
		"2031-04-05 06:07:08.250000000");
	assert_found(
		"[4/5/31 6:07:08:250 CET] 0000000a X  A y", "2031-04-05 06:07:08.250000000 CET");
	assert_found("N 0000 SYS1  2031095 06:07:08.25 JOB1 x", "2031-04-05 06:07:08.250000000");
	assert_found("2031.095 06:07:08 x", "2031-04-05 06:07:08");
	assert_found("2031-366T06:07:08Z x", "none");
	assert_found("2031-04-05-06.07.08.250000+060 x", "2031-04-05 06:07:08.250000000 +60");
	assert_found("0:RP0:Apr  5 06:07:08.250 UTC: x", "0000-04-05 06:07:08.250000000 UTC");
	assert_found("%Apr  5 06:07:08:250 2031 sw1 X/5/Y: z", "2031-04-05 06:07:08.250000000");
	assert_found("apr/05/2031 06:07:08 system,info x", "2031-04-05 06:07:08");
	assert_found("apr/05 06:07:08 system,info x", "0000-04-05 06:07:08");
	assert_found(" 5Apr2031  6:07:08 accept x", "2031-04-05 06:07:08");
	assert_found("05-Apr 06:07 backup-dir JobId 1: x", "0000-04-05 06:07:00");
	assert_found("04/05-06:07:08.250000  [**] x", "0000-04-05 06:07:08.250000000");
	assert_found("   1 | 04/05/2031 | 06:07:08 | Fan | x", "2031-04-05 06:07:08");
	assert_found("25/4/2031 -- 06:07:08 - <Notice> - x", "2031-04-25 06:07:08");
	assert_found("04/15/2031   06:07:08 ANR0406I x", "2031-04-15 06:07:08");
	assert_found("[2031-04-05][06:07:08] x", "2031-04-05 06:07:08");
	assert_found("2031-04-05_06-07-08 x", "2031-04-05 06:07:08");
	assert_found(
		"00:00000:00001:2031/04/05 06:07:08.25 server x", "2031-04-05 06:07:08.250000000");
	assert_found("  1234:20310405:060708.250 server x", "2031-04-05 06:07:08.250000000");
	assert_found("<time=\"06:07:08.250+300\" date=\"04-05-2031\" x",
		"2031-04-05 06:07:08.250000000 -300");
	assert_found("\x1b[90m2031-04-05T06:07:08Z\x1b[0m x", "2031-04-05 06:07:08 +0");
	assert_found("alarm2031-04-05T06:07:08Z x", "none");
}

static void test_months_and_days_of_other_languages(void **state)
{
	(void)state;
	assert_found("05. Dez 2031 06:07:08 x", "2031-12-05 06:07:08");
	assert_found("05-ene-2031 06:07:08 x", "2031-01-05 06:07:08");
	assert_found("5th April 2031 06:07:08 x", "2031-04-05 06:07:08");
	assert_found("Sat 05 Apr, 2031 - 06:07:08 - x", "2031-04-05 06:07:08");
	assert_found("5 f\xc3\xa9vr. 2031 06:07:08 x", "2031-02-05 06:07:08");
	assert_found("05/juil./2031 06:07:08 x", "none");
	assert_found("2031\xe5\xb9\xb4"
		     "04\xe6\x9c\x88"
		     "05\xe6\x97\xa5 06:07:08 x",
		"2031-04-05 06:07:08");
}

static void test_numbers_with_an_exponent_are_seconds_where_a_key_says_so(void **state)
{
	(void)state;
	assert_found("{\"ts\":1.93200000025E9}", "@2031-03-23T02:40:00.250Z");
	assert_found("ts=1.932000000123e+12 x", "@2031-03-23T02:40:00.123Z");
	assert_found("size=1.932000000123e+09 x", "none");
	assert_found(
		"[0] web: [1932000000.250000000, {\"log\"=>\"x\"}]", "@2031-03-23T02:40:00.250Z");
	assert_found("CEF:0|a|b|1|1|x|5|rt=1932000000123 src=x", "@2031-03-23T02:40:00.123Z");
	assert_found("event_time_ms=1932000000123 x", "@2031-03-23T02:40:00.123Z");
}

static void test_noon_and_midnight_of_twelve_hour_clocks(void **state)
{
	(void)state;
	assert_found("4/15/2031 12:00:01 AM x", "2031-04-15 00:00:01");
	assert_found("4/15/2031 12:00:01 PM x", "2031-04-15 12:00:01");
	assert_found("4/15/2031 1:00:01 p.m. x", "2031-04-15 13:00:01");
}

/* Two blanks between date and time are no fixed shape: the grammar reads them. */
static void test_dates_of_fixed_width_read_as_the_grammar_reads_them(void **state)
{
	(void)state;
	static const char *const dates[] = { "31/12/2031", "12/31/2031", "04/05/2031", "31.12.2031",
		"04.05.2031", "31-12-2031", "04-05-2031", "99/12/2031", "31/12/1031",
		"31/Dec/2031" };
	static const char *const times[] = { "06:07:08", "06:07:08 PM", "06:07:08.250 x",
		"06:07:08,250 x", "06:07:08 +0200 x", "06:07:08 CET x", "16:07:08Z", "26:07:08",
		"06:67:08", "06:07:08.123456 AM" };
	const struct stamp_search orders[] = { plain,
		{ .slash_order = DATE_ORDER_DAY_FIRST, .dot_order = DATE_ORDER_DAY_FIRST },
		{ .slash_order = DATE_ORDER_MONTH_FIRST, .dot_order = DATE_ORDER_MONTH_FIRST } };
	for (size_t d = 0; d < countof(dates); d++) {
		for (size_t t = 0; t < countof(times); t++) {
			for (size_t o = 0; o < countof(orders); o++) {
				char fixed[96], grammar[96], read[128];
				snprintf(
					fixed, sizeof(fixed), "%s %s and more", dates[d], times[t]);
				snprintf(grammar, sizeof(grammar), "%s  %s and more", dates[d],
					times[t]);
				snprintf(read, sizeof(read), "%s", found(&orders[o], fixed));
				assert_string_equal(read, found(&orders[o], grammar));
			}
		}
	}
}

static void test_numbers_before_a_stamp_are_passed(void **state)
{
	(void)state;
	assert_found("10.0.0.1 200 12345 0.123 4.5.6 2031-04-05 06:07:08", "2031-04-05 06:07:08");
	assert_found(
		"10.0.0.1:80 10.0.0.2:51234 05/Apr/2031:06:07:08 +0000", "2031-04-05 06:07:08 +0");
	assert_found("05.04.31.06:07:08 x", "2031-04-05 06:07:08");
	assert_found("05.04.31.06.07.08 x", "2031-04-05 06:07:08");
	assert_found(
		"a word, and so many of them that forty bytes are behind: 2031-04-05 06:07:08 x",
		"2031-04-05 06:07:08");
	assert_found(
		"GET /a/20310405 and /b, 12 of 345 and 6789; 1.5s, 99%, in all until the block of "
		"64 ends here, Apr  5 06:07:08 it was",
		"0000-04-05 06:07:08");
	assert_found("10.0.0.1.2031-04-05 x 12:13:14 999 12 a1 2b 33c", "none");
}

static void test_leap_days_and_leap_seconds_are_dates(void **state)
{
	(void)state;
	assert_found("2028-02-29 10:00:00 x", "2028-02-29 10:00:00");
	assert_found("2027-02-29 10:00:00 x", "none");
	assert_found("Feb 29 10:00:00 h p: x", "0000-02-29 10:00:00");
	assert_found("2016-12-31T23:59:60Z", "2016-12-31 23:59:60 +0");
	assert_found("2031-04-05 24:00:00 x", "2031-04-05 24:00:00");
	assert_found("2031-04-05 24:00:01 x", "none");
}

static void test_seconds_since_1970_need_something_that_says_so(void **state)
{
	(void)state;
	assert_found("ts=1932000000.5 x", "@2031-03-23T02:40:00.500Z");
	assert_found("{\"time\":1932000000123}", "@2031-03-23T02:40:00.123Z");
	assert_found("[1932000000] nsd: x", "@2031-03-23T02:40:00Z");
	assert_found("msg=audit(1932000000.123:7): x", "@2031-03-23T02:40:00.123Z");
	assert_found("__REALTIME_TIMESTAMP=1932000000123456", "@2031-03-23T02:40:00.123456Z");
	assert_found("order 1932000000 shipped", "none");
	assert_found("id=1932000000", "none");
	const struct stamp_search columns = { .epoch_columns = 1u << 1 };
	assert_string_equal(found(&columns, "- 1932000000 node x"), "@2031-03-23T02:40:00Z");
	assert_string_equal(found(&columns, "1932000000 - node x"), "none");
	const struct stamp_search commas = { .epoch_columns = 1u << 1, .column_separator = ',' };
	assert_string_equal(found(&commas, "a b,1932000000,c"), "@2031-03-23T02:40:00Z");
}

static void test_tai64n_and_uptime(void **state)
{
	(void)state;
	assert_found("@400000007327fb0a1dcd6500 x", "@2031-03-23T02:40:00.500Z");
	assert_found("@400000007327fb0a1dcd650g x", "none");
	assert_found("[   12.345678] usb 1-1: x", "boot+12345678000");
}

static void test_numbers_that_merely_look_like_times_are_none(void **state)
{
	(void)state;
	assert_found("version 10.11.12.13 of 2031", "none");
	assert_found("app-2031-04-05_06:07:08.log opened", "none");
	assert_found("/data/2031/04/05 06:07:08", "none");
	assert_found("took 00:15:32 in all", "none");
	assert_found("2031-13-05 06:07:08", "none");
	assert_found("2031-04-31 06:07:08", "none");
	assert_found("2031-04-05 25:07:08", "none");
	assert_found("2031-04-05 06:61:08", "none");
	assert_found("2001:db8:1:2:3:4:5:6 connected", "none");
	assert_found("12345678901234567890", "none");
	assert_found("Maybe 5 06:07:08", "none");
	assert_found("", "none");
}

static void test_a_zone_is_only_what_is_one(void **state)
{
	(void)state;
	assert_found("2031-04-05 06:07:08 INFO x", "2031-04-05 06:07:08");
	assert_found("2031-04-05 06:07:08 - OK", "2031-04-05 06:07:08");
	assert_found("2031-04-05 06:07:08 PDT x", "2031-04-05 06:07:08 PDT");
	assert_found("2031-04-05 06:07:08.250FOO x", "2031-04-05 06:07:08.250000000");
	assert_found("2031-04-05 06:07:08-12:30:00", "2031-04-05 06:07:08");
	assert_found("2031-04-05 06:07:08 (CET) x", "2031-04-05 06:07:08 CET");
	assert_found("2031-04-05 06:07:08 (main) x", "2031-04-05 06:07:08");
	assert_found("2031-04-05 06:07:08 GMT+1 x", "2031-04-05 06:07:08 +60");
	assert_found(
		"[05-Apr-2031 06:07:08 Europe/Berlin] PHP x", "2031-04-05 06:07:08 Europe/Berlin");
	assert_found("2031-04-05 06:07:08 US/Eastern x", "2031-04-05 06:07:08 US/Eastern");
	assert_found("2031-04-05 06:07:08 Europe/Nowhere x", "2031-04-05 06:07:08");
	assert_found("2031-04-05 06:07:08 INFO/main x", "2031-04-05 06:07:08");
}

static void test_day_and_month_follow_the_order_that_is_known(void **state)
{
	(void)state;
	const struct stamp_search day_first = { .slash_order = DATE_ORDER_DAY_FIRST };
	assert_string_equal(found(&day_first, "03/04/2031 06:07:08"), "2031-04-03 06:07:08");
	assert_found("03/04/2031 06:07:08", "2031-03-04 06:07:08");
	assert_found("23/04/2031 06:07:08", "2031-04-23 06:07:08");
	assert_found("03.04.2031 06:07:08", "2031-04-03 06:07:08");
	assert_found("03-04-2031 06:07:08", "2031-04-03 06:07:08");
}

static void test_own_layouts_are_read_by_strptime_letters(void **state)
{
	(void)state;
	struct stamp s;
	assert_true(stamp_layout_valid(STR("%Y|%j|%H.%M.%S")));
	assert_false(stamp_layout_valid(STR("%H:%M")));
	assert_false(stamp_layout_valid(STR("%Y-%m-%d %Q")));
	assert_true(stamp_layout_find(STR("%Y|%j|%H.%M.%S"), STR("x 2031|095|06.07.08 y"), &s));
	assert_int_equal(s.month, 4);
	assert_int_equal(s.day, 5);
	assert_int_equal(s.second, 8);
	assert_true(stamp_layout_find(
		STR("%d~%b~%y %I:%M:%S.%f %p %z"), STR("5~Apr~31 6:07:08.25 PM +0200"), &s));
	assert_int_equal(s.hour, 18);
	assert_int_equal(s.nanosecond, 250000000);
	assert_int_equal(s.offset_seconds, 7200);
	assert_false(stamp_layout_find(STR("%Y|%j|%H.%M.%S"), STR("2031|400|06.07.08"), &s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_iso_8601_is_read_in_its_variants),
		cmocka_unit_test(test_a_comma_before_another_column_is_no_fraction),
		cmocka_unit_test(test_layouts_of_loggers_and_servers_are_read),
		cmocka_unit_test(test_layouts_of_devices_and_mainframes_are_read),
		cmocka_unit_test(test_months_and_days_of_other_languages),
		cmocka_unit_test(test_numbers_with_an_exponent_are_seconds_where_a_key_says_so),
		cmocka_unit_test(test_noon_and_midnight_of_twelve_hour_clocks),
		cmocka_unit_test(test_dates_of_fixed_width_read_as_the_grammar_reads_them),
		cmocka_unit_test(test_numbers_before_a_stamp_are_passed),
		cmocka_unit_test(test_leap_days_and_leap_seconds_are_dates),
		cmocka_unit_test(test_seconds_since_1970_need_something_that_says_so),
		cmocka_unit_test(test_tai64n_and_uptime),
		cmocka_unit_test(test_numbers_that_merely_look_like_times_are_none),
		cmocka_unit_test(test_a_zone_is_only_what_is_one),
		cmocka_unit_test(test_day_and_month_follow_the_order_that_is_known),
		cmocka_unit_test(test_own_layouts_are_read_by_strptime_letters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
