/* SPDX-License-Identifier: MIT */
/*
 * Deflated members of a zip archive decoded ahead of the reader by threads of their own. What comes
 * out, what is counted and what is said of damage is what one decoder gives that goes from member
 * to member: one that does not decode to the size that the directory says is left to that decoder.
 *
 * Memory: the packed bytes of the members at hand are at most 8 MiB, what they decode to 64 MiB.
 * The threads read the archive's file at places of their own. One thread at a time calls.
 */
#ifndef LINEUP_ZIP_AHEAD_H
#define LINEUP_ZIP_AHEAD_H

#include "src/input/flow.h"
#include "src/input/zip_entry.h"

struct zip_ahead;

/* Of the archive in this file (source.h) and its directory, both borrowed; `base` is added to all
 * offsets. */
struct zip_ahead *zip_ahead_create(
	struct flow *file, struct str directory, uint64_t base, unsigned threads);

/* Small enough, and packed in the one way that is decoded ahead. */
bool zip_ahead_suits(const struct zip_entry *, const struct read_limits *);

/*
 * The data of a suitable entry, which stands in the directory at `place`; takes over the flow of
 * its packed bytes. These are taken in one piece, ahead or not (NULL), so that what is counted of
 * the file does not hang on the number of threads.
 */
struct flow *zip_ahead_open(
	struct zip_ahead *, size_t place, const struct zip_entry *, struct flow *packed);

/* When no flow of it is left. NULL is fine. */
void zip_ahead_destroy(struct zip_ahead *);

#endif
