/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lineup/troubles.h"

static void add(struct troubles *t, enum trouble_kind kind, uint32_t first, uint32_t count)
{
	for (uint32_t i = first; i < first + count; i++)
		troubles_add(t, kind, i, 0, STR("a"), "number %u", i);
}

static void test_what_is_past_the_limit_is_counted(void **state UNUSED)
{
	struct troubles t = { 0 };
	add(&t, TROUBLE_SKIPPED, 0, 1500);
	add(&t, TROUBLE_DAMAGED, 2000, 1);
	troubles_sort(&t);
	assert_int_equal(t.count, 1002);
	assert_int_equal(t.items[1000].kind, TROUBLE_DAMAGED);
	assert_true(str_starts(t.items[1001].reason, STR("500 more")));
	troubles_release(&t);
}

/* Whoever came upon them, and when: the first in order are listed, of each kind. */
static void test_which_are_listed_does_not_depend_on_their_coming(void **state UNUSED)
{
	enum { TROUBLES = 7000 };
	for (size_t workers = 1; workers <= 5; workers++) {
		struct troubles lists[5] = { { .count = 0 } };
		for (uint32_t i = 0; i < TROUBLES; i++) {
			uint32_t input = i * 2741 % TROUBLES; /* each once, in no order */
			enum trouble_kind kind =
				input % 3 == 0 ? TROUBLE_SKIPPED : TROUBLE_UNREADABLE;
			troubles_add(&lists[i / 7 % workers], kind, input, 0, STR("a"), "number %u",
				input);
		}
		for (size_t i = 1; i < workers; i++) {
			troubles_join(&lists[0], &lists[i]);
			troubles_release(&lists[i]);
		}
		troubles_sort(&lists[0]);
		assert_int_equal(lists[0].count, 2002);
		for (uint32_t i = 0; i < 1500; i++)
			assert_int_equal(lists[0].items[i].input, i);
		assert_int_equal(lists[0].items[1999].input, 2997);
		assert_true(str_equal(lists[0].items[1999].reason, STR("number 2997")));
		assert_true(str_starts(lists[0].items[2000].reason, STR("1334 more")));
		assert_true(str_starts(lists[0].items[2001].reason, STR("3666 more")));
		troubles_release(&lists[0]);
	}
}

/* The list of a scan is sorted before what came up beside it joins in. */
static void test_sorted_lists_join_and_count_once(void **state UNUSED)
{
	struct troubles t = { 0 }, more = { 0 };
	add(&t, TROUBLE_SKIPPED, 100, 1500);
	add(&more, TROUBLE_SKIPPED, 0, 1010);
	troubles_sort(&t);
	troubles_sort(&more);
	troubles_join(&t, &more);
	troubles_sort(&t);
	assert_int_equal(t.count, 1001);
	assert_int_equal(t.items[0].input, 0);
	assert_true(str_starts(t.items[1000].reason, STR("1510 more")));
	troubles_release(&more);
	troubles_release(&t);
}

static void test_only_what_is_no_log_leaves_a_scan_whole(void **state UNUSED)
{
	struct troubles t = { 0 }, whole = { 0 };
	add(&whole, TROUBLE_SKIPPED, 0, 2000);
	assert_false(whole.incomplete);
	add(&t, TROUBLE_LIMITED, 0, 1);
	assert_true(t.incomplete);
	troubles_join(&whole, &t);
	assert_true(whole.incomplete);
	troubles_release(&whole);
	troubles_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_past_the_limit_is_counted),
		cmocka_unit_test(test_which_are_listed_does_not_depend_on_their_coming),
		cmocka_unit_test(test_sorted_lists_join_and_count_once),
		cmocka_unit_test(test_only_what_is_no_log_leaves_a_scan_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
