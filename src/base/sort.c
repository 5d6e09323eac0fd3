/* SPDX-License-Identifier: MIT */
#include "lineup/sort.h"

#include "lineup/mem.h"

/*
 * A radix sort by the upper bits of what the keys differ in, least digit first, 8 bytes an item;
 * the few whose upper bits are equal are then put in order by comparing. Times of a day in
 * nanoseconds differ in 47 bits: all of them would be two passes more.
 */
#define DIGIT_BITS 11
#define DIGITS	   3

struct item {
	uint32_t upper;
	uint32_t index;
};

static void sort_by_digit(const struct item *from, struct item *to, uint32_t count, unsigned shift)
{
	uint32_t starts[1U << DIGIT_BITS] = { 0 }, sum = 0, mask = (1U << DIGIT_BITS) - 1;
	for (uint32_t i = 0; i < count; i++)
		starts[from[i].upper >> shift & mask]++;
	for (uint32_t i = 0; i <= mask; i++) {
		uint32_t n = starts[i];
		starts[i] = sum;
		sum += n;
	}
	for (uint32_t i = 0; i < count; i++)
		to[starts[from[i].upper >> shift & mask]++] = from[i];
}

struct keyed {
	uint64_t key;
	uint32_t index;
};

static int by_key_then_index(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* So many indices, whose keys have the same upper bits. */
static void sort_equals(const uint64_t *keys, uint32_t *order, uint32_t count)
{
	struct keyed few[SORT_FEW];
	struct keyed *all = count <= SORT_FEW ? few : mem_alloc(count * sizeof(*all));
	for (uint32_t i = 0; i < count; i++)
		all[i] = (struct keyed){ keys[order[i]], order[i] };
	sort_few(all, count, by_key_then_index);
	for (uint32_t i = 0; i < count; i++)
		order[i] = all[i].index;
	if (all != few)
		free(all);
}

void sort_by_key(const uint64_t *keys, uint32_t count, uint32_t *order)
{
	struct item *items = mem_alloc(2 * (size_t)count * sizeof(*items) + 1);
	struct item *from = items, *to = items + count;
	uint64_t least = UINT64_MAX, most = 0;
	unsigned dropped = 0;
	for (uint32_t i = 0; i < count; i++) {
		least = keys[i] < least ? keys[i] : least;
		most = keys[i] > most ? keys[i] : most;
	}
	uint64_t span = count > 0 ? most - least : 0;
	while (span >> dropped > UINT32_MAX)
		dropped++;
	for (uint32_t i = 0; i < count; i++)
		from[i] = (struct item){ (uint32_t)((keys[i] - least) >> dropped), i };
	for (unsigned digit = 0; digit < DIGITS; digit++) {
		if (span >> dropped >> (digit * DIGIT_BITS) == 0)
			break;
		sort_by_digit(from, to, count, digit * DIGIT_BITS);
		struct item *other = from;
		from = to;
		to = other;
	}
	for (uint32_t i = 0; i < count; i++)
		order[i] = from[i].index;
	for (uint32_t i = 0, end; i < count && dropped > 0; i = end) {
		end = i + 1;
		while (end < count && from[end].upper == from[i].upper)
			end++;
		if (end > i + 1)
			sort_equals(keys, order + i, end - i);
	}
	free(items);
}

static int by_double(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

void sort_doubles(double *numbers, size_t count)
{
	if (count > 1)
		qsort(numbers, count, sizeof(*numbers), by_double);
}

static int by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

void sort_times(int64_t *times, size_t count)
{
	if (count > 1)
		qsort(times, count, sizeof(*times), by_time);
}

static int by_plain_key(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/* One of 256 parts of the keys after the other, by the highest byte in which they differ. */
uint64_t sort_nth(uint64_t *keys, size_t count, size_t nth)
{
	while (count > SORT_FEW) {
		size_t counts[256] = { 0 }, part = 0, kept = 0;
		uint64_t differ = 0;
		for (size_t i = 1; i < count; i++)
			differ |= keys[i] ^ keys[0];
		if (differ == 0)
			return keys[0];
		unsigned top = 63U - (unsigned)__builtin_clzll(differ),
			 shift = top < 8 ? 0 : top - 7;
		for (size_t i = 0; i < count; i++)
			counts[keys[i] >> shift & 0xff]++;
		for (; nth >= counts[part]; part++)
			nth -= counts[part];
		for (size_t i = 0; i < count; i++) {
			if ((keys[i] >> shift & 0xff) == part)
				keys[kept++] = keys[i];
		}
		count = kept;
	}
	sort_few(keys, count, by_plain_key);
	return keys[nth];
}

double sort_median(double *numbers, size_t count)
{
	sort_doubles(numbers, count);
	return (numbers[(count - 1) / 2] + numbers[count / 2]) / 2;
}
