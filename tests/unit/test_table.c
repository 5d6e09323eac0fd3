/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/intern.h"
#include "lineup/table.h"

#define KEYS 40000

/* The longest run of places taken, past the end and on at the start: no look-up takes longer. */
static size_t longest_run(const struct table *t)
{
	size_t longest = 0, run = 0;
	for (size_t i = 0; i < 2 * t->capacity && run <= t->capacity; i++) {
		run = t->slots[i & (t->capacity - 1)].key != 0 ? run + 1 : 0;
		longest = size_max(longest, run);
	}
	return longest;
}

static uint64_t inverse(uint64_t odd)
{
	uint64_t x = odd;
	for (int i = 0; i < 6; i++)
		x *= 2 - odd * x;
	return x;
}

/* The key that MurmurHash3's finalizer, without a seed, takes to this. */
static uint64_t key_at(uint64_t place)
{
	place ^= place >> 33;
	place *= inverse(0xc4ceb9fe1a85ec53ULL);
	place ^= place >> 33;
	place *= inverse(0xff51afd7ed558ccdULL);
	return place ^ (place >> 33);
}

static void test_keys_made_for_one_place_are_spread(void **state)
{
	(void)state;
	struct table t = { 0 };
	for (uint64_t i = 1; i <= KEYS; i++)
		*table_put(&t, key_at(i << 34)) = i;
	assert_int_equal(t.count, KEYS);
	assert_true(longest_run(&t) < 1000);
	for (uint64_t i = 1; i <= KEYS; i++)
		assert_int_equal(*table_get(&t, key_at(i << 34)), i);
	table_release(&t);
}

/* Half full and more, so that its first half, put in order into half as many places, overflows. */
static void test_a_table_filled_in_the_order_of_another_has_no_crowd(void **state)
{
	(void)state;
	struct table from = { 0 }, into = { 0 };
	for (uint64_t i = 1; i <= KEYS; i++)
		*table_put(&from, i * 0x9e3779b97f4a7c15ULL) = i;
	size_t cursor = 0, longest = 0;
	uint64_t key, *value;
	for (size_t n = 0; table_next(&from, &cursor, &key, &value); n++) {
		*table_put(&into, key) = *value;
		if (n % 100 == 0)
			longest = size_max(longest, longest_run(&into));
	}
	assert_int_equal(into.count, KEYS);
	assert_true(longest < 1000);
	table_release(&from);
	table_release(&into);
}

static void test_the_key_zero_is_one_as_any(void **state)
{
	(void)state;
	struct table t = { 0 };
	assert_null(table_get(&t, 0));
	*table_put(&t, 0) = 7;
	*table_put(&t, 5) = 8;
	assert_int_equal(*table_get(&t, 0), 7);
	assert_int_equal(t.count, 2);
	table_clear(&t);
	assert_null(table_get(&t, 0));
	assert_null(table_get(&t, 5));
	table_release(&t);
}

static void test_names_keep_the_numbers_of_their_coming(void **state)
{
	(void)state;
	struct intern names = { 0 };
	assert_int_equal(intern_add(&names, STR("b")), 0);
	assert_int_equal(intern_add(&names, STR("a")), 1);
	assert_int_equal(intern_add(&names, STR("b")), 0);
	assert_int_equal(intern_find(&names, STR("a")), 1);
	assert_true(intern_find(&names, STR("c")) == UINT32_MAX);
	/* Another hash than the one that everybody can work out. */
	assert_true(str_hash_of_run(STR("a")) != str_hash(STR("a")));
	assert_true(str_hash_of_run(STR("a")) == str_hash_of_run(STR("a")));
	intern_release(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_made_for_one_place_are_spread),
		cmocka_unit_test(test_a_table_filled_in_the_order_of_another_has_no_crowd),
		cmocka_unit_test(test_the_key_zero_is_one_as_any),
		cmocka_unit_test(test_names_keep_the_numbers_of_their_coming),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
