/* SPDX-License-Identifier: MIT */
#include "src/judge/requests_open.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/sort.h"

/*
 * Logs end in the midst of work. A call that is hung up after two minutes is not hung up yet when
 * the log ends a minute after it was answered, and the step that is missing is no loss; but all
 * such steps lie in the last minutes, where an incident that goes on lies too, and would speak for
 * one. So a run whose last line came less than the usual wait before the last line that its service
 * has written at all is open: what would follow its last line is neither there nor missing.
 *
 * The usual wait for what follows a line is the longest but for one in a hundred: the longest of
 * all may be one request that hung, and would leave much of the incident undecided; of what is let
 * in, one in a hundred is missing for no reason, in a few waits at the end, and is nothing beside
 * those that fail. A line that nothing ever follows keeps no run open, nor does a step of
 * milliseconds, as most are.
 */
#define USUAL_OF_HUNDRED 99

struct waits {
	const struct requests *r;
	size_t *first;	/* of each subject, in gaps; count + 1 */
	uint64_t *gaps; /* as keys (sort_key_of) */
};

/* Only lines that end a run are asked for. */
static bool *find_lasts(const struct requests *r)
{
	bool *lasts = mem_zalloc(r->scene->subject_count + 1, sizeof(*lasts));
	for (size_t i = 0; i < r->run_count; i++)
		lasts[r->subject_order[r->runs[i].first + r->runs[i].count - 1]] = true;
	return lasts;
}

static void collect(struct waits *w, const bool *lasts)
{
	const struct requests *r = w->r;
	size_t subjects = r->scene->subject_count;
	size_t *next = mem_zalloc(subjects + 2, sizeof(*next));
	for (size_t i = 0; i < r->run_count; i++) {
		for (size_t k = 0; k + 1 < r->runs[i].count; k++)
			next[r->subject_order[r->runs[i].first + k] + 2]++;
	}
	for (size_t i = 2; i < subjects + 2; i++)
		next[i] = next[i - 1] + (lasts[i - 2] ? next[i] : 0);
	w->gaps = mem_zalloc(next[subjects + 1] + 1, sizeof(*w->gaps));
	for (size_t i = 0; i < r->run_count; i++) {
		const struct run *run = &r->runs[i];
		for (size_t k = 0; k + 1 < run->count; k++) {
			const int64_t *times = r->time_order + run->first + k;
			uint32_t subject = r->subject_order[run->first + k];
			if (lasts[subject])
				w->gaps[next[subject + 1]++] = sort_key_of(times[1] - times[0]);
		}
	}
	w->first = next; /* each has moved on to where the next begins */
}

static int64_t usual(const struct waits *w, uint32_t subject)
{
	size_t from = w->first[subject], count = w->first[subject + 1] - from;
	if (count == 0)
		return 0;
	uint64_t key = sort_nth(w->gaps + from, count, (count * USUAL_OF_HUNDRED - 1) / 100);
	return sort_time_of(key);
}

void requests_find_open(struct requests *r)
{
	const struct findings *f = r->scene->findings;
	struct waits w = { .r = r };
	bool *lasts = find_lasts(r);
	collect(&w, lasts);
	int64_t *usual_ns = mem_zalloc(r->scene->subject_count + 1, sizeof(*usual_ns));
	for (uint32_t i = 0; i < r->scene->subject_count; i++)
		usual_ns[i] = lasts[i] ? usual(&w, i) : 0;
	for (size_t i = 0; i < r->run_count; i++) {
		struct run *run = &r->runs[i];
		const struct scene_event *last =
			&r->scene->events[r->order[run->first + run->count - 1]];
		run->open = !last->base && run->service < f->service_count &&
			    f->services[run->service].lines.last_ns - last->time_ns <
				    usual_ns[last->subject];
	}
	free(usual_ns);
	free(lasts);
	free(w.first);
	free(w.gaps);
}
