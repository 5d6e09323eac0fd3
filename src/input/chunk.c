/* SPDX-License-Identifier: MIT */
#include "lineup/chunk.h"

#include <stdlib.h>

#include "lineup/mem.h"

struct member *member_create(struct str place)
{
	struct member *m = mem_zalloc(1, sizeof(*m) + place.len + 1);
	char *copy = (char *)(m + 1);
	if (place.len > 0)
		memcpy(copy, place.ptr, place.len);
	m->place = str_of(copy, place.len);
	atomic_init(&m->references, 1);
	return m;
}

struct member *member_hold(struct member *m)
{
	/* Relaxed: who takes a reference has one already, so the member is there. */
	atomic_fetch_add_explicit(&m->references, 1, memory_order_relaxed);
	return m;
}

void member_drop(struct member *m)
{
	if (m == NULL)
		return;
	/* Release what this thread did to it; the last one acquires what all others did. */
	if (atomic_fetch_sub_explicit(&m->references, 1, memory_order_acq_rel) != 1)
		return;
	if (m->context_destroy != NULL)
		m->context_destroy(m->context);
	free(m);
}

void chunk_release(struct chunk *c)
{
	free(c->room);
	free(c->dropped);
	member_drop(c->member);
	*c = (struct chunk){ 0 };
}

void chunk_reserve(struct chunk *c, size_t bytes)
{
	size_t within = c->room != NULL ? (size_t)(c->data - c->room) : 0;
	if (c->room != NULL && bytes <= chunk_capacity(c))
		return;
	c->room_bytes = within + bytes;
	c->room = mem_realloc(c->room, c->room_bytes + CHUNK_PADDING, 1);
	/* Read as padding, so it must hold something. */
	memset(c->room + c->room_bytes, 0, CHUNK_PADDING);
	c->data = c->room + within;
}

void chunk_begin(struct chunk *c, size_t within, size_t bytes)
{
	c->len = 0;
	c->data = c->room;
	chunk_reserve(c, within + bytes);
	c->data = c->room + within;
}

uint64_t chunk_offset(const struct chunk *c, size_t at)
{
	size_t low = 0;
	size_t high = c->dropped_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (c->dropped[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return c->offset + at + low;
}
