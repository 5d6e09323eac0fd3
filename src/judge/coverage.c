/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/trial.h"

/*
 * How much of the baseline's time each service's own log reaches. That nothing was seen there says
 * something only where it would have been seen: one log is kept for a month and another turned over
 * at noon, and the stamps of one that prints local time without a zone lie hours before all others.
 * Taken as the baseline of all, those hours make everything new that anybody says.
 *
 * A log whose lines come n times between its first and its last begins, on average, one pause
 * before the first of them and ends one behind the last; what of the baseline lies within is the
 * service's own. Enough of it is as much as the incident lasts: then it is held against itself.
 * Where that is half of the baseline or more it is taken for all of it: so rough is what pauses
 * tell.
 *
 * Of one that has just come (or says its first word in the incident) nobody can tell whether its
 * log begins there, or itself: a job writes nothing before it runs. It is told by the others. Where
 * their logs reach back this one's most probably would, too; so as much of the baseline as the
 * middle one of them reaches is taken as its own. Each counts as much as the logarithm of how often
 * it speaks in the incident (one that says a word tells little, and one that never rests is still
 * one), and only as surely as it would have spoken in the baseline at the same pace: that one which
 * speaks once an hour was silent in two minutes says nothing of its log, nor does the silence of
 * one that speaks of trouble alone.
 */
static double weight_of(const struct trial *t, const struct service_findings *of, uint64_t moments)
{
	const double *seconds = t->period.seconds;
	if (seconds[SIDE_INCIDENT] <= 0 || of->lines.total == 0)
		return 0;
	double ordinary = 1 - (double)of->problems.total / (double)of->lines.total;
	double times = (double)moments * fmax(0, ordinary);
	return log1p(times) * -expm1(-times * seconds[SIDE_BASE] / seconds[SIDE_INCIDENT]);
}

/* From where to where its log goes. */
static struct stretch reach_of(const struct series *s, int64_t cell_ns)
{
	double pause = (double)(s->last_ns - s->first_ns) / fmax(1, (double)s->cell_count - 1);
	int64_t pause_ns = i64_max(cell_ns, (int64_t)pause);
	return (struct stretch){ s->first_ns - pause_ns, s->last_ns + pause_ns, SIDE_NONE };
}

static double seconds_within(const struct trial *t, const struct stretch *reach)
{
	double seconds = 0;
	for (size_t i = 0; i < t->period.count; i++) {
		const struct stretch *in = &t->period.items[i];
		if (in->side == SIDE_BASE)
			seconds += scene_observed(t->scene, i64_max(in->from_ns, reach->from_ns),
				i64_min(in->to_ns, reach->to_ns));
	}
	return seconds;
}

/* Its log in the baseline's own path. */
static double seconds_of_path(const struct trial *t, const struct series *s)
{
	const struct findings *b = t->scene->baseline;
	struct stretch reach = reach_of(s, b->cell_ns);
	int64_t from_ns = i64_max(reach.from_ns, b->first_ns);
	int64_t to_ns = i64_min(reach.to_ns, b->last_ns);
	return from_ns < to_ns ? (double)(to_ns - from_ns) / 1e9 : 0;
}

/* 0: it says nothing in the baseline, or nothing that is dated. */
static double own_seconds(const struct trial *t, uint32_t service, const uint64_t *cells)
{
	const struct scene *s = t->scene;
	const struct series *lines =
		s->baseline != NULL
			? (s->base_services[service] != NULL ? &s->base_services[service]->lines
							     : NULL)
			: &s->findings->services[service].lines;
	if (lines == NULL || lines->first_ns == TIME_NONE || cells[SIDE_BASE] == 0)
		return 0;
	if (s->baseline != NULL)
		return seconds_of_path(t, lines);
	struct stretch reach = reach_of(lines, s->findings->cell_ns);
	return seconds_within(t, &reach);
}

struct reached {
	double seconds;
	double weight;
};

static int by_seconds(const void *a, const void *b)
{
	const struct reached *x = a, *y = b;
	if (x->seconds != y->seconds)
		return x->seconds < y->seconds ? -1 : 1;
	return x->weight < y->weight ? -1 : x->weight > y->weight;
}

/* The middle one of them, by weight. */
static double middle_of(struct reached *all, size_t count, double otherwise)
{
	double sum = 0, below = 0;
	qsort(all, count, sizeof(*all), by_seconds);
	for (size_t i = 0; i < count; i++)
		sum += all[i].weight;
	for (size_t i = 0; i < count; i++) {
		below += all[i].weight;
		if (sum > 0 && below * 2 >= sum)
			return all[i].seconds;
	}
	return otherwise;
}

void trial_coverage(struct trial *t)
{
	const struct scene *s = t->scene;
	size_t services = s->findings->service_count;
	double all = t->period.seconds[SIDE_BASE];
	struct reached *reached = mem_zalloc(services + 1, sizeof(*reached));
	t->base_seconds = arena_alloc(&t->arena, s->service_count, sizeof(*t->base_seconds));
	for (uint32_t i = 0; i < services; i++) {
		uint64_t cells[SIDE_COUNT] = { 0 };
		scene_service_cells(s, &t->period, i, cells);
		double own = own_seconds(t, i, cells);
		t->base_seconds[i] = own * 2 >= all ? all : own;
		reached[i] = (struct reached){ t->base_seconds[i],
			weight_of(t, &s->findings->services[i], cells[SIDE_INCIDENT]) };
	}
	double others = middle_of(reached, services, all);
	for (uint32_t i = 0; i < s->service_count; i++) {
		if (t->base_seconds[i] < t->period.seconds[SIDE_INCIDENT])
			t->base_seconds[i] = fmax(t->base_seconds[i], others);
	}
	free(reached);
}
