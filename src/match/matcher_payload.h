/* SPDX-License-Identifier: MIT */
/*
 * What the cache keeps of a group of terms: their plans, then their databases; and the same as the
 * build linked it in. For matcher_plan.c and matcher_linked.c. Calls keep no state; any thread.
 */
#ifndef LINEUP_MATCHER_PAYLOAD_H
#define LINEUP_MATCHER_PAYLOAD_H

#include "lineup/buf.h"
#include "lineup/pattern_database.h"

#define PAYLOAD_DATABASES 3

/* Views of the bytes. */
struct matcher_payload {
	struct str plans;
	struct str databases[PAYLOAD_DATABASES]; /* empty: not wanted */
};

bool matcher_payload_parse(struct str bytes, struct matcher_payload *);

/* All databases, NULL for those that were not wanted; false, and all NULL, when one is not for
 * this machine. */
bool matcher_payload_load(const struct matcher_payload *, unsigned threads,
	struct pattern_database *databases[PAYLOAD_DATABASES]);

/* `databases`: NULL for those that are not wanted. */
bool matcher_payload_write(struct buf *out, struct str plans,
	const struct pattern_database *const databases[PAYLOAD_DATABASES]);

/* What the build compiled, ready for this machine. */
struct matcher_linked {
	struct str key;
	struct matcher_payload payload;
	struct pattern_database *databases[PAYLOAD_DATABASES]; /* NULL when taken over */
};

#endif
