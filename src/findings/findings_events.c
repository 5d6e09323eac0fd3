/* SPDX-License-Identifier: MIT */
#include "src/findings/findings_events.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "lineup/sort.h"
#include "lineup/table.h"

/* ---- order ---- */

/*
 * Requests are dealt out by their hash, and each part of them is put in order by itself: their
 * events as they come from the tallies, which is mostly in order of time, then each request's own.
 * What is left to be sorted as a whole are the requests.
 */
#define PARTITIONS    64
#define EVENTS_A_PART 8192

struct ordering {
	const struct event_source *sources;
	size_t source_count;
	struct event_order *out;
	struct ordered_event *dealt; /* by partition, else as they come */
	size_t (*next)[PARTITIONS];  /* of each part of the events: where its next one goes */
	size_t first[PARTITIONS + 1];
	struct ordered_request *requests[PARTITIONS];
	size_t request_counts[PARTITIONS];
};

/* Not by the bits that all that are followed have in common. */
static unsigned partition_of(uint64_t request)
{
	return (unsigned)(request >> 40) % PARTITIONS;
}

/* Calls `take` for each event of the part. */
static void for_events(struct ordering *o, size_t part,
	void (*take)(struct ordering *, size_t part, const struct event_source *,
		const struct tally_event *))
{
	size_t first = part * EVENTS_A_PART, end = first + EVENTS_A_PART, before = 0;
	for (size_t k = 0; k < o->source_count && before < end; k++) {
		const struct event_source *source = &o->sources[k];
		size_t from = first > before ? first - before : 0;
		for (size_t i = from; i < source->count && before + i < end; i++)
			take(o, part, source, &source->items[i]);
		before += source->count;
	}
}

static void count_event(struct ordering *o, size_t part, const struct event_source *source,
	const struct tally_event *event)
{
	(void)source;
	o->next[part][partition_of(event->request)]++;
}

static void deal_event(struct ordering *o, size_t part, const struct event_source *source,
	const struct tally_event *event)
{
	o->dealt[o->next[part][partition_of(event->request)]++] =
		(struct ordered_event){ event->request, event->time_ns, event,
			source->services[event->service] };
}

static void count_part(void *context, size_t part)
{
	for_events(context, part, count_event);
}

static void deal_part(void *context, size_t part)
{
	for_events(context, part, deal_event);
}

/* From counts to places. */
static void lay_out(struct ordering *o, size_t parts)
{
	size_t at = 0;
	for (size_t p = 0; p < PARTITIONS; p++) {
		o->first[p] = at;
		for (size_t part = 0; part < parts; part++) {
			size_t count = o->next[part][p];
			o->next[part][p] = at;
			at += count;
		}
	}
	o->first[PARTITIONS] = at;
}

/*
 * Within a request. Those of one instant by service, and so the same way in each request, wherever
 * the files lie: a bundle's last days in the open and the others in archives are no change in who
 * calls whom.
 */
static int by_time_then_place(const void *a, const void *b)
{
	const struct ordered_event *x = a, *y = b;
	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	if (x->service != y->service)
		return x->service < y->service ? -1 : 1;
	if (x->event->input != y->event->input)
		return x->event->input < y->event->input ? -1 : 1;
	if (x->event->sequence != y->event->sequence)
		return x->event->sequence < y->event->sequence ? -1 : 1;
	return x->event->line < y->event->line ? -1 : x->event->line > y->event->line;
}

/* The requests of a partition, each with its events behind one another, in order. */
static void group_partition(void *context, size_t partition)
{
	struct ordering *o = context;
	size_t first = o->first[partition], count = o->first[partition + 1] - first, groups = 0;
	const struct ordered_event *from = o->dealt + first;
	struct ordered_event *to = o->out->events + first;
	uint32_t *group = mem_alloc((count + 1) * sizeof(*group));
	struct ordered_request *requests = mem_zalloc(count + 1, sizeof(*requests));
	struct table numbers = { 0 };
	for (size_t i = 0; i < count; i++) {
		uint64_t *number = table_put(&numbers, from[i].request);
		if (*number == 0)
			*number = ++groups;
		group[i] = (uint32_t)*number - 1;
		requests[group[i]].count++;
	}
	for (size_t g = 0, at = 0; g < groups; at += requests[g++].count)
		requests[g].first = at;
	for (size_t i = 0; i < count; i++)
		to[requests[group[i]].first++] = from[i];
	for (size_t g = 0; g < groups; g++) {
		struct ordered_request *r = &requests[g];
		r->first -= r->count;
		sort_few(to + r->first, r->count, by_time_then_place);
		r->time_ns = to[r->first].time_ns;
		r->request = to[r->first].request;
		r->first += first;
	}
	o->requests[partition] = requests;
	o->request_counts[partition] = groups;
	table_release(&numbers);
	free(group);
}

static int by_hash(const void *a, const void *b)
{
	const struct ordered_request *x = a, *y = b;
	return x->request < y->request ? -1 : x->request > y->request;
}

/* All requests as they begin, those of one instant by their hash. */
static void order_requests(struct ordering *o)
{
	struct event_order *out = o->out;
	size_t count = 0, at = 0;
	for (size_t p = 0; p < PARTITIONS; p++)
		count += o->request_counts[p];
	struct ordered_request *all = mem_alloc((count + 1) * sizeof(*all));
	uint64_t *keys = mem_alloc((count + 1) * sizeof(*keys));
	uint32_t *order = mem_alloc((count + 1) * sizeof(*order));
	for (size_t p = 0; p < PARTITIONS; p++) {
		for (size_t i = 0; i < o->request_counts[p]; i++, at++) {
			all[at] = o->requests[p][i];
			keys[at] = sort_key_of(all[at].time_ns);
		}
		free(o->requests[p]);
	}
	sort_by_key(keys, (uint32_t)count, order);
	out->requests = mem_alloc((count + 1) * sizeof(*out->requests));
	out->request_count = count;
	for (size_t i = 0; i < count; i++)
		out->requests[i] = all[order[i]];
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && keys[order[end]] == keys[order[i]];)
			end++;
		sort_few(out->requests + i, end - i, by_hash);
	}
	for (size_t i = 0, place = 0; i < count; place += out->requests[i++].count)
		out->requests[i].place = place;
	free(all);
	free(keys);
	free(order);
}

void findings_order_events(struct event_order *out, const struct event_source *sources,
	size_t source_count, unsigned threads)
{
	struct ordering o = { .sources = sources, .source_count = source_count, .out = out };
	*out = (struct event_order){ .events = NULL };
	for (size_t i = 0; i < source_count; i++)
		out->event_count += sources[i].count;
	size_t parts = (out->event_count + EVENTS_A_PART - 1) / EVENTS_A_PART;
	o.dealt = mem_alloc((out->event_count + 1) * sizeof(*o.dealt));
	o.next = mem_zalloc(parts + 1, sizeof(*o.next));
	out->events = mem_alloc((out->event_count + 1) * sizeof(*out->events));
	parallel_each(threads, parts, count_part, &o);
	lay_out(&o, parts);
	parallel_each(threads, parts, deal_part, &o);
	parallel_each(threads, PARTITIONS, group_partition, &o);
	order_requests(&o);
	free(o.dealt);
	free(o.next);
}

void findings_release_order(struct event_order *order)
{
	free(order->events);
	free(order->requests);
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

/* ---- to the findings, some requests at a time ---- */

#define REQUESTS_A_PART 1024

struct filling {
	struct findings *f;
	const struct event_order *order;
	struct table numbers;
};

static void fill_part(void *context, size_t part)
{
	const struct filling *w = context;
	const struct event_order *order = w->order;
	size_t first = part * REQUESTS_A_PART;
	size_t end = size_min(first + REQUESTS_A_PART, order->request_count);
	for (size_t i = first; i < end; i++) {
		const struct ordered_request *r = &order->requests[i];
		for (size_t k = 0; k < r->count; k++) {
			const struct ordered_event *from = &order->events[r->first + k];
			const struct tally_event *e = from->event;
			w->f->events[r->place + k] = (struct request_event){ .request = e->request,
				.span = e->span,
				.time_ns = e->time_ns,
				.line = e->line,
				.service = from->service,
				.subject = find_subject(
					w->f, &w->numbers, e->template_id, from->service),
				.input = e->input,
				.sequence = e->sequence,
				.level = e->level };
		}
	}
}

void findings_build_events(struct findings *f, const struct event_order *order, unsigned threads)
{
	struct filling w = { .f = f, .order = order };
	number_templates(f, &w.numbers);
	f->events = arena_alloc(&f->arena, order->event_count, sizeof(*f->events));
	f->event_count = order->event_count;
	size_t parts = (order->request_count + REQUESTS_A_PART - 1) / REQUESTS_A_PART;
	parallel_each(threads, parts, fill_part, &w);
	table_release(&w.numbers);
}
