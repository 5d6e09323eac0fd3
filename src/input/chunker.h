/* SPDX-License-Identifier: MIT */
/*
 * A flow of bytes to chunks of whole lines: numbers them, knows their offsets, makes CR LF one
 * byte, cuts lines past the limit. What comes out does not depend on the size of chunks, buffers
 * or reads. The flow is borrowed. One thread at a time, but for what says otherwise.
 */
#ifndef LINEUP_CHUNKER_H
#define LINEUP_CHUNKER_H

#include "src/input/flow.h"

struct chunker {
	struct flow *flow;
	size_t chunk_bytes;
	size_t line_bytes;
	char *carry; /* what the last chunk left over */
	size_t carry_len;
	size_t carry_capacity;
	uint64_t offset;    /* of carry[0] in the member */
	uint64_t next_line; /* its number */
	uint64_t cut_lines;
	bool ended;	     /* the flow gives no more */
	bool lines_are_long; /* for being read in pieces */
};

/* Begins a member whose first byte has this offset. The carry's storage is kept for the next. */
void chunker_begin(struct chunker *, struct flow *, uint64_t offset, const struct read_limits *);

/* Fills all of the chunk but its member; false when there are no lines left. */
bool chunker_fill(struct chunker *, struct chunk *);

void chunker_release(struct chunker *);

/*
 * The three of reader_pieces, reader_read_piece and reader_take_piece (reader.h). The second may be
 * called by any number of threads at the same time, while one calls the third; the third in the
 * order of the pieces. It returns false when no chunk came of it and the pieces behind it are void.
 */
bool chunker_pieces(const struct chunker *, struct pieces *);
void chunker_read_piece(const struct chunker *, struct piece *, struct chunk *);
bool chunker_take_piece(struct chunker *, const struct piece *, struct chunk *);

#endif
