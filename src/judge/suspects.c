/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "lineup/mem.h"
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

static void collect_drafts(const struct wording *w, struct drafts *d)
{
	const struct judgement *j = w->judgement;
	d->of_deviation = mem_zalloc(j->deviation_count, sizeof(*d->of_deviation));
	for (size_t i = 0; i < j->deviation_count; i++) {
		uint32_t subject = shown_subject(w->findings, j->deviations[i].subject);
		uint32_t service = j->deviations[i].service;
		size_t at = 0;
		while (at < d->count &&
			(d->items[at].subject != subject || d->items[at].service != service))
			at++;
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

/* The service's first suspect by time takes the points for order; ties go to the stronger one. */
static void add_order_reasons(
	const struct wording *w, struct suspect *all, const struct drafts *drafts)
{
	for (size_t i = 0; i < w->judgement->service_count; i++) {
		uint32_t service = w->judgement->services[i].service;
		size_t first = SIZE_MAX;
		for (size_t k = 0; k < drafts->count; k++) {
			if (drafts->items[k].service != service)
				continue;
			if (first == SIZE_MAX || all[k].score > all[first].score)
				first = k;
		}
		if (first != SIZE_MAX)
			suspect_add_order(w, &all[first], service);
	}
}

void suspects_build(const struct wording *w)
{
	struct verdict *v = w->verdict;
	struct drafts drafts = { 0 };
	collect_drafts(w, &drafts);
	struct suspect *all = mem_zalloc(drafts.count, sizeof(*all));
	for (size_t i = 0; i < drafts.count; i++)
		suspect_word(w, &drafts.items[i], &all[i]);
	add_order_reasons(w, all, &drafts);
	qsort(all, drafts.count, sizeof(*all), by_score);
	size_t kept = 0;
	for (size_t i = 0; i < drafts.count; i++) {
		if (all[i].severity <= w->settings->least && all[i].score > 0 &&
			(w->settings->top == 0 || kept < w->settings->top) &&
			!suspect_folds_into_one(w, all, kept, &all[i]))
			all[kept++] = all[i];
	}
	v->suspects = arena_alloc(&v->arena, kept, sizeof(*v->suspects));
	v->suspect_count = kept;
	for (size_t i = 0; i < kept; i++) {
		struct suspect *s = &v->suspects[i];
		*s = all[i];
		s->rank = (uint32_t)i + 1;
		suspect_fill_context(w, s);
	}
	suspects_link(w, &drafts);
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
