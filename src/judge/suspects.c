/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/suspect_parts.h"

/* ---- drafts ---- */

/* How many lines of it lie at times that are no incident's. */
static uint64_t count_outside(const struct wording *w, const struct series *series)
{
	const struct incident *in = &w->judgement->incident;
	int64_t cell_ns = w->findings->cell_ns;
	uint64_t count = 0;
	for (size_t i = 0; i < series->cell_count; i++) {
		int64_t from_ns = series->cells[i].index * cell_ns;
		bool inside = false;
		for (size_t k = 0; k < in->span_count && !inside; k++)
			inside = from_ns < in->spans[k].to_ns &&
				 from_ns + cell_ns > in->spans[k].from_ns;
		count += inside ? 0 : series->cells[i].count;
	}
	return count;
}

/*
 * The rule's subject in this service that knows the template's lines; the template itself if none.
 * Nor that of a rule which comes all day, where the template is new: the rule's count and first
 * line are of other lines then, and what is new is what was not to be seen before. A few lines of
 * the rule before the incident take nothing from what it is known by: at least half as many.
 */
static uint32_t shown_subject(const struct wording *w, const struct deviation *d)
{
	const struct findings *f = w->findings;
	const struct subject *s = &f->subjects[d->subject];
	if (s->kind == SUBJECT_RULE || s->rule == UINT32_MAX)
		return d->subject;
	for (uint32_t i = 0; i < f->subject_count && f->subjects[i].kind == SUBJECT_RULE; i++) {
		if (f->subjects[i].rule == s->rule && f->subjects[i].service == s->service)
			return d->kind == DEVIATION_NEW &&
					       count_outside(w, &f->subjects[i].series) * 2 >=
						       s->series.total
				       ? d->subject
				       : i;
	}
	return d->subject;
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
 * Is it what the service itself says is wrong: a line of trouble, more than luck, and not worth
 * little because it is another's? A line that is said once or twice may be of anything; a rule of
 * some severity knows what it means.
 */
#define VOICE_POINTS 3.0
#define VOICE_LINES  3

static bool is_of_trouble(const struct findings *f, const struct deviation *d)
{
	const struct subject *s = &f->subjects[d->subject];
	bool known = s->rule != UINT32_MAX && f->rules->rules[s->rule].severity < SEVERITY_INFO;
	return d->kind <= DEVIATION_MORE &&
	       (known || (s->kind == SUBJECT_TEMPLATE && s->level >= LEVEL_WARNING));
}

static bool is_voice(const struct findings *f, const struct deviation *d)
{
	const struct subject *s = &f->subjects[d->subject];
	bool grave = s->rule != UINT32_MAX && f->rules->rules[s->rule].severity <= SEVERITY_HIGH;
	return is_of_trouble(f, d) && d->points >= VOICE_POINTS &&
	       (d->count >= VOICE_LINES || grave);
}

/*
 * The deviation by which a service is shown; NULL: none of its own. The strongest, but that no line
 * comes, or that it comes late, says only that something is wrong: where the service says what is
 * wrong, its word is what one reads first, whatever each is worth.
 */
static const struct deviation *face_of(const struct wording *w, uint32_t service)
{
	const struct judgement *j = w->judgement;
	const struct deviation *first = NULL;
	for (size_t i = 0; i < j->deviation_count; i++) {
		const struct deviation *d = &j->deviations[i];
		if (d->service != service || d->kind == DEVIATION_NAMED)
			continue;
		if (first == NULL ? is_of_trouble(w->findings, d) : is_voice(w->findings, d))
			return d;
		first = first != NULL ? first : d;
	}
	return first;
}

/*
 * What is said of a service stands with what it shows itself, as one reason more; alone, by the
 * line that says it, where it shows nothing.
 */
static uint32_t subject_of(const struct wording *w, const struct deviation *d)
{
	const struct deviation *face = d->kind == DEVIATION_NAMED ? face_of(w, d->service) : NULL;
	return shown_subject(w, face != NULL ? face : d);
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

/* ---- all of them ---- */

/*
 * What speaks for a whole service stands with its strongest suspect: that it is early, and what its
 * other suspects show. So the row begins with the service that the list of services begins with; a
 * culprit that is seen in several ways is not passed by one that is loud in a single one.
 */
#define LEAST_REST 0.05

/* SIZE_MAX: none. */
static size_t first_of_service(const struct wording *w, const struct suspect *all,
	const struct drafts *drafts, uint32_t service)
{
	const struct deviation *face = face_of(w, service);
	size_t first = SIZE_MAX;
	if (face != NULL && is_voice(w->findings, face))
		return drafts->of_deviation[face - w->judgement->deviations];
	for (size_t i = 0; i < drafts->count; i++) {
		if (drafts->items[i].service == service &&
			(first == SIZE_MAX || all[i].score > all[first].score))
			first = i;
	}
	return first;
}

static void add_service_reasons(
	const struct wording *w, struct suspect *all, const struct drafts *drafts)
{
	for (size_t i = 0; i < w->judgement->service_count; i++) {
		const struct service_case *c = &w->judgement->services[i];
		size_t first = first_of_service(w, all, drafts, c->service);
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

/* While all links are there: the row leaves off those that lead out of it. */
static void note_starts(struct suspect *all, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < all[i].led_to_count; k++)
			all[i].starts |= all[i].led_to[k].episodes > 0;
	}
}

void suspects_build(const struct wording *w)
{
	struct verdict *v = w->verdict;
	struct drafts drafts = { 0 };
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
	note_starts(all, drafts.count);
	suspects_put_in_row(w, &drafts, all);
	for (size_t i = 0; i < v->suspect_count; i++)
		suspect_fill_context(w, &v->suspects[i]);
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
