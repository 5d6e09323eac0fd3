/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lineup/line_mask.h"
#include "lineup/line_memo.h"

#define ROOM (LINE_MASK_BYTES + LINE_MASK_PADDING)

static void check(const char *line, const char *masked)
{
	char in[ROOM] = { 0 }, out[ROOM];
	memcpy(in, line, strlen(line));
	line_mask(str_of(in, strlen(line)), out);
	for (size_t i = 0; i < strlen(line); i++)
		out[i] = out[i] == LINE_MASK_ID ? '*' : out[i];
	out[strlen(line)] = '\0';
	assert_string_equal(out, masked);
}

static void test_digits_are_masked_one_by_one(void **state)
{
	(void)state;
	check("2026-11-09T17:00:06Z took 5012 ms", "0000-00-00T00:00:00Z took 0000 ms");
	check("", "");
	check("no number", "no number");
}

static void test_ids_are_masked_with_their_letters(void **state)
{
	(void)state;
	check("id=3f2a9c81 next", "id=******** next");
	check("550e8400-e29b-41d4-a716-446655440000", "********-****-****-****-************");
	check("(deadbeef01)", "(**********)");
	check("-1f2e3d4c-", "-********-");
}

static void test_words_that_only_look_like_ids_stay(void **state)
{
	(void)state;
	check("deadbeef", "deadbeef");	 /* no digit */
	check("12345678", "00000000");	 /* no letter */
	check("a1234567", "a0000000");	 /* one letter */
	check("3f2a9c8", "0f0a0c0");	 /* too short */
	check("x3f2a9c81", "x0f0a0c00"); /* begins within a word */
	check("3f2a9c81z", "0f0a0c00z"); /* ends within one */
	check("3f2a9c81_", "0f0a0c00_");
	check("3F2A9C81", "0F0A0C00"); /* upper case */
}

static void test_vectors_say_what_bytes_say(void **state)
{
	(void)state;
	static const char letters[] = "0123456789abcdef--gG_ .:\xc3\xff";
	uint64_t seed = 1;
	char line[ROOM], fast[ROOM], slow[ROOM];
	for (int round = 0; round < 40000; round++) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		size_t len = (seed >> 33) % (round % 8 == 0 ? LINE_MASK_BYTES + 1 : 150);
		unsigned kinds = round % 3 == 0 ? sizeof(letters) - 1 : round % 3 == 1 ? 18 : 20;
		for (size_t i = 0; i < sizeof(line); i++) {
			seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
			line[i] = letters[(seed >> 33) % kinds];
		}
		line_mask(str_of(line, len), fast);
		line_mask_portable(str_of(line, len), slow);
		assert_memory_equal(fast, slow, len);
	}
}

static void test_a_memo_knows_lines_of_one_form_and_tells_others_apart(void **state)
{
	(void)state;
	char text[ROOM] = "took 15 ms\ntook 27 ms\ntook 5 ms\n\ntook 99 ms";
	struct line_memo memo;
	struct scan_lines lines = { .items = NULL };
	line_memo_init(&memo);
	assert_true(line_memo_find(&memo, str_of(text, strlen(text)), &lines));
	assert_int_equal(lines.count, 5);
	assert_ptr_equal(lines.items[0].form, lines.items[1].form);
	assert_ptr_equal(lines.items[0].form, lines.items[4].form);
	assert_ptr_not_equal(lines.items[0].form, lines.items[2].form);
	assert_int_equal(lines.items[2].start, 22);
	assert_int_equal(lines.items[2].end, 31);
	assert_int_equal(lines.items[3].start, lines.items[3].end);
	static const uint32_t terms[] = { 3, 1 };
	line_memo_set_terms(&memo, lines.items[0].form, terms, 1, 1);
	assert_true(line_memo_find(&memo, str_of(text, strlen(text)), &lines));
	assert_int_equal(lines.items[1].form->terms[0], 3);
	assert_int_equal(lines.items[1].form->check_count, 1);
	assert_false(lines.items[2].form->matched);
	scan_lines_release(&lines);
	line_memo_release(&memo);
}

static void test_a_memo_tells_forms_of_one_key_apart(void **state)
{
	(void)state;
	/* letters of runs are no part of the key, and so many forms are not tried */
	char text[ROOM] = "aa 1\nbb 2\naa 3\ncc 1\ndd 1\nee 1\naa 4\nff 1\nbb 5";
	struct line_memo memo;
	struct scan_lines lines = { .items = NULL };
	line_memo_init(&memo);
	assert_true(line_memo_find(&memo, str_of(text, strlen(text)), &lines));
	assert_int_equal(lines.count, 9);
	assert_non_null(lines.items[0].form);
	assert_ptr_not_equal(lines.items[0].form, lines.items[1].form);
	assert_ptr_equal(lines.items[0].form, lines.items[2].form);
	assert_non_null(lines.items[4].form);
	assert_null(lines.items[5].form);
	assert_ptr_equal(lines.items[0].form, lines.items[6].form);
	assert_null(lines.items[7].form);
	assert_ptr_equal(lines.items[1].form, lines.items[8].form);
	scan_lines_release(&lines);
	line_memo_release(&memo);
}

static void test_a_memo_rests_where_lines_do_not_repeat(void **state)
{
	(void)state;
	enum { LINES = 10000 };
	char *text = malloc(LINES * 40 + ROOM);
	size_t len = 0;
	/* twenty letters a line, which spell its number */
	for (int i = 0; i < LINES; i++) {
		for (int k = 0; k < 19; k++)
			text[len++] = "gjhk"[(i >> (k % 14) & 1) + k % 2 * 2];
		text[len++] = '\n';
	}
	struct line_memo memo;
	struct scan_lines lines = { .items = NULL };
	line_memo_init(&memo);
	assert_true(line_memo_find(&memo, str_of(text, len), &lines));
	assert_false(line_memo_find(&memo, str_of(text, len), &lines));
	scan_lines_release(&lines);
	line_memo_release(&memo);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digits_are_masked_one_by_one),
		cmocka_unit_test(test_ids_are_masked_with_their_letters),
		cmocka_unit_test(test_words_that_only_look_like_ids_stay),
		cmocka_unit_test(test_vectors_say_what_bytes_say),
		cmocka_unit_test(test_a_memo_knows_lines_of_one_form_and_tells_others_apart),
		cmocka_unit_test(test_a_memo_tells_forms_of_one_key_apart),
		cmocka_unit_test(test_a_memo_rests_where_lines_do_not_repeat),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
