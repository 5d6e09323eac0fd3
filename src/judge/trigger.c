/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "src/judge/bayes.h"
#include "src/judge/trial.h"

/*
 * What happened in the very moments of a told onset that hardly ever happens otherwise: a service
 * starts anew, reads its settings again, is deployed, a job begins. Such lines are no errors, and
 * mostly stand a little before the start that somebody noticed.
 *
 * A cause's lag is log-uniform between the precision d and the longest lead L; a line that came k
 * times in T seconds by itself is anywhere. Half of all culprits leave no such line. So each is
 * worth
 *     ln( T / (2 k (lag + d) ln(L / d)) )
 * less ln of how many rare lines there are, of which one is near by luck. It counts for the one
 * that it names, else for the service itself; the best of each counts, and, since it says what
 * happens and not that it hurts, as any ordinary line at most.
 */
#define LEAD_SECONDS  120.0
#define RARE_CELLS    3
#define LEAVE_NO_LINE 2.0

static bool is_rare(const struct scene_subject *s)
{
	return s->class <= CLASS_CONTEXT && s->subject != NULL &&
	       s->subject->kind == SUBJECT_TEMPLATE && s->base == NULL &&
	       s->subject->series.cell_count <= RARE_CELLS;
}

/* Of the first and the last time of the line the nearer one to the onset. */
static double lag_of(const struct series *s, int64_t onset_ns)
{
	double first = fabs((double)(s->first_ns - onset_ns)) / 1e9;
	double last = fabs((double)(s->last_ns - onset_ns)) / 1e9;
	return fmin(first, last);
}

void trial_trigger(struct trial *t, const struct stretch *in)
{
	const struct scene *s = t->scene;
	double d = (double)t->period.precision_ns / 1e9, all = s->observed_seconds;
	int64_t onset_ns = in->from_ns + t->period.slack_ns;
	size_t rare = 0;
	for (uint32_t i = 0; i < s->findings->subject_count; i++)
		rare += is_rare(&s->subjects[i]);
	for (uint32_t i = 0; i < s->findings->subject_count; i++) {
		const struct scene_subject *subject = &s->subjects[i];
		double lag =
			is_rare(subject) ? lag_of(&subject->subject->series, onset_ns) : INFINITY;
		if (lag > LEAD_SECONDS)
			continue;
		double cells = (double)subject->subject->series.cell_count;
		double x = log(all / (LEAVE_NO_LINE * cells * (lag + d) * log(LEAD_SECONDS / d))) -
			   log((double)rare);
		uint32_t whose = subject->named != NO_INDEX ? subject->named : subject->service;
		double *part = &t->parts[whose][PART_ONSET];
		*part = fmax(*part, soft_cap(fmax(0, x), trial_line_cap(t)));
	}
}
