/* SPDX-License-Identifier: MIT */
#include "lineup/matcher.h"

#include <stdlib.h>

#include "lineup/clock.h"
#include "lineup/jq_term.h"
#include "lineup/line_holds.h"
#include "lineup/mem.h"
#include "src/match/matcher_parts.h"

/*
 * How scanning a chunk comes to say exactly what matching each line alone says: no pattern in the
 * database can consume a line feed, and its `^`, `$` and `\b` look one byte around at most, where a
 * line feed says the same as the end of the text. So a match lies within one line, and is one of
 * the line alone. What cannot be said so exactly is said more broadly and each hit confirmed by
 * PCRE2; what cannot be said at all is asked of PCRE2 for every line. Many patterns are each said
 * by their rarest text (pattern_key.h), since a hit that is confirmed costs less than a large
 * automaton.
 */

#define DATABASES 3

static void list_databases(
	const struct plan_group *group, const struct pattern_database *all[DATABASES])
{
	all[0] = group->exact;
	all[1] = group->relaxed;
	all[2] = group->loose;
}

/* What follows from the plans. */
static void take_stock(struct matcher *m, struct rule_set *rules)
{
	m->each_line = mem_zalloc(rules->term_count, sizeof(m->each_line[0]));
	for (uint32_t term = 0; term < rules->term_count; term++) {
		switch ((enum term_path)m->plan.terms[term].path) {
		case PATH_SCAN:
			m->stats.terms_scanned++;
			break;
		case PATH_CONFIRM:
			m->stats.terms_confirmed++;
			m->confirms = true;
			break;
		case PATH_SLOW:
		case PATH_JQ:
			m->stats.terms_slow++;
			m->each_line[m->each_line_count++] = term;
			break;
		case PATH_ALWAYS:
			m->each_line[m->each_line_count++] = term;
			break;
		case PATH_NEVER:
			rule_set_complain(rules, rules->terms[term].place, STR_NONE, false,
				"pattern can never match a line, which holds no line feed");
			break;
		case PATH_REJECTED:
			break;
		}
	}
	for (size_t i = 0; i < PLAN_GROUPS; i++) {
		const struct pattern_database *all[DATABASES];
		list_databases(&m->plan.groups[i], all);
		for (size_t k = 0; k < DATABASES; k++)
			m->stats.database_bytes +=
				all[k] != NULL ? pattern_database_bytes(all[k]) : 0;
	}
}

int matcher_create(struct matcher **out, struct rule_set *rules,
	const struct matcher_options *options, struct error *err)
{
	*out = NULL;
	int64_t started_ns = clock_monotonic_ns();
	struct matcher *m = mem_zalloc(1, sizeof(*m));
	m->rules = rules;
	m->confirm = confirm_create(rules);
	if (matcher_plan_make(&m->plan, rules, options, err) != 0) {
		matcher_destroy(m);
		return -1;
	}
	take_stock(m, rules);
	m->stats.from_cache = m->plan.from_cache;
	m->stats.compile_seconds = (double)(clock_monotonic_ns() - started_ns) / (double)NS_PER_S;
	*out = m;
	return 0;
}

void matcher_destroy(struct matcher *m)
{
	if (m == NULL)
		return;
	matcher_plan_release(&m->plan);
	confirm_destroy(m->confirm);
	free(m->each_line);
	free(m);
}

const struct matcher_stats *matcher_stats(const struct matcher *m)
{
	return &m->stats;
}

bool matcher_rejects(const struct matcher *m, uint32_t term)
{
	return m->plan.terms[term].path == PATH_REJECTED;
}

int matcher_scratch_create(struct matcher_scratch **out, const struct matcher *m, struct error *err)
{
	struct matcher_scratch *s = mem_zalloc_aligned(sizeof(*s));
	*out = NULL;
	for (size_t i = 0; i < PLAN_GROUPS; i++) {
		const struct pattern_database *all[DATABASES];
		list_databases(&m->plan.groups[i], all);
		for (size_t k = 0; k < DATABASES; k++) {
			if (all[k] != NULL &&
				pattern_scratch_grow(&s->patterns, all[k], err) != 0) {
				pattern_scratch_destroy(s->patterns);
				free(s);
				return -1;
			}
		}
	}
	s->plans = m->plan.terms;
	s->confirm = confirm_scratch_create(m->confirm);
	s->jq = jq_terms_create(m->rules);
	hit_collector_init(&s->collector, m->rules->term_count);
	s->to_check = mem_zalloc(m->rules->term_count + 1, sizeof(s->to_check[0]));
	s->verdict = mem_zalloc(m->rules->term_count + 1, sizeof(s->verdict[0]));
	*out = s;
	return 0;
}

void matcher_scratch_destroy(struct matcher_scratch *s)
{
	if (s == NULL)
		return;
	pattern_scratch_destroy(s->patterns);
	confirm_scratch_destroy(s->confirm);
	jq_terms_destroy(s->jq);
	hit_collector_release(&s->collector);
	hits_release(&s->spare);
	hits_release(&s->of_fresh);
	buf_release(&s->fresh);
	free(s->owners);
	free(s->verdict);
	free(s->to_check);
	free(s);
}

static struct str line_of(struct str chunk, const struct hit *hit)
{
	return str_of(chunk.ptr + hit->start, hit->end - hit->start);
}

/*
 * Does PCRE2 have the last word on what a database said? `relaxed`: terms of the user were found by
 * their relaxed patterns.
 */
static bool needs_look(const struct matcher *m, uint32_t term, bool relaxed)
{
	const struct term_plan *plan = &m->plan.terms[term];
	return plan->path == PATH_CONFIRM ||
	       (relaxed && plan->masked == MASKED_CHECK && !m->rules->terms[term].builtin);
}

bool matcher_looks(
	const struct matcher *m, struct matcher_scratch *s, uint32_t term, struct str line)
{
	const struct needle *needle = &m->plan.terms[term].needle;
	return line_holds(line, str_of(needle->text, needle->len)) &&
	       matcher_line(m, s, term, line);
}

void matcher_confirm_hits(const struct matcher *m, struct matcher_scratch *s, struct str chunk,
	struct hits *hits, bool relaxed)
{
	size_t kept = 0;
	for (size_t i = 0; i < hits->count; i++) {
		const struct hit *hit = &hits->items[i];
		if (needs_look(m, hit->term, relaxed) &&
			!matcher_looks(m, s, hit->term, line_of(chunk, hit)))
			continue;
		hits->items[kept++] = *hit;
	}
	hits->count = kept;
}

static void ask_each_line(
	const struct matcher *m, struct matcher_scratch *s, struct str chunk, struct hits *hits)
{
	for (size_t start = 0; start < chunk.len;) {
		const char *found = memchr(chunk.ptr + start, '\n', chunk.len - start);
		size_t end = found != NULL ? (size_t)(found - chunk.ptr) : chunk.len;
		struct str line = str_of(chunk.ptr + start, end - start);
		enum { UNTRIED, OBJECT, OTHER } json = UNTRIED;
		for (size_t i = 0; i < m->each_line_count; i++) {
			uint32_t term = m->each_line[i];
			bool hit = true;
			if (m->plan.terms[term].path == PATH_SLOW) {
				hit = confirm_line(m->confirm, s->confirm, term, line);
			} else if (m->plan.terms[term].path == PATH_JQ) {
				if (json == UNTRIED)
					json = jq_terms_take(s->jq, line) ? OBJECT : OTHER;
				hit = json == OBJECT && jq_terms_hit(s->jq, term);
			}
			if (hit)
				hits_add(hits, (uint32_t)start, (uint32_t)end, term);
		}
		start = end + 1;
	}
}

void matcher_ask_each_line(
	const struct matcher *m, struct matcher_scratch *s, struct str chunk, struct hits *hits)
{
	if (m->each_line_count == 0)
		return;
	size_t first = hits->count;
	ask_each_line(m, s, chunk, hits);
	hits_merge(hits, first, &s->spare);
}

int matcher_scan_database(const struct plan_group *group, const struct pattern_database *database,
	struct matcher_scratch *s, struct str chunk, struct hits *hits, struct error *err)
{
	size_t parts = database != NULL ? pattern_database_parts(database) : 0;
	for (size_t part = 0; part < parts; part++) {
		size_t first = hits->count;
		hit_collector_begin(&s->collector, hits, chunk, group->terms,
			database == group->relaxed ? NULL : s->plans);
		if (pattern_database_scan(database, part, s->patterns, chunk, hit_collector_found,
			    &s->collector, err) != 0)
			return -1;
		hit_collector_finish(&s->collector, first);
		hits_merge(hits, first, &s->spare);
	}
	return 0;
}

/* *relaxed: some terms of the user were looked for by their relaxed patterns. */
static int scan_databases(const struct matcher *m, struct matcher_scratch *s, struct str chunk,
	struct hits *hits, bool *relaxed, struct error *err)
{
	hits->count = 0;
	*relaxed = false;
	for (size_t i = 0; i < PLAN_GROUPS && chunk.len > 0; i++) {
		const struct plan_group *group = &m->plan.groups[i];
		if (group->exact != NULL) {
			if (matcher_scan_database(group, group->exact, s, chunk, hits, err) != 0)
				return -1;
			continue;
		}
		*relaxed = true;
		if (matcher_scan_database(group, group->relaxed, s, chunk, hits, err) != 0 ||
			matcher_scan_database(group, group->loose, s, chunk, hits, err) != 0)
			return -1;
	}
	return 0;
}

int matcher_scan(const struct matcher *m, struct matcher_scratch *s, struct str chunk,
	struct hits *hits, struct error *err)
{
	bool relaxed;
	confirm_scratch_begin(s->confirm);
	if (scan_databases(m, s, chunk, hits, &relaxed, err) != 0)
		return -1;
	if (m->confirms || relaxed)
		matcher_confirm_hits(m, s, chunk, hits, relaxed);
	matcher_ask_each_line(m, s, chunk, hits);
	return 0;
}

int matcher_reports(const struct matcher *m, struct matcher_scratch *s, struct str chunk,
	struct hits *hits, struct error *err)
{
	bool relaxed;
	return scan_databases(m, s, chunk, hits, &relaxed, err);
}

enum matcher_way matcher_way_of(const struct matcher *m, uint32_t term)
{
	switch ((enum term_path)m->plan.terms[term].path) {
	case PATH_SCAN:
		return MATCHER_REPORTED;
	case PATH_CONFIRM:
		return MATCHER_CONFIRMED;
	case PATH_SLOW:
	case PATH_JQ:
	case PATH_ALWAYS:
		return MATCHER_EACH_LINE;
	default:
		return MATCHER_NEVER;
	}
}

bool matcher_by_texts(const struct matcher *m, uint32_t term)
{
	return m->plan.terms[term].by_texts;
}

static int ignore_match(
	unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	(void)id;
	(void)from;
	(void)to;
	(void)flags;
	(void)context;
	return 0;
}

int matcher_floor(
	const struct matcher *m, struct matcher_scratch *s, struct str chunk, struct error *err)
{
	for (size_t i = 0; i < PLAN_GROUPS; i++) {
		const struct plan_group *group = &m->plan.groups[i];
		const struct pattern_database *db =
			group->exact != NULL ? group->exact : group->relaxed;
		for (size_t part = 0; db != NULL && part < pattern_database_parts(db); part++)
			if (pattern_database_scan(
				    db, part, s->patterns, chunk, ignore_match, NULL, err) != 0)
				return -1;
	}
	return 0;
}

bool matcher_line(
	const struct matcher *m, struct matcher_scratch *s, uint32_t term, struct str line)
{
	const struct term *t = &m->rules->terms[term];
	if (matcher_rejects(m, term))
		return false;
	if (t->kind == TERM_JQ)
		return jq_terms_take(s->jq, line) && jq_terms_hit(s->jq, term);
	return confirm_line(m->confirm, s->confirm, term, line);
}

void matcher_captures(const struct matcher *m, struct matcher_scratch *s, uint32_t term,
	struct str line, matcher_capture_fn *found, void *context)
{
	if (matcher_has_captures(m, term))
		confirm_captures(m->confirm, s->confirm, term, line, found, context);
}

bool matcher_has_captures(const struct matcher *m, uint32_t term)
{
	return m->plan.terms[term].has_names && !matcher_rejects(m, term);
}

uint64_t matcher_scratch_looks(const struct matcher_scratch *s, uint32_t term)
{
	return confirm_scratch_looks(s->confirm, term);
}

uint64_t matcher_scratch_gave_up(const struct matcher_scratch *s, uint32_t term)
{
	return confirm_scratch_gave_up(s->confirm, term) + jq_terms_gave_up(s->jq, term);
}
