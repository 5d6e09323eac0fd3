/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "lineup/source_trusts.h"

enum { MEMBERS = 700, ROUNDS = 3, KEPT = 60 };

/* Every member is met in each round, by one worker or another, in no order. */
static void collect(struct source_trusts *out, size_t workers)
{
	struct source_trusts lists[5] = { { .limit = 0 } };
	for (size_t i = 0; i < workers; i++)
		lists[i].limit = KEPT;
	for (uint32_t i = 0; i < MEMBERS * ROUNDS; i++) {
		uint32_t number = i * 397 % MEMBERS;
		char place[16];
		snprintf(place, sizeof(place), "%u.log", number);
		struct source_trust one = { .input = number / 10,
			.sequence = number % 10,
			.place = str_from(place),
			.note = STR("no year"),
			.trust = { .undated_lines = number + 1, .future_lines = 1 } };
		source_trusts_add(&lists[(size_t)i / 3 % workers], &one);
	}
	for (size_t i = 1; i < workers; i++) {
		source_trusts_join(&lists[0], &lists[i]);
		source_trusts_release(&lists[i]);
	}
	source_trusts_finish(&lists[0]);
	*out = lists[0];
}

static void test_which_members_are_told_apart_does_not_depend_on_who_read_them(void **state UNUSED)
{
	for (size_t workers = 1; workers <= 5; workers++) {
		struct source_trusts t;
		uint64_t undated = 0;
		collect(&t, workers);
		assert_int_equal(t.count, KEPT);
		for (uint32_t i = 0; i < KEPT; i++) {
			const struct source_trust *item = &t.items[i];
			assert_int_equal(item->input * 10 + item->sequence, i);
			assert_int_equal(item->trust.undated_lines, ROUNDS * (i + 1));
			assert_true(str_equal(item->note, STR("no year")));
			undated += item->trust.undated_lines;
		}
		assert_true(str_equal(t.items[59].place, STR("59.log")));
		assert_int_equal(
			undated + t.others.undated_lines, ROUNDS * MEMBERS * (MEMBERS + 1) / 2);
		assert_int_equal(t.others.future_lines, ROUNDS * (MEMBERS - KEPT));
		source_trusts_release(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_which_members_are_told_apart_does_not_depend_on_who_read_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
