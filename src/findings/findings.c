/* SPDX-License-Identifier: MIT */
#include "lineup/findings.h"

#include <stdlib.h>

#include "lineup/guests.h"
#include "lineup/mem.h"
#include "src/findings/clocks.h"
#include "src/findings/findings_events.h"
#include "src/findings/findings_sites.h"

/* While building: what leads from the tally's numbers to the findings' order. */
struct builder {
	struct findings *f;
	struct tally *t;
	uint32_t *service_order; /* tally's service -> findings' */
};

struct named {
	struct str name;
	uint32_t index;
};

static int by_name(const void *a, const void *b)
{
	return str_compare(((const struct named *)a)->name, ((const struct named *)b)->name);
}

static struct series series_of(const struct builder *b, const struct counter *c)
{
	struct series s = { .total = c->total,
		.undated = c->undated,
		.first_ns = c->first_ns,
		.last_ns = c->last_ns,
		.cell_count = c->cells.count };
	s.cells = arena_alloc(&b->f->arena, s.cell_count, sizeof(*s.cells));
	if (s.cell_count > 0)
		memcpy(s.cells, c->cells.items, s.cell_count * sizeof(*s.cells));
	return s;
}

static void extend_span(struct findings *f, const struct series *s)
{
	if (s->first_ns == TIME_NONE)
		return;
	if (f->first_ns == TIME_NONE || s->first_ns < f->first_ns)
		f->first_ns = s->first_ns;
	if (f->last_ns == TIME_NONE || s->last_ns > f->last_ns)
		f->last_ns = s->last_ns;
}

/* Which service stands where: what orders events needs no more. */
static void order_services(struct builder *b)
{
	struct findings *f = b->f;
	size_t total = b->t->service_names.count, count = 0;
	struct named *order = mem_zalloc(total, sizeof(*order));
	for (uint32_t i = 0; i < total; i++) {
		if (!b->t->services[i].dropped)
			order[count++] = (struct named){ intern_name(&b->t->service_names, i), i };
	}
	qsort(order, count, sizeof(*order), by_name);
	f->services = arena_alloc(&f->arena, count, sizeof(*f->services));
	f->service_count = count;
	b->service_order = mem_zalloc(total, sizeof(*b->service_order));
	for (uint32_t i = 0; i < count; i++) {
		b->service_order[order[i].index] = i;
		f->services[i].name = arena_copy(&f->arena, order[i].name);
	}
	free(order);
}

static void fill_services(struct builder *b)
{
	struct findings *f = b->f;
	for (uint32_t i = 0; i < b->t->service_names.count; i++) {
		const struct tally_service *from = &b->t->services[i];
		struct service_findings *to = &f->services[b->service_order[i]];
		if (from->dropped)
			continue;
		to->lines = series_of(b, &from->lines);
		to->problems = series_of(b, &from->problems);
		memcpy(to->by_level, from->by_level, sizeof(to->by_level));
		extend_span(f, &to->lines);
	}
}

/* ---- subjects ---- */

struct subject_key {
	enum subject_kind kind;
	uint64_t id;
	uint32_t service; /* in the findings' order */
	uint32_t index;	  /* in the tally */
};

static int by_kind_id_service(const void *a, const void *b)
{
	const struct subject_key *x = a, *y = b;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->service < y->service ? -1 : x->service > y->service;
}

static void copy_evidence(struct findings *f, struct subject *to, const struct exemplars *from)
{
	to->evidence = arena_alloc(&f->arena, from->count, sizeof(*to->evidence));
	to->evidence_count = from->count;
	for (size_t i = 0; i < from->count; i++) {
		to->evidence[i] = from->items[i];
		to->evidence[i].path = arena_copy(&f->arena, from->items[i].path);
		to->evidence[i].text = arena_copy(&f->arena, from->items[i].text);
	}
}

static void build_subject(struct builder *b, const struct subject_key *key)
{
	struct findings *f = b->f;
	const struct tally_subject *from = &b->t->subjects[key->index];
	struct subject *to = &f->subjects[f->subject_count++];
	to->kind = from->kind;
	to->level = from->level;
	to->service = key->service;
	to->series = series_of(b, &from->counter);
	to->site = findings_site_of(f, key->service, from->site);
	if (from->kind == SUBJECT_RULE) {
		to->rule = (uint32_t)from->id;
	} else {
		to->template_id = from->id;
		to->rule = from->rule;
		to->template_text = arena_copy(&f->arena, str_from(from->template_text));
	}
	copy_evidence(f, to, &from->exemplars);
}

static void build_subjects(struct builder *b)
{
	struct findings *f = b->f;
	size_t total = b->t->subject_count, count = 0;
	struct subject_key *keys = mem_zalloc(total, sizeof(*keys));
	for (uint32_t i = 0; i < total; i++) {
		const struct tally_subject *s = &b->t->subjects[i];
		if (!s->dropped)
			keys[count++] = (struct subject_key){ s->kind, s->id,
				b->service_order[s->service], i };
	}
	qsort(keys, count, sizeof(*keys), by_kind_id_service);
	f->subjects = arena_alloc(&f->arena, count, sizeof(*f->subjects));
	uint64_t kept_lines = 0;
	for (size_t i = 0; i < count; i++) {
		if (keys[i].kind == SUBJECT_TEMPLATE)
			kept_lines += b->t->subjects[keys[i].index].counter.total;
		build_subject(b, &keys[i]);
	}
	f->template_lines_dropped = b->t->template_lines - kept_lines;
	f->service_sampling = b->t->service_sampling;
	f->template_sampling[0] = b->t->template_sampling[0];
	f->template_sampling[1] = b->t->template_sampling[1];
	free(keys);
}

/* ---- quantities ---- */

static struct subject *rule_subject(const struct findings *f, uint32_t rule, uint32_t service)
{
	size_t low = 0, high = f->subject_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct subject *s = &f->subjects[middle];
		bool before = s->kind == SUBJECT_RULE &&
			      (s->rule < rule || (s->rule == rule && s->service < service));
		if (before)
			low = middle + 1;
		else
			high = middle;
	}
	struct subject *s = low < f->subject_count ? &f->subjects[low] : NULL;
	return s != NULL && s->kind == SUBJECT_RULE && s->rule == rule && s->service == service
		       ? s
		       : NULL;
}

static int by_quantity_name(const void *a, const void *b)
{
	return str_compare(((const struct quantity *)a)->name, ((const struct quantity *)b)->name);
}

static void build_quantity(struct builder *b, const struct tally_quantity *q)
{
	struct findings *f = b->f;
	struct subject *s = rule_subject(f, q->rule, b->service_order[q->service]);
	if (s == NULL || q->numbers.count == 0)
		return;
	struct quantity to = { arena_copy(&f->arena, intern_name(&b->t->quantity_names, q->name)),
		NULL, q->numbers.count };
	to.cells = arena_alloc(&f->arena, to.cell_count, sizeof(*to.cells));
	memcpy(to.cells, q->numbers.items, to.cell_count * sizeof(*to.cells));
	struct quantity *all = arena_alloc(&f->arena, s->quantity_count + 1, sizeof(*all));
	if (s->quantity_count > 0)
		memcpy(all, s->quantities, s->quantity_count * sizeof(*all));
	all[s->quantity_count++] = to;
	qsort(all, s->quantity_count, sizeof(*all), by_quantity_name);
	s->quantities = all;
}

/* ---- detections ---- */

/* Rules are sorted by id and subjects by rule, so one pass over neighbours does it. */
static void build_detections(struct findings *f)
{
	size_t rules = 0;
	for (size_t i = 0; i < f->subject_count && f->subjects[i].kind == SUBJECT_RULE; i++)
		rules += i == 0 || f->subjects[i].rule != f->subjects[i - 1].rule;
	f->detections = arena_alloc(&f->arena, rules, sizeof(*f->detections));
	for (size_t i = 0; i < f->subject_count && f->subjects[i].kind == SUBJECT_RULE;) {
		struct detection *d = &f->detections[f->detection_count++];
		size_t end = i;
		*d = (struct detection){
			.rule = f->subjects[i].rule, .first_ns = TIME_NONE, .last_ns = TIME_NONE
		};
		while (end < f->subject_count && f->subjects[end].kind == SUBJECT_RULE &&
			f->subjects[end].rule == d->rule)
			end++;
		d->services = arena_alloc(&f->arena, end - i, sizeof(*d->services));
		for (; i < end; i++) {
			const struct series *s = &f->subjects[i].series;
			d->services[d->service_count++] = f->subjects[i].service;
			d->count += s->total;
			if (s->first_ns == TIME_NONE)
				continue;
			if (d->first_ns == TIME_NONE || s->first_ns < d->first_ns)
				d->first_ns = s->first_ns;
			d->last_ns = i64_max(d->last_ns, s->last_ns);
		}
	}
}

/* The events of each tally, and how its services are numbered in the findings. */
static struct event_source *find_sources(
	const struct builder *b, const struct tallies *tallies, const struct tally_join *join)
{
	struct event_source *sources = mem_zalloc(tallies->count, sizeof(*sources));
	for (size_t i = 0; i < tallies->count; i++) {
		const struct tally *t = tallies->items[i];
		const uint32_t *services = tally_join_services(join, i);
		sources[i] = (struct event_source){ t->events, t->event_count,
			mem_zalloc(t->service_names.count, sizeof(*sources[i].services)) };
		for (uint32_t k = 0; k < t->service_names.count; k++) {
			uint32_t service = services == NULL ? k : services[k];
			if (service != UINT32_MAX)
				sources[i].services[k] = b->service_order[service];
		}
	}
	return sources;
}

static void release_sources(struct event_source *sources, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(sources[i].services);
	free(sources);
}

void findings_build(struct findings *f, const struct tallies *tallies, const struct rule_set *rules)
{
	*f = (struct findings){ .rules = rules, .first_ns = TIME_NONE, .last_ns = TIME_NONE };
	struct tally_join *join = tally_join_begin(tallies);
	const struct tally *t = tallies->items[0];
	f->problem_lines = t->problem_lines;
	f->matched_lines = t->matched_lines;
	f->left_out = t->left_out;
	f->event_sampling = t->event_sampling;
	struct builder b = { .f = f, .t = tallies->items[0] };
	order_services(&b);
	struct event_source *sources = find_sources(&b, tallies, join);
	struct event_order order;
	findings_order_events(&order, sources, tallies->count, tallies->threads);
	f->cell_ns = tally_join_end(join);
	fill_services(&b);
	findings_build_sites(f, t, b.service_order);
	build_subjects(&b);
	for (size_t i = 0; i < t->quantity_count; i++)
		build_quantity(&b, &t->quantities[i]);
	guests_mark(f);
	findings_build_events(f, &order, tallies->threads);
	clocks_find(f);
	build_detections(f);
	findings_release_order(&order);
	release_sources(sources, tallies->count);
	free(b.service_order);
}

void findings_note(struct findings *f, struct str note)
{
	mem_grow(&f->notes, f->note_count, &f->note_capacity);
	f->notes[f->note_count++] = note;
}

void findings_release(struct findings *f)
{
	troubles_release(&f->troubles);
	free(f->notes);
	arena_release(&f->arena);
	*f = (struct findings){ 0 };
}

uint64_t series_count(const struct series *s, int64_t cell_ns, int64_t from_ns, int64_t to_ns)
{
	uint64_t count = 0;
	for (size_t i = 0; i < s->cell_count; i++) {
		int64_t start_ns = s->cells[i].index * cell_ns;
		if (start_ns >= from_ns && start_ns < to_ns)
			count += s->cells[i].count;
	}
	return count;
}
