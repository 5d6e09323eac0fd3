/* SPDX-License-Identifier: MIT */
/*
 * A few lines kept as proof of a count: the earliest of each stretch of time, so that the lines
 * around an onset are there whenever the onset turns out to be.
 *
 * Time is cut into stretches of a power of two of seconds; of each the line that is first by time,
 * then by place, is kept; when there are more stretches than room, they double. What is kept does
 * not depend on the order of offers. One thread at a time; texts are owned by the exemplars.
 */
#ifndef LINEUP_EVIDENCE_H
#define LINEUP_EVIDENCE_H

#include "lineup/chunk.h"

/* Longer text is cut here. */
#define EVIDENCE_TEXT_BYTES 512

struct evidence {
	int64_t time_ns; /* TIME_NONE: not dated */
	uint32_t input;	 /* with sequence and line: the order of lines of equal time */
	uint32_t sequence;
	uint64_t line;	 /* from 1 */
	uint64_t offset; /* of its first byte in the member */
	struct str path; /* the member's place */
	struct str text;
};

/* A line as it lies in its chunk, before anything is copied. */
struct line_place {
	int64_t time_ns; /* TIME_NONE: undated */
	const struct member *member;
	uint64_t line;
	uint64_t offset;
	uint64_t site; /* hash of its site's name (sites.h); SITE_NONE */
	struct str text;
};

/* Order of evidence: by time (undated first), then input, sequence, line. */
int evidence_compare(const struct evidence *a, const struct evidence *b);

struct exemplars {
	struct evidence *items;
	uint8_t count;
	uint8_t room; /* kept at most */
	uint8_t step; /* a stretch is 2^step seconds */
	/* A line of a time behind the first and before the second adds nothing: the last stretch
	 * has an earlier one. */
	int64_t settled_from_ns;
	int64_t settled_to_ns;
};

#define EXEMPLARS_MAX 12

/* room at most EXEMPLARS_MAX. */
void exemplars_init(struct exemplars *, unsigned room);
void exemplars_release(struct exemplars *);

/* Keeps the line if it is the first of its stretch; copies its text and its member's place then. */
void exemplars_take(struct exemplars *, const struct line_place *);

static inline void exemplars_offer(struct exemplars *e, const struct line_place *line)
{
	if (line->time_ns <= e->settled_from_ns || line->time_ns >= e->settled_to_ns)
		exemplars_take(e, line);
}

/* The same for a line that is evidence already; its texts are copied. */
void exemplars_offer_evidence(struct exemplars *, const struct evidence *);

/* As if all lines offered to `from` had been offered to `into`. */
void exemplars_merge(struct exemplars *into, const struct exemplars *from);

#endif
