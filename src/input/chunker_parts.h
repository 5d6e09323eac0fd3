/* SPDX-License-Identifier: MIT */
/* What the files of the chunker share: what is left over, and the end of making a chunk. */
#ifndef LINEUP_CHUNKER_PARTS_H
#define LINEUP_CHUNKER_PARTS_H

#include "lineup/line_ends.h"
#include "src/input/chunker.h"

/* Leaves these bytes over for the next chunk; instead of what was left, and behind it. */
void chunker_carry(struct chunker *, const char *data, size_t len);
void chunker_carry_on(struct chunker *, const char *data, size_t len);

/* A chunk holds its lines as they stood in the member, `consumed` bytes of it, with these ends:
 * gives it its place, makes CR LF one byte, and goes on behind it. */
void chunker_finish(struct chunker *, struct chunk *, uint64_t consumed, struct line_ends);

#endif
