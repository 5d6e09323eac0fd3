/* SPDX-License-Identifier: MIT */
#include "src/judge/jobs.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/sort.h"
#include "src/judge/bayes.h"
#include "src/judge/trial.h"

/*
 * A job that takes long. It begins as ever, says nothing wrong, and holds what others need: its
 * only trace is that the line that ends it comes late, or does not come. Its lines are of no
 * request, so nothing else sees it.
 *
 * A run lasts from a line of one kind to the next of another that comes as often, for services that
 * say few things, each seldom and for no request, one run after another but once; what lies between
 * an end and the next beginning is a pause, and known by its being the longer part. A run that
 * never ends lasts until another does, or all. Lengths have heavy tails: that one more is k times
 * as long as the longest of n is taken for 1 in (n + 1) k. So the longest is worth ln((n + 1) k),
 * less ln of the services that work in runs, and only from LEAST_TIMES on.
 *
 * What the incident makes wait is long too. So it counts only where it is as a cause has to be:
 * begun at the onset or up to L before, and not done by then. Where the onset was told, that it
 * begins there is a proof of its own: by luck it would be anywhere in the time T, in the span of L
 * in 1 of T / L. An onset that was found was chosen, among many.
 *
 * An onset is often told with room, minutes before anything goes wrong. A job that begins in that
 * room begins behind the onset and is no later than its own trouble all the same: so it may as well
 * begin up to L before the first line that surely tells of trouble, in a span of L more.
 */
#define LEAST_RUNS    3
#define MOST_RUNS     1024
#define MOST_SUBJECTS 16 /* that are seldom, of a job; more are no job */
#define LEAST_TIMES   4.0
#define LEAST_SECONDS 60.0
#define LEAD_NS	      (300 * NS_PER_S)
#define LATE_NS	      (30 * NS_PER_S)
#define SURE_SIGN     (PART_CAP / 2)
#define LEAST_LEADS   10 /* in less time than so many, much begins near the onset by luck */

static bool is_seldom(const struct scene_subject *s)
{
	return s->class < CLASS_WARNING && s->subject != NULL &&
	       s->subject->kind == SUBJECT_TEMPLATE &&
	       s->subject->series.total == s->subject->series.cell_count &&
	       s->subject->series.total >= LEAST_RUNS - 1 && s->subject->series.total <= MOST_RUNS;
}

static int64_t at_ns(const struct scene *s, uint32_t subject, size_t i)
{
	return cell_first_ns(&s->subjects[subject].subject->series.cells[i], s->findings->cell_ns);
}

static size_t lines_of(const struct scene *s, uint32_t subject)
{
	return s->subjects[subject].subject->series.cell_count;
}

/* The runs from one to the other, their lengths in `seconds`; 0: there are none. */
static size_t measure(const struct scene *s, struct job *job, double seconds[MOST_RUNS])
{
	size_t begins = lines_of(s, job->begin), ends = lines_of(s, job->end), at = 0;
	size_t overlaps = 0;
	if (begins < LEAST_RUNS || begins > ends + 1 || ends > begins + 1)
		return 0;
	for (size_t i = 0; i < begins; i++) {
		int64_t from_ns = at_ns(s, job->begin, i);
		while (at < ends && at_ns(s, job->end, at) < from_ns)
			at++;
		int64_t to_ns = at < ends ? at_ns(s, job->end, at) : s->to_ns;
		seconds[i] = (double)(to_ns - from_ns) / 1e9;
		bool overlaps_next = i + 1 < begins && at_ns(s, job->begin, i + 1) < to_ns;
		overlaps += overlaps_next;
		if (i == 0 || seconds[i] > job->seconds) {
			job->next_seconds = i == 0 ? 0 : job->seconds;
			job->seconds = seconds[i];
			job->from_ns = from_ns;
			job->to_ns = to_ns;
			job->unended = at == ends || overlaps_next;
		} else {
			job->next_seconds = fmax(job->next_seconds, seconds[i]);
		}
	}
	return overlaps <= 1 ? begins : 0;
}

/* Is it a run, and neither a pause nor one of those that hardly differ? */
static bool weigh(const struct scene *s, struct job *job)
{
	double seconds[MOST_RUNS];
	size_t count = measure(s, job, seconds);
	if (count == 0)
		return false;
	double span = (double)(at_ns(s, job->begin, count - 1) - at_ns(s, job->begin, 0)) / 1e9;
	job->others = count - 1;
	job->usual_seconds = sort_median(seconds, count);
	if (job->usual_seconds * 2 > span / (double)job->others)
		return false;
	double times = job->seconds / fmax(job->next_seconds, 1);
	job->points = log((double)count * times);
	return times >= LEAST_TIMES && job->seconds >= LEAST_SECONDS;
}

/* One rule knows both: a scheduler that begins one thing and then another ends nothing by it. */
static bool are_alike(const struct scene *s, uint32_t a, uint32_t b)
{
	return s->subjects[a].rule_subject != NO_INDEX &&
	       s->subjects[a].rule_subject == s->subjects[b].rule_subject;
}

/* The longest run of the service that is least like the others; does it work in runs? */
static bool find_longest(
	const struct scene *s, const uint32_t *subjects, size_t count, struct job *best)
{
	bool any = false;
	best->points = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < count; k++) {
			struct job job = { s->subjects[subjects[i]].service, subjects[i],
				subjects[k], 0, 0, 0, 0, 0, 0, false, 0 };
			if (i == k || are_alike(s, job.begin, job.end))
				continue;
			bool is_long = weigh(s, &job);
			any |= job.points > 0;
			if (is_long && job.points > best->points)
				*best = job;
		}
	}
	return any;
}

void jobs_find(struct scene *s)
{
	size_t services = s->findings->service_count, working = 0;
	bool *followed = mem_zalloc(s->subject_count + 1, sizeof(*followed));
	uint32_t(*seldom)[MOST_SUBJECTS] = mem_zalloc(services + 1, sizeof(*seldom));
	size_t *counts = mem_zalloc(services + 1, sizeof(*counts));
	s->jobs = arena_alloc(&s->arena, services, sizeof(*s->jobs));
	for (size_t i = 0; i < s->event_count; i++)
		followed[s->events[i].subject] = true;
	for (uint32_t i = 0; i < s->findings->subject_count; i++) {
		size_t *count = &counts[s->subjects[i].service];
		if (followed[i] || !is_seldom(&s->subjects[i]))
			continue;
		if (*count < MOST_SUBJECTS)
			seldom[s->subjects[i].service][*count] = i;
		(*count)++;
	}
	for (size_t i = 0; i < services; i++) {
		struct job job;
		if (counts[i] < 2 || counts[i] > MOST_SUBJECTS)
			continue;
		working += find_longest(s, seldom[i], counts[i], &job);
		if (job.points > 0)
			s->jobs[s->job_count++] = job;
	}
	for (size_t i = 0; i < s->job_count; i++)
		s->jobs[i].points -= log((double)working);
	free(followed);
	free(seldom);
	free(counts);
}

/* The first line that surely tells of trouble, of any service but the job's own. */
static int64_t first_sign_ns(const struct trial *t, uint32_t service, int64_t onset_ns)
{
	int64_t first_ns = INT64_MAX;
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		if (f->d.kind <= DEVIATION_MORE && !f->ordinary && f->d.raw >= SURE_SIGN &&
			f->d.service != service && f->d.first_ns >= onset_ns)
			first_ns = i64_min(first_ns, f->d.first_ns);
	}
	return first_ns == INT64_MAX ? onset_ns : first_ns;
}

static bool is_near(const struct job *job, int64_t onset_ns, int64_t precision_ns)
{
	return job->to_ns > onset_ns && job->from_ns >= onset_ns - LEAD_NS &&
	       job->from_ns <= onset_ns + precision_ns + LATE_NS;
}

/* How long the span is in which it begins as a cause has to; 0: it does not. */
static double lead_of(const struct trial *t, const struct job *job, int64_t onset_ns)
{
	double seconds = (double)(LEAD_NS + LATE_NS) / 1e9;
	if (is_near(job, onset_ns, t->period.precision_ns))
		return seconds;
	int64_t sign_ns = t->told ? first_sign_ns(t, job->service, onset_ns) : onset_ns;
	return sign_ns > onset_ns && job->from_ns < sign_ns && is_near(job, sign_ns, 0)
		       ? 2 * seconds
		       : 0;
}

void trial_jobs(struct trial *t)
{
	const struct scene *s = t->scene;
	const struct stretch *in = period_first(&t->period);
	if (in == NULL || t->recurring || (t->leave_out >> PART_SLOW & 1))
		return;
	if (s->observed_seconds < LEAST_LEADS * (double)(LEAD_NS + LATE_NS) / 1e9)
		return;
	int64_t onset_ns = in->from_ns + t->period.slack_ns;
	for (size_t i = 0; i < s->job_count; i++) {
		const struct job *job = &s->jobs[i];
		double lead_seconds = job->points > 0 ? lead_of(t, job, onset_ns) : 0;
		if (lead_seconds <= 0)
			continue;
		double there = t->told ? log(s->observed_seconds / lead_seconds) : 0;
		struct finding *f = trial_add(
			t, DEVIATION_SLOW, job->service, job->end, job->begin, job->points + there);
		f->weight = soft_cap(f->d.raw, PART_CAP);
		f->d.points = f->weight;
		f->d.of_run = true;
		f->d.unended = job->unended;
		f->d.count = 1;
		f->d.base_count = job->others;
		f->d.base_value = job->next_seconds;
		f->d.value = job->seconds;
		f->d.first_ns = job->from_ns;
		double *part = &t->parts[job->service][PART_SLOW];
		*part = fmax(*part, f->weight);
	}
}
