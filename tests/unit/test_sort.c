/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lineup/sort.h"

#define COUNT 20000

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void check_order(const uint64_t *keys, uint32_t count)
{
	uint32_t *order = malloc((count + 1) * sizeof(*order));
	bool *seen = calloc(count + 1, sizeof(*seen));
	sort_by_key(keys, count, order);
	for (uint32_t i = 0; i < count; i++) {
		assert_true(order[i] < count);
		assert_false(seen[order[i]]);
		seen[order[i]] = true;
		if (i == 0)
			continue;
		uint64_t before = keys[order[i - 1]], now = keys[order[i]];
		assert_true(before < now || (before == now && order[i - 1] < order[i]));
	}
	free(order);
	free(seen);
}

static void test_keys_of_every_width_are_put_in_order(void **state)
{
	(void)state;
	static uint64_t keys[COUNT];
	uint64_t random = 88172645463325252ULL;
	for (unsigned bits = 0; bits < 64; bits++) {
		for (size_t i = 0; i < COUNT; i++)
			keys[i] = next_random(&random) >> bits;
		check_order(keys, COUNT);
	}
	check_order(keys, 0);
	check_order(keys, 1);
}

/* Many share all bits that are sorted by: one far off makes these the upper ones. */
static void test_keys_that_differ_in_low_bits_alone_are_put_in_order(void **state)
{
	(void)state;
	static uint64_t keys[COUNT];
	uint64_t random = 362436069;
	for (size_t i = 0; i < COUNT; i++)
		keys[i] = (i % 10 < 9 ? 1 : UINT64_MAX / 2) + (next_random(&random) & 1023);
	keys[COUNT / 2] = UINT64_MAX;
	check_order(keys, COUNT);
}

static void test_signed_numbers_keep_their_order_as_keys(void **state)
{
	(void)state;
	static const int64_t numbers[] = { INT64_MIN, -5, -1, 0, 1, 7, INT64_MAX };
	for (size_t i = 0; i < countof(numbers); i++) {
		assert_true(i == 0 || sort_key_of(numbers[i - 1]) < sort_key_of(numbers[i]));
		assert_true(sort_time_of(sort_key_of(numbers[i])) == numbers[i]);
	}
}

struct pair {
	int key;
	int place;
};

static int by_key(const void *a, const void *b)
{
	return ((const struct pair *)a)->key - ((const struct pair *)b)->key;
}

static void test_few_and_many_items_are_sorted_and_equals_keep_their_order(void **state)
{
	(void)state;
	struct pair items[3 * SORT_FEW];
	uint64_t random = 521288629;
	for (int count = 0; count <= (int)countof(items); count++) {
		for (int i = 0; i < count; i++)
			items[i] = (struct pair){ (int)(next_random(&random) % 7), i };
		sort_few(items, (size_t)count, by_key);
		for (int i = 1; i < count; i++) {
			assert_true(items[i - 1].key <= items[i].key);
			if (items[i - 1].key == items[i].key)
				assert_true(items[i - 1].place < items[i].place);
		}
	}
}

static void test_the_middle_of_numbers_is_that_of_their_order(void **state)
{
	(void)state;
	double odd[] = { 3, -1, 2 }, even[] = { 4, 1, 3, 2 }, one[] = { 7 };
	int64_t times[] = { 5, INT64_MAX, INT64_MIN, 0 };
	assert_true(sort_median(odd, 3) == 2);
	assert_true(odd[0] == -1 && odd[2] == 3);
	assert_true(sort_median(even, 4) == 2.5);
	assert_true(sort_median(one, 1) == 7);
	sort_times(times, 4);
	assert_true(
		times[0] == INT64_MIN && times[1] == 0 && times[2] == 5 && times[3] == INT64_MAX);
}

static void test_the_key_at_a_place_is_found_without_sorting(void **state)
{
	(void)state;
	static uint64_t keys[3000], copy[3000];
	uint64_t random = 88172645463325252;
	for (size_t count = 1; count <= countof(keys); count = count * 3 / 2 + 1) {
		for (unsigned bits = 0; bits <= 64; bits += 8) {
			for (size_t i = 0; i < count; i++)
				keys[i] = bits == 0 ? 9 : next_random(&random) >> (64 - bits);
			for (size_t nth = 0; nth < count; nth += 1 + count / 7) {
				size_t below = 0, equal = 0;
				memcpy(copy, keys, sizeof(copy));
				uint64_t found = sort_nth(copy, count, nth);
				for (size_t i = 0; i < count; i++) {
					below += keys[i] < found;
					equal += keys[i] == found;
				}
				assert_true(below <= nth && nth < below + equal);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_of_every_width_are_put_in_order),
		cmocka_unit_test(test_keys_that_differ_in_low_bits_alone_are_put_in_order),
		cmocka_unit_test(test_signed_numbers_keep_their_order_as_keys),
		cmocka_unit_test(test_the_middle_of_numbers_is_that_of_their_order),
		cmocka_unit_test(test_the_key_at_a_place_is_found_without_sorting),
		cmocka_unit_test(test_few_and_many_items_are_sorted_and_equals_keep_their_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
