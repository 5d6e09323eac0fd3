/* SPDX-License-Identifier: MIT */
/*
 * How each term of a rule set is to be found, and the database for those that Hyperscan finds:
 * made once from the terms, or taken from the cache. Used by the matcher alone. Made by one
 * thread, then const.
 */
#ifndef LINEUP_MATCHER_PLAN_H
#define LINEUP_MATCHER_PLAN_H

#include "lineup/matcher.h"
#include "lineup/pattern_database.h"

enum term_path {
	PATH_SCAN,    /* by Hyperscan alone */
	PATH_CONFIRM, /* by Hyperscan, then PCRE2 */
	PATH_SLOW,    /* by PCRE2 on every line */
	PATH_JQ,      /* by libjq on every line that is an object */
	PATH_ALWAYS,  /* on every line */
	PATH_NEVER,
	PATH_REJECTED,
};

struct term_plan {
	uint8_t path; /* enum term_path */
	bool has_names;
};

struct matcher_plan {
	struct term_plan *terms;
	struct pattern_database *database;
	bool from_cache;
};

/*
 * Notes terms that cannot be used as rejected complaints of the rule set. Fails only when the
 * machine cannot run Hyperscan; release is due then too.
 */
MUST_USE int matcher_plan_make(
	struct matcher_plan *, struct rule_set *, const struct matcher_options *, struct error *);
void matcher_plan_release(struct matcher_plan *);

#endif
