/* SPDX-License-Identifier: MIT */
/*
 * The progress bar: bytes of the total, GB/s and time left, a few times a second on standard error.
 * It has a thread of its own, which reads the pipeline's sums and nothing else. Only on a terminal;
 * erased when stopped. Started and stopped by one thread.
 */
#ifndef LINEUP_PROGRESS_H
#define LINEUP_PROGRESS_H

#include "lineup/pipeline.h"

struct progress;

/*
 * Starts the bar, or returns NULL when standard error is no terminal or `wanted` is false. `total`
 * is the bytes to be read from the file system, 0 when not known.
 */
struct progress *progress_start(const struct scan_progress *, uint64_t total_bytes, bool wanted);

/* Erases the bar and ends its thread; NULL is fine. */
void progress_stop(struct progress *);

/* Shows a short text in the bar's place, for work that comes before it; empty: erases it. */
void progress_say(const char *text, bool wanted);

/* The line itself, without control characters, at most `width` columns; for the tests. */
struct str progress_line(char *text, size_t size, unsigned width, uint64_t encoded_bytes,
	uint64_t total_bytes, uint64_t decoded_bytes, double seconds);

#endif
