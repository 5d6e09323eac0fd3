/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "lineup/escape.h"
#include "lineup/utf8.h"

typedef void escape_fn(struct buf *, struct str);

static void terminal(struct buf *b, struct str s)
{
	escape_terminal(b, s, false);
}

static void terminal_ascii(struct buf *b, struct str s)
{
	escape_terminal(b, s, true);
}

static void expect(escape_fn *escape, struct str in, struct str out)
{
	struct buf b = BUF_INIT(0);
	escape(&b, in);
	if (!str_equal(buf_str(&b), out))
		fail_msg("got '%.*s', not '%.*s'", STR_ARG(buf_str(&b)), STR_ARG(out));
	buf_release(&b);
}

static void test_a_terminal_gets_no_control_byte(void **state UNUSED)
{
	expect(terminal, STR("a\033[2Jb\x07"), STR("a\\x1b[2Jb\\x07"));
	expect(terminal, STR("nul\0here\x7f"), STR("nul\\x00here\\x7f"));
	/* C1 in UTF-8: U+009B is CSI to some terminals. */
	expect(terminal,
		STR("\xc2\x9b"
		    "31m"),
		STR("\\x9b31m"));
	for (unsigned c = 0; c < 256; c++) {
		char byte = (char)c;
		struct buf b = BUF_INIT(0);
		escape_terminal(&b, str_of(&byte, 1), false);
		for (size_t i = 0; i < b.len; i++)
			assert_true((unsigned char)b.ptr[i] >= 0x20 && b.ptr[i] != 0x7f);
		buf_release(&b);
	}
}

static void test_a_terminal_gets_one_line(void **state UNUSED)
{
	expect(terminal, STR("a\tb\r\nc"), STR("a b  c"));
}

static void test_direction_overrides_are_made_visible(void **state UNUSED)
{
	expect(terminal, STR("\xe2\x80\xaelog"), STR("\\u202elog"));
	expect(terminal, STR("\xe2\x81\xa6log"), STR("\\u2066log"));
}

static void test_invalid_utf8_becomes_the_replacement_character(void **state UNUSED)
{
	expect(terminal, STR("\xff"), STR("\xef\xbf\xbd"));
	expect(terminal, STR("\xc3("), STR("\xef\xbf\xbd("));
	/* An overlong slash, a surrogate, and more than U+10FFFF. */
	expect(terminal, STR("\xc0\xaf"), STR("\xef\xbf\xbd\xef\xbf\xbd"));
	expect(terminal, STR("\xed\xa0\x80"), STR("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"));
	expect(terminal, STR("\xf4\x90\x80\x80"),
		STR("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"));
	/* Cut in the middle: one character was meant. */
	expect(terminal, STR("\xe2\x82"), STR("\xef\xbf\xbd"));
}

static void test_good_utf8_stays_as_it_is(void **state UNUSED)
{
	expect(terminal, STR("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x94\xa5"),
		STR("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x94\xa5"));
}

static void test_ascii_terminals_get_ascii(void **state UNUSED)
{
	expect(terminal_ascii, STR("\xc3\xbc\xe2\x82\xac\xf0\x9f\x94\xa5"),
		STR("\\xfc\\u20ac\\U0001f525"));
}

static void test_json_escapes_what_json_and_terminals_obey(void **state UNUSED)
{
	expect(escape_json, STR("\"\\\n\r\t\033"), STR("\\\"\\\\\\n\\r\\t\\u001b"));
	expect(escape_json, STR("\xe2\x80\xa8"), STR("\\u2028"));
	/* A tag character lies above U+FFFF: two halves. */
	expect(escape_json, STR("\xf3\xa0\x80\x81"), STR("\\udb40\\udc01"));
	expect(escape_json, STR("\xfe"), STR("\xef\xbf\xbd"));
}

static void test_csv_cells_that_run_are_disarmed(void **state UNUSED)
{
	expect(escape_csv, STR("=1+1"), STR("'=1+1"));
	expect(escape_csv, STR("+1"), STR("'+1"));
	expect(escape_csv, STR("-1"), STR("'-1"));
	expect(escape_csv, STR("@SUM(A1)"), STR("'@SUM(A1)"));
	expect(escape_csv, STR("\t=1"), STR("' =1"));
	expect(escape_csv, STR(" =1"), STR("' =1"));
	expect(escape_csv, STR("a=1"), STR("a=1"));
}

static void test_csv_cells_are_quoted_where_needed(void **state UNUSED)
{
	expect(escape_csv, STR("a,b"), STR("\"a,b\""));
	expect(escape_csv, STR("say \"hi\""), STR("\"say \"\"hi\"\"\""));
	expect(escape_csv, STR(""), STR(""));
	expect(escape_csv, STR("a\nb"), STR("a b"));
}

static void test_width_counts_columns(void **state UNUSED)
{
	assert_int_equal(utf8_width('a'), 1);
	assert_int_equal(utf8_width(0x301), 0);
	assert_int_equal(utf8_width(0x4e2d), 2);
	assert_int_equal(utf8_width(0x2588), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_terminal_gets_no_control_byte),
		cmocka_unit_test(test_a_terminal_gets_one_line),
		cmocka_unit_test(test_direction_overrides_are_made_visible),
		cmocka_unit_test(test_invalid_utf8_becomes_the_replacement_character),
		cmocka_unit_test(test_good_utf8_stays_as_it_is),
		cmocka_unit_test(test_ascii_terminals_get_ascii),
		cmocka_unit_test(test_json_escapes_what_json_and_terminals_obey),
		cmocka_unit_test(test_csv_cells_that_run_are_disarmed),
		cmocka_unit_test(test_csv_cells_are_quoted_where_needed),
		cmocka_unit_test(test_width_counts_columns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
