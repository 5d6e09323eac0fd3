/* SPDX-License-Identifier: MIT */
/*
 * Temporary files without a name, for bytes that have to be gone back in: nothing is left behind
 * however the run ends. They stand in TMPDIR, else /tmp, and where neither can be written, in
 * memory, and then may hold less. One thread at a time.
 */
#ifndef LINEUP_SPOOL_H
#define LINEUP_SPOOL_H

#include "lineup/error.h"
#include "lineup/str.h"
#include "lineup/troubles.h"

struct spool {
	int fd;
	uint64_t bytes;	      /* written so far */
	uint64_t limit_bytes; /* half of what was free: others need the folder too */
};

MUST_USE int spool_open(struct spool *, struct error *);

/* At the end. Fails when the space is out or the file cannot be written; *kind says which. */
MUST_USE int spool_write(struct spool *, struct str, enum trouble_kind *kind, struct error *);

void spool_close(struct spool *);

#endif
