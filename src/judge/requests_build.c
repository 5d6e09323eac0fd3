/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "src/judge/requests_gaps.h"
#include "src/judge/requests_moments.h"
#include "src/judge/requests_number.h"
#include "src/judge/requests_open.h"
#include "src/judge/requests_parts.h"

static void find_requests(struct requests *r)
{
	const struct scene *s = r->scene;
	for (size_t from = 0, end; from < s->event_count; from = end) {
		end = scene_request_end(s, from);
		r->requests[r->count++] = (struct request){ .first_event = (uint32_t)from,
			.event_count = (uint32_t)(end - from),
			.time_ns = s->events[from].time_ns,
			.last_ns = s->events[end - 1].time_ns,
			.base = s->events[from].base };
	}
}

static void rank_events(struct requests *r)
{
	const struct scene *s = r->scene;
	int64_t *times = mem_zalloc(s->event_count + 1, sizeof(*times));
	bool *base = mem_zalloc(s->event_count + 1, sizeof(*base));
	for (size_t i = 0; i < s->event_count; i++) {
		r->lines_of[s->events[i].subject]++;
		times[i] = s->events[i].time_ns;
		base[i] = s->events[i].base;
	}
	ranking_build(&r->ranking, &r->arenas[0], times, base, s->event_count);
	free(times);
	free(base);
}

/* ---- side by side ---- */

#define BLOCKS_MAX	256
#define BLOCKS_A_THREAD 4

struct building {
	struct requests *r;
	struct builder blocks[BLOCKS_MAX];
	struct cursors to[BLOCKS_MAX];	/* where what each made goes */
	uint32_t first[BLOCKS_MAX + 1]; /* of each block: its first request */
	size_t block_count;
};

/* Blocks of about equally many events. No thing is more often than events are (gaps twice), so each
 * block's things lie where they would if every event of the blocks before had one. */
static void cut_blocks(struct building *b, const struct builder *like, size_t wanted)
{
	const struct requests *r = b->r;
	size_t events = r->scene->event_count;
	for (uint32_t i = 0; i < r->count; i++) {
		size_t at = r->requests[i].first_event;
		if (b->block_count > 0 && at * wanted < b->block_count * events)
			continue;
		struct builder *block = &b->blocks[b->block_count];
		*block = *like;
		block->begin = block->at = (struct cursors){ at, at, at, at, 2 * at };
		b->first[b->block_count++] = i;
	}
	b->first[b->block_count] = (uint32_t)r->count;
}

/* The ranks of events, and each block. */
static void build_part(void *context, size_t part)
{
	struct building *b = context;
	if (part == 0) {
		rank_events(b->r);
		return;
	}
	for (uint32_t i = b->first[part - 1]; i < b->first[part]; i++)
		requests_take_apart(&b->blocks[part - 1], i);
}

static void move(void *items, size_t size, size_t to, size_t from, size_t end)
{
	if (to != from)
		memmove((char *)items + to * size, (char *)items + from * size,
			(end - from) * size);
}

/* What the blocks made goes to where it stands without room between them. Before that, each block
 * by itself: its requests and runs say where that will be. */
static void point_block(void *context, size_t index)
{
	struct building *building = context;
	struct requests *r = building->r;
	const struct builder *b = &building->blocks[index];
	const struct cursors *to = &building->to[index];
	for (uint32_t i = building->first[index]; i < building->first[index + 1]; i++) {
		struct request *q = &r->requests[i];
		for (uint32_t k = q->first_run; k < q->first_run + q->run_count; k++)
			r->runs[k].first_step -= (uint32_t)(b->begin.step - to->step);
		q->first_run -= (uint32_t)(b->begin.run - to->run);
		q->first_call -= (uint32_t)(b->begin.call - to->call);
		q->first_node -= (uint32_t)(b->begin.node - to->node);
		q->first_gap -= (uint32_t)(b->begin.gap - to->gap);
	}
}

/* Then each array by itself, the large ones first, its blocks in order. */
#define ARRAYS 6

static void move_array(void *context, size_t array)
{
	struct building *building = context;
	struct requests *r = building->r;
	for (size_t i = 0; i < building->block_count; i++) {
		const struct builder *b = &building->blocks[i];
		const struct cursors *to = &building->to[i], *from = &b->begin, *end = &b->at;
		if (array == 0)
			move(r->runs, sizeof(*r->runs), to->run, from->run, end->run);
		else if (array == 1)
			move(r->gaps, sizeof(*r->gaps), to->gap, from->gap, end->gap);
		else if (array == 2)
			move(r->nodes, sizeof(*r->nodes), to->node, from->node, end->node);
		else if (array == 3)
			move(b->edges, sizeof(*b->edges), to->gap, from->gap, end->gap);
		else if (array == 4)
			move(b->steps, sizeof(*b->steps), to->step, from->step, end->step);
		else
			move(b->called, sizeof(*b->called), to->call, from->call, end->call);
	}
}

static void move_blocks(struct building *building)
{
	struct requests *r = building->r;
	for (size_t i = 0; i < building->block_count; i++) {
		const struct builder *b = &building->blocks[i];
		building->to[i] = (struct cursors){ r->run_count, r->step_count, r->called_count,
			r->node_count, r->gap_count };
		r->run_count += b->at.run - b->begin.run;
		r->step_count += b->at.step - b->begin.step;
		r->called_count += b->at.call - b->begin.call;
		r->node_count += b->at.node - b->begin.node;
		r->gap_count += b->at.gap - b->begin.gap;
	}
	unsigned jobs = r->scene->settings->jobs;
	parallel_each(jobs, building->block_count, point_block, building);
	parallel_each(jobs, ARRAYS, move_array, building);
}

/*
 * Who mostly makes each call; else the service whose line stands before it. By vote of the runs
 * that it opened: one that half of them name is left over when others are taken off in pairs
 * (Boyer and Moore), and then counted.
 */
static void find_callers(struct requests *r, struct arena *arena)
{
	const struct scene *s = r->scene;
	uint32_t *calls = mem_zalloc(r->run_count + 1, sizeof(*calls));
	int32_t *votes = mem_zalloc(r->call_count + 1, sizeof(*votes));
	r->callers = arena_alloc(arena, r->call_count, sizeof(*r->callers));
	for (size_t i = 0; i < r->run_count; i++) {
		const struct run *run = &r->runs[i];
		if (run->opened_by == NO_INDEX)
			continue;
		uint32_t call = requests_call(r, run->opened_by, r->subject_order[run->first]);
		calls[i] = call;
		if (votes[call] == 0)
			r->callers[call] = run->caller;
		votes[call] += r->callers[call] == run->caller ? 1 : -1;
	}
	memset(votes, 0, r->call_count * sizeof(*votes));
	for (size_t i = 0; i < r->run_count; i++) {
		if (r->runs[i].opened_by != NO_INDEX)
			votes[calls[i]] += r->callers[calls[i]] == r->runs[i].caller ? 1 : -1;
	}
	for (size_t i = 0; i < r->call_count; i++) {
		if (votes[i] <= 0)
			r->callers[i] = s->subjects[r->calls[i].a].service;
	}
	free(calls);
	free(votes);
}

/* Three kinds of keys, numbered each by itself, the dear ones first. */
static void number_part(void *context, size_t part)
{
	const struct builder *b = context;
	struct requests *r = b->r;
	if (part == 0) {
		requests_number_edges(r, &r->arenas[0], b->edges);
		requests_order_gaps(r, &r->arenas[0]);
	} else if (part == 2) {
		r->pairs = requests_number_pairs(r, &r->arenas[1], b->steps, r->step_count,
			r->steps, &r->pair_count, &r->first_pair);
	} else {
		r->calls = requests_number_pairs(r, &r->arenas[2], b->called, r->called_count,
			r->called, &r->call_count, &r->first_call);
		find_callers(r, &r->arenas[2]);
	}
}

static void make_arrays(struct requests *r, struct builder *b)
{
	size_t n = r->scene->event_count;
	struct arena *arena = &r->arenas[0];
	r->requests = arena_alloc(arena, n, sizeof(*r->requests));
	r->runs = arena_alloc(arena, n, sizeof(*r->runs));
	r->order = arena_alloc(arena, n, sizeof(*r->order));
	r->subject_order = arena_alloc(arena, n, sizeof(*r->subject_order));
	r->time_order = arena_alloc(arena, n, sizeof(*r->time_order));
	r->steps = arena_alloc(arena, n, sizeof(*r->steps));
	r->called = arena_alloc(arena, n, sizeof(*r->called));
	r->nodes = arena_alloc(arena, n, sizeof(*r->nodes));
	r->gaps = arena_alloc(arena, 2 * n, sizeof(*r->gaps));
	r->lines_of = arena_alloc(arena, r->scene->subject_count, sizeof(*r->lines_of));
	r->begins = arena_alloc(arena, r->scene->subject_count, sizeof(*r->begins));
	b->steps = mem_zalloc(n + 1, sizeof(*b->steps));
	b->called = mem_zalloc(n + 1, sizeof(*b->called));
	b->run_of = mem_zalloc(n + 1, sizeof(*b->run_of));
	b->caller_of = mem_zalloc(n + 1, sizeof(*b->caller_of));
	b->edges = mem_zalloc(2 * n + 1, sizeof(*b->edges));
}

void requests_build(struct requests *r, const struct scene *s)
{
	size_t jobs = size_max(1, s->settings->jobs);
	struct builder like = { .r = r, .scene = s };
	struct building *b = mem_zalloc(1, sizeof(*b));
	*r = (struct requests){ .scene = s };
	b->r = r;
	make_arrays(r, &like);
	find_requests(r);
	cut_blocks(b, &like, jobs == 1 ? 1 : size_min(jobs * BLOCKS_A_THREAD, BLOCKS_MAX));
	parallel_each((unsigned)jobs, b->block_count + 1, build_part, b);
	move_blocks(b);
	for (size_t i = 0; i < b->block_count; i++) {
		free(b->blocks[i].gaps);
		free(b->blocks[i].lines);
	}
	for (size_t i = 0; i < r->run_count; i++)
		r->begins[r->subject_order[r->runs[i].first]]++;
	requests_find_open(r);
	parallel_each((unsigned)jobs, REQUESTS_PARTS, number_part, &like);
	requests_find_moments(r);
	free(like.edges);
	free(like.steps);
	free(like.called);
	free(like.run_of);
	free(like.caller_of);
	free(b);
}

void requests_release(struct requests *r)
{
	for (size_t i = 0; i < REQUESTS_PARTS; i++)
		arena_release(&r->arenas[i]);
}
