/* SPDX-License-Identifier: MIT */
/*
 * A hash table of 64-bit keys to 64-bit values, open addressing with linear probing. Made for the
 * counts of the scan: a look-up of a key that was there before is one or two cache lines. Keys are
 * well mixed by the table itself. One thread at a time; any number may read while none writes.
 */
#ifndef LINEUP_TABLE_H
#define LINEUP_TABLE_H

#include "lineup/base.h"

struct table_slot {
	uint64_t key;
	uint64_t value;
};

struct table {
	struct table_slot *slots;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
	bool has_zero; /* the key 0 marks free slots; its own value stands apart */
	uint64_t zero_value;
};

/* A zeroed struct is ready; release frees all and makes it so again. */
void table_release(struct table *);
void table_clear(struct table *);

/* The value's place, or NULL; valid until the next table_put. */
uint64_t *table_get(const struct table *, uint64_t key);

/* The value's place, made (with value 0) when new; valid until the next table_put. */
uint64_t *table_put(struct table *, uint64_t key);

/* Visits all: start with *cursor = 0; false at the end. The order is not defined: sort what you
 * take out before it reaches the output. */
bool table_next(const struct table *, size_t *cursor, uint64_t *key, uint64_t **value);

#endif
