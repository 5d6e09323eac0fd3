/* SPDX-License-Identifier: MIT */
/*
 * What is found out of each term by itself, before the databases are made: whether it is a pattern
 * at all, how it is to be found, and what Hyperscan is to look for. Used by matcher_plan and
 * matcher_compile. All that comes out is owned by the caller's arena. Any thread.
 */
#ifndef LINEUP_MATCHER_TERMS_H
#define LINEUP_MATCHER_TERMS_H

#include "lineup/matcher_plan.h"
#include "lineup/pattern.h"
#include "lineup/text_model.h"

/* Why a term cannot be used. */
struct rejection {
	struct str reason; /* empty: it can */
	size_t offset;	   /* in its text, bytes */
};

/* Decides how one term is found; the pattern is filled when Hyperscan helps. */
void matcher_plan_term(struct term_plan *, const struct term *, struct arena *, struct pattern *,
	struct rejection *);

/* Notes a rejected term as a complaint of the rule set. One thread. */
void matcher_reject(struct rule_set *, uint32_t term, const struct rejection *);

/* What one term is looked for by. */
struct term_items {
	struct pattern_item exact;   /* of the pattern, narrowed or not; texts NULL: none */
	struct pattern_item relaxed; /* the same of its relaxed pattern */
	bool heavy;		     /* exact is not cheap to compile */
};

/* How to look for the terms of a group; of one thread. */
struct term_making {
	struct text_memo *memo; /* NULL: not by rare texts */
	bool with_forms;	/* the relaxed patterns are wanted */
};

/*
 * From the pattern that matcher_plan_term filled, of a term that it did not reject. The plan says
 * then how the term is found on a line and by its form.
 */
void matcher_make_items(const struct term_making *, struct term_plan *, const struct term *,
	const struct pattern *as_meant, struct arena *, struct term_items *);

#endif
