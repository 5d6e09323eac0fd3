/* SPDX-License-Identifier: MIT */
/*
 * What else happened: changes before an onset, and things that come when a trouble comes. Both look
 * at events that are no trouble themselves: info rules, ordinary templates that are rare, and the
 * changes that the user gave. Pure; texts go into the arena that is passed.
 */
#ifndef LINEUP_CONTEXT_H
#define LINEUP_CONTEXT_H

#include "lineup/rank.h"
#include "lineup/recurrence.h"

/*
 * Changes (deployments, restarts, reloads) that came before onset_ns, at most lookback_ns before,
 * the latest first; each with how often such a change came elsewhere in the frame without an onset
 * behind it. Returns their number.
 */
size_t changes_before(const struct findings *, const struct rank_settings *, const struct frame *,
	int64_t onset_ns, int64_t lookback_ns, struct arena *, struct change **out);

/*
 * What starts when the episodes start: events that came within a few minutes of the start of at
 * least four in five of them, and rarely otherwise. One text each, best first. Needs three
 * episodes; returns the number of texts. `except` is the subject whose episodes these are.
 */
size_t coincidences_find(const struct findings *, const struct frame *, const struct episode *,
	size_t episode_count, const struct subject *except, struct arena *, struct str **out);

#endif
