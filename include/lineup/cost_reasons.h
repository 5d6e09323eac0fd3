/* SPDX-License-Identifier: MIT */
/*
 * Why a rule is dear to scan for, and what to write instead: read off its terms, not measured.
 *
 * In: a rule, and what was measured of it. Out: sentences for the author, each a
 * cause, a colon and an advice. For `rules cost`. Pure; any thread.
 */
#ifndef LINEUP_COST_REASONS_H
#define LINEUP_COST_REASONS_H

#include "lineup/buf.h"
#include "lineup/cost_measure.h"

/*
 * Appends the reasons, joined by "; ", weightiest first; nothing when there are none. Of a cheap
 * rule only those that make it dear on other logs.
 */
void cost_reasons(const struct rule_set *, const struct rule_cost *, bool cheap, struct buf *out);

#endif
