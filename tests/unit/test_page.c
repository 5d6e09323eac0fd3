/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lineup/text_page.h"

/* A page of 50 columns, and what is written on it. */
struct sheet {
	struct page page;
	FILE *out;
	char *written;
	size_t bytes;
};

static void open_sheet(struct sheet *s)
{
	static const struct report_settings settings = { .width = 50 };
	*s = (struct sheet){ .written = NULL };
	s->out = open_memstream(&s->written, &s->bytes);
	assert_non_null(s->out);
	page_init(&s->page, s->out, &settings, NULL, TIME_NONE, TIME_NONE);
}

static void close_sheet(struct sheet *s, const char *wanted)
{
	page_release(&s->page);
	fclose(s->out);
	assert_string_equal(s->written, wanted);
	free(s->written);
}

static void assert_cut(const char *text, size_t columns, const char *wanted, size_t wanted_columns)
{
	struct sheet s;
	open_sheet(&s);
	size_t used = page_cut(&s.page, str_from(text), columns);
	assert_int_equal(used, wanted_columns);
	close_sheet(&s, wanted);
}

static void test_what_fits_is_not_cut(void **state UNUSED)
{
	assert_cut("twelve bytes", 12, "twelve bytes", 12);
	assert_cut("twelve bytes", 11, "twelve byt\u2026", 11);
	assert_cut("twelve bytes", 8, "twelve\u2026", 7); /* no blank before the dots */
	assert_cut("", 5, "", 0);
}

static void test_wide_characters_take_two_columns(void **state UNUSED)
{
	assert_cut("\u65e5\u672c\u8a9e", 6, "\u65e5\u672c\u8a9e", 6);
	assert_cut("\u65e5\u672c\u8a9e", 5, "\u65e5\u672c\u2026", 5);
	assert_cut("\u65e5\u672c\u8a9e", 4, "\u65e5\u2026", 3);
}

static void assert_wrapped(const char *text, size_t indent, size_t lines, const char *wanted)
{
	struct sheet s;
	open_sheet(&s);
	page_wrapped(&s.page, str_from(text), indent, indent, lines);
	close_sheet(&s, wanted);
}

#define TEN "ten bytes "

static void test_lines_are_filled_to_the_last_column(void **state UNUSED)
{
	assert_wrapped(TEN TEN TEN TEN "ten bytes+", 0, 0, TEN TEN TEN TEN "ten bytes+\n");
	assert_wrapped(TEN TEN TEN TEN "ten bytes+ and more", 0, 0,
		TEN TEN TEN TEN "ten bytes+\nand more\n");
	assert_wrapped(TEN TEN TEN TEN "eleven bytes", 0, 0, TEN TEN TEN TEN "eleven\nbytes\n");
	assert_wrapped(TEN TEN TEN TEN TEN TEN "end", 10, 2,
		TEN TEN TEN "ten bytes\n          ten bytes ten bytes end\n");
	assert_wrapped(TEN TEN TEN TEN TEN TEN TEN TEN "the end", 10, 2,
		TEN TEN TEN "ten bytes\n          " TEN TEN TEN "ten bytes\u2026\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_fits_is_not_cut),
		cmocka_unit_test(test_wide_characters_take_two_columns),
		cmocka_unit_test(test_lines_are_filled_to_the_last_column),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
