/* SPDX-License-Identifier: MIT */
#include "src/judge/moments.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/sort.h"

/* ---- ranks ---- */

void ranking_build(struct ranking *r, struct arena *arena, const int64_t *times, const bool *base,
	size_t count)
{
	uint64_t *keys = mem_alloc((count + 1) * sizeof(*keys));
	uint32_t *events = mem_alloc((count + 1) * sizeof(*events));
	*r = (struct ranking){ 0 };
	r->of_event = arena_alloc(arena, count, sizeof(*r->of_event));
	for (uint32_t i = 0; i < count; i++) {
		r->of_event[i] = RANK_BASE;
		if (base[i])
			continue;
		keys[r->count] = sort_key_of(times[i]);
		events[r->count++] = i;
	}
	r->times = arena_alloc(arena, r->count, sizeof(*r->times));
	r->events = arena_alloc(arena, r->count, sizeof(*r->events));
	sort_by_key(keys, (uint32_t)r->count, r->events);
	for (size_t i = 0; i < r->count; i++) {
		r->events[i] = events[r->events[i]];
		r->times[i] = times[r->events[i]];
		r->of_event[r->events[i]] = (int32_t)i;
	}
	free(keys);
	free(events);
}

/* How many are before this time. */
static int32_t rank_at(const struct ranking *r, int64_t time_ns)
{
	size_t low = 0, high = r->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (r->times[middle] < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return (int32_t)low;
}

struct rank_stretch *ranking_cut(
	const struct ranking *r, struct arena *arena, const struct period *p)
{
	struct rank_stretch *cut = arena_alloc(arena, p->count, sizeof(*cut));
	for (size_t i = 0; i < p->count; i++)
		cut[i] = (struct rank_stretch){ rank_at(r, p->items[i].from_ns),
			rank_at(r, p->items[i].to_ns), p->items[i].side };
	return cut;
}

/* ---- moments ---- */

void moments_begin(struct moments *m, struct arena *arena, size_t count)
{
	*m = (struct moments){ .count = count };
	m->first = arena_alloc(arena, count + 1, sizeof(*m->first));
	m->base = arena_alloc(arena, count, sizeof(*m->base));
	m->next = arena_alloc(arena, count, sizeof(*m->next));
}

void moments_lay_out(struct moments *m, struct arena *arena)
{
	for (size_t i = 0; i < m->count; i++) {
		m->first[i + 1] += m->first[i];
		m->next[i] = m->first[i];
	}
	m->ranks = arena_alloc(arena, m->first[m->count], sizeof(*m->ranks));
}

void moments_count(const struct moments *m, uint32_t thing, const struct rank_stretch *stretches,
	size_t stretch_count, uint32_t counts[SIDE_COUNT])
{
	uint32_t at = m->first[thing], end = m->first[thing + 1];
	counts[SIDE_BASE] = m->base[thing];
	counts[SIDE_INCIDENT] = 0;
	for (size_t i = 0; i < stretch_count && at < end; i++) {
		at = moments_find(m->ranks, at, end, stretches[i].from);
		uint32_t from = at;
		at = moments_find(m->ranks, at, end, stretches[i].to);
		counts[stretches[i].side] += at - from;
	}
}

int32_t moments_first(const struct moments *m, uint32_t thing, const struct rank_stretch *stretches,
	size_t stretch_count)
{
	uint32_t at = m->first[thing], end = m->first[thing + 1];
	for (size_t i = 0; i < stretch_count && at < end; i++) {
		if (stretches[i].side != SIDE_INCIDENT)
			continue;
		at = moments_find(m->ranks, at, end, stretches[i].from);
		if (at < end && m->ranks[at] < stretches[i].to)
			return m->ranks[at];
	}
	return -1;
}
