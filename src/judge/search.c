/* SPDX-License-Identifier: MIT */
#include "src/judge/search_parts.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "src/judge/bayes.h"

/*
 * How much stands out in a period: over the three services with most, since an incident is seen in
 * a few services and noise is in all. Each service's evidence is taken as a logarithm beyond ten
 * nats, as everywhere: the model is wrong now and then; but unlike a part of the score it has no
 * ceiling, so that the better of two loud periods is still found. Off goes ln of how many periods
 * of the kind were, or might have been, tried.
 */
#define QUALITY_SCALE 10.0
#define QUALITY_TIE   0.1
/* Most incidents leave a new problem line where they start; one in ten does not. */
#define MARKED_ODDS  10.0
#define LATE_ODDS    10.0
#define EARLY_ODDS   10.0
#define MINUTE_ODDS  1.0
#define HABIT_ODDS   10.0
#define MINUTE_NS    (60 * NS_PER_S)
#define BURSTS_TRIED 2016.0 /* pairs of 64 windows */

/*
 * What is worth calling an incident: odds of twenty to one, after all services and periods that
 * might have shown something by chance. What several services show at once adds up: one new error
 * is luck, one each in four services is none. But the best of n services shows ln n nats by luck,
 * so that each counts only beyond that.
 */
#define LEAST_ODDS 20.0

void search_period(
	const struct search *w, const struct candidate *c, struct arena *arena, struct period *p)
{
	struct stretch *spans = arena_alloc(arena, c->count, sizeof(*spans));
	for (size_t i = 0; i < c->count; i++) {
		spans[i] = c->spans[i];
		spans[i].from_ns = i64_max(spans[i].from_ns - c->lead_ns,
			i == 0 ? w->scene->from_ns : spans[i - 1].to_ns);
	}
	incident_cut(w->scene, arena, spans, c->count, p);
	if (c->kind == CANDIDATE_GIVEN)
		p->precision_ns = p->slack_ns = given_precision_ns(w->scene);
}

/*
 * That something which seldom happens does so at the very start that was given (a job begins) says
 * that it was given exactly: what the one says that is best there, but the best of all by luck.
 */
static double weigh_exactness(struct trial *t)
{
	double best = 0;
	trial_cap(t, NULL);
	for (size_t i = 0; i < t->scene->service_count; i++)
		best = fmax(best, t->parts[i][PART_ONSET]);
	return fmax(0, best - log(fmax(1, (double)t->scene->service_count)));
}

/* Candidates are tried each by itself; what is shared is const. */
static void run_one(void *context, size_t i)
{
	struct search *w = context;
	struct trial t;
	trial_run(&t, w->scene, w->requests, &w->tried[i].period,
		(struct trial_options){ .unlinked = true,
			.told = w->candidates[i].kind == CANDIDATE_GIVEN,
			.chosen_by_line = w->candidates[i].kind == CANDIDATE_FIRST });
	memcpy(w->tried[i].parts, t.parts, w->scene->service_count * sizeof(*t.parts));
	w->tried[i].excess = t.excess;
	memcpy(w->tried[i].shown, t.shown, w->scene->service_count * sizeof(*t.shown));
	if (w->candidates[i].kind == CANDIDATE_GIVEN)
		w->tried[i].exactness = weigh_exactness(&t);
	trial_release(&t);
}

static void run_all(struct search *w)
{
	size_t services = w->scene->service_count;
	for (size_t i = 0; i < w->count; i++) {
		struct tried *t = &w->tried[i];
		search_period(w, &w->candidates[i], &w->arena, &t->period);
		t->parts = arena_alloc(&w->arena, services, sizeof(*t->parts));
		t->shown = arena_alloc(&w->arena, services, sizeof(*t->shown));
		t->drift = arena_alloc(&w->arena, services, sizeof(*t->drift));
	}
	parallel_each(w->scene->settings->jobs, w->count, run_one, w);
}

double search_tries(const struct search *w, enum candidate_kind kind)
{
	double count = 0;
	for (size_t i = 0; i < w->count; i++)
		count += w->candidates[i].kind == kind;
	return kind == CANDIDATE_BURST ? BURSTS_TRIED : count;
}

/* What speaks for trouble in the service,
 * beyond what its baseline shows against itself (or NULL). */
static double shown(double parts[PART_COUNT], const double drift[PART_COUNT])
{
	double sum = 0;
	for (int part = 0; part < PART_ORDER; part++)
		sum += fmax(0, parts[part] - (drift != NULL ? drift[part] : 0));
	return sum;
}

bool incident_stands_out(const struct scene *s, double (*parts)[PART_COUNT],
	double (*drift)[PART_COUNT], double periods_tried)
{
	double luck = log((double)s->service_count), beyond = 0;
	for (size_t i = 0; i < s->service_count; i++)
		beyond += fmax(0, shown(parts[i], drift[i]) - luck);
	return beyond >= log(periods_tried) + log(LEAST_ODDS);
}

/*
 * How seldom an incident begins as the candidate does. A start that was given is trusted: one in
 * ten is late, and one in ten is told with room. But one in two that are given at a full minute is
 * said to the minute, and lies anywhere within it; unless something begins with the minute, whose
 * harm may well show later. That it is one of many, of which nobody knows, is as rare as the first.
 */
static double odds_against(const struct search *w, size_t index)
{
	const struct candidate *c = &w->candidates[index], *first = &w->candidates[0];
	if (first->kind != CANDIDATE_GIVEN)
		return c->kind == CANDIDATE_GRID ? MARKED_ODDS : 1;
	if (c->kind == CANDIDATE_GIVEN)
		return 1;
	if (c->kind == CANDIDATE_RECURRING)
		return HABIT_ODDS;
	if (c->spans[0].from_ns < first->spans[0].from_ns)
		return LATE_ODDS;
	if (w->tried[0].exactness > 0)
		return INFINITY;
	return w->scene->settings->incident_from_ns % MINUTE_NS == 0 ? MINUTE_ODDS : EARLY_ODDS;
}

static void weigh(struct search *w, size_t index, double (*drift)[PART_COUNT])
{
	struct tried *t = &w->tried[index];
	double best[3] = { 0 };
	for (size_t i = 0; i < w->scene->service_count; i++) {
		double x = shown(t->parts[i], drift != NULL ? drift[i] : NULL);
		x = QUALITY_SCALE * log1p(x / QUALITY_SCALE);
		for (size_t k = 0; k < countof(best); k++) {
			if (x > best[k]) {
				double other = best[k];
				best[k] = x;
				x = other;
			}
		}
	}
	t->quality = best[0] + best[1] + best[2] + t->exactness -
		     log(search_tries(w, w->candidates[index].kind)) - log(odds_against(w, index));
}

/* Of two that are as good: the one that was given, else the one that starts first. */
static bool is_preferred(const struct candidate *c, const struct candidate *than)
{
	if (c->kind == CANDIDATE_GIVEN || than->kind == CANDIDATE_GIVEN)
		return c->kind == CANDIDATE_GIVEN;
	return c->spans[0].from_ns < than->spans[0].from_ns;
}

size_t search_choose(const struct search *w)
{
	double top = -INFINITY;
	size_t best = SIZE_MAX;
	for (size_t i = 0; i < w->count; i++)
		top = fmax(top, w->tried[i].quality);
	for (size_t i = 0; i < w->count; i++) {
		if (w->tried[i].quality >= top - QUALITY_TIE &&
			(best == SIZE_MAX || is_preferred(&w->candidates[i], &w->candidates[best])))
			best = i;
	}
	return best;
}

double search_second(const struct search *w, size_t best)
{
	double second = 0;
	int64_t near_ns = (w->scene->to_ns - w->scene->from_ns) / 20;
	for (size_t i = 0; i < w->count; i++) {
		int64_t apart_ns =
			w->candidates[i].spans[0].from_ns - w->candidates[best].spans[0].from_ns;
		if (apart_ns > near_ns || apart_ns < -near_ns)
			second = fmax(second, w->tried[i].quality);
	}
	return second;
}

static void find_drift(void *context, size_t i)
{
	struct search *w = context;
	struct tried *t = &w->tried[w->drifting[i]];
	incident_drift(w->scene, w->requests, &t->period, t->drift);
}

/* The candidate, and beside it those that may be asked for next, as many as there are threads. */
static void find_drifts(struct search *w, size_t next)
{
	size_t count = 0, threads = size_max(1, w->scene->settings->jobs);
	for (; next != SIZE_MAX && count < threads; count++) {
		w->drifting[count] = next;
		w->tried[next].asked = true;
		next = SIZE_MAX;
		for (size_t i = 0; i < w->count; i++) {
			if (!w->tried[i].asked &&
				(next == SIZE_MAX || w->tried[i].most > w->tried[next].most))
				next = i;
		}
	}
	parallel_each((unsigned)threads, count, find_drift, w);
}

static void weigh_fully(struct search *w, size_t i)
{
	if (!w->tried[i].asked)
		find_drifts(w, i);
	w->tried[i].weighed = true;
	weigh(w, i, w->tried[i].drift);
}

/*
 * The baseline's drift only takes away, and is as dear as the trial itself. So all are weighed
 * without it first, and with it in that order, until none that is left can be the best or the
 * second to it.
 */
static void weigh_all(struct search *w)
{
	for (size_t i = 0; i < w->count; i++) {
		weigh(w, i, NULL);
		w->tried[i].most = w->tried[i].quality;
		w->tried[i].quality = -INFINITY;
	}
	for (size_t n = 0; n < w->count; n++) {
		size_t next = SIZE_MAX, chosen = search_choose(w);
		for (size_t i = 0; i < w->count; i++) {
			const struct tried *t = &w->tried[i];
			if (!t->weighed && (next == SIZE_MAX || t->most > w->tried[next].most))
				next = i;
		}
		if (n > 0 && w->tried[next].most < w->tried[chosen].quality - QUALITY_TIE &&
			w->tried[next].most < search_second(w, chosen))
			break;
		weigh_fully(w, next);
	}
}

void search_run(struct search *w)
{
	run_all(w);
	weigh_all(w);
}

/*
 * When did it begin, if it lasts to the end? Quality says that something is wrong, and by what is
 * capped, so as not to be fooled; but a cap says the same of all onsets around the right one, and
 * leaves it to chance, or to the next stray error, which of them is the best. Where problem lines
 * come more often the numbers of them tell the moment, and better than anything: uncapped, as sure
 * as they are, they are added here. What is left to quality is whether there is an incident, and of
 * which kind.
 */
static bool lasts(const struct search *w, size_t i)
{
	return w->candidates[i].kind != CANDIDATE_BURST &&
	       w->candidates[i].kind != CANDIDATE_RECURRING;
}

void search_place(struct search *w)
{
	size_t best = search_choose(w);
	if (best == SIZE_MAX || !lasts(w, best))
		return;
	double top = w->tried[best].quality, placed = -INFINITY;
	for (;;) {
		size_t next = SIZE_MAX;
		double most = -INFINITY;
		for (size_t i = 0; i < w->count; i++) {
			const struct tried *t = &w->tried[i];
			if (lasts(w, i) && t->weighed)
				placed = fmax(placed, t->quality + t->excess);
			if (lasts(w, i) && !t->weighed && t->most + t->excess > most) {
				most = t->most + t->excess;
				next = i;
			}
		}
		if (next == SIZE_MAX || most < placed - LIKELY_NATS)
			break;
		weigh_fully(w, next);
	}
	for (size_t i = 0; i < w->count; i++) {
		struct tried *t = &w->tried[i];
		if (lasts(w, i))
			t->quality += t->excess + top - placed;
	}
}
