/* SPDX-License-Identifier: MIT */
#include "src/judge/scene_events.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "lineup/sort.h"
#include "src/judge/scene_seconds.h"

#define EVENTS_A_PART 16384

enum stamps { STAMPS_NONE, STAMPS_SECONDS, STAMPS_FRACTIONS };

/* Some requests of one of the findings, written where they stand when none is left out. */
struct part {
	const struct findings *of;
	size_t from, end;
	struct scene_event *to;
	size_t kept;
	uint8_t *stamps; /* of each service: enum stamps, the finest */
};

struct adding {
	struct scene *s;
	const struct frame *frame;
	const struct joined_baseline *joined;
	struct part *parts;
	size_t part_count;
};

/*
 * The same line of a request at the same instant in another file: copies of a log in one bundle (a
 * rotated file beside its archive, a mirror) say everything twice, and a step that is only there
 * twice is none. What one file says twice within a millisecond was said twice.
 */
static bool is_double(const struct part *part, size_t index)
{
	const struct request_event *e = &part->of->events[index];
	/* whole seconds are no instants: there another may well say it, too */
	if (e->time_ns % NS_PER_S == 0)
		return false;
	for (size_t i = index; i-- > part->from;) {
		const struct request_event *before = &part->of->events[i];
		if (before->request != e->request || before->time_ns != e->time_ns ||
			before->service != e->service) /* which stand by time, then service */
			return false;
		bool elsewhere = before->input != e->input || before->sequence != e->sequence;
		if (elsewhere && before->subject == e->subject && before->span == e->span)
			return true;
	}
	return false;
}

static enum stamps stamps_of(int64_t time_ns)
{
	return time_ns % NS_PER_S == 0 ? STAMPS_SECONDS : STAMPS_FRACTIONS;
}

/* Templates that were not kept are one subject more in each service, so that what stood between two
 * kept lines still stands between them. */
static void add_part(void *context, size_t index)
{
	const struct adding *a = context;
	const struct joined_baseline *joined = a->joined;
	struct part *part = &a->parts[index];
	bool base = part->of == a->s->baseline;
	for (size_t i = part->from; i < part->end; i++) {
		const struct request_event *e = &part->of->events[i];
		if (!base && !frame_holds(a->frame, e->time_ns))
			continue;
		uint32_t service = base ? joined->services[e->service] : e->service;
		uint32_t subject = e->subject == UINT32_MAX ? joined->unknown + service
				   : base		    ? joined->subjects[e->subject]
							    : e->subject;
		if (is_double(part, i))
			continue;
		part->stamps[service] =
			(uint8_t)size_max(part->stamps[service], stamps_of(e->time_ns));
		part->to[part->kept++] = (struct scene_event){
			/* a request of the baseline is another one than a request of the scan */
			.request = e->request ^ (base ? 1 : 0),
			.span = e->span,
			.time_ns = e->time_ns - part->of->services[e->service].ahead_ns,
			.service = service,
			.subject = subject,
			.base = base
		};
	}
}

/* Parts of whole requests. */
static void cut_parts(struct adding *a, const struct findings *f, struct scene_event *to)
{
	for (size_t from = 0, end; f != NULL && from < f->event_count; from = end) {
		end = size_min(from + EVENTS_A_PART, f->event_count);
		while (end < f->event_count && f->events[end].request == f->events[end - 1].request)
			end++;
		uint8_t *stamps = mem_zalloc(a->s->service_count + 1, sizeof(*stamps));
		a->parts[a->part_count++] = (struct part){ f, from, end, to + from, 0, stamps };
	}
}

/* To where it stands behind those before it. */
static void move_parts(struct adding *a)
{
	struct scene *s = a->s;
	for (size_t i = 0; i < a->part_count; i++) {
		const struct part *part = &a->parts[i];
		struct scene_event *to = s->events + s->event_count;
		if (to != part->to && part->kept > 0)
			memmove(to, part->to, part->kept * sizeof(*to));
		s->event_count += part->kept;
	}
}

/* ---- clocks that differ ---- */

struct placed {
	struct scene_event event;
	size_t place;
};

static int by_time(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	if (x->event.time_ns != y->event.time_ns)
		return x->event.time_ns < y->event.time_ns ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static bool any_clock_is_off(const struct findings *f)
{
	for (size_t i = 0; f != NULL && i < f->service_count; i++) {
		if (f->services[i].ahead_ns != 0)
			return true;
	}
	return false;
}

/* Each request by time anew: its events have been put on one clock. */
static void order_anew(struct scene *s)
{
	struct placed *placed = NULL;
	size_t capacity = 0;
	for (size_t from = 0, end; from < s->event_count; from = end) {
		for (end = from;
			end < s->event_count && s->events[end].request == s->events[from].request;
			end++) {
			mem_grow(&placed, end - from, &capacity);
			placed[end - from] = (struct placed){ s->events[end], end };
		}
		sort_few(placed, end - from, by_time);
		for (size_t i = from; i < end; i++)
			s->events[i] = placed[i - from].event;
	}
	free(placed);
}

/* The finest of all lines, as far as they are known. */
static enum stamps stamps_of_lines(const struct service_findings *f, int64_t cell_ns)
{
	enum stamps finest = STAMPS_NONE;
	if (f->lines.first_ns == TIME_NONE)
		return finest;
	finest = (enum stamps)size_max(stamps_of(f->lines.first_ns), stamps_of(f->lines.last_ns));
	for (size_t i = 0; i < f->lines.cell_count && finest != STAMPS_FRACTIONS; i++)
		finest = stamps_of(cell_first_ns(&f->lines.cells[i], cell_ns));
	return finest;
}

/*
 * Services that stamp whole seconds only. Their lines cannot be put among those of others within a
 * request; when all are so, there is nothing better, and what order there is within a second is
 * looked for. Who says nothing in any request is known by all its lines.
 */
static void find_coarse(const struct adding *a)
{
	struct scene *s = a->s;
	const struct findings *f = s->findings;
	size_t fine = 0;
	uint8_t *stamps = mem_zalloc(s->service_count + 1, sizeof(*stamps));
	s->coarse = arena_alloc(&s->arena, s->service_count, sizeof(*s->coarse));
	s->whole_seconds = arena_alloc(&s->arena, s->service_count, sizeof(*s->whole_seconds));
	for (size_t i = 0; i < s->service_count; i++) {
		for (size_t k = 0; k < a->part_count; k++)
			stamps[i] = (uint8_t)size_max(stamps[i], a->parts[k].stamps[i]);
		fine += stamps[i] == STAMPS_FRACTIONS;
	}
	for (size_t i = 0; i < s->service_count; i++) {
		if (stamps[i] == STAMPS_NONE && i < f->service_count)
			stamps[i] = (uint8_t)stamps_of_lines(&f->services[i], f->cell_ns);
		s->whole_seconds[i] = stamps[i] == STAMPS_SECONDS;
		s->coarse[i] = fine > 0 && s->whole_seconds[i];
	}
	if (fine == 0)
		scene_order_seconds(s);
	free(stamps);
}

void scene_add_events(
	struct scene *s, const struct frame *frame, const struct joined_baseline *joined)
{
	const struct findings *f = s->findings, *b = s->baseline;
	size_t base_count = b != NULL ? b->event_count : 0, count = base_count + f->event_count;
	struct adding a = { s, frame, joined,
		mem_zalloc(count / EVENTS_A_PART + 2, sizeof(*a.parts)), 0 };
	s->events = arena_alloc(&s->arena, count, sizeof(*s->events));
	cut_parts(&a, b, s->events);
	cut_parts(&a, f, s->events + base_count);
	parallel_each(s->settings->jobs, a.part_count, add_part, &a);
	move_parts(&a);
	if (any_clock_is_off(f) || any_clock_is_off(b))
		order_anew(s);
	find_coarse(&a);
	for (size_t i = 0; i < a.part_count; i++)
		free(a.parts[i].stamps);
	free(a.parts);
}
