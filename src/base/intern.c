/* SPDX-License-Identifier: MIT */
#include "lineup/intern.h"

#include <stdlib.h>

#include "lineup/mem.h"

void intern_release(struct intern *t)
{
	arena_release(&t->arena);
	table_release(&t->index);
	free(t->names);
	*t = (struct intern){ 0 };
}

/* Two names of one hash take neighbouring keys, so the hash is only a place to start. */
uint32_t intern_find(const struct intern *t, struct str name)
{
	for (uint64_t key = str_hash_of_run(name);; key++) {
		const uint64_t *id = table_get(&t->index, key);
		if (id == NULL)
			return UINT32_MAX;
		if (str_equal(t->names[*id], name))
			return (uint32_t)*id;
	}
}

uint32_t intern_add(struct intern *t, struct str name)
{
	uint64_t key = str_hash_of_run(name);
	for (;; key++) {
		const uint64_t *id = table_get(&t->index, key);
		if (id == NULL)
			break;
		if (str_equal(t->names[*id], name))
			return (uint32_t)*id;
	}
	mem_grow(&t->names, t->count, &t->capacity);
	t->names[t->count] = arena_copy(&t->arena, name);
	*table_put(&t->index, key) = t->count;
	return (uint32_t)t->count++;
}
