/* SPDX-License-Identifier: MIT */
/*
 * Every file of tests/golden/events.tsv: events of several lines, banners, tables and statements
 * with stamps of other kinds in them. Each line has its own time or that of the event that it is a
 * part of, read in one chunk and in chunks of one line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lineup/buf.h"
#include "lineup/clock.h"
#include "lineup/reading.h"

#define FILES_MIN  30
#define LINES_MAX  64
#define TABLE_PATH "tests/golden/events.tsv"

struct file {
	char name[128];
	char expected[LINES_MAX][CLOCK_TEXT_MAX];
	size_t ends[LINES_MAX]; /* of each line, in text */
	size_t count;
	struct buf text;
};

static struct str line_of(const struct file *f, size_t i)
{
	size_t start = i == 0 ? 0 : f->ends[i - 1];
	return str_of(f->text.ptr + start, f->ends[i] - start);
}

/* The lines of one chunk, from `first` on; `last_ns` is the time before it. */
static size_t read_chunk(const struct reading_options *options, const struct file *f, size_t first,
	size_t count, struct member *member, int64_t *last_ns)
{
	size_t wrong = 0;
	struct chunk_reading start;
	struct line_cursor cursor;
	struct str text = line_of(f, first);
	text.len = f->ends[first + count - 1] - (first == 0 ? 0 : f->ends[first - 1]);
	struct chunk chunk = { .data = (char *)(uintptr_t)text.ptr,
		.len = text.len,
		.member = member,
		.ends_member = first + count == f->count };
	reading_pull(options, &chunk, &start);
	line_cursor_start(&cursor, options, &start);
	for (size_t i = first; i < first + count; i++) {
		struct reading r;
		char time[CLOCK_TEXT_MAX];
		struct str line = line_of(f, i), want = str_from(f->expected[i]);
		line.len--;
		line_read(&cursor, line, false, &r);
		struct str got = r.time_ns == TIME_NONE ? STR("-") : clock_rfc3339(r.time_ns, time);
		bool inherits = str_equal(want, STR("^"));
		bool holds = inherits ? r.basis != TIME_BASIS_STAMP && r.time_ns == *last_ns
				      : str_equal(want, got);
		*last_ns = r.time_ns;
		if (str_equal(want, STR("?")) || holds)
			continue;
		print_error(
			"%s:%zu: %.*s read as %.*s\n", f->name, i + 1, STR_ARG(want), STR_ARG(got));
		wrong++;
	}
	return wrong;
}

static size_t read_file(const struct file *f, size_t lines_a_chunk)
{
	const struct reading_settings settings = { .now_ns = TIME_NONE };
	struct reading_options *options;
	struct error err;
	size_t wrong = 0;
	struct member member = { .place = str_from(f->name),
		.modified_ns = (clock_days(2025, 12, 20) * 86400 + 45000) * NS_PER_S };
	int64_t last_ns = TIME_NONE;
	assert_int_equal(reading_options_create(&options, &settings, &err), 0);
	reading_learn(options, &member, buf_str(&f->text));
	for (size_t i = 0; i < f->count; i += lines_a_chunk)
		wrong += read_chunk(
			options, f, i, size_min(lines_a_chunk, f->count - i), &member, &last_ns);
	member.context_destroy(member.context);
	reading_options_destroy(options);
	return wrong;
}

static size_t check_file(struct file *f)
{
	size_t wrong = f->count == 0 ? 0 : read_file(f, f->count) + read_file(f, 1);
	f->count = 0;
	f->text.len = 0;
	return wrong;
}

static void add_line(struct file *f, struct str row)
{
	struct str expected = str_cut(&row, '\t');
	assert_true(f->count < LINES_MAX && expected.len < CLOCK_TEXT_MAX);
	snprintf(f->expected[f->count], CLOCK_TEXT_MAX, "%.*s", STR_ARG(expected));
	if (row.len > 0)
		buf_append(&f->text, row);
	buf_append_byte(&f->text, '\n');
	f->ends[f->count++] = f->text.len;
}

static void test_each_line_has_its_time_or_that_of_its_event(void **state)
{
	(void)state;
	static char line[1 << 12];
	static struct file f;
	size_t files = 0, wrong = 0;
	FILE *table = fopen(TABLE_PATH, "r");
	assert_non_null(table);
	buf_init(&f.text, 1 << 20);
	while (fgets(line, sizeof(line), table) != NULL) {
		struct str row = str_from(line);
		row.len -= str_ends(row, STR("\n"));
		if (str_starts(row, STR("@ "))) {
			wrong += check_file(&f);
			snprintf(f.name, sizeof(f.name), "x/%.*s", STR_ARG(str_skip(row, 2)));
			files++;
		} else if (files > 0) {
			add_line(&f, row);
		}
	}
	wrong += check_file(&f);
	fclose(table);
	buf_release(&f.text);
	assert_int_equal(wrong, 0);
	assert_true(files >= FILES_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_line_has_its_time_or_that_of_its_event),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
