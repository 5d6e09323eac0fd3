/* SPDX-License-Identifier: MIT */
#include "lineup/hit_list.h"

#include <stdlib.h>

#include "lineup/mem.h"

void hits_release(struct hits *h)
{
	free(h->items);
	*h = (struct hits){ .items = NULL };
}

void hits_grow(struct hits *h)
{
	mem_grow(&h->items, h->count, &h->capacity);
}

void hit_collector_init(struct hit_collector *c, size_t term_count)
{
	*c = (struct hit_collector){ .term_count = term_count };
	c->marks = mem_zalloc(term_count, sizeof(c->marks[0]));
}

void hit_collector_release(struct hit_collector *c)
{
	free(c->marks);
	*c = (struct hit_collector){ .hits = NULL };
}

static int compare_hits(const void *left, const void *right)
{
	const struct hit *a = left;
	const struct hit *b = right;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->term < b->term ? -1 : a->term > b->term;
}

/* The hits of one line, which all have the same start. */
static void sort_line(struct hit *items, size_t count)
{
	if (count > 32) {
		qsort(items, count, sizeof(*items), compare_hits);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct hit moved = items[i];
		size_t k = i;
		for (; k > 0 && items[k - 1].term > moved.term; k--)
			items[k] = items[k - 1];
		items[k] = moved;
	}
}

void hits_sort_line(struct hits *h, size_t from)
{
	if (h->count > from + 1)
		sort_line(h->items + from, h->count - from);
}

static void next_serial(struct hit_collector *c)
{
	if (unlikely(++c->serial == 0)) {
		memset(c->marks, 0, c->term_count * sizeof(c->marks[0]));
		c->serial = 1;
	}
}

void hit_collector_begin(struct hit_collector *c, struct hits *hits, struct str chunk,
	const uint32_t *terms, const struct term_plan *plans)
{
	c->hits = hits;
	c->terms = terms;
	c->plans = plans;
	c->chunk = chunk;
	c->line_start = -1;
	c->line_end = -1;
	c->line_first = hits->count;
	c->unordered = false;
	next_serial(c);
}

static size_t start_of_line(struct str chunk, size_t from, size_t to)
{
	const char *before = to > from ? memrchr(chunk.ptr + from, '\n', to - from) : NULL;
	return before != NULL ? (size_t)(before - chunk.ptr) + 1 : from;
}

static size_t end_of_line(struct str chunk, size_t from)
{
	const char *end =
		from < chunk.len ? memchr(chunk.ptr + from, '\n', chunk.len - from) : NULL;
	return end != NULL ? (size_t)(end - chunk.ptr) : chunk.len;
}

/* Hyperscan reports ends in order; should it not, this is slow and right. */
static void found_before(struct hit_collector *c, uint32_t term, size_t to)
{
	c->unordered = true;
	size_t start = start_of_line(c->chunk, 0, to);
	hits_add(c->hits, (uint32_t)start, (uint32_t)end_of_line(c->chunk, to), term);
}

int hit_collector_found(
	unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	(void)from;
	(void)flags;
	struct hit_collector *c = context;
	uint32_t term = c->terms[id];
	int64_t place = (int64_t)to;
	if (c->plans != NULL && !follow_holds(&c->plans[term].follow, c->chunk, (size_t)to))
		return 0;
	if (place > c->line_end) {
		/* No match holds a LF, so the line is the one that `to` stands in. */
		size_t start = start_of_line(
			c->chunk, c->line_end < 0 ? 0 : (size_t)c->line_end, (size_t)to);
		if (start == c->chunk.len)
			return 0; /* behind the last LF there is no line */
		if (c->hits->count > c->line_first)
			sort_line(c->hits->items + c->line_first, c->hits->count - c->line_first);
		c->line_first = c->hits->count;
		c->line_start = (int64_t)start;
		c->line_end = (int64_t)end_of_line(c->chunk, (size_t)to);
		next_serial(c);
	} else if (unlikely(place < c->line_start)) {
		found_before(c, term, (size_t)to);
		return 0;
	}
	if (c->marks[term] == c->serial)
		return 0;
	c->marks[term] = c->serial;
	hits_add(c->hits, (uint32_t)c->line_start, (uint32_t)c->line_end, term);
	return 0;
}

void hit_collector_finish(struct hit_collector *c, size_t first)
{
	struct hits *h = c->hits;
	if (likely(!c->unordered)) {
		if (h->count > c->line_first)
			sort_line(h->items + c->line_first, h->count - c->line_first);
		return;
	}
	qsort(h->items + first, h->count - first, sizeof(h->items[0]), compare_hits);
	size_t kept = first;
	for (size_t i = first; i < h->count; i++)
		if (kept == first || compare_hits(&h->items[kept - 1], &h->items[i]) != 0)
			h->items[kept++] = h->items[i];
	h->count = kept;
}

void hits_merge(struct hits *h, size_t middle, struct hits *spare)
{
	if (middle == 0 || middle == h->count)
		return;
	spare->count = 0;
	size_t left = 0;
	size_t right = middle;
	while (left < middle || right < h->count) {
		int order = left == middle	? 1
			    : right == h->count ? -1
						: compare_hits(&h->items[left], &h->items[right]);
		const struct hit *next = order <= 0 ? &h->items[left++] : &h->items[right++];
		right += order == 0;
		hits_add(spare, next->start, next->end, next->term);
	}
	struct hits swapped = *h;
	*h = *spare;
	*spare = swapped;
}
