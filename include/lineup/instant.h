/* SPDX-License-Identifier: MIT */
/*
 * Times as people write them on a command line, to instants: `2026-11-20T17:00:00+01:00`,
 * `2026-11-20 17:00`, `2026-11-20`, `@1732115000`, `-2h` (before now), `17:00` (today), `now`,
 * `today`, `yesterday`. What carries no zone is in the zone given. Pure but for zone data; one
 * thread.
 */
#ifndef LINEUP_INSTANT_H
#define LINEUP_INSTANT_H

#include "lineup/clock.h"
#include "lineup/error.h"
#include "lineup/zone.h"

MUST_USE int instant_parse(
	struct str text, const struct zone *, int64_t now_ns, int64_t *time_ns, struct error *);

/*
 * `A..B`. A clock time as B is on the day of A, or the next day when it is earlier; `+30m` as B
 * counts from A. Fails when B is not after A. A clock time as A is of today until it is known which
 * day was read (instant_latest_span).
 */
MUST_USE int instant_parse_span(struct str text, const struct zone *, int64_t now_ns,
	int64_t *from_ns, int64_t *to_ns, struct error *);

/*
 * Of bare clock times, `17:00..19:00`: the last such span that begins no later than `last_ns`,
 * where what was read ends. False, and nothing is set, when the text begins with anything else.
 */
bool instant_latest_span(
	struct str text, const struct zone *, int64_t last_ns, int64_t *from_ns, int64_t *to_ns);

/* Does the text hold `..` between two times, so that it is a span and not a path? */
bool instant_is_span(struct str text, const struct zone *, int64_t now_ns);

#endif
