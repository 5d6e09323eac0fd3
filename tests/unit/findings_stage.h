/* SPDX-License-Identifier: MIT */
/* Findings of a tally that one worker counted alone. */
#ifndef LINEUP_FINDINGS_STAGE_H
#define LINEUP_FINDINGS_STAGE_H

#include "lineup/findings.h"

static inline void build_alone(
	struct findings *f, struct tally *tally, const struct rule_set *rules)
{
	findings_build(f, &(struct tallies){ &tally, 1, 1 }, rules);
}

#endif
