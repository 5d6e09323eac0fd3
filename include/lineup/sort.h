/* SPDX-License-Identifier: MIT */
/*
 * Sorts of numbers, and two that are faster than qsort where they fit: of a few items, and of many
 * by a number, both stable. No state; any thread.
 */
#ifndef LINEUP_SORT_H
#define LINEUP_SORT_H

#include <stdlib.h>

#include "lineup/base.h"

#define SORT_FEW 32 /* of more items qsort is as good */

/* As qsort(items, count, sizeof(*items), compare): the compiler sees what compare does. */
#define sort_few(items, count, compare)                                                            \
	do {                                                                                       \
		__typeof__(&(items)[0]) items_ = (items);                                          \
		size_t count_ = (count);                                                           \
		for (size_t i_ = 1; i_ < count_ && count_ <= SORT_FEW; i_++) {                     \
			__typeof__(items_[0]) item_ = items_[i_];                                  \
			size_t at_ = i_;                                                           \
			for (; at_ > 0 && compare(&item_, &items_[at_ - 1]) < 0; at_--)            \
				items_[at_] = items_[at_ - 1];                                     \
			items_[at_] = item_;                                                       \
		}                                                                                  \
		if (count_ > SORT_FEW)                                                             \
			qsort(items_, count_, sizeof(*items_), compare);                           \
	} while (0)

/* Fills order with the indices of keys, those of equal keys in ascending order. */
void sort_by_key(const uint64_t *keys, uint32_t count, uint32_t *order);

/* Numbers in ascending order, in place. */
void sort_doubles(double *, size_t count);
void sort_times(int64_t *, size_t count);

/* The key that would be at this place if they were in ascending order; leaves them in another
 * order, and some more than once. In linear time. */
uint64_t sort_nth(uint64_t *keys, size_t count, size_t nth);

/* The middle of numbers, of an even count the mean of both; sorts them. At least one. */
double sort_median(double *, size_t count);

/* An int64_t as a key of the same order. */
static inline uint64_t sort_key_of(int64_t x)
{
	return (uint64_t)x ^ UINT64_C(1) << 63;
}

/* And back. */
static inline int64_t sort_time_of(uint64_t key)
{
	return (int64_t)(key ^ UINT64_C(1) << 63);
}

#endif
