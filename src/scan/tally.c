/* SPDX-License-Identifier: MIT */
#include "lineup/tally.h"

#include <assert.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/scan/tally_parts.h"

/*
 * Room for one worker. Cells are 16 bytes each. A bundle with more than 2 x 24,000 pairs of service
 * and template is dominated by text that does not repeat, of which a sample tells as much.
 */
const struct tally_limits tally_limits_default = {
	.cells = 700 * 1000,
	.templates = 24 * 1000,
	.requests = 400 * 1000,
	.services = 20 * 1000,
};

#define EXEMPLARS_OF_PROBLEMS  10
#define EXEMPLARS_OF_TEMPLATES 2
#define TEMPLATE_TEXT_BYTES    600

/* Rules and problems keep the evidence of an onset; ordinary templates need an example. */
static unsigned exemplar_room(enum subject_kind kind, enum level level)
{
	return kind != SUBJECT_TEMPLATE || level >= LEVEL_WARNING ? EXEMPLARS_OF_PROBLEMS
								  : EXEMPLARS_OF_TEMPLATES;
}

void tally_init(struct tally *t, const struct tally_limits *limits)
{
	*t = (struct tally){ .limits = *limits,
		.last_service = UINT32_MAX,
		.other_services = UINT32_MAX,
		.template_epoch = 1,
		.left_out = { 0, TIME_NONE, TIME_NONE } };
	t->cell_ceiling = limits->cells * 2;
	buf_init(&t->text, TEMPLATE_TEXT_BYTES);
}

static void release_subject(struct tally_subject *s)
{
	exemplars_release(&s->exemplars);
	cell_list_release(&s->counter.cells);
	free(s->template_text);
	s->template_text = NULL;
}

void tally_release(struct tally *t)
{
	for (size_t i = 0; i < t->subject_count; i++)
		release_subject(&t->subjects[i]);
	for (size_t i = 0; i < t->service_names.count; i++) {
		cell_list_release(&t->services[i].lines.cells);
		cell_list_release(&t->services[i].problems.cells);
	}
	for (size_t i = 0; i < t->quantity_count; i++)
		number_list_release(&t->quantities[i].numbers);
	sites_release(&t->sites);
	intern_release(&t->service_names);
	intern_release(&t->quantity_names);
	table_release(&t->subject_index);
	table_release(&t->template_memo);
	table_release(&t->quantity_index);
	buf_release(&t->text);
	free(t->services);
	free(t->subjects);
	free(t->quantities);
	free(t->events);
	*t = (struct tally){ 0 };
}

/* ---- counters ---- */

const struct counter counter_none = { .first_ns = TIME_NONE, .last_ns = TIME_NONE };

void tally_counter_add(struct counter *into, const struct counter *from)
{
	into->total += from->total;
	into->undated += from->undated;
	if (from->first_ns != TIME_NONE &&
		(into->first_ns == TIME_NONE || from->first_ns < into->first_ns))
		into->first_ns = from->first_ns;
	if (from->last_ns != TIME_NONE &&
		(into->last_ns == TIME_NONE || from->last_ns > into->last_ns))
		into->last_ns = from->last_ns;
}

void tally_enter_cell(struct time_cell *c, unsigned step, int64_t time_ns)
{
	int64_t width_ns = cells_width_ns(step), index = cells_index(step, time_ns), to_ns;
	if (__builtin_add_overflow(index * width_ns, width_ns, &to_ns))
		to_ns = INT64_MAX;
	*c = (struct time_cell){ index * width_ns, to_ns, index, step };
}

/* ---- lines ---- */

static void widen(struct left_out *l, uint64_t lines, int64_t first_ns, int64_t last_ns)
{
	if (lines == 0)
		return;
	l->first_ns = l->lines == 0 ? first_ns : i64_min(l->first_ns, first_ns);
	l->last_ns = l->lines == 0 ? last_ns : i64_max(l->last_ns, last_ns);
	l->lines += lines;
}

void tally_leave_out(struct tally *t, int64_t time_ns)
{
	widen(&t->left_out, 1, time_ns, time_ns);
}

void tally_merge_left_out(struct tally *into, const struct left_out *from)
{
	widen(&into->left_out, from->lines, from->first_ns, from->last_ns);
}

void tally_line(struct tally *t, uint32_t service, int64_t time_ns, enum level level, bool problem,
	bool matched)
{
	struct tally_service *s = &t->services[service];
	tally_count(t, &s->lines, s->grain, time_ns);
	s->by_level[level]++;
	if (problem) {
		tally_count(t, &s->problems, s->grain, time_ns);
		t->problem_lines++;
		t->matched_lines += matched;
	}
}

void tally_site(struct tally *t, uint32_t service, const struct site_name *name, int64_t time_ns)
{
	sites_add(&t->sites, service, t->services[service].hash, name, time_ns);
}

/* ---- subjects ---- */

struct tally_subject *tally_subject_find(
	struct tally *t, enum subject_kind kind, uint64_t id, uint64_t service_hash)
{
	const uint64_t *at =
		table_get(&t->subject_index, tally_subject_key(kind, id, service_hash));
	return at == NULL ? NULL : &t->subjects[*at];
}

static uint8_t grain_of(const struct tally *t, enum subject_kind kind, uint64_t id,
	uint32_t service, enum level level)
{
	if (kind == SUBJECT_RULE)
		return t->services[service].grain;
	return tally_grain_of(
		id, tally_is_problem(level) ? GRAINS_OF_PROBLEMS : GRAINS_OF_TEMPLATES);
}

struct tally_subject *tally_subject_add(struct tally *t, enum subject_kind kind, uint64_t id,
	uint32_t service, uint64_t service_hash, enum level level)
{
	mem_grow(&t->subjects, t->subject_count, &t->subject_capacity);
	struct tally_subject *s = &t->subjects[t->subject_count];
	*s = (struct tally_subject){ .kind = kind,
		.id = id,
		.service = service,
		.service_hash = service_hash,
		.level = level,
		.rule = UINT32_MAX,
		.grain = grain_of(t, kind, id, service, level),
		.counter = counter_none };
	exemplars_init(&s->exemplars, exemplar_room(kind, level));
	*table_put(&t->subject_index, tally_subject_key(kind, id, service_hash)) =
		t->subject_count++;
	return s;
}

void tally_subject_drop(struct tally *t, struct tally_subject *s)
{
	s->dropped = true;
	tally_forget_cells(t, s->counter.cells.count);
	release_subject(s);
}

void tally_subjects_index(struct tally *t)
{
	table_clear(&t->subject_index);
	table_clear(&t->template_memo);
	t->template_epoch++;
	for (size_t i = 0; i < t->subject_count; i++) {
		const struct tally_subject *s = &t->subjects[i];
		if (!s->dropped)
			*table_put(&t->subject_index,
				tally_subject_key(s->kind, s->id, s->service_hash)) = i;
	}
}

static struct tally_subject *rule_subject(
	struct tally *t, uint32_t rule, uint32_t service, enum level level)
{
	uint64_t hash = t->services[service].hash;
	struct tally_subject *s = tally_subject_find(t, SUBJECT_RULE, rule, hash);
	return s != NULL ? s : tally_subject_add(t, SUBJECT_RULE, rule, service, hash, level);
}

void tally_rule(struct tally *t, uint32_t rule, uint32_t service, enum level level,
	const struct line_place *line)
{
	struct tally_subject *s = rule_subject(t, rule, service, level);
	if (level > s->level)
		s->level = level;
	tally_count(t, &s->counter, s->grain, line->time_ns);
	s->site = tally_site_of(s->site, line->site);
	exemplars_offer(&s->exemplars, line);
}

void tally_fire(struct tally *t, uint32_t rule, struct str service, int64_t first_ns,
	int64_t last_ns, const struct evidence *lines, size_t line_count)
{
	struct tally_subject *s = rule_subject(t, rule, tally_service(t, service), LEVEL_NONE);
	tally_count(t, &s->counter, s->grain, first_ns);
	if (last_ns != TIME_NONE && last_ns > s->counter.last_ns)
		s->counter.last_ns = last_ns;
	s->site = SITE_SEVERAL;
	for (size_t i = 0; i < line_count; i++)
		exemplars_offer_evidence(&s->exemplars, &lines[i]);
}

/* ---- numbers and requests ---- */

struct number_list *tally_quantity_of(
	struct tally *t, uint32_t rule, uint32_t service, struct str name)
{
	uint32_t name_id = intern_add(&t->quantity_names, name);
	uint64_t *at = table_put(&t->quantity_index,
		tally_mix(tally_mix(rule, service + UINT64_C(1)), name_id + UINT64_C(1)));
	if (*at == 0) {
		mem_grow(&t->quantities, t->quantity_count, &t->quantity_capacity);
		t->quantities[t->quantity_count++] =
			(struct tally_quantity){ rule, service, name_id, { 0 } };
		*at = t->quantity_count;
	}
	return &t->quantities[*at - 1].numbers;
}

void tally_number(struct tally *t, uint32_t rule, uint32_t service, struct str name, double value,
	int64_t time_ns)
{
	unsigned grain = t->services[service].grain;
	if (time_ns == TIME_NONE || grain == TALLY_UNTIMED)
		return;
	struct number_list *numbers = tally_quantity_of(t, rule, service, name);
	int64_t index = cells_index(t->steps[grain], time_ns);
	tally_note_growth(t, number_list_add(numbers, index, value));
}

void tally_thin_events(struct tally *t, unsigned sampling)
{
	while (t->event_sampling < sampling ||
		(t->event_count > t->limits.requests && t->event_sampling < 63)) {
		t->event_sampling++;
		size_t kept = 0;
		for (size_t i = 0; i < t->event_count; i++) {
			if (tally_follows(t, t->events[i].request))
				t->events[kept++] = t->events[i];
		}
		t->event_count = kept;
	}
}

void tally_event(struct tally *t, const struct tally_event *event)
{
	if (event->time_ns == TIME_NONE || !tally_follows(t, event->request))
		return;
	mem_grow(&t->events, t->event_count, &t->event_capacity);
	t->events[t->event_count++] = *event;
	if (t->event_count > t->limits.requests)
		tally_thin_events(t, 0);
}

size_t tally_bytes(const struct tally *t)
{
	return t->cell_count * sizeof(struct cell) + t->subject_capacity * sizeof(*t->subjects) +
	       t->template_memo.capacity * sizeof(struct table_slot) +
	       t->event_capacity * sizeof(*t->events);
}
