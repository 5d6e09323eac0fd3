/* SPDX-License-Identifier: MIT */
/*
 * The scan by masked forms. Lines whose form is known take its terms; the others are copied behind
 * one another, each form once, and scanned for the relaxed patterns (pattern_relax.h), which answer
 * for the whole form. What a term answers for a form is then remembered: yes, or "ask each line",
 * and by its absence no.
 */
#include "src/match/matcher_parts.h"

#include "lineup/line_holds.h"
#include "lineup/mem.h"

/* Copies the lines whose form is not known, each form once, behind one another. */
static size_t gather_fresh(
	struct matcher_scratch *s, struct str chunk, const struct scan_lines *lines)
{
	size_t count = 0;
	buf_clear(&s->fresh);
	for (size_t i = 0; i < lines->count; i++) {
		const struct scan_line *line = &lines->items[i];
		if (line->form != NULL && (line->form->matched || line->form->pending))
			continue;
		if (line->form != NULL)
			line->form->pending = true;
		if (count == s->owner_capacity) {
			s->owner_capacity = count == 0 ? 256 : count * 2;
			s->owners = mem_realloc(s->owners, s->owner_capacity, sizeof(s->owners[0]));
		}
		s->owners[count++] = (uint32_t)i;
		buf_append(&s->fresh, str_of(chunk.ptr + line->start, line->end - line->start));
		buf_append_byte(&s->fresh, '\n');
	}
	return count;
}

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_ASK_EACH };

/* What one line of a form says for all of them, of a term whose relaxed pattern it matches. */
static enum answer ask(
	const struct matcher *m, struct matcher_scratch *s, uint32_t term, struct str line)
{
	const struct term_plan *plan = &m->plan.terms[term];
	if (plan->masked != MASKED_BLIND)
		return ANSWER_ASK_EACH;
	if (plan->path != PATH_CONFIRM)
		return ANSWER_YES;
	uint64_t before = matcher_scratch_gave_up(s, term);
	if (matcher_line(m, s, term, line))
		return ANSWER_YES;
	/* PCRE2 came to no end: another line has other luck */
	return matcher_scratch_gave_up(s, term) > before ? ANSWER_ASK_EACH : ANSWER_NO;
}

/* The terms that all lines of a form hit, and behind them those that each has to be asked for, from
 * `count` hits of its line. */
static void judge_form(const struct matcher *m, struct matcher_scratch *s, struct str line,
	size_t first, size_t count, size_t *sure_count, size_t *check_count)
{
	*sure_count = *check_count = 0;
	for (size_t i = 0; i < count; i++) {
		uint32_t term = s->of_fresh.items[first + i].term;
		enum answer answer = ask(m, s, term, line);
		if (answer == ANSWER_YES)
			s->verdict[(*sure_count)++] = term;
		else if (answer == ANSWER_ASK_EACH)
			s->to_check[(*check_count)++] = term;
	}
	memcpy(s->verdict + *sure_count, s->to_check, *check_count * sizeof(s->to_check[0]));
}

/* Finds out and remembers the terms of the gathered lines; those without a form become hits. */
static void settle_fresh(const struct matcher *m, struct matcher_scratch *s, size_t count,
	const struct scan_lines *lines, struct line_memo *memo, struct hits *hits)
{
	const struct hits *found = &s->of_fresh;
	size_t at = 0, start = 0;
	for (size_t i = 0; i < count; i++) {
		const struct scan_line *line = &lines->items[s->owners[i]];
		struct str text = str_of(s->fresh.ptr + start, line->end - line->start);
		size_t first = at;
		while (at < found->count && found->items[at].start == start)
			at++;
		start += text.len + 1;
		size_t sure, check;
		judge_form(m, s, text, first, at - first, &sure, &check);
		if (line->form != NULL) {
			line_memo_set_terms(memo, line->form, s->verdict, sure, check);
			continue;
		}
		size_t from = hits->count;
		for (size_t k = 0; k < sure + check; k++)
			if (k < sure || matcher_looks(m, s, s->verdict[k], text))
				hits_add(hits, line->start, line->end, s->verdict[k]);
		hits_sort_line(hits, from);
	}
}

/* One of the terms that each line of a form is asked for. */
static bool looks_again(
	const struct matcher *m, struct matcher_scratch *s, uint32_t term, struct str line)
{
	const struct needle *digits = &m->plan.terms[term].digits;
	return line_holds(line, str_of(digits->text, digits->len)) &&
	       matcher_looks(m, s, term, line);
}

/* The hits of lines whose form is known. */
static void recall(const struct matcher *m, struct matcher_scratch *s, struct str chunk,
	const struct scan_lines *lines, struct hits *hits)
{
	for (size_t i = 0; i < lines->count; i++) {
		const struct scan_line *line = &lines->items[i];
		const struct line_form *form = line->form;
		if (form == NULL || form->sure_count + form->check_count == 0)
			continue;
		struct str text = str_of(chunk.ptr + line->start, line->end - line->start);
		size_t from = hits->count;
		for (size_t k = 0; k < form->sure_count + form->check_count; k++)
			if (k < form->sure_count || looks_again(m, s, form->terms[k], text))
				hits_add(hits, line->start, line->end, form->terms[k]);
		if (form->check_count > 0)
			hits_sort_line(hits, from);
	}
}

/* What forms do not tell: patterns that are looked for in every line. */
static int scan_all_lines(const struct matcher *m, struct matcher_scratch *s, struct str chunk,
	struct hits *hits, struct error *err)
{
	for (size_t i = 0; i < PLAN_GROUPS; i++) {
		const struct plan_group *group = &m->plan.groups[i];
		if (matcher_scan_database(group, group->loose, s, chunk, hits, err) != 0)
			return -1;
	}
	matcher_confirm_hits(m, s, chunk, hits, false);
	matcher_ask_each_line(m, s, chunk, hits);
	return 0;
}

int matcher_scan_lines(const struct matcher *m, struct matcher_scratch *s, struct str chunk,
	const struct scan_lines *lines, struct line_memo *memo, struct hits *hits,
	struct error *err)
{
	hits->count = 0;
	confirm_scratch_begin(s->confirm);
	if (scan_all_lines(m, s, chunk, hits, err) != 0)
		return -1;
	size_t fresh = gather_fresh(s, chunk, lines);
	s->of_fresh.count = 0;
	for (size_t i = 0; i < PLAN_GROUPS && fresh > 0; i++) {
		const struct plan_group *group = &m->plan.groups[i];
		if (matcher_scan_database(
			    group, group->relaxed, s, buf_str(&s->fresh), &s->of_fresh, err) != 0) {
			line_memo_clear(memo); /* some forms were promised to be found out */
			return -1;
		}
	}
	size_t first = hits->count;
	settle_fresh(m, s, fresh, lines, memo, hits);
	hits_merge(hits, first, &s->spare);
	first = hits->count;
	recall(m, s, chunk, lines, hits);
	hits_merge(hits, first, &s->spare);
	return 0;
}
