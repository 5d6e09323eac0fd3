/* SPDX-License-Identifier: MIT */
/*
 * One input, opened: whatever it is (a plain file, a compressed one, an archive of archives, a
 * pipe), it gives chunks of whole lines, member after member. Everything is told by content, never
 * by suffix. Damage, limits and things that are no logs become troubles; the next member goes on.
 *
 * A reader is pulled: reader_next gives one chunk, which is scanned before or while the next is
 * asked for. One thread at a time calls, whichever it is; the intake (intake.h) sees to that. A
 * large plain file can be read in pieces by several at the same time.
 */
#ifndef LINEUP_READER_H
#define LINEUP_READER_H

#include <stdatomic.h>

#include "lineup/chunk.h"
#include "lineup/error.h"
#include "lineup/inputs.h"
#include "lineup/line_ends.h"
#include "lineup/troubles.h"

/* Which members are read: shell patterns on the whole place and on its last part. */
struct selection {
	const struct str *include; /* none: all */
	size_t include_count;
	const struct str *exclude;
	size_t exclude_count;
};

bool selection_takes(const struct selection *, struct str place);

struct read_limits {
	size_t chunk_bytes;	 /* lines are handed out in chunks of about this size */
	size_t line_bytes;	 /* a longer line is cut there, with a trouble */
	unsigned max_depth;	 /* containers and compressions inside each other */
	uint64_t max_size_bytes; /* decoded bytes of one input */
	uint64_t max_ratio;	 /* decoded to encoded bytes, past the floor below; 0: none */
	uint64_t max_members;	 /* of one input */
	uint64_t window_bytes;	 /* that one decoder may fill to look back at */
	const atomic_bool
		*stop;	  /* ends the waiting for a pipe when it is set; NULL: nothing does */
	unsigned threads; /* of one decoder, where the format's blocks allow it; 0 and 1: none */
};

/* A ratio says nothing before this much came out: small files may be all one repeated line. */
#define READ_RATIO_FLOOR_BYTES ((uint64_t)64 << 20)

/* The defaults; README.md and the man page quote them. */
extern const struct read_limits read_limits_default;

/* Fails when all members of an input gave more than they may for so many encoded bytes. */
MUST_USE int read_limits_check(
	const struct read_limits *, uint64_t bytes, uint64_t encoded_bytes, struct error *);

struct read_counts {
	uint64_t files;		/* inputs opened */
	uint64_t members;	/* streams of lines handed out, whole or in part */
	uint64_t bytes_encoded; /* taken from the file system */
	uint64_t bytes;		/* of lines, decoded */
	uint64_t lines;
};

void read_counts_add(struct read_counts *into, const struct read_counts *from);

struct reader;

/*
 * Opens the input. Fails (-1) only when nothing at all can be read from it; the caller makes that
 * a trouble. `limits`, `selection` and `input` must outlive the reader.
 */
MUST_USE int reader_open(struct reader **, const struct input *input, const struct read_limits *,
	const struct selection *, struct error *);

/*
 * Fills the chunk with the next whole lines of one member. Returns 1, or 0 when the input is
 * through. Never fails: what goes wrong is in reader_troubles, and reading goes on behind it.
 * A member's chunks come in order; chunks of two members are never mixed.
 */
MUST_USE int reader_next(struct reader *, struct chunk *);

/* The bytes [next, end) of a plain file, which may be read in pieces of so many bytes. */
struct pieces {
	uint64_t next;
	uint64_t end;
	size_t bytes; /* of each; a divisor of the length */
};

struct piece {
	uint64_t offset;
	size_t len;
	/* Set by reader_read_piece: */
	bool is_whole; /* all bytes were there */
	struct line_ends ends;
};

/*
 * Can what comes next be read in pieces? Then each piece is to be read, in any order and by any
 * number of threads, and taken, in their order and by one thread at a time, before reader_next is
 * called again.
 */
bool reader_pieces(const struct reader *, struct pieces *);

/* Fills the chunk with a piece, as it stands in the file. The piece says where, and how long. */
void reader_read_piece(const struct reader *, struct piece *, struct chunk *);

/*
 * Makes what was read whole lines, as reader_next gives them. False when that cannot be: then no
 * further piece may be taken, read or not, and reader_next goes on.
 */
MUST_USE bool reader_take_piece(struct reader *, const struct piece *, struct chunk *);

/* Of what was handed out so far. */
struct read_counts reader_counts(const struct reader *);
const struct troubles *reader_troubles(const struct reader *);

/* NULL is fine. */
void reader_close(struct reader *);

#endif
