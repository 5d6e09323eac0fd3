/* SPDX-License-Identifier: MIT */
#include "lineup/tally.h"

#include <assert.h>
#include <stdlib.h>

#include "lineup/duration.h"
#include "lineup/mem.h"

/*
 * Room for one worker. Cells are 16 bytes each. A bundle with
 * more than 2 x 24,000 pairs of service and template is dominated by text that does not repeat, of
 * which a sample tells as much.
 */
const struct tally_limits tally_limits_default = {
	.cells = 700 * 1000,
	.templates = 24 * 1000,
	.requests = 400 * 1000,
	.services = 20 * 1000,
};

/* The memo of templates is a cache: full, it is emptied and fills again. */
#define MEMO_LIMIT (96 * 1024)

#define EXEMPLARS_OF_PROBLEMS  10
#define EXEMPLARS_OF_TEMPLATES 2
#define TEMPLATE_TEXT_BYTES    600

/* How long things take is compared by the lines that are kept. */
#define EXEMPLARS_OF_DURATIONS EXEMPLARS_MAX

/* Rules and problems keep the evidence of an onset; ordinary templates need an example. */
static unsigned exemplar_room(enum subject_kind kind, enum level level)
{
	return kind != SUBJECT_TEMPLATE || level >= LEVEL_WARNING ? EXEMPLARS_OF_PROBLEMS
								  : EXEMPLARS_OF_TEMPLATES;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t h = (a ^ (a >> 32)) * 0xd6e8feb86659fd93ULL + b;
	return (h ^ (h >> 29)) * 0xff51afd7ed558ccdULL;
}

void tally_init(struct tally *t, const struct tally_limits *limits)
{
	*t = (struct tally){ .limits = *limits,
		.last_service = UINT32_MAX,
		.template_epoch = 1,
		.last_cell = { .time_ns = TIME_NONE } };
	t->cell_ceiling = limits->cells * 2;
	buf_init(&t->text, TEMPLATE_TEXT_BYTES);
}

static void subject_release(struct tally_subject *s)
{
	exemplars_release(&s->exemplars);
	cell_list_release(&s->counter.cells);
	free(s->template_text);
	s->template_text = NULL;
}

void tally_release(struct tally *t)
{
	for (size_t i = 0; i < t->subject_count; i++)
		subject_release(&t->subjects[i]);
	for (size_t i = 0; i < t->service_names.count; i++) {
		cell_list_release(&t->services[i].lines.cells);
		cell_list_release(&t->services[i].problems.cells);
	}
	for (size_t i = 0; i < t->quantity_count; i++)
		number_list_release(&t->quantities[i].numbers);
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

static const struct counter counter_none = { .first_ns = TIME_NONE, .last_ns = TIME_NONE };

/* All lists, divided by factor and each cell once. */
static void compact_all(struct tally *t, int64_t factor, int64_t width_ns)
{
	t->cell_count = 0;
	for (size_t i = 0; i < t->service_names.count; i++) {
		cell_list_compact(&t->services[i].lines.cells, factor, width_ns);
		cell_list_compact(&t->services[i].problems.cells, factor, width_ns);
		t->cell_count +=
			t->services[i].lines.cells.count + t->services[i].problems.cells.count;
	}
	for (size_t i = 0; i < t->subject_count; i++) {
		cell_list_compact(&t->subjects[i].counter.cells, factor, width_ns);
		t->cell_count += t->subjects[i].counter.cells.count;
	}
	for (size_t i = 0; i < t->quantity_count; i++) {
		number_list_compact(&t->quantities[i].numbers, factor);
		t->cell_count += t->quantities[i].numbers.count;
	}
}

/* One step wider: the only place that changes the width. */
static void widen(struct tally *t)
{
	int64_t width_ns = cells_width_ns(t->step);
	int64_t factor = cells_width_ns(t->step + 1) / width_ns;
	t->step++;
	compact_all(t, factor, width_ns);
}

/*
 * Widens until the cells, each counted once, fit. Between two calls as many again may be appended
 * twice or out of order.
 */
void tally_compact(struct tally *t)
{
	compact_all(t, 1, cells_width_ns(t->step));
	while (t->cell_count > t->limits.cells && t->step + 1 < cells_steps())
		widen(t);
	t->cell_ceiling = t->cell_count + t->limits.cells;
}

static void note_growth(struct tally *t, int grown)
{
	t->cell_count += (size_t)grown;
	if (unlikely(t->cell_count > t->cell_ceiling))
		tally_compact(t);
}

/* A line is counted several times at one time: the cell is worked out once. */
static struct cell cell_of(struct tally *t, int64_t time_ns)
{
	struct time_cell *last = &t->last_cell;
	if (unlikely(last->time_ns != time_ns || last->step != t->step))
		*last = (struct time_cell){ time_ns, cell_at(t->step, time_ns), t->step };
	return last->cell;
}

static void counter_add(struct tally *t, struct counter *c, int64_t time_ns)
{
	c->total++;
	if (time_ns == TIME_NONE) {
		c->undated++;
		return;
	}
	if (c->first_ns == TIME_NONE || time_ns < c->first_ns)
		c->first_ns = time_ns;
	if (c->last_ns == TIME_NONE || time_ns > c->last_ns)
		c->last_ns = time_ns;
	note_growth(t, cell_list_add(&c->cells, cell_of(t, time_ns)));
}

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

/* ---- services ---- */

uint32_t tally_service(struct tally *t, struct str name)
{
	if (name.len == 0)
		name = STR("unknown");
	if (t->last_service != UINT32_MAX &&
		str_equal(name, intern_name(&t->service_names, t->last_service)))
		return t->last_service;
	size_t before = t->service_names.count;
	if (before >= t->limits.services && intern_find(&t->service_names, name) == UINT32_MAX)
		name = STR("(other services)");
	uint32_t id = intern_add(&t->service_names, name);
	if (t->service_names.count > before) {
		mem_grow(&t->services, before, &t->service_capacity);
		t->services[id] = (struct tally_service){ counter_none, counter_none, { 0 } };
	}
	t->last_service = id;
	return id;
}

void tally_line(struct tally *t, uint32_t service, int64_t time_ns, enum level level, bool problem,
	bool matched)
{
	struct tally_service *s = &t->services[service];
	counter_add(t, &s->lines, time_ns);
	s->by_level[level]++;
	if (problem) {
		counter_add(t, &s->problems, time_ns);
		t->problem_lines++;
		t->matched_lines += matched;
	}
}

/* ---- subjects ---- */

static uint64_t subject_key(enum subject_kind kind, uint64_t id, uint32_t service)
{
	return mix(id, ((uint64_t)kind << 32 | service) + 1);
}

static bool is_problem(enum level level)
{
	return level >= LEVEL_WARNING;
}

static bool thinned_out(const struct tally *t, uint64_t template_id, bool problem)
{
	return (template_id & ((UINT64_C(1) << t->template_sampling[problem]) - 1)) != 0;
}

/* Drops the templates of one class that the present sampling leaves out, and counts the rest. */
static void drop_thinned(struct tally *t, bool problem)
{
	t->template_counts[problem] = 0;
	table_clear(&t->subject_index);
	table_clear(&t->template_memo);
	t->template_epoch++;
	for (size_t i = 0; i < t->subject_count; i++) {
		struct tally_subject *s = &t->subjects[i];
		bool of_class = s->kind == SUBJECT_TEMPLATE && is_problem(s->level) == problem;
		if (of_class && !s->dropped && thinned_out(t, s->id, problem)) {
			s->dropped = true;
			t->cell_count -= s->counter.cells.count;
			subject_release(s);
		}
		if (!s->dropped) {
			t->template_counts[problem] += of_class;
			*table_put(&t->subject_index, subject_key(s->kind, s->id, s->service)) = i;
		}
	}
}

/* Samples templates at least this thinly, and more so until they fit. */
static void thin_templates(struct tally *t, bool problem, unsigned sampling)
{
	if (sampling > t->template_sampling[problem]) {
		t->template_sampling[problem] = sampling;
		drop_thinned(t, problem);
	}
	while (t->template_counts[problem] > t->limits.templates &&
		t->template_sampling[problem] < 63) {
		t->template_sampling[problem]++;
		drop_thinned(t, problem);
	}
}

static struct tally_subject *subject_find(
	struct tally *t, enum subject_kind kind, uint64_t id, uint32_t service)
{
	const uint64_t *at = table_get(&t->subject_index, subject_key(kind, id, service));
	return at == NULL ? NULL : &t->subjects[*at];
}

static struct tally_subject *subject_add(
	struct tally *t, enum subject_kind kind, uint64_t id, uint32_t service, enum level level)
{
	mem_grow(&t->subjects, t->subject_count, &t->subject_capacity);
	struct tally_subject *s = &t->subjects[t->subject_count];
	*s = (struct tally_subject){ .kind = kind,
		.id = id,
		.service = service,
		.level = level,
		.rule = UINT32_MAX,
		.counter = counter_none };
	exemplars_init(&s->exemplars, exemplar_room(kind, level));
	*table_put(&t->subject_index, subject_key(kind, id, service)) = t->subject_count++;
	return s;
}

void tally_rule(struct tally *t, uint32_t rule, uint32_t service, enum level level,
	const struct line_place *line)
{
	struct tally_subject *s = subject_find(t, SUBJECT_RULE, rule, service);
	if (s == NULL)
		s = subject_add(t, SUBJECT_RULE, rule, service, level);
	if (level > s->level)
		s->level = level;
	counter_add(t, &s->counter, line->time_ns);
	exemplars_offer(&s->exemplars, line);
}

void tally_fire(struct tally *t, uint32_t rule, struct str service, int64_t first_ns,
	int64_t last_ns, const struct evidence *lines, size_t line_count)
{
	uint32_t number = tally_service(t, service);
	struct tally_subject *s = subject_find(t, SUBJECT_RULE, rule, number);
	if (s == NULL)
		s = subject_add(t, SUBJECT_RULE, rule, number, LEVEL_NONE);
	counter_add(t, &s->counter, first_ns);
	if (last_ns != TIME_NONE && last_ns > s->counter.last_ns)
		s->counter.last_ns = last_ns;
	for (size_t i = 0; i < line_count; i++)
		exemplars_offer_evidence(&s->exemplars, &lines[i]);
}

/* ---- templates ---- */

/* Before the first line is offered as evidence. */
static void set_template_text(struct tally_subject *s, struct str text)
{
	s->template_text = mem_strdup(text);
	if (duration_is_likely(text))
		exemplars_init(&s->exemplars, EXEMPLARS_OF_DURATIONS);
}

static struct tally_subject *template_at_first_sight(
	struct tally *t, struct str message, uint32_t service, enum level level)
{
	buf_clear(&t->text);
	mask_text(message, &t->text);
	uint64_t id = mix(str_hash(buf_str(&t->text)), level);
	bool problem = is_problem(level);
	if (thinned_out(t, id, problem))
		return NULL;
	struct tally_subject *s = subject_find(t, SUBJECT_TEMPLATE, id, service);
	if (s != NULL)
		return s;
	if (++t->template_counts[problem] > t->limits.templates) {
		thin_templates(t, problem, 0);
		if (thinned_out(t, id, problem))
			return NULL;
		t->template_counts[problem]++;
	}
	s = subject_add(t, SUBJECT_TEMPLATE, id, service, level);
	set_template_text(s, buf_str(&t->text));
	return s;
}

static struct tally_subject *template_find(
	struct tally *t, struct str message, uint32_t service, enum level level)
{
	uint64_t key = mix(mask_key(message), (uint64_t)service << 8 | (uint64_t)level);
	const uint64_t *known = table_get(&t->template_memo, key);
	if (likely(known != NULL))
		return &t->subjects[*known];
	struct tally_subject *s = template_at_first_sight(t, message, service, level);
	if (s == NULL)
		return NULL;
	if (t->template_memo.count >= MEMO_LIMIT)
		table_clear(&t->template_memo);
	*table_put(&t->template_memo, key) = (uint64_t)(s - t->subjects);
	return s;
}

/*
 * Is the template the same for all lines of the form, when their messages start here? mask_text takes
 * out all that the form does, words with digits and ids, whole: so it is, unless the message starts
 * within an id, of which the rest could be letters alone.
 */
static bool slot_is_good(const struct line_form *form, size_t message_at)
{
	return message_at == 0 || message_at >= form->len ||
	       form->masked[message_at] != LINE_MASK_ID ||
	       (form->masked[message_at - 1] != LINE_MASK_ID &&
		       form->masked[message_at - 1] != '-');
}

uint64_t tally_template(struct tally *t, struct str message, uint32_t service, enum level level,
	uint32_t rule, const struct line_place *line, struct line_form *form)
{
	uint32_t message_at = (uint32_t)(line->text.len - message.len);
	struct template_slot *slot = form != NULL ? &form->slot : NULL;
	struct tally_subject *s;
	t->template_lines++;
	if (slot != NULL && slot->epoch == t->template_epoch && slot->service == service &&
		slot->message_at == message_at && slot->level == (uint32_t)level) {
		s = &t->subjects[slot->subject];
	} else {
		s = template_find(t, message, service, level);
		if (s == NULL)
			return 0;
		if (slot != NULL && slot_is_good(form, message_at))
			*slot = (struct template_slot){ t->template_epoch,
				(uint64_t)(s - t->subjects), service, message_at, level };
	}
	if (rule < s->rule)
		s->rule = rule;
	counter_add(t, &s->counter, line->time_ns);
	exemplars_offer(&s->exemplars, line);
	return s->id;
}

/* ---- numbers and requests ---- */

static struct number_list *quantity(
	struct tally *t, uint32_t rule, uint32_t service, struct str name)
{
	uint32_t name_id = intern_add(&t->quantity_names, name);
	uint64_t *at = table_put(
		&t->quantity_index, mix(mix(rule, service + UINT64_C(1)), name_id + UINT64_C(1)));
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
	if (time_ns == TIME_NONE)
		return;
	struct number_list *numbers = quantity(t, rule, service, name);
	note_growth(t, number_list_add(numbers, cells_index(t->step, time_ns), value));
}

/* Follows requests at least this thinly, and more so until their events fit. */
static void thin_events(struct tally *t, unsigned sampling)
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
		thin_events(t, 0);
}

/* ---- merging ---- */

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
	bool problem = is_problem(source->level);
	bool is_template = source->kind == SUBJECT_TEMPLATE;
	if (source->dropped || (is_template && thinned_out(into, source->id, problem)))
		return;
	struct tally_subject *target = subject_find(into, source->kind, source->id, service);
	if (target == NULL) {
		target = subject_add(into, source->kind, source->id, service, source->level);
		into->template_counts[problem] += is_template;
		if (source->template_text != NULL)
			set_template_text(target, str_from(source->template_text));
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
	thin_events(into, from->event_sampling);
	thin_events(from, into->event_sampling);
	while (into->event_count + from->event_count > into->limits.requests &&
		into->event_sampling < 63) {
		thin_events(into, into->event_sampling + 1);
		thin_events(from, into->event_sampling);
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
		widen(into);
	while (from->step < into->step)
		widen(from);
	uint32_t *services = mem_zalloc(from->service_names.count, sizeof(*services));
	merge_services(into, from, services);
	for (size_t problem = 0; problem < 2; problem++)
		thin_templates(into, problem, from->template_sampling[problem]);
	for (size_t i = 0; i < from->subject_count; i++)
		merge_subject(into, &from->subjects[i], services[from->subjects[i].service]);
	for (size_t i = 0; i < from->quantity_count; i++) {
		const struct tally_quantity *q = &from->quantities[i];
		number_list_append(quantity(into, q->rule, services[q->service],
					   intern_name(&from->quantity_names, q->name)),
			&q->numbers);
	}
	thin_templates(into, false, 0);
	thin_templates(into, true, 0);
	tally_compact(into);
	merge_events(into, from, services);
	into->template_lines += from->template_lines;
	into->problem_lines += from->problem_lines;
	into->matched_lines += from->matched_lines;
	free(services);
}

size_t tally_bytes(const struct tally *t)
{
	return t->cell_count * sizeof(struct cell) + t->subject_capacity * sizeof(*t->subjects) +
	       t->template_memo.capacity * sizeof(struct table_slot) +
	       t->event_capacity * sizeof(*t->events);
}
