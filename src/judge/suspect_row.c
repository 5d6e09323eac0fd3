/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/bayes.h"
#include "src/judge/suspect_parts.h"

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

#define ROOM_FOR_ALL_DAY 4

/* What comes at all hours is said where there is room for it, however many consequences there are;
 * of several such, the first, which comes most often. They are the last of the drafts. */
static bool is_said_anyhow(const struct wording *w, const struct drafts *drafts, size_t index)
{
	bool first = index == 0 || drafts->items[index - 1].deviation_count > 0;
	return drafts->items[index].deviation_count == 0 && first &&
	       (w->settings->top == 0 || w->settings->top >= ROOM_FOR_ALL_DAY);
}

/* Nothing is shown without its cause: it claims no more than that does. */
static double claim_under(const struct wording *w, const struct drafts *drafts,
	const struct suspect *all, size_t index)
{
	double claim = INFINITY;
	if (is_said_anyhow(w, drafts, index))
		return claim;
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
	w->verdict->worst = SEVERITY_INFO;
	for (size_t i = 0; i < drafts->count; i++) {
		const struct suspect *s = &all[places[i].index];
		size_t *now = &row->now[places[i].index];
		*now = SIZE_MAX;
		if (s->severity > w->settings->least || s->score <= 0 ||
			suspect_is_told_by_another(s, all, drafts->count))
			continue;
		w->verdict->worst =
			s->severity < w->verdict->worst ? s->severity : w->verdict->worst;
		*now = suspect_folds_into_one(w, row->kept, row->count, s);
		if (*now == SIZE_MAX && (w->settings->top == 0 || row->count < w->settings->top)) {
			*now = row->count;
			row->draft_of[row->count] = places[i].index;
			row->kept[row->count] = *s;
			suspect_name_guests(w, &row->kept[row->count++]);
		}
	}
	free(places);
}

static struct link *link_to(const struct suspect *cause, size_t count, size_t effect)
{
	for (size_t i = 0; i < count; i++) {
		if (cause->led_to[i].suspect == effect)
			return &cause->led_to[i];
	}
	return NULL;
}

/* Two names of one effect: requests and episodes of whichever knows more of them. */
static void join_links(struct link *into, const struct link *more)
{
	struct link joined = more->requests > into->requests ? *more : *into;
	const struct link *longer = more->episodes > into->episodes ? more : into;
	joined.episodes = longer->episodes;
	joined.episodes_of = longer->episodes_of;
	*into = joined;
}

/*
 * From the numbers of drafts to those of the row, one link an effect; what leads out of it is left
 * off.
 */
static void renumber_links(struct suspect *s, const size_t *now)
{
	size_t count = 0;
	for (size_t i = 0; i < s->led_to_count; i++) {
		struct link link = s->led_to[i];
		link.suspect = now[link.suspect];
		if (link.suspect == SIZE_MAX || link.suspect == s->rank - 1)
			continue;
		struct link *known = link_to(s, count, link.suspect);
		if (known != NULL)
			join_links(known, &link);
		else
			s->led_to[count++] = link;
	}
	s->led_to_count = count;
	s->caused_by = s->caused_by == SIZE_MAX ? SIZE_MAX : now[s->caused_by];
}

/* The nearest cause that is shown and has a link to it. */
static size_t shown_cause(const struct suspect *all, size_t draft, const size_t *now)
{
	size_t cause = all[draft].caused_by;
	for (; cause != SIZE_MAX; cause = all[cause].caused_by) {
		bool linked = link_to(&all[cause], all[cause].led_to_count, draft) != NULL;
		if (linked && now[cause] != SIZE_MAX && now[cause] != now[draft])
			return cause;
	}
	return SIZE_MAX;
}

static bool follows_row(const struct suspect *all, size_t cause, const size_t *now, size_t row)
{
	while (cause != SIZE_MAX && now[cause] != row)
		cause = all[cause].caused_by;
	return cause != SIZE_MAX;
}

/*
 * The cause of a row: its own, or that of a draft that was folded into it, whose lines are the
 * same, where more requests show it: a rule's hits and a template's lines are linked each for
 * itself.
 */
static size_t cause_of_row(
	const struct suspect *all, size_t draft_count, const struct row *row, size_t index)
{
	size_t best = shown_cause(all, row->draft_of[index], row->now);
	uint64_t requests = 0;
	if (best != SIZE_MAX)
		requests =
			link_to(&all[best], all[best].led_to_count, row->draft_of[index])->requests;
	for (size_t i = 0; i < draft_count; i++) {
		if (row->now[i] != index || i == row->draft_of[index])
			continue;
		size_t cause = shown_cause(all, i, row->now);
		if (cause == SIZE_MAX || follows_row(all, cause, row->now, index))
			continue;
		const struct link *link = link_to(&all[cause], all[cause].led_to_count, i);
		if (best == SIZE_MAX || link->requests > requests) {
			best = cause;
			requests = link->requests;
		}
	}
	return best;
}

/*
 * The causes of the row, as numbers of drafts. One that a row has from a draft that was folded into
 * it has not yet taken over what follows from it, and would stand behind.
 */
static void find_causes(const struct wording *w, const struct drafts *drafts,
	const struct suspect *all, struct row *row)
{
	size_t *causes = mem_zalloc(row->count + 1, sizeof(*causes));
	for (size_t i = 0; i < row->count; i++) {
		causes[i] = cause_of_row(all, drafts->count, row, i);
		row->kept[i].caused_by = causes[i] == SIZE_MAX ? SIZE_MAX : row->now[causes[i]];
	}
	suspects_inherit(w, row->kept, row->count);
	for (size_t i = 0; i < row->count; i++)
		row->kept[i].caused_by = causes[i];
	free(causes);
}

/* Puts the row in order of score and makes ranks of it. */
static void put_in_order(const struct wording *w, const struct drafts *drafts,
	const struct suspect *all, struct row *row)
{
	struct verdict *v = w->verdict;
	size_t *rank_of = mem_zalloc(row->count + 1, sizeof(*rank_of));
	v->suspects = arena_alloc(&v->arena, row->count, sizeof(*v->suspects));
	v->suspect_count = row->count;
	find_causes(w, drafts, all, row);
	for (size_t i = 0; i < row->count; i++)
		row->kept[i].rank = (uint32_t)i; /* remembered over the sorting */
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

void suspects_put_in_row(
	const struct wording *w, const struct drafts *drafts, const struct suspect *all)
{
	struct row row = { 0 };
	choose_kept(w, drafts, all, &row);
	put_in_order(w, drafts, all, &row);
	free(row.kept);
	free(row.now);
	free(row.draft_of);
}
