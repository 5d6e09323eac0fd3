/* SPDX-License-Identifier: MIT */
#include "src/judge/scene_seconds.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"

/*
 * Which of two services spoke first within a second, whole seconds do not say. But a request begins
 * anywhere in a second, and now and then the second ends between the two lines: the later one then
 * bears the later stamp, and never the other way round. Over many requests the mean of the whole
 * seconds from a request's begin to a line is what it would be with finer stamps, and of two lines
 * that any request told apart, it is the greater for the later one. So lines stand in the order of
 * these means, and not in that of their services' names, in which a call is another one whenever a
 * second ends in its midst.
 *
 * Those that no request told apart are put in order by who waits: who calls speaks before the one
 * that it calls, and again when that one is done. Of two such lines the first is that of the
 * service whose latest line in the request is the later one by the same means.
 */
struct line_time {
	double seconds; /* from the request's begin: their sum, then their mean */
	double count;
};

/* A service's lines of one second of a request, the next one first. */
struct block {
	size_t next;
	size_t end;
	double latest; /* of its means in the request */
	size_t first;  /* of its lines in the request */
};

struct ordering {
	struct scene *s;
	struct line_time *lines; /* of each subject */
	double *latest;		 /* of each service, in the request at hand */
	size_t *first;		 /* so too: its first line */
	struct block *blocks;
	size_t block_capacity;
	struct scene_event *merged;
	size_t merged_capacity;
};

static double mean_of(const struct ordering *o, size_t event)
{
	return o->lines[o->s->events[event].subject].seconds;
}

static void measure(struct ordering *o)
{
	const struct scene *s = o->s;
	for (size_t from = 0, end; from < s->event_count; from = end) {
		end = scene_request_end(s, from);
		for (size_t i = from; i < end; i++) {
			struct line_time *line = &o->lines[s->events[i].subject];
			line->seconds += (double)(s->events[i].time_ns - s->events[from].time_ns) /
					 (double)NS_PER_S;
			line->count++;
		}
	}
	for (size_t i = 0; i < s->subject_count; i++)
		o->lines[i].seconds /= fmax(1, o->lines[i].count);
}

static size_t cut_blocks(struct ordering *o, size_t from, size_t end)
{
	const struct scene_event *events = o->s->events;
	size_t count = 0;
	for (size_t i = from, to; i < end; i = to) {
		to = i + 1;
		while (to < end && events[to].service == events[i].service)
			to++;
		mem_grow(&o->blocks, count, &o->block_capacity);
		o->blocks[count++] = (struct block){ i, to, o->latest[events[i].service],
			o->first[events[i].service] };
	}
	return count;
}

static bool goes_before(const struct ordering *o, const struct block *a, const struct block *b)
{
	double x = mean_of(o, a->next), y = mean_of(o, b->next);
	if (x != y)
		return x < y;
	/* the caller's first line opens; then it waits */
	if (a->latest > b->latest)
		return a->next == a->first;
	return a->latest < b->latest && b->next != b->first;
}

static void merge(struct ordering *o, size_t from, size_t end)
{
	struct scene_event *events = o->s->events;
	size_t blocks = cut_blocks(o, from, end);
	for (size_t i = 0; i < end - from; i++) {
		struct block *first = NULL;
		for (size_t k = 0; k < blocks; k++) {
			struct block *b = &o->blocks[k];
			if (b->next < b->end && (first == NULL || goes_before(o, b, first)))
				first = b;
		}
		mem_grow(&o->merged, i, &o->merged_capacity);
		o->merged[i] = events[first->next++];
	}
	for (size_t i = from; i < end; i++)
		events[i] = o->merged[i - from];
}

static void order_request(struct ordering *o, size_t from, size_t end)
{
	const struct scene_event *events = o->s->events;
	for (size_t i = from; i < end; i++)
		o->latest[events[i].service] = -1;
	for (size_t i = from; i < end; i++) {
		double *latest = &o->latest[events[i].service];
		if (*latest < 0)
			o->first[events[i].service] = i;
		*latest = fmax(*latest, mean_of(o, i));
	}
	for (size_t i = from, to; i < end; i = to) {
		to = i + 1;
		while (to < end && events[to].time_ns == events[i].time_ns)
			to++;
		if (events[i].service != events[to - 1].service)
			merge(o, i, to);
	}
}

void scene_order_seconds(struct scene *s)
{
	struct ordering o = { .s = s,
		.lines = mem_zalloc(s->subject_count + 1, sizeof(*o.lines)),
		.latest = mem_zalloc(s->service_count + 1, sizeof(*o.latest)),
		.first = mem_zalloc(s->service_count + 1, sizeof(*o.first)) };
	measure(&o);
	for (size_t from = 0, end; from < s->event_count; from = end) {
		end = scene_request_end(s, from);
		order_request(&o, from, end);
	}
	free(o.lines);
	free(o.latest);
	free(o.first);
	free(o.blocks);
	free(o.merged);
}
