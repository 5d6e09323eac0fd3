/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "lineup/mem.h"
#include "src/judge/bayes.h"
#include "src/judge/trial.h"

/*
 * Problem lines that are new or more frequent. The evidence is the Bayes factor of two rates
 * against one; what became rarer is no fault (polarity: an error that stops is an improvement).
 *
 * A line that was never seen before is worth more than its rate, since it shows a state that the
 * system was not in. How much more depends on how often this service says something new when all
 * is well, which Good and Turing estimate from what the baseline saw exactly once: `singles`. A
 * service that always finds new words surprises nobody. The prior is one more service of this
 * system: the mean of all services' singles, since one service alone has mostly too few to count;
 * at the least once in thirty baselines, which stands for the baseline's shortness. The expectation
 * grows and falls with the incident's length against the baseline's, by a factor of ten at the
 * most.
 *
 * Warnings get no such bonus. Programs warn of what they cope with, many of them once in their life
 * (of a deprecated option, of a cold cache), so that a new one is what any stretch of time brings;
 * only how often it comes speaks for it.
 */
#define NEW_PROBLEMS (1.0 / 30)

/* An exception's name in the line: a state that its author did not foresee. */
#define EXCEPTION_POINTS 1.5

/*
 * A warning says that something happens, not that it hurts: like an ordinary line it is worth at
 * most 3 nats an incident, however sure it is that it is more frequent. But one that is given k
 * times over is no warning of a thing met for the first time: ln k more, up to twice as much, since
 * it may still be what someone else's trouble brings; k times what the baseline had in as long a
 * time, and one more for what it may have missed. Of an incident that came several times each time
 * counts already. And what is only written of what takes long (a log of slow statements) measures
 * that it hurts, and has no cap of its own.
 */
static double warning_cap(const struct trial *t, double k0, double k1, double base_seconds)
{
	double cap = trial_line_cap(t), usual = 0;
	if (k0 > 0)
		usual = k0 * t->period.seconds[SIDE_INCIDENT] / fmax(1, base_seconds);
	return t->recurring ? cap : cap + fmin(cap, log(fmax(1, k1 / (1 + usual))));
}

/*
 * What is worth most for saying whose trouble it is says little of when it began: novelty and caps
 * are the same for every onset before the first line of a kind, and for all that are near the right
 * one. So the mere rates are summed up for that beside (search.c): of each service the surest,
 * since its lines are mostly one event seen several times, as far as it is beyond what the best of
 * all problem lines shows by luck.
 */
static double sum_excess(const double *excess, size_t services, double comparisons)
{
	double sum = 0;
	for (size_t i = 0; i < services; i++)
		sum += fmax(0, excess[i] - log(fmax(1, comparisons)));
	return sum;
}

/* Problem lines that the baseline saw in one episode only, by service, with the prior. */
static const double *count_singles(struct trial *t, const struct episode_counts *episodes)
{
	const struct scene *s = t->scene;
	double *singles = arena_alloc(&t->arena, s->service_count, sizeof(*singles));
	for (size_t i = 0; i < s->subject_count; i++) {
		if (s->subjects[i].class == CLASS_PROBLEM && episodes[i].count[SIDE_BASE] == 1)
			singles[s->subjects[i].service]++;
	}
	double all = 0;
	for (size_t i = 0; i < s->service_count; i++)
		all += singles[i];
	for (size_t i = 0; i < s->service_count; i++)
		singles[i] += fmax(NEW_PROBLEMS, all / (double)s->service_count);
	return singles;
}

static double novelty(const struct trial *t, double singles, const struct scene_subject *s)
{
	double base_seconds = t->base_seconds[s->service];
	double expected = singles;
	if (s->class == CLASS_WARNING)
		return 0;
	if (t->period.seconds[SIDE_BASE] > 0) /* where its log may not reach at all */
		expected *= fmin(
			10, fmax(0.1, t->period.seconds[SIDE_INCIDENT] / fmax(1, base_seconds)));
	return fmax(0, -log(expected)) + (s->exception ? EXCEPTION_POINTS : 0);
}

static int64_t first_of(const struct trial *t, uint32_t subject)
{
	int64_t first_ns = t->first_event_ns[subject];
	for (size_t i = 0; i < t->period.count; i++) {
		if (t->period.items[i].side != SIDE_INCIDENT)
			continue;
		int64_t seen_ns = scene_first_in(t->scene, &t->period.items[i], subject);
		if (seen_ns == TIME_NONE)
			continue;
		/* cells are wide: an event's own time is better when it lies in the same one */
		bool earlier =
			first_ns == TIME_NONE || seen_ns + t->scene->findings->cell_ns <= first_ns;
		return earlier ? seen_ns : first_ns;
	}
	return first_ns;
}

/*
 * When the period was taken to begin with a first line, that one says nothing of a rate: it lies
 * inside because it was chosen, and only what came after it is by itself more than there was
 * before.
 */
static bool has_chosen(const struct trial *t, uint32_t subject, double k0)
{
	return t->chosen_by_line && k0 == 0 &&
	       first_of(t, subject) < period_first(&t->period)->from_ns + NS_PER_S;
}

static void weigh(struct trial *t, uint32_t subject, const struct episode_counts *e,
	const double *singles, double *excess)
{
	const struct scene_subject *s = &t->scene->subjects[subject];
	double k0 = e->count[SIDE_BASE], k1 = e->count[SIDE_INCIDENT];
	double e0 = t->base_seconds[s->service], e1 = t->period.seconds[SIDE_INCIDENT];
	if (k1 == 0)
		return;
	double raw = 0;
	if (e0 > 0 && k1 * e0 > k0 * e1)
		raw = fmax(0, bayes_rates(k0, e0, k1 - has_chosen(t, subject, k0), e1));
	excess[s->service] = fmax(excess[s->service], raw);
	if (k0 == 0)
		raw += novelty(t, singles[s->service], s);
	if (t->recurring) {
		struct presence p = trial_presence(t, subject);
		if (p.n0 > 0 && p.k1 * p.n0 > p.k0 * p.n1)
			raw = fmax(raw, bayes_shares(p.k0, p.n0, p.k1, p.n1));
	}
	if (raw <= 0)
		return;
	bool warning = s->class == CLASS_WARNING && (!s->slow_only || e->by_requests);
	if (warning)
		raw = soft_cap(raw, warning_cap(t, k0, k1, e0));
	struct finding *f = trial_add(
		t, k0 == 0 ? DEVIATION_NEW : DEVIATION_MORE, s->service, subject, NO_INDEX, raw);
	f->warning = warning;
	f->d.by_requests = e->by_requests;
	f->d.base_count = (uint64_t)k0;
	f->d.count = (uint64_t)k1;
	f->d.first_ns = first_of(t, subject);
	t->of_subject[subject] = (uint32_t)t->count - 1;
}

void trial_problems(struct trial *t)
{
	const struct scene *s = t->scene;
	double comparisons = 0;
	struct episode_counts *episodes =
		arena_alloc(&t->arena, s->subject_count, sizeof(*episodes));
	for (uint32_t i = 0; i < s->subject_count; i++) {
		if (s->subjects[i].class >= CLASS_WARNING)
			episodes[i] = trial_episodes(t, i);
	}
	const double *singles = count_singles(t, episodes);
	double *excess = arena_alloc(&t->arena, s->service_count, sizeof(*excess));
	for (uint32_t i = 0; i < s->subject_count; i++) {
		if (s->subjects[i].class >= CLASS_WARNING) {
			weigh(t, i, &episodes[i], singles, excess);
			comparisons++;
		}
	}
	t->excess = sum_excess(excess, s->service_count, comparisons);
}
