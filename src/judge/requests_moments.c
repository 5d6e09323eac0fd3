/* SPDX-License-Identifier: MIT */
#include "src/judge/requests_moments.h"

#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"

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
	come(w, &r->of_services, (uint32_t)r->scene->service_count, q->base, rank);
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
		if (run->open && r->pairs[pair].b == PAIR_END)
			continue;
		come(w, &r->of_pairs, pair, base, rank);
		if (r->pairs[pair].a != last)
			come(w, &r->of_runs, r->pairs[pair].a, base, rank);
		last = r->pairs[pair].a;
	}
}

/* A request's own first line of each subject. */
static void walk_nodes(const struct walk *w, uint32_t index)
{
	struct requests *r = w->r;
	const struct request *q = &r->requests[index];
	for (uint32_t k = 0; k < q->node_count; k++)
		moments_announce(&r->of_nodes, r->nodes[q->first_node + k].subject, q->base);
}

/* What is dated by the same lines is found together: a part for each kind of line. */
struct part {
	void (*walk)(const struct walk *, uint32_t index);
	struct moments *all[3];
	size_t counts[3]; /* of things */
};

static void fill_parts(struct requests *r, struct part parts[REQUESTS_PARTS])
{
	const struct scene *s = r->scene;
	parts[0] = (struct part){ walk_request,
		{ &r->of_node_requests, &r->of_calls, &r->of_services },
		{ s->subject_count, r->call_count, s->service_count + 1 } };
	parts[1] = (struct part){ walk_run, { &r->of_runs, &r->of_pairs },
		{ s->subject_count, r->pair_count } };
	parts[2] = (struct part){ walk_nodes, { &r->of_nodes }, { s->subject_count } };
}

/* Of each event: what of this part begins with it, plus 1. Freed by the caller. */
static uint32_t *find_opened(const struct requests *r, size_t part)
{
	uint32_t *opened = mem_zalloc(r->scene->event_count + 1, sizeof(*opened));
	for (uint32_t i = 0; part == 0 && i < r->count; i++)
		opened[r->requests[i].first_event] = i + 1;
	for (uint32_t i = 0; part == 1 && i < r->run_count; i++)
		opened[r->order[r->runs[i].first]] = i + 1;
	for (uint32_t i = 0; part == 2 && i < r->node_count; i++)
		opened[r->nodes[i].event] = r->nodes[i].subject + 1;
	return opened;
}

static void find_part(void *context, size_t index)
{
	struct requests *r = context;
	struct part parts[REQUESTS_PARTS];
	fill_parts(r, parts);
	const struct part *p = &parts[index];
	struct arena *arena = &r->arenas[index];
	uint32_t *stamps = mem_zalloc(r->scene->service_count + 1, sizeof(*stamps));
	struct walk w = { r, false, stamps };
	for (size_t i = 0; i < countof(p->all) && p->all[i] != NULL; i++)
		moments_begin(p->all[i], arena, p->counts[i]);
	for (uint32_t i = 0; i < (index == 1 ? r->run_count : r->count); i++)
		p->walk(&w, i);
	for (size_t i = 0; i < countof(p->all) && p->all[i] != NULL; i++)
		moments_lay_out(p->all[i], arena);
	uint32_t *opened = find_opened(r, index);
	memset(stamps, 0, (r->scene->service_count + 1) * sizeof(*stamps));
	w.noting = true;
	for (size_t i = 0; i < r->ranking.count; i++) {
		uint32_t which = opened[r->ranking.events[i]];
		if (which > 0 && index == 2)
			moments_note(&r->of_nodes, which - 1, (int32_t)i);
		else if (which > 0)
			p->walk(&w, which - 1);
	}
	free(opened);
	free(stamps);
}

void requests_find_moments(struct requests *r)
{
	parallel_each(r->scene->settings->jobs, REQUESTS_PARTS, find_part, r);
}
