/* SPDX-License-Identifier: MIT */
/*
 * A chunk to a tally: finds the hits, reads time and place of every line, counts. The plan is made
 * once from the rules and is const; a scanner belongs to one worker.
 */
#ifndef LINEUP_SCANNER_H
#define LINEUP_SCANNER_H

#include "lineup/fire_events.h"
#include "lineup/matcher.h"
#include "lineup/reading.h"
#include "lineup/source_trusts.h"
#include "lineup/tally.h"

/* A rule that is one term and nothing else: a hit of the term is a fire of the rule. */
struct term_use {
	uint32_t rule;
	bool problem; /* it tells of a problem, not of normal life */
};

struct scan_plan {
	const struct rule_set *rules;
	const struct matcher *matcher;
	const struct reading_options *reading;
	int64_t since_ns; /* TIME_NONE: no limit; undated lines are always in */
	int64_t until_ns; /* exclusive */
	bool with_templates;
	bool timed; /* the stages' CPU seconds are wanted */
	struct term_use *uses;
	uint32_t *first_use;	/* of each term in uses; term_count + 1 of them */
	struct fire_plan fires; /* the uses of terms by larger rules */
};

/* `rules`, `matcher` and `reading` must outlive the plan. */
void scan_plan_init(struct scan_plan *, const struct rule_set *rules, const struct matcher *matcher,
	const struct reading_options *reading);
void scan_plan_release(struct scan_plan *);

/* The site of the line before. */
struct site_memo {
	const struct member *member; /* of this chunk; NULL: a host, or nothing yet */
	uint32_t service;
	struct buf text;
	struct site_name name;
};

struct scanner {
	const struct scan_plan *plan;
	struct matcher_scratch *scratch;
	struct hits hits;
	struct line_memo memo;
	struct scan_lines lines;
	struct tally tally;
	struct site_memo site;
	struct fire_events events;
	struct source_trusts trusts;
	double seconds_match; /* CPU, of this worker */
	double seconds_read;
};

MUST_USE int scanner_init(struct scanner *, const struct scan_plan *, struct error *);
void scanner_release(struct scanner *);

/* Fails only when Hyperscan does; the chunk is then counted not at all. */
MUST_USE int scanner_scan(
	struct scanner *, const struct chunk *, const struct chunk_reading *, struct error *);

#endif
