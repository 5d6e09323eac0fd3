/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/sort.h"
#include "src/judge/bayes.h"
#include "src/judge/requests_gaps.h"
#include "src/judge/trial.h"

/*
 * Steps that take longer. A step is two neighbouring lines of one request, its length is looked at
 * as a logarithm, since delays are products of many things; one value a request.
 *
 * Everything may be slower in one period than in the other (load, a warm cache). So the shift of
 * each step is taken against the median shift of all steps, and its variance has, beside that of
 * the two means, the drift that steps show among themselves (tau, from the median deviation of all
 * shifts): what counts is to be slower than the rest by more than the rest differs. A step's own
 * variance is not known well from a few values; it is held by that of all steps, as if four of them
 * had been seen before.
 *
 * The evidence z^2/2 of a normal law is too sure of itself far out: delays have heavy tails. It
 * grows as the logarithm of the misfit from there on (Student's law with seven degrees of freedom),
 * and n values are worth at most 4 nats each: a single one is an outlier once in e^4. What the law
 * makes of a few values is held against what needs no law: how many of them are long, here and
 * there. The weaker of both counts. As everywhere, ln of the number of comparisons goes off.
 *
 * Left out: steps seen once; the wait behind a line that ends its runs anyway (idleness, not work);
 * steps that mostly take more than a second and were seen less than eight times (timers).
 */
#define LEAST_BASE	 2
#define HELD_BY		 4.0
#define LEAST_DRIFT	 0.1
#define TAIL		 4.0
#define MOST_A_VALUE	 4.0
#define TIMER_SECONDS	 1.0
#define TIMER_BASE	 8
#define ROUNDING_SECONDS (3 * GAP_FLOOR_SECONDS) /* between one and two milliseconds */

/*
 * Sure is not the same as sore. On another day, on another node, a step of two milliseconds takes
 * five, in each request, and that can be as certain as anything; but it is no more than any day
 * brings, and whoever waits a second for the answer feels nothing of it. A wait is felt to be
 * longer from about a tenth on. So what a step loses is held against how long the requests with it
 * usually take: less than a tenth of that counts in proportion.
 */
#define FELT_SHARE 0.1

/*
 * Whose step it is. Within a service, its own. A call is answered for by the called service, but
 * the wait may be the caller's for something on the way (a connection, a thread): 0.7. On the way
 * back the same, with whoever speaks next: with one single step nothing else would break the tie.
 * Between the end of one call and the next it is also the time of the service that makes both.
 */
#define OTHER_SHARE 0.7

struct step {
	uint32_t edge;
	double n0, n1;
	double mean0, mean1;
	double usual0, usual1; /* seconds, medians or upper quartiles; once they are asked for */
	bool quartiles;
	double variance;
};

#define OWNERS_MAX 3
struct owners {
	uint32_t service[OWNERS_MAX]; /* the first answers for it */
	size_t count;
};

static struct owners owners_of(const struct trial *t, const struct edge *e)
{
	const struct requests *r = t->requests;
	const struct scene *s = t->scene;
	uint32_t a = s->subjects[e->a].service, b = s->subjects[e->b].service;
	if (e->kind == EDGE_WITHIN)
		return (struct owners){ { a }, 1 };
	if (e->kind == EDGE_RETURN)
		return (struct owners){ { a, b }, 2 };
	uint32_t call = requests_call(r, e->a, e->b);
	uint32_t caller = call == NO_INDEX ? a : r->callers[call];
	return (struct owners){ { b, a, caller }, caller == a || caller == b ? 2 : 3 };
}

static double seconds_of(double ln_seconds)
{
	return fmax(0, exp(ln_seconds) - GAP_FLOOR_SECONDS);
}

/* Does a line mostly end its runs? Then what follows in the request is the next piece of work. */
static bool ends_runs(const struct trial *t, uint32_t a)
{
	uint32_t end = requests_pair(t->requests, a, PAIR_END);
	return end != NO_INDEX && 4 * t->with_pair[end][SIDE_BASE] > t->run_episodes[a][SIDE_BASE];
}

/* What is asked of the lengths of one edge: where those of either side are. */
struct lengths {
	const struct trial *t;
	struct gap_range *ranges; /* room for all stretches */
	size_t count;
};

static void look_at(struct lengths *l, uint32_t edge)
{
	const struct trial *t = l->t;
	l->count = requests_gap_ranges(t->requests, edge, t->cut, t->period.count, l->ranges);
}

/* The means, and the sum of squares about the base's, of the edge that is looked at. */
static bool measure(const struct lengths *l, uint32_t edge, struct step *out, double *squares)
{
	const struct requests *r = l->t->requests;
	struct gap_total base = requests_gap_total(r, edge, l->ranges, l->count, SIDE_BASE);
	struct gap_total now = requests_gap_total(r, edge, l->ranges, l->count, SIDE_INCIDENT);
	double n0 = (double)base.count, n1 = (double)now.count, middle = r->by_edge.middles[edge];
	if (n0 < LEAST_BASE)
		return false;
	*squares = fmax(0, base.sums.squares - base.sums.sum * base.sums.sum / n0);
	*out = (struct step){ .edge = edge,
		.n0 = n0,
		.n1 = n1,
		.mean0 = middle + base.sums.sum / n0,
		.mean1 = n1 > 0 ? middle + now.sums.sum / n1 : 0 };
	return true;
}

/* In seconds, of the lengths on this side, `n` of them, that of which so many quarters are no
 * longer. */
static double quartile(const struct lengths *l, enum side side, double n, unsigned quarters)
{
	uint64_t place = ((uint64_t)n - 1) * quarters / 4;
	return seconds_of(
		(double)requests_gap_at(l->t->requests, l->ranges, l->count, side, place));
}

/* How long requests with the edge take in the baseline, as a mean of logarithms of seconds. */
static double usual_length(const struct trial *t, uint32_t edge)
{
	const struct edge_gaps *all = &t->requests->by_edge;
	double sum = 0, count = 0;
	size_t near = 0;
	for (uint32_t i = all->first[edge]; i < all->first[edge + 1]; i++) {
		const struct request *q = &t->requests->requests[all->requests[i]];
		if (!q->base && period_side_near(&t->period, q->time_ns, &near) != SIDE_BASE)
			continue;
		sum += all->whole[all->requests[i]];
		count++;
	}
	return sum / fmax(1, count);
}

/* How much of the step's loss is felt, of requests of this length. */
static double felt(const struct step *s, double length)
{
	return fmin(1, (s->usual1 - s->usual0) / (FELT_SHARE * exp(length)));
}

/* The steps that can be compared, each with its variance; freed by the caller. */
static struct step *collect_steps(struct lengths *l, size_t *count)
{
	const struct trial *t = l->t;
	const struct requests *r = t->requests;
	struct step *steps = mem_zalloc(r->edge_count + 1, sizeof(*steps));
	double all_squares = 0, all_free = 0, squares;
	size_t n = 0;
	for (uint32_t i = 0; i < r->edge_count; i++) {
		if (r->edges[i].kind == EDGE_WITHIN && ends_runs(t, r->edges[i].a))
			continue;
		struct step *s = &steps[n];
		look_at(l, i);
		if (!measure(l, i, s, &squares))
			continue;
		all_squares += squares;
		all_free += s->n0 - 1;
		s->variance = squares; /* for now */
		if (s->n1 >= 1 &&
			(s->n0 >= TIMER_BASE || quartile(l, SIDE_BASE, s->n0, 2) <= TIMER_SECONDS))
			n++;
	}
	double pooled = all_squares / fmax(1, all_free);
	for (size_t i = 0; i < n; i++)
		steps[i].variance =
			(HELD_BY * pooled + steps[i].variance) / (HELD_BY - 1 + steps[i].n0);
	*count = n;
	return steps;
}

/* The median shift and the spread of the shifts around it. */
static void find_drift(const struct step *steps, size_t count, double *middle, double *drift)
{
	double *shifts = mem_zalloc(count, sizeof(*shifts));
	for (size_t i = 0; i < count; i++)
		shifts[i] = steps[i].mean1 - steps[i].mean0;
	*middle = sort_median(shifts, count);
	for (size_t i = 0; i < count; i++)
		shifts[i] = fabs(steps[i].mean1 - steps[i].mean0 - *middle);
	/* 1.4826 makes the median deviation a standard deviation, for a normal law */
	*drift = fmax(LEAST_DRIFT, 1.4826 * sort_median(shifts, count));
	free(shifts);
}

double trial_slow_points(double shift, double variance, double values)
{
	double z = shift / sqrt(variance);
	return z <= 0 ? 0 : fmin(TAIL * log1p(z * z / 2 / TAIL), MOST_A_VALUE * values);
}

static double weigh(const struct step *s, double middle, double drift, double comparisons)
{
	double variance = s->variance * (1 / s->n0 + 1 / s->n1) + drift * drift;
	double x = trial_slow_points(s->mean1 - s->mean0 - middle, variance, fmin(s->n0, s->n1));
	return x - log(comparisons);
}

/* The evidence of how many are longer than the middle between both means, here and there. */
static double by_share(const struct lengths *l, const struct step *s, double middle)
{
	const float *lengths = l->t->requests->by_edge.lengths;
	double least = (s->mean0 + middle + s->mean1) / 2, count[SIDE_COUNT] = { 0 };
	for (size_t i = 0; i < l->count; i++) {
		for (uint32_t k = l->ranges[i].from; k < l->ranges[i].to; k++)
			count[l->ranges[i].side] += (double)lengths[k] > least;
	}
	return bayes_shares(count[SIDE_BASE], s->n0, count[SIDE_INCIDENT], s->n1);
}

/*
 * Is it slower in the middle too, or in its slowest quarter (one instance of several, one kind of
 * request), and by more than the millisecond that both its stamps may be rounded by? The few steps
 * that deviate are asked.
 */
static bool is_slower(const struct lengths *l, struct step *s)
{
	for (unsigned quarters = 2; quarters <= 3; quarters++) {
		s->usual0 = quartile(l, SIDE_BASE, s->n0, quarters);
		s->usual1 = quartile(l, SIDE_INCIDENT, s->n1, quarters);
		s->quartiles = quarters == 3;
		if (s->usual1 - s->usual0 > ROUNDING_SECONDS)
			return true;
	}
	return false;
}

static void add(struct trial *t, const struct step *s, double x, uint32_t service)
{
	const struct edge *e = &t->requests->edges[s->edge];
	struct finding *f = trial_add(t, DEVIATION_SLOW, service, e->b, e->a, x);
	f->d.base_count = (uint64_t)s->n0;
	f->d.count = (uint64_t)s->n1;
	f->d.base_value = s->usual0;
	f->d.value = s->usual1;
	f->d.quartiles = s->quartiles;
	t->of_edge[s->edge] = (uint32_t)t->count - 1;
	t->late_seconds[s->edge] = seconds_of(s->mean0 + 3 * sqrt(s->variance));
}

/*
 * A service's part: the sum over its steps, for a slow service is slow in many places and each is
 * measured by itself; times its share of all the time that was lost. The time lost is one total, so
 * shares compare; half of it is as good as all.
 */
static void share_out(struct trial *t, const double *sums, const double *lost, size_t first)
{
	double all = 0;
	for (size_t i = 0; i < t->scene->service_count; i++)
		all += lost[i];
	for (size_t i = 0; i < t->scene->service_count; i++) {
		if (sums[i] > 0)
			t->parts[i][PART_SLOW] = sums[i] * fmin(1, 2 * lost[i] / fmax(all, 1e-9));
	}
	for (size_t i = first; i < t->count; i++) {
		struct finding *f = &t->findings[i];
		f->weight = t->parts[f->d.service][PART_SLOW] * f->d.raw / sums[f->d.service];
		f->d.points = soft_cap(f->weight, PART_CAP);
	}
}

/* The evidence for the step, in nats; 0: it is no slower. */
static double weigh_fully(
	struct lengths *l, struct step *s, double middle, double drift, double comparisons)
{
	double x = weigh(s, middle, drift, comparisons);
	if (x <= 0)
		return 0;
	look_at(l, s->edge);
	x = fmin(x, by_share(l, s, middle) - log(comparisons));
	if (x <= 0 || !is_slower(l, s))
		return 0;
	return x * felt(s, usual_length(l->t, s->edge));
}

static void weigh_steps(struct lengths *l, struct trial *t, struct step *steps, size_t count)
{
	size_t services = t->scene->service_count, first = t->count;
	double middle, drift;
	double *sums = mem_zalloc(services, sizeof(*sums)),
	       *lost = mem_zalloc(services, sizeof(*lost));
	double *comparisons = mem_zalloc(services, sizeof(*comparisons));
	find_drift(steps, count, &middle, &drift);
	for (size_t i = 0; i < count; i++) {
		struct owners o = owners_of(t, &t->requests->edges[steps[i].edge]);
		for (size_t k = 0; k < o.count; k++)
			comparisons[o.service[k]]++;
	}
	for (size_t i = 0; i < count; i++) {
		struct step *s = &steps[i];
		struct owners o = owners_of(t, &t->requests->edges[s->edge]);
		double x = weigh_fully(l, s, middle, drift, comparisons[o.service[0]]);
		if (x <= 0)
			continue;
		double seconds = (s->usual1 - s->usual0) * s->n1 / (s->quartiles ? 4 : 1);
		add(t, s, x, o.service[0]);
		for (size_t k = 0; k < o.count; k++) {
			double share = k == 0 ? 1 : OTHER_SHARE;
			sums[o.service[k]] += share * x;
			lost[o.service[k]] += share * seconds;
		}
	}
	share_out(t, sums, lost, first);
	free(sums);
	free(lost);
	free(comparisons);
}

void trial_slow(struct trial *t)
{
	if (t->leave_out >> PART_SLOW & 1)
		return;
	struct lengths l = { .t = t, .ranges = mem_zalloc(t->period.count + 1, sizeof(*l.ranges)) };
	size_t count;
	struct step *steps = collect_steps(&l, &count);
	if (count > 0)
		weigh_steps(&l, t, steps, count);
	free(steps);
	free(l.ranges);
}
