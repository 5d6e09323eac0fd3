/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lineup/reading.h"

#define LINES_MAX 64

/* A member read from start to end in chunks of at least `chunk_bytes`. */
struct read_member {
	char times[LINES_MAX][CLOCK_TEXT_MAX]; /* "" for none; inherited ones begin with '~' */
	char services[LINES_MAX][2 * READING_SERVICE_BYTES];
	char hosts[LINES_MAX][2 * READING_HOST_BYTES];
	enum level levels[LINES_MAX];
	size_t count;
	struct reading_trust trust;
	char note[256];
};

struct setup {
	const char *zone;
	const char *place;
	const char *modified; /* a date, end of day */
	int year;
	const char *service;
	const char *layout;
	const char *other;	 /* the head of another file that is read too */
	const char *more_others; /* and of another */
};

static int64_t end_of_day(const char *date)
{
	int year, month, day;
	if (date == NULL || sscanf(date, "%d-%d-%d", &year, &month, &day) != 3)
		return TIME_NONE;
	return (clock_days(year, month, day) + 1) * 86400 * NS_PER_S;
}

static void read_lines(struct read_member *out, struct str data, struct line_cursor *cursor)
{
	while (data.ptr != NULL && data.len > 0) {
		struct reading r;
		char text[CLOCK_TEXT_MAX];
		line_read(cursor, str_cut(&data, '\n'), true, &r);
		size_t i = out->count++;
		assert_true(i < LINES_MAX);
		snprintf(out->times[i], CLOCK_TEXT_MAX, "%s%s",
			r.basis == TIME_BASIS_INHERITED ? "~" : "",
			r.time_ns == TIME_NONE ? "" : clock_rfc3339(r.time_ns, text).ptr);
		snprintf(out->services[i], sizeof(out->services[i]), "%.*s", STR_ARG(r.service));
		snprintf(out->hosts[i], sizeof(out->hosts[i]), "%.*s", STR_ARG(r.host));
		out->levels[i] = r.level;
	}
}

static void read_in_chunks(
	struct read_member *out, const struct setup *setup, struct str data, size_t chunk_bytes)
{
	struct str service = str_from(setup->service), layout = str_from(setup->layout);
	const struct reading_settings settings = { .zone = str_from(setup->zone),
		.year = setup->year,
		.services = &service,
		.service_count = setup->service != NULL,
		.layouts = &layout,
		.layout_count = setup->layout != NULL,
		.now_ns = end_of_day("2033-01-01") };
	struct reading_options *options;
	struct error err;
	struct member member = {
		.place = str_from(setup->place != NULL ? setup->place : "x/app.log"),
		.modified_ns = end_of_day(setup->modified != NULL ? setup->modified : "2031-12-31")
	};
	*out = (struct read_member){ .count = 0 };
	assert_int_equal(reading_options_create(&options, &settings, &err), 0);
	if (setup->other != NULL)
		reading_options_see(options, str_from(setup->other));
	if (setup->more_others != NULL)
		reading_options_see(options, str_from(setup->more_others));
	reading_learn(options, &member, data);
	for (size_t at = 0; at < data.len;) {
		size_t end = size_min(at + chunk_bytes, data.len);
		while (end < data.len && data.ptr[end - 1] != '\n')
			end++;
		struct chunk chunk = { .data = (char *)(uintptr_t)data.ptr + at,
			.len = end - at,
			.member = &member,
			.offset = at,
			.ends_member = end == data.len };
		struct chunk_reading start;
		struct line_cursor cursor;
		reading_pull(options, &chunk, &start);
		line_cursor_start(&cursor, options, &start);
		read_lines(out, str_of(chunk.data, chunk.len), &cursor);
		out->trust.undated_lines += cursor.trust.undated_lines;
		out->trust.disordered_lines += cursor.trust.disordered_lines;
		out->trust.future_lines += cursor.trust.future_lines;
		out->trust.gap_lines += cursor.trust.gap_lines;
		out->trust.repeated_lines += cursor.trust.repeated_lines;
		at = end;
	}
	snprintf(
		out->note, sizeof(out->note), "%.*s", STR_ARG(source_reading_note(member.context)));
	member.context_destroy(member.context);
	reading_options_destroy(options);
}

/* Reads the lines whole; then in chunks of every small size, which must say the same. */
static void read_member(struct read_member *out, const struct setup *setup, const char *text)
{
	static const size_t sizes[] = { 1, 16, 64, 100, 200, 1000 };
	struct str data = str_from(text);
	read_in_chunks(out, setup, data, data.len);
	for (size_t s = 0; s < countof(sizes); s++) {
		struct read_member again;
		read_in_chunks(&again, setup, data, sizes[s]);
		assert_int_equal(again.count, out->count);
		for (size_t i = 0; i < out->count; i++) {
			assert_string_equal(again.times[i], out->times[i]);
			assert_string_equal(again.services[i], out->services[i]);
			assert_string_equal(again.hosts[i], out->hosts[i]);
			assert_int_equal(again.levels[i], out->levels[i]);
		}
		assert_memory_equal(&again.trust, &out->trust, sizeof(out->trust));
	}
}

static void assert_times(const struct setup *setup, const char *text, const char *const *expected)
{
	struct read_member got;
	size_t count = 0;
	read_member(&got, setup, text);
	for (; expected[count] != NULL; count++)
		assert_string_equal(got.times[count], expected[count]);
	assert_int_equal(got.count, count);
}

#define TIMES(...) ((const char *const[]){ __VA_ARGS__, NULL })

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

static void test_one_file_of_many_programs_is_many_services(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/var/log/messages" },
		"Jan 29 09:58:07 h sshd[1]: a\nJan 29 09:58:08 h CRON[2]: b\n  more of b\n");
	assert_string_equal(got.services[0], "sshd");
	assert_string_equal(got.services[1], "CRON");
	assert_string_equal(got.services[2], "CRON");
	read_member(&got,
		&(struct setup){
			.place = "x/pods/cart-7d9f8b6c54-x2x4z/cart/cart/logs/current.log" },
		"2031-01-29T09:58:07Z {\"logger\":\"a.b.C\",\"service\":\"other\"}\n");
	assert_string_equal(got.services[0], "cart");
}

static void test_records_of_journald_name_their_program_across_chunks(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/journal.export" },
		"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1927447087000001\nPRIORITY=3\n"
		"SYSLOG_IDENTIFIER=pay\n_SOURCE_REALTIME_TIMESTAMP=1927447087000000\n"
		"MESSAGE=no money\n\n"
		"__CURSOR=s=2\n__REALTIME_TIMESTAMP=1927447088000001\nMESSAGE=who am I\n");
	assert_string_equal(got.services[5], "pay");
	assert_string_equal(got.times[5], "~2031-01-29T09:58:07Z");
	assert_int_equal(got.levels[5], LEVEL_ERROR);
	assert_string_equal(got.services[9], "journal.export");
	assert_int_equal(got.levels[9], LEVEL_NONE);
}

static void test_a_host_and_a_tag_are_prose_where_most_lines_have_none(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .zone = NULL },
		"2031-01-29T09:58:07Z connection lost: again\n2031-01-29T09:58:08Z waiting for it\n"
		"2031-01-29T09:58:09Z waiting for it\n2031-01-29T09:58:10Z web1 pay[7]: sure\n"
		"2031-01-29T09:58:11Z and so on\n");
	assert_string_equal(got.services[0], "app");
	assert_string_equal(got.services[3], "pay");
	read_member(&got, &(struct setup){ .zone = NULL },
		"2031-01-29T09:58:07Z web1 kernel: a\n2031-01-29T09:58:08Z web1 cron: b\n"
		"2031-01-29T09:58:09Z web1 cron: c\n2031-01-29T09:58:10Z web1 pay[7]: d\n");
	assert_string_equal(got.services[0], "kernel");
}

static void test_a_json_text_behind_a_wrapper_is_read(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .zone = NULL },
		"2031-01-29T09:58:07Z stdout F {\"level\":\"error\",\"service\":\"pay\",\"ts\":7}\n"
		"{\"log\":\"{\\\"level\\\":\\\"warn\\\",\\\"msg\\\":\\\"x\\\"}\\n\","
		"\"time\":\"2031-01-29T09:58:08Z\"}\n"
		"Jan 29 09:58:09 h cart[7]: {\"severity\":\"FATAL\",\"app\":\"other\"}\n");
	assert_string_equal(got.services[0], "pay");
	assert_int_equal(got.levels[0], LEVEL_ERROR);
	assert_int_equal(got.levels[1], LEVEL_WARNING);
	assert_string_equal(got.services[2], "cart");
	assert_int_equal(got.levels[2], LEVEL_CRITICAL);
}

static void test_behind_a_column_of_seconds_syslog_names_the_program(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .zone = NULL },
		"- 1927447087 2031.01.29 n1 Jan 29 09:58:07 n1/n1 pay[7]: a\n"
		"- 1927447088 2031.01.29 n1 Jan 29 09:58:08 n1/n1 cart(x)[8]: b\n"
		"- 1927447089 2031.01.29 n1 and no more\n");
	assert_string_equal(got.services[0], "pay");
	assert_string_equal(got.services[1], "cart");
	assert_string_equal(got.services[2], "app");
}

static void test_a_very_long_service_name_is_cut_alike_everywhere(void **state)
{
	(void)state;
	char text[400];
	struct read_member got;
	snprintf(text, sizeof(text),
		"[pod/%0150d/c] 2031-01-29T09:58:07Z a\n  more\n  still more\n", 7);
	read_member(&got, &(struct setup){ .zone = NULL }, text);
	assert_string_equal(got.services[0], got.services[2]);
}

static void test_an_access_log_says_by_its_status_that_the_server_failed(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ 0 },
		"10.0.0.7 - - [29/Jan/2031:09:58:07 +0000] \"GET /a HTTP/1.1\" 502 157 \"-\"\n"
		"10.0.0.7 - - [29/Jan/2031:09:58:07 +0000] \"GET /a HTTP/1.1\" 200 157 \"-\"\n"
		"10.0.0.7 - - [29/Jan/2031:09:58:07 +0000] \"GET /a HTTP/1.1\" 404 157 \"-\"\n"
		"[2031-01-29T09:58:07Z] \"GET /a HTTP/2\" 503 UH\n"
		"2031-01-29T09:58:07Z sent \"GET /a HTTP/1.1\", 500 of them\n");
	assert_int_equal(got.levels[0], LEVEL_ERROR);
	assert_int_equal(got.levels[1], LEVEL_NONE);
	assert_int_equal(got.levels[2], LEVEL_NONE);
	assert_int_equal(got.levels[3], LEVEL_ERROR);
	assert_int_equal(got.levels[4], LEVEL_NONE);
}

static void test_a_line_without_a_stamp_is_of_the_host_of_the_line_before_it(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ 0 },
		"2031-01-29T09:58:07.000Z db-1 pay[7]: request failed\n"
		"    at a.b.C\n"
		"caused by nothing\n"
		"2031-01-29T09:58:08.000Z db-2 pay[7]: request failed\n"
		"    at a.b.C\n");
	assert_string_equal(got.hosts[0], "db-1");
	assert_string_equal(got.hosts[1], "db-1");
	assert_string_equal(got.hosts[2], "db-1");
	assert_string_equal(got.hosts[4], "db-2");
}

static void test_the_user_names_services_and_layouts_first(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got,
		&(struct setup){ .place = "x/team-blue/app.log", .service = "team-([a-z]+)/" },
		"Jan 29 09:58:07 h sshd[1]: a\n");
	assert_string_equal(got.services[0], "blue");
	read_member(&got, &(struct setup){ .service = "unit=([a-z]+)" },
		"2031-01-29 09:58:07 unit=red a\n");
	assert_string_equal(got.services[0], "red");
	assert_times(&(struct setup){ .layout = "%S.%M.%H %d~%m~%Y" }, "x 07.58.09 29~01~2031 y\n",
		TIMES("2031-01-29T09:58:07Z"));
}

static void test_bad_settings_are_errors(void **state)
{
	(void)state;
	struct reading_options *options;
	struct error err;
	struct str bad = STR("(");
	struct reading_settings settings = { .zone = STR("No/Where") };
	assert_int_equal(reading_options_create(&options, &settings, &err), -1);
	settings = (struct reading_settings){ .services = &bad, .service_count = 1 };
	assert_int_equal(reading_options_create(&options, &settings, &err), -1);
	settings = (struct reading_settings){ .layouts = &bad, .layout_count = 1 };
	assert_int_equal(reading_options_create(&options, &settings, &err), -1);
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
		cmocka_unit_test(test_a_wrong_clock_in_mid_file_is_read_and_counted),
		cmocka_unit_test(test_lines_before_the_first_stamp_are_undated),
		cmocka_unit_test(test_a_stack_trace_belongs_to_its_line_across_chunks),
		cmocka_unit_test(test_a_layout_may_change_in_mid_file),
		cmocka_unit_test(test_day_and_month_are_told_apart_by_the_file),
		cmocka_unit_test(test_json_says_its_time_by_key),
		cmocka_unit_test(test_columns_of_bare_seconds_are_times_and_other_numbers_are_not),
		cmocka_unit_test(test_seconds_since_boot_need_the_time_of_boot),
		cmocka_unit_test(test_a_time_of_day_alone_passes_midnight),
		cmocka_unit_test(test_the_zone_that_is_given_counts_where_stamps_have_none),
		cmocka_unit_test(test_one_file_of_many_programs_is_many_services),
		cmocka_unit_test(test_records_of_journald_name_their_program_across_chunks),
		cmocka_unit_test(test_a_host_and_a_tag_are_prose_where_most_lines_have_none),
		cmocka_unit_test(test_a_json_text_behind_a_wrapper_is_read),
		cmocka_unit_test(test_behind_a_column_of_seconds_syslog_names_the_program),
		cmocka_unit_test(test_a_very_long_service_name_is_cut_alike_everywhere),
		cmocka_unit_test(test_an_access_log_says_by_its_status_that_the_server_failed),
		cmocka_unit_test(test_a_line_without_a_stamp_is_of_the_host_of_the_line_before_it),
		cmocka_unit_test(test_the_user_names_services_and_layouts_first),
		cmocka_unit_test(test_bad_settings_are_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
