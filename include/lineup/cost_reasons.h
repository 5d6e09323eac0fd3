/* SPDX-License-Identifier: MIT */
/*
 * Why a rule is dear to scan for, and what to write instead: read off its terms, not measured.
 *
 * In: a rule, and the share of lines that its terms hit. Out: sentences for the author, each a
 * cause, a colon and an advice. For `rules cost`. Pure; any thread.
 */
#ifndef LINEUP_COST_REASONS_H
#define LINEUP_COST_REASONS_H

#include "lineup/buf.h"
#include "lineup/rules.h"

/*
 * Appends the reasons, joined by "; ", weightiest first; nothing when there are none. Of a cheap
 * rule only those that make it dear on other logs.
 */
void cost_reasons(const struct rule_set *, const struct rule *, double hit_share, bool cheap,
	struct buf *out);

#endif
