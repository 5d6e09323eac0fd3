/* SPDX-License-Identifier: MIT */
/*
 * jq terms: a line that is one JSON object or list hits the term if the program gives any value but
 * false and null. What a container's runtime puts around it (a stamp and a stream before it, or
 * Docker's object with the line as `log`) is taken off. A program that fails half-way gives what it
 * gave before.
 *
 * In: the jq terms of a rule set. One struct jq_terms a worker; it compiles a program at its first
 * use. A program that does not end is stopped and not run again by that worker. It may not read
 * anything but the line, nor define functions (jq_refuse.h).
 */
#ifndef LINEUP_JQ_TERM_H
#define LINEUP_JQ_TERM_H

#include "lineup/error.h"
#include "lineup/rules.h"

struct jq_terms;

/* Processor time for one line; for tests, to be set before any terms are created. */
extern int64_t jq_term_limit_ns;

/* Is this a program? Fails with jq's reason. */
MUST_USE int jq_term_check(struct str program, struct error *);

/* For the terms of this rule set, which must outlive it. */
struct jq_terms *jq_terms_create(const struct rule_set *);
void jq_terms_destroy(struct jq_terms *);

/* Takes up a line; false when it is not one JSON object or list, so that no term hits it. */
bool jq_terms_take(struct jq_terms *, struct str line);

/* Does the line that was taken up hit this term? */
bool jq_terms_hit(struct jq_terms *, uint32_t term);

/* On how many lines the term was not run, or not to its end. */
uint64_t jq_terms_gave_up(const struct jq_terms *, uint32_t term);

#endif
