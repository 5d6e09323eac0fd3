/* SPDX-License-Identifier: MIT */
#include "src/judge/requests_parts.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/sort.h"

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
	return x->event < y->event ? -1 : x->event > y->event;
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
	sort_few(keys, count, by_key);
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
	struct run *run = &r->runs[b->at.run];
	b->caller_of[b->at.run] = NO_INDEX;
	*run = (struct run){ .request = request,
		.service = lines[0].service,
		.first = r->requests[request].first_event + (uint32_t)(lines - b->lines),
		.count = (uint32_t)count,
		.first_step = (uint32_t)b->at.step,
		.opened_by = NO_INDEX,
		.caller = NO_INDEX,
		.time_ns = events[lines[0].event].time_ns };
	for (size_t i = 0; i < count; i++) {
		uint32_t event = lines[i].event;
		r->order[run->first + i] = event;
		r->subject_order[run->first + i] = events[event].subject;
		r->time_order[run->first + i] = events[event].time_ns;
		b->run_of[event] = (uint32_t)b->at.run;
		b->steps[b->at.step + i] = key_of(events[event].subject,
			i + 1 < count ? events[lines[i + 1].event].subject : PAIR_END);
	}
	run->step_count = unique_keys(b->steps + b->at.step, count);
	b->at.step += run->step_count;
	b->at.run++;
}

static void add_runs(struct builder *b, uint32_t index)
{
	struct requests *r = b->r;
	struct request *q = &r->requests[index];
	q->first_run = (uint32_t)b->at.run;
	for (uint32_t i = 0; i < q->event_count; i++) {
		const struct scene_event *e = &b->scene->events[q->first_event + i];
		b->lines[i] = (struct member_line){ e->span, e->service, q->first_event + i };
		q->several_services |= e->service != b->lines[0].service;
	}
	sort_few(b->lines, q->event_count, by_run);
	for (size_t i = 0, end; i < q->event_count; i = end) {
		end = i + 1;
		while (end < q->event_count && b->lines[end].span == b->lines[i].span &&
			b->lines[end].service == b->lines[i].service)
			end++;
		add_run(b, index, b->lines + i, end - i);
	}
	q->run_count = (uint32_t)b->at.run - q->first_run;
}

/* ---- calls, gaps, nodes ---- */

/* Is there a line between the two, and is each of a service that waits for the first one's? */
static bool only_callers_between(
	const struct builder *b, const struct request *q, uint32_t from, uint32_t to)
{
	const struct scene *s = b->scene;
	bool any = false;
	for (uint32_t i = from + 1; i < to; i++) {
		uint32_t service = s->events[i].service;
		if (s->coarse[service])
			continue;
		any = true;
		/* up from the run of `from` to the one that opened before all others */
		uint32_t run = b->run_of[from], steps = 0;
		while (run != NO_INDEX && b->r->runs[run].service != service &&
			steps++ < q->run_count)
			run = b->caller_of[run];
		if (run == NO_INDEX || steps == 0 || steps > q->run_count)
			return false;
	}
	return any;
}

/*
 * Steps within a service that its neighbours in time do not show. Services that stamp whole seconds
 * have no place among the lines of others, but their own lines stand in order, and so many seconds
 * apart on average as they really are. And a caller that gave up waiting speaks between two lines
 * of the one that it called: the step of the called one goes on all the same, as long as nobody
 * speaks in between but those who wait for it.
 */
static size_t add_hidden_gaps(struct builder *b, const struct request *q, size_t gaps)
{
	const struct requests *r = b->r;
	const struct scene_event *events = b->scene->events;
	for (uint32_t i = q->first_run; i < q->first_run + q->run_count; i++) {
		const uint32_t *order = r->order + r->runs[i].first;
		bool coarse = b->scene->coarse[r->runs[i].service];
		for (uint32_t k = 1; k < r->runs[i].count; k++) {
			const struct scene_event *x = &events[order[k - 1]], *y = &events[order[k]];
			if (!coarse && !only_callers_between(b, q, order[k - 1], order[k]))
				continue;
			b->gaps[gaps++] = (struct raw_gap){ (uint64_t)EDGE_WITHIN << 62 |
								    key_of(x->subject, y->subject),
				y->time_ns - x->time_ns, order[k] };
		}
	}
	return gaps;
}

/*
 * Who called? The run that spoke last, or, if that was its last word here, the innermost one around
 * it that goes on later: a service calls one after the other, and the second is not called by the
 * first. Where none goes on it is again the one that spoke last.
 */
static uint32_t find_caller(const struct builder *b, const struct request *q, uint32_t before)
{
	const struct requests *r = b->r;
	uint32_t run = b->run_of[before], steps = 0;
	while (run != NO_INDEX && steps++ <= q->run_count) {
		const struct run *around = &r->runs[run];
		if (r->order[around->first + around->count - 1] > before)
			return run;
		run = b->caller_of[run];
	}
	return b->run_of[before];
}

/* Walks the request in order of time. */
static void add_walk(struct builder *b, struct request *q)
{
	struct requests *r = b->r;
	const struct scene_event *events = b->scene->events + q->first_event;
	size_t gaps = 0;
	q->first_call = (uint32_t)b->at.call;
	q->first_gap = (uint32_t)b->at.gap;
	const struct scene_event *e = NULL;
	int64_t coarse_until_ns =
		INT64_MIN; /* someone who stamps whole seconds may speak until then */
	for (size_t i = 0; i < q->event_count; i++) {
		const struct scene_event *before = e;
		if (b->scene->coarse[events[i].service]) {
			coarse_until_ns = events[i].time_ns + NS_PER_S;
			continue;
		}
		e = &events[i];
		if (before == NULL)
			continue;
		struct run *run = &r->runs[b->run_of[q->first_event + i]];
		bool opens = r->order[run->first] == q->first_event + i;
		enum edge_kind kind = e->service == before->service ? EDGE_WITHIN
				      : opens			    ? EDGE_CALL
								    : EDGE_RETURN;
		uint32_t caller = NO_INDEX;
		if (opens) {
			caller = find_caller(b, q, (uint32_t)(before - b->scene->events));
			b->caller_of[b->run_of[q->first_event + i]] = caller;
		}
		/* who may have been called by another in between is no sure call of this one */
		if (kind == EDGE_CALL && coarse_until_ns <= before->time_ns) {
			b->called[q->first_call + q->call_count++] =
				key_of(before->subject, e->subject);
			run->opened_by = before->subject;
			run->caller = r->runs[caller].service;
		}
		b->gaps[gaps++] = (struct raw_gap){ (uint64_t)kind << 62 |
							    key_of(before->subject, e->subject),
			e->time_ns - before->time_ns, q->first_event + (uint32_t)i };
	}
	gaps = add_hidden_gaps(b, q, gaps);
	q->call_count = unique_keys(b->called + q->first_call, q->call_count);
	b->at.call += q->call_count;
	sort_few(b->gaps, gaps, by_edge);
	for (size_t i = 0, end; i < gaps; i = end) {
		end = i + 1;
		while (end < gaps && b->gaps[end].edge == b->gaps[i].edge)
			end++;
		const struct raw_gap *middle = &b->gaps[i + (end - i - 1) / 2];
		struct gap *gap = &r->gaps[b->at.gap++];
		double seconds = (double)i64_max(middle->gap_ns, 0) / 1e9;
		*gap = (struct gap){ .ln_seconds = (float)log(seconds + GAP_FLOOR_SECONDS),
			.event = middle->event,
			.time_ns = b->scene->events[middle->event].time_ns };
		b->edges[q->first_gap + q->gap_count++] = middle->edge;
	}
}

static void add_nodes(struct builder *b, struct request *q)
{
	struct requests *r = b->r;
	const struct scene_event *events = b->scene->events + q->first_event;
	struct node *nodes = r->nodes + b->at.node;
	q->first_node = (uint32_t)b->at.node;
	for (size_t i = 0; i < q->event_count; i++)
		nodes[i] = (struct node){ events[i].subject, q->first_event + (uint32_t)i,
			events[i].time_ns };
	sort_few(nodes, q->event_count, by_subject);
	for (size_t i = 0; i < q->event_count; i++) {
		q->subjects |= request_bit(nodes[i].subject);
		if (q->node_count == 0 || nodes[q->node_count - 1].subject != nodes[i].subject)
			nodes[q->node_count++] = nodes[i];
	}
	b->at.node += q->node_count;
}

static void make_room(struct builder *b, size_t events)
{
	while (b->line_capacity < events) {
		b->line_capacity = size_max(64, b->line_capacity * 2);
		b->lines = mem_realloc(b->lines, b->line_capacity, sizeof(*b->lines));
	}
	while (b->gap_capacity < 2 * events) {
		b->gap_capacity = size_max(128, b->gap_capacity * 2);
		b->gaps = mem_realloc(b->gaps, b->gap_capacity, sizeof(*b->gaps));
	}
}

void requests_take_apart(struct builder *b, uint32_t request)
{
	struct request *q = &b->r->requests[request];
	make_room(b, q->event_count);
	add_runs(b, request);
	add_walk(b, q);
	add_nodes(b, q);
}
