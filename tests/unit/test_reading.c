/* SPDX-License-Identifier: MIT */
#include "tests/unit/reading_stage.h"

static void test_new_year_comes_between_two_lines_without_a_year(void **state)
{
	(void)state;
	struct read_member got;
	const struct setup setup = { .modified = "2032-01-04" };
	read_member(&got, &setup, "Dec 31 23:59:58 h app[1]: old\nJan  1 00:00:03 h app[1]: new\n");
	assert_string_equal(got.times[0], "2031-12-31T23:59:58Z");
	assert_string_equal(got.times[1], "2032-01-01T00:00:03Z");
	assert_string_equal(got.note,
		"no year in stamps, 2031 taken from the modification time; no zone in "
		"stamps, UTC taken");
	assert_times(&(struct setup){ .year = 2029 },
		"Dec 31 23:59:58 h a: x\nJan  1 00:00:03 h a: y\n",
		TIMES("2029-12-31T23:59:58Z", "2030-01-01T00:00:03Z"));
}

static void test_the_year_is_taken_from_names_and_neighbours(void **state)
{
	(void)state;
	assert_times(&(struct setup){ .place = "x/messages-20290310", .modified = "2031-12-31" },
		"Mar  9 10:00:00 h a: x\nDec  9 10:00:00 h a: y\n",
		TIMES("2029-03-09T10:00:00Z", "2028-12-09T10:00:00Z"));
	assert_times(&(struct setup){ .zone = NULL },
		"Mar  9 10:00:00 h a: x\n2027-03-09T10:00:05Z h b: y\n",
		TIMES("2027-03-09T10:00:00Z", "2027-03-09T10:00:05Z"));
	assert_times(&(struct setup){ .zone = NULL }, "Sun Mar  9 10:00:00 h a: x\n",
		TIMES("2031-03-09T10:00:00Z"));
	assert_times(&(struct setup){ .zone = NULL }, "Tue Mar  9 10:00:00 h a: x\n",
		TIMES("2027-03-09T10:00:00Z"));
}

static void test_a_file_just_unpacked_takes_the_year_of_the_files_beside_it(void **state)
{
	(void)state;
	struct read_member got;
	struct setup setup = { .modified = "2032-11-25", .other = "2027-08-04T09:10:29Z b\n" };
	read_member(&got, &setup, "I0803 09:24:38.824395    1354 x.go:190] a\n");
	assert_string_equal(got.times[0], "2027-08-03T09:24:38.824395Z");
	assert_string_equal(got.note,
		"no year in stamps, 2027 taken from other files; no zone in stamps, UTC taken");
	/* Over New Year. */
	setup.other = "2027-01-04T09:10:29Z b\n";
	assert_times(&setup, "Dec 30 10:00:00 h a: x\nJan  2 10:00:00 h a: y\n",
		TIMES("2026-12-30T10:00:00Z", "2027-01-02T10:00:00Z"));
	/* The modification time agrees with the others, or the others say nothing of that time. */
	setup.other = "2032-10-01T00:00:00Z b\n";
	assert_times(&setup, "Nov 20 10:00:00 h a: x\n", TIMES("2032-11-20T10:00:00Z"));
	setup.other = "2027-03-01T00:00:00Z b\n";
	assert_times(&setup, "Nov 20 10:00:00 h a: x\n", TIMES("2032-11-20T10:00:00Z"));
	/* Logs of many years say nothing. */
	setup.other = "2027-11-20T00:00:00Z b\n";
	setup.more_others = "2019-11-20T00:00:00Z b\n";
	assert_times(&setup, "Nov 20 10:00:00 h a: x\n", TIMES("2032-11-20T10:00:00Z"));
	setup.more_others = NULL;
	/* A time of day alone. */
	setup.other = "2027-08-04T09:10:29Z b\n";
	assert_times(&setup, "09:00:01 a\n09:00:02 b\n",
		TIMES("2027-08-04T09:00:01Z", "2027-08-04T09:00:02Z"));
}

static void test_leap_days_and_leap_seconds_have_an_instant(void **state)
{
	(void)state;
	assert_times(&(struct setup){ .modified = "2031-06-01" }, "Feb 29 12:00:00 h a: x\n",
		TIMES("2028-02-29T12:00:00Z"));
	assert_times(&(struct setup){ .zone = NULL },
		"2016-12-31T23:59:60Z a\n2028-02-29 24:00:00 b\n2027-02-29 10:00:00 c\n",
		TIMES("2017-01-01T00:00:00Z", "2028-03-01T00:00:00Z", "~2028-03-01T00:00:00Z"));
}

static void test_both_changes_of_summer_time_are_followed(void **state)
{
	(void)state;
	const struct setup berlin = { .zone = "Europe/Berlin" };
	struct read_member got;
	read_member(&got, &berlin,
		"2024-03-31 01:59:59 a\n2024-03-31 02:30:00 b\n2024-03-31 03:00:00 c\n");
	assert_string_equal(got.times[0], "2024-03-31T00:59:59Z");
	assert_string_equal(got.times[1], "2024-03-31T01:30:00Z");
	assert_string_equal(got.times[2], "2024-03-31T01:00:00Z");
	assert_int_equal(got.trust.gap_lines, 1);
	read_member(&got, &berlin,
		"2024-10-27 01:59:59 a\n2024-10-27 02:10:00 b\n2024-10-27 02:50:00 c\n"
		"2024-10-27 02:05:00 d\n2024-10-27 02:55:00 e\n2024-10-27 03:00:00 f\n");
	assert_string_equal(got.times[0], "2024-10-26T23:59:59Z");
	assert_string_equal(got.times[1], "2024-10-27T00:10:00Z");
	assert_string_equal(got.times[2], "2024-10-27T00:50:00Z");
	assert_string_equal(got.times[3], "2024-10-27T01:05:00Z");
	assert_string_equal(got.times[4], "2024-10-27T01:55:00Z");
	assert_string_equal(got.times[5], "2024-10-27T02:00:00Z");
	assert_int_equal(got.trust.repeated_lines, 4);
}

static void test_of_two_clocks_in_a_line_the_outer_one_counts(void **state)
{
	(void)state;
	assert_times(&(struct setup){ .zone = NULL },
		"2031-01-29T09:58:07.242Z stdout F 2031-01-29 17:58:07.241 INFO x\n",
		TIMES("2031-01-29T09:58:07.242Z"));
	/* The second one gives the fraction, the zone. */
	assert_times(&(struct setup){ .zone = NULL },
		"2031/01/29 09:58:07 [2031-01-29 09:58:07.125] x\n",
		TIMES("2031-01-29T09:58:07.125Z"));
	assert_times(&(struct setup){ .zone = NULL },
		"[2031-01-29 09:58:07] x t=2031-01-29T09:58:07.250+0200\n[2031-01-29 09:58:08] y\n",
		TIMES("2031-01-29T07:58:07.250Z", "2031-01-29T07:58:08Z"));
	/* Or it has no year, beside seconds since 1970, and the zone that was given counts. */
	assert_times(&(struct setup){ .zone = "+02:00" }, "time=1927447087 29 Jan 11:58:07.250 x\n",
		TIMES("2031-01-29T09:58:07.250Z"));
	/* What the message talks about is no clock. */
	assert_times(&(struct setup){ .zone = NULL },
		"2031-01-29T09:58:07Z certificate ends 2035-05-05T00:00:00Z\n",
		TIMES("2031-01-29T09:58:07Z"));
	assert_times(&(struct setup){ .zone = NULL },
		"app.log.2031-01-01_00:00:00 2031-01-29 09:58:07.5 x\n",
		TIMES("2031-01-29T09:58:07.500Z"));
}

static void test_of_keyed_stamps_the_key_says_which_counts(void **state)
{
	(void)state;
	assert_times(&(struct setup){ .zone = NULL },
		"CEF:0|a|b|1|7|x|5|start=1927447000123 end=1927447087123 src=x\n"
		"CEF:0|a|b|1|7|x|5|start=1927447000123 src=x\n"
		"start=2031-01-29T09:50:00Z ends=now time=2031-01-29T09:58:09Z x\n"
		"time=2031-01-29T09:58:10Z start=2031-01-29T09:50:00Z x\n",
		TIMES("2031-01-29T09:58:07.123Z", "2031-01-29T09:56:40.123Z",
			"2031-01-29T09:58:09Z", "2031-01-29T09:58:10Z"));
	/* The zone may have a key of its own. */
	assert_times(&(struct setup){ .zone = NULL },
		"date=2031-01-29 time=09:58:07 id=7 tz=\"+0200\" x\n"
		"date=2031-01-29 time=09:58:08 timezone=\"CET\" x\n",
		TIMES("2031-01-29T07:58:07Z", "2031-01-29T08:58:08Z"));
}

static void test_a_date_in_the_heading_dates_times_of_day(void **state)
{
	(void)state;
	assert_times(&(struct setup){ .modified = "2031-12-31" },
		"#Version: 1.0\n#Date: 2031-01-29 09:00:00\n#Fields: time c-ip\n"
		"09:58:07 192.0.2.1\n09:58:08 192.0.2.1\n",
		TIMES("", "2031-01-29T09:00:00Z", "~2031-01-29T09:00:00Z", "2031-01-29T09:58:07Z",
			"2031-01-29T09:58:08Z"));
}

static void test_a_year_that_is_given_moves_the_day_of_times_of_day(void **state)
{
	(void)state;
	static const char text[] = "09:58:07 [info] a\n09:58:08 [info] b\n";
	assert_times(&(struct setup){ .modified = "2031-11-27", .year = 2031 }, text,
		TIMES("2031-11-27T09:58:07Z", "2031-11-27T09:58:08Z"));
	assert_times(&(struct setup){ .modified = "2032-02-29", .year = 2031 }, text,
		TIMES("2031-02-28T09:58:07Z", "2031-02-28T09:58:08Z"));
	assert_times(&(struct setup){ .place = "x/app-2031-12-31.log", .year = 2030 }, text,
		TIMES("2030-12-31T09:58:07Z", "2030-12-31T09:58:08Z"));
	assert_times(&(struct setup){ .place = "x/app-2031-12-31.log" }, text,
		TIMES("2031-12-31T09:58:07Z", "2031-12-31T09:58:08Z"));
}

static void test_a_wrong_clock_in_mid_file_is_read_and_counted(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .zone = NULL },
		"2031-01-29T09:58:07Z a\n1971-01-01T00:00:05Z b\n2031-01-29T09:58:09Z "
		"c\n2044-01-01T00:00:00Z d\n");
	assert_string_equal(got.times[1], "1971-01-01T00:00:05Z");
	assert_string_equal(got.times[2], "2031-01-29T09:58:09Z");
	assert_int_equal(got.trust.disordered_lines, 1);
	assert_int_equal(got.trust.future_lines, 1);
}

static void test_lines_before_the_first_stamp_are_undated(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .zone = NULL },
		"starting\nstill starting\n2031-01-29T09:58:07Z up\n");
	assert_string_equal(got.times[0], "");
	assert_string_equal(got.times[1], "");
	assert_string_equal(got.times[2], "2031-01-29T09:58:07Z");
	assert_int_equal(got.trust.undated_lines, 2);
}

static void test_a_stack_trace_belongs_to_its_line_across_chunks(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .zone = NULL },
		"2031-01-29T09:58:07Z h pay[1]: ERROR boom\njava.lang.X: no\n\tat a.b.C(C.java:7)\n"
		"Caused by: Y at 2030-01-01 00:00:00\n\tat d.E(E.java:9)\n2031-01-29T09:58:08Z h "
		"cart[1]: INFO ok\n");
	for (int i = 1; i < 5; i++) {
		assert_string_equal(got.times[i], "~2031-01-29T09:58:07Z");
		assert_string_equal(got.services[i], "pay");
	}
	assert_int_equal(got.levels[2], LEVEL_ERROR);
	assert_int_equal(got.levels[4], LEVEL_ERROR);
	assert_string_equal(got.services[5], "cart");
	assert_int_equal(got.levels[5], LEVEL_INFO);
}

static void test_words_in_the_lines_of_a_longer_message_are_no_levels(void **state)
{
	(void)state;
	static const enum level levels[] = { LEVEL_INFO, LEVEL_INFO, LEVEL_INFO, LEVEL_INFO,
		LEVEL_ERROR, LEVEL_ERROR, LEVEL_ERROR, LEVEL_INFO, LEVEL_CRITICAL };
	struct read_member got;
	read_member(&got, &(struct setup){ .zone = NULL },
		"2031-01-29T09:58:07.100Z INFO seats: report\n| 2030-01-01 00:00:00 | ERROR |\n"
		"   AND state = 'ERROR'\n  \"level\": \"ERROR\",\n  ERROR: the line's own\n"
		"2031-01-29T09:58:08.100Z ERROR seats: failed\ndb.StateError: FATAL: full\n"
		"2031-01-29T09:58:09.100Z INFO seats: next\ndb.StateError: FATAL: full\n");
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		assert_int_equal(got.levels[i], levels[i]);
}

static void test_a_layout_may_change_in_mid_file(void **state)
{
	(void)state;
	assert_times(&(struct setup){ .zone = NULL },
		"2031-01-29 09:58:07,125 INFO a\n[Wed Jan 29 09:58:08 2031] [error] b\n"
		"192.0.2.1 - - [29/Jan/2031:11:58:09 +0200] \"GET "
		"/\"\n{\"ts\":1927447090.5,\"msg\":\"c\"}\n",
		TIMES("2031-01-29T09:58:07.125Z", "2031-01-29T09:58:08Z", "2031-01-29T09:58:09Z",
			"2031-01-29T09:58:10.500Z"));
}

static void test_day_and_month_are_told_apart_by_the_file(void **state)
{
	(void)state;
	assert_times(&(struct setup){ .zone = NULL },
		"05/04/2031 10:00:00 a\n25/04/2031 10:00:00 b\n",
		TIMES("2031-04-05T10:00:00Z", "2031-04-25T10:00:00Z"));
	assert_times(&(struct setup){ .zone = NULL },
		"05/04/2031 10:00:00 a\n05/24/2031 10:00:00 b\n",
		TIMES("2031-05-04T10:00:00Z", "2031-05-24T10:00:00Z"));
	/* Nothing excludes an order: the one that ends at the modification. */
	assert_times(&(struct setup){ .modified = "2031-04-05" }, "05/04/2031 10:00:00 a\n",
		TIMES("2031-04-05T10:00:00Z"));
	assert_times(&(struct setup){ .modified = "2031-05-04" }, "05/04/2031 10:00:00 a\n",
		TIMES("2031-05-04T10:00:00Z"));
}

static void test_json_says_its_time_by_key(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .zone = NULL },
		"{\"user\":{\"created\":\"2030-01-01T00:00:00Z\"},\"level\":\"warn\",\"service\":"
		"\"cart\","
		"\"@timestamp\":\"2031-01-29T09:58:07.5Z\",\"msg\":\"x\"}\n"
		"{\"log\":\"[error] "
		"no\\n\",\"stream\":\"stdout\",\"time\":\"2031-01-29T09:58:08.125Z\"}\n"
		"{\"instant\":{\"epochSecond\":1927447089,\"nanoOfSecond\":7},\"level\":\"ERROR\"}"
		"\n"
		"{\"expires\":\"2040-01-01T00:00:00Z\",\"ts\":1927447090123,\"level\":50}\n");
	assert_string_equal(got.times[0], "2031-01-29T09:58:07.500Z");
	assert_string_equal(got.services[0], "cart");
	assert_int_equal(got.levels[0], LEVEL_WARNING);
	assert_string_equal(got.times[1], "2031-01-29T09:58:08.125Z");
	assert_int_equal(got.levels[1], LEVEL_ERROR);
	assert_string_equal(got.times[2], "2031-01-29T09:58:09.000000007Z");
	assert_string_equal(got.times[3], "2031-01-29T09:58:10.123Z");
	assert_int_equal(got.levels[3], LEVEL_ERROR);
}

static void test_columns_of_bare_seconds_are_times_and_other_numbers_are_not(void **state)
{
	(void)state;
	assert_times(&(struct setup){ .zone = NULL },
		"7 n1 hw state 1927447087 1 on\n8 n2 hw state 1927447088 1 off\n9 n3 hw state "
		"1927447089 1 on\n",
		TIMES("2031-01-29T09:58:07Z", "2031-01-29T09:58:08Z", "2031-01-29T09:58:09Z"));
	assert_times(&(struct setup){ .zone = NULL },
		"order 1927447087 was paid\nno number here\norder id 1927447089 lost\n",
		TIMES("", "", ""));
	/* Columns of tables, under a heading; of nanoseconds; but no ids, which lie far apart. */
	assert_times(&(struct setup){ .zone = NULL },
		"id,time,host\n1,1927447087123,web\n2,1927447088123,web\n3,1927447089123,db\n",
		TIMES("", "2031-01-29T09:58:07.123Z", "2031-01-29T09:58:08.123Z",
			"2031-01-29T09:58:09.123Z"));
	assert_times(&(struct setup){ .zone = NULL },
		"cpu,host=a x=0.5 1927447087000000001\ncpu,host=a x=1 1927447088000000002\n"
		"cpu,host=b x=1 1927447089000000003\n",
		TIMES("2031-01-29T09:58:07.000000001Z", "2031-01-29T09:58:08.000000002Z",
			"2031-01-29T09:58:09.000000003Z"));
	assert_times(&(struct setup){ .zone = NULL },
		"a b 1027447087000000 x\na b 1927447088000000 x\na b 1527447089000000 x\n",
		TIMES("", "", ""));
	/* Start and end of a flow: it is written at its end. */
	assert_times(&(struct setup){ .zone = NULL },
		"2 eni 10.0.0.1 10.0.0.2 1927447087 1927447089 OK\n",
		TIMES("2031-01-29T09:58:09Z"));
}

static void test_seconds_since_boot_need_the_time_of_boot(void **state)
{
	(void)state;
	assert_times(&(struct setup){ .zone = NULL },
		"[    0.000000] start\n[    2.500000] disk at 2031-01-29 09:00:00\n",
		TIMES("", ""));
	assert_times(&(struct setup){ .zone = NULL },
		"[    0.000000] start\n[    2.500000] rtc: setting system clock to x UTC "
		"(1927447087)\n"
		"[   10.500000] ready\n",
		TIMES("2031-01-29T09:58:04.500Z", "2031-01-29T09:58:07Z", "2031-01-29T09:58:15Z"));
}

static void test_a_time_of_day_alone_passes_midnight(void **state)
{
	(void)state;
	assert_times(&(struct setup){ .modified = "2031-01-29" },
		"[22:59:58] INFO a\n  more\n[23:59:59] INFO b\n[00:00:01] INFO c\n[13:00:00.125] "
		"INFO d\n",
		TIMES("2031-01-29T22:59:58Z", "~2031-01-29T22:59:58Z", "2031-01-29T23:59:59Z",
			"2031-01-30T00:00:01Z", "2031-01-30T13:00:00.125Z"));
	assert_times(&(struct setup){ .zone = NULL },
		"INFO  [09:58:07.125] a\nWARN  [09:58:08.125] b\n",
		TIMES("2031-12-31T09:58:07.125Z", "2031-12-31T09:58:08.125Z"));
	assert_times(&(struct setup){ .zone = NULL },
		"10:15:32 up 3 days\nbut no more of\nthese lines here\n", TIMES("", "", ""));
}

static void test_the_zone_that_is_given_counts_where_stamps_have_none(void **state)
{
	(void)state;
	assert_times(&(struct setup){ .zone = "-04:00" },
		"2031-01-29 09:58:07 a\n2031-01-29 09:58:07Z b\n2031-01-29 09:58:07 CET c\n",
		TIMES("2031-01-29T13:58:07Z", "2031-01-29T09:58:07Z", "2031-01-29T08:58:07Z"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_year_comes_between_two_lines_without_a_year),
		cmocka_unit_test(test_the_year_is_taken_from_names_and_neighbours),
		cmocka_unit_test(test_a_file_just_unpacked_takes_the_year_of_the_files_beside_it),
		cmocka_unit_test(test_leap_days_and_leap_seconds_have_an_instant),
		cmocka_unit_test(test_both_changes_of_summer_time_are_followed),
		cmocka_unit_test(test_of_two_clocks_in_a_line_the_outer_one_counts),
		cmocka_unit_test(test_of_keyed_stamps_the_key_says_which_counts),
		cmocka_unit_test(test_a_date_in_the_heading_dates_times_of_day),
		cmocka_unit_test(test_a_year_that_is_given_moves_the_day_of_times_of_day),
		cmocka_unit_test(test_a_wrong_clock_in_mid_file_is_read_and_counted),
		cmocka_unit_test(test_lines_before_the_first_stamp_are_undated),
		cmocka_unit_test(test_a_stack_trace_belongs_to_its_line_across_chunks),
		cmocka_unit_test(test_words_in_the_lines_of_a_longer_message_are_no_levels),
		cmocka_unit_test(test_a_layout_may_change_in_mid_file),
		cmocka_unit_test(test_day_and_month_are_told_apart_by_the_file),
		cmocka_unit_test(test_json_says_its_time_by_key),
		cmocka_unit_test(test_columns_of_bare_seconds_are_times_and_other_numbers_are_not),
		cmocka_unit_test(test_seconds_since_boot_need_the_time_of_boot),
		cmocka_unit_test(test_a_time_of_day_alone_passes_midnight),
		cmocka_unit_test(test_the_zone_that_is_given_counts_where_stamps_have_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
