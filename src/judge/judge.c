/* SPDX-License-Identifier: MIT */
#include "lineup/judgement.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/incident.h"
#include "src/judge/instances.h"
#include "src/judge/jobs.h"
#include "src/judge/names.h"
#include "src/judge/restarts.h"
#include "src/judge/told_lines.h"
#include "src/judge/trail.h"

/* Deviations worth less say nothing and are not handed on. */
#define LEAST_POINTS	0.1
#define CONSEQUENCE_RAW 5.0

/*
 * What others explain keeps few points, but it is a consequence, and consequences are part of the
 * answer. A delay on the way back is shown by other lines of its service: its second line is one of
 * another's.
 */
static bool is_shown(const struct scene *s, const struct deviation *d)
{
	size_t subjects = s->findings->subject_count, services = s->findings->service_count;
	if (d->service >= services || d->subject >= subjects ||
		(s->subjects[d->subject].service != d->service && d->kind != DEVIATION_NAMED))
		return false;
	return (d->points >= LEAST_POINTS || d->raw >= CONSEQUENCE_RAW) && d->points > 0 &&
	       (d->after == NO_INDEX || d->after < subjects);
}

struct ordered {
	struct deviation d;
	uint32_t finding;
};

static int by_points(const void *a, const void *b)
{
	const struct deviation *x = &((const struct ordered *)a)->d,
			       *y = &((const struct ordered *)b)->d;
	if (x->points != y->points)
		return x->points > y->points ? -1 : 1;
	if (x->service != y->service)
		return x->service < y->service ? -1 : 1;
	if (x->subject != y->subject)
		return x->subject < y->subject ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->after < y->after ? -1 : x->after > y->after;
}

static void hand_on_deviations(const struct scene *s, const struct trial *t, struct judgement *j)
{
	struct ordered *all = mem_zalloc(t->count + 1, sizeof(*all));
	uint32_t *now = mem_zalloc(t->count + 1, sizeof(*now));
	for (uint32_t i = 0; i < t->count; i++) {
		now[i] = NO_INDEX;
		if (is_shown(s, &t->findings[i].d))
			all[j->deviation_count++] = (struct ordered){ t->findings[i].d, i };
	}
	qsort(all, j->deviation_count, sizeof(*all), by_points);
	j->deviations = arena_alloc(&j->arena, j->deviation_count, sizeof(*j->deviations));
	for (uint32_t i = 0; i < j->deviation_count; i++) {
		j->deviations[i] = all[i].d;
		now[all[i].finding] = i;
	}
	j->blame_sampling = t->blame_sampling;
	j->crowded_requests = t->crowded_requests;
	j->blames = arena_alloc(&j->arena, t->blame_count, sizeof(*j->blames));
	for (size_t i = 0; i < t->blame_count; i++) {
		struct blame b = t->blames[i];
		b.effect = now[b.effect];
		b.cause = now[b.cause];
		if (b.effect != NO_INDEX && b.cause != NO_INDEX)
			j->blames[j->blame_count++] = b;
	}
	free(all);
	free(now);
}

static int by_score(const void *a, const void *b)
{
	const struct service_case *x = a, *y = b;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return x->service < y->service ? -1 : x->service > y->service;
}

static void hand_on_services(const struct scene *s, const struct trial *t, struct judgement *j)
{
	j->service_count = s->findings->service_count;
	j->services = arena_alloc(&j->arena, j->service_count, sizeof(*j->services));
	for (uint32_t i = 0; i < j->service_count; i++) {
		struct service_case *c = &j->services[i];
		*c = (struct service_case){ .service = i, .first_ns = TIME_NONE };
		if (t->scene == NULL)
			continue;
		c->first_ns = t->first_ns[i];
		for (int part = 0; part < PART_COUNT; part++) {
			c->parts[part] = t->parts[i][part];
			c->score += c->parts[part];
		}
	}
	if (j->service_count > 0)
		qsort(j->services, j->service_count, sizeof(*j->services), by_score);
}

/*
 * Nothing is dated: there is no before and after, and all that is left is knowledge. The rules that
 * fired are handed on with a nat for each step of severity above info, so that the worst come
 * first.
 */
static void hand_on_rules(const struct findings *f, struct judgement *j)
{
	if (f->left_out.lines > 0)
		j->incident.how = STR("no line is within the span asked for");
	else if (f->totals.lines == 0)
		j->incident.how = STR("no line was read");
	else if (f->service_count == 0)
		j->incident.how = STR("no line matched");
	else
		j->incident.how = STR("no line is dated: what fired is shown by severity alone");
	j->deviations = arena_alloc(&j->arena, f->subject_count, sizeof(*j->deviations));
	for (uint32_t i = 0; i < f->subject_count; i++) {
		const struct subject *s = &f->subjects[i];
		if (s->kind != SUBJECT_RULE || f->rules->rules[s->rule].severity == SEVERITY_INFO)
			continue;
		double points = (double)(SEVERITY_INFO - f->rules->rules[s->rule].severity);
		j->deviations[j->deviation_count++] = (struct deviation){ .kind = DEVIATION_NEW,
			.service = s->service,
			.subject = i,
			.after = NO_INDEX,
			.raw = points,
			.points = points,
			.count = s->series.total,
			.first_ns = TIME_NONE };
		for (size_t k = 0; k < j->service_count; k++) {
			struct service_case *c = &j->services[k];
			if (c->service == s->service && points > c->parts[PART_PROBLEMS])
				c->score = c->parts[PART_PROBLEMS] = points;
		}
	}
	if (j->service_count > 0)
		qsort(j->services, j->service_count, sizeof(*j->services), by_score);
}

void judge(const struct findings *f, const struct rank_settings *settings,
	const struct frame *frame, struct judgement *j)
{
	struct scene scene;
	struct requests requests;
	struct trial trial;
	*j = (struct judgement){ 0 };
	scene_build(&scene, f, settings, frame);
	requests_build(&requests, &scene);
	instances_find(&scene);
	names_find(&scene, &requests);
	trails_find(&scene, &requests);
	trail_addresses_find(&scene);
	told_lines_find(&scene);
	jobs_find(&scene);
	restarts_find(&scene);
	incident_find(&scene, &requests, frame, j, &trial);
	if (j->incident.span_count > 0)
		hand_on_deviations(&scene, &trial, j);
	hand_on_services(&scene, &trial, j);
	if (scene.to_ns <= scene.from_ns && !j->incident.given)
		hand_on_rules(f, j);
	trial_release(&trial);
	requests_release(&requests);
	scene_release(&scene);
}

void judgement_release(struct judgement *j)
{
	arena_release(&j->arena);
	*j = (struct judgement){ 0 };
}
