/* SPDX-License-Identifier: MIT */
#include "src/judge/trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"
#include "src/judge/bayes.h"

static uint32_t *indices(struct trial *t, size_t count)
{
	uint32_t *all = arena_alloc(&t->arena, count, sizeof(*all));
	if (count > 0)
		memset(all, 0xff, count * sizeof(*all));
	return all;
}

static int64_t *times(struct trial *t, size_t count)
{
	int64_t *all = arena_alloc(&t->arena, count, sizeof(*all));
	for (size_t i = 0; i < count; i++)
		all[i] = TIME_NONE;
	return all;
}

/* ---- counting ---- */

/* A stretch at a time over all events, which a compiler turns into few instructions. */
static void mark_side(struct trial *t, const struct stretch *in)
{
	const int64_t *times = t->requests->times;
	int64_t from_ns = in->from_ns, to_ns = in->to_ns;
	uint8_t side = (uint8_t)in->side, *sides = t->event_sides;
	for (size_t i = 0; i < t->scene->event_count; i++)
		sides[i] = times[i] >= from_ns && times[i] < to_ns ? side : sides[i];
}

#define MARKED_MAX 8 /* of more stretches each event's is looked up */

static void find_sides(struct trial *t)
{
	const struct requests *r = t->requests;
	size_t near = 0, count = t->scene->event_count;
	if (count > 0)
		memset(t->event_sides, SIDE_NONE, count);
	for (size_t i = 0; t->period.count <= MARKED_MAX && i < t->period.count; i++)
		mark_side(t, &t->period.items[i]);
	for (size_t i = 0; t->period.count > MARKED_MAX && i < count; i++)
		t->event_sides[i] = (uint8_t)period_side_near(&t->period, r->times[i], &near);
	for (size_t i = 0; i < r->count; i++) {
		const struct request *q = &r->requests[i];
		uint8_t *sides = t->event_sides + q->first_event;
		if (q->base)
			memset(sides, SIDE_BASE, q->event_count);
		else
			t->request_hurt[i] = memchr(sides, SIDE_INCIDENT, q->event_count) != NULL;
	}
}

static void count_runs(struct trial *t)
{
	const struct requests *r = t->requests;
	for (size_t i = 0; i < r->run_count; i++) {
		const struct run *run = &r->runs[i];
		enum side side = (enum side)t->event_sides[r->order[run->first]];
		t->run_sides[i] = (uint8_t)side;
		if (side == SIDE_NONE)
			continue;
		uint32_t last = NO_INDEX;
		for (uint32_t k = 0; k < run->step_count; k++) {
			uint32_t pair = r->steps[run->first_step + k];
			t->with_pair[pair][side]++;
			if (r->pairs[pair].a != last)
				t->run_episodes[r->pairs[pair].a][side]++;
			last = r->pairs[pair].a;
		}
	}
}

static void count_nodes(struct trial *t, const struct request *q, enum side request_side,
	uint32_t *stamps, uint32_t stamp)
{
	const struct requests *r = t->requests;
	for (uint32_t k = 0; k < q->node_count; k++) {
		const struct node *node = &r->nodes[q->first_node + k];
		enum side side = (enum side)t->event_sides[node->event];
		uint32_t service = t->scene->subjects[node->subject].service;
		if (request_side != SIDE_NONE) {
			t->with_node[node->subject][request_side]++;
			if (stamps[service] != stamp)
				t->service_requests[service][request_side]++;
			stamps[service] = stamp;
		}
		if (side == SIDE_NONE)
			continue;
		t->episodes[node->subject][side]++;
		int64_t *first = &t->first_event_ns[node->subject];
		if (side == SIDE_INCIDENT && (*first == TIME_NONE || node->time_ns < *first))
			*first = node->time_ns;
	}
}

void trial_count(struct trial *t)
{
	const struct requests *r = t->requests;
	uint32_t *stamps = indices(t, t->scene->service_count);
	find_sides(t);
	count_runs(t);
	for (uint32_t i = 0; i < r->count; i++) {
		const struct request *q = &r->requests[i];
		enum side side = (enum side)t->event_sides[q->first_event];
		t->request_sides[i] = (uint8_t)side;
		count_nodes(t, q, side, stamps, i);
		for (uint32_t k = 0; side != SIDE_NONE && k < q->call_count; k++)
			t->with_call[r->called[q->first_call + k]][side]++;
	}
}

/* Followed in requests: when at least half of its lines are lines of those that were followed. */
static bool is_followed(const struct trial *t, uint32_t subject)
{
	const struct scene_subject *s = &t->scene->subjects[subject];
	uint64_t total = (s->subject != NULL ? s->subject->series.total : 0) +
			 (s->base != NULL ? s->base->series.total : 0);
	uint64_t followed =
		(uint64_t)t->episodes[subject][SIDE_BASE] + t->episodes[subject][SIDE_INCIDENT];
	uint64_t lines = t->requests->lines_of[subject];
	return followed > 0 && (lines << t->scene->findings->event_sampling) * 2 >= total;
}

struct episode_counts trial_episodes(const struct trial *t, uint32_t subject)
{
	struct episode_counts e = { .by_requests = is_followed(t, subject) };
	uint64_t cells[SIDE_COUNT];
	if (e.by_requests) {
		for (int side = 0; side < SIDE_COUNT; side++)
			e.count[side] = t->episodes[subject][side];
	} else {
		scene_cells(t->scene, &t->period, subject, cells);
		for (int side = 0; side < SIDE_COUNT; side++)
			e.count[side] = (double)cells[side];
	}
	return e;
}

struct finding *trial_add(struct trial *t, enum deviation_kind kind, uint32_t service,
	uint32_t subject, uint32_t after, double raw)
{
	mem_grow(&t->findings, t->count, &t->capacity);
	struct finding *f = &t->findings[t->count++];
	*f = (struct finding){ .d = { .kind = kind,
				       .service = service,
				       .subject = subject,
				       .after = after,
				       .raw = raw,
				       .first_ns = TIME_NONE },
		.named = NO_INDEX };
	return f;
}

/* ---- the whole ---- */

static void prepare(struct trial *t)
{
	const struct requests *r = t->requests;
	struct arena *a = &t->arena;
	size_t subjects = t->scene->subject_count, services = t->scene->service_count;
	t->event_sides = arena_alloc(a, t->scene->event_count, 1);
	t->run_sides = arena_alloc(a, r->run_count, 1);
	t->request_sides = arena_alloc(a, r->count, 1);
	t->request_hurt = arena_alloc(a, r->count, sizeof(*t->request_hurt));
	t->with_node = arena_alloc(a, subjects, sizeof(*t->with_node));
	t->episodes = arena_alloc(a, subjects, sizeof(*t->episodes));
	t->run_episodes = arena_alloc(a, subjects, sizeof(*t->run_episodes));
	t->with_pair = arena_alloc(a, r->pair_count, sizeof(*t->with_pair));
	t->with_call = arena_alloc(a, r->call_count, sizeof(*t->with_call));
	t->service_requests = arena_alloc(a, services, sizeof(*t->service_requests));
	t->first_event_ns = times(t, subjects);
	t->of_subject = indices(t, subjects);
	t->of_pair = indices(t, r->pair_count);
	t->of_call = indices(t, r->call_count);
	t->of_edge = indices(t, r->edge_count);
	t->late_seconds = arena_alloc(a, r->edge_count, sizeof(*t->late_seconds));
	t->parts = arena_alloc(a, services, sizeof(*t->parts));
	t->first_ns = times(t, services);
}

enum score_part trial_part(const struct finding *f)
{
	static const enum score_part parts[DEVIATION_KINDS] = {
		[DEVIATION_NEW] = PART_PROBLEMS,
		[DEVIATION_MORE] = PART_PROBLEMS,
		[DEVIATION_LOST] = PART_FLOW,
		[DEVIATION_STOPPED] = PART_STOPPED,
		[DEVIATION_SLOW] = PART_SLOW,
		[DEVIATION_NAMED] = PART_NAMED,
	};
	return f->ordinary ? PART_CHANGED : parts[f->d.kind];
}

/*
 * Of the deviations of one kind in a service the strongest counts: they are mostly one event seen
 * through several lines, and adding them up would reward whoever writes most. (Slow steps are
 * measured one by one; slow.c has added them.)
 */
void trial_sum(struct trial *t)
{
	for (size_t i = 0; i < t->scene->service_count; i++) {
		for (int part = 0; part < PART_COUNT; part++)
			t->parts[i][part] = part == PART_SLOW ? t->parts[i][part] : 0;
		t->first_ns[i] = TIME_NONE;
	}
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		double *part = &t->parts[f->d.service][trial_part(f)];
		if (f->d.kind != DEVIATION_SLOW)
			*part = fmax(*part, f->weight);
		int64_t *first = &t->first_ns[f->d.service];
		if (f->d.first_ns != TIME_NONE && f->d.points > 0.5 &&
			(*first == TIME_NONE || f->d.first_ns < *first))
			*first = f->d.first_ns;
	}
	for (size_t i = 0; i < t->scene->service_count; i++) {
		for (int part = 0; part < PART_COUNT; part++) {
			if (t->leave_out >> part & 1)
				t->parts[i][part] = 0;
		}
	}
}

static double score_of(const struct trial *t, size_t service)
{
	double sum = 0;
	for (int part = 0; part < PART_COUNT; part++)
		sum += t->parts[service][part];
	return sum;
}

/*
 * What leads another service time after time stands before it: the trouble of the one is as much a
 * sign of the other.
 */
static void trial_lead(struct trial *t)
{
	for (size_t i = 0; t->led_by != NULL && i < t->scene->service_count; i++) {
		uint32_t leader = t->led_by[i];
		if (leader == NO_INDEX || score_of(t, i) < score_of(t, leader))
			continue;
		t->parts[leader][PART_ORDER] += score_of(t, i) - score_of(t, leader) + 0.01;
	}
}

void trial_cap(struct trial *t, double (*off)[PART_COUNT])
{
	size_t services = t->scene->service_count;
	double(*kept)[PART_COUNT] = arena_alloc(&t->arena, services, sizeof(*kept));
	for (size_t i = 0; i < services; i++) {
		for (int part = 0; part < PART_ORDER; part++) {
			double before = t->parts[i][part];
			double left = fmax(0, before - (off != NULL ? off[i][part] : 0));
			t->parts[i][part] = soft_cap(left, PART_CAP);
			kept[i][part] = before > 0 ? left / before : 0;
		}
	}
	for (size_t i = 0; i < t->count; i++) {
		struct finding *f = &t->findings[i];
		double share = kept[f->d.service][trial_part(f)];
		f->d.points = soft_cap(f->weight * share, PART_CAP);
		if (f->named != NO_INDEX)
			f->said *= share;
	}
	trial_order(t);
	trial_lead(t);
}

double trial_evidence(const struct trial *t, uint32_t service)
{
	double sum = 0;
	for (int part = 0; part < PART_ORDER; part++)
		sum += t->parts[service][part];
	return sum;
}

void trial_run(struct trial *t, const struct scene *scene, const struct requests *requests,
	const struct period *period, struct trial_options options)
{
	*t = (struct trial){ .scene = scene,
		.requests = requests,
		.period = *period,
		.leave_out = scene->settings->leave_out,
		.told = options.told,
		.steps_only = options.steps_only,
		.unlinked = options.unlinked };
	for (size_t i = 0; i < period->count; i++)
		t->repeats += period->items[i].side == SIDE_INCIDENT;
	t->recurring = t->repeats > 1 && !t->steps_only;
	prepare(t);
	trial_count(t);
	if (!t->steps_only)
		trial_problems(t);
	trial_steps(t);
	trial_slow(t);
	if (!t->steps_only)
		trial_changed(t);
	trial_blame(t);
	if (!t->steps_only)
		trial_silence(t);
	trial_accuse(t);
}

void trial_release(struct trial *t)
{
	free(t->findings);
	free(t->blames);
	arena_release(&t->arena);
}
