/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/title.h"
#include "src/judge/bayes.h"
#include "src/judge/trial.h"

/*
 * What goes on as long as the trouble does. "Backup started", and then its progress, of a service
 * that says nothing of the kind otherwise: it begins just before the first line of trouble, and
 * ends with the last. No line of it is an error, and it may be the first run of its kind, so that
 * there is nothing to compare it with (jobs.c does where there is). What takes a lock, a disk or a
 * network away from others looks like this.
 *
 * A consequence cannot: it begins after the first sign, and who is in trouble says so; what a
 * service says beside its own complaints is of them. What merely happens beside (a restart, a
 * deployment) is over in a moment: it has to go on for most of the time. What a rule knows for such
 * a moment (an election, a restart, a rotation) is no work, however often it comes. It is no
 * request, either.
 *
 * By luck it would begin anywhere in the time T, in the span of a lag or nearer with a chance of
 * about lag / T; a cause's lag is log-uniform between the precision d and the longest lead L. So
 * that it begins there is worth ln(T / ((lag + d) ln(L / d))), less ln of how many services have
 * such a run; and that it ends where the trouble does the same once more, provided that the logs go
 * on behind: else both end with the logs. Without an end it is worth what two ordinary lines are at
 * most (repeats.c), since it begins only once.
 */
#define LEAD_NS	      (300 * NS_PER_S)
#define BEHIND_NS     (30 * NS_PER_S) /* the logs go on for so long behind what ended */
#define SURE_SIGN     (PART_CAP / 2)
#define MOST_OF_TIME  0.7
#define MOST_SUBJECTS 16 /* kinds of line of one run; more are a service of many words */
#define LEAST_LINES   3
#define LEAST_SECONDS 60.0
#define LEAST_POINTS  1.0
#define SURE_SPAN     2.0

struct trouble_span {
	int64_t from_ns, to_ns;
	bool ends; /* before the logs do */
};

struct run_span {
	int64_t from_ns, to_ns;
	uint32_t begin; /* the subject that came first */
	size_t subjects;
	uint64_t lines;
};

/* From the first line that surely tells of trouble and is of it alone to the last one; where there
 * is none, the period. */
static struct trouble_span find_trouble(const struct trial *t, const struct stretch *in)
{
	struct trouble_span span = { INT64_MAX, INT64_MIN, false };
	int64_t onset_ns = in->from_ns + t->period.slack_ns;
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		const struct subject *s = t->scene->subjects[f->d.subject].subject;
		if (f->d.kind != DEVIATION_NEW || f->ordinary || f->d.raw < SURE_SIGN ||
			s == NULL || f->d.first_ns == TIME_NONE)
			continue;
		span.from_ns = i64_min(span.from_ns, f->d.first_ns);
		span.to_ns = i64_max(span.to_ns, i64_min(s->series.last_ns, in->to_ns));
	}
	if (span.from_ns == INT64_MAX)
		span = (struct trouble_span){ onset_ns, i64_min(in->to_ns, t->scene->to_ns),
			false };
	else if (t->told)
		span.from_ns = i64_max(onset_ns, span.from_ns);
	span.ends = span.to_ns + BEHIND_NS <= t->scene->to_ns;
	return span;
}

static bool is_known_moment(const struct findings *f, const struct subject *s)
{
	enum rule_event event =
		s->rule < f->rules->rule_count ? f->rules->rules[s->rule].event : RULE_EVENT_NONE;
	return event == RULE_EVENT_RESTART || event == RULE_EVENT_ELECTION ||
	       event == RULE_EVENT_ROTATION;
}

/* Of each service what it says in that time and at no other. A document does nothing: its stamps
 * are those of what it describes. */
static struct run_span *find_runs(const struct trial *t, const struct trouble_span *trouble)
{
	const struct scene *s = t->scene;
	struct run_span *all = mem_zalloc(s->service_count + 1, sizeof(*all));
	for (uint32_t i = 0; i < s->findings->subject_count; i++) {
		const struct scene_subject *subject = &s->subjects[i];
		const struct series *series = &subject->subject->series;
		if (subject->class > CLASS_CONTEXT || subject->base != NULL ||
			subject->subject->kind != SUBJECT_TEMPLATE ||
			names_document(s->findings->services[subject->service].name) ||
			is_known_moment(s->findings, subject->subject) ||
			series->first_ns == TIME_NONE || t->requests->lines_of[i] > 0 ||
			series->first_ns < trouble->from_ns - LEAD_NS ||
			series->first_ns >= trouble->to_ns)
			continue;
		struct run_span *run = &all[subject->service];
		if (run->subjects == 0 || series->first_ns < run->from_ns) {
			run->from_ns = series->first_ns;
			run->begin = i;
		}
		run->to_ns =
			run->subjects == 0 ? series->last_ns : i64_max(run->to_ns, series->last_ns);
		run->lines += series->total;
		run->subjects++;
	}
	return all;
}

/* Of each service: does it surely complain itself? Freed by the caller. */
static bool *find_complaining(const struct trial *t)
{
	bool *all = mem_zalloc(t->scene->service_count + 1, sizeof(*all));
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		if (f->d.kind <= DEVIATION_MORE && !f->ordinary && f->d.raw >= SURE_SIGN)
			all[f->d.service] = true;
	}
	return all;
}

static bool goes_on_throughout(const struct run_span *run, const struct trouble_span *trouble)
{
	double all = (double)(trouble->to_ns - trouble->from_ns);
	double of = (double)(i64_min(run->to_ns, trouble->to_ns) - trouble->from_ns);
	return run->subjects > 0 && run->subjects <= MOST_SUBJECTS && run->lines >= LEAST_LINES &&
	       run->from_ns <= trouble->from_ns + NS_PER_S - 1 && of >= MOST_OF_TIME * all;
}

/* T is the time that the service's log reaches: with the log everything begins. */
static double near(const struct trial *t, uint32_t service, int64_t lag_ns)
{
	double unread = t->period.seconds[SIDE_BASE] - t->base_seconds[service];
	double d = fmax(1, (double)t->period.precision_ns / 1e9);
	double lag = fabs((double)lag_ns) / 1e9, lead = (double)LEAD_NS / 1e9;
	if (lag > lead || d >= lead)
		return 0;
	double time = fmax(d, t->scene->observed_seconds - unread);
	return fmax(0, log(time / ((lag + d) * log(lead / d))));
}

static void add(struct trial *t, uint32_t service, const struct run_span *run,
	const struct trouble_span *trouble, double points)
{
	struct finding *f = trial_add(t, DEVIATION_SLOW, service, run->begin, NO_INDEX, points);
	f->weight = f->d.points = points;
	f->d.of_run = f->d.spans = true;
	f->d.count = 1;
	f->d.value = (double)(run->to_ns - run->from_ns) / 1e9;
	f->d.base_value = (double)(trouble->from_ns - run->from_ns) / 1e9;
	f->d.unended = !trouble->ends;
	f->d.first_ns = run->from_ns;
	double *part = &t->parts[service][PART_SLOW];
	*part = fmax(*part, points);
}

/* The one that most probably does; NO_INDEX: none, or several are as likely. */
static uint32_t find_spanning(const struct trial *t)
{
	uint32_t found = NO_INDEX;
	bool several = false;
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		if (!f->d.spans || f->weight < SURE_SPAN)
			continue;
		several |= found != NO_INDEX;
		found = f->d.service;
	}
	return several ? NO_INDEX : found;
}

void trial_spans(struct trial *t)
{
	const struct stretch *in = period_first(&t->period);
	t->spanning = NO_INDEX;
	if (in == NULL || t->recurring || t->repeats > 1 || (t->leave_out >> PART_SLOW & 1))
		return;
	struct trouble_span trouble = find_trouble(t, in);
	double seconds = (double)(trouble.to_ns - trouble.from_ns) / 1e9, services = 0;
	if (seconds < LEAST_SECONDS || 2 * seconds > t->scene->observed_seconds)
		return;
	struct run_span *runs = find_runs(t, &trouble);
	bool *complains = find_complaining(t);
	for (size_t i = 0; i < t->scene->service_count; i++) {
		if (complains[i] || !goes_on_throughout(&runs[i], &trouble))
			runs[i].subjects = 0;
		services += runs[i].subjects > 0;
	}
	for (uint32_t i = 0; i < t->scene->service_count; i++) {
		const struct run_span *run = &runs[i];
		if (run->subjects == 0)
			continue;
		double end = trouble.ends ? near(t, i, run->to_ns - trouble.to_ns) : 0;
		double points = near(t, i, trouble.from_ns - run->from_ns) + end - log(services);
		points = soft_cap(points, end > 0 ? PART_CAP : 2 * trial_line_cap(t));
		if (points > LEAST_POINTS)
			add(t, i, run, &trouble, points);
	}
	t->spanning = find_spanning(t);
	free(complains);
	free(runs);
}
