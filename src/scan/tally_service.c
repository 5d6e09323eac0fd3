/* SPDX-License-Identifier: MIT */
/*
 * Services: numbered by name, and thinned until they fit. Where names are no names (a request's
 * number, a file of each minute) there are as many as one likes. Those whose hash says so are kept
 * and followed over time; what is said of the others is counted under one name, and when it was is
 * not: the cells of a service that is dropped late would be wider than those of one that is dropped
 * early, so that it would show who was counted first.
 *
 * A template of a service that is dropped stays one of its own until all is counted: how far
 * templates are thinned, and how wide their cells are, follows from all of them alike.
 */
#include "src/scan/tally_parts.h"

#include "lineup/mem.h"

#define UNKNOWN_NAME	  STR("unknown")
#define OTHERS_NAME	  STR("(other services)")
#define NAMED_LIKE_OTHERS STR("other services")

struct str tally_name(struct str name)
{
	if (name.len == 0)
		return UNKNOWN_NAME;
	return str_equal(name, OTHERS_NAME) ? NAMED_LIKE_OTHERS : name;
}

static bool is_thinned_out(const struct tally *t, uint64_t hash)
{
	return (hash & ((UINT64_C(1) << t->service_sampling) - 1)) != 0;
}

static uint32_t add(struct tally *t, struct str name, uint64_t hash, uint8_t grain)
{
	size_t before = t->service_names.count;
	uint32_t number = intern_add(&t->service_names, name);
	mem_grow(&t->services, before, &t->service_capacity);
	t->services[number] = (struct tally_service){
		.hash = hash, .grain = grain, .lines = counter_none, .problems = counter_none
	};
	return number;
}

uint32_t tally_service_keep(struct tally *t, struct str name, uint64_t hash)
{
	uint32_t known = intern_find(&t->service_names, name);
	if (known != UINT32_MAX)
		return known;
	t->service_count++;
	return add(t, name, hash, tally_grain_of(hash, GRAINS_OF_SERVICES));
}

uint32_t tally_service(struct tally *t, struct str name)
{
	if (t->last_service != UINT32_MAX &&
		str_equal(name, intern_name(&t->service_names, t->last_service)))
		return t->last_service;
	name = tally_name(name);
	t->name_hash = str_hash(name);
	t->last_service = UINT32_MAX;
	if (is_thinned_out(t, t->name_hash))
		return t->other_services;
	uint32_t number = tally_service_keep(t, name, t->name_hash);
	if (t->service_count > t->limits.services) {
		tally_thin_services(t, 0);
		if (is_thinned_out(t, t->name_hash))
			return t->other_services;
	}
	t->last_service = number;
	return number;
}

/* ---- thinning ---- */

static void drop_counter(struct tally *t, struct counter *into, struct counter *from)
{
	tally_counter_add(into, from);
	tally_forget_cells(t, from->cells.count);
	cell_list_release(&from->cells);
	*from = counter_none;
}

static void drop_service(struct tally *t, struct tally_service *s)
{
	struct tally_service *others = &t->services[t->other_services];
	drop_counter(t, &others->lines, &s->lines);
	drop_counter(t, &others->problems, &s->problems);
	for (size_t level = 0; level < LEVEL_COUNT; level++) {
		others->by_level[level] += s->by_level[level];
		s->by_level[level] = 0;
	}
	s->dropped = true;
	t->service_count--;
}

static void drop_rule(struct tally *t, size_t index)
{
	uint64_t rule = t->subjects[index].id, hash = t->services[t->other_services].hash;
	enum level level = t->subjects[index].level;
	struct tally_subject *others = tally_subject_find(t, SUBJECT_RULE, rule, hash);
	if (others == NULL)
		others = tally_subject_add(t, SUBJECT_RULE, rule, t->other_services, hash, level);
	struct tally_subject *s = &t->subjects[index];
	if (level > others->level)
		others->level = level;
	tally_counter_add(&others->counter, &s->counter);
	exemplars_merge(&others->exemplars, &s->exemplars);
	tally_subject_drop(t, s);
}

static void drop_subjects(struct tally *t)
{
	for (size_t i = 0, count = t->subject_count; i < count; i++) {
		struct tally_subject *s = &t->subjects[i];
		if (s->dropped || !t->services[s->service].dropped)
			continue;
		if (s->kind == SUBJECT_RULE)
			drop_rule(t, i);
		else
			s->service = t->other_services;
	}
	tally_subjects_index(t);
}

static void drop_thinned(struct tally *t)
{
	for (size_t i = 0; i < t->service_names.count; i++) {
		struct tally_service *s = &t->services[i];
		if (i != t->other_services && !s->dropped && is_thinned_out(t, s->hash))
			drop_service(t, s);
	}
	drop_subjects(t);
	for (size_t i = 0; i < t->quantity_count; i++) {
		struct tally_quantity *q = &t->quantities[i];
		if (t->services[q->service].dropped) {
			tally_forget_cells(t, q->numbers.count);
			number_list_release(&q->numbers);
		}
	}
	for (size_t i = 0; i < t->event_count; i++) {
		if (t->services[t->events[i].service].dropped)
			t->events[i].service = t->other_services;
	}
	t->last_service = UINT32_MAX;
}

void tally_thin_services(struct tally *t, unsigned sampling)
{
	while (t->service_sampling < sampling ||
		(t->service_count > t->limits.services && t->service_sampling < 63)) {
		if (t->other_services == UINT32_MAX)
			t->other_services =
				add(t, OTHERS_NAME, str_hash(OTHERS_NAME), TALLY_UNTIMED);
		t->service_sampling++;
		drop_thinned(t);
	}
}
