/* SPDX-License-Identifier: MIT */
#include "src/judge/requests_number.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/sort.h"
#include "lineup/table.h"

static int by_key(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/* The distinct keys in ascending order, numbered in `numbers`. Freed by the caller. */
static uint64_t *number_keys(
	const uint64_t *keys, size_t count, struct table *numbers, size_t *distinct_count)
{
	uint64_t *distinct = NULL, key, *value;
	size_t n = 0, capacity = 0, cursor = 0;
	for (size_t i = 0; i < count; i++)
		*table_put(numbers, keys[i]) = 0;
	while (table_next(numbers, &cursor, &key, &value)) {
		mem_grow(&distinct, n, &capacity);
		distinct[n++] = key;
	}
	if (n > 0)
		qsort(distinct, n, sizeof(*distinct), by_key);
	for (size_t i = 0; i < n; i++)
		*table_get(numbers, distinct[i]) = i;
	*distinct_count = n;
	return distinct;
}

struct pair *requests_number_pairs(const struct requests *r, struct arena *arena,
	const uint64_t *keys, size_t count, uint32_t *out, size_t *pair_count, uint32_t **first_of)
{
	struct table numbers = { 0 };
	uint64_t *distinct = number_keys(keys, count, &numbers, pair_count);
	size_t subjects = r->scene->subject_count;
	struct pair *pairs = arena_alloc(arena, *pair_count, sizeof(*pairs));
	for (size_t i = 0; i < *pair_count; i++)
		pairs[i] = (struct pair){ (uint32_t)(distinct[i] >> 31),
			(uint32_t)(distinct[i] & PAIR_END) };
	for (size_t i = 0; i < count; i++)
		out[i] = (uint32_t)*table_get(&numbers, keys[i]);
	*first_of = arena_alloc(arena, subjects + 1, sizeof(**first_of));
	size_t at = 0;
	for (uint32_t a = 0; a <= subjects; a++) {
		while (at < *pair_count && pairs[at].a < a)
			at++;
		(*first_of)[a] = (uint32_t)at;
	}
	free(distinct);
	table_release(&numbers);
	return pairs;
}

void requests_number_edges(struct requests *r, struct arena *arena, const uint64_t *keys)
{
	struct table numbers = { 0 };
	uint64_t *distinct = number_keys(keys, r->gap_count, &numbers, &r->edge_count);
	r->edges = arena_alloc(arena, r->edge_count, sizeof(*r->edges));
	for (size_t i = 0; i < r->edge_count; i++)
		r->edges[i] = (struct edge){ (uint32_t)(distinct[i] >> 31 & PAIR_END),
			(uint32_t)(distinct[i] & PAIR_END), (enum edge_kind)(distinct[i] >> 62) };
	for (size_t i = 0; i < r->gap_count; i++)
		r->gaps[i].edge = (uint32_t)*table_get(&numbers, keys[i]);
	free(distinct);
	table_release(&numbers);
}

/* Among those of one a. */
static uint32_t find_b(const struct pair *pairs, const uint32_t *first_of, uint32_t a, uint32_t b)
{
	uint32_t low = first_of[a], high = first_of[a + 1], end = high;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (pairs[middle].b < b)
			low = middle + 1;
		else
			high = middle;
	}
	return low < end && pairs[low].b == b ? low : NO_INDEX;
}

uint32_t requests_pair(const struct requests *r, uint32_t a, uint32_t b)
{
	return find_b(r->pairs, r->first_pair, a, b);
}

uint32_t requests_call(const struct requests *r, uint32_t a, uint32_t b)
{
	return find_b(r->calls, r->first_call, a, b);
}

static int compare_edges(const struct edge *x, const struct edge *y)
{
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

uint32_t requests_edge(const struct requests *r, struct edge edge)
{
	size_t low = 0, high = r->edge_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (compare_edges(&r->edges[middle], &edge) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < r->edge_count && compare_edges(&r->edges[low], &edge) == 0 ? (uint32_t)low
										: NO_INDEX;
}
