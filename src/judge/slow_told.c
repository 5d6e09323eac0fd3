/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/sort.h"
#include "src/judge/bayes.h"
#include "src/judge/told_lines.h"
#include "src/judge/trial.h"

/*
 * What lines say to take longer: "took 5012 ms". The lines kept as evidence are a sample that is
 * spread over the time, so the durations in those of one template are compared before and in the
 * incident, as the steps of requests are (slow.c): as logarithms, against what all durations have
 * in common and by how much they differ among themselves. As if three more had stayed as they were:
 * of one or two alone nobody knows what they have in common.
 *
 * The time that passes in a called service passes in its caller as well, but there it is a smaller
 * part of all the time taken. So of the services that have become slower, each counts by the share
 * that its rise has of the largest. Lines and steps of one service tell the same: the more telling
 * of both counts.
 */

#define LEAST_BASE  3 /* values: fewer have no usual length, */
#define LEAST_NOW   2 /* and one may be an outlier */
#define HELD_BY	    4.0
#define STAY	    3
#define LEAST_DRIFT 0.1
#define LEAST_RISE  M_LN2 /* less than twice as long is no trouble that a line would tell */
#define EACH_SIDE   (2 * EXEMPLARS_MAX)

struct told {
	uint32_t subject;
	size_t n[SIDE_COUNT];
	double values[SIDE_COUNT][EACH_SIDE]; /* logarithms */
	double mean[SIDE_COUNT];
	double squares;
	double shift;
};

static bool measure(
	const struct trial *t, const struct told_lines *lines, size_t which, struct told *told)
{
	*told = (struct told){ .subject = lines->subject };
	for (size_t i = 0; i < lines->count; i++) {
		const struct told_line *line = &lines->items[i];
		enum side side = scene_side(&t->period, line->base, line->time_ns);
		if (side != SIDE_NONE && line->count > which && told->n[side] < EACH_SIDE)
			told->values[side][told->n[side]++] = line->ln_seconds[which];
	}
	for (int side = 0; side < SIDE_COUNT; side++) {
		for (size_t i = 0; i < told->n[side]; i++)
			told->mean[side] += told->values[side][i] / (double)told->n[side];
	}
	for (size_t i = 0; i < told->n[SIDE_BASE]; i++) {
		double off = told->values[SIDE_BASE][i] - told->mean[SIDE_BASE];
		told->squares += off * off;
	}
	told->shift = told->mean[SIDE_INCIDENT] - told->mean[SIDE_BASE];
	return told->n[SIDE_BASE] >= LEAST_BASE && told->n[SIDE_INCIDENT] >= LEAST_NOW;
}

static double median_seconds(double *logs, size_t count)
{
	sort_doubles(logs, count);
	return fmax(0, exp(logs[(count - 1) / 2]) - GAP_FLOOR_SECONDS);
}

static double median_with_stays(double *values, size_t count)
{
	for (size_t i = 0; i < STAY; i++)
		values[count++] = 0;
	return sort_median(values, count);
}

struct common {
	double middle; /* the shift of all, */
	double drift;  /* how they differ among themselves, */
	double pooled; /* and the variance of a single value */
};

static struct common in_common(const struct told *all, size_t count)
{
	double *values = mem_zalloc(count + STAY, sizeof(*values)), squares = 0, freedom = 0;
	struct common c;
	for (size_t i = 0; i < count; i++) {
		values[i] = all[i].shift;
		squares += all[i].squares;
		freedom += (double)all[i].n[SIDE_BASE] - 1;
	}
	c.middle = median_with_stays(values, count);
	for (size_t i = 0; i < count; i++)
		values[i] = fabs(all[i].shift - c.middle);
	c.drift = fmax(LEAST_DRIFT, 1.4826 * median_with_stays(values, count));
	c.pooled = squares / fmax(1, freedom);
	free(values);
	return c;
}

/* The evidence of how many are twice as long as usual, here and there: see slow.c. */
static double by_share(const struct told *told, const struct common *c)
{
	double least = told->mean[SIDE_BASE] + c->middle + LEAST_RISE, count[SIDE_COUNT] = { 0 };
	for (int side = 0; side < SIDE_COUNT; side++) {
		for (size_t i = 0; i < told->n[side]; i++)
			count[side] += told->values[side][i] >= least;
	}
	return bayes_shares(count[SIDE_BASE], (double)told->n[SIDE_BASE], count[SIDE_INCIDENT],
		(double)told->n[SIDE_INCIDENT]);
}

static double weigh(const struct told *told, const struct common *c, double comparisons)
{
	double n0 = (double)told->n[SIDE_BASE], n1 = (double)told->n[SIDE_INCIDENT];
	double variance = (HELD_BY * c->pooled + told->squares) / (HELD_BY - 1 + n0);
	double x = trial_slow_points(told->shift - c->middle,
		variance * (1 / n0 + 1 / n1) + c->drift * c->drift, fmin(n0, n1));
	return fmin(x, by_share(told, c)) - log(comparisons);
}

static void add(struct trial *t, struct told *told, double x, double share)
{
	uint32_t service = t->scene->subjects[told->subject].service;
	struct finding *f = trial_add(t, DEVIATION_SLOW, service, told->subject, NO_INDEX, x);
	f->weight = x * share;
	f->d.points = soft_cap(f->weight, PART_CAP);
	f->d.base_count = told->n[SIDE_BASE];
	f->d.count = told->n[SIDE_INCIDENT];
	f->d.base_value = median_seconds(told->values[SIDE_BASE], told->n[SIDE_BASE]);
	f->d.value = median_seconds(told->values[SIDE_INCIDENT], told->n[SIDE_INCIDENT]);
	t->parts[service][PART_SLOW] = fmax(t->parts[service][PART_SLOW], f->weight);
}

/* All that can be compared; freed by the caller. */
static struct told *collect(const struct trial *t, size_t *count)
{
	const struct scene *s = t->scene;
	struct told *all = NULL, one;
	size_t n = 0, capacity = 0;
	for (size_t i = 0; i < s->told_count; i++) {
		for (size_t which = 0;
			which < DURATIONS_MAX && measure(t, &s->told[i], which, &one); which++) {
			mem_grow(&all, n, &capacity);
			all[n++] = one;
		}
	}
	*count = n;
	return all;
}

void trial_told(struct trial *t)
{
	size_t count;
	if (t->leave_out >> PART_SLOW & 1)
		return;
	struct told *all = collect(t, &count);
	double *comparisons = mem_zalloc(t->scene->service_count + 1, sizeof(*comparisons));
	struct common c = in_common(all, count);
	double largest = 0;
	for (size_t i = 0; i < count; i++)
		comparisons[t->scene->subjects[all[i].subject].service]++;
	for (size_t i = 0; i < count; i++) {
		double x =
			weigh(&all[i], &c, comparisons[t->scene->subjects[all[i].subject].service]);
		all[i].shift -= c.middle;
		if (x > 0 && all[i].shift >= LEAST_RISE)
			largest = fmax(largest, all[i].shift);
		else
			all[i].shift = 0;
	}
	for (size_t i = 0; i < count; i++) {
		double shift = all[i].shift;
		all[i].shift += c.middle;
		if (shift > 0)
			add(t, &all[i],
				weigh(&all[i], &c,
					comparisons[t->scene->subjects[all[i].subject].service]),
				shift / largest);
	}
	free(comparisons);
	free(all);
}
