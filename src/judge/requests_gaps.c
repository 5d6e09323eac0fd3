/* SPDX-License-Identifier: MIT */
#include "src/judge/requests_gaps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"
#include "lineup/sort.h"

/* ---- building ---- */

static size_t slot_of(const struct requests *r, size_t gap)
{
	return (size_t)(r->ranking.of_event[r->gaps[gap].event] - RANK_BASE);
}

/* The gaps in order of the rank of their second line. Freed by the caller. */
static uint32_t *order_by_rank(const struct requests *r)
{
	uint32_t *next = mem_zalloc(r->ranking.count + 1, sizeof(*next)), sum = 0;
	uint32_t *order = mem_alloc((r->gap_count + 1) * sizeof(*order));
	for (size_t i = 0; i < r->gap_count; i++)
		next[slot_of(r, i)]++;
	for (size_t i = 0; i <= r->ranking.count; i++) {
		uint32_t here = next[i];
		next[i] = sum;
		sum += here;
	}
	for (uint32_t i = 0; i < r->gap_count; i++)
		order[next[slot_of(r, i)]++] = i;
	free(next);
	return order;
}

/* Of each gap; freed by the caller. */
static uint32_t *find_requests(const struct requests *r)
{
	uint32_t *requests = mem_alloc((r->gap_count + 1) * sizeof(*requests));
	for (uint32_t i = 0; i < r->count; i++) {
		const struct request *q = &r->requests[i];
		for (uint32_t k = q->first_gap; k < q->first_gap + q->gap_count; k++)
			requests[k] = i;
	}
	return requests;
}

/* Squares beyond the middle of all are small, so that little is lost where they are subtracted. */
static void sum_up(const struct requests *r, uint32_t edge)
{
	const struct edge_gaps *e = &r->by_edge;
	uint32_t from = e->first[edge], to = e->first[edge + 1];
	struct gap_sums *sums = e->sums + from + edge;
	for (uint32_t i = from; i < to; i++)
		e->middles[edge] += (double)e->lengths[i] / (to - from);
	for (uint32_t i = from; i < to; i++, sums++) {
		double x = (double)e->lengths[i] - e->middles[edge];
		sums[1] = (struct gap_sums){ sums->sum + x, sums->squares + x * x };
	}
}

static void find_whole(const struct requests *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct request *q = &r->requests[i];
		double seconds = (double)(q->last_ns - q->time_ns) / 1e9;
		r->by_edge.whole[i] = log(seconds + GAP_FLOOR_SECONDS);
	}
}

void requests_order_gaps(struct requests *r, struct arena *arena)
{
	size_t n = r->gap_count, edges = r->edge_count;
	struct edge_gaps *e = &r->by_edge;
	e->first = arena_alloc(arena, edges + 1, sizeof(*e->first));
	e->ranks = arena_alloc(arena, n, sizeof(*e->ranks));
	e->lengths = arena_alloc(arena, n, sizeof(*e->lengths));
	e->requests = arena_alloc(arena, n, sizeof(*e->requests));
	e->middles = arena_alloc(arena, edges, sizeof(*e->middles));
	e->sums = arena_alloc(arena, n + edges, sizeof(*e->sums));
	e->whole = arena_alloc(arena, r->count, sizeof(*e->whole));
	for (size_t i = 0; i < n; i++)
		e->first[r->gaps[i].edge + 1]++;
	for (size_t i = 0; i < edges; i++)
		e->first[i + 1] += e->first[i];
	uint32_t *order = order_by_rank(r), *requests = find_requests(r);
	uint32_t *next = mem_zalloc(edges + 1, sizeof(*next));
	memcpy(next, e->first, (edges + 1) * sizeof(*next));
	for (size_t i = 0; i < n; i++) {
		const struct gap *g = &r->gaps[order[i]];
		uint32_t at = next[g->edge]++;
		e->ranks[at] = r->ranking.of_event[g->event];
		e->lengths[at] = g->ln_seconds;
		e->requests[at] = requests[order[i]];
	}
	free(next);
	free(order);
	free(requests);
	for (uint32_t i = 0; i < edges; i++)
		sum_up(r, i);
	find_whole(r);
}

/* ---- asking ---- */

static void add_range(struct gap_range *out, size_t *count, uint32_t from, uint32_t to, enum side s)
{
	if (from < to)
		out[(*count)++] = (struct gap_range){ from, to, s };
}

size_t requests_gap_ranges(const struct requests *r, uint32_t edge,
	const struct rank_stretch *stretches, size_t stretch_count, struct gap_range *out)
{
	const int32_t *ranks = r->by_edge.ranks;
	uint32_t from = r->by_edge.first[edge], end = r->by_edge.first[edge + 1];
	uint32_t at = moments_find(ranks, from, end, RANK_BASE + 1);
	size_t count = 0;
	add_range(out, &count, from, at, SIDE_BASE);
	for (size_t i = 0; i < stretch_count && at < end; i++) {
		from = moments_find(ranks, at, end, stretches[i].from);
		at = moments_find(ranks, from, end, stretches[i].to);
		add_range(out, &count, from, at, stretches[i].side);
	}
	return count;
}

struct gap_total requests_gap_total(const struct requests *r, uint32_t edge,
	const struct gap_range *ranges, size_t count, enum side side)
{
	const struct gap_sums *sums = r->by_edge.sums + edge;
	struct gap_total all = { 0 };
	for (size_t i = 0; i < count; i++) {
		const struct gap_range *g = &ranges[i];
		if (g->side != side)
			continue;
		all.count += g->to - g->from;
		all.sums.sum += sums[g->to].sum - sums[g->from].sum;
		all.sums.squares += sums[g->to].squares - sums[g->from].squares;
	}
	return all;
}

/* A float's bits in an order in which they compare as numbers, and back. */
#define SIGN 0x80000000U

static uint64_t key_of(float x)
{
	uint32_t bits;
	memcpy(&bits, &x, sizeof(bits));
	return bits & SIGN ? ~bits : bits | SIGN;
}

static float of_key(uint64_t key)
{
	uint32_t bits = (uint32_t)key;
	float x;
	bits = bits & SIGN ? bits & ~SIGN : ~bits;
	memcpy(&x, &bits, sizeof(x));
	return x;
}

float requests_gap_at(const struct requests *r, const struct gap_range *ranges, size_t count,
	enum side side, uint64_t place)
{
	size_t n = 0, at = 0;
	for (size_t i = 0; i < count; i++)
		n += ranges[i].side == side ? ranges[i].to - ranges[i].from : 0;
	uint64_t *keys = mem_alloc((n + 1) * sizeof(*keys));
	for (size_t i = 0; i < count; i++) {
		for (uint32_t k = ranges[i].from; ranges[i].side == side && k < ranges[i].to; k++)
			keys[at++] = key_of(r->by_edge.lengths[k]);
	}
	float found = of_key(sort_nth(keys, n, (size_t)place));
	free(keys);
	return found;
}
