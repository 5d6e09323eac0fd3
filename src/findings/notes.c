/* SPDX-License-Identifier: MIT */
#include "lineup/notes.h"

#include <stdlib.h>

#include "lineup/mem.h"

static int by_place(const void *a, const void *b)
{
	const struct source_trust *x = a, *y = b;
	int order = str_compare(x->place, y->place);
	if (order != 0)
		return order;
	return x->input != y->input ? (x->input < y->input ? -1 : 1)
				    : (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

struct doubt {
	uint64_t (*lines)(const struct reading_trust *);
	const char *one; /* after the number of lines, if that is one */
	const char *many;
};

static uint64_t undated(const struct reading_trust *t)
{
	return t->undated_lines;
}

static uint64_t disordered(const struct reading_trust *t)
{
	return t->disordered_lines;
}

static uint64_t future(const struct reading_trust *t)
{
	return t->future_lines;
}

static uint64_t left_out(const struct reading_trust *t)
{
	return t->gap_lines;
}

static uint64_t shown_twice(const struct reading_trust *t)
{
	return t->repeated_lines;
}

static const struct doubt doubts[] = {
	{ undated,
		"line carries no time and follows none that does; it is counted, but in no window",
		"lines carry no time and follow none that does; they are counted, but in no "
		"window" },
	{ disordered, "line is stamped earlier than the one before it",
		"lines are stamped earlier than the line before them" },
	{ future, "line is stamped after the present time",
		"lines are stamped after the present time" },
	{ left_out,
		"line is stamped at a time that the clock of the zone left out when it was put "
		"forward; read as before the change",
		"lines are stamped at a time that the clock of the zone left out when it was put "
		"forward; read as before the change" },
	{ shown_twice,
		"line is stamped at a time that the clock of the zone showed twice; told by the "
		"order",
		"lines are stamped at a time that the clock of the zone showed twice; told apart "
		"by "
		"their order" },
};

/* Who a note is about. */
struct sources {
	size_t count;
	struct str first; /* by place */
	bool others;	  /* and some that are not told apart */
};

/* "app.log: message", or for several sources "7 sources: message; the first is app.log". */
static struct str say_of(struct findings *f, const struct sources *who, struct str message)
{
	struct buf text = BUF_INIT(64 * 1024);
	if (who->count == 0)
		buf_append(&text, STR("sources that are not told apart"));
	else if (who->count == 1 && !who->others)
		buf_append(&text, who->first);
	else
		buf_printf(&text, "%zu source%s%s", who->count, plural(who->count),
			who->others ? " and others" : "");
	buf_append(&text, STR(": "));
	buf_append(&text, message);
	if (who->count > 1 || (who->count == 1 && who->others)) {
		buf_append(&text, STR("; the first is "));
		buf_append(&text, who->first);
	}
	struct str copy = arena_copy(&f->arena, buf_str(&text));
	buf_release(&text);
	return copy;
}

/* `items`: those of the trusts by place. */
static void doubt_note(struct findings *f, const struct doubt *doubt,
	const struct source_trust *items, const struct source_trusts *trusts)
{
	uint64_t lines = doubt->lines(&trusts->others);
	struct sources who = { .others = lines > 0 };
	for (size_t i = 0; i < trusts->count; i++) {
		uint64_t of_source = doubt->lines(&items[i].trust);
		if (of_source == 0)
			continue;
		lines += of_source;
		if (who.count++ == 0)
			who.first = items[i].place;
	}
	if (lines == 0)
		return;
	struct str message = arena_printf(&f->arena, "%llu %s", (unsigned long long)lines,
		lines == 1 ? doubt->one : doubt->many);
	findings_note(f, say_of(f, &who, message));
}

struct noted {
	struct str note;
	const struct source_trust *source;
};

static int by_note(const void *a, const void *b)
{
	const struct noted *x = a, *y = b;
	int order = str_compare(x->note, y->note);
	return order != 0 ? order : by_place(x->source, y->source);
}

/* What the sources say of themselves: those with the same words share a note. */
static void assumption_notes(struct findings *f, const struct source_trust *items, size_t count)
{
	struct noted *sorted = mem_zalloc(count, sizeof(*sorted));
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		if (items[i].note.len > 0)
			sorted[n++] = (struct noted){ items[i].note, &items[i] };
	}
	qsort(sorted, n, sizeof(*sorted), by_note);
	for (size_t i = 0; i < n;) {
		size_t begin = i;
		while (i < n && str_equal(sorted[i].note, sorted[begin].note))
			i++;
		struct sources who = { i - begin, sorted[begin].source->place, false };
		findings_note(f, say_of(f, &who, sorted[begin].note));
	}
	free(sorted);
}

void time_notes(struct findings *f, const struct source_trusts *trusts)
{
	struct source_trust *items = mem_zalloc(trusts->count, sizeof(*items));
	if (trusts->count > 0)
		memcpy(items, trusts->items, trusts->count * sizeof(*items));
	qsort(items, trusts->count, sizeof(*items), by_place);
	for (size_t i = 0; i < countof(doubts); i++)
		doubt_note(f, &doubts[i], items, trusts);
	assumption_notes(f, items, trusts->count);
	f->totals.undated_lines = trusts->others.undated_lines;
	for (size_t i = 0; i < trusts->count; i++)
		f->totals.undated_lines += items[i].trust.undated_lines;
	free(items);
}

void fire_note(struct findings *f, const struct fires *fires)
{
	if (fires->events_dropped == 0)
		return;
	findings_note(f,
		arena_printf(&f->arena,
			"rules of several terms: %llu hit%s of %zu rule%s %s given up for memory, "
			"spread over the whole time; such rules may have fired more often than is "
			"said",
			(unsigned long long)fires->events_dropped, plural(fires->events_dropped),
			fires->rules_limited, plural(fires->rules_limited),
			fires->events_dropped == 1 ? "was" : "were"));
}

void sampling_notes(struct findings *f)
{
	if (f->service_sampling > 0)
		findings_note(f,
			arena_printf(&f->arena,
				"too many services: one in %llu is followed over time; the lines "
				"and hits of the others are counted under (other services)",
				1ULL << f->service_sampling));
	static const char *const which[2] = { "ordinary lines", "problem lines" };
	for (size_t i = 0; i < 2; i++) {
		if (f->template_sampling[i] > 0)
			findings_note(f, arena_printf(&f->arena,
						 "too many different messages: of those of %s "
						 "one in %llu is compared",
						 which[i], 1ULL << f->template_sampling[i]));
	}
	if (f->event_sampling > 0)
		findings_note(
			f, arena_printf(&f->arena,
				   "many requests: one in %llu is followed through the services",
				   1ULL << f->event_sampling));
}
