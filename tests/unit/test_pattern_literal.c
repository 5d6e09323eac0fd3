/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/pattern_literal.h"

static void check(const char *regex, size_t expected)
{
	struct term term = { .kind = TERM_REGEX, .text = str_from(regex) };
	struct pattern_literal literal = pattern_literal_of(&term);
	if (!literal.known || literal.longest != expected)
		fail_msg("%s: %zu bytes, not %zu", regex, literal.longest, expected);
}

static void test_the_longest_run_of_single_characters_counts(void **state)
{
	(void)state;
	check("disk full", 9);
	check("disk .* full at /var", 13);
	check("error \\d+ in pool", 8);
	check("a(bc)d", 4);
	check("a\\.b\\[c", 5);
	check("^abc$", 3);
	check("\\bcore\\b", 4);
}

static void test_letters_of_either_case_are_as_good(void **state)
{
	(void)state;
	check("(?i)Out of Memory", 13);
	check("[Tt]imeout", 7);
	check("[abc]imeout", 6);
}

static void test_of_alternatives_the_shortest_counts(void **state)
{
	(void)state;
	check("timeout|oom", 3);
	check("timeout|\\d+", 0);
	check("cannot (connect|bind) to", 14);
	check("cannot (connect|b.nd) to", 7);
}

static void test_what_may_be_left_out_is_not_counted(void **state)
{
	(void)state;
	check("(long text)?x", 1);
	check("ab*", 1);
	check("(abc)+", 3);
	check("(abc){2}", 6);
	check(".*", 0);
	check("x{3}", 3);
}

static void test_a_literal_counts_whole(void **state)
{
	(void)state;
	struct term term = { .kind = TERM_LITERAL, .text = STR("a.*b") };
	assert_int_equal(pattern_literal_of(&term).longest, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_longest_run_of_single_characters_counts),
		cmocka_unit_test(test_letters_of_either_case_are_as_good),
		cmocka_unit_test(test_of_alternatives_the_shortest_counts),
		cmocka_unit_test(test_what_may_be_left_out_is_not_counted),
		cmocka_unit_test(test_a_literal_counts_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
