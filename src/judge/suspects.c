/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/bayes.h"
#include "src/judge/suspect_parts.h"

/* ---- drafts ---- */

/* The rule's subject in this service that knows the template's lines; the template itself if none. */
static uint32_t shown_subject(const struct findings *f, uint32_t subject)
{
	const struct subject *s = &f->subjects[subject];
	if (s->kind == SUBJECT_RULE || s->rule == UINT32_MAX)
		return subject;
	for (uint32_t i = 0; i < f->subject_count && f->subjects[i].kind == SUBJECT_RULE; i++) {
		if (f->subjects[i].rule == s->rule && f->subjects[i].service == s->service)
			return i;
	}
	return subject;
}

/* Its index, or the count. */
static size_t find_draft(const struct drafts *d, uint32_t subject, uint32_t service)
{
	size_t at = 0;
	while (at < d->count &&
		(d->items[at].subject != subject || d->items[at].service != service))
		at++;
	return at;
}

/*
 * What is said of a service stands with what it shows itself, the strongest of it, as one reason
 * more; alone, by the line that says it, where it shows nothing.
 */
static uint32_t subject_of(const struct wording *w, const struct deviation *d)
{
	const struct judgement *j = w->judgement;
	for (size_t i = 0; i < j->deviation_count && d->kind == DEVIATION_NAMED; i++) {
		if (j->deviations[i].service == d->service &&
			j->deviations[i].kind != DEVIATION_NAMED)
			return shown_subject(w->findings, j->deviations[i].subject);
	}
	return shown_subject(w->findings, d->subject);
}

static void collect_drafts(const struct wording *w, struct drafts *d)
{
	const struct judgement *j = w->judgement;
	d->of_deviation = mem_zalloc(j->deviation_count, sizeof(*d->of_deviation));
	for (size_t i = 0; i < j->deviation_count; i++) {
		uint32_t subject = subject_of(w, &j->deviations[i]);
		uint32_t service = j->deviations[i].service;
		size_t at = find_draft(d, subject, service);
		if (at == d->count) {
			mem_grow(&d->items, d->count, &d->capacity);
			d->items[d->count++] =
				(struct draft){ .subject = subject, .service = service };
		}
		struct draft *draft = &d->items[at];
		mem_grow(&draft->deviations, draft->deviation_count, &draft->deviation_capacity);
		draft->deviations[draft->deviation_count++] = i;
		d->of_deviation[i] = (uint32_t)at;
	}
}

/* Drafts without any deviation, of subjects that have none yet. */
static void add_all_day(const struct wording *w, struct drafts *d)
{
	uint32_t subjects[ALL_DAY_MAX];
	size_t count = suspects_all_day(w, subjects);
	for (size_t i = 0; i < count; i++) {
		uint32_t service = w->findings->subjects[subjects[i]].service;
		if (find_draft(d, subjects[i], service) < d->count)
			continue;
		mem_grow(&d->items, d->count, &d->capacity);
		d->items[d->count++] = (struct draft){ .subject = subjects[i], .service = service };
	}
}

static void drafts_release(struct drafts *d)
{
	for (size_t i = 0; i < d->count; i++)
		free(d->items[i].deviations);
	free(d->items);
	free(d->of_deviation);
}
/* ---- the row ---- */

static int by_score(const void *a, const void *b)
{
	const struct suspect *x = a, *y = b;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity < y->severity ? -1 : 1;
	int order = str_compare(x->id, y->id);
	return order != 0 ? order : str_compare(x->service, y->service);
}

/*
 * What speaks for a whole service stands with its strongest suspect: that it is early, and what its
 * other suspects show. So the row begins with the service that the list of services begins with; a
 * culprit that is seen in several ways is not passed by one that is loud in a single one.
 */
#define LEAST_REST 0.05

static void add_service_reasons(
	const struct wording *w, struct suspect *all, const struct drafts *drafts)
{
	for (size_t i = 0; i < w->judgement->service_count; i++) {
		const struct service_case *c = &w->judgement->services[i];
		size_t first = SIZE_MAX;
		for (size_t k = 0; k < drafts->count; k++) {
			if (drafts->items[k].service != c->service)
				continue;
			if (first == SIZE_MAX || all[k].score > all[first].score)
				first = k;
		}
		if (first == SIZE_MAX || drafts->items[first].deviation_count == 0)
			continue;
		suspect_add_order(w, &all[first], c->service);
		double rest = c->score - all[first].score;
		if (rest >= LEAST_REST)
			suspect_add_reason(&all[first], "service", rest,
				arena_printf(&w->verdict->arena,
					"%.*s deviates in other ways as well",
					STR_ARG(all[first].service)));
	}
}

/* ---- who is shown ---- */

/* Consequences of one service that are shown before those that are causes of nothing. */
#define CONSEQUENCES_OF_SERVICE 2

/* As a part of a score. */
#define CLAIM_CAP 10.0

/* What comes at all hours and explains none of them is said rather than the weaker suspects: it is
 * what everybody will point at. */
#define ALL_DAY_CLAIM 9.0

struct place {
	size_t index; /* in all */
	double claim;
	bool consequence;
};

static int by_claim(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	if (x->claim != y->claim)
		return x->claim > y->claim ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/*
 * A consequence has few points of its own, since others explain it, but the story is not told
 * without it: when not all can be shown it stands for what it would be worth unexplained, short of
 * what stands for itself alone.
 */
static double claim_of(const struct wording *w, const struct draft *draft, const struct suspect *s)
{
	double raw = draft->deviation_count == 0 ? ALL_DAY_CLAIM : 0;
	for (size_t i = 0; i < draft->deviation_count; i++) {
		const struct deviation *d = &w->judgement->deviations[draft->deviations[i]];
		/* a step that is missed behind a failure is the failure seen once more */
		if (d->kind != DEVIATION_LOST && d->kind != DEVIATION_STOPPED && d->raw > raw)
			raw = d->raw;
	}
	return fmax(s->score, soft_cap(raw, CLAIM_CAP));
}

/* Nothing is shown without its cause: it claims no more than that does. */
static double claim_under(const struct wording *w, const struct drafts *drafts,
	const struct suspect *all, size_t index)
{
	double claim = INFINITY;
	for (size_t i = index; i != SIZE_MAX; i = all[i].caused_by)
		claim = fmin(
			claim, all[i].caused_by == SIZE_MAX && drafts->items[i].deviation_count > 0
				       ? all[i].score
				       : claim_of(w, &drafts->items[i], &all[i]));
	return claim;
}

/* All, those with the best claims first. */
static struct place *place_all(
	const struct wording *w, const struct drafts *drafts, const struct suspect *all)
{
	struct place *places = mem_zalloc(drafts->count + 1, sizeof(*places));
	for (size_t i = 0; i < drafts->count; i++)
		places[i] = (struct place){ i, claim_under(w, drafts, all, i),
			all[i].caused_by != SIZE_MAX };
	qsort(places, drafts->count, sizeof(*places), by_claim);
	for (size_t i = 0; i < drafts->count; i++) {
		size_t before = 0;
		for (size_t k = 0; k < i; k++)
			before += places[k].consequence && str_equal(all[places[k].index].service,
								   all[places[i].index].service);
		if (places[i].consequence && before >= CONSEQUENCES_OF_SERVICE)
			places[i].claim = fmin(places[i].claim, all[places[i].index].score);
	}
	qsort(places, drafts->count, sizeof(*places), by_claim);
	return places;
}

struct row {
	struct suspect *kept;
	size_t *draft_of; /* of each of kept */
	size_t count;
	size_t *now; /* of each draft: its index in kept, its namesake's; SIZE_MAX */
};

static void choose_kept(const struct wording *w, const struct drafts *drafts,
	const struct suspect *all, struct row *row)
{
	struct place *places = place_all(w, drafts, all);
	row->kept = mem_zalloc(drafts->count + 1, sizeof(*row->kept));
	row->now = mem_zalloc(drafts->count + 1, sizeof(*row->now));
	row->draft_of = mem_zalloc(drafts->count + 1, sizeof(*row->draft_of));
	for (size_t i = 0; i < drafts->count; i++) {
		const struct suspect *s = &all[places[i].index];
		size_t *now = &row->now[places[i].index];
		*now = SIZE_MAX;
		if (s->severity > w->settings->least || s->score <= 0 ||
			suspect_is_told_by_another(s, all, drafts->count))
			continue;
		*now = suspect_folds_into_one(w, row->kept, row->count, s);
		if (*now == SIZE_MAX && (w->settings->top == 0 || row->count < w->settings->top)) {
			*now = row->count;
			row->draft_of[row->count] = places[i].index;
			row->kept[row->count++] = *s;
		}
	}
	free(places);
}

/* From the numbers of drafts to those of the row; what leads out of it is left off. */
static void renumber_links(struct suspect *s, const size_t *now)
{
	size_t count = 0;
	for (size_t i = 0; i < s->led_to_count; i++) {
		size_t effect = now[s->led_to[i].suspect];
		if (effect == SIZE_MAX || effect == s->rank - 1)
			continue;
		s->led_to[count] = s->led_to[i];
		s->led_to[count++].suspect = effect;
	}
	s->led_to_count = count;
	s->caused_by = s->caused_by == SIZE_MAX ? SIZE_MAX : now[s->caused_by];
}

/* The nearest cause that is shown and has a link to it. */
static size_t shown_cause(const struct suspect *all, size_t draft, const size_t *now)
{
	size_t cause = all[draft].caused_by;
	for (; cause != SIZE_MAX; cause = all[cause].caused_by) {
		bool linked = false;
		for (size_t i = 0; i < all[cause].led_to_count; i++)
			linked |= all[cause].led_to[i].suspect == draft;
		if (linked && now[cause] != SIZE_MAX && now[cause] != now[draft])
			return cause;
	}
	return SIZE_MAX;
}

/* Puts the row in order of score and makes ranks of it. */
static void put_in_order(const struct wording *w, const struct drafts *drafts,
	const struct suspect *all, struct row *row)
{
	struct verdict *v = w->verdict;
	size_t *rank_of = mem_zalloc(row->count + 1, sizeof(*rank_of));
	v->suspects = arena_alloc(&v->arena, row->count, sizeof(*v->suspects));
	v->suspect_count = row->count;
	for (size_t i = 0; i < row->count; i++) {
		row->kept[i].rank = (uint32_t)i; /* remembered over the sorting */
		row->kept[i].caused_by = shown_cause(all, row->draft_of[i], row->now);
	}
	if (row->count > 0)
		qsort(row->kept, row->count, sizeof(*row->kept), by_score);
	for (size_t i = 0; i < row->count; i++)
		rank_of[row->kept[i].rank] = i;
	for (size_t i = 0; i < drafts->count; i++)
		row->now[i] = row->now[i] == SIZE_MAX ? SIZE_MAX : rank_of[row->now[i]];
	for (size_t i = 0; i < row->count; i++) {
		struct suspect *s = &v->suspects[i];
		*s = row->kept[i];
		s->rank = (uint32_t)i + 1;
		renumber_links(s, row->now);
	}
	free(rank_of);
}

void suspects_build(const struct wording *w)
{
	struct verdict *v = w->verdict;
	struct drafts drafts = { 0 };
	struct row row = { 0 };
	collect_drafts(w, &drafts);
	size_t deviating = drafts.count;
	add_all_day(w, &drafts);
	struct suspect *all = mem_zalloc(drafts.count + 1, sizeof(*all));
	for (size_t i = 0; i < drafts.count; i++) {
		suspect_word(w, &drafts.items[i], &all[i]);
		if (i >= deviating)
			suspect_word_all_day(w, &all[i]);
	}
	add_service_reasons(w, all, &drafts);
	suspects_link(w, &drafts, all);
	suspects_inherit(w, all, drafts.count);
	choose_kept(w, &drafts, all, &row);
	put_in_order(w, &drafts, all, &row);
	for (size_t i = 0; i < v->suspect_count; i++)
		suspect_fill_context(w, &v->suspects[i]);
	free(row.kept);
	free(row.now);
	free(row.draft_of);
	free(all);
	drafts_release(&drafts);
}

void services_build(const struct wording *w)
{
	const struct judgement *j = w->judgement;
	struct verdict *v = w->verdict;
	v->services = arena_alloc(&v->arena, j->service_count, sizeof(*v->services));
	v->service_count = j->service_count;
	for (size_t i = 0; i < j->service_count; i++) {
		const struct service_findings *f = &w->findings->services[j->services[i].service];
		struct ranked_service *r = &v->services[i];
		*r = (struct ranked_service){ .rank = (uint32_t)i + 1,
			.name = f->name,
			.score = j->services[i].score,
			.lines = f->lines.total };
		r->suspects = arena_alloc(&v->arena, v->suspect_count, sizeof(*r->suspects));
		for (size_t k = 0; k < v->suspect_count; k++) {
			if (str_equal(v->suspects[k].service, r->name))
				r->suspects[r->suspect_count++] = v->suspects[k].rank;
		}
	}
}
