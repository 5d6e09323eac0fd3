/* SPDX-License-Identifier: MIT */
#include "src/judge/search.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "src/judge/bayes.h"
#include "src/judge/sequel.h"

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
#define BURSTS_TRIED 2016.0 /* pairs of 64 windows */

/*
 * What is worth calling an incident: odds of twenty to one, after all services and periods that
 * might have shown something by chance. What several services show at once adds up: one new error
 * is luck, one each in four services is none. But the best of n services shows ln n nats by luck,
 * so that each counts only beyond that.
 */
#define LEAST_ODDS 20.0

struct tried {
	struct period period;
	double (*parts)[PART_COUNT];
	double (*shown)[PART_COUNT]; /* see trial.h */
	double (*drift)[PART_COUNT]; /* what its baseline shows against itself, */
	bool asked;		     /* once it was asked for */
	double quality; /* what the parts show beyond the baseline's drift; before that is known,
			 * and where it is not needed: more than that, or -INFINITY */
};

struct search {
	const struct scene *scene;
	const struct requests *requests;
	struct arena arena;
	struct candidate candidates[CANDIDATES_MAX];
	struct tried tried[CANDIDATES_MAX];
	size_t count;
	size_t drifting[CANDIDATES_MAX]; /* whose drift is found at the same time */
};

static void period_of(
	const struct search *w, const struct candidate *c, struct arena *arena, struct period *p)
{
	struct stretch *spans = arena_alloc(arena, c->count, sizeof(*spans));
	for (size_t i = 0; i < c->count; i++) {
		spans[i] = c->spans[i];
		spans[i].from_ns = i64_max(spans[i].from_ns - c->lead_ns,
			i == 0 ? w->scene->from_ns : spans[i - 1].to_ns);
	}
	incident_cut(w->scene, arena, spans, c->count, p);
}

/* Candidates are tried each by itself; what is shared is const. */
static void run_one(void *context, size_t i)
{
	struct search *w = context;
	struct trial t;
	trial_run(&t, w->scene, w->requests, &w->tried[i].period,
		(struct trial_options){ .unlinked = true,
			.chosen_by_line = w->candidates[i].kind == CANDIDATE_FIRST });
	memcpy(w->tried[i].parts, t.parts, w->scene->service_count * sizeof(*t.parts));
	memcpy(w->tried[i].shown, t.shown, w->scene->service_count * sizeof(*t.shown));
	trial_release(&t);
}

static void run_all(struct search *w)
{
	size_t services = w->scene->service_count;
	for (size_t i = 0; i < w->count; i++) {
		struct tried *t = &w->tried[i];
		period_of(w, &w->candidates[i], &w->arena, &t->period);
		t->parts = arena_alloc(&w->arena, services, sizeof(*t->parts));
		t->shown = arena_alloc(&w->arena, services, sizeof(*t->shown));
		t->drift = arena_alloc(&w->arena, services, sizeof(*t->drift));
	}
	parallel_each(w->scene->settings->jobs, w->count, run_one, w);
}

static double tries(const struct search *w, enum candidate_kind kind)
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
	t->quality = best[0] + best[1] + best[2] - log(tries(w, w->candidates[index].kind));
	if (w->candidates[index].kind == CANDIDATE_GRID)
		t->quality -= log(MARKED_ODDS);
}

/* The best; of equals the one that starts first. */
static size_t choose(const struct search *w)
{
	double top = -INFINITY;
	size_t best = SIZE_MAX;
	for (size_t i = 0; i < w->count; i++)
		top = fmax(top, w->tried[i].quality);
	for (size_t i = 0; i < w->count; i++) {
		if (w->tried[i].quality >= top - QUALITY_TIE &&
			(best == SIZE_MAX || w->candidates[i].spans[0].from_ns <
						     w->candidates[best].spans[0].from_ns))
			best = i;
	}
	return best;
}

/* The best of those that start elsewhere; 0: none is better. */
static double second(const struct search *w, size_t best)
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
static void find_drifts(struct search *w, size_t next, const double *best)
{
	size_t count = 0, threads = size_max(1, w->scene->settings->jobs);
	for (; next != SIZE_MAX && count < threads; count++) {
		w->drifting[count] = next;
		w->tried[next].asked = true;
		next = SIZE_MAX;
		for (size_t i = 0; i < w->count; i++) {
			if (!w->tried[i].asked && (next == SIZE_MAX || best[i] > best[next]))
				next = i;
		}
	}
	parallel_each((unsigned)threads, count, find_drift, w);
}

/*
 * The baseline's drift only takes away, and is as dear as the trial itself. So all are weighed
 * without it first, and with it in that order, until none that is left can be the best or the
 * second to it.
 */
static void weigh_all(struct search *w)
{
	bool known[CANDIDATES_MAX] = { false };
	double best[CANDIDATES_MAX];
	for (size_t i = 0; i < w->count; i++) {
		weigh(w, i, NULL);
		best[i] = w->tried[i].quality;
		w->tried[i].quality = -INFINITY;
	}
	for (size_t n = 0; n < w->count; n++) {
		size_t next = SIZE_MAX, chosen = choose(w);
		for (size_t i = 0; i < w->count; i++) {
			if (!known[i] && (next == SIZE_MAX || best[i] > best[next]))
				next = i;
		}
		if (n > 0 && best[next] < w->tried[chosen].quality - QUALITY_TIE &&
			best[next] < second(w, chosen))
			break;
		if (!w->tried[next].asked)
			find_drifts(w, next, best);
		known[next] = true;
		weigh(w, next, w->tried[next].drift);
	}
}

static struct str how_found(const struct candidate *c, size_t spans, struct arena *arena)
{
	switch (c->kind) {
	case CANDIDATE_RECURRING:
		return arena_printf(
			arena, "found: problems come %.*s, %zu times", STR_ARG(c->when), spans);
	case CANDIDATE_BURST:
		return STR("found: the stretch in which problem lines are most in excess");
	case CANDIDATE_FIRST:
		return STR(
			"found: most stands out from the first line of a new kind of problem on");
	default:
		return STR("found: most stands out from here on");
	}
}

/*
 * A start on the grid is only near: the first line that deviates for certain is where it shows. Not
 * for what is said by steps alone, which have no line to begin with.
 */
#define CERTAIN_POINTS 3.0

static int64_t first_certain(const struct trial *t, int64_t from_ns)
{
	int64_t first_ns = TIME_NONE;
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		if (f->d.kind <= DEVIATION_MORE && !f->ordinary && f->d.raw >= CERTAIN_POINTS &&
			f->d.first_ns != TIME_NONE &&
			(first_ns == TIME_NONE || f->d.first_ns < first_ns))
			first_ns = f->d.first_ns;
	}
	return first_ns == TIME_NONE ? from_ns : i64_max(from_ns, first_ns);
}

/*
 * Until when? What was tried lasts to the end of all that was read; but when nothing hurts by then
 * but lines that have stopped coming, it ended with the last of them.
 */
static int64_t last_certain(const struct trial *t, int64_t to_ns)
{
	int64_t last_ns = TIME_NONE;
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		const struct subject *s = t->scene->subjects[f->d.subject].subject;
		if (f->ordinary || f->d.raw < CERTAIN_POINTS)
			continue;
		if (f->d.kind > DEVIATION_MORE || s == NULL || s->series.last_ns == TIME_NONE)
			return to_ns;
		last_ns = i64_max(last_ns, s->series.last_ns);
	}
	if (last_ns == TIME_NONE)
		return to_ns;
	return i64_min(to_ns, last_ns - last_ns % NS_PER_S + NS_PER_S); /* with its second */
}

static void hand_on(struct search *w, size_t best, const struct trial *t, struct judgement *j)
{
	const struct candidate *c = &w->candidates[best];
	struct incident *in = &j->incident;
	in->how = how_found(c, c->count, &j->arena);
	in->recurring = c->kind == CANDIDATE_RECURRING;
	in->certainty = fmax(0, w->tried[best].quality - second(w, best));
	in->when = arena_copy(&j->arena, c->when);
	in->spans = arena_alloc(&j->arena, c->count, sizeof(*in->spans));
	for (size_t i = 0; i < c->count; i++)
		in->spans[in->span_count++] =
			(struct span){ i64_max(c->spans[i].from_ns, w->scene->from_ns),
				i64_min(c->spans[i].to_ns, w->scene->to_ns), in->how };
	if (c->kind == CANDIDATE_GRID)
		in->spans[0].from_ns = first_certain(t, in->spans[0].from_ns);
	if (c->kind == CANDIDATE_GRID || c->kind == CANDIDATE_FIRST)
		in->spans[0].to_ns =
			i64_max(in->spans[0].from_ns + 1, last_certain(t, in->spans[0].to_ns));
}

/*
 * When it began is seldom sure, and each onset that is nearly as likely judges a little otherwise.
 * So the parts of the score are the mean over the onsets, each weighted by its likelihood against
 * the best one's. Recurring incidents are other questions, and stay out of it.
 */
#define LIKELY_NATS 3.0

static void average(struct search *w, size_t best, struct trial *t)
{
	size_t services = w->scene->service_count;
	double sum = 1;
	for (size_t i = 0; i < w->count; i++) {
		struct trial other;
		double less = w->tried[best].quality - w->tried[i].quality;
		if (i == best || less > LIKELY_NATS || less < 0 ||
			w->candidates[i].kind == CANDIDATE_RECURRING)
			continue;
		trial_run(&other, w->scene, w->requests, &w->tried[i].period,
			(struct trial_options){ .unlinked = true });
		trial_cap(&other, w->tried[i].drift);
		double weight = exp(-less);
		for (size_t k = 0; k < services; k++) {
			for (int part = 0; part < PART_COUNT; part++)
				t->parts[k][part] =
					(t->parts[k][part] * sum + other.parts[k][part] * weight) /
					(sum + weight);
		}
		sum += weight;
		trial_release(&other);
	}
}

void incident_search(const struct scene *s, const struct requests *r, const struct frame *frame,
	struct judgement *j, struct trial *t)
{
	struct search *w = mem_zalloc(1, sizeof(*w));
	w->scene = s;
	w->requests = r;
	w->count = candidates_find(s, frame, &w->arena, w->candidates);
	run_all(w);
	weigh_all(w);
	size_t best = choose(w);
	if (best != SIZE_MAX) {
		struct period p;
		period_of(w, &w->candidates[best], &j->arena, &p);
		trial_run(t, s, r, &p, (struct trial_options){ .told = false });
		trial_sequel(t);
		trial_cap(t, w->tried[best].drift);
		if (w->candidates[best].kind != CANDIDATE_RECURRING)
			average(w, best, t);
		j->incident.seconds = p.seconds[SIDE_INCIDENT];
		j->incident.baseline_seconds = p.seconds[SIDE_BASE];
		if (incident_stands_out(s, w->tried[best].shown, w->tried[best].drift,
			    tries(w, w->candidates[best].kind)))
			hand_on(w, best, t, j);
	}
	arena_release(&w->arena);
	free(w);
}
