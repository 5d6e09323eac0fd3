/* SPDX-License-Identifier: MIT */
/* Two tallies to one: sums, minima and maxima, so that the order of merging never shows. */
#include <stdlib.h>

#include "lineup/mem.h"
#include "tally_parts.h"

static void counter_merge(struct counter *into, const struct counter *from)
{
	into->total += from->total;
	into->undated += from->undated;
	if (from->first_ns != TIME_NONE &&
		(into->first_ns == TIME_NONE || from->first_ns < into->first_ns))
		into->first_ns = from->first_ns;
	if (from->last_ns != TIME_NONE &&
		(into->last_ns == TIME_NONE || from->last_ns > into->last_ns))
		into->last_ns = from->last_ns;
	cell_list_merge(&into->cells, &from->cells);
}

static void merge_services(struct tally *into, const struct tally *from, uint32_t *services)
{
	for (uint32_t i = 0; i < from->service_names.count; i++) {
		const struct tally_service *source = &from->services[i];
		services[i] = tally_service(into, intern_name(&from->service_names, i));
		struct tally_service *target = &into->services[services[i]];
		counter_merge(&target->lines, &source->lines);
		counter_merge(&target->problems, &source->problems);
		for (size_t level = 0; level < LEVEL_COUNT; level++)
			target->by_level[level] += source->by_level[level];
	}
}

static void merge_subject(struct tally *into, const struct tally_subject *source, uint32_t service)
{
	bool problem = tally_is_problem(source->level);
	bool is_template = source->kind == SUBJECT_TEMPLATE;
	if (source->dropped || (is_template && tally_thinned_out(into, source->id, problem)))
		return;
	struct tally_subject *target = tally_subject_find(into, source->kind, source->id, service);
	if (target == NULL) {
		target = tally_subject_add(into, source->kind, source->id, service, source->level);
		into->template_counts[problem] += is_template;
		if (source->template_text != NULL)
			tally_set_text(target, str_from(source->template_text));
	}
	if (source->level > target->level)
		target->level = source->level;
	if (source->rule < target->rule)
		target->rule = source->rule;
	counter_merge(&target->counter, &source->counter);
	exemplars_merge(&target->exemplars, &source->exemplars);
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

void tally_merge(struct tally *into, struct tally *from)
{
	tally_compact(from);
	tally_compact(into);
	while (into->step < from->step)
		tally_widen(into);
	while (from->step < into->step)
		tally_widen(from);
	uint32_t *services = mem_zalloc(from->service_names.count, sizeof(*services));
	merge_services(into, from, services);
	for (size_t problem = 0; problem < 2; problem++)
		tally_thin_templates(into, problem, from->template_sampling[problem]);
	for (size_t i = 0; i < from->subject_count; i++)
		merge_subject(into, &from->subjects[i], services[from->subjects[i].service]);
	for (size_t i = 0; i < from->quantity_count; i++) {
		const struct tally_quantity *q = &from->quantities[i];
		number_list_append(tally_quantity_of(into, q->rule, services[q->service],
					   intern_name(&from->quantity_names, q->name)),
			&q->numbers);
	}
	tally_thin_templates(into, false, 0);
	tally_thin_templates(into, true, 0);
	tally_compact(into);
	merge_events(into, from, services);
	into->template_lines += from->template_lines;
	into->problem_lines += from->problem_lines;
	into->matched_lines += from->matched_lines;
	tally_merge_left_out(into, &from->left_out);
	free(services);
}
