/* SPDX-License-Identifier: MIT */
/*
 * The terms of one group to plans and databases; used by matcher_plan alone, one thread.
 */
#ifndef LINEUP_MATCHER_COMPILE_H
#define LINEUP_MATCHER_COMPILE_H

#include "lineup/matcher_plan.h"
#include "lineup/pattern.h"

struct wanted_databases {
	bool exact;
	bool forms; /* relaxed and loose */
	bool whole; /* not by rare texts */
};

/* Fills the plans and the wanted databases of the group. Fails as matcher_plan_make does. */
MUST_USE int matcher_compile(struct matcher_plan *, struct plan_group *, struct rule_set *,
	struct wanted_databases, struct error *);

/* Decides how one term is found; the pattern is filled when Hyperscan helps. Rejected ones are
 * complained of. */
void matcher_plan_term(
	struct matcher_plan *, struct rule_set *, uint32_t term, struct arena *, struct pattern *);

#endif
