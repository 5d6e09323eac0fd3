/* SPDX-License-Identifier: MIT */
#include "lineup/text_parts.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/out/text_row.h"
#include "src/out/text_spark.h"

/* How much is told: all of the first, less of the next two, of the rest a count and a place. */
enum detail {
	DETAIL_FULL,
	DETAIL_SOME,
	DETAIL_LINE,
};

/* How often, and since when; returns the columns taken. */
static size_t put_count(struct text_report *r, const struct suspect *s)
{
	struct page *p = &r->page;
	bool rule = s->subject == NULL || s->subject->kind == SUBJECT_RULE;
	size_t column = page_number(p, s->count);
	column += page_printf(p, rule		 ? s->count == 1 ? " hit" : " hits"
				 : s->count == 1 ? " line"
						 : " lines");
	if (s->onset_ns != TIME_NONE) {
		column += page_printf(p, ", from ");
		column += page_time(p, s->onset_ns);
		column += page_printf(p, " on");
	} else if (s->first_ns != TIME_NONE) {
		column += page_printf(p, ", first ");
		column += page_time(p, s->first_ns);
	}
	return column;
}

/* The place of one line: beside what stands in the line already, where there is room for it. */
static void put_place(struct text_report *r, const struct suspect *s, size_t column)
{
	struct page *p = &r->page;
	if (s->evidence_count == 0) {
		page_end_line(p);
		return;
	}
	struct str path = str_skip(s->evidence[0].path, r->places.len);
	char line[24];
	size_t len = (size_t)snprintf(
		line, sizeof(line), ":%llu", (unsigned long long)s->evidence[0].line);
	if (column + path.len + len + 4 > p->width) {
		page_end_line(p);
		page_spaces(p, VALUE_COLUMN - 2);
	}
	page_style(p, STYLE_DIM);
	page_printf(p, "  %s", r->places.len > 0 ? "@" : "");
	page_put(p, path);
	page_printf(p, "%s\n", line);
	page_style(p, STYLE_PLAIN);
}

static void put_first_line(struct text_report *r, const struct suspect *s)
{
	struct page *p = &r->page;
	char score[32];
	int score_len = snprintf(score, sizeof(score), "score %.1f", s->score);
	page_style(p, STYLE_BOLD);
	size_t column = page_printf(p, "%2u  ", (unsigned)s->rank);
	page_style(p, STYLE_PLAIN);
	column += row_severity(p, s->severity) + page_printf(p, " ");
	size_t right = p->width - (size_t)score_len - 1;
	size_t room = right > column + 10 ? right - column : 10;
	/* The title gives way first: the service is what one has to know. */
	size_t service_room = size_min(room / 2, 40);
	page_style(p, STYLE_BOLD);
	column += page_cut(p, s->service, service_room);
	page_style(p, STYLE_PLAIN);
	column += page_printf(p, " ") + page_glyph(p, GLYPH_DOT) + page_printf(p, " ");
	column += page_cut(p, s->title, right > column + 4 ? right - column : 4);
	page_spaces(p, right > column ? right - column : 0);
	page_printf(p, " %s\n", score);
}

static int by_points(const void *a, const void *b)
{
	const struct reason *x = *(const struct reason *const *)a;
	const struct reason *y = *(const struct reason *const *)b;
	if (fabs(x->points) != fabs(y->points))
		return fabs(x->points) > fabs(y->points) ? -1 : 1;
	return str_compare(x->what, y->what);
}

static void put_reasons(struct text_report *r, const struct suspect *s, enum detail detail)
{
	struct page *p = &r->page;
	if (s->reason_count == 0)
		return;
	const struct reason **order = mem_zalloc(s->reason_count, sizeof(*order));
	for (size_t i = 0; i < s->reason_count; i++)
		order[i] = &s->reasons[i];
	qsort(order, s->reason_count, sizeof(*order), by_points);
	size_t limit = p->verbose || detail == DETAIL_FULL ? s->reason_count : 3;
	size_t shown = 0;
	double rest = 0;
	for (size_t i = 0; i < s->reason_count; i++) {
		bool none = fabs(order[i]->points) < 0.05;
		if (shown >= limit || none) {
			rest += order[i]->points;
			continue;
		}
		row_label(p, shown == 0 ? "Why" : "");
		size_t column = VALUE_COLUMN + page_printf(p, "%+6.1f  ", order[i]->points);
		page_sentence(p, order[i]->detail.len > 0 ? order[i]->detail : order[i]->what,
			column, column, p->verbose ? 0 : 2);
		shown++;
	}
	if (fabs(rest) >= 0.05) {
		row_label(p, shown == 0 ? "Why" : "");
		page_printf(p, "%+6.1f  other reasons (-v shows them)\n", rest);
	}
	free(order);
}

static void put_evidence(struct text_report *r, const struct suspect *s, size_t most)
{
	struct page *p = &r->page;
	size_t shown = p->verbose ? s->evidence_count : size_min(most, s->evidence_count);
	for (size_t i = 0; i < shown; i++) {
		const struct evidence *e = &s->evidence[i];
		row_label(p, i == 0 ? "Seen" : "");
		page_style(p, STYLE_DIM);
		if (r->places.len > 0)
			page_printf(p, "@");
		page_put(p, str_skip(e->path, r->places.len));
		page_printf(p, ":%llu\n", (unsigned long long)e->line);
		page_style(p, STYLE_PLAIN);
		page_spaces(p, VALUE_COLUMN);
		/* behind stamp, level, logger and ids the message begins where a line ends */
		size_t lines = p->verbose ? 0 : i == 0 ? 2 : 1;
		page_log_line(p, e->text, VALUE_COLUMN, lines);
	}
}

static void put_also(struct text_report *r, const struct suspect *s)
{
	struct page *p = &r->page;
	if (s->also_count == 0)
		return;
	struct buf ids = BUF_INIT(0);
	for (size_t i = 0; i < s->also_count; i++)
		buf_printf(&ids, "%s%.*s", i > 0 ? ", " : "", STR_ARG(s->also[i]));
	row_label(p, "Also");
	page_printf(p, "the same lines are known as ");
	page_wrapped(p, buf_str(&ids), VALUE_COLUMN + 28, VALUE_COLUMN, 0);
	buf_release(&ids);
}

static void put_states(struct text_report *r, const struct suspect *s)
{
	struct page *p = &r->page;
	size_t shown = p->verbose ? s->state_count : size_min(3, s->state_count);
	for (size_t i = 0; i < shown; i++) {
		const struct state *t = &s->states[i];
		row_label(p, i == 0 ? "State" : "");
		page_put(p, t->name);
		if (!isnan(t->at))
			page_printf(p, " %.6g", t->at);
		if (!isnan(t->before))
			page_printf(p, ", before %.6g", t->before);
		if (!isnan(t->limit))
			page_printf(p, ", limit %.6g", t->limit);
		page_end_line(p);
	}
}

static void put_recurrence(struct text_report *r, const struct suspect *s)
{
	const struct recurrence *c = &s->recurrence;
	struct page *p = &r->page;
	if (!c->known)
		return;
	row_label(p, "Returns");
	page_put(p, c->text);
	page_printf(p, ", seen %u of %u times\n", c->seen, c->of);
	for (size_t i = 0; i < c->coincides_count && (i < 3 || p->verbose); i++) {
		row_label(p, "");
		page_printf(p, "together with ");
		page_wrapped(p, c->coincides[i], VALUE_COLUMN + 14, VALUE_COLUMN, 1);
	}
}

static void put_changes(struct text_report *r, const struct suspect *s, enum detail detail)
{
	struct page *p = &r->page;
	size_t shown = p->verbose ? s->change_count : detail == DETAIL_FULL ? 3 : 1;
	for (size_t i = 0; i < s->change_count && i < shown; i++) {
		const struct change *c = &s->changes[i];
		char before[64] = "";
		if (c->before_without_trouble > 0)
			snprintf(before, sizeof(before), " (%u before without trouble)",
				c->before_without_trouble);
		row_label(p, i == 0 ? "Changes" : "");
		size_t column = VALUE_COLUMN + strlen(before);
		column += page_duration(p, (int64_t)(c->lag_seconds * 1e9));
		column += page_printf(p, " before: ");
		if (c->service.len > 0) {
			column += page_put(p, c->service);
			column += page_printf(p, ": ");
		}
		page_cut(p, c->text,
			p->verbose		 ? SIZE_MAX
			: p->width > column + 20 ? p->width - column
						 : 20);
		page_printf(p, "%s\n", before);
	}
}

static void put_advice_text(struct page *p, const char *label, struct str text, size_t lines)
{
	if (str_trim(text).len == 0)
		return;
	row_label(p, label);
	page_wrapped(p, text, VALUE_COLUMN, VALUE_COLUMN, p->verbose ? 0 : lines);
}

static void put_advice(struct text_report *r, const struct suspect *s, enum detail detail)
{
	const struct rule_advice *a = s->advice;
	struct page *p = &r->page;
	if (a == NULL)
		return;
	/* What to do comes first: the reader's system is down. */
	put_advice_text(p, "Fix", a->fix, detail == DETAIL_FULL ? 4 : 2);
	if (detail != DETAIL_FULL && !p->verbose)
		return;
	put_advice_text(p, "Meanwhile", a->workaround, 3);
	put_advice_text(p, "Cause", a->cause, 3);
	put_advice_text(p, "Impact", a->impact, 2);
	put_advice_text(p, "Prevent", a->prevention, 3);
	put_advice_text(p, "Verify", a->verify, 2);
	for (size_t i = 0; i < a->reference_count && (i < 1 || p->verbose); i++)
		put_advice_text(p, i == 0 ? "See" : "", a->references[i], 1);
}

static void put_suspect(struct text_report *r, size_t index, enum detail detail)
{
	const struct suspect *s = &r->verdict->suspects[index];
	struct page *p = &r->page;
	put_first_line(r, s);
	page_spaces(p, BODY_COLUMN);
	size_t column = BODY_COLUMN + text_spark(r, s);
	column += put_count(r, s);
	if (detail == DETAIL_LINE && !p->verbose) {
		put_place(r, s, column);
	} else {
		page_end_line(p);
		/* The headline said the first one's already. */
		bool said = (index == 0 && str_starts(r->verdict->summary, s->sentence)) ||
			    (s->sentence_repeats && !p->verbose);
		if (s->sentence.len > 0 && !said) {
			page_spaces(p, BODY_COLUMN);
			page_sentence(p, s->sentence, BODY_COLUMN, BODY_COLUMN, 3);
		}
		if (p->verbose && s->advice != NULL) {
			row_label(p, "Rule");
			page_put(p, s->id);
			page_end_line(p);
		}
		put_reasons(r, s, detail);
		put_evidence(r, s, detail == DETAIL_FULL ? 2 : 1);
		put_also(r, s);
		put_states(r, s);
		put_recurrence(r, s);
		put_changes(r, s, detail);
		put_advice(r, s, detail);
		if (s->advice == NULL)
			row_advice_of_consequence(r, index);
	}
	if (s->caused_by < r->verdict->suspect_count && !row_is_folded(r, index)) {
		row_label(p, "Follows");
		page_printf(p, "number %u\n", (unsigned)r->verdict->suspects[s->caused_by].rank);
	}
	row_consequences(r, index);
}

void text_suspects(struct text_report *r)
{
	struct page *p = &r->page;
	if (r->shown == 0)
		return;
	page_heading(p, "SUSPECTS");
	if (r->shown < r->verdict->suspect_count)
		page_printf(p, "  %zu of %zu, the likeliest first; -n shows more", r->shown,
			r->verdict->suspect_count);
	else
		page_printf(p, "  the likeliest first");
	page_end_line(p);
	text_axis(r);
	size_t told = 0;
	for (size_t i = 0; i < r->shown; i++) {
		if (row_is_folded(r, i))
			continue;
		enum detail detail = told == 0 ? DETAIL_FULL : told < 3 ? DETAIL_SOME : DETAIL_LINE;
		/* those of a line or two stand close together, below a blank line */
		if (told <= 3 || p->verbose)
			page_end_line(p);
		put_suspect(r, i, detail);
		told++;
	}
}
