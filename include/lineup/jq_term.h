/* SPDX-License-Identifier: MIT */
/*
 * jq terms: a line that is one JSON object hits the term if the program gives any value but false
 * and null. A program that fails half-way gives what it gave before.
 *
 * In: the jq terms of a rule set. One struct jq_terms a worker; it compiles a program at its first
 * use. A program is trusted to end: jq has no limit of its own.
 */
#ifndef LINEUP_JQ_TERM_H
#define LINEUP_JQ_TERM_H

#include "lineup/error.h"
#include "lineup/rules.h"

struct jq_terms;

/* Is this a program? Fails with jq's reason. */
MUST_USE int jq_term_check(struct str program, struct error *);

/* For the terms of this rule set, which must outlive it. */
struct jq_terms *jq_terms_create(const struct rule_set *);
void jq_terms_destroy(struct jq_terms *);

/* Takes up a line; false when it is not one JSON object, so that no term hits it. */
bool jq_terms_take(struct jq_terms *, struct str line);

/* Does the line that was taken up hit this term? */
bool jq_terms_hit(struct jq_terms *, uint32_t term);

#endif
