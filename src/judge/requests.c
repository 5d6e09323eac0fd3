/* SPDX-License-Identifier: MIT */
#include "src/judge/requests.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/table.h"

/* One line of a request while its runs are made. */
struct member_line {
	uint64_t span;
	uint32_t service;
	uint32_t event;
};

struct raw_gap {
	uint64_t edge;
	int64_t gap_ns;
	int64_t time_ns;
};

/* Keys are collected first and numbered in their order when all are known. */
struct builder {
	struct requests *r;
	const struct scene *scene;
	uint64_t *steps;
	uint64_t *called;
	uint64_t *edges;	   /* of each of the gaps */
	struct raw_gap *gaps;	   /* of one request */
	struct member_line *lines; /* of one request */
	size_t line_capacity;
	uint32_t *run_of; /* of each event: its run */
};

static int by_run(const void *a, const void *b)
{
	const struct member_line *x = a, *y = b;
	if (x->span != y->span)
		return x->span < y->span ? -1 : 1;
	if (x->service != y->service)
		return x->service < y->service ? -1 : 1;
	return x->event < y->event ? -1 : x->event > y->event;
}

static int by_key(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

static int by_edge(const void *a, const void *b)
{
	const struct raw_gap *x = a, *y = b;
	if (x->edge != y->edge)
		return x->edge < y->edge ? -1 : 1;
	if (x->gap_ns != y->gap_ns)
		return x->gap_ns < y->gap_ns ? -1 : 1;
	return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

static int by_subject(const void *a, const void *b)
{
	const struct node *x = a, *y = b;
	if (x->subject != y->subject)
		return x->subject < y->subject ? -1 : 1;
	return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

static uint64_t key_of(uint32_t a, uint32_t b)
{
	return (uint64_t)a << 31 | b;
}

/* Sorts and takes out doubles; returns how many are left. */
static uint32_t unique_keys(uint64_t *keys, size_t count)
{
	size_t kept = 0;
	qsort(keys, count, sizeof(*keys), by_key);
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 || keys[kept - 1] != keys[i])
			keys[kept++] = keys[i];
	}
	return (uint32_t)kept;
}

/* ---- runs ---- */

static void add_run(
	struct builder *b, uint32_t request, const struct member_line *lines, size_t count)
{
	struct requests *r = b->r;
	const struct scene_event *events = b->scene->events;
	struct run *run = &r->runs[r->run_count];
	*run = (struct run){ .request = request,
		.service = lines[0].service,
		.first = r->requests[request].first_event + (uint32_t)(lines - b->lines),
		.count = (uint32_t)count,
		.first_step = (uint32_t)r->step_count,
		.time_ns = events[lines[0].event].time_ns };
	for (size_t i = 0; i < count; i++) {
		uint32_t event = lines[i].event;
		r->order[run->first + i] = event;
		b->run_of[event] = (uint32_t)r->run_count;
		b->steps[r->step_count + i] = key_of(events[event].subject,
			i + 1 < count ? events[lines[i + 1].event].subject : PAIR_END);
	}
	run->step_count = unique_keys(b->steps + r->step_count, count);
	r->step_count += run->step_count;
	r->run_count++;
}

static void add_runs(struct builder *b, uint32_t index)
{
	struct requests *r = b->r;
	struct request *q = &r->requests[index];
	q->first_run = (uint32_t)r->run_count;
	while (b->line_capacity < q->event_count) {
		b->line_capacity = size_max(64, b->line_capacity * 2);
		b->lines = mem_realloc(b->lines, b->line_capacity, sizeof(*b->lines));
	}
	for (uint32_t i = 0; i < q->event_count; i++) {
		const struct scene_event *e = &b->scene->events[q->first_event + i];
		b->lines[i] = (struct member_line){ e->span, e->service, q->first_event + i };
		q->several_services |= e->service != b->lines[0].service;
	}
	qsort(b->lines, q->event_count, sizeof(*b->lines), by_run);
	for (size_t i = 0, end; i < q->event_count; i = end) {
		end = i + 1;
		while (end < q->event_count && b->lines[end].span == b->lines[i].span &&
			b->lines[end].service == b->lines[i].service)
			end++;
		add_run(b, index, b->lines + i, end - i);
	}
	q->run_count = (uint32_t)r->run_count - q->first_run;
}

/* ---- calls, gaps, nodes ---- */

/*
 * Services that stamp whole seconds have no place among the lines of others, but their own lines
 * stand in order, and so many seconds apart on average as they really are.
 */
static size_t add_coarse_gaps(struct builder *b, const struct request *q, size_t gaps)
{
	const struct requests *r = b->r;
	const struct scene_event *events = b->scene->events;
	for (uint32_t i = q->first_run; i < q->first_run + q->run_count; i++) {
		const uint32_t *order = r->order + r->runs[i].first;
		for (uint32_t k = 1; b->scene->coarse[r->runs[i].service] && k < r->runs[i].count;
			k++) {
			const struct scene_event *x = &events[order[k - 1]], *y = &events[order[k]];
			b->gaps[gaps++] = (struct raw_gap){ (uint64_t)EDGE_WITHIN << 62 |
								    key_of(x->subject, y->subject),
				y->time_ns - x->time_ns, y->time_ns };
		}
	}
	return gaps;
}

/* Walks the request in order of time. */
static void add_walk(struct builder *b, struct request *q)
{
	struct requests *r = b->r;
	const struct scene_event *events = b->scene->events + q->first_event;
	size_t gaps = 0;
	q->first_call = (uint32_t)r->called_count;
	q->first_gap = (uint32_t)r->gap_count;
	const struct scene_event *e = NULL;
	for (size_t i = 0; i < q->event_count; i++) {
		const struct scene_event *before = e;
		if (b->scene->coarse[events[i].service])
			continue;
		e = &events[i];
		if (before == NULL)
			continue;
		const struct run *run = &r->runs[b->run_of[q->first_event + i]];
		bool opens = r->order[run->first] == q->first_event + i;
		enum edge_kind kind = e->service == before->service ? EDGE_WITHIN
				      : opens			    ? EDGE_CALL
								    : EDGE_RETURN;
		if (kind == EDGE_CALL)
			b->called[q->first_call + q->call_count++] =
				key_of(before->subject, e->subject);
		b->gaps[gaps++] = (struct raw_gap){ (uint64_t)kind << 62 |
							    key_of(before->subject, e->subject),
			e->time_ns - before->time_ns, e->time_ns };
	}
	gaps = add_coarse_gaps(b, q, gaps);
	q->call_count = unique_keys(b->called + q->first_call, q->call_count);
	r->called_count += q->call_count;
	qsort(b->gaps, gaps, sizeof(*b->gaps), by_edge);
	for (size_t i = 0, end; i < gaps; i = end) {
		end = i + 1;
		while (end < gaps && b->gaps[end].edge == b->gaps[i].edge)
			end++;
		const struct raw_gap *middle = &b->gaps[i + (end - i - 1) / 2];
		struct gap *gap = &r->gaps[r->gap_count++];
		double seconds = (double)i64_max(middle->gap_ns, 0) / 1e9;
		*gap = (struct gap){ .ln_seconds = (float)log(seconds + GAP_FLOOR_SECONDS),
			.base = q->base,
			.time_ns = middle->time_ns };
		b->edges[q->first_gap + q->gap_count++] = middle->edge;
	}
}

static void add_nodes(struct builder *b, struct request *q)
{
	struct requests *r = b->r;
	const struct scene_event *events = b->scene->events + q->first_event;
	struct node *nodes = r->nodes + r->node_count;
	q->first_node = (uint32_t)r->node_count;
	for (size_t i = 0; i < q->event_count; i++)
		nodes[i] = (struct node){ events[i].subject, events[i].time_ns };
	qsort(nodes, q->event_count, sizeof(*nodes), by_subject);
	for (size_t i = 0; i < q->event_count; i++) {
		if (q->node_count == 0 || nodes[q->node_count - 1].subject != nodes[i].subject)
			nodes[q->node_count++] = nodes[i];
	}
	r->node_count += q->node_count;
}

/* ---- numbers for keys ---- */

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

static struct pair *number_pairs(struct requests *r, const uint64_t *keys, size_t count,
	uint32_t *out, size_t *pair_count, uint32_t **first_of)
{
	struct table numbers = { 0 };
	uint64_t *distinct = number_keys(keys, count, &numbers, pair_count);
	size_t subjects = r->scene->subject_count;
	struct pair *pairs = arena_alloc(&r->arena, *pair_count, sizeof(*pairs));
	for (size_t i = 0; i < *pair_count; i++)
		pairs[i] = (struct pair){ (uint32_t)(distinct[i] >> 31),
			(uint32_t)(distinct[i] & PAIR_END) };
	for (size_t i = 0; i < count; i++)
		out[i] = (uint32_t)*table_get(&numbers, keys[i]);
	*first_of = arena_alloc(&r->arena, subjects + 1, sizeof(**first_of));
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

static void number_edges(struct requests *r, const uint64_t *keys)
{
	struct table numbers = { 0 };
	uint64_t *distinct = number_keys(keys, r->gap_count, &numbers, &r->edge_count);
	r->edges = arena_alloc(&r->arena, r->edge_count, sizeof(*r->edges));
	for (size_t i = 0; i < r->edge_count; i++)
		r->edges[i] = (struct edge){ (uint32_t)(distinct[i] >> 31 & PAIR_END),
			(uint32_t)(distinct[i] & PAIR_END), (enum edge_kind)(distinct[i] >> 62) };
	for (size_t i = 0; i < r->gap_count; i++)
		r->gaps[i].edge = (uint32_t)*table_get(&numbers, keys[i]);
	free(distinct);
	table_release(&numbers);
}

static int by_edge_and_length(const void *a, const void *b)
{
	const struct gap *x = a, *y = b;
	if (x->edge != y->edge)
		return x->edge < y->edge ? -1 : 1;
	return x->ln_seconds < y->ln_seconds ? -1 : x->ln_seconds > y->ln_seconds;
}

static void order_gaps(struct requests *r)
{
	r->gaps_by_edge = arena_alloc(&r->arena, r->gap_count, sizeof(*r->gaps_by_edge));
	r->first_gap = arena_alloc(&r->arena, r->edge_count + 1, sizeof(*r->first_gap));
	if (r->gap_count > 0) {
		memcpy(r->gaps_by_edge, r->gaps, r->gap_count * sizeof(*r->gaps));
		qsort(r->gaps_by_edge, r->gap_count, sizeof(*r->gaps_by_edge), by_edge_and_length);
	}
	for (size_t i = r->gap_count; i-- > 0;)
		r->first_gap[r->gaps_by_edge[i].edge] = (uint32_t)i;
	r->first_gap[r->edge_count] = (uint32_t)r->gap_count;
}

uint32_t requests_pair(const struct requests *r, uint32_t a, uint32_t b)
{
	uint32_t low = r->first_pair[a], high = r->first_pair[a + 1], end = high;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (r->pairs[middle].b < b)
			low = middle + 1;
		else
			high = middle;
	}
	return low < end && r->pairs[low].b == b ? low : NO_INDEX;
}

/* An id that comes again after this much silence is another request's: short ids are reused. */
#define REUSED_NS (3600 * NS_PER_S)

static void find_requests(struct requests *r)
{
	const struct scene *s = r->scene;
	for (size_t i = 0; i < s->event_count; i++) {
		const struct scene_event *e = &s->events[i];
		struct request *last = r->count == 0 ? NULL : &r->requests[r->count - 1];
		if (last != NULL && s->events[last->first_event].request == e->request &&
			last->base == e->base &&
			e->time_ns - s->events[i - 1].time_ns < REUSED_NS) {
			last->event_count++;
			continue;
		}
		r->requests[r->count++] = (struct request){ .first_event = (uint32_t)i,
			.event_count = 1,
			.time_ns = e->time_ns,
			.base = e->base };
	}
}

void requests_build(struct requests *r, const struct scene *s)
{
	size_t n = s->event_count;
	*r = (struct requests){ .scene = s };
	r->requests = arena_alloc(&r->arena, n, sizeof(*r->requests));
	r->runs = arena_alloc(&r->arena, n, sizeof(*r->runs));
	r->order = arena_alloc(&r->arena, n, sizeof(*r->order));
	r->steps = arena_alloc(&r->arena, n, sizeof(*r->steps));
	r->called = arena_alloc(&r->arena, n, sizeof(*r->called));
	r->nodes = arena_alloc(&r->arena, n, sizeof(*r->nodes));
	r->gaps = arena_alloc(&r->arena, n, sizeof(*r->gaps));
	struct builder b = { .r = r, .scene = s };
	b.steps = mem_zalloc(n + 1, sizeof(*b.steps));
	b.called = mem_zalloc(n + 1, sizeof(*b.called));
	b.gaps = mem_zalloc(n + 1, sizeof(*b.gaps));
	b.run_of = mem_zalloc(n + 1, sizeof(*b.run_of));
	b.edges = mem_zalloc(n + 1, sizeof(*b.edges));
	r->lines_of = arena_alloc(&r->arena, s->subject_count, sizeof(*r->lines_of));
	for (size_t i = 0; i < n; i++)
		r->lines_of[s->events[i].subject]++;
	find_requests(r);
	for (uint32_t i = 0; i < r->count; i++) {
		struct request *q = &r->requests[i];
		add_runs(&b, i);
		add_walk(&b, q);
		add_nodes(&b, q);
	}
	r->pairs =
		number_pairs(r, b.steps, r->step_count, r->steps, &r->pair_count, &r->first_pair);
	r->calls = number_pairs(
		r, b.called, r->called_count, r->called, &r->call_count, &r->first_call);
	number_edges(r, b.edges);
	order_gaps(r);
	free(b.edges);
	free(b.steps);
	free(b.called);
	free(b.gaps);
	free(b.run_of);
	free(b.lines);
}

void requests_release(struct requests *r)
{
	arena_release(&r->arena);
}
