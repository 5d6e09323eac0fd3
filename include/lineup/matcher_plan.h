/* SPDX-License-Identifier: MIT */
/*
 * How each term of a rule set is to be found, and the databases for those that Hyperscan finds:
 * made once from the terms, or taken from the cache. Used by the matcher alone. Made by one
 * thread, then const.
 *
 * The program's own terms and those of the user are two groups, each with a database and a place
 * in the cache of its own: a new -e compiles nothing but itself. What the build compiled for the
 * program's own terms is linked in, and used where library and processor are the same. Both have
 * all databases there; for the terms of the user only the wanted ones are compiled.
 */
#ifndef LINEUP_MATCHER_PLAN_H
#define LINEUP_MATCHER_PLAN_H

#include "lineup/matcher.h"
#include "lineup/pattern_beside.h"
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

/* How a term is found among all lines of one masked form (line_mask.h),
 * when it is not PATH_SLOW. */
enum masked_path {
	MASKED_NONE,  /* not by its form: `loose` finds it */
	MASKED_BLIND, /* `relaxed` finds it, and one line speaks for all of the form */
	MASKED_CHECK, /* `relaxed` finds it, and each line has to be asked */
};

struct term_plan {
	uint8_t path;	/* enum term_path */
	uint8_t masked; /* enum masked_path */
	bool has_names;
	bool by_texts;	      /* `exact` looks for plain texts alone */
	struct needle needle; /* that every line of the term holds, */
	struct needle digits; /* and this */
	struct follow follow; /* of what `exact` and `loose` look for */
};

struct plan_group {
	uint32_t *terms; /* the term of each id in the databases, ordered by kind and text */
	size_t count;
	struct pattern_database *exact;	  /* the patterns; NULL when only the others are wanted */
	struct pattern_database *relaxed; /* what they say of masked forms; NULL: not wanted */
	struct pattern_database *loose;	  /* those of which a form says too little; with relaxed */
};

#define PLAN_GROUPS 2

struct matcher_plan {
	struct term_plan *terms;
	struct plan_group
		groups[PLAN_GROUPS]; /* the built-in ones, the others; some may be empty */
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
