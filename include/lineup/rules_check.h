/* SPDX-License-Identifier: MIT */
/*
 * Doubts about rules that can be read but are not good: patterns that can match nothing, or nearly
 * everything, or everyday lines; regex syntax in a literal; two ids that say the same; no advice.
 * What cannot be read at all was said by the readers, what does not compile by the matcher.
 *
 * In: a finished rule set and its matcher. Out: complaints added to the set, in order, each with
 * its place and what to do; none rejects. One thread.
 */
#ifndef LINEUP_RULES_CHECK_H
#define LINEUP_RULES_CHECK_H

#include "lineup/matcher.h"

MUST_USE int rules_check(struct rule_set *, const struct matcher *, struct error *);

/* Lines such as healthy systems write all day; our own, in many formats. */
extern const char *const healthy_lines[];
extern const size_t healthy_line_count;

#endif
