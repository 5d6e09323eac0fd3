/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/utf8.h"

static bool is_surrogate(uint32_t c)
{
	return c >= 0xd800 && c < 0xe000;
}

static void test_every_character_is_read_as_it_was_written(void **state UNUSED)
{
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		char bytes[UTF8_BYTES_MAX];
		struct str text = str_of(bytes, utf8_encode(c, bytes));
		uint32_t read = utf8_take(&text);
		if (is_surrogate(c)) {
			assert_int_equal(read, UTF8_REPLACEMENT);
			continue;
		}
		assert_int_equal(read, c);
		assert_int_equal(text.len, 0);
	}
}

/* What is read as a character has those bytes and no others: no form of it is longer. */
static void test_no_other_bytes_are_read_as_a_character(void **state UNUSED)
{
	for (uint32_t n = 0; n < 1U << 24; n++) {
		/* of four bytes the last one says nothing that the third does not */
		char bytes[UTF8_BYTES_MAX] = { (char)(n >> 16), (char)(n >> 8), (char)n,
			(char)0x80 };
		char again[UTF8_BYTES_MAX];
		struct str text = str_of(bytes, sizeof(bytes));
		uint32_t c = utf8_take(&text);
		size_t taken = sizeof(bytes) - text.len;
		if (c == UTF8_REPLACEMENT)
			continue;
		assert_int_equal(utf8_encode(c, again), taken);
		assert_memory_equal(bytes, again, taken);
		assert_false(is_surrogate(c));
		assert_true(c <= 0x10ffff);
	}
}

static void test_what_is_cut_off_counts_once(void **state UNUSED)
{
	static const char *const cut[] = { "\xc3", "\xe2\x82", "\xf0\x9f\x94" };
	for (size_t i = 0; i < countof(cut); i++) {
		struct str text = str_from(cut[i]);
		assert_int_equal(utf8_take(&text), UTF8_REPLACEMENT);
		assert_int_equal(text.len, 0);
	}
}

static void test_a_head_holds_whole_characters(void **state UNUSED)
{
	static const struct {
		struct str text;
		size_t bytes;
		size_t kept;
	} cases[] = {
		{ { "abc", 3 }, 4, 3 },
		{ { "abc", 3 }, 2, 2 },
		{ { "abc", 3 }, 0, 0 },
		{ { "a\xc3\xa4z", 4 }, 2, 1 },
		{ { "a\xc3\xa4z", 4 }, 3, 3 },
		{ { "\xe2\x82\xac\xe2\x82\xac", 6 }, 5, 3 },
		{ { "\xe2\x82\xac\xe2\x82\xac", 6 }, 2, 0 },
		{ { "x\xf0\x9f\x94\xa5y", 6 }, 4, 1 },
		{ { "x\xf0\x9f\x94\xa5y", 6 }, 5, 5 },
		/* no characters: continuations alone, and a first byte that none follows */
		{ { "\x80\x80\x80\x80\x80\x80", 6 }, 5, 5 },
		{ { "ab\xc3zz", 5 }, 3, 3 },
	};
	for (size_t i = 0; i < countof(cases); i++)
		assert_int_equal(utf8_head(cases[i].text, cases[i].bytes).len, cases[i].kept);
}

static void test_columns_are_those_of_a_terminal(void **state UNUSED)
{
	assert_int_equal(utf8_width('a'), 1);
	assert_int_equal(utf8_width(0xfc), 1);	  /* u umlaut */
	assert_int_equal(utf8_width(0x301), 0);	  /* combining acute */
	assert_int_equal(utf8_width(0x6f22), 2);  /* a Han character */
	assert_int_equal(utf8_width(0x1f525), 2); /* fire */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_character_is_read_as_it_was_written),
		cmocka_unit_test(test_no_other_bytes_are_read_as_a_character),
		cmocka_unit_test(test_what_is_cut_off_counts_once),
		cmocka_unit_test(test_a_head_holds_whole_characters),
		cmocka_unit_test(test_columns_are_those_of_a_terminal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
