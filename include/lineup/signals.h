/* SPDX-License-Identifier: MIT */
/*
 * The first SIGINT or SIGTERM asks the scan to stop, so that the report of what was read so far is
 * written; the second ends the program at once (status 130) and leaves no temporary file behind.
 * SIGPIPE becomes an ordinary write error. It has state of its own, since a handler can be given
 * none. Called by the main thread.
 */
#ifndef LINEUP_SIGNALS_H
#define LINEUP_SIGNALS_H

#include <stdatomic.h>
#include <stdbool.h>

/* Ignores SIGPIPE, and opens standard streams that are closed,
 * so that no file gets their number. */
void signals_prepare(void);

/* From now on a signal sets this flag; it must live as long as the program. */
void signals_watch(atomic_bool *stop);

/* Was there one? */
bool signals_caught(void);

/* The file that a second signal removes; NULL: none. The text must live until the next call. */
void signals_remove_file(const char *path);

#endif
