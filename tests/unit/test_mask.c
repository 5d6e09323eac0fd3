/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lineup/mask.h"

static void assert_template(const char *line, const char *expected)
{
	struct buf out = BUF_INIT(4096);
	mask_text(str_from(line), &out);
	buf_append_byte(&out, '\0');
	assert_string_equal(out.ptr, expected);
	buf_release(&out);
}

static void test_words_with_digits_become_one_hole(void **state)
{
	(void)state;
	assert_template("took 5012 ms", "took <*> ms");
	assert_template("pool 50/50 busy", "pool <*> busy");
	assert_template("from 10.0.0.1:8080 to host", "from <*> to host");
	assert_template("ids [1, 2, 3] done", "ids [<*>] done");
	assert_template("req-1b2c3d4e-cafe-4000-beef-0123456789ab ok", "req-<*> ok");
	assert_template("token deadbeef seen", "token <*> seen");
	assert_template("a decade of beef", "a decade of beef");
	assert_template("", "");
	assert_template("...", "...");
}

static void test_names_in_dates_are_as_variable_as_their_numbers(void **state)
{
	(void)state;
	assert_template("date:\"Sun, 29 Jan 2023 10:04:34 GMT\", ok", "date:\"<*>\", ok");
	assert_template("date:\"Tue, 7 Mar 2023 10:04:34 GMT\", ok", "date:\"<*>\", ok");
	assert_template("until Mon Jan 30 13:15:43 CET 2023.", "until <*>.");
	assert_template("until Thu Aug  3 13:15:43 CEST 2023.", "until <*>.");
	assert_template("valid from 30-JAN-23 12:01:02 AM on", "valid from <*> on");
	assert_template("[29/Jan/2023:10:04:34 +0000] GET", "[<*>] GET");
	assert_template("due Wednesday, March 1", "due <*>");
	/* no date, but words */
	assert_template("the Sun shines in May", "the Sun shines in May");
	assert_template("may 5 of them fail", "may <*> of them fail");
	assert_template("Sat down, then 5 left", "Sat down, then <*> left");
	assert_template("PM is out, 5 tries", "PM is out, <*> tries");
}

static void test_equal_keys_mean_equal_templates(void **state)
{
	(void)state;
	static const char *const parts[] = { "took ", "5", "12", "a1", "-", " ", "beef", "ms", "=",
		"\xc3\xa9", "abcdefabcdef", "connection refused by upstream ",
		"0123456789abcdef0123456789abcdef", "_", "Sun, ", "Jan", " GMT", " PM" };
	enum { LINES = 4000 };
	uint64_t *keys = calloc(LINES, sizeof(*keys));
	struct buf *texts = calloc(LINES, sizeof(*texts));
	uint64_t seed = 42;
	for (size_t i = 0; i < LINES; i++) {
		struct buf line = BUF_INIT(0);
		for (size_t n = 0; n < 3 + i % 17; n++) {
			seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
			buf_append(&line, str_from(parts[(seed >> 33) % countof(parts)]));
		}
		keys[i] = mask_key(buf_str(&line));
		mask_text(buf_str(&line), &texts[i]);
		buf_release(&line);
	}
	size_t same = 0;
	for (size_t i = 0; i < LINES; i++) {
		for (size_t j = i + 1; j < LINES; j++) {
			if (keys[i] == keys[j]) {
				same++;
				assert_true(str_equal(buf_str(&texts[i]), buf_str(&texts[j])));
			}
		}
	}
	assert_true(same > 0);
	for (size_t i = 0; i < LINES; i++)
		buf_release(&texts[i]);
	free(texts);
	free(keys);
}

static void test_lines_that_differ_in_digits_share_a_key(void **state)
{
	(void)state;
	struct str a = STR("GET /orders/1234 took 17 ms for user u77 with a long tail of words "
			   "behind it 0a1b2c");
	struct str b = STR("GET /orders/9876 took 99 ms for user u12 with a long tail of words "
			   "behind it 9f8e7d");
	struct str c = STR("PUT /orders/9876 took 99 ms for user u12 with a long tail of words "
			   "behind it 9f8e7d");
	assert_int_equal(mask_key(a), mask_key(b));
	assert_int_not_equal(mask_key(a), mask_key(c));
	assert_int_not_equal(mask_key(str_head(a, 20)), mask_key(str_head(a, 21)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_with_digits_become_one_hole),
		cmocka_unit_test(test_names_in_dates_are_as_variable_as_their_numbers),
		cmocka_unit_test(test_equal_keys_mean_equal_templates),
		cmocka_unit_test(test_lines_that_differ_in_digits_share_a_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
