/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/sort.h"
#include "src/judge/trial.h"

/*
 * Who speaks at the very moment of a told onset. Weak, and silent unless the moment is known
 * exactly; it decides only where nothing else deviates.
 *
 * The one that is struck speaks close behind the onset on a scale that nobody knows beforehand: its
 * lag is log-uniform between the precision d and the length D of the incident. For anyone else the
 * onset is a moment like any other, and the lag the time from there to its next line: of all the
 * time T, so many instants have their next line x seconds ahead as there are pauses longer than x.
 * With P of these, counted over all x within the precision of the lag, the ratio of both is
 *     r = T / (P (lag + d) ln(D / d)).
 * So a service that writes a hundred lines in one go and is quiet for a minute counts as what it
 * is, quiet; and one that falls silent with the onset has said its last line then. As often as not
 * the one that is struck says nothing at all, so that it is worth ln((1 + r) / 2), and never less
 * than nothing.
 */
#define LEAST_SPAN 10.0 /* seconds */

/* When a service speaks: as many of its lines as are known exactly. */
struct speech {
	int64_t *times;
	size_t count;
};

/* Of every service, in one block that the first one's times begin. */
static void count_lines(const struct scene *s, struct speech *all)
{
	for (size_t i = 0; i < s->event_count; i++) {
		if (!s->events[i].base)
			all[s->events[i].service].count++;
	}
	for (uint32_t i = 0; i < s->findings->subject_count; i++)
		all[s->subjects[i].service].count += s->subjects[i].subject->series.cell_count;
	for (size_t i = 0; i < s->findings->service_count; i++)
		all[i].count += s->findings->services[i].lines.cell_count + 1;
}

static void note(const struct scene *s, struct speech *of, int64_t time_ns)
{
	if (time_ns != TIME_NONE && time_ns >= s->from_ns && time_ns < s->to_ns)
		of->times[of->count++] = time_ns;
}

static void note_cells(const struct scene *s, struct speech *of, const struct series *series)
{
	for (size_t i = 0; i < series->cell_count; i++)
		note(s, of, cell_first_ns(&series->cells[i], s->findings->cell_ns));
}

static struct speech *collect(const struct scene *s)
{
	size_t services = s->service_count, lines = 0;
	struct speech *all = mem_zalloc(services + 1, sizeof(*all));
	count_lines(s, all);
	for (size_t i = 0; i < services; i++)
		lines += all[i].count;
	int64_t *times = mem_zalloc(lines + 1, sizeof(*times));
	for (size_t i = 0, at = 0; i < services; i++) {
		all[i].times = times + at;
		at += all[i].count;
		all[i].count = 0;
	}
	for (size_t i = 0; i < s->event_count; i++) {
		if (!s->events[i].base)
			note(s, &all[s->events[i].service], s->events[i].time_ns);
	}
	for (uint32_t i = 0; i < s->findings->subject_count; i++)
		note_cells(s, &all[s->subjects[i].service], &s->subjects[i].subject->series);
	for (size_t i = 0; i < s->findings->service_count; i++) {
		note_cells(s, &all[i], &s->findings->services[i].lines);
		note(s, &all[i], s->findings->services[i].lines.last_ns);
		sort_times(all[i].times, all[i].count);
	}
	return all;
}

/* How many of its pauses are longer than from..to, on the mean; the one at the end is. */
static double count_pauses(const struct speech *of, double from, double to)
{
	double count = 1;
	for (size_t i = 1; i < of->count; i++) {
		double pause = (double)(of->times[i] - of->times[i - 1]) / 1e9;
		count += fmin(1, fmax(0, pause - from) / (to - from));
	}
	return count;
}

void trial_at_onset(struct trial *t, const struct stretch *in)
{
	const struct scene *s = t->scene;
	double d = (double)t->period.precision_ns / 1e9;
	double span = fmax(LEAST_SPAN, (double)(i64_max(in->to_ns, s->to_ns) - in->from_ns) / 1e9);
	if (s->service_count == 0)
		return;
	struct speech *all = collect(s);
	for (size_t i = 0; i < s->service_count; i++) {
		size_t at = 0;
		while (at < all[i].count && all[i].times[at] < in->from_ns)
			at++;
		if (at == all[i].count)
			continue;
		int64_t lag_ns = all[i].times[at] - in->from_ns - t->period.slack_ns;
		double lag = fmax(0, (double)lag_ns / 1e9);
		double pauses = count_pauses(&all[i], fmax(0, lag - d), lag + d);
		double ratio = s->observed_seconds / (pauses * (lag + d) * log(span / d));
		t->parts[i][PART_ONSET] = fmax(0, log((1 + ratio) / 2));
	}
	free(all[0].times);
	free(all);
}
