/* SPDX-License-Identifier: MIT */
#include "lineup/source_trusts.h"

#include <stdlib.h>

#include "lineup/mem.h"

void source_trusts_release(struct source_trusts *t)
{
	arena_release(&t->arena);
	table_release(&t->index);
	free(t->items);
	*t = (struct source_trusts){ 0 };
}

static void add_counts(struct reading_trust *into, const struct reading_trust *more)
{
	into->undated_lines += more->undated_lines;
	into->disordered_lines += more->disordered_lines;
	into->future_lines += more->future_lines;
	into->gap_lines += more->gap_lines;
	into->repeated_lines += more->repeated_lines;
	into->year_assumed |= more->year_assumed;
	into->zone_assumed |= more->zone_assumed;
}

static uint64_t order_of(const struct source_trust *t)
{
	return (uint64_t)t->input << 32 | t->sequence;
}

static int compare(const void *left, const void *right)
{
	uint64_t a = order_of(left), b = order_of(right);
	return (a > b) - (a < b);
}

static size_t limit_of(const struct source_trusts *t)
{
	return t->limit != 0 ? t->limit : SOURCE_TRUSTS_MAX;
}

/* The first of the first are the first, and who has gone never comes back: that many stand before
 * it. What is said of it later goes the same way. */
static void keep_first(struct source_trusts *t)
{
	struct arena kept = { 0 };
	if (t->count > 1)
		qsort(t->items, t->count, sizeof(*t->items), compare);
	table_clear(&t->index);
	for (size_t i = 0; i < t->count; i++) {
		struct source_trust *item = &t->items[i];
		if (i >= limit_of(t)) {
			add_counts(&t->others, &item->trust);
			continue;
		}
		item->place = arena_copy(&kept, item->place);
		item->note = arena_copy(&kept, item->note);
		*table_put(&t->index, order_of(item) + 1) = i + 1;
	}
	t->count = size_min(t->count, limit_of(t));
	arena_release(&t->arena);
	t->arena = kept;
}

void source_trusts_add(struct source_trusts *t, const struct source_trust *more)
{
	uint64_t *at = table_put(&t->index, order_of(more) + 1);
	if (*at != 0) {
		add_counts(&t->items[*at - 1].trust, &more->trust);
		return;
	}
	mem_grow(&t->items, t->count, &t->capacity);
	struct source_trust *item = &t->items[t->count++];
	*item = *more;
	item->place = arena_copy(&t->arena, more->place);
	item->note = arena_copy(&t->arena, more->note);
	*at = t->count;
	if (t->count > 2 * limit_of(t))
		keep_first(t);
}

void source_trusts_join(struct source_trusts *into, const struct source_trusts *from)
{
	for (size_t i = 0; i < from->count; i++)
		source_trusts_add(into, &from->items[i]);
	add_counts(&into->others, &from->others);
}

void source_trusts_finish(struct source_trusts *t)
{
	keep_first(t);
}
