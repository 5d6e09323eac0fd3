/* SPDX-License-Identifier: MIT */
/*
 * Does a line have this masked form (line_mask.h)? Most lines have one that was seen before, and to
 * see that it is so takes a third of making the form anew. A key finds the forms that it may be: a
 * hash of the line but for the bytes that may be masked, so that all lines of a form have one key,
 * and hardly any others have it. Then the line is held against the form.
 *
 * Pure; any thread. In: lines as line_mask takes them.
 */
#ifndef LINEUP_LINE_FIT_H
#define LINEUP_LINE_FIT_H

#include "lineup/line_mask.h"

/* Runs of bytes of ids, dashes among them. A form with more is made anew each time. */
#define LINE_FIT_IDS 4

struct line_fit {
	const char *masked; /* followed by zeros up to a multiple of LINE_FIT_BLOCK */
	uint32_t len;
	uint32_t id_count;
	struct {
		uint16_t from, to;
	} ids[LINE_FIT_IDS];
};

#define LINE_FIT_BLOCK 64

/* Bytes that a masked form of this length takes, with the zeros behind it. */
static inline size_t line_fit_bytes(size_t len)
{
	return (len + LINE_FIT_BLOCK - 1) / LINE_FIT_BLOCK * LINE_FIT_BLOCK;
}

/* Of a masked form that was made by line_mask; borrowed. */
void line_fit_init(struct line_fit *, const char *masked, size_t len);

uint64_t line_fit_key(struct str line);

bool line_fits(const struct line_fit *, struct str line);

/* How it is done: with wide vectors, or byte by byte. All give the same. */
struct line_fit_way {
	uint64_t (*key)(struct str line);
	bool (*fits)(const struct line_fit *, struct str line); /* as long as the form */
};

#define LINE_FIT_WAYS 3

/* Those that this processor can go, for tests: the best first. Returns how many. */
size_t line_fit_ways(struct line_fit_way ways[LINE_FIT_WAYS]);

#endif
