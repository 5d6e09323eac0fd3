/* SPDX-License-Identifier: MIT */
/*
 * All tallies to one: sums, minima and maxima, so that the order of joining never shows.
 *
 * Millions of cells lie in the lists of each, and while they are gone over nothing else is done. So
 * who there is, and what is thinned out, is settled before the first list is touched. Then each
 * tally is brought to the width that it needs by itself, since all of them together need no
 * narrower one: what is left to be joined is little, and mostly at the width of the end already.
 */
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "src/scan/tally_parts.h"

#define NOWHERE UINT32_MAX

/* A tally that goes into the first one. */
struct source {
	struct tally *t;
	uint32_t *services; /* the first one's number of each */
	uint32_t *subjects; /* the same; NOWHERE: it does not stay */
	/* the other way round: of each of the first one's, or NOWHERE */
	uint32_t *service_of;
	uint32_t *subject_of;
};

struct tally_join {
	struct tally *into;
	struct source *sources;
	size_t source_count;
	unsigned threads;
	struct tally_widening *widenings; /* of the first one, and of each source */
};

/* ---- thinning: all as thinly as the thinnest ---- */

static void thin_alike(const struct tallies *all)
{
	unsigned services = 0, templates[2] = { 0, 0 };
	for (size_t i = 0; i < all->count; i++) {
		const struct tally *t = all->items[i];
		services = t->service_sampling > services ? t->service_sampling : services;
		for (size_t problem = 0; problem < 2; problem++) {
			if (t->template_sampling[problem] > templates[problem])
				templates[problem] = t->template_sampling[problem];
		}
	}
	for (size_t i = 0; i < all->count; i++) {
		tally_thin_services(all->items[i], services);
		tally_thin_templates(all->items[i], false, templates[0]);
		tally_thin_templates(all->items[i], true, templates[1]);
	}
}

/* True when it was too many. */
static bool thin_more(struct tally *t)
{
	unsigned services = t->service_sampling, ordinary = t->template_sampling[0],
		 problems = t->template_sampling[1];
	tally_thin_services(t, 0);
	tally_thin_templates(t, false, 0);
	tally_thin_templates(t, true, 0);
	return t->service_sampling != services || t->template_sampling[0] != ordinary ||
	       t->template_sampling[1] != problems;
}

/* ---- who there is ---- */

static void number_services(struct tally *into, struct source *source)
{
	const struct tally *from = source->t;
	for (uint32_t i = 0; i < from->service_names.count; i++) {
		const struct tally_service *s = &from->services[i];
		source->services[i] =
			s->dropped || i == from->other_services
				? into->other_services
				: tally_service_keep(
					  into, intern_name(&from->service_names, i), s->hash);
	}
}

static void number_subject(struct tally *into, struct source *source, size_t index)
{
	const struct tally_subject *from = &source->t->subjects[index];
	uint32_t service = source->services[from->service];
	bool problem = tally_is_problem(from->level);
	source->subjects[index] = NOWHERE;
	if (from->dropped)
		return;
	struct tally_subject *target =
		tally_subject_find(into, from->kind, from->id, from->service_hash);
	if (target == NULL) {
		target = tally_subject_add(
			into, from->kind, from->id, service, from->service_hash, from->level);
		into->template_counts[problem] += from->kind == SUBJECT_TEMPLATE;
		if (from->template_text != NULL)
			tally_set_text(target, str_from(from->template_text));
	}
	if (from->level > target->level)
		target->level = from->level;
	if (from->rule < target->rule)
		target->rule = from->rule;
	target->site = tally_site_of(target->site, from->site);
	source->subjects[index] = (uint32_t)(target - into->subjects);
}

static void number_all(struct tally_join *j, const struct tallies *all)
{
	do {
		thin_alike(all);
		for (size_t i = 0; i < j->source_count; i++) {
			struct source *source = &j->sources[i];
			number_services(j->into, source);
			for (size_t k = 0; k < source->t->subject_count; k++)
				number_subject(j->into, source, k);
		}
	} while (thin_more(j->into));
}

static uint32_t *nowhere(size_t count)
{
	uint32_t *all = mem_alloc((count + 1) * sizeof(*all));
	memset(all, 0xff, (count + 1) * sizeof(*all));
	return all;
}

/* No two of a source have one target, since all are thinned alike: but for services that were
 * dropped, of which nothing is left. */
static void turn_round(const struct tally *into, struct source *source)
{
	const struct tally *from = source->t;
	source->service_of = nowhere(into->service_names.count);
	source->subject_of = nowhere(into->subject_count);
	for (uint32_t i = 0; i < from->service_names.count; i++) {
		if (!from->services[i].dropped)
			source->service_of[source->services[i]] = i;
	}
	for (uint32_t i = 0; i < from->subject_count; i++) {
		if (source->subjects[i] != NOWHERE)
			source->subject_of[source->subjects[i]] = i;
	}
}

/* ---- events ---- */

static size_t count_events(const struct tallies *all)
{
	size_t count = 0;
	for (size_t i = 0; i < all->count; i++)
		count += all->items[i]->event_count;
	return count;
}

/* Thinned until those of all fit. */
static void thin_events(const struct tallies *all)
{
	unsigned sampling = 0;
	for (size_t i = 0; i < all->count; i++) {
		if (all->items[i]->event_sampling > sampling)
			sampling = all->items[i]->event_sampling;
	}
	for (bool fit = false; !fit; sampling++) {
		for (size_t i = 0; i < all->count; i++)
			tally_thin_events(all->items[i], sampling);
		fit = count_events(all) <= all->items[0]->limits.requests || sampling >= 63;
	}
}

struct tally_join *tally_join_begin(const struct tallies *all)
{
	struct tally_join *j = mem_zalloc(1, sizeof(*j));
	struct tally *into = j->into = all->items[0];
	j->threads = all->threads;
	j->source_count = all->count - 1;
	j->sources = mem_zalloc(all->count, sizeof(*j->sources));
	j->widenings = mem_zalloc(all->count, sizeof(*j->widenings));
	for (size_t i = 0; i < j->source_count; i++) {
		struct source *source = &j->sources[i];
		struct tally *from = source->t = all->items[i + 1];
		source->services = nowhere(from->service_names.count);
		source->subjects = nowhere(from->subject_count);
		into->template_lines += from->template_lines;
		into->problem_lines += from->problem_lines;
		into->matched_lines += from->matched_lines;
		tally_merge_left_out(into, &from->left_out);
	}
	number_all(j, all);
	for (size_t i = 0; i < j->source_count; i++)
		turn_round(into, &j->sources[i]);
	thin_events(all);
	return j;
}

const uint32_t *tally_join_services(const struct tally_join *j, size_t index)
{
	return index == 0 ? NULL : j->sources[index - 1].services;
}

/* ---- lists ---- */

static struct tally *tally_at(const struct tally_join *j, size_t index)
{
	return index == 0 ? j->into : j->sources[index - 1].t;
}

/* What is gone over side by side, of so many tallies: the first part of each, the second ... */
struct widening_all {
	const struct tally_widening *of;
	size_t count;
};

static void widen_part(void *context, size_t index)
{
	const struct widening_all *all = context;
	const struct tally_widening *w = &all->of[index % all->count];
	if (index / all->count < tally_part_count(w->t))
		tally_widen_part(w, index / all->count);
}

/* Is it at this width no more than all of them may have? What is told apart from the others by
 * their names' hash alone is left out of it in the end. */
static bool fits(const struct tally *t, const size_t *counts)
{
	return tally_classes_fit(t, counts) &&
	       (t->other_services != UINT32_MAX || t->cell_count <= t->limits.cells);
}

/* The first so many tallies; false when one of them does not fit by itself. */
static bool widen(struct tally_join *j, size_t count, unsigned step, bool in_order)
{
	size_t counts[TALLY_GRAINS], parts = 0;
	uint8_t steps[TALLY_GRAINS];
	struct widening_all all = { j->widenings, count };
	bool all_fit = true;
	memset(steps, (int)step, sizeof(steps));
	for (size_t i = 0; i < count; i++) {
		tally_widen_begin(&j->widenings[i], tally_at(j, i), steps, in_order);
		parts = size_max(parts, tally_part_count(tally_at(j, i)));
	}
	parallel_each(j->threads, parts * count, widen_part, &all);
	for (size_t i = 0; i < count; i++) {
		tally_widen_end(&j->widenings[i], counts);
		all_fit = all_fit && fits(tally_at(j, i), counts);
	}
	return all_fit;
}

/* What is counted of one thing by all tallies, the first one's in front. */
struct gathered {
	struct counter **counters;
	size_t count;
};

static void gather(struct gathered *g, struct counter *counter)
{
	if (g->count == 0 || counter->total > 0)
		g->counters[g->count++] = counter;
}

/* Neighbours in rounds, so that no cell is gone over more often than there are rounds. */
static void join_gathered(struct gathered *g)
{
	for (size_t step = 1; step < g->count; step *= 2) {
		for (size_t i = 0; i + step < g->count; i += 2 * step) {
			struct counter *into = g->counters[i], *from = g->counters[i + step];
			tally_counter_add(into, from);
			cell_list_merge(&into->cells, &from->cells);
			cell_list_release(&from->cells);
		}
	}
	g->count = 0;
}

static void join_service(const struct tally_join *j, struct gathered *g, size_t index)
{
	struct tally_service *into = &j->into->services[index];
	for (int problems = 0; problems < 2; problems++) {
		gather(g, problems ? &into->problems : &into->lines);
		for (size_t k = 0; k < j->source_count; k++) {
			uint32_t at = j->sources[k].service_of[index];
			if (at == NOWHERE)
				continue;
			struct tally_service *from = &j->sources[k].t->services[at];
			gather(g, problems ? &from->problems : &from->lines);
		}
		join_gathered(g);
	}
	for (size_t k = 0; k < j->source_count; k++) {
		uint32_t at = j->sources[k].service_of[index];
		for (size_t level = 0; at != NOWHERE && level < LEVEL_COUNT; level++)
			into->by_level[level] += j->sources[k].t->services[at].by_level[level];
	}
}

static void join_subject(const struct tally_join *j, struct gathered *g, size_t index)
{
	struct tally_subject *into = &j->into->subjects[index];
	gather(g, &into->counter);
	for (size_t k = 0; k < j->source_count; k++) {
		uint32_t at = j->sources[k].subject_of[index];
		if (at == NOWHERE)
			continue;
		gather(g, &j->sources[k].t->subjects[at].counter);
		exemplars_merge(&into->exemplars, &j->sources[k].t->subjects[at].exemplars);
	}
	join_gathered(g);
}

/* Of the first one, all that goes into it. */
static void join_part(void *context, size_t part)
{
	const struct tally_join *j = context;
	size_t services = j->into->service_names.count;
	struct gathered g = { mem_alloc((j->source_count + 1) * sizeof(struct counter *)), 0 };
	if (part < services) {
		join_service(j, &g, part);
	} else {
		size_t end = tally_part_end(j->into, part - services);
		for (size_t i = (part - services) * SUBJECTS_A_PART; i < end; i++)
			join_subject(j, &g, i);
	}
	free(g.counters);
}

static void join_quantities(struct tally *into, const struct source *source)
{
	for (size_t i = 0; i < source->t->quantity_count; i++) {
		const struct tally_quantity *q = &source->t->quantities[i];
		if (q->numbers.count > 0)
			number_list_append(
				tally_quantity_of(into, q->rule, source->services[q->service],
					intern_name(&source->t->quantity_names, q->name)),
				&q->numbers);
	}
}

static void drop_templates_of_others(struct tally *t)
{
	for (size_t i = 0; i < t->subject_count; i++) {
		struct tally_subject *s = &t->subjects[i];
		if (s->kind == SUBJECT_TEMPLATE && !s->dropped && s->service == t->other_services)
			tally_subject_drop(t, s);
	}
}

static void destroy(struct tally_join *j)
{
	for (size_t i = 0; i < j->source_count; i++) {
		free(j->sources[i].services);
		free(j->sources[i].subjects);
		free(j->sources[i].service_of);
		free(j->sources[i].subject_of);
	}
	free(j->sources);
	free(j->widenings);
	free(j);
}

int64_t tally_join_end(struct tally_join *j)
{
	struct tally *into = j->into;
	unsigned step = 0;
	for (size_t i = 0; i <= j->source_count; i++) {
		unsigned least = tally_least_step(tally_at(j, i));
		step = least > step ? least : step;
	}
	for (bool in_order = false;
		!widen(j, 1 + j->source_count, step, in_order) && step + 1 < CELLS_STEPS;
		in_order = true)
		step++;
	parallel_each(j->threads, tally_part_count(into), join_part, j);
	for (size_t i = 0; i < j->source_count; i++) {
		join_quantities(into, &j->sources[i]);
		sites_merge(&into->sites, &j->sources[i].t->sites, j->sources[i].services);
	}
	sites_finish(&into->sites);
	while (!widen(j, 1, step, true) && step + 1 < CELLS_STEPS)
		step++;
	drop_templates_of_others(into);
	while (into->cell_count > into->limits.cells && step + 1 < CELLS_STEPS)
		(void)widen(j, 1, ++step, true);
	destroy(j);
	return cells_width_ns(step);
}
