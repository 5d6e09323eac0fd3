/* SPDX-License-Identifier: MIT */
#include "lineup/table.h"

#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"
#include "lineup/seed.h"

#define FIRST_CAPACITY 64

/*
 * The finalizer of MurmurHash3: every bit of the key moves every bit of the place. The seed keeps
 * places from being foretold. Where the slots lie goes in too: so no two tables have one order, and
 * one that is filled in the order of another does not fill its beginning first, where each key
 * would find the places taken.
 */
static uint64_t place(const struct table *t, uint64_t key)
{
	key = (key ^ seed_words[SEED_TABLE]) + (uintptr_t)t->slots;
	key ^= key >> 33;
	key *= 0xff51afd7ed558ccdULL;
	key ^= key >> 33;
	key *= 0xc4ceb9fe1a85ec53ULL;
	return key ^ (key >> 33);
}

void table_release(struct table *t)
{
	free(t->slots);
	*t = (struct table){ 0 };
}

void table_clear(struct table *t)
{
	if (t->slots != NULL)
		memset(t->slots, 0, t->capacity * sizeof(*t->slots));
	t->count = 0;
	t->has_zero = false;
}

static struct table_slot *find(const struct table *t, uint64_t key)
{
	size_t mask = t->capacity - 1;
	size_t at = (size_t)place(t, key) & mask;
	while (t->slots[at].key != 0 && t->slots[at].key != key)
		at = (at + 1) & mask;
	return &t->slots[at];
}

uint64_t *table_get(const struct table *t, uint64_t key)
{
	if (key == 0)
		return t->has_zero ? (uint64_t *)&t->zero_value : NULL;
	if (t->capacity == 0)
		return NULL;
	struct table_slot *slot = find(t, key);
	return slot->key == key ? &slot->value : NULL;
}

static void grow(struct table *t)
{
	struct table old = *t;
	t->capacity = old.capacity == 0 ? FIRST_CAPACITY : old.capacity * 2;
	t->slots = mem_zalloc(t->capacity, sizeof(*t->slots));
	for (size_t i = 0; i < old.capacity; i++) {
		if (old.slots[i].key != 0)
			*find(t, old.slots[i].key) = old.slots[i];
	}
	free(old.slots);
}

uint64_t *table_put(struct table *t, uint64_t key)
{
	if (key == 0) {
		if (!t->has_zero) {
			t->has_zero = true;
			t->zero_value = 0;
			t->count++;
		}
		return &t->zero_value;
	}
	if (t->count * 4 >= t->capacity * 3)
		grow(t);
	struct table_slot *slot = find(t, key);
	if (slot->key == 0) {
		slot->key = key;
		slot->value = 0;
		t->count++;
	}
	return &slot->value;
}

bool table_next(const struct table *t, size_t *cursor, uint64_t *key, uint64_t **value)
{
	while (*cursor < t->capacity) {
		struct table_slot *slot = &t->slots[(*cursor)++];
		if (slot->key != 0) {
			*key = slot->key;
			*value = &slot->value;
			return true;
		}
	}
	if (*cursor == t->capacity && t->has_zero) {
		(*cursor)++;
		*key = 0;
		*value = (uint64_t *)&t->zero_value;
		return true;
	}
	return false;
}
