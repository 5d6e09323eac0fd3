/* SPDX-License-Identifier: MIT */
#include "src/judge/incident.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"
#include "lineup/sort.h"
#include "src/judge/search.h"

/* ---- one period ---- */

/* A period with room of its own. */
void incident_cut(const struct scene *s, struct arena *arena, const struct stretch *spans,
	size_t count, struct period *p)
{
	const struct rank_settings *settings = s->settings;
	struct stretch *items = arena_alloc(arena, 2 * count + 1, sizeof(*items));
	int64_t base_from_ns = settings->baseline_from_ns, base_to_ns = settings->baseline_to_ns;
	if (s->baseline != NULL) { /* it has its own path: nothing of this scan is baseline */
		base_from_ns = s->from_ns;
		base_to_ns = s->from_ns;
	}
	period_cut(p, items, s->from_ns, s->to_ns, spans, count, base_from_ns, base_to_ns);
	p->seconds[SIDE_BASE] = p->seconds[SIDE_INCIDENT] = 0;
	for (size_t i = 0; i < p->count; i++)
		p->seconds[items[i].side] += scene_observed(s, items[i].from_ns, items[i].to_ns);
	if (s->baseline != NULL && s->baseline->first_ns != TIME_NONE)
		p->seconds[SIDE_BASE] =
			(double)(s->baseline->last_ns - s->baseline->first_ns) / 1e9;
}

/*
 * Where the baseline ends that is compared with itself. What comes after an incident may still be
 * of it: a queue is worked off, a cache is cold. So where most of it lies before the first
 * incident, that is enough.
 */
static int64_t end_of_halves(const struct requests *r, const struct period *p)
{
	const struct stretch *in = period_first(p);
	size_t before = 0, count = 0;
	for (size_t i = 0; in != NULL && i < r->count; i++) {
		bool base =
			!r->requests[i].base && period_side(p, r->requests[i].time_ns) == SIDE_BASE;
		count += base;
		before += base && r->requests[i].time_ns < in->from_ns;
	}
	return before * 2 >= count && count > 0 ? in->from_ns : INT64_MAX;
}

/* The middle of the baseline's events of requests; TIME_NONE: too few to compare halves. */
static int64_t middle_of_base(const struct requests *r, const struct period *p, int64_t end_ns)
{
	size_t count = 0;
	int64_t *times = mem_zalloc(r->count + 1, sizeof(*times)), middle_ns = TIME_NONE;
	bool sorted = true; /* they stand as they begin, but where an id was used again */
	for (size_t i = 0; i < r->count; i++) {
		if (r->requests[i].base || r->requests[i].time_ns >= end_ns ||
			period_side(p, r->requests[i].time_ns) != SIDE_BASE)
			continue;
		times[count++] = r->requests[i].time_ns;
		sorted = sorted && (count < 2 || times[count - 2] <= times[count - 1]);
	}
	if (!sorted)
		sort_times(times, count);
	if (count >= 8)
		middle_ns = times[count / 2];
	free(times);
	return middle_ns;
}

/*
 * What the two halves of the baseline show against each other is no sign of trouble: a service that
 * drifts when all is well has to drift more. In steps and delays alone; of problem lines the
 * baseline's rate says it.
 */
void incident_drift(const struct scene *s, const struct requests *r, const struct period *p,
	double (*drift)[PART_COUNT])
{
	int64_t end_ns = end_of_halves(r, p), middle_ns = middle_of_base(r, p, end_ns);
	if (middle_ns == TIME_NONE)
		return;
	struct stretch *items = mem_zalloc(p->count + 1, sizeof(*items));
	struct period halves = { .items = items, .precision_ns = p->precision_ns };
	for (size_t i = 0; i < p->count; i++) {
		struct stretch in = p->items[i];
		if (in.side != SIDE_BASE || in.from_ns >= end_ns)
			continue;
		if (in.from_ns < middle_ns)
			items[halves.count++] = (struct stretch){ in.from_ns,
				i64_min(in.to_ns, middle_ns), SIDE_BASE };
		if (in.to_ns > middle_ns)
			items[halves.count++] = (struct stretch){ i64_max(in.from_ns, middle_ns),
				in.to_ns, SIDE_INCIDENT };
	}
	for (size_t i = 0; i < halves.count; i++)
		halves.seconds[items[i].side] +=
			scene_observed(s, items[i].from_ns, items[i].to_ns);
	struct trial null;
	trial_run(&null, s, r, &halves,
		(struct trial_options){ .steps_only = true, .unlinked = true });
	for (size_t i = 0; i < s->service_count; i++) {
		for (int part = PART_FLOW; part <= PART_SLOW; part++)
			drift[i][part] = null.parts[i][part];
	}
	trial_release(&null);
	free(items);
}

/* The one period that was asked for. Does anything in it stand out? */
static bool run_alone(
	const struct scene *s, const struct requests *r, const struct period *p, struct trial *t)
{
	trial_run(t, s, r, p, (struct trial_options){ .told = false });
	double(*drift)[PART_COUNT] = arena_alloc(&t->arena, s->service_count, sizeof(*drift));
	incident_drift(s, r, p, drift);
	bool stands_out = incident_stands_out(s, t->shown, drift, 1);
	trial_cap(t, drift);
	return stands_out;
}

/* With a baseline of its own, all that was scanned is the incident. */
static void use_all(
	const struct scene *s, const struct requests *r, struct judgement *j, struct trial *t)
{
	struct incident *in = &j->incident;
	struct stretch span = { s->from_ns, s->to_ns, SIDE_INCIDENT };
	struct period p;
	incident_cut(s, &j->arena, &span, 1, &p);
	in->seconds = p.seconds[SIDE_INCIDENT];
	in->baseline_seconds = p.seconds[SIDE_BASE];
	in->spans = arena_alloc(&j->arena, 1, sizeof(*in->spans));
	if (!run_alone(s, r, &p, t)) {
		in->how = STR("nothing stands out against the baseline's own path");
		return;
	}
	in->how = STR("all that was scanned, against the baseline's own path");
	in->spans[in->span_count++] =
		(struct span){ s->from_ns, incident_end(s, s->to_ns), in->how };
}

void incident_find(const struct scene *s, const struct requests *r, const struct frame *frame,
	struct judgement *j, struct trial *t)
{
	*t = (struct trial){ 0 };
	j->incident.how = STR("nothing stands out");
	if (s->settings->incident_from_ns != TIME_NONE)
		incident_search_given(s, r, frame, j, t);
	else if (s->to_ns <= s->from_ns)
		j->incident.how = STR("no line is dated");
	else if (s->baseline != NULL)
		use_all(s, r, j, t);
	else
		incident_search(s, r, frame, j, t);
}
