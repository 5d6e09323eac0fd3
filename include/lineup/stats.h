/* SPDX-License-Identifier: MIT */
/*
 * What --stats says on standard error: bytes, lines, rules, and seconds and GB/s by stage,
 * the ranking among them and in the sums. Plain output of plain numbers; one thread.
 */
#ifndef LINEUP_STATS_H
#define LINEUP_STATS_H

#include <stdio.h>

#include "lineup/matcher.h"
#include "lineup/pipeline.h"

void stats_print(FILE *, const struct findings *, const struct scan_stats *,
	const struct matcher_stats *, unsigned jobs, const struct stage_seconds *rank);

#endif
