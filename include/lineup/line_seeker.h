/* SPDX-License-Identifier: MIT */
/*
 * Reads single lines of a chunk as if all lines before them had been read: a walk that touches only
 * the lines that are asked for, and for a line that inherits, the lines back to the last stamp.
 * Belongs to one worker; the chunk and its reading must outlive it.
 */
#ifndef LINEUP_LINE_SEEKER_H
#define LINEUP_LINE_SEEKER_H

#include "lineup/reading.h"

struct line_seeker {
	struct line_cursor cursor; /* as after the line that ends at `known` */
	const struct reading_options *options;
	const struct chunk_reading *at;
	struct str text;
	size_t known;	 /* offset of the line behind the last one that was read */
	bool walks;	 /* every line from `known` on must be read */
	bool repeats;	 /* for good: this chunk lies in the hour that a clock shows twice */
	size_t counted;	 /* line feeds before this offset are in `number` */
	uint64_t number; /* of the line that starts at `counted` */
};

void line_seeker_start(struct line_seeker *, const struct reading_options *,
	const struct chunk_reading *, const struct chunk *);

/*
 * Reads the line at `start`; lines must be asked for in order, each at most once. Gives what
 * line_read_form gives when it is called for every line. Returns the line's number in its member.
 */
uint64_t line_seeker_read(
	struct line_seeker *, size_t start, struct str line, struct line_form *, struct reading *);

#endif
