/* SPDX-License-Identifier: MIT */
/*
 * What each rule of a set costs the scan of a corpus, measured.
 *
 * In: rules, a matcher of all of them, lines. Out: a cost a rule. A term is found by the automata
 * that look for all terms at once, by a second look at the lines that these report, or by a look at
 * every line. The looks are timed term by term. A plain text costs the automata as much as any
 * other: their time is shared evenly by these. Terms for which they need more than plain texts are
 * compiled into others, in groups; a group that costs something is halved until the dear ones stand
 * alone. One thread.
 */
#ifndef LINEUP_COST_MEASURE_H
#define LINEUP_COST_MEASURE_H

#include "lineup/matcher.h"

struct rule_cost {
	const struct rule *rule;
	double seconds_per_gib;
	double hit_share;  /* of the corpus' lines; a line counts once for each term */
	double vain_share; /* that were looked at, and do not hit */
	bool by_texts;	   /* the automata look for plain texts of it alone */
	struct str why;	   /* the caller's */
};

struct cost_corpus {
	struct str text;
	size_t line_count;
};

/* Called with how many rules were measured, of `count`; may be NULL. */
typedef void cost_progress_fn(size_t done, size_t count);

/*
 * Fills the costs of `count` rules, whose rule is set, and the time of a scan for all rules
 * together. The matcher is of the set.
 */
MUST_USE int cost_measure(const struct rule_set *, const struct matcher *,
	const struct cost_corpus *, struct rule_cost *, size_t count, double *together_s,
	cost_progress_fn *, struct error *);

#endif
