/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/bayes.h"
#include "src/judge/instances.h"
#include "src/judge/trial.h"

/*
 * Who is first. Only problem lines are looked at, and runs of jobs that take long, from where they
 * begin: steps that are lost, stopped or slow have been put in order within each request already.
 *
 * When the start A is told, a culprit's first deviation lies close behind it on a scale that nobody
 * knows beforehand, so its lag is taken as log-uniform between the precision d and the length D of
 * the incident; a bystander, who deviates k times anyway, is anywhere: uniform. The logarithm of
 * the ratio is
 *     ln( D / (k (lag + d) ln(D / d)) ),
 * at worst -3, since clocks and buffers make even culprits late; and it counts only as far as the
 * deviation itself is believed (a logistic step around 3 nats). Where even the earliest is late,
 * the fault was there before anyone ran into it, or the start was told with room: then nobody is to
 * blame for being late, and lags count from the earliest on. And the earliest may be no part of it:
 * to be late is held against a service only as far as any other's earlier deviation is believed.
 *
 * When the start was found from the data, it was found from these very lines, and only their order
 * is known: the r-th of N services gets ln(N / r). To be the first of N by luck happens once in N.
 * When it is told, the order is a second reading of the same, finer where several are equally close
 * to a start told to the second or the minute: the better of the two counts. The last in the row
 * gets nothing by it, and what the told start says of it stands.
 *
 * A stamp of whole seconds is cut off: the line was written somewhere in that second. So of two of
 * which one is stamped so the other is earlier only when it was over before that second began, and
 * the one stamped so only when its second was over by then; else they are of the same moment. A
 * front that logs whole seconds would come first in every second that it shares with those behind
 * it, and in an incident of every day this would add up to proof.
 */
#define LATE_FLOOR    -3.0
#define BELIEF_POINTS 3.0
#define LEAST_POINTS  0.5
#define LEAST_RANKED  2.0
#define LEAST_SPAN    10.0 /* seconds */

struct first {
	int64_t time_ns;
	int64_t latest_ns; /* its stamp is of whole seconds: the end of that second */
	uint32_t service;
};

static int by_time(const void *a, const void *b)
{
	const struct first *x = a, *y = b;
	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->service < y->service ? -1 : x->service > y->service;
}

static int by_service(const void *a, const void *b)
{
	const struct first *x = a, *y = b;
	return x->service < y->service ? -1 : x->service > y->service ? 1 : by_time(a, b);
}

/* The first of each service, in order of time; how many they are. */
static size_t keep_first_of_each(struct first *firsts, size_t count)
{
	size_t kept = 0;
	qsort(firsts, count, sizeof(*firsts), by_service);
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 || firsts[kept - 1].service != firsts[i].service)
			firsts[kept++] = firsts[i];
	}
	qsort(firsts, kept, sizeof(*firsts), by_time);
	return kept;
}

/* Its place in the row; services that start in the same moment share the worse place. */
static double rank_of(const struct first *firsts, size_t count, size_t index)
{
	size_t rank = index + 1;
	while (rank < count && firsts[rank].time_ns <= firsts[index].latest_ns)
		rank++;
	return (double)rank;
}

/* A line that names another service dates that one's trouble. */
static uint32_t dated_by(const struct finding *f)
{
	return f->named != NO_INDEX ? f->named : f->d.service;
}

static struct first first_at(const struct trial *t, const struct finding *f, int64_t time_ns)
{
	int64_t blur_ns = t->scene->whole_seconds[f->d.service] ? NS_PER_S - 1 : 0;
	return (struct first){ time_ns, time_ns + blur_ns, dated_by(f) };
}

static double believed(const struct finding *f)
{
	return f->named != NO_INDEX ? f->said : f->d.points;
}

static bool counts(const struct finding *f)
{
	return (f->d.of_run || (f->d.kind <= DEVIATION_MORE && !f->ordinary)) &&
	       f->d.first_ns != TIME_NONE;
}

static double span_seconds(const struct trial *t, const struct stretch *in)
{
	return fmax(LEAST_SPAN, (double)(i64_max(in->to_ns, t->scene->to_ns) - in->from_ns) / 1e9);
}

/* A told start was moved back, so as not to cut off what starts with it. */
static double lag_seconds(const struct trial *t, const struct stretch *in, int64_t time_ns)
{
	return fmax(0, (double)(time_ns - in->from_ns - t->period.slack_ns) / 1e9);
}

/* Each service's strongest, and those worth half of it:
 * the earliest of its weak ones says nothing. */
static bool is_dated(const struct finding *f, const double *strongest)
{
	return counts(f) && believed(f) > LEAST_POINTS && believed(f) >= strongest[dated_by(f)] / 2;
}

static double log_odds_of_start(
	const struct trial *t, const struct stretch *in, const struct finding *f)
{
	double d = (double)t->period.precision_ns / 1e9, span = span_seconds(t, in);
	return log(span / (fmax(1, (double)f->seen) * (lag_seconds(t, in, f->d.first_ns) + d) *
				  log(span / d)));
}

/* The step from what is not believed to what is. */
static double belief(double points)
{
	return 1 / (1 + exp(BELIEF_POINTS - points));
}

/*
 * Of each service that deviates: how far it is believed of another that it deviated earlier.
 * `strongest` is of each what it is believed by; freed by the caller.
 */
static double *find_earlier(const struct trial *t, const double *strongest)
{
	double *earlier = mem_zalloc(t->scene->service_count, sizeof(*earlier));
	struct first *firsts = mem_zalloc(t->count + 1, sizeof(*firsts));
	size_t count = 0;
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		if (is_dated(f, strongest))
			firsts[count++] = first_at(t, f, f->d.first_ns);
	}
	count = keep_first_of_each(firsts, count);
	for (size_t i = 0; i < count; i++) {
		double *most = &earlier[firsts[i].service];
		for (size_t k = 0; k < i; k++) {
			if (firsts[k].latest_ns < firsts[i].time_ns)
				*most = fmax(*most, belief(strongest[firsts[k].service]));
		}
	}
	free(firsts);
	return earlier;
}

static void order_told(struct trial *t, const struct stretch *in)
{
	double *strongest = mem_zalloc(t->scene->service_count, sizeof(*strongest));
	bool *known = mem_zalloc(t->scene->service_count, sizeof(*known));
	double earliest = -INFINITY;
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		if (counts(f))
			strongest[dated_by(f)] = fmax(strongest[dated_by(f)], believed(f));
	}
	for (size_t i = 0; i < t->count; i++) {
		if (is_dated(&t->findings[i], strongest))
			earliest = fmax(earliest, log_odds_of_start(t, in, &t->findings[i]));
	}
	double *earlier = find_earlier(t, strongest);
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		if (!is_dated(f, strongest))
			continue;
		uint32_t service = dated_by(f);
		double o = log_odds_of_start(t, in, f) - fmin(0, earliest);
		o = fmax(LATE_FLOOR, o) * belief(believed(f));
		o = o < 0 ? o * earlier[service] : o;
		do {
			double *part = &t->parts[service][PART_ORDER];
			*part = known[service] ? fmax(*part, o) : o;
			known[service] = true;
			service = instances_next(t->scene, service);
		} while (f->named_all && service != dated_by(f));
	}
	free(strongest);
	free(known);
	free(earlier);
}

static void order_found(struct trial *t)
{
	struct first *firsts = mem_zalloc(t->count + 1, sizeof(*firsts));
	size_t count = 0;
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		if (counts(f) && believed(f) >= LEAST_RANKED)
			firsts[count++] = first_at(t, f, f->d.first_ns);
	}
	count = keep_first_of_each(firsts, count);
	for (size_t i = 0; i < count; i++) {
		double *part = &t->parts[firsts[i].service][PART_ORDER];
		double earlier = log((double)count / rank_of(firsts, count, i));
		if (earlier > 0)
			*part = fmax(*part, earlier);
	}
	free(firsts);
}

/* Worth so much before its place in the row counts. */
static bool counts_in_repeats(const struct finding *f)
{
	return f->d.kind <= DEVIATION_MORE && believed(f) >= LEAST_RANKED;
}

/*
 * An incident that came several times: the order is looked at each time anew, ordinary lines that
 * come with it included, since what starts it may be no error at all. The points add up, for the
 * times are independent; they stand for the service that is first time and again. The cap of a part
 * holds.
 */
static void order_repeats(struct trial *t)
{
	struct first *firsts = mem_zalloc(t->count + 1, sizeof(*firsts));
	for (size_t k = 0; k < t->period.count; k++) {
		const struct stretch *in = &t->period.items[k];
		size_t count = 0;
		for (size_t i = 0; in->side == SIDE_INCIDENT && i < t->count; i++) {
			const struct finding *f = &t->findings[i];
			int64_t first_ns = counts_in_repeats(f)
						   ? scene_first_in(t->scene, in, f->d.subject)
						   : TIME_NONE;
			if (first_ns != TIME_NONE)
				firsts[count++] = first_at(t, f, first_ns);
		}
		count = keep_first_of_each(firsts, count);
		for (size_t i = 0; i < count; i++)
			t->parts[firsts[i].service][PART_ORDER] +=
				log((double)count / rank_of(firsts, count, i));
	}
	for (size_t i = 0; i < t->scene->service_count; i++)
		t->parts[i][PART_ORDER] = soft_cap(t->parts[i][PART_ORDER], PART_CAP);
	free(firsts);
}

/* Ties go to the service that says something new first;
 * a hundredth of a nat decides nothing else. */
static void break_ties(struct trial *t, const struct stretch *in)
{
	const struct scene *s = t->scene;
	double span = span_seconds(t, in);
	double *best = mem_zalloc(s->service_count, sizeof(*best));
	for (uint32_t i = 0; i < s->findings->subject_count; i++) {
		const struct series *series = &s->subjects[i].subject->series;
		if (s->subjects[i].base != NULL || s->subjects[i].class == CLASS_CONTEXT ||
			period_side(&t->period, series->first_ns) != SIDE_INCIDENT)
			continue;
		double lag = lag_seconds(t, in, series->first_ns);
		best[s->subjects[i].service] =
			fmax(best[s->subjects[i].service], 0.01 / (1 + lag / span));
	}
	for (size_t i = 0; i < s->service_count; i++)
		t->parts[i][PART_ONSET] += best[i];
	free(best);
}

void trial_order(struct trial *t)
{
	const struct stretch *in = period_first(&t->period);
	if (in == NULL)
		return;
	if ((t->leave_out >> PART_ORDER & 1) == 0) {
		if (t->told) {
			order_told(t, in);
			order_found(t);
		} else if (t->recurring)
			order_repeats(t);
		else
			order_found(t);
	}
	if (t->leave_out >> PART_ONSET & 1)
		return;
	if (t->told) {
		trial_at_onset(t, in);
		trial_trigger(t, in);
	}
	break_ties(t, in);
}
