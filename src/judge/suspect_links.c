/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/subject_class.h"
#include "src/judge/suspect_parts.h"

#define LINKS_MAX 32
#define ALSO_MAX  6

/* ---- links ---- */

/* Only what most of the requests, or nearly all of the episodes, show is claimed at all. */
static bool is_claimed(const struct blame *b)
{
	return b->episodes > 0 || (b->requests > 0 && b->requests * 2 > b->of);
}

static void add_link(struct verdict *v, struct suspect *cause, size_t effect, const struct blame *b)
{
	if (cause->led_to == NULL)
		cause->led_to = arena_alloc(&v->arena, LINKS_MAX, sizeof(*cause->led_to));
	size_t at = 0;
	while (at < cause->led_to_count && cause->led_to[at].suspect != effect)
		at++;
	if (at == LINKS_MAX)
		return;
	struct link *l = &cause->led_to[at];
	if (at == cause->led_to_count) {
		cause->led_to_count++;
		*l = (struct link){ .suspect = effect };
	}
	if (b->requests > l->requests || (b->episodes > 0 && l->requests == 0))
		*l = (struct link){ effect, b->requests, b->of, l->episodes, l->episodes_of,
			b->lag_seconds };
	if (b->episodes > l->episodes) {
		l->episodes = b->episodes;
		l->episodes_of = b->episodes_of;
	}
}

/* Requests tell more than episodes: each of them is the same piece of work on both sides. Of equal
 * ones the cause that is nearer. */
static bool tells_more(const struct blame *a, const struct blame *b)
{
	bool by_episodes = a->episodes > 0;
	if (b == NULL || by_episodes != (b->episodes > 0))
		return b == NULL || !by_episodes;
	if (by_episodes)
		return a->episodes > b->episodes;
	return a->requests != b->requests ? a->requests > b->requests
					  : a->lag_seconds < b->lag_seconds;
}

static bool comes_from(const struct suspect *all, size_t count, size_t suspect, size_t cause)
{
	for (size_t step = 0; step <= count && suspect != SIZE_MAX; step++) {
		if (suspect == cause)
			return true;
		suspect = all[suspect].caused_by;
	}
	return false;
}

struct offered {
	const struct blame *blame;
	size_t cause;
	size_t effect;
};

static int by_effect_then_strength(const void *a, const void *b)
{
	const struct offered *x = a, *y = b;
	if (x->effect != y->effect)
		return x->effect < y->effect ? -1 : 1;
	if (tells_more(x->blame, y->blame) != tells_more(y->blame, x->blame))
		return tells_more(x->blame, y->blame) ? -1 : 1;
	return x->cause < y->cause ? -1 : x->cause > y->cause;
}

/* In how many requests it came the other way round; the offers are sorted by their effect. */
static uint64_t requests_reversed(
	const struct offered *offers, size_t count, const size_t *first, const struct offered *o)
{
	uint64_t most = 0;
	for (size_t i = first[o->cause]; i < count && offers[i].effect == o->cause; i++) {
		if (offers[i].cause == o->effect && offers[i].blame->episodes == 0)
			most = offers[i].blame->requests > most ? offers[i].blame->requests : most;
	}
	return most;
}

/*
 * Two that come now in this order and now in that tell nothing of each other: what is left must be
 * more than two standard deviations of as many tosses of a coin.
 */
static bool is_ordered(uint64_t forth, uint64_t back)
{
	double more = (double)forth - (double)back;
	return back == 0 || more > 2 * sqrt((double)forth + (double)back);
}

void suspects_link(const struct wording *w, const struct drafts *drafts, struct suspect *all)
{
	const struct judgement *j = w->judgement;
	struct offered *offers = mem_zalloc(j->blame_count + 1, sizeof(*offers));
	size_t count = 0;
	for (size_t i = 0; i < j->blame_count; i++) {
		const struct blame *b = &j->blames[i];
		size_t cause = drafts->of_deviation[b->cause];
		size_t effect = drafts->of_deviation[b->effect];
		if (cause != effect)
			offers[count++] = (struct offered){ b, cause, effect };
	}
	qsort(offers, count, sizeof(*offers), by_effect_then_strength);
	bool *follows = mem_zalloc(drafts->count + 1, sizeof(*follows));
	size_t *first = mem_zalloc(drafts->count + 1, sizeof(*first));
	for (size_t i = count; i-- > 0;) {
		follows[offers[i].effect] |= offers[i].blame->episodes > 0;
		first[offers[i].effect] = i;
	}
	for (size_t i = 0; i < count; i++) {
		const struct offered *o = &offers[i];
		/* of what follows a first mover each time, the nearer cause must, too */
		if (o->blame->episodes == 0 && follows[o->effect] && !follows[o->cause])
			continue;
		if (!is_claimed(o->blame))
			continue;
		if (o->blame->episodes == 0 &&
			!is_ordered(o->blame->requests, requests_reversed(offers, count, first, o)))
			continue;
		if (comes_from(all, drafts->count, o->cause, o->effect))
			continue; /* the other way round is told as well, and by more */
		add_link(w->verdict, &all[o->cause], o->effect, o->blame);
		if (all[o->effect].caused_by == SIZE_MAX)
			all[o->effect].caused_by = o->cause;
	}
	free(first);
	free(follows);
	free(offers);
}

/*
 * Whatever makes a consequence suspect makes what led to it suspect: it would not be there without.
 * So a cause is worth at least as much as the strongest thing that follows from it, and a hundredth
 * more, so that it stands before it.
 */
#define BEFORE_POINTS 0.01

static void take_over(const struct wording *w, struct suspect *cause, const struct suspect *effect)
{
	double points = effect->score - cause->score + BEFORE_POINTS;
	struct str detail = arena_printf(&w->verdict->arena, "leads to \"%.*s\" of %.*s",
		STR_ARG(effect->title), STR_ARG(effect->service));
	for (size_t i = 0; i < cause->reason_count; i++) {
		struct reason *r = &cause->reasons[i];
		if (!str_equal(r->what, STR("leads")))
			continue;
		r->points += points;
		r->detail = detail;
		cause->score += points;
		return;
	}
	suspect_add_reason(cause, "leads", points, detail);
}

/* Nor is a cause less grave than what follows from it, whatever its own line says. */
static void inherit_severity(struct suspect *all, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t cause = all[i].caused_by;
		for (size_t steps = 0; cause != SIZE_MAX && steps < count; steps++) {
			if (all[i].severity < all[cause].severity)
				all[cause].severity = all[i].severity;
			cause = all[cause].caused_by;
		}
	}
}

void suspects_inherit(const struct wording *w, struct suspect *all, size_t count)
{
	inherit_severity(all, count);
	for (size_t pass = 0, changed = 1; changed > 0 && pass < count; pass++) {
		changed = 0;
		for (size_t i = 0; i < count; i++) {
			size_t cause = all[i].caused_by;
			if (cause == SIZE_MAX || all[i].score < all[cause].score)
				continue;
			double before = all[cause].score;
			take_over(w, &all[cause], &all[i]);
			changed += all[cause].score > before;
		}
	}
}

/* ---- one failure, several names ---- */

/* Does all that is kept of one's lines stand among the other's? */
static bool same_lines(const struct suspect *a, const struct suspect *b)
{
	if (!str_equal(a->service, b->service) || a->evidence_count == 0 ||
		b->evidence_count == 0 || a->count < b->count)
		return false;
	for (size_t i = 0; i < b->evidence_count; i++) {
		size_t k = 0;
		while (k < a->evidence_count &&
			evidence_compare(&a->evidence[k], &b->evidence[i]) != 0)
			k++;
		if (k == a->evidence_count)
			return false;
	}
	return true;
}

static bool is_part_of_trace(const struct suspect *s)
{
	return s->subject->kind == SUBJECT_TEMPLATE && s->evidence_count > 0 &&
	       s->evidence[0].time_ns != TIME_NONE &&
	       subject_is_part_of_trace(s->subject->template_text);
}

bool suspect_is_told_by_another(const struct suspect *s, const struct suspect *all, size_t count)
{
	if (!is_part_of_trace(s))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct suspect *other = &all[i];
		if (other->score <= 0 || other->evidence_count == 0 ||
			!str_equal(s->service, other->service))
			continue;
		int64_t a_ns = s->evidence[0].time_ns, b_ns = other->evidence[0].time_ns;
		if (b_ns != TIME_NONE && i64_max(a_ns, b_ns) - i64_min(a_ns, b_ns) <= NS_PER_S &&
			!is_part_of_trace(other))
			return true;
	}
	return false;
}

static void add_also(const struct wording *w, struct suspect *s, struct str id)
{
	if (s->also == NULL)
		s->also = arena_alloc(&w->verdict->arena, ALSO_MAX, sizeof(*s->also));
	if (s->also_count < ALSO_MAX)
		s->also[s->also_count++] = id;
}

void suspect_name_guests(const struct wording *w, struct suspect *s)
{
	const struct findings *f = w->findings;
	if (s->subject->kind == SUBJECT_TEMPLATE && s->subject->rule != UINT32_MAX)
		add_also(w, s, f->rules->rules[s->subject->rule].id);
	for (size_t i = 0; i < f->subject_count && f->subjects[i].kind == SUBJECT_RULE; i++) {
		const struct subject *guest = &f->subjects[i];
		if (guest->guest && guest->service == s->subject->service &&
			s->evidence_count == guest->evidence_count &&
			evidence_compare(&s->evidence[0], &guest->evidence[0]) == 0)
			add_also(w, s, f->rules->rules[guest->rule].id);
	}
}

size_t suspect_folds_into_one(
	const struct wording *w, struct suspect *kept, size_t count, const struct suspect *s)
{
	for (size_t i = 0; i < count; i++) {
		if (!same_lines(&kept[i], s))
			continue;
		add_also(w, &kept[i], s->id);
		return i;
	}
	return SIZE_MAX;
}
