/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/bayes.h"
#include "src/judge/instances.h"
#include "src/judge/trial.h"
#include "src/judge/waits.h"

/*
 * Who is named. "call to stock-svc failed" is a line of the caller, but it testifies against stock;
 * and so does a step of the caller that began with "calling stock-svc" and never went on. One that
 * is dead, hangs or answers nonsense often writes nothing itself, so that this is all there is.
 *
 * Three in four such lines are right: the rest are the caller's own trouble with the call (a wrong
 * address, a wrong argument, no connection left, the network between). So of what such a deviation
 * is worth three quarters count for the one that is named and a quarter for the one that speaks.
 * Its place in time is that of the one that is named, too.
 *
 * Who is named and names another in turn ("stock-svc: call to db-svc failed") passes it on, again
 * three quarters of it, in the share that such lines have of all that deviates there: one that has
 * troubles of its own keeps it. What several callers say adds up, they are witnesses of their own.
 */
#define PASSES_MAX   8 /* a chain of callers longer than this is none */
#define LEAST_HEARD  0.05
#define COMES_WITH   0.75
#define LEAST_WAITED 3.0 /* nats: that it complains must be sure */

/* What one service says of another, by one part of the score: the strongest deviation counts. */
struct charge {
	uint32_t speaker;
	uint32_t named;
	bool all; /* its instances */
	enum score_part part;
	double weight;
};

static int by_charge(const void *a, const void *b)
{
	const struct charge *x = a, *y = b;
	if (x->speaker != y->speaker)
		return x->speaker < y->speaker ? -1 : 1;
	if (x->named != y->named)
		return x->named < y->named ? -1 : 1;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return x->weight > y->weight ? -1 : x->weight < y->weight;
}

/*
 * "Process 4711 still waiting for a lock": who holds it has a number there and no name. It is most
 * probably the one that has been at something for as long as it hurts (spans.c).
 */
static uint32_t lock_holder(const struct trial *t, const struct finding *f)
{
	const struct scene_subject *s = &t->scene->subjects[f->d.subject];
	return f->d.kind <= DEVIATION_MORE && s->named == NO_INDEX && t->spanning != NO_INDEX &&
			       t->spanning != f->d.service && waits_for_lock(s)
		       ? t->spanning
		       : NO_INDEX;
}

/* The one that the deviation speaks of; NO_INDEX: of its own service. */
static uint32_t named_by(const struct trial *t, const struct finding *f)
{
	const struct scene_subject *subjects = t->scene->subjects;
	if (f->ordinary)
		return NO_INDEX;
	if (f->d.kind <= DEVIATION_MORE)
		return subjects[f->d.subject].named != NO_INDEX ? subjects[f->d.subject].named
								: lock_holder(t, f);
	/* it had got as far as the call */
	return f->d.kind == DEVIATION_LOST ? subjects[f->d.after].named : NO_INDEX;
}

/* How many of the subject's cells in the incident have one of the other's beside or just before. */
static bool comes_with(const struct trial *t, uint32_t subject, uint32_t other)
{
	const struct series *a = &t->scene->findings->subjects[subject].series,
			    *b = &t->scene->findings->subjects[other].series;
	int64_t cell_ns = t->scene->findings->cell_ns;
	size_t at = 0, count = 0, with = 0;
	for (size_t i = 0; i < a->cell_count; i++) {
		int64_t index = a->cells[i].index;
		if (period_side(&t->period, index * cell_ns) == SIDE_BASE)
			continue;
		while (at < b->cell_count && b->cells[at].index < index - 1)
			at++;
		count++;
		with += at < b->cell_count && b->cells[at].index <= index;
	}
	return (double)with >= COMES_WITH * (double)count;
}

/*
 * What a service says once its call has failed ("request aborted") is of that call, too: lines that
 * start no earlier than those that name another, come with them and are not many more.
 *
 * What is held while one waits for another (a connection, a thread, a place in the queue) runs out
 * because of that waiting: "no free connection" beside "call to stock-svc timed out" is one
 * trouble, and stock's. It may be said first, since a call is given up only when its patience ends
 * (mostly within half a minute), and far more often, for it hits all who come. So of that only the
 * beginning is asked for.
 */
#define PATIENCE_NS (30 * NS_PER_S)

static bool is_wait_for(const struct trial *t, const struct finding *f, const struct finding *said)
{
	return t->scene->subjects[f->d.subject].in_line && said->d.raw > LEAST_WAITED &&
	       said->d.first_ns <= f->d.first_ns + PATIENCE_NS;
}

static bool comes_of(const struct trial *t, const struct finding *f, const struct finding *said)
{
	if (said->d.kind > DEVIATION_MORE || said == f || said->d.first_ns == TIME_NONE)
		return false;
	return is_wait_for(t, f, said) ||
	       (said->d.first_ns <= f->d.first_ns && f->d.count <= 2 * said->d.count &&
		       comes_with(t, f->d.subject, said->d.subject));
}

const struct finding *trial_comes_of(
	const struct trial *t, const struct finding *f, const struct by_service *said)
{
	for (size_t i = said->first[f->d.service]; i < said->first[f->d.service + 1]; i++) {
		const struct finding *other = &t->findings[said->items[i]];
		if (comes_of(t, f, other))
			return other;
	}
	return NULL;
}

/* Is it the line itself that speaks of the service, and not one that it follows from? */
static bool speaks_of(const struct trial *t, const struct finding *f)
{
	return f->d.named_how == NAMED_IN_COMMON || f->d.named_how == NAMED_AS_AWAY ||
	       named_by(t, f) == f->named;
}

static void name_all(struct trial *t)
{
	bool *speaks = mem_zalloc(t->count + 1, sizeof(*speaks));
	for (size_t i = 0; i < t->count; i++) {
		struct finding *f = &t->findings[i];
		uint32_t by = f->d.kind == DEVIATION_LOST ? f->d.after : f->d.subject;
		f->named = named_by(t, f);
		f->d.named_how = f->named != NO_INDEX && f->named == lock_holder(t, f)
					 ? NAMED_BY_LOCK
					 : NAMED_BY_NAME;
		f->named_all = f->named != NO_INDEX && t->scene->subjects[by].named_all;
		speaks[i] = f->named != NO_INDEX && f->d.kind <= DEVIATION_MORE;
	}
	struct by_service speakers = trial_by_service(t, speaks);
	for (size_t i = 0; i < t->count; i++) {
		struct finding *f = &t->findings[i];
		bool line = f->d.kind <= DEVIATION_MORE && f->d.first_ns != TIME_NONE;
		const struct finding *said =
			line && f->named == NO_INDEX ? trial_comes_of(t, f, &speakers) : NULL;
		if (said == NULL)
			continue;
		f->named = said->named;
		f->named_all = said->named_all;
	}
	by_service_release(&speakers);
	free(speaks);
}

/* Takes from the deviations what they say of others. */
static struct charge *collect(struct trial *t, size_t *count)
{
	struct charge *all = mem_zalloc(2 * t->count + 1, sizeof(*all));
	size_t n = 0, kept = 0;
	name_all(t);
	trial_away(t);
	trial_common(t);
	trial_symptoms(t);
	for (size_t i = 0; i < t->count; i++) {
		struct finding *f = &t->findings[i];
		if (f->weight <= 0)
			continue;
		if (f->of_unnamed > 0)
			all[n++] = (struct charge){ f->d.service, NO_INDEX, false, trial_part(f),
				f->of_unnamed };
		if (f->named == NO_INDEX)
			continue;
		double weight = soft_cap(f->weight, PART_CAP);
		f->said = weight * f->named_share;
		all[n++] = (struct charge){ f->d.service, f->named, f->named_all, trial_part(f),
			NAMED_SHARE * f->said };
		f->weight = weight - NAMED_SHARE * f->said;
		if (f->d.kind <= DEVIATION_MORE)
			f->d.kept *= 1 - NAMED_SHARE * f->named_share;
	}
	qsort(all, n, sizeof(*all), by_charge);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || all[kept - 1].speaker != all[i].speaker ||
			all[kept - 1].named != all[i].named || all[kept - 1].part != all[i].part)
			all[kept++] = all[i];
	}
	*count = kept;
	return all;
}

struct hearing {
	struct charge *charges;
	size_t count;
	double *own;  /* of each service: what deviates there by itself, */
	double *said; /* and what it says of others */
	double *now;  /* said of it, and on its way */
	double *next;
};

/* Adds to the one that is named, or to all its instances: nobody knows which it was. */
static void tell(const struct trial *t, const struct charge *c, double *points, double x)
{
	uint32_t i = c->named;
	do {
		points[i] += x;
		i = instances_next(t->scene, i);
	} while (c->all && i != c->named);
}

/* One step: part of what reached a service goes on to those that it names itself,
 * the rest stays. */
static double pass_on(struct trial *t, struct hearing *h)
{
	double moving = 0;
	for (size_t i = 0; i < h->count; i++) {
		const struct charge *c = &h->charges[i];
		double part =
			h->now[c->speaker] * c->weight / (h->said[c->speaker] + h->own[c->speaker]);
		if (c->named != NO_INDEX)
			tell(t, c, h->next, part);
		t->parts[c->speaker][PART_NAMED] -= part;
		moving += part;
	}
	for (size_t i = 0; i < t->scene->service_count; i++) {
		t->parts[i][PART_NAMED] += h->now[i];
		h->now[i] = h->next[i];
		h->next[i] = 0;
	}
	return moving;
}

static void hear(struct trial *t, struct hearing *h)
{
	for (size_t i = 0; i < h->count; i++) {
		if (h->charges[i].named != NO_INDEX)
			tell(t, &h->charges[i], h->now, h->charges[i].weight);
		h->said[h->charges[i].speaker] += h->charges[i].weight;
	}
	for (size_t i = 0; i < t->scene->service_count; i++) {
		for (int part = 0; part < PART_ORDER; part++)
			h->own[i] += soft_cap(t->parts[i][part], PART_CAP);
	}
	for (int i = 0; i < PASSES_MAX && pass_on(t, h) >= LEAST_HEARD; i++)
		;
	for (size_t i = 0; i < t->scene->service_count; i++)
		t->parts[i][PART_NAMED] += h->now[i];
}

/* Is it the better line to name a service by? The strongest; one that failed before one that is
 * missing. */
static bool names_better(const struct finding *f, const struct finding *best)
{
	bool line = f->d.kind <= DEVIATION_MORE;
	bool best_line = best != NULL && best->d.kind <= DEVIATION_MORE;
	return best == NULL || line > best_line || (line == best_line && f->said > best->said);
}

/* Of each service: index plus 1 of the best line by which it is named; 0: none. Freed by the
 * caller. */
static size_t *best_words(const struct trial *t)
{
	size_t *best = mem_zalloc(t->scene->service_count + 1, sizeof(*best));
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		/* a line that follows from it says no name */
		if (f->named == NO_INDEX || f->said <= 0 || !speaks_of(t, f))
			continue;
		uint32_t named = f->named;
		do {
			size_t *of = &best[named];
			if (names_better(f, *of == 0 ? NULL : &t->findings[*of - 1]))
				*of = i + 1;
			named = instances_next(t->scene, named);
		} while (f->named_all && named != f->named);
	}
	return best;
}

/* What is said of a service is a deviation of its own, shown by the line that says it. */
static void add_heard(struct trial *t)
{
	size_t *best = best_words(t);
	for (uint32_t i = 0; i < t->scene->service_count; i++) {
		double weight = t->parts[i][PART_NAMED];
		if (best[i] == 0 || weight <= 0)
			continue;
		struct deviation d = t->findings[best[i] - 1].d;
		struct finding *f = trial_add(t, DEVIATION_NAMED, i, d.subject, d.after, weight);
		f->from_service = d.service;
		f->weight = weight;
		f->d.count = d.count;
		f->d.base_count = d.base_count;
		f->d.named_how = d.named_how;
		if (t->away != NULL && t->away[i].was) {
			f->d.away_ns = t->away[i].time_ns;
			f->d.restarted = t->away[i].restarted;
		}
		f->d.trail = d.named_how == NAMED_BY_NAME ? t->scene->subjects[d.subject].trail
							  : STR_NONE;
		f->d.first_ns = d.first_ns;
		int64_t *first = &t->first_ns[i];
		if (d.first_ns != TIME_NONE && (*first == TIME_NONE || d.first_ns < *first))
			*first = d.first_ns;
	}
	free(best);
}

void trial_accuse(struct trial *t)
{
	size_t services = t->scene->service_count + 1;
	struct hearing h = { 0 };
	if (t->steps_only || t->leave_out >> PART_NAMED & 1) {
		trial_sum(t);
		return;
	}
	h.charges = collect(t, &h.count);
	trial_sum(t);
	h.own = mem_zalloc(services, sizeof(*h.own));
	h.said = mem_zalloc(services, sizeof(*h.said));
	h.now = mem_zalloc(services, sizeof(*h.now));
	h.next = mem_zalloc(services, sizeof(*h.next));
	hear(t, &h);
	add_heard(t);
	free(h.charges);
	free(h.own);
	free(h.said);
	free(h.now);
	free(h.next);
}
