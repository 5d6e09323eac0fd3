/* SPDX-License-Identifier: MIT */
#include "lineup/suspects.h"

#include <stdlib.h>

#include "lineup/context.h"
#include "lineup/mem.h"
#include "lineup/title.h"

/* A timeline that is read at night is short: the first suspects, the latest changes. */
#define EVENTS_MAX   30
#define ONSETS_MAX   8
#define CHANGES_MAX  8
#define SILENCES_MAX 4

/*
 * A service is silent when it says nothing for this many times its usual distance between lines and
 * for at least a minute, while it spoke before: at a steady rate the chance of that is e^-20.
 */
#define SILENCE_FACTOR 20

struct events {
	struct timeline_event *items;
	size_t count;
	size_t capacity;
};

/* Valid until the next call. */
static struct timeline_event *add_event(
	struct events *e, int64_t time_ns, struct str service, const char *kind, struct str text)
{
	mem_grow(&e->items, e->count, &e->capacity);
	e->items[e->count] = (struct timeline_event){
		.time_ns = time_ns, .service = service, .event = str_from(kind), .text = text
	};
	return &e->items[e->count++];
}

static struct str place_text(struct verdict *v, const struct evidence *e)
{
	struct buf text = BUF_INIT(64 * 1024);
	buf_append(&text, e->path);
	buf_printf(&text, ":%llu", (unsigned long long)e->line);
	struct str copy = arena_copy(&v->arena, buf_str(&text));
	buf_release(&text);
	return copy;
}

static void add_suspect_events(const struct wording *w, struct events *e)
{
	struct verdict *v = w->verdict;
	for (size_t i = 0; i < v->suspect_count && i < ONSETS_MAX; i++) {
		const struct suspect *s = &v->suspects[i];
		if (s->onset_ns == TIME_NONE)
			continue;
		struct timeline_event *event =
			add_event(e, s->onset_ns, s->service, "onset", s->title);
		event->id = s->id;
		for (size_t k = 0; k < s->evidence_count; k++) {
			if (s->evidence[k].time_ns >= s->onset_ns) {
				event->place = place_text(v, &s->evidence[k]);
				break;
			}
		}
	}
}

/* Does the suspect come of the first one, or is it that itself? */
static bool is_of_first(const struct verdict *v, size_t index)
{
	for (size_t step = 0; step <= v->suspect_count && index != SIZE_MAX; step++) {
		if (index == 0)
			return true;
		index = v->suspects[index].caused_by;
	}
	return false;
}

/* When most of the first suspect came, or of what it led to:
 * a job starts once and hurts for hours. */
static void add_peak(const struct wording *w, struct events *e)
{
	struct verdict *v = w->verdict;
	const struct suspect *loudest = NULL;
	const struct histogram_bar *peak = NULL;
	for (size_t i = 0; i < v->suspect_count; i++) {
		const struct suspect *s = &v->suspects[i];
		/* a step that is slow or lost is no line too many */
		bool counted =
			s->reason_count > 0 && (str_equal(s->reasons[0].what, STR("new")) ||
						       str_equal(s->reasons[0].what, STR("burst")));
		for (size_t k = 0; counted && is_of_first(v, i) && k < s->histogram_count; k++) {
			if (peak == NULL || s->histogram[k].count > peak->count) {
				peak = &s->histogram[k];
				loudest = s;
			}
		}
	}
	if (peak == NULL || loudest->histogram_count < 2)
		return;
	char window[CLOCK_TEXT_MAX];
	clock_duration(v->window_ns, window);
	/* a wide window begins before its first line: no peak stands above the onset */
	bool begins_here = loudest->onset_ns != TIME_NONE && loudest->onset_ns > peak->start_ns &&
			   loudest->onset_ns - peak->start_ns < v->window_ns;
	add_event(e, begins_here ? loudest->onset_ns : peak->start_ns, loudest->service, "peak",
		arena_printf(&v->arena, "%llu line%s in %s: %.*s", (unsigned long long)peak->count,
			plural(peak->count), window, STR_ARG(loudest->title)))
		->id = loudest->id;
}

static void add_recovery(const struct wording *w, struct events *e)
{
	const struct incident *in = &w->judgement->incident;
	for (size_t i = 0; i < in->span_count && i < 1; i++) {
		if (in->spans[i].to_ns > w->frame->from_ns && in->spans[i].to_ns < w->frame->to_ns)
			add_event(e, in->spans[i].to_ns, STR_NONE, "recovery",
				in->span_count > 1 ? STR("the incident ends for the first time")
						   : STR("the incident ends"));
	}
}

static int by_time(const void *a, const void *b)
{
	const struct timeline_event *x = a, *y = b;
	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	int order = str_compare(x->event, y->event);
	if (order == 0)
		order = str_compare(x->service, y->service);
	return order != 0 ? order : str_compare(x->text, y->text);
}

/* Changes before and during the incident: from info rules and from the user. */
static void add_changes(const struct wording *w, struct events *e)
{
	const struct incident *in = &w->judgement->incident;
	struct verdict *v = w->verdict;
	struct change *changes;
	int64_t until_ns = in->span_count > 0 ? in->spans[0].to_ns : w->frame->to_ns;
	size_t count = changes_before(w->findings, w->settings, w->frame, until_ns,
		until_ns - w->frame->from_ns, &v->arena, &changes);
	for (size_t i = 0; i < count && i < CHANGES_MAX; i++)
		add_event(e, changes[i].time_ns, changes[i].service, "change", changes[i].text);
}

/* The longest stretch without a line of the service inside the frame, if it is long for it. */
static bool longest_silence(
	const struct frame *frame, const struct series *s, int64_t *from_ns, int64_t *length_ns)
{
	int64_t last_ns = TIME_NONE, longest_ns = 0;
	size_t cells = 0;
	for (size_t i = 0; i <= s->cell_count; i++) {
		int64_t now_ns =
			i < s->cell_count ? s->cells[i].index * frame->cell_ns : frame->read_to_ns;
		if (i < s->cell_count && !frame_holds(frame, now_ns))
			continue;
		if (last_ns != TIME_NONE && now_ns - last_ns > longest_ns) {
			longest_ns = now_ns - last_ns;
			*from_ns = last_ns;
		}
		cells += i < s->cell_count;
		last_ns = now_ns;
	}
	*length_ns = longest_ns;
	int64_t usual_ns = cells == 0 ? INT64_MAX / SILENCE_FACTOR
				      : (frame->to_ns - frame->from_ns) / (int64_t)cells;
	return longest_ns > 60 * NS_PER_S && longest_ns > usual_ns * SILENCE_FACTOR;
}

struct silence {
	uint32_t service;
	int64_t from_ns;
	int64_t length_ns;
};

static int longest_first(const void *a, const void *b)
{
	const struct silence *x = a, *y = b;
	if (x->length_ns != y->length_ns)
		return x->length_ns > y->length_ns ? -1 : 1;
	return x->service < y->service ? -1 : x->service > y->service;
}

/* Until the end of all that was read. */
static bool lasts(const struct frame *frame, const struct silence *s)
{
	return s->from_ns + s->length_ns >= frame->read_to_ns;
}

/*
 * Services that fall silent. When most of them do so at once, it is the collection of the logs
 * that has a gap, and that is said once.
 */
static void add_silences(const struct wording *w, struct events *e)
{
	const struct findings *f = w->findings;
	struct silence *found = mem_zalloc(f->service_count, sizeof(*found));
	size_t count = 0, steady = 0;
	for (uint32_t i = 0; i < f->service_count; i++) {
		struct silence s = { .service = i };
		if (names_document(f->services[i].name))
			continue;
		steady += f->services[i].lines.cell_count >= SILENCE_FACTOR;
		if (f->services[i].lines.cell_count >= SILENCE_FACTOR &&
			longest_silence(w->frame, &f->services[i].lines, &s.from_ns, &s.length_ns))
			found[count++] = s;
	}
	if (count > 0)
		qsort(found, count, sizeof(*found), longest_first);
	bool gap = count >= 3 && count * 2 > steady;
	for (size_t i = 0; i < count && i < (gap ? 1 : SILENCES_MAX); i++) {
		char length[CLOCK_TEXT_MAX];
		clock_duration_short(found[i].length_ns, length);
		if (gap) {
			add_event(e, found[i].from_ns, STR_NONE, "gap",
				arena_printf(&w->verdict->arena,
					"%zu of %zu services say nothing for up to %s", count,
					steady, length));
			continue;
		}
		bool lasting = lasts(w->frame, &found[i]);
		add_event(e, found[i].from_ns, f->services[found[i].service].name, "silence",
			arena_printf(&w->verdict->arena,
				lasting ? "no line any more, for %s" : "no line for %s", length))
			->lasting = lasting;
	}
	free(found);
}

void timeline_build(const struct wording *w)
{
	struct verdict *v = w->verdict;
	struct events e = { 0 };
	if (w->frame->to_ns > w->frame->from_ns) {
		add_suspect_events(w, &e);
		add_peak(w, &e);
		add_recovery(w, &e);
		add_changes(w, &e);
		add_silences(w, &e);
	}
	if (e.count > 0)
		qsort(e.items, e.count, sizeof(*e.items), by_time);
	v->timeline_count = size_min(e.count, EVENTS_MAX);
	v->timeline = arena_alloc(&v->arena, v->timeline_count, sizeof(*v->timeline));
	if (v->timeline_count > 0)
		memcpy(v->timeline, e.items, v->timeline_count * sizeof(*v->timeline));
	free(e.items);
}
