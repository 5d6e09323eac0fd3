/* SPDX-License-Identifier: MIT */
/*
 * All terms in one pass. A matcher is compiled once from the terms of a rule set (or taken from
 * the cache), shared by all workers and const; a worker brings its own scratch.
 *
 * A line hits a term as if the term were matched on that line alone, without its line end: `^` and
 * `$` mean the line, nothing crosses a newline, a line counts once for a term. How that holds over
 * chunks is told in matcher.c.
 */
#ifndef LINEUP_MATCHER_H
#define LINEUP_MATCHER_H

#include "lineup/error.h"
#include "lineup/line_memo.h"
#include "lineup/matcher_linked.h"
#include "lineup/rules.h"

/* One line that matches one term. Places are in the chunk; the line end is not part of it. */
struct hit {
	uint32_t start;
	uint32_t end;
	uint32_t term;
};

/* A growing array, reused from chunk to chunk; zeroed is ready. */
struct hits {
	struct hit *items;
	size_t count;
	size_t capacity;
};

void hits_release(struct hits *);

struct matcher_options {
	bool use_cache;
	struct str cache_dir;	       /* empty: $XDG_CACHE_HOME/lineup or ~/.cache/lineup */
	bool with_forms;	       /* for matcher_scan_lines; else for matcher_scan alone */
	unsigned threads;	       /* that compile, at most; 0 counts as 1 */
	struct matcher_linked *linked; /* its databases are taken over; NULL: loaded when needed */
	bool whole_patterns; /* not by rare texts, however many there are; for the tests */
};

struct matcher_stats {
	bool from_cache;
	double compile_seconds;
	size_t database_bytes;
	size_t terms_scanned;	/* by Hyperscan alone */
	size_t terms_confirmed; /* found by Hyperscan, confirmed by PCRE2 */
	size_t terms_slow; /* by PCRE2 on every line: terms that match the empty line and such */
};

struct matcher;
struct matcher_scratch;

/*
 * Compiles the terms. A term that cannot be used is noted as a rejected complaint of the rule set
 * (with the place of the term) and never hits; the others go on. Fails only when the machine cannot
 * run Hyperscan at all. `rules` must outlive the matcher.
 */
MUST_USE int matcher_create(
	struct matcher **, struct rule_set *rules, const struct matcher_options *, struct error *);
void matcher_destroy(struct matcher *);

const struct matcher_stats *matcher_stats(const struct matcher *);

/* Was this term rejected at compile time? */
bool matcher_rejects(const struct matcher *, uint32_t term);

MUST_USE int matcher_scratch_create(
	struct matcher_scratch **, const struct matcher *, struct error *);
void matcher_scratch_destroy(struct matcher_scratch *);

/*
 * All hits of a chunk of whole lines (LF ends, the last may lack it), in order of line, then term.
 * `hits` is overwritten. len < 2^31. Allocates only when hits must grow. Fails when Hyperscan does.
 */
MUST_USE int matcher_scan(const struct matcher *, struct matcher_scratch *, struct str chunk,
	struct hits *hits, struct error *);

/*
 * The same by the masked forms of the lines: what is known of a form is not looked for again, and
 * what is found out is remembered. `lines` are all lines of the chunk, as line_memo_find made them.
 */
MUST_USE int matcher_scan_lines(const struct matcher *, struct matcher_scratch *, struct str chunk,
	const struct scan_lines *lines, struct line_memo *, struct hits *hits, struct error *);

/*
 * Only the scan itself, over the same databases, with a callback that does nothing: the floor that
 * benchmarks measure matcher_scan against.
 */
MUST_USE int matcher_floor(
	const struct matcher *, struct matcher_scratch *, struct str chunk, struct error *);

/* How a term is found in a chunk. */
enum matcher_way {
	MATCHER_NEVER,
	MATCHER_REPORTED,  /* by the automata alone */
	MATCHER_CONFIRMED, /* by them, and each line that they report is asked by matcher_line */
	MATCHER_EACH_LINE, /* by matcher_line on every line */
};
enum matcher_way matcher_way_of(const struct matcher *, uint32_t term);

/* Is it looked for by plain texts, which thousands of others cost as little as it does? */
bool matcher_by_texts(const struct matcher *, uint32_t term);

/* matcher_scan without any second look: the lines that the automata report,
 * to be confirmed or not. */
MUST_USE int matcher_reports(const struct matcher *, struct matcher_scratch *, struct str chunk,
	struct hits *hits, struct error *);

/*
 * Does this one line match the term? The reference path, by PCRE2 alone (jq by libjq): slow, exact
 * by definition, used to confirm, by `rules test` and by the tests.
 */
bool matcher_line(const struct matcher *, struct matcher_scratch *, uint32_t term, struct str line);

/*
 * Calls back for each named capture of the term that took part in the match on this line. The views
 * point into the line and the matcher.
 */
typedef void matcher_capture_fn(void *context, struct str name, struct str value);
void matcher_captures(const struct matcher *, struct matcher_scratch *, uint32_t term,
	struct str line, matcher_capture_fn *, void *context);

/* Does the term have named captures at all? */
bool matcher_has_captures(const struct matcher *, uint32_t term);

/* Of how many lines PCRE2 was asked for this term. */
uint64_t matcher_scratch_looks(const struct matcher_scratch *, uint32_t term);

/* On how many lines this term was given up: PCRE2 or jq took too long. They count as no hits. */
uint64_t matcher_scratch_gave_up(const struct matcher_scratch *, uint32_t term);

#endif
