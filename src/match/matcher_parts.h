/* SPDX-License-Identifier: MIT */
/*
 * What the files of the matcher share: its parts, and the steps that both ways of scanning take.
 */
#ifndef LINEUP_MATCHER_PARTS_H
#define LINEUP_MATCHER_PARTS_H

#include "lineup/buf.h"
#include "lineup/confirm.h"
#include "lineup/hit_list.h"
#include "lineup/matcher.h"
#include "lineup/matcher_plan.h"

struct matcher {
	const struct rule_set *rules;
	struct matcher_plan plan;
	struct confirm *confirm;
	uint32_t *each_line; /* terms that are asked of every line, in order */
	size_t each_line_count;
	bool confirms; /* some term is confirmed */
	struct matcher_stats stats;
};

struct matcher_scratch {
	struct pattern_scratch *patterns;
	struct confirm_scratch *confirm;
	struct jq_terms *jq;
	const struct term_plan *plans; /* of the matcher */
	struct hit_collector collector;
	struct hits spare;
	/* of matcher_scan_lines */
	struct buf fresh; /* the lines whose form is not known, one after the other */
	uint32_t *owners; /* by number of such a line: its index in the lines */
	size_t owner_capacity;
	struct hits of_fresh; /* hits of the relaxed patterns in them */
	uint32_t *to_check;   /* scratch */
	uint32_t *verdict;    /* terms of one form: sure ones, then those to check */
};

/* Runs one database over the chunk and merges what it finds into the hits. */
MUST_USE int matcher_scan_database(const struct plan_group *, const struct pattern_database *,
	struct matcher_scratch *, struct str chunk, struct hits *, struct error *);

/* matcher_line, which asks PCRE2 only when the line holds what it must. */
bool matcher_looks(
	const struct matcher *, struct matcher_scratch *, uint32_t term, struct str line);

/*
 * Takes out what PCRE2 does not confirm, where it has the last word. `relaxed`: terms of the user
 * were found by their relaxed patterns.
 */
void matcher_confirm_hits(const struct matcher *, struct matcher_scratch *, struct str chunk,
	struct hits *, bool relaxed);

/* Adds the hits of the terms that are asked of every line. */
void matcher_ask_each_line(
	const struct matcher *, struct matcher_scratch *, struct str chunk, struct hits *);

#endif
