/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/words.h"

static void test_a_word_stands_by_itself_in_either_case(void **state)
{
	(void)state;
	assert_true(holds_word(STR("lock held by inventory-sync"), STR("inventory-sync"), "_-"));
	assert_true(holds_word(STR("Redis: gone"), STR("redis"), ""));
	assert_true(holds_word(STR("redis"), STR("REDIS"), ""));
	assert_false(holds_word(STR("rediscovered"), STR("redis"), ""));
	assert_false(holds_word(STR("predis"), STR("redis"), ""));
	assert_false(holds_word(STR("redis7 gone"), STR("redis"), ""));
}

static void test_what_joins_words_is_asked_for(void **state)
{
	(void)state;
	assert_true(holds_word(STR("stock-db is slow"), STR("stock"), ""));
	assert_false(holds_word(STR("stock-db is slow"), STR("stock"), "_-"));
	assert_false(holds_word(STR("timeout=30"), STR("timeout"), "_=(/"));
	assert_true(holds_word(STR("timeout: 30"), STR("timeout"), "_=(/"));
}

/* One that is part of a longer word hides no later one. */
static void test_every_place_is_looked_at(void **state)
{
	(void)state;
	assert_true(holds_word(STR("stocks, stock"), STR("stock"), "_-"));
	assert_true(holds_word(STR("a timed out b"), STR("timed out"), ""));
	assert_false(holds_word(STR("sto"), STR("stock"), ""));
	assert_false(holds_word(STR("any"), STR(""), ""));
	assert_false(holds_word(STR_NONE, STR("stock"), ""));
	assert_true(holds_word(str_of("x\0stock", 7), STR("stock"), "_-"));
}

static void test_one_of_several_is_enough(void **state)
{
	(void)state;
	static const char *const words[] = { "timed out", "refused", "5 tries", "etimedout" };
	assert_true(holds_any_word(STR("Refused"), words, countof(words), "_"));
	assert_true(
		holds_any_word(STR("it timed outside, it Timed Out"), words, countof(words), ""));
	assert_true(holds_any_word(STR("after 5 tries"), words, countof(words), ""));
	assert_true(holds_any_word(STR("code=ETIMEDOUT."), words, countof(words), "_"));
	assert_false(holds_any_word(STR("code=ETIMEDOUT."), words, countof(words), "="));
	assert_false(holds_any_word(STR("15 tries, u5 tries"), words, countof(words), ""));
	assert_false(holds_any_word(STR("refuse"), words, countof(words), ""));
	assert_false(holds_any_word(STR("unrefused timed"), words, countof(words), ""));
	assert_false(holds_any_word(STR("refused"), words, 1, ""));
	assert_false(holds_any_word(STR("refused"), words, 0, ""));
	assert_false(holds_any_word(STR_NONE, words, countof(words), ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_word_stands_by_itself_in_either_case),
		cmocka_unit_test(test_what_joins_words_is_asked_for),
		cmocka_unit_test(test_every_place_is_looked_at),
		cmocka_unit_test(test_one_of_several_is_enough),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
