/* SPDX-License-Identifier: MIT */
/*
 * A member read line by line, whole and in chunks of every small size, for tests of what is read
 * off a line: times (test_reading.c), services, hosts and levels (test_reading_services.c).
 */
#ifndef LINEUP_TESTS_READING_STAGE_H
#define LINEUP_TESTS_READING_STAGE_H

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
	uint32_t messages[LINES_MAX]; /* where they begin */
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

static inline int64_t end_of_day(const char *date)
{
	int year, month, day;
	if (date == NULL || sscanf(date, "%d-%d-%d", &year, &month, &day) != 3)
		return TIME_NONE;
	return (clock_days(year, month, day) + 1) * 86400 * NS_PER_S;
}

static inline void read_lines(struct read_member *out, struct str data, struct line_cursor *cursor)
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
		out->messages[i] = r.message_at;
	}
}

static inline void read_in_chunks(
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
static inline void read_member(struct read_member *out, const struct setup *setup, const char *text)
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

static inline void assert_times(
	const struct setup *setup, const char *text, const char *const *expected)
{
	struct read_member got;
	size_t count = 0;
	read_member(&got, setup, text);
	for (; expected[count] != NULL; count++)
		assert_string_equal(got.times[count], expected[count]);
	assert_int_equal(got.count, count);
}

#define TIMES(...) ((const char *const[]){ __VA_ARGS__, NULL })

#endif
