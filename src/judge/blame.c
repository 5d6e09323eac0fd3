/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"
#include "lineup/sort.h"
#include "src/judge/bayes.h"
#include "src/judge/blame_parts.h"

/*
 * Who failed first within the failing requests. In each request of the incident the deviations are
 * laid out in time. An error is explained there when another service deviated before it; a lost
 * step when another service deviated between the last line that came and the next one, that is,
 * while it waited; where no next one came, when one that it called did (any_inner_behind). A
 * stopped call is explained by no other service, since the line that is missing would have been the
 * first of its own, unless the caller failed by itself before the call was due.
 *
 * Where the service itself reports an error in the place of the line that is missing, both are one
 * event, and the error says more of it: whose trouble it is. Then the error counts and the gap does
 * not.
 *
 * What is explained in most requests keeps little of its points: y = x * (own + 1/2) / (all + 1/2).
 * The same pairs are the links of the report (blame_links.c), with the number of requests and the
 * median time between.
 */
static int by_at(const void *a, const void *b)
{
	const struct cause *x = a, *y = b;
	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	return x->service < y->service ? -1 : x->service > y->service;
}

static void find_first_gone(struct blaming *b)
{
	b->first_gone_ns[0] = b->first_gone_ns[1] = INT64_MAX;
	b->first_service = NO_INDEX;
	for (size_t i = 0; i < b->cause_count; i++) {
		const struct cause *c = &b->causes[i];
		if (c->gone_ns < b->first_gone_ns[0]) {
			if (c->service != b->first_service)
				b->first_gone_ns[1] = b->first_gone_ns[0];
			b->first_gone_ns[0] = c->gone_ns;
			b->first_service = c->service;
		} else if (c->service != b->first_service) {
			b->first_gone_ns[1] = i64_min(b->first_gone_ns[1], c->gone_ns);
		}
	}
}

/* Which entries are said of another, or by the same service after that. */
static void find_complaints(struct blaming *b)
{
	const struct entry *entries = b->layout.entries;
	for (size_t i = 0; i < b->layout.count; i++) {
		const struct finding *f = finding_of(b, &entries[i]);
		const struct scene_subject *s = &b->t->scene->subjects[f->d.subject];
		b->complains[i] = f->d.kind <= DEVIATION_MORE && (s->named != NO_INDEX || s->waits);
		b->entered_ns[i] = 0;
	}
	for (size_t i = 0; i < b->said_count; i++) {
		const struct entry *e = &entries[b->said[i]];
		for (size_t k = 0; k < b->said_count && !b->complains[b->said[i]]; k++) {
			const struct entry *first = &entries[b->said[k]];
			const struct finding *f = finding_of(b, first);
			const struct scene_subject *s = &b->t->scene->subjects[f->d.subject];
			b->complains[b->said[i]] = f->d.service == finding_of(b, e)->d.service &&
						   (s->named != NO_INDEX || s->waits) &&
						   first->from_ns <= e->from_ns;
		}
	}
}

/* Does a complaint of another service lie in the open span that explains the effect? */
static bool any_complaint_within(struct blaming *b, size_t effect, int64_t from_ns, int64_t to_ns)
{
	uint32_t service = finding_of(b, &b->layout.entries[effect])->d.service;
	for (size_t i = 0; i < b->complaint_count; i++) {
		const struct entry *c = &b->layout.entries[b->complaints[i]];
		int64_t at_ns = latest_ns(b, c);
		if (finding_of(b, c)->d.service != service && at_ns > from_ns &&
			blame_is_before(b, b->complaints[i], at_ns, effect, to_ns) &&
			!blame_is_of_waiting(b, b->complaints[i], effect))
			return true;
	}
	return false;
}

static void find_causes(struct blaming *b)
{
	b->cause_count = b->complaint_count = 0;
	find_complaints(b);
	for (size_t i = 0; i < b->layout.count; i++) {
		const struct entry *e = &b->layout.entries[i];
		const struct finding *f = finding_of(b, e);
		int64_t at_ns = latest_ns(b, e);
		bool waits = f->d.kind == DEVIATION_LOST && e->to_ns != INT64_MAX;
		b->told[i] = blame_is_told(b, i);
		if (f->d.raw <= LEAST_CAUSE || b->told[i])
			continue;
		if (b->complains[i]) {
			b->complaints[b->complaint_count++] = (uint16_t)i;
			continue;
		}
		b->causes[b->cause_count++] = (struct cause){ at_ns,
			waits ? latest_end_ns(b, e) : at_ns, f->d.service, (uint32_t)i, 0 };
	}
	sort_few(b->causes, b->cause_count, by_at);
	for (size_t i = b->cause_count; i-- > 0;) {
		bool same =
			i + 1 < b->cause_count && b->causes[i + 1].service == b->causes[i].service;
		b->causes[i].next_other = same ? b->causes[i + 1].next_other : (uint32_t)(i + 1);
	}
	find_first_gone(b);
}

/*
 * Does a service that came into the request after this one fail behind it? Of a run that nothing
 * follows nobody knows until when it waited; who had called it fails later because of it.
 */
static bool any_inner_behind(struct blaming *b, size_t effect)
{
	const struct entry *e = &b->layout.entries[effect];
	uint32_t service = finding_of(b, e)->d.service;
	for (size_t i = 0; i < b->layout.count; i++) {
		const struct entry *c = &b->layout.entries[i];
		const struct finding *f = finding_of(b, c);
		if (f->d.service != service && f->d.raw > LEAST_CAUSE &&
			latest_ns(b, c) > e->from_ns && !b->complains[i] && !b->told[i] &&
			blame_entered(b, i) >= blame_entered(b, effect))
			return true;
	}
	return false;
}

/* Does any cause of another service lie in the open span? */
static bool any_within(struct blaming *b, size_t effect, int64_t from_ns, int64_t to_ns)
{
	uint32_t service = finding_of(b, &b->layout.entries[effect])->d.service;
	size_t low = 0, high = b->cause_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (b->causes[middle].at_ns <= from_ns)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < b->cause_count && b->causes[low].service == service)
		low = b->causes[low].next_other;
	return low < b->cause_count &&
	       blame_is_before(b, b->causes[low].entry, b->causes[low].at_ns, effect, to_ns);
}

/* Did a service that was called fail in the very instant of the effect? */
static bool any_inner_at(struct blaming *b, size_t effect)
{
	int64_t at_ns = b->layout.entries[effect].from_ns;
	uint32_t service = finding_of(b, &b->layout.entries[effect])->d.service;
	for (size_t i = 0; i < b->cause_count; i++) {
		const struct cause *c = &b->causes[i];
		if (c->service != service &&
			blame_is_before(b, c->entry, c->gone_ns, effect, at_ns))
			return true;
	}
	return false;
}

static bool is_explained(struct blaming *b, size_t index)
{
	const struct entry *effect = &b->layout.entries[index];
	const struct finding *f = finding_of(b, effect);
	switch (f->d.kind) {
	case DEVIATION_NEW:
	case DEVIATION_MORE:
		return b->first_gone_ns[b->first_service == f->d.service] < effect->from_ns ||
		       any_inner_at(b, index) ||
		       any_complaint_within(b, index, INT64_MIN, effect->from_ns);
	case DEVIATION_LOST:
		return (effect->to_ns == INT64_MAX
				       ? any_inner_behind(b, index)
				       : any_within(b, index, effect->from_ns, effect->to_ns)) ||
		       any_complaint_within(b, index, effect->from_ns, effect->to_ns) ||
		       b->told[index];
	case DEVIATION_STOPPED:
		return b->told[index];
	default:
		return false;
	}
}

static void count_in(struct blaming *b, const struct entry *e, bool explained)
{
	struct finding *f = &b->t->findings[e->finding];
	f->seen++;
	f->own += !explained;
	if (f->d.first_ns == TIME_NONE || e->from_ns < f->d.first_ns)
		f->d.first_ns = e->from_ns;
}

/* Do all deviations of the request lie in one service? */
static bool is_alone(const struct blaming *b)
{
	const struct entry *entries = b->layout.entries;
	for (size_t i = 1; i < b->layout.count; i++) {
		if (finding_of(b, &entries[i])->d.service != finding_of(b, entries)->d.service)
			return false;
	}
	return true;
}

/* Most requests that deviate do so in one service: it alone can tell what happened there, and
 * nothing is linked. */
static void settle_alone(struct blaming *b)
{
	blame_find_said(b);
	memset(b->entered_ns, 0, b->layout.count * sizeof(*b->entered_ns));
	for (size_t i = 0; i < b->layout.count; i++) {
		const struct entry *e = &b->layout.entries[i];
		if (finding_of(b, e)->d.kind != DEVIATION_SLOW)
			count_in(b, e, blame_is_told(b, i));
	}
}

static void settle(struct blaming *b, uint32_t index)
{
	b->request = &b->t->requests->requests[index];
	if (is_alone(b)) {
		settle_alone(b);
		return;
	}
	blame_find_said(b);
	find_causes(b);
	for (size_t i = 0; i < b->layout.count; i++) {
		const struct entry *e = &b->layout.entries[i];
		if (finding_of(b, e)->d.kind != DEVIATION_SLOW)
			count_in(b, e, is_explained(b, i));
	}
	if (!b->t->unlinked && (index & ((1U << b->sampling) - 1)) == 0)
		blame_link(b, index);
}

/*
 * In how many of the requests that lack a step nobody misses it: a branch that is taken one time in
 * three is not taken in two of three when all is well. They are explained by nothing and need no
 * explanation, so that only those beyond them are asked whose they are.
 */
static double missing_anyway(const struct finding *f)
{
	const struct deviation *d = &f->d;
	if ((d->kind != DEVIATION_LOST && d->kind != DEVIATION_STOPPED) || d->base_of == 0 ||
		d->of <= d->count)
		return 0;
	double usual = 1 - (double)d->base_count / (double)d->base_of;
	double share = usual * (double)d->of / (double)(d->of - d->count);
	return fmin(1, share) * (double)f->seen;
}

/* What was seen in no request is its service's own, as far as anyone can tell. */
static void weigh_own(struct trial *t)
{
	for (size_t i = 0; i < t->count; i++) {
		struct finding *f = &t->findings[i];
		if (f->ordinary || f->d.kind == DEVIATION_SLOW)
			continue;
		bool problem = f->d.kind <= DEVIATION_MORE;
		if (f->seen == 0 && problem)
			f->seen = f->own = f->d.count;
		double anyway = missing_anyway(f);
		double own = fmax(0, (double)f->own - anyway) + 0.5;
		own = f->seen == 0 ? 0 : own / ((double)f->seen - anyway + 0.5);
		f->weight = trial_tempered(f->d.raw) * own;
		f->d.points = soft_cap(f->weight, PART_CAP);
	}
}

void trial_blame(struct trial *t)
{
	const struct requests *r = t->requests;
	struct blaming *b = mem_zalloc(1, sizeof(*b));
	b->t = t;
	layout_init(&b->layout, t);
	for (uint32_t i = 0; i < r->count; i++) {
		if (!layout_fill(&b->layout, &r->requests[i]))
			continue;
		if (!b->layout.crowded)
			settle(b, i);
		t->crowded_requests += b->layout.crowded;
	}
	blame_sum_links(b);
	weigh_own(t);
	t->blame_sampling = b->sampling;
	free(b->links);
	free(b);
}
