/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lineup/line_ends.h"

/* Past what one lane of eight bits counts to, in steps of 64 bytes, and a rest. */
#define TEXT_BYTES (3 * 255 * 64 + 61)

static void expect(const char *text, size_t len, size_t feeds, bool returns)
{
	struct line_ends wide = line_ends_count(str_of(text, len));
	struct line_ends narrow = line_ends_count_portable(str_of(text, len));
	assert_int_equal(wide.feeds, feeds);
	assert_int_equal(narrow.feeds, feeds);
	assert_int_equal(wide.returns, returns);
	assert_int_equal(narrow.returns, returns);
}

static void test_ends_are_counted_at_every_length(void **state UNUSED)
{
	static char text[TEXT_BYTES];
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 3 == 0 ? '\n' : 'x';
	for (size_t len = 0; len <= sizeof(text); len += len < 600 ? 1 : 97)
		expect(text, len, (len + 2) / 3, false);
	memset(text, '\n', sizeof(text));
	expect(text, sizeof(text), sizeof(text), false);
}

static void test_one_return_is_seen_wherever_it_stands(void **state UNUSED)
{
	char text[300];
	memset(text, 'x', sizeof(text));
	expect(text, sizeof(text), 0, false);
	for (size_t i = 0; i < sizeof(text); i++) {
		text[i] = '\r';
		expect(text, sizeof(text), 0, true);
		expect(text, i, 0, false);
		text[i] = 'x';
	}
}

static void test_nothing_has_no_ends(void **state UNUSED)
{
	expect("", 0, 0, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends_are_counted_at_every_length),
		cmocka_unit_test(test_one_return_is_seen_wherever_it_stands),
		cmocka_unit_test(test_nothing_has_no_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
