/* SPDX-License-Identifier: MIT */
#include "src/judge/incident.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"
#include "src/judge/bayes.h"

/* ---- one period ---- */

/* A period with room of its own. */
static void cut(const struct scene *s, struct arena *arena, const struct stretch *spans,
	size_t count, struct period *p)
{
	const struct rank_settings *settings = s->settings;
	struct stretch *items = arena_alloc(arena, 2 * count + 1, sizeof(*items));
	int64_t base_from_ns = settings->baseline_from_ns, base_to_ns = settings->baseline_to_ns;
	if (s->baseline != NULL) { /* it has its own path: nothing of this scan is baseline */
		base_from_ns = s->from_ns;
		base_to_ns = s->from_ns;
	}
	period_cut(p, items, s->from_ns, s->to_ns, spans, count, base_from_ns, base_to_ns);
	p->seconds[SIDE_BASE] = p->seconds[SIDE_INCIDENT] = 0;
	for (size_t i = 0; i < p->count; i++)
		p->seconds[items[i].side] += scene_observed(s, items[i].from_ns, items[i].to_ns);
	if (s->baseline != NULL && s->baseline->first_ns != TIME_NONE)
		p->seconds[SIDE_BASE] =
			(double)(s->baseline->last_ns - s->baseline->first_ns) / 1e9;
}

static int by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/* The middle of the baseline's events of requests; TIME_NONE: too few to compare halves. */
static int64_t middle_of_base(const struct requests *r, const struct period *p)
{
	size_t count = 0;
	int64_t *times = mem_zalloc(r->count + 1, sizeof(*times)), middle_ns = TIME_NONE;
	for (size_t i = 0; i < r->count; i++) {
		if (!r->requests[i].base && period_side(p, r->requests[i].time_ns) == SIDE_BASE)
			times[count++] = r->requests[i].time_ns;
	}
	qsort(times, count, sizeof(*times), by_time);
	if (count >= 8)
		middle_ns = times[count / 2];
	free(times);
	return middle_ns;
}

/*
 * What the two halves of the baseline show against each other is no sign of trouble: it is taken
 * off the same parts of the trial. A service that drifts when all is well has to drift more.
 */
static void take_off_drift(struct trial *t)
{
	const struct period *p = &t->period;
	int64_t middle_ns = middle_of_base(t->requests, p);
	if (middle_ns == TIME_NONE)
		return;
	struct stretch *items = arena_alloc(&t->arena, p->count + 1, sizeof(*items));
	struct period halves = { .items = items, .precision_ns = p->precision_ns };
	for (size_t i = 0; i < p->count; i++) {
		struct stretch s = p->items[i];
		if (s.side != SIDE_BASE)
			continue;
		if (s.from_ns < middle_ns)
			items[halves.count++] = (struct stretch){ s.from_ns,
				i64_min(s.to_ns, middle_ns), SIDE_BASE };
		if (s.to_ns > middle_ns)
			items[halves.count++] = (struct stretch){ i64_max(s.from_ns, middle_ns),
				s.to_ns, SIDE_INCIDENT };
	}
	for (size_t i = 0; i < halves.count; i++)
		halves.seconds[items[i].side] +=
			scene_observed(t->scene, items[i].from_ns, items[i].to_ns);
	struct trial null;
	trial_run(&null, t->scene, t->requests, &halves, t->leave_out, false, true);
	for (size_t i = 0; i < t->scene->service_count; i++) {
		for (int part = PART_FLOW; part <= PART_SLOW; part++) {
			double before = t->parts[i][part];
			double kept =
				before > 0 ? fmax(0, before - null.parts[i][part]) / before : 0;
			t->parts[i][part] *= kept;
			for (size_t k = 0; k < t->count; k++) {
				struct deviation *d = &t->findings[k].d;
				if (d->service == i &&
					(int)d->kind - DEVIATION_LOST == part - PART_FLOW &&
					d->kind >= DEVIATION_LOST)
					d->points *= kept;
			}
		}
	}
	trial_release(&null);
}

static void run_trial(const struct scene *s, const struct requests *r, const struct period *p,
	bool told, struct trial *t)
{
	trial_run(t, s, r, p, s->settings->leave_out, told, false);
	take_off_drift(t);
}

/* ---- given ---- */

/* A start with a fraction is known to about 10 ms, one without to the second. */
static int64_t precision_of(int64_t time_ns)
{
	return time_ns % NS_PER_S != 0 ? 10 * NS_PER_MS : NS_PER_S;
}

static void set_spans(
	const struct scene *s, struct judgement *j, const struct period *p, struct str how)
{
	struct incident *in = &j->incident;
	in->how = how;
	in->spans = arena_alloc(&j->arena, p->count, sizeof(*in->spans));
	for (size_t i = 0; i < p->count; i++) {
		if (p->items[i].side == SIDE_INCIDENT)
			in->spans[in->span_count++] =
				(struct span){ p->items[i].from_ns, p->items[i].to_ns, how };
	}
	in->seconds = p->seconds[SIDE_INCIDENT];
	in->baseline_seconds = p->seconds[SIDE_BASE];
	(void)s;
}

static void use_given(
	const struct scene *s, const struct requests *r, struct judgement *j, struct trial *t)
{
	const struct rank_settings *settings = s->settings;
	struct incident *in = &j->incident;
	int64_t precision_ns = precision_of(settings->incident_from_ns);
	struct stretch span = { settings->incident_from_ns - precision_ns,
		settings->incident_to_ns + precision_ns, SIDE_INCIDENT };
	struct period p;
	cut(s, &j->arena, &span, 1, &p);
	p.precision_ns = precision_ns;
	set_spans(s, j, &p, STR("given"));
	in->given = true;
	if (in->span_count == 1)
		in->spans[0] = (struct span){ settings->incident_from_ns, settings->incident_to_ns,
			STR("given") };
	if (in->span_count > 0)
		run_trial(s, r, &p, true, t);
}

/* ---- found ---- */

struct candidate {
	int64_t from_ns;
	int64_t precision_ns;
};

#define FIRSTS_MAX 12
#define GRID	   16

/* Onsets worth a look: the first line of every kind of problem, and a grid. */
static size_t candidates(const struct scene *s, struct candidate out[FIRSTS_MAX + GRID])
{
	size_t count = 0, n = 0;
	int64_t *firsts = mem_zalloc(s->subject_count + 1, sizeof(*firsts));
	int64_t earliest_ns = scene_time_at(s, s->observed_seconds / 20), last_ns = TIME_NONE;
	for (size_t i = 0; i < s->findings->subject_count; i++) {
		const struct series *series = &s->subjects[i].subject->series;
		if (s->subjects[i].class == CLASS_PROBLEM && series->first_ns >= earliest_ns &&
			series->first_ns < s->to_ns)
			firsts[n++] = series->first_ns;
	}
	qsort(firsts, n, sizeof(*firsts), by_time);
	for (size_t i = 0; i < n && count < FIRSTS_MAX; i++) {
		if (last_ns != TIME_NONE && firsts[i] - last_ns <= NS_PER_S)
			continue;
		last_ns = firsts[i];
		out[count++] = (struct candidate){ firsts[i], 10 * NS_PER_MS };
	}
	free(firsts);
	for (int i = 2; i < GRID - 1; i++)
		out[count++] = (struct candidate){ scene_time_at(s, s->observed_seconds * i / GRID),
			(int64_t)(s->observed_seconds / GRID * 5e8) };
	return count;
}

/* How much stands out: over the three services with most. */
static double quality(const struct trial *t)
{
	double best[3] = { 0 };
	for (uint32_t i = 0; i < t->scene->service_count; i++) {
		double x = soft_cap(trial_evidence(t, i), PART_CAP);
		for (size_t k = 0; k < 3; k++) {
			if (x > best[k]) {
				double other = best[k];
				best[k] = x;
				x = other;
			}
		}
	}
	return best[0] + best[1] + best[2];
}

static void search(
	const struct scene *s, const struct requests *r, struct judgement *j, struct trial *out)
{
	struct candidate all[FIRSTS_MAX + GRID];
	double q[FIRSTS_MAX + GRID], top = 0;
	size_t count = candidates(s, all), best = 0;
	struct arena scratch = { 0 };
	struct period p;
	for (size_t i = 0; i < count; i++) {
		struct stretch span = { all[i].from_ns, s->to_ns, SIDE_INCIDENT };
		struct trial t;
		cut(s, &scratch, &span, 1, &p);
		run_trial(s, r, &p, false, &t);
		q[i] = quality(&t);
		top = fmax(top, q[i]);
		trial_release(&t);
	}
	for (size_t i = 0; i < count; i++) {
		if (q[i] >= top - 0.1 &&
			(q[best] < top - 0.1 || all[i].from_ns < all[best].from_ns))
			best = i;
	}
	arena_release(&scratch);
	if (count == 0 || top <= 0)
		return;
	struct stretch span = { all[best].from_ns, s->to_ns, SIDE_INCIDENT };
	cut(s, &j->arena, &span, 1, &p);
	set_spans(s, j, &p, STR("found: most stands out from here on"));
	run_trial(s, r, &p, false, out);
}

void incident_find(const struct scene *s, const struct requests *r, const struct frame *frame,
	struct judgement *j, struct trial *t)
{
	(void)frame;
	*t = (struct trial){ 0 };
	j->incident.how = STR("nothing stands out");
	if (s->settings->incident_from_ns != TIME_NONE)
		use_given(s, r, j, t);
	else if (s->to_ns > s->from_ns)
		search(s, r, j, t);
}
