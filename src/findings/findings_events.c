/* SPDX-License-Identifier: MIT */
#include "src/findings/findings_events.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "lineup/sort.h"
#include "lineup/table.h"

/* ---- order ---- */

/* What puts events of one instant in order. */
struct instant_event {
	uint64_t request;
	uint64_t line;
	uint32_t service;
	uint32_t input;
	uint32_t sequence;
	uint32_t index;
};

static int by_request_then_place(const void *a, const void *b)
{
	const struct instant_event *x = a, *y = b;
	if (x->request != y->request)
		return x->request < y->request ? -1 : 1;
	/* by service, and so the same way in each request, wherever the files lie: a bundle's last
	 * days in the open and the others in archives are no change in who calls whom */
	if (x->service != y->service)
		return x->service < y->service ? -1 : 1;
	if (x->input != y->input)
		return x->input < y->input ? -1 : 1;
	if (x->sequence != y->sequence)
		return x->sequence < y->sequence ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* So many of order, all of one instant. */
static void order_instant(const struct tally_event *events, const uint32_t *service_order,
	uint32_t *order, size_t count)
{
	struct instant_event few[SORT_FEW];
	struct instant_event *all = count <= SORT_FEW ? few : mem_alloc(count * sizeof(*all));
	for (size_t i = 0; i < count; i++) {
		const struct tally_event *e = &events[order[i]];
		all[i] = (struct instant_event){ e->request, e->line, service_order[e->service],
			e->input, e->sequence, order[i] };
	}
	sort_few(all, count, by_request_then_place);
	for (size_t i = 0; i < count; i++)
		order[i] = all[i].index;
	if (all != few)
		free(all);
}

/* Indices of the events by time, and within an instant by request and place.
 * Freed by the caller. */
static uint32_t *order_by_time(const struct tally *t, const uint32_t *service_order)
{
	size_t count = t->event_count;
	uint64_t *keys = mem_alloc((count + 1) * sizeof(*keys));
	uint32_t *order = mem_alloc((count + 1) * sizeof(*order));
	for (size_t i = 0; i < count; i++)
		keys[i] = sort_key_of(t->events[i].time_ns);
	sort_by_key(keys, (uint32_t)count, order);
	for (size_t i = 0, end; i < count; i = end) {
		end = i + 1;
		while (end < count && keys[order[end]] == keys[order[i]])
			end++;
		if (end > i + 1)
			order_instant(t->events, service_order, order + i, end - i);
	}
	free(keys);
	return order;
}

/*
 * To each event its place: requests in the order in which they begin, and the events of each as
 * they are. `order` becomes the index of the event at each place.
 */
static void group_by_request(const struct tally *t, uint32_t *order)
{
	size_t count = t->event_count;
	uint32_t *group = mem_alloc((count + 1) * sizeof(*group));
	uint32_t *grouped = mem_alloc((count + 1) * sizeof(*grouped));
	uint32_t *next = mem_zalloc(count + 2, sizeof(*next)); /* of each group; one further on */
	struct table numbers = { 0 };
	uint32_t groups = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t *number = table_put(&numbers, t->events[order[i]].request);
		if (*number == 0)
			*number = ++groups;
		group[i] = (uint32_t)*number;
		next[group[i] + 1]++;
	}
	for (uint32_t i = 1; i <= groups; i++)
		next[i + 1] += next[i];
	for (size_t i = 0; i < count; i++)
		grouped[next[group[i]]++] = order[i];
	memcpy(order, grouped, count * sizeof(*order));
	table_release(&numbers);
	free(group);
	free(grouped);
	free(next);
}

/* ---- subjects ---- */

static uint64_t template_key(uint64_t id, uint32_t service)
{
	return id ^ (service + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Of each kept template: its subject. Two templates of one key would need equal hashes of 64 bits:
 * who asks compares, and takes the second one's events for those of one that was not kept. */
static void number_templates(const struct findings *f, struct table *numbers)
{
	for (size_t i = 0; i < f->subject_count; i++) {
		const struct subject *s = &f->subjects[i];
		if (s->kind == SUBJECT_TEMPLATE)
			*table_put(numbers, template_key(s->template_id, s->service)) = i;
	}
}

static uint32_t find_subject(
	const struct findings *f, const struct table *numbers, uint64_t id, uint32_t service)
{
	const uint64_t *known = table_get(numbers, template_key(id, service));
	if (known == NULL || f->subjects[*known].template_id != id ||
		f->subjects[*known].service != service)
		return UINT32_MAX;
	return (uint32_t)*known;
}

uint32_t *findings_order_events(const struct tally *t, const uint32_t *service_order)
{
	uint32_t *order = order_by_time(t, service_order);
	group_by_request(t, order);
	return order;
}

/* ---- to the findings, some events at a time ---- */

#define EVENTS_A_PART 8192

struct filling {
	struct findings *f;
	const struct tally *t;
	const uint32_t *service_order;
	const uint32_t *order;
	struct table numbers;
};

static void fill_part(void *context, size_t part)
{
	const struct filling *w = context;
	size_t first = part * EVENTS_A_PART;
	size_t end = size_min(first + EVENTS_A_PART, w->t->event_count);
	for (size_t i = first; i < end; i++) {
		const struct tally_event *e = &w->t->events[w->order[i]];
		uint32_t service = w->service_order[e->service];
		w->f->events[i] = (struct request_event){ .request = e->request,
			.span = e->span,
			.time_ns = e->time_ns,
			.line = e->line,
			.service = service,
			.subject = find_subject(w->f, &w->numbers, e->template_id, service),
			.input = e->input,
			.sequence = e->sequence,
			.level = e->level };
	}
}

void findings_build_events(struct findings *f, const struct tally *t, const uint32_t *service_order,
	const uint32_t *order, unsigned threads)
{
	struct filling w = { .f = f, .t = t, .service_order = service_order, .order = order };
	number_templates(f, &w.numbers);
	f->events = arena_alloc(&f->arena, t->event_count, sizeof(*f->events));
	f->event_count = t->event_count;
	f->event_sampling = t->event_sampling;
	parallel_each(threads, (t->event_count + EVENTS_A_PART - 1) / EVENTS_A_PART, fill_part, &w);
	table_release(&w.numbers);
}
