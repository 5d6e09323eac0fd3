/* SPDX-License-Identifier: MIT */
/*
 * The terms of one group to plans and databases; used by matcher_plan alone. Called by one thread;
 * what is found out of each term by itself is shared out to several.
 */
#ifndef LINEUP_MATCHER_COMPILE_H
#define LINEUP_MATCHER_COMPILE_H

#include "lineup/matcher_plan.h"

struct matcher_compiling {
	bool exact;	  /* this database is wanted */
	bool forms;	  /* these are: relaxed and loose */
	bool whole;	  /* not by rare texts */
	bool automata;	  /* for plain texts too, however many */
	bool halves;	  /* somebody waits for it, see pattern_database.h */
	unsigned threads; /* at most; 0 counts as 1; what comes out is the same */
};

/*
 * Fills the plans and the wanted databases of the group. Rejected terms are complained of. Fails as
 * matcher_plan_make does.
 */
MUST_USE int matcher_compile(struct matcher_plan *, struct plan_group *, struct rule_set *,
	const struct matcher_compiling *, struct error *);

#endif
