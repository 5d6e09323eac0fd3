/* SPDX-License-Identifier: MIT */
#include "src/judge/scene.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/title.h"
#include "lineup/table.h"
#include "src/judge/scene_events.h"

/* ---- observed time ---- */

/*
 * Rates are taken over the time in which anyone spoke at all. When nobody says a word for a
 * fiftieth of the span or more, the logs of that time are missing, or a few stamps lie far from all
 * others: either way it is no time in which something failed to happen.
 */
#define BINS	 1000
#define GAP_BINS (BINS / 50)

static void mark_bins(const struct scene *s, bool spoken[BINS], int64_t bin_ns)
{
	const struct findings *f = s->findings;
	for (size_t i = 0; i < f->service_count; i++) {
		const struct series *lines = &f->services[i].lines;
		for (size_t k = 0; k < lines->cell_count; k++) {
			int64_t from_ns = i64_max(lines->cells[k].index * f->cell_ns, s->from_ns);
			int64_t to_ns = i64_min((lines->cells[k].index + 1) * f->cell_ns, s->to_ns);
			for (int64_t at_ns = from_ns; at_ns < to_ns; at_ns += bin_ns)
				spoken[(at_ns - s->from_ns) / bin_ns] = true;
		}
	}
}

static void find_observed(struct scene *s)
{
	bool spoken[BINS] = { false };
	int64_t bin_ns = (s->to_ns - s->from_ns + BINS - 1) / BINS;
	s->observed = arena_alloc(&s->arena, BINS, sizeof(*s->observed));
	if (s->to_ns <= s->from_ns)
		return;
	mark_bins(s, spoken, bin_ns);
	size_t silent = BINS;
	for (size_t i = 0; i < BINS; i++) {
		silent++;
		if (!spoken[i])
			continue;
		int64_t from_ns = s->from_ns + (int64_t)i * bin_ns;
		if (silent > GAP_BINS)
			s->observed[s->observed_count++] = (struct stretch){ .from_ns = from_ns };
		s->observed[s->observed_count - 1].to_ns = i64_min(from_ns + bin_ns, s->to_ns);
		silent = 0;
	}
	s->observed_seconds = scene_observed(s, s->from_ns, s->to_ns);
}

double scene_observed(const struct scene *s, int64_t from_ns, int64_t to_ns)
{
	double seconds = 0;
	for (size_t i = 0; i < s->observed_count; i++) {
		int64_t low_ns = i64_max(from_ns, s->observed[i].from_ns);
		int64_t high_ns = i64_min(to_ns, s->observed[i].to_ns);
		if (low_ns < high_ns)
			seconds += (double)(high_ns - low_ns) / 1e9;
	}
	return seconds;
}

int64_t scene_time_at(const struct scene *s, double observed_seconds)
{
	for (size_t i = 0; i < s->observed_count; i++) {
		double length = (double)(s->observed[i].to_ns - s->observed[i].from_ns) / 1e9;
		if (observed_seconds < length)
			return s->observed[i].from_ns + (int64_t)(observed_seconds * 1e9);
		observed_seconds -= length;
	}
	return s->to_ns;
}

/* ---- one numbering for two findings ---- */

static uint64_t subject_key(const struct subject *s, uint32_t service)
{
	uint64_t id = s->kind == SUBJECT_RULE ? s->rule : s->template_id;
	return (id ^ ((uint64_t)service << 1 | (s->kind == SUBJECT_RULE))) * 0x9e3779b97f4a7c15ULL +
	       service;
}

static void fill_subject(const struct findings *f, const struct subject *s, uint32_t service,
	struct scene_subject *to)
{
	to->service = service;
	to->rule_subject = NO_INDEX;
	to->class = subject_class(f, s);
	to->failed = s->kind == SUBJECT_TEMPLATE && s->level >= LEVEL_ERROR;
	to->exception = s->kind == SUBJECT_TEMPLATE && subject_names_exception(s->template_text);
}

static void number_subjects(struct scene *s, struct table *numbers)
{
	const struct findings *f = s->findings;
	for (uint32_t i = 0; i < f->subject_count; i++) {
		fill_subject(f, &f->subjects[i], f->subjects[i].service, &s->subjects[i]);
		s->subjects[i].subject = &f->subjects[i];
		*table_put(numbers, subject_key(&f->subjects[i], f->subjects[i].service)) = i;
	}
	for (uint32_t i = 0; i < f->subject_count; i++) {
		struct subject rule = { .kind = SUBJECT_RULE, .rule = f->subjects[i].rule };
		uint64_t *known = table_get(numbers, subject_key(&rule, f->subjects[i].service));
		if (f->subjects[i].kind == SUBJECT_TEMPLATE && rule.rule != UINT32_MAX &&
			known != NULL)
			s->subjects[i].rule_subject = (uint32_t)*known;
	}
	s->subject_count = f->subject_count;
}

/* Adds the services and subjects of the baseline's own findings; names[] and numbers of them. */
static void join_baseline(
	struct scene *s, struct table *numbers, uint32_t *services, uint32_t *subjects)
{
	const struct findings *f = s->findings, *b = s->baseline;
	size_t at = 0;
	for (uint32_t i = 0; i < b->service_count; i++) { /* both are sorted by name */
		while (at < f->service_count &&
			str_compare(f->services[at].name, b->services[i].name) < 0)
			at++;
		bool same = at < f->service_count &&
			    str_equal(f->services[at].name, b->services[i].name);
		services[i] = same ? (uint32_t)at : (uint32_t)s->service_count++;
		s->base_services[services[i]] = &b->services[i];
	}
	for (uint32_t i = 0; i < b->subject_count; i++) {
		uint32_t service = services[b->subjects[i].service];
		uint64_t *known = table_get(numbers, subject_key(&b->subjects[i], service));
		subjects[i] = known != NULL ? (uint32_t)*known : (uint32_t)s->subject_count++;
		if (known == NULL)
			fill_subject(b, &b->subjects[i], service, &s->subjects[subjects[i]]);
		s->subjects[subjects[i]].base = &b->subjects[i];
	}
}

void scene_build(struct scene *s, const struct findings *f, const struct rank_settings *settings,
	const struct frame *frame)
{
	static const struct findings nothing;
	const struct findings *b = settings->baseline != NULL ? settings->baseline : &nothing;
	*s = (struct scene){ .findings = f, .baseline = settings->baseline, .settings = settings };
	if (f->first_ns != TIME_NONE && frame->to_ns > frame->from_ns) {
		s->from_ns = i64_max(frame->from_ns, f->first_ns);
		s->to_ns = i64_min(frame->to_ns, f->last_ns + 1);
	}
	find_observed(s);
	size_t subjects_max =
		f->subject_count + b->subject_count + f->service_count + b->service_count;
	s->subjects = arena_alloc(&s->arena, subjects_max, sizeof(*s->subjects));
	s->service_count = f->service_count;
	s->base_services = arena_alloc(
		&s->arena, f->service_count + b->service_count, sizeof(*s->base_services));
	uint32_t *services = mem_zalloc(b->service_count, sizeof(*services));
	uint32_t *subjects = mem_zalloc(b->subject_count, sizeof(*subjects));
	struct table numbers = { 0 };
	number_subjects(s, &numbers);
	if (s->baseline != NULL)
		join_baseline(s, &numbers, services, subjects);
	table_release(&numbers);
	size_t unknown = s->subject_count;
	for (uint32_t i = 0; i < s->service_count; i++)
		s->subjects[s->subject_count++] =
			(struct scene_subject){ .service = i, .rule_subject = NO_INDEX };
	scene_add_events(
		s, frame, &(struct joined_baseline){ services, subjects, (uint32_t)unknown });
	free(services);
	free(subjects);
}

void scene_release(struct scene *s)
{
	arena_release(&s->arena);
}

/* ---- counts by side ---- */

/*
 * A cell in which the side changes is put where its lines are: by a line kept as evidence, if one
 * lies in it, else by its middle.
 */
static enum side side_of_cell(
	const struct period *p, int64_t from_ns, int64_t width_ns, const struct subject *subject)
{
	enum side first = period_side(p, from_ns), last = period_side(p, from_ns + width_ns - 1);
	if (first == last)
		return first;
	for (size_t i = 0; subject != NULL && i < subject->evidence_count; i++) {
		int64_t time_ns = subject->evidence[i].time_ns;
		if (time_ns != TIME_NONE && time_ns >= from_ns && time_ns < from_ns + width_ns)
			return period_side(p, time_ns);
	}
	return period_side(p, from_ns + width_ns / 2);
}

size_t scene_cell_from(const struct series *s, int64_t cell_ns, size_t from, int64_t time_ns)
{
	size_t low = from, high = s->cell_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (s->cells[middle].index * cell_ns < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Cells come in order: those wholly in a stretch are found by its ends, and what is left to be
 * looked at are those that lie across one. */
static void count_cells(const struct period *p, const struct series *s, int64_t cell_ns,
	const struct subject *subject, uint64_t cells[SIDE_COUNT])
{
	uint64_t sides[SIDE_COUNT + 1] = { 0 };
	size_t at = 0; /* all before are counted */
	for (size_t i = 0; i < p->count && at < s->cell_count; i++) {
		const struct stretch *in = &p->items[i];
		size_t from = scene_cell_from(s, cell_ns, at, in->from_ns);
		if (from > at && s->cells[from - 1].index * cell_ns + cell_ns > in->from_ns)
			sides[side_of_cell(
				p, s->cells[from - 1].index * cell_ns, cell_ns, subject)]++;
		at = scene_cell_from(s, cell_ns, from, in->to_ns - cell_ns + 1);
		sides[in->side] += at - from;
		if (at < s->cell_count && s->cells[at].index * cell_ns < in->to_ns) {
			sides[side_of_cell(p, s->cells[at].index * cell_ns, cell_ns, subject)]++;
			at++;
		}
	}
	for (int side = 0; side < SIDE_COUNT; side++)
		cells[side] += sides[side];
}

void scene_cells(
	const struct scene *s, const struct period *p, uint32_t subject, uint64_t cells[SIDE_COUNT])
{
	const struct scene_subject *of = &s->subjects[subject];
	cells[SIDE_BASE] = of->base != NULL ? of->base->series.cell_count : 0;
	cells[SIDE_INCIDENT] = 0;
	if (of->subject != NULL)
		count_cells(p, &of->subject->series, s->findings->cell_ns, of->subject, cells);
}

void scene_service_cells(
	const struct scene *s, const struct period *p, uint32_t service, uint64_t cells[SIDE_COUNT])
{
	const struct service_findings *base = s->base_services[service];
	cells[SIDE_BASE] = base != NULL ? base->lines.cell_count : 0;
	cells[SIDE_INCIDENT] = 0;
	if (service < s->findings->service_count)
		count_cells(p, &s->findings->services[service].lines, s->findings->cell_ns, NULL,
			cells);
}

/* An id that comes again after this much silence is another request's: short ids are reused. */
#define REUSED_NS (3600 * NS_PER_S)

size_t scene_request_end(const struct scene *s, size_t from)
{
	const struct scene_event *events = s->events;
	size_t end = from + 1;
	while (end < s->event_count && events[end].request == events[from].request &&
		events[end].base == events[from].base &&
		events[end].time_ns - events[end - 1].time_ns < REUSED_NS)
		end++;
	return end;
}

int64_t scene_first_in(const struct scene *s, const struct stretch *in, uint32_t subject)
{
	const struct subject *of = s->subjects[subject].subject;
	if (of == NULL)
		return TIME_NONE;
	const struct cell *cells = of->series.cells;
	int64_t cell_ns = s->findings->cell_ns;
	size_t low = 0, high = of->series.cell_count;
	while (low < high) { /* the first cell that ends behind the start */
		size_t middle = (low + high) / 2;
		if ((cells[middle].index + 1) * cell_ns <= in->from_ns)
			low = middle + 1;
		else
			high = middle;
	}
	int64_t first_ns = TIME_NONE;
	if (low < of->series.cell_count && cell_first_ns(&cells[low], cell_ns) < in->from_ns)
		low++; /* the cell of the start: of the time before it */
	if (low < of->series.cell_count && cell_first_ns(&cells[low], cell_ns) < in->to_ns)
		first_ns = cell_first_ns(&cells[low], cell_ns);
	for (size_t i = 0; i < of->evidence_count; i++) {
		int64_t time_ns = of->evidence[i].time_ns;
		if (time_ns < in->from_ns || time_ns >= in->to_ns)
			continue;
		/* a line that is kept is exact, and may be of the cell that was left out */
		if (first_ns == TIME_NONE || time_ns < first_ns + NS_PER_MS)
			return time_ns;
		break;
	}
	return first_ns;
}
