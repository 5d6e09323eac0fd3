/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "src/judge/bayes.h"
#include "src/judge/trial.h"

/*
 * Ordinary lines that take a larger share of what a service says. Compared is the share of the
 * service's own episodes, so that more traffic alone changes nothing. Where these are no requests
 * but moments in which it speaks, less traffic would lift all that has nothing to do with traffic
 * (what runs every minute): there the rate in time has to rise as well, the weaker of both counts.
 * And where they are requests, other kinds of requests alone change nothing either: the share has
 * to rise within each kind as well (mix.c).
 * Off go ln of the number of its templates, for the many comparisons, and ln of its singles, as for
 * problems, for a service that always says something new. An ordinary line says that something
 * happens, not that it hurts: one incident lends it at most 3 nats (repeats.c).
 */

static bool is_ordinary(const struct scene_subject *s)
{
	return s->class == CLASS_ORDINARY && s->subject != NULL &&
	       s->subject->kind == SUBJECT_TEMPLATE;
}

/* Of the episodes of the service, those that hold the subject. */
static struct presence share_of(const struct trial *t, uint32_t subject,
	const struct episode_counts *e, const uint64_t cells[SIDE_COUNT])
{
	uint32_t service = t->scene->subjects[subject].service;
	struct presence p = { .k0 = e->count[SIDE_BASE], .k1 = e->count[SIDE_INCIDENT] };
	const uint32_t *requests = t->service_requests[service];
	p.n0 = e->by_requests ? requests[SIDE_BASE] : (double)cells[SIDE_BASE];
	p.n1 = e->by_requests ? requests[SIDE_INCIDENT] : (double)cells[SIDE_INCIDENT];
	/* a request may begin on one side and say this on the other */
	p.n0 = fmax(p.n0, p.k0);
	p.n1 = fmax(p.n1, p.k1);
	return p;
}

/* By how much it came more often in time. */
static double rise_of(const struct trial *t, uint32_t subject, const struct episode_counts *e)
{
	double k0 = e->count[SIDE_BASE], k1 = e->count[SIDE_INCIDENT];
	double e0 = t->base_seconds[t->scene->subjects[subject].service];
	double e1 = t->period.seconds[SIDE_INCIDENT];
	return e0 > 0 && e1 > 0 && k1 * e0 > k0 * e1 ? bayes_rates(k0, e0, k1, e1) : 0;
}

/* That it came in a larger share. */
static double evidence(const struct presence *p)
{
	return p->k1 * p->n0 > p->k0 * p->n1 ? bayes_shares(p->k0, p->n0, p->k1, p->n1) : 0;
}

static double evidence_of_kinds(const struct trial *t, uint32_t subject, const struct presence *p)
{
	struct presence alike = trial_like_with_like(t, subject, *p);
	return evidence(&alike);
}

static void add(struct trial *t, uint32_t subject, double x, const struct presence *p)
{
	struct finding *f = trial_add(t, p->k0 == 0 ? DEVIATION_NEW : DEVIATION_MORE,
		t->scene->subjects[subject].service, subject, NO_INDEX, x);
	f->ordinary = true;
	f->weight = soft_cap(x, trial_line_cap(t));
	f->d.points = f->weight;
	f->d.base_count = (uint64_t)p->k0;
	f->d.base_of = (uint64_t)p->n0;
	f->d.count = (uint64_t)p->k1;
	f->d.of = (uint64_t)p->n1;
	f->d.first_ns = t->first_event_ns[subject];
	for (size_t i = 0; f->d.first_ns == TIME_NONE && i < t->period.count; i++) {
		if (t->period.items[i].side == SIDE_INCIDENT)
			f->d.first_ns = scene_first_in(t->scene, &t->period.items[i], subject);
	}
}

void trial_changed(struct trial *t)
{
	const struct scene *s = t->scene;
	if (t->leave_out >> PART_CHANGED & 1)
		return;
	struct episode_counts *episodes =
		arena_alloc(&t->arena, s->subject_count, sizeof(*episodes));
	double *templates = arena_alloc(&t->arena, s->service_count, sizeof(*templates));
	double *singles = arena_alloc(&t->arena, s->service_count, sizeof(*singles));
	uint64_t(*cells)[SIDE_COUNT] = arena_alloc(&t->arena, s->service_count, sizeof(*cells));
	for (uint32_t i = 0; i < s->service_count; i++)
		scene_service_cells(s, &t->period, i, cells[i]);
	for (uint32_t i = 0; i < s->subject_count; i++) {
		if (!is_ordinary(&s->subjects[i]))
			continue;
		episodes[i] = trial_episodes(t, i);
		templates[s->subjects[i].service]++;
		singles[s->subjects[i].service] += episodes[i].count[SIDE_BASE] == 1;
	}
	for (uint32_t i = 0; i < s->subject_count; i++) {
		struct presence p;
		if (!is_ordinary(&s->subjects[i]))
			continue;
		uint32_t service = s->subjects[i].service;
		if (t->recurring)
			p = trial_presence(t, i);
		else
			p = share_of(t, i, &episodes[i], cells[service]);
		double x = evidence(&p);
		if (!t->recurring && !episodes[i].by_requests)
			x = fmin(x, rise_of(t, i, &episodes[i]));
		x -= log(templates[service]) + log1p(singles[service]);
		if (x > 0 && !t->recurring && episodes[i].by_requests)
			x = fmin(x, evidence_of_kinds(t, i, &p) - log(templates[service]) -
					    log1p(singles[service]));
		if (x > 0)
			add(t, i, x, &p);
	}
}
