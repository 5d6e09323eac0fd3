/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "src/judge/bayes.h"
#include "src/judge/requests_gaps.h"
#include "src/judge/trial.h"

/*
 * What no longer comes. A call that fails often leaves no trace but the line that is missing.
 *
 * Within a service: of the runs that hold line a, the share in which b follows at once. Between
 * services: of the requests that hold line a, the share in which a is followed by another service's
 * first line b; the missing line is the called service's own, so the points are its. Both by the
 * Bayes factor of two shares against one, less the logarithm of the number of such pairs of the
 * service: so many comparisons were made, and the best of n by chance is worth ln n.
 *
 * A call that stopped takes the called service out of requests. Where it takes part in as many of
 * all requests as before, it is called elsewhere, or fails before it comes to the other line (which
 * it then says itself): of the calls that are missing only so many count as it is missed in, give
 * or take a standard deviation.
 *
 * A service may be called several times for one request. From the line that mostly ends a visit to
 * the one that mostly begins one is no step of its own: whether it comes again is up to its caller.
 *
 * Only falls count, and only of lines that are no errors. A branch that gives way to another branch
 * known from the baseline is a change of traffic, no fault: of the fall only that share counts
 * which no known successor took over.
 */
#define LEAST_BASE 2 /* what was seen once is no habit */

struct fall {
	double k0, n0, k1, n1;
};

static struct fall fall_of(const uint32_t with[SIDE_COUNT], const uint32_t of[SIDE_COUNT])
{
	return (struct fall){ with[SIDE_BASE], of[SIDE_BASE], with[SIDE_INCIDENT],
		of[SIDE_INCIDENT] };
}

/* The summed rise of the known successors: all pairs of one a. */
static double risen(uint32_t (*with)[SIDE_COUNT], const struct pair *pairs, uint32_t first,
	uint32_t end, const uint32_t of[SIDE_COUNT])
{
	double sum = 0;
	for (uint32_t i = first; i < end; i++) {
		struct fall f = fall_of(with[i], of);
		if (pairs[i].b != PAIR_END && f.k0 > 0 && f.n1 > 0)
			sum += fmax(0, f.k1 / f.n1 - f.k0 / f.n0);
	}
	return sum;
}

static double weigh(const struct fall *f, double rise, double comparisons)
{
	if (f->n0 < LEAST_BASE || f->n1 < 1 || f->k0 * f->n1 <= f->k1 * f->n0)
		return 0;
	double fallen = f->k0 / f->n0 - f->k1 / f->n1;
	double x = bayes_shares(f->k0, f->n0, f->k1, f->n1) - log(comparisons);
	return x * fmax(0, 1 - rise / fallen);
}

static struct finding *add(struct trial *t, enum deviation_kind kind, const struct pair *p,
	double x, const struct fall *f)
{
	uint32_t service = t->scene->subjects[p->b].service;
	struct finding *found = trial_add(t, kind, service, p->b, p->a, x);
	found->from_service = t->scene->subjects[p->a].service;
	found->d.base_count = (uint64_t)f->k0;
	found->d.base_of = (uint64_t)f->n0;
	found->d.count = (uint64_t)f->k1;
	found->d.of = (uint64_t)f->n1;
	return found;
}

/* How many pairs of these were seen on either side, by the service of a (or of b). */
static double *count_pairs(struct trial *t, const struct pair *pairs, size_t count,
	uint32_t (*with)[SIDE_COUNT], bool by_b)
{
	double *counts = arena_alloc(&t->arena, t->scene->service_count, sizeof(*counts));
	for (size_t i = 0; i < count; i++) {
		if (with[i][SIDE_BASE] + with[i][SIDE_INCIDENT] > 0)
			counts[t->scene->subjects[by_b ? pairs[i].b : pairs[i].a].service]++;
	}
	return counts;
}

/* Is it a step from the end of one visit to the beginning of the next? */
static bool comes_again(const struct trial *t, const struct pair *p)
{
	const struct requests *r = t->requests;
	uint32_t end = requests_pair(r, p->a, PAIR_END);
	return end != NO_INDEX && 4 * r->begins[p->b] > r->lines_of[p->b] &&
	       4 * t->with_pair[end][SIDE_BASE] > t->run_episodes[p->a][SIDE_BASE];
}

static void find_lost(struct trial *t)
{
	const struct requests *r = t->requests;
	const struct scene_subject *subjects = t->scene->subjects;
	const double *comparisons = count_pairs(t, r->pairs, r->pair_count, t->with_pair, false);
	for (uint32_t a = 0; a < t->scene->subject_count; a++) {
		uint32_t first = r->first_pair[a], end = r->first_pair[a + 1];
		const uint32_t *of = t->run_episodes[a];
		if (first == end || subjects[a].failed || of[SIDE_BASE] < LEAST_BASE ||
			of[SIDE_INCIDENT] < 1)
			continue;
		double rise = risen(t->with_pair, r->pairs, first, end, of);
		for (uint32_t i = first; i < end; i++) {
			struct fall f = fall_of(t->with_pair[i], of);
			if (r->pairs[i].b == PAIR_END || subjects[r->pairs[i].b].failed)
				continue;
			double x = weigh(&f, rise, comparisons[subjects[a].service]);
			if (x <= 0 || comes_again(t, &r->pairs[i]))
				continue;
			add(t, DEVIATION_LOST, &r->pairs[i], x, &f);
			t->of_pair[i] = (uint32_t)t->count - 1;
		}
	}
}

/* Of so many calls to it that are missing the share by which it is in fewer of all requests. */
static double missed_in(const struct trial *t, uint32_t service, double missing)
{
	const uint32_t *of = t->service_requests[service],
		       *all = t->service_requests[t->scene->service_count];
	double n0 = all[SIDE_BASE], n1 = all[SIDE_INCIDENT];
	if (n0 < 1 || n1 < 1 || missing <= 0)
		return 1;
	double usual = (double)of[SIDE_BASE] / n0;
	double deviation = sqrt(usual * (1 - usual) * n1 * (1 + n1 / n0));
	return fmin(1, fmax(0, usual * n1 - of[SIDE_INCIDENT] + deviation) / missing);
}

/* The median time between the two lines of a call. */
static int64_t due_ns(const struct requests *r, const struct pair *call)
{
	uint32_t edge = requests_edge(r, (struct edge){ call->a, call->b, EDGE_CALL });
	if (edge == NO_INDEX)
		return INT64_MAX;
	struct gap_range all = { r->by_edge.first[edge], r->by_edge.first[edge + 1], SIDE_BASE };
	float middle = requests_gap_at(r, &all, 1, SIDE_BASE, (all.to - all.from - 1) / 2);
	return (int64_t)(exp((double)middle) * 1e9);
}

static void find_stopped(struct trial *t)
{
	const struct requests *r = t->requests;
	const struct scene_subject *subjects = t->scene->subjects;
	const double *comparisons = count_pairs(t, r->calls, r->call_count, t->with_call, true);
	for (uint32_t a = 0; a < t->scene->subject_count; a++) {
		uint32_t first = r->first_call[a], end = r->first_call[a + 1];
		if (first == end)
			continue;
		double rise = risen(t->with_call, r->calls, first, end, t->with_node[a]);
		for (uint32_t i = first; i < end; i++) {
			struct fall f = fall_of(t->with_call[i], t->with_node[a]);
			if (subjects[r->calls[i].b].failed)
				continue;
			double x = weigh(&f, rise, comparisons[subjects[r->calls[i].b].service]);
			if (x > 0)
				x *= missed_in(t, subjects[r->calls[i].b].service,
					f.n1 * f.k0 / f.n0 - f.k1);
			if (x <= 0)
				continue;
			struct finding *found = add(t, DEVIATION_STOPPED, &r->calls[i], x, &f);
			found->from_service = r->callers[i];
			found->due_ns = due_ns(r, &r->calls[i]);
			t->of_call[i] = (uint32_t)t->count - 1;
		}
	}
}

void trial_steps(struct trial *t)
{
	if ((t->leave_out >> PART_FLOW & 1) == 0)
		find_lost(t);
	if ((t->leave_out >> PART_STOPPED & 1) == 0)
		find_stopped(t);
}
