/* SPDX-License-Identifier: MIT */
/* Two tallies to one: sums, minima and maxima, so that the order of merging never shows. */
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "src/scan/tally_parts.h"

static void counter_merge(struct counter *into, const struct counter *from)
{
	tally_counter_add(into, from);
	cell_list_merge(&into->cells, &from->cells);
}

/* Lists that are merged side by side: those of a service, or of some subjects. */
#define SUBJECTS_A_PART 4

/*
 * What goes into what: of each source its target. No two have one target, since both tallies are
 * thinned alike.
 */
struct merging {
	struct tally *into;
	struct tally *from;
	uint32_t *services; /* of `from`: their number in `into` */
	uint64_t *subjects; /* the same, plus 1; 0: it does not stay */
};

static void number_services(struct merging *m)
{
	const struct tally *from = m->from;
	for (uint32_t i = 0; i < from->service_names.count; i++) {
		const struct tally_service *s = &from->services[i];
		m->services[i] = s->dropped || i == from->other_services
					 ? m->into->other_services
					 : tally_service_keep(m->into,
						   intern_name(&from->service_names, i), s->hash);
	}
}

static void number_subject(struct merging *m, size_t index)
{
	struct tally *into = m->into;
	const struct tally_subject *source = &m->from->subjects[index];
	uint32_t service = m->services[source->service];
	bool problem = tally_is_problem(source->level);
	bool is_template = source->kind == SUBJECT_TEMPLATE;
	if (source->dropped || (is_template && tally_thinned_out(into, source->id, problem)))
		return;
	struct tally_subject *target =
		tally_subject_find(into, source->kind, source->id, source->service_hash);
	if (target == NULL) {
		target = tally_subject_add(into, source->kind, source->id, service,
			source->service_hash, source->level);
		into->template_counts[problem] += is_template;
		if (source->template_text != NULL)
			tally_set_text(target, str_from(source->template_text));
	}
	if (source->level > target->level)
		target->level = source->level;
	if (source->rule < target->rule)
		target->rule = source->rule;
	m->subjects[index] = (uint64_t)(target - into->subjects) + 1;
}

/* Thinned until those of both fit, so that nothing is copied that does not stay. */
static void merge_events(struct tally *into, struct tally *from, const uint32_t *services)
{
	tally_thin_events(into, from->event_sampling);
	tally_thin_events(from, into->event_sampling);
	while (into->event_count + from->event_count > into->limits.requests &&
		into->event_sampling < 63) {
		tally_thin_events(into, into->event_sampling + 1);
		tally_thin_events(from, into->event_sampling);
	}
	size_t count = into->event_count + from->event_count;
	if (count > into->event_capacity) {
		into->events = mem_realloc(into->events, count, sizeof(*into->events));
		into->event_capacity = count;
	}
	for (size_t i = 0; i < from->event_count; i++) {
		struct tally_event *event = &into->events[into->event_count++];
		*event = from->events[i];
		event->service = services[event->service];
	}
}

/* The events, or some lists. */
static void merge_part(void *context, size_t index)
{
	const struct merging *m = context;
	size_t services = m->from->service_names.count, part = index - 1;
	if (index == 0) {
		merge_events(m->into, m->from, m->services);
		return;
	}
	if (part < services) {
		const struct tally_service *source = &m->from->services[part];
		struct tally_service *target = &m->into->services[m->services[part]];
		if (source->dropped)
			return;
		counter_merge(&target->lines, &source->lines);
		counter_merge(&target->problems, &source->problems);
		for (size_t level = 0; level < LEVEL_COUNT; level++)
			target->by_level[level] += source->by_level[level];
		return;
	}
	size_t first = (part - services) * SUBJECTS_A_PART;
	size_t end = size_min(first + SUBJECTS_A_PART, m->from->subject_count);
	for (size_t i = first; i < end; i++) {
		if (m->subjects[i] == 0)
			continue;
		const struct tally_subject *source = &m->from->subjects[i];
		struct tally_subject *target = &m->into->subjects[m->subjects[i] - 1];
		counter_merge(&target->counter, &source->counter);
		exemplars_merge(&target->exemplars, &source->exemplars);
	}
}

static void merge_lists(struct merging *m)
{
	size_t parts = (m->from->subject_count + SUBJECTS_A_PART - 1) / SUBJECTS_A_PART;
	parallel_each(m->into->threads, 1 + m->from->service_names.count + parts, merge_part, m);
}

void tally_merge(struct tally *into, struct tally *from)
{
	tally_thin_services(into, from->service_sampling);
	tally_thin_services(from, into->service_sampling);
	for (size_t problem = 0; problem < 2; problem++)
		tally_thin_templates(into, problem, from->template_sampling[problem]);
	from->threads = into->threads;
	tally_align(into, from);
	struct merging m = { .into = into, .from = from };
	uint32_t *services = mem_zalloc(from->service_names.count, sizeof(*services));
	m.services = services;
	m.subjects = mem_zalloc(from->subject_count, sizeof(*m.subjects));
	number_services(&m);
	for (size_t i = 0; i < from->subject_count; i++)
		number_subject(&m, i);
	merge_lists(&m);
	for (size_t i = 0; i < from->quantity_count; i++) {
		const struct tally_quantity *q = &from->quantities[i];
		if (q->numbers.count == 0)
			continue;
		number_list_append(tally_quantity_of(into, q->rule, services[q->service],
					   intern_name(&from->quantity_names, q->name)),
			&q->numbers);
	}
	tally_thin_services(into, 0);
	tally_thin_templates(into, false, 0);
	tally_thin_templates(into, true, 0);
	tally_fit(into, true);
	into->template_lines += from->template_lines;
	into->problem_lines += from->problem_lines;
	into->matched_lines += from->matched_lines;
	tally_merge_left_out(into, &from->left_out);
	free(m.subjects);
	free(services);
}
