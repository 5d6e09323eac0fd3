/* SPDX-License-Identifier: MIT */
/* Every row of tests/golden/layouts.tsv: a file of some known software,
 * and how a line of it reads. */
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
#include "tests/unit/layout_table.h"

#define ROWS_MIN 2000

enum column { NAME, TIME, SERVICE, LEVEL, AT, TEXT, COLUMN_COUNT };

/* Reads line `at` of a file as a scan would; its service is appended to `service`. */
static void read_line(
	const char *name, struct str data, uint64_t at, struct reading *r, struct buf *service)
{
	const struct reading_settings settings = { .now_ns = TIME_NONE };
	struct reading_options *options;
	struct error err;
	struct member member = { .place = str_from(name),
		.modified_ns = (clock_days(2025, 12, 20) * 86400 + 45000) * NS_PER_S };
	struct chunk chunk = { .data = (char *)(uintptr_t)data.ptr,
		.len = data.len,
		.member = &member,
		.ends_member = true };
	struct chunk_reading start;
	struct line_cursor cursor;
	assert_int_equal(reading_options_create(&options, &settings, &err), 0);
	reading_pull(options, &chunk, &start);
	line_cursor_start(&cursor, options, &start);
	for (uint64_t i = 0; i < at; i++)
		line_read(&cursor, str_cut(&data, '\n'), true, r);
	buf_append(service, r->service);
	member.context_destroy(member.context);
	reading_options_destroy(options);
}

static bool row_holds(const struct str row[COLUMN_COUNT])
{
	struct reading r;
	struct buf service = BUF_INIT(0);
	char *text = malloc(row[TEXT].len + 1), time[CLOCK_TEXT_MAX], name[128];
	uint64_t at;
	assert_true(str_to_u64(row[AT], &at));
	assert_non_null(text);
	snprintf(name, sizeof(name), "x/%.*s.log", STR_ARG(row[NAME]));
	read_line(name, str_of(text, layout_unescape(row[TEXT], text)), at, &r, &service);
	struct str got = r.time_ns == TIME_NONE ? STR("-") : clock_rfc3339(r.time_ns, time);
	struct str wanted = str_equal(row[SERVICE], STR("-")) ? row[NAME] : row[SERVICE];
	const char *level = r.level == LEVEL_NONE ? "-" : level_name(r.level);
	bool holds = str_equal(got, row[TIME]) && str_equal(buf_str(&service), wanted) &&
		     (str_equal(row[LEVEL], STR("-")) || str_equal(row[LEVEL], str_from(level)));
	if (!holds)
		print_error("%.*s: read as %.*s, service %.*s, level %s\n", STR_ARG(row[NAME]),
			STR_ARG(got), STR_ARG(buf_str(&service)), level);
	free(text);
	buf_release(&service);
	return holds;
}

static void test_files_of_known_software_read_as_the_table_says(void **state)
{
	(void)state;
	static char line[1 << 14];
	size_t rows = 0, wrong = 0;
	FILE *table = fopen(LAYOUT_TABLE, "r");
	assert_non_null(table);
	while (fgets(line, sizeof(line), table) != NULL) {
		struct str rest = str_from(line), row[COLUMN_COUNT];
		if (line[0] == '#')
			continue;
		rest.len -= str_ends(rest, STR("\n"));
		for (int c = 0; c < COLUMN_COUNT; c++)
			row[c] = c == TEXT ? rest : str_cut(&rest, '\t');
		rows++;
		wrong += !row_holds(row);
	}
	fclose(table);
	assert_int_equal(wrong, 0);
	assert_true(rows >= ROWS_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_of_known_software_read_as_the_table_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
