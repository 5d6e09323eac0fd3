/* SPDX-License-Identifier: MIT */
#include "src/judge/requests_moments.h"

#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"

/* One walk over all requests either announces what came or notes it. */
struct walk {
	struct requests *r;
	bool noting;
	uint32_t *stamps; /* of each service: the request that was last counted for it, plus 1 */
};

static void come(const struct walk *w, struct moments *m, uint32_t thing, bool base, int32_t rank)
{
	if (!w->noting)
		moments_announce(m, thing, base);
	else if (!base)
		moments_note(m, thing, rank);
}

/* What is dated by the request's first line. */
static void walk_request(const struct walk *w, uint32_t index)
{
	struct requests *r = w->r;
	const struct request *q = &r->requests[index];
	int32_t rank = r->ranking.of_event[q->first_event];
	for (uint32_t k = 0; k < q->node_count; k++) {
		uint32_t subject = r->nodes[q->first_node + k].subject;
		uint32_t service = r->scene->subjects[subject].service;
		come(w, &r->of_node_requests, subject, q->base, rank);
		if (w->stamps[service] != index + 1)
			come(w, &r->of_services, service, q->base, rank);
		w->stamps[service] = index + 1;
	}
	for (uint32_t k = 0; k < q->call_count; k++)
		come(w, &r->of_calls, r->called[q->first_call + k], q->base, rank);
}

/* What is dated by the run's first line. */
static void walk_run(const struct walk *w, uint32_t index)
{
	struct requests *r = w->r;
	const struct run *run = &r->runs[index];
	bool base = r->requests[run->request].base;
	int32_t rank = r->ranking.of_event[r->order[run->first]];
	uint32_t last = NO_INDEX;
	for (uint32_t k = 0; k < run->step_count; k++) {
		uint32_t pair = r->steps[run->first_step + k];
		come(w, &r->of_pairs, pair, base, rank);
		if (r->pairs[pair].a != last)
			come(w, &r->of_runs, r->pairs[pair].a, base, rank);
		last = r->pairs[pair].a;
	}
}

static void announce(struct requests *r, uint32_t *stamps)
{
	struct walk w = { r, false, stamps };
	for (uint32_t i = 0; i < r->count; i++) {
		const struct request *q = &r->requests[i];
		walk_request(&w, i);
		for (uint32_t k = 0; k < q->node_count; k++)
			moments_announce(
				&r->of_nodes, r->nodes[q->first_node + k].subject, q->base);
	}
	for (uint32_t i = 0; i < r->run_count; i++)
		walk_run(&w, i);
}

/* What begins with each event: indices plus 1. */
struct opened {
	uint32_t request;
	uint32_t run;
	bool node;
};

static struct opened *find_opened(const struct requests *r)
{
	struct opened *opened = mem_zalloc(r->scene->event_count + 1, sizeof(*opened));
	for (uint32_t i = 0; i < r->count; i++)
		opened[r->requests[i].first_event].request = i + 1;
	for (uint32_t i = 0; i < r->run_count; i++)
		opened[r->order[r->runs[i].first]].run = i + 1;
	for (size_t i = 0; i < r->node_count; i++)
		opened[r->nodes[i].event].node = true;
	return opened;
}

static void note(struct requests *r, uint32_t *stamps)
{
	struct walk w = { r, true, stamps };
	struct opened *opened = find_opened(r);
	for (size_t i = 0; i < r->ranking.count; i++) {
		const struct opened *o = &opened[r->ranking.events[i]];
		if (o->request > 0)
			walk_request(&w, o->request - 1);
		if (o->run > 0)
			walk_run(&w, o->run - 1);
		if (o->node)
			moments_note(&r->of_nodes, r->scene->events[r->ranking.events[i]].subject,
				(int32_t)i);
	}
	free(opened);
}

void requests_find_moments(struct requests *r)
{
	const struct scene *s = r->scene;
	struct moments *all[] = { &r->of_nodes, &r->of_node_requests, &r->of_runs, &r->of_pairs,
		&r->of_calls, &r->of_services };
	size_t counts[] = { s->subject_count, s->subject_count, s->subject_count, r->pair_count,
		r->call_count, s->service_count };
	uint32_t *stamps = mem_zalloc(s->service_count + 1, sizeof(*stamps));
	for (size_t i = 0; i < countof(all); i++)
		moments_begin(all[i], &r->arena, counts[i]);
	announce(r, stamps);
	for (size_t i = 0; i < countof(all); i++)
		moments_lay_out(all[i], &r->arena);
	memset(stamps, 0, (s->service_count + 1) * sizeof(*stamps));
	note(r, stamps);
	free(stamps);
}
