/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lineup/title.h"

static void assert_head(const char *text, size_t bytes, const char *head)
{
	struct str cut = title_head(str_from(text), bytes);
	char shown[128];
	snprintf(shown, sizeof(shown), "%.*s", STR_ARG(cut));
	assert_string_equal(shown, head);
}

static void test_a_text_is_cut_at_a_word(void **state UNUSED)
{
	assert_head("the order is torn", 40, "the order is torn");
	assert_head("the order is torn", 17, "the order is torn");
	assert_head("orders of the shop failed all day", 23, "orders of the shop");
	assert_head("orders of the shop failed all day", 25, "orders of the shop failed");
	assert_head("antidisestablishmentarianism", 10, "antidisest");
	assert_head("gr\xc3\xbc\xc3\x9f", 5, "gr\xc3\xbc");
}

static void test_a_clause_is_left_whole_where_one_ends_late(void **state UNUSED)
{
	assert_head(
		"pool master is not ready, retrying in a minute", 32, "pool master is not ready");
	assert_head("pool is torn (it was mended at noon)", 17, "pool is torn");
	assert_head("pool, torn and worn and never mended", 25, "pool, torn and worn");
}

static void test_nothing_hangs_at_the_end_of_a_cut(void **state UNUSED)
{
	assert_head("error pool master is not ready or so", 25, "error pool master");
	assert_head("the order could not be read anew", 24, "the order");
	assert_head("lock held: \"stock of the shop\"", 13, "lock held");
	assert_head("lock held \\\"stock of the shop\\\"", 12, "lock held");
	assert_head("is not the one that it was", 8, "is");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_text_is_cut_at_a_word),
		cmocka_unit_test(test_a_clause_is_left_whole_where_one_ends_late),
		cmocka_unit_test(test_nothing_hangs_at_the_end_of_a_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
