/* SPDX-License-Identifier: MIT */
/*
 * Where a report goes: standard output, or a file that appears whole or not at all (a temporary
 * file beside it, renamed at the end; what is no regular file, such as /dev/stderr or a fifo, is
 * written to directly). The caller owns the struct; one thread.
 */
#ifndef LINEUP_OUTPUT_H
#define LINEUP_OUTPUT_H

#include <stdio.h>

#include "lineup/error.h"

struct output {
	FILE *stream;
	char *path;	 /* NULL: standard output */
	char *temporary; /* NULL: written directly */
};

/* Could a report be written there? Asked before the work, so that nobody waits for nothing. An
 * empty path is standard output. */
MUST_USE int output_check(struct str path, struct error *);

MUST_USE int output_open(struct output *, struct str path, struct error *);

/*
 * Flushes, closes and renames. Fails when anything could not be written; then no file is left. When
 * the reader of a pipe went away the message is empty: nobody is there to be told.
 */
MUST_USE int output_commit(struct output *, struct error *);

/* Gives up: closes and removes. Fine after a failed open or commit. */
void output_discard(struct output *);

#endif
