/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/sort.h"
#include "src/judge/bayes.h"
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

/* The side of each gap, by edge and length. Freed by the caller. */
static uint8_t *find_sides(const struct trial *t)
{
	const struct requests *r = t->requests;
	uint8_t *sides = mem_alloc(r->gap_count + 1);
	for (size_t i = 0; i < r->gap_count; i++)
		sides[i] = r->gap_ranks[i] == RANK_BASE ? SIDE_BASE : SIDE_NONE;
	/* a stretch at a time over all gaps, which a compiler turns into few instructions */
	for (size_t k = 0; k < t->period.count; k++) {
		int32_t from = t->cut[k].from, to = t->cut[k].to;
		uint8_t side = (uint8_t)t->cut[k].side;
		for (size_t i = 0; i < r->gap_count; i++)
			sides[i] =
				r->gap_ranks[i] >= from && r->gap_ranks[i] < to ? side : sides[i];
	}
	return sides;
}

/* Sums of an edge's lengths beyond one of them. Each place has its own, so that none waits for the
 * sum before. */
#define SUMS 4

struct length_sums {
	double sum0[SUMS], squares0[SUMS], sum1[SUMS];
	uint32_t n0[SUMS], n1[SUMS];
};

/* What is on the other side is added as nothing, which costs less than asking. */
static inline void add_length(struct length_sums *s, size_t k, double x, uint8_t side)
{
	double x0 = side == SIDE_BASE ? x : 0;
	s->n0[k] += side == SIDE_BASE;
	s->n1[k] += side == SIDE_INCIDENT;
	s->sum0[k] += x0;
	s->squares0[k] += x0 * x0;
	s->sum1[k] += side == SIDE_INCIDENT ? x : 0;
}

/* The means, and the sum of squares about the base's: squares beyond the middle length of all are
 * small, so that little is lost where they are taken together. */
static bool measure(const struct trial *t, const uint8_t *sides, uint32_t edge, struct step *out,
	double *squares)
{
	const struct requests *r = t->requests;
	uint32_t i = r->first_gap[edge], to = r->first_gap[edge + 1];
	struct length_sums s = { .n0 = { 0 } };
	if (i == to)
		return false;
	double middle = (double)r->gap_lengths[i + (to - i) / 2];
	for (; to - i >= SUMS; i += SUMS) {
		for (size_t k = 0; k < SUMS; k++)
			add_length(&s, k, (double)r->gap_lengths[i + k] - middle, sides[i + k]);
	}
	for (; i < to; i++)
		add_length(&s, 0, (double)r->gap_lengths[i] - middle, sides[i]);
	for (size_t k = 1; k < SUMS; k++) {
		s.n0[0] += s.n0[k];
		s.n1[0] += s.n1[k];
		s.sum0[0] += s.sum0[k];
		s.squares0[0] += s.squares0[k];
		s.sum1[0] += s.sum1[k];
	}
	double n0 = s.n0[0], n1 = s.n1[0];
	if (n0 < LEAST_BASE)
		return false;
	*squares = fmax(0, s.squares0[0] - s.sum0[0] * s.sum0[0] / n0);
	*out = (struct step){ .edge = edge,
		.n0 = n0,
		.n1 = n1,
		.mean0 = middle + s.sum0[0] / n0,
		.mean1 = n1 > 0 ? middle + s.sum1[0] / n1 : 0 };
	return true;
}

/*
 * In seconds, of the edge's lengths on this side, `n` of them, that of which so many quarters are
 * no longer: they come in order of length.
 */
static double quartile(const struct trial *t, const uint8_t *sides, uint32_t edge, enum side side,
	double n, unsigned quarters)
{
	const struct requests *r = t->requests;
	uint32_t i = r->first_gap[edge];
	for (uint32_t left = (uint32_t)(((uint64_t)n - 1) * quarters / 4);; i++) {
		if (sides[i] == side && left-- == 0)
			return seconds_of((double)r->gap_lengths[i]);
	}
}

/* Of each edge, how long requests with it take in the baseline, as a mean of logarithms of seconds;
 * freed by the caller. */
static double *usual_lengths(const struct trial *t)
{
	const struct requests *r = t->requests;
	const struct scene_event *events = t->scene->events;
	double *lengths = mem_zalloc(r->edge_count + 1, sizeof(*lengths));
	uint32_t *counts = mem_zalloc(r->edge_count + 1, sizeof(*counts));
	size_t near = 0;
	for (size_t i = 0; i < r->count; i++) {
		const struct request *q = &r->requests[i];
		bool base = q->base || period_side_near(&t->period, q->time_ns, &near) == SIDE_BASE;
		if (!base || q->gap_count == 0)
			continue;
		int64_t last_ns = events[q->first_event + q->event_count - 1].time_ns;
		double length = log((double)(last_ns - q->time_ns) / 1e9 + GAP_FLOOR_SECONDS);
		for (uint32_t k = q->first_gap; k < q->first_gap + q->gap_count; k++) {
			lengths[r->gaps[k].edge] += length;
			counts[r->gaps[k].edge]++;
		}
	}
	for (size_t i = 0; i < r->edge_count; i++)
		lengths[i] /= fmax(1, counts[i]);
	free(counts);
	return lengths;
}

/* How much of the step's loss is felt, of requests of this length. */
static double felt(const struct step *s, double length)
{
	return fmin(1, (s->usual1 - s->usual0) / (FELT_SHARE * exp(length)));
}

/* The steps that can be compared, each with its variance; freed by the caller. */
static struct step *collect_steps(const struct trial *t, const uint8_t *sides, size_t *count)
{
	const struct requests *r = t->requests;
	struct step *steps = mem_zalloc(r->edge_count + 1, sizeof(*steps));
	double all_squares = 0, all_free = 0, squares;
	size_t n = 0;
	for (uint32_t i = 0; i < r->edge_count; i++) {
		if (r->edges[i].kind == EDGE_WITHIN && ends_runs(t, r->edges[i].a))
			continue;
		struct step *s = &steps[n];
		if (!measure(t, sides, i, s, &squares))
			continue;
		all_squares += squares;
		all_free += s->n0 - 1;
		s->variance = squares; /* for now */
		if (s->n1 >= 1 && (s->n0 >= TIMER_BASE || quartile(t, sides, i, SIDE_BASE, s->n0,
								  2) <= TIMER_SECONDS))
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
static double by_share(
	const struct trial *t, const uint8_t *sides, const struct step *s, double middle)
{
	const struct requests *r = t->requests;
	double least = (s->mean0 + middle + s->mean1) / 2, count[SIDE_COUNT] = { 0 };
	for (uint32_t i = r->first_gap[s->edge]; i < r->first_gap[s->edge + 1]; i++) {
		if (sides[i] != SIDE_NONE)
			count[sides[i]] += (double)r->gap_lengths[i] > least;
	}
	return bayes_shares(count[SIDE_BASE], s->n0, count[SIDE_INCIDENT], s->n1);
}

/*
 * Is it slower in the middle too, or in its slowest quarter (one instance of several, one kind of
 * request), and by more than the millisecond that both its stamps may be rounded by? The few steps
 * that deviate are asked.
 */
static bool is_slower(const struct trial *t, const uint8_t *sides, struct step *s)
{
	for (unsigned quarters = 2; quarters <= 3; quarters++) {
		s->usual0 = quartile(t, sides, s->edge, SIDE_BASE, s->n0, quarters);
		s->usual1 = quartile(t, sides, s->edge, SIDE_INCIDENT, s->n1, quarters);
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

void trial_slow(struct trial *t)
{
	size_t count, first = t->count, services = t->scene->service_count;
	if (t->leave_out >> PART_SLOW & 1)
		return;
	uint8_t *sides = find_sides(t);
	struct step *steps = collect_steps(t, sides, &count);
	if (count > 0) {
		double middle, drift;
		double *sums = mem_zalloc(services, sizeof(*sums)),
		       *lost = mem_zalloc(services, sizeof(*lost));
		double *comparisons = mem_zalloc(services, sizeof(*comparisons));
		double *lengths = NULL; /* most trials meet no step that asks for them */
		find_drift(steps, count, &middle, &drift);
		for (size_t i = 0; i < count; i++) {
			struct owners o = owners_of(t, &t->requests->edges[steps[i].edge]);
			for (size_t k = 0; k < o.count; k++)
				comparisons[o.service[k]]++;
		}
		for (size_t i = 0; i < count; i++) {
			struct owners o = owners_of(t, &t->requests->edges[steps[i].edge]);
			uint32_t owner = o.service[0];
			double x = weigh(&steps[i], middle, drift, comparisons[owner]);
			if (x > 0)
				x = fmin(x, by_share(t, sides, &steps[i], middle) -
						    log(comparisons[owner]));
			if (x <= 0 || !is_slower(t, sides, &steps[i]))
				continue;
			if (lengths == NULL)
				lengths = usual_lengths(t);
			x *= felt(&steps[i], lengths[steps[i].edge]);
			double seconds = (steps[i].usual1 - steps[i].usual0) * steps[i].n1 /
					 (steps[i].quartiles ? 4 : 1);
			add(t, &steps[i], x, owner);
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
		free(lengths);
	}
	free(steps);
	free(sides);
}
