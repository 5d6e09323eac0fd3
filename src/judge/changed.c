/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "src/judge/bayes.h"
#include "src/judge/trial.h"

/*
 * Ordinary lines that take a larger share of what a service says. Compared is the share of the
 * service's own episodes, so that more traffic alone changes nothing; ln of the number of its
 * templates goes off for the many comparisons, and ln of its singles, as for problems, for a
 * service that always says something new. An ordinary line says that something happens, not that
 * it hurts: one incident lends it at most 3 nats. Where the incident comes again and again, each
 * time it is there and at other times not is a proof of its own (see recurring in incident.c).
 */
#define CHANGED_CAP 3.0

static bool is_ordinary(const struct scene_subject *s)
{
	return s->class == CLASS_ORDINARY && s->subject != NULL &&
	       s->subject->kind == SUBJECT_TEMPLATE;
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
		uint32_t service = s->subjects[i].service;
		double k0 = episodes[i].count[SIDE_BASE], k1 = episodes[i].count[SIDE_INCIDENT];
		bool by_requests = episodes[i].by_requests;
		double n0 = by_requests ? t->service_requests[service][SIDE_BASE]
					: (double)cells[service][SIDE_BASE];
		double n1 = by_requests ? t->service_requests[service][SIDE_INCIDENT]
					: (double)cells[service][SIDE_INCIDENT];
		n0 = fmax(n0, k0);
		n1 = fmax(n1, k1);
		if (!is_ordinary(&s->subjects[i]) || k1 == 0 || n0 == 0 || k1 * n0 <= k0 * n1)
			continue;
		double x = bayes_shares(k0, n0, k1, n1) - log(templates[service]) -
			   log1p(singles[service]);
		if (x <= 0)
			continue;
		struct finding *f = trial_add(
			t, k0 == 0 ? DEVIATION_NEW : DEVIATION_MORE, service, i, NO_INDEX, x);
		f->ordinary = true;
		f->d.points = soft_cap(x, CHANGED_CAP);
		f->d.base_count = (uint64_t)k0;
		f->d.base_of = (uint64_t)n0;
		f->d.count = (uint64_t)k1;
		f->d.of = (uint64_t)n1;
		f->d.first_ns = t->first_event_ns[i];
		for (size_t k = 0; f->d.first_ns == TIME_NONE && k < t->period.count; k++) {
			if (t->period.items[k].side == SIDE_INCIDENT)
				f->d.first_ns = scene_first_in(s, &t->period.items[k], i);
		}
	}
}
