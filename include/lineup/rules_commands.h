/* SPDX-License-Identifier: MIT */
/*
 * The parts of `lineup rules`: each works on a finished rule set and writes to a stream. Used by
 * cmd_rules alone. One thread.
 */
#ifndef LINEUP_RULES_COMMANDS_H
#define LINEUP_RULES_COMMANDS_H

#include <stdio.h>

#include "lineup/matcher.h"

struct rules_view {
	FILE *out;
	bool json;
	enum severity least; /* rules less severe are left out of lists */
	bool progress;	     /* tell on standard error how far it is */
};

/* One line a rule, or a JSON array. */
void rules_list(const struct rule_set *, const struct rules_view *);

/* All that is known of a rule; fails when there is none with this id, naming the nearest. */
MUST_USE int rules_show(
	const struct rule_set *, struct str id, const struct rules_view *, struct error *);

/*
 * Writes all complaints of the set and a line of totals. True when all is well: no rejected ones
 * and, if strict, none at all.
 */
bool rules_report(const struct rule_set *, const struct rules_view *, bool strict);

/*
 * Tries all examples and counter-examples of all rules against all rules. What is wrong becomes
 * complaints of the set: rejected when a rule fails its own examples, a warning when an example is
 * claimed by rules of three or more other packs, and when two rules match all of each other's.
 */
MUST_USE int rules_test_examples(struct rule_set *, const struct matcher *, struct error *);

/*
 * Measures what each rule costs the scan, and all of them together with this matcher of the set;
 * writes it dearest first, with why and what to write instead.
 */
MUST_USE int rules_cost(
	const struct rule_set *, const struct matcher *, const struct rules_view *, struct error *);

#endif
