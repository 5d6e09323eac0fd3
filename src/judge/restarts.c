/* SPDX-License-Identifier: MIT */
#include "src/judge/restarts.h"

#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"
#include "lineup/title.h"
#include "lineup/words.h"

/*
 * A process that dies without a word and is started again says of it nothing but its ordinary first
 * lines: "Starting Application", "listening on :8080", a banner, its version. No line of them is an
 * error, and most are known from the start of its log, so that they are not even new.
 *
 * Lines of starting are seldom lines of a service that come in one go with others of the kind:
 *   - by what they say: they hold a word of starting, or are known as such by a rule;
 *   - by where they stand: they came in the first minute of the service's log and hardly ever
 *     since;
 *   - by their company: they never come but within a minute of one of those.
 * Two different ones have to come together, for "starting compaction" is no start of a process;
 * where a rule knows the line, it alone will do. Between two lines of one start up to a minute
 * passes (an application server loads what it serves); a process that dies again within that
 * minute has been away all the time, so that both are one.
 *
 * A service that begins when the log does has merely been read from there on.
 */
#define START_NS	 (60 * NS_PER_S)
#define SELDOM		 20 /* one of so many of the service's lines, at most */
#define LEAST_TOGETHER	 2
#define LONG_LIFE_STARTS 10 /* between two lives pass so many times what a start takes */

static const char *const starting[] = { "starting", "started", "startup", "start up", "boot",
	"booting", "booted", "initializing", "initialising", "initialized", "initialised",
	"initialization", "initialisation", "launching", "launched", "listening", "listens on",
	"listener on", "accepting connections", "accept connections", "accepts connections",
	"ready for connections", "ready", "serving on", "running on", "running in",
	"up and running", "entering event loop", "loaded configuration", "configuration loaded",
	"config loaded", "reading configuration", "loading configuration", "version", "spring boot",
	"startup_msg" };

struct start_line {
	uint32_t service;
	uint32_t subject;
	int64_t time_ns;
	bool known; /* by a rule */
};

static int by_service_and_time(const void *a, const void *b)
{
	const struct start_line *x = a, *y = b;
	if (x->service != y->service)
		return x->service < y->service ? -1 : 1;
	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->subject < y->subject ? -1 : x->subject > y->subject;
}

static bool is_known_start(const struct findings *f, const struct subject *s)
{
	return s->rule < f->rules->rule_count &&
	       f->rules->rules[s->rule].event == RULE_EVENT_RESTART;
}

/* Did it come in the first minute of the service, and after that not for long? */
static bool is_of_first_minute(const struct findings *f, const struct subject *s)
{
	const struct series *all = &f->services[s->service].lines, *own = &s->series;
	int64_t until_ns = all->first_ns + START_NS;
	size_t at = 0;
	while (at < own->cell_count && own->cells[at].index * f->cell_ns <= until_ns)
		at++;
	return own->first_ns <= until_ns && at < own->cell_count &&
	       own->cells[at].index * f->cell_ns >= until_ns + LONG_LIFE_STARTS * START_NS;
}

static bool may_be_of_start(const struct scene *s, const struct scene_subject *x)
{
	const struct findings *f = s->findings;
	return x->class <= CLASS_CONTEXT && x->subject->kind == SUBJECT_TEMPLATE &&
	       x->subject->series.cell_count > 0 &&
	       x->subject->series.total * SELDOM <= f->services[x->service].lines.total &&
	       !names_document(f->services[x->service].name);
}

struct start_lines {
	struct start_line *items;
	size_t count;
	size_t capacity;
};

static void add_lines(
	const struct findings *f, struct start_lines *all, uint32_t subject, bool known)
{
	const struct subject *of = &f->subjects[subject];
	for (size_t k = 0; k < of->series.cell_count; k++) {
		mem_grow(&all->items, all->count, &all->capacity);
		all->items[all->count++] = (struct start_line){ of->service, subject,
			cell_first_ns(&of->series.cells[k], f->cell_ns), known };
	}
}

static void sort_lines(struct start_lines *all)
{
	if (all->count > 0)
		qsort(all->items, all->count, sizeof(*all->items), by_service_and_time);
}

/* Is one of the first `count` lines, which are in order, of this service and near this time? */
static bool is_near_one(
	const struct start_lines *all, size_t count, uint32_t service, int64_t time_ns)
{
	size_t low = 0, high = count;
	while (low < high) { /* the first that is not too early */
		size_t middle = low + (high - low) / 2;
		const struct start_line *x = &all->items[middle];
		if (x->service < service ||
			(x->service == service && x->time_ns < time_ns - START_NS))
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && all->items[low].service == service &&
	       all->items[low].time_ns <= time_ns + START_NS;
}

static bool keeps_company(const struct findings *f, const struct start_lines *all, size_t count,
	const struct subject *s)
{
	for (size_t k = 0; k < s->series.cell_count; k++) {
		if (!is_near_one(
			    all, count, s->service, cell_first_ns(&s->series.cells[k], f->cell_ns)))
			return false;
	}
	return true;
}

/* Those that begin lives, by service and time. Freed by the caller. */
static struct start_lines collect(const struct scene *s)
{
	const struct findings *f = s->findings;
	struct start_lines all = { 0 };
	bool *taken = mem_zalloc(f->subject_count + 1, sizeof(*taken));
	for (uint32_t i = 0; i < f->subject_count; i++) {
		const struct subject *of = &f->subjects[i];
		if (!may_be_of_start(s, &s->subjects[i]))
			continue;
		bool known = is_known_start(f, of);
		taken[i] = known || is_of_first_minute(f, of) ||
			   holds_any_word(of->template_text, starting, countof(starting), "_=/");
		if (taken[i])
			add_lines(f, &all, i, known);
	}
	sort_lines(&all);
	size_t count = all.count;
	struct start_lines company = { 0 };
	for (uint32_t i = 0; i < f->subject_count && count > 0; i++) {
		if (!taken[i] && may_be_of_start(s, &s->subjects[i]) &&
			keeps_company(f, &all, count, &f->subjects[i]))
			add_lines(f, &company, i, false);
	}
	for (size_t i = 0; i < company.count; i++) {
		mem_grow(&all.items, all.count, &all.capacity);
		all.items[all.count++] = company.items[i];
	}
	sort_lines(&all);
	free(company.items);
	free(taken);
	return all;
}

/* The last line of the service before this time: the start of its cell; TIME_NONE: none. */
static int64_t last_before(const struct findings *f, uint32_t service, int64_t time_ns)
{
	const struct series *lines = &f->services[service].lines;
	size_t at = scene_cell_from(lines, f->cell_ns, 0, time_ns - f->cell_ns + 1);
	if (at < lines->cell_count && cell_first_ns(&lines->cells[at], f->cell_ns) < time_ns)
		return lines->cells[at].index * f->cell_ns;
	return at > 0 ? lines->cells[at - 1].index * f->cell_ns : TIME_NONE;
}

static bool is_start(const struct start_line *lines, size_t count)
{
	size_t different = 0;
	bool known = false;
	for (size_t i = 0; i < count; i++) {
		bool before = false;
		for (size_t k = 0; k < i && !before; k++)
			before = lines[k].subject == lines[i].subject;
		different += !before;
		known |= lines[i].known;
	}
	return known || different >= LEAST_TOGETHER;
}

void restarts_find(struct scene *s)
{
	const struct findings *f = s->findings;
	struct start_lines lines = collect(s);
	const struct start_line *all = lines.items;
	size_t count = lines.count, end;
	s->restarts = arena_alloc(&s->arena, count, sizeof(*s->restarts));
	for (size_t from = 0; from < count; from = end) {
		end = from + 1;
		while (end < count && all[end].service == all[from].service &&
			all[end].time_ns - all[end - 1].time_ns <= START_NS)
			end++;
		int64_t gone_ns = last_before(f, all[from].service, all[from].time_ns);
		int64_t first_ns = f->services[all[from].service].lines.first_ns;
		if (gone_ns == TIME_NONE || all[from].time_ns <= first_ns + START_NS ||
			!is_start(all + from, end - from))
			continue;
		s->restarts[s->restart_count++] = (struct restart){ .service = all[from].service,
			.subject = all[from].subject,
			.gone_ns = gone_ns,
			.back_ns = all[from].time_ns,
			.up_ns = all[end - 1].time_ns };
	}
	free(lines.items);
}
