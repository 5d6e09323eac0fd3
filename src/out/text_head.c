/* SPDX-License-Identifier: MIT */
#include "lineup/text_parts.h"

#include <inttypes.h>

/* Values of the head stand in this column. */
#define HEAD_COLUMN 10
#define NOTES_SHOWN 3

static void put_label(struct page *p, const char *label)
{
	size_t used = page_printf(p, "%s", label);
	page_spaces(p, used < HEAD_COLUMN ? HEAD_COLUMN - used : 1);
}

static void put_counted(struct page *p, uint64_t n, const char *noun)
{
	page_number(p, n);
	page_printf(p, " %s%s", noun, n == 1 ? "" : "s");
}

void text_headline(struct text_report *r)
{
	const struct verdict *v = r->verdict;
	struct page *p = &r->page;
	if (r->settings->interrupted) {
		page_style(p, STYLE_WARN);
		page_wrapped(p,
			STR("Interrupted: this report covers only what was read until then."), 0, 0,
			0);
		page_style(p, STYLE_PLAIN);
		page_end_line(p);
	}
	page_style(p, STYLE_BOLD);
	if (v->summary.len > 0) {
		page_sentence(p, v->summary, 0, 0, 0);
	} else if (r->findings->totals.lines == 0) {
		page_wrapped(p, STR("No line was read: there is nothing to say."), 0, 0, 0);
	} else if (v->suspect_count == 0) {
		page_wrapped(p, STR("Nothing stands out."), 0, 0, 0);
	} else {
		size_t used = page_printf(p, "Most likely: ");
		used += page_put(p, v->suspects[0].service);
		used += page_printf(p, ": ");
		page_wrapped(p, v->suspects[0].title, used, 0, 4);
	}
	page_style(p, STYLE_PLAIN);
}

/* A bad year can make a span longer than an int64_t of nanoseconds. */
static int64_t span_ns(int64_t from_ns, int64_t to_ns)
{
	int64_t ns;
	return __builtin_sub_overflow(to_ns, from_ns, &ns) ? INT64_MAX : ns;
}

static void put_read(struct text_report *r)
{
	const struct input_totals *t = &r->findings->totals;
	struct page *p = &r->page;
	put_label(p, "Read");
	page_hold(p);
	put_counted(p, t->lines, "line");
	page_printf(p, " in ");
	put_counted(p, t->members, "log");
	if (t->members != t->files) {
		page_printf(p, " of ");
		put_counted(p, t->files, "file");
	}
	page_printf(p, ", ");
	page_size(p, t->bytes);
	if (t->bytes_read < t->bytes / 10 * 9) {
		page_printf(p, " (");
		page_size(p, t->bytes_read);
		page_printf(p, " compressed)");
	}
	page_wrap_held(p, HEAD_COLUMN, HEAD_COLUMN);
}

/* What --since and --until leave out. */
static void put_left_out(struct page *p, const struct left_out *l)
{
	if (l->lines == 0)
		return;
	page_spaces(p, HEAD_COLUMN);
	page_hold(p);
	page_printf(p, "left out: ");
	put_counted(p, l->lines, "line");
	page_printf(p, " of ");
	page_date_time(p, l->first_ns);
	page_printf(p, " to ");
	page_date_time(p, l->last_ns);
	page_wrap_held(p, HEAD_COLUMN, HEAD_COLUMN);
}

static void put_span_of_time(struct text_report *r)
{
	const struct findings *f = r->findings;
	struct page *p = &r->page;
	put_label(p, "Time");
	if (f->first_ns == TIME_NONE) {
		page_printf(p, "%s\n",
			f->left_out.lines > 0	? "no line is stamped within the span asked for"
			: f->totals.lines == 0	? "no line was read"
			: f->service_count == 0 ? "no line matched, and of others -q reads no time"
						: "no line carries a time that could be read");
		put_left_out(p, &f->left_out);
		return;
	}
	/* Without the few lines that are stamped far outside all others: a note tells of them. */
	bool framed = r->verdict->to_ns > r->verdict->from_ns;
	int64_t first_ns = framed ? i64_max(f->first_ns, r->verdict->from_ns) : f->first_ns;
	int64_t last_ns = framed ? i64_min(f->last_ns, r->verdict->to_ns) : f->last_ns;
	page_hold(p);
	page_date_time(p, first_ns);
	page_printf(p, " to ");
	page_date_time(p, last_ns);
	page_printf(p, " UTC (");
	page_duration(p, span_ns(first_ns, last_ns));
	page_printf(p, ")");
	if (r->verdict->window_ns > 0) {
		page_printf(p, ", in windows of ");
		page_duration(p, r->verdict->window_ns);
	}
	page_wrap_held(p, HEAD_COLUMN, HEAD_COLUMN);
	if (f->totals.undated_lines > 0) {
		page_spaces(p, HEAD_COLUMN);
		put_counted(p, f->totals.undated_lines, "line");
		page_printf(p, " without any time\n");
	}
	put_left_out(p, &f->left_out);
}

/* The day is said where it goes without saying in no other line. */
static size_t put_moment(struct text_report *r, int64_t time_ns)
{
	const struct verdict *v = r->verdict;
	return time_ns < v->from_ns || time_ns > v->to_ns ? page_date_time(&r->page, time_ns)
							  : page_time(&r->page, time_ns);
}

static void put_span(struct text_report *r, const char *label, const struct span *s)
{
	struct page *p = &r->page;
	if (s->from_ns == TIME_NONE && s->how.len == 0)
		return;
	put_label(p, label);
	size_t column = HEAD_COLUMN;
	if (s->from_ns != TIME_NONE) {
		column += put_moment(r, s->from_ns);
		column += page_printf(p, " to ");
		column += put_moment(r, s->to_ns);
		column += page_printf(p, " (");
		column += page_duration(p, span_ns(s->from_ns, s->to_ns));
		column += page_printf(p, ")%s", s->how.len > 0 ? ", " : "");
	}
	if (s->how.len == 0)
		page_end_line(p);
	else
		page_sentence(p, s->how, column, HEAD_COLUMN, p->verbose ? 0 : 2);
}

static void put_rules(struct text_report *r)
{
	const struct findings *f = r->findings;
	struct page *p = &r->page;
	size_t fired = 0;
	size_t rejected = 0;
	for (size_t i = 0; i < f->detection_count; i++)
		fired += f->detections[i].count > 0;
	for (size_t i = 0; f->rules != NULL && i < f->rules->complaint_count; i++)
		rejected += f->rules->complaints[i].rejected;
	put_label(p, "Rules");
	page_number(p, f->rules == NULL ? 0 : f->rules->rule_count);
	page_printf(p, " loaded, ");
	page_number(p, fired);
	page_printf(p, " fired");
	if (rejected > 0) {
		page_printf(p, ", ");
		page_number(p, rejected);
		page_printf(p, " could not be used; see the end");
	}
	page_end_line(p);
}

static void put_unread(struct text_report *r)
{
	const struct troubles *t = &r->findings->troubles;
	struct page *p = &r->page;
	if (t->count == 0)
		return;
	put_label(p, "Unread");
	const char *comma = "";
	for (size_t i = 0; i < TROUBLE_KINDS; i++) {
		uint64_t count = t->kept[i] + t->beyond[i];
		if (count == 0)
			continue;
		page_printf(p, "%s", comma);
		page_number(p, count);
		page_printf(p, " %s", trouble_kind_name((enum trouble_kind)i));
		comma = ", ";
	}
	page_printf(p, "; see the end\n");
}

static void put_notes(struct text_report *r)
{
	const struct findings *f = r->findings;
	const struct verdict *v = r->verdict;
	struct page *p = &r->page;
	size_t count = f->note_count + v->note_count;
	size_t shown = p->verbose ? count : size_min(count, NOTES_SHOWN);
	for (size_t i = 0; i < shown; i++) {
		/* What the ranking has to say comes before what was assumed for one source. */
		struct str note = i < v->note_count ? v->notes[i] : f->notes[i - v->note_count];
		put_label(p, i == 0 ? "Notes" : "");
		page_sentence(p, note, HEAD_COLUMN, HEAD_COLUMN, p->verbose ? 0 : 2);
	}
	page_more(p, HEAD_COLUMN, count - shown, count - shown == 1 ? " note" : " notes");
}

static void put_places(struct text_report *r)
{
	if (r->places.len == 0)
		return;
	put_label(&r->page, "Places");
	page_printf(&r->page, "@ stands for ");
	page_put(&r->page, r->places);
	page_end_line(&r->page);
}

void text_head(struct text_report *r)
{
	page_end_line(&r->page);
	put_read(r);
	put_span_of_time(r);
	put_span(r, "Incident", &r->verdict->incident);
	put_span(r, "Baseline", &r->verdict->baseline);
	put_rules(r);
	put_unread(r);
	put_notes(r);
	put_places(r);
}
