/* SPDX-License-Identifier: MIT */
#include "src/judge/blame_parts.h"

#include <math.h>

/* ---- what is looked for ---- */

/* Those of `count` things whose finding is known, by the subject that they begin with. */
static void find_deviating(struct deviating *d, struct trial *t, const struct pair *things,
	size_t count, const uint32_t *finding_of)
{
	size_t subjects = t->scene->subject_count, n = 0;
	d->first = arena_alloc(&t->arena, subjects + 1, sizeof(*d->first));
	for (size_t i = 0; i < count; i++) {
		d->first[things[i].a + 1] += finding_of[i] != NO_INDEX;
		n += finding_of[i] != NO_INDEX;
	}
	for (size_t i = 0; i < subjects; i++)
		d->first[i + 1] += d->first[i];
	d->items = arena_alloc(&t->arena, n, sizeof(*d->items));
	/* things are in order of the subject that they begin with */
	for (uint32_t i = 0, at = 0; i < count; i++) {
		if (finding_of[i] != NO_INDEX)
			d->items[at++] = i;
	}
}

static uint64_t bits_of(const struct deviating *d, size_t subject_count)
{
	uint64_t bits = 0;
	for (uint32_t i = 0; i < subject_count; i++)
		bits |= d->first[i] < d->first[i + 1] ? request_bit(i) : 0;
	return bits;
}

/* Edges within a service come first; the others are found by a bit of their first subject. */
static void find_slow(struct layout *l, struct trial *t)
{
	const struct requests *r = t->requests;
	size_t subjects = t->scene->subject_count;
	struct deviating *d = &l->slow_after;
	uint32_t within = 0, at = 0;
	d->first = arena_alloc(&t->arena, subjects + 1, sizeof(*d->first));
	for (uint32_t i = 0; i < r->edge_count; i++) {
		bool slow = t->of_edge[i] != NO_INDEX;
		l->slow |= slow ? request_bit(r->edges[i].a) : 0;
		if (r->edges[i].kind != EDGE_WITHIN)
			continue;
		l->slow_within |= slow ? request_bit(r->edges[i].a) : 0;
		d->first[r->edges[i].a + 1] += slow;
		within += slow;
	}
	for (size_t i = 0; i < subjects; i++)
		d->first[i + 1] += d->first[i];
	d->items = arena_alloc(&t->arena, within, sizeof(*d->items));
	for (uint32_t i = 0; i < r->edge_count && at < within; i++) {
		if (r->edges[i].kind == EDGE_WITHIN && t->of_edge[i] != NO_INDEX)
			d->items[at++] = i;
	}
}

void layout_init(struct layout *l, struct trial *t)
{
	const struct requests *r = t->requests;
	size_t subjects = t->scene->subject_count;
	*l = (struct layout){ .t = t };
	l->place = arena_alloc(&t->arena, t->count, sizeof(*l->place));
	for (uint32_t i = 0; i < subjects; i++) {
		uint32_t rule = t->scene->subjects[i].rule_subject;
		if (t->of_subject[i] != NO_INDEX ||
			(rule != NO_INDEX && t->of_subject[rule] != NO_INDEX))
			l->problems |= request_bit(i);
	}
	find_deviating(&l->lost_after, t, r->pairs, r->pair_count, t->of_pair);
	find_deviating(&l->stopped_after, t, r->calls, r->call_count, t->of_call);
	find_slow(l, t);
	l->lost = bits_of(&l->lost_after, subjects);
	l->stopped = bits_of(&l->stopped_after, subjects);
}

/* ---- one request ---- */

/* Requests come as they begin, and what is in one is near. */
static bool in_incident(struct layout *l, const struct request *q, int64_t time_ns)
{
	return l->inside ||
	       (!q->base && period_side_near(&l->t->period, time_ns, &l->near) == SIDE_INCIDENT);
}

/* Does all of it lie in one stretch that is none of the incident? Or all of it in one that is? */
static bool is_beside(struct layout *l, const struct request *q)
{
	l->inside = false;
	if (q->base || l->t->period.count == 0)
		return true;
	bool in = period_side_near(&l->t->period, q->time_ns, &l->near) == SIDE_INCIDENT;
	const struct stretch *s = &l->t->period.items[l->near];
	bool whole = q->time_ns >= s->from_ns && q->last_ns < s->to_ns;
	l->inside = in && whole;
	return !in && whole;
}

/* One entry a deviation and request: the first. */
static void add_entry(struct layout *l, uint32_t finding, int64_t from_ns, int64_t to_ns)
{
	if (l->place[finding] > 0) {
		struct entry *known = &l->entries[l->place[finding] - 1];
		if (from_ns < known->from_ns)
			*known = (struct entry){ from_ns, to_ns, finding };
		return;
	}
	if (l->count == ENTRIES_MAX) {
		l->crowded = true;
		return;
	}
	l->entries[l->count++] = (struct entry){ from_ns, to_ns, finding };
	l->place[finding] = (uint32_t)l->count;
}

static void lay_problems(struct layout *l, const struct request *q)
{
	const struct trial *t = l->t;
	const struct requests *r = t->requests;
	for (uint32_t i = 0; i < q->node_count; i++) {
		const struct node *node = &r->nodes[q->first_node + i];
		uint32_t rule = t->scene->subjects[node->subject].rule_subject;
		bool own = t->of_subject[node->subject] != NO_INDEX;
		if ((!own && rule == NO_INDEX) || !in_incident(l, q, node->time_ns))
			continue;
		if (own)
			add_entry(l, t->of_subject[node->subject], node->time_ns, node->time_ns);
		if (rule != NO_INDEX && t->of_subject[rule] != NO_INDEX)
			add_entry(l, t->of_subject[rule], node->time_ns, node->time_ns);
	}
}

static bool holds(const uint32_t *sorted, uint32_t count, uint32_t wanted)
{
	uint32_t low = 0, high = count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (sorted[middle] < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && sorted[low] == wanted;
}

/*
 * The place behind the line `a` at which the run left its way: the first whose next line never
 * comes there outside the incident, since a call that is tried again is lost anew each time, and
 * what is said of the first loss stands before the second; else the last line `a`.
 */
static uint32_t where_lost(const struct trial *t, const struct run *run, uint32_t a)
{
	const struct requests *r = t->requests;
	const uint32_t *subjects = r->subject_order + run->first;
	uint32_t last = 0;
	for (uint32_t at = 1; at <= run->count; at++) {
		if (subjects[at - 1] != a)
			continue;
		last = at;
		if (at == run->count)
			break;
		uint32_t pair = requests_pair(r, a, subjects[at]);
		if (pair == NO_INDEX || t->with_pair[pair][SIDE_BASE] == 0)
			break;
	}
	return last;
}

/* A step of the run is lost: from the line `a` to whatever came next. */
static void lay_lost_of(struct layout *l, const struct run *run, uint32_t a)
{
	const struct trial *t = l->t;
	const struct requests *r = t->requests;
	const struct deviating *d = &l->lost_after;
	for (uint32_t i = d->first[a]; i < d->first[a + 1] && !l->crowded; i++) {
		uint32_t pair = d->items[i];
		if (holds(r->steps + run->first_step, run->step_count, pair))
			continue;
		uint32_t at = where_lost(t, run, a);
		int64_t from_ns = r->time_order[run->first + at - 1];
		/* that it begins anew is another try: this one went no further */
		bool ends = at == run->count ||
			    r->subject_order[run->first + at] == r->subject_order[run->first];
		int64_t to_ns = ends ? INT64_MAX : r->time_order[run->first + at];
		add_entry(l, t->of_pair[pair], from_ns, to_ns);
	}
}

static void lay_lost(struct layout *l, const struct request *q)
{
	const struct trial *t = l->t;
	const struct deviating *d = &l->lost_after;
	const struct requests *r = t->requests;
	for (uint32_t i = q->first_run; i < q->first_run + q->run_count; i++) {
		const struct run *run = &r->runs[i];
		uint32_t last = NO_INDEX;
		if (!in_incident(l, q, run->time_ns))
			continue;
		for (uint32_t k = 0; k < run->step_count; k++) {
			const struct pair *step = &r->pairs[r->steps[run->first_step + k]];
			uint32_t a = step->a;
			if (a != last && d->first[a] < d->first[a + 1] &&
				!(run->open && step->b == PAIR_END))
				lay_lost_of(l, run, a);
			last = a;
		}
	}
}

/* Both the calls that stopped and those of the request are ascending: one walk. */
static void lay_stopped_of(struct layout *l, const struct request *q, const struct node *node)
{
	const struct deviating *d = &l->stopped_after;
	const uint32_t *called = l->t->requests->called + q->first_call;
	uint32_t from = d->first[node->subject], end = d->first[node->subject + 1], at = 0;
	if (end - from > ENTRIES_MAX + q->call_count)
		l->crowded = true;
	for (uint32_t i = from; i < end && !l->crowded; i++) {
		while (at < q->call_count && called[at] < d->items[i])
			at++;
		if (at == q->call_count || called[at] != d->items[i])
			add_entry(l, l->t->of_call[d->items[i]], node->time_ns, node->time_ns);
	}
}

static void lay_stopped(struct layout *l, const struct request *q)
{
	for (uint32_t i = 0; i < q->node_count; i++)
		lay_stopped_of(l, q, &l->t->requests->nodes[q->first_node + i]);
}

/* A slow step deviates from the moment on at which it is later than normal. */
static void lay_late(struct layout *l, uint32_t edge, int64_t from_ns, int64_t to_ns)
{
	int64_t late_ns = from_ns + (int64_t)(l->t->late_seconds[edge] * 1e9);
	if (to_ns > late_ns)
		add_entry(l, l->t->of_edge[edge], late_ns, to_ns);
}

static void lay_slow(struct layout *l, const struct request *q)
{
	const struct requests *r = l->t->requests;
	const struct deviating *d = &l->slow_after;
	for (uint32_t i = 0; i < q->gap_count; i++) {
		const struct gap *g = &r->gaps[q->first_gap + i];
		if (l->t->of_edge[g->edge] != NO_INDEX && r->edges[g->edge].kind != EDGE_WITHIN)
			lay_late(l, g->edge,
				g->time_ns - (int64_t)(exp((double)g->ln_seconds) * 1e9),
				g->time_ns);
	}
	/* within a service its own next line ends the step, whoever spoke in between (callers that
	 * gave up waiting do) and whatever it says: by then the usual one should have come */
	bool any = (q->subjects & l->slow_within) != 0;
	for (uint32_t i = q->first_run; any && i < q->first_run + q->run_count; i++) {
		const int64_t *times = r->time_order + r->runs[i].first;
		const uint32_t *subjects = r->subject_order + r->runs[i].first;
		for (uint32_t k = 1; k < r->runs[i].count; k++) {
			uint32_t x = subjects[k - 1];
			for (uint32_t e = d->first[x]; e < d->first[x + 1]; e++)
				lay_late(l, d->items[e], times[k - 1], times[k]);
		}
	}
}

bool layout_fill(struct layout *l, const struct request *q)
{
	uint64_t at_start = q->subjects & (l->stopped | l->slow);
	for (size_t i = 0; i < l->count; i++)
		l->place[l->entries[i].finding] = 0;
	l->count = 0;
	l->crowded = false;
	if (((q->subjects & (l->problems | l->lost)) == 0 && at_start == 0) || is_beside(l, q))
		return false;
	if (q->subjects & l->problems)
		lay_problems(l, q);
	if (q->subjects & l->lost)
		lay_lost(l, q);
	bool in = at_start != 0 && in_incident(l, q, q->time_ns);
	if (in && (at_start & l->stopped))
		lay_stopped(l, q);
	/* slow steps explain others and need no explanation: alone they say nothing of each other
	 */
	if (in && l->count > 0 && (at_start & l->slow))
		lay_slow(l, q);
	return l->count > 0;
}
