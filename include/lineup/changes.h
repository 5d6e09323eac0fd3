/* SPDX-License-Identifier: MIT */
/*
 * The file of --changes: deployments, config changes and jobs that the user knows of, as CSV (with
 * or without the header `time,service,change`, in any order of columns when there is one) or as
 * JSON lines with these keys. Times as on the command line. One thread.
 */
#ifndef LINEUP_CHANGES_H
#define LINEUP_CHANGES_H

#include "lineup/error.h"
#include "lineup/rank.h"

struct changes {
	struct arena arena;
	struct known_change *items; /* in order of time */
	size_t count;
	size_t capacity;
};

/* Fails with FILE:LINE and the reason at the first line that cannot be read. */
MUST_USE int changes_load(
	struct changes *, struct str path, struct str zone, int64_t now_ns, struct error *);

void changes_release(struct changes *);

#endif
