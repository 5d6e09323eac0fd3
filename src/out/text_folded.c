/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "src/out/text_row.h"

#define FOLD_DEPTH 3

static enum page_style severity_style(enum severity severity)
{
	switch (severity) {
	case SEVERITY_CRITICAL:
	case SEVERITY_HIGH:
		return STYLE_ALARM;
	case SEVERITY_MEDIUM:
		return STYLE_WARN;
	case SEVERITY_LOW:
		return STYLE_NOTICE;
	default:
		return STYLE_DIM;
	}
}

size_t row_severity(struct page *p, enum severity severity)
{
	static const char *const names[SEVERITY_COUNT] = { "CRITICAL", "HIGH", "MEDIUM", "LOW",
		"INFO" };
	page_style(p, severity_style(severity));
	size_t used = page_printf(p, "%-8s", names[severity]);
	page_style(p, STYLE_PLAIN);
	return used;
}

bool row_is_folded(const struct text_report *r, size_t index)
{
	return r->verdict->suspects[index].caused_by < index;
}

void row_label(struct page *p, const char *label)
{
	page_spaces(p, BODY_COLUMN);
	page_style(p, STYLE_DIM);
	size_t used = BODY_COLUMN + page_printf(p, "%s", label);
	page_style(p, STYLE_PLAIN);
	page_spaces(p, VALUE_COLUMN - used);
}

/* The link from a cause to this consequence, or NULL. */
static const struct link *find_link(const struct suspect *cause, size_t index)
{
	for (size_t i = 0; i < cause->led_to_count; i++) {
		if (cause->led_to[i].suspect == index)
			return &cause->led_to[i];
	}
	return NULL;
}

/* Is it folded under this cause, over however many steps? */
static bool stands_under(const struct text_report *r, size_t index, size_t cause)
{
	while (row_is_folded(r, index)) {
		index = r->verdict->suspects[index].caused_by;
		if (index == cause)
			return true;
	}
	return false;
}

void row_advice_of_consequence(struct text_report *r, size_t cause)
{
	struct page *p = &r->page;
	for (size_t i = cause + 1; i < r->shown; i++) {
		const struct suspect *s = &r->verdict->suspects[i];
		if (s->advice == NULL || s->advice->fix.len == 0 || !stands_under(r, i, cause))
			continue;
		row_label(p, "Fix");
		size_t column = VALUE_COLUMN + page_printf(p, "of number %u: ", (unsigned)s->rank);
		page_wrapped(p, s->advice->fix, column, VALUE_COLUMN, p->verbose ? 0 : 3);
		return;
	}
}

/* How often it came says something of a line that is too many, nothing of a step that is slow. */
static bool is_counted(const struct suspect *s)
{
	return s->reason_count == 0 || str_equal(s->reasons[0].what, STR("new")) ||
	       str_equal(s->reasons[0].what, STR("burst"));
}

/* ", in 63 of 64 requests" */
static void put_share(struct page *p, uint64_t part, uint64_t of, const char *noun)
{
	page_printf(p, ", in ");
	page_number(p, part);
	page_printf(p, " of ");
	page_number(p, of);
	page_printf(p, " %s", noun);
}

static void put_below(struct text_report *r, size_t cause, unsigned depth);

static void put_consequence(struct text_report *r, size_t cause, size_t index, unsigned depth)
{
	const struct suspect *s = &r->verdict->suspects[index];
	const struct link *link = find_link(&r->verdict->suspects[cause], index);
	struct page *p = &r->page;
	size_t column = BODY_COLUMN + 2 * (size_t)depth;
	page_spaces(p, column);
	column += page_glyph(p, GLYPH_HOOK);
	column += page_printf(p, " %2u  ", (unsigned)s->rank);
	column += row_severity(p, s->severity) + page_printf(p, " ");
	size_t room = p->width > column + 40 ? p->width - column : 40;
	column += page_cut(p, s->service, room / 3);
	column += page_printf(p, " ") + page_glyph(p, GLYPH_DOT) + page_printf(p, " ");
	page_cut(p, s->title, p->width > column + 20 ? p->width - column : 20);
	page_end_line(p);
	column = BODY_COLUMN + 2 * (size_t)depth + 2;
	page_spaces(p, column);
	page_hold(p);
	if (is_counted(s)) {
		page_number(p, s->count);
		page_printf(p, s->count == 1 ? " time, " : " times, ");
	}
	if (link != NULL && isfinite(link->lag_seconds)) {
		page_duration(p, (int64_t)(link->lag_seconds * 1e9));
		page_printf(p, link->lag_seconds < 0 ? " earlier" : " later");
	} else if (s->onset_ns != TIME_NONE) {
		page_printf(p, "from ");
		page_time(p, s->onset_ns);
		page_printf(p, " on");
	}
	if (link != NULL && link->episodes_of > 0)
		put_share(p, link->episodes, link->episodes_of, "incidents");
	if (link != NULL && link->of > 0)
		put_share(p, link->requests, link->of, "requests");
	page_wrap_held(p, column, column);
	if (!is_counted(s)) {
		page_spaces(p, column);
		page_sentence(p, s->reasons[0].detail, column, column, p->verbose ? 0 : 2);
	}
	put_below(r, index, depth + 1);
}

static void put_below(struct text_report *r, size_t cause, unsigned depth)
{
	if (depth >= FOLD_DEPTH)
		depth = FOLD_DEPTH;
	for (size_t i = cause + 1; i < r->shown; i++) {
		if (r->verdict->suspects[i].caused_by == cause)
			put_consequence(r, cause, i, depth);
	}
}

void row_consequences(struct text_report *r, size_t cause)
{
	put_below(r, cause, 0);
}
