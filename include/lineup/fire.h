/* SPDX-License-Identifier: MIT */
/*
 * Decides when rules of several terms fire: set, sequence, count and negative terms over timed
 * hits, on the log's own clock. A pure function of the events, whatever order they came in.
 *
 * In: the merged fire_events of all workers. Out: the fires, in order. One thread.
 *
 * What it means for a rule to fire:
 * - Only events of one key (service in an input tree, host, request) fire together. Events are in
 *   order of time; events of equal time in order of input, member and line.
 * - A term with count n needs n lines. A line serves a term once, and in a sequence it serves one
 *   place of a fire only; in a set it may serve several terms.
 * - A set takes the oldest lines of each term. When they are further apart than the window, the
 *   oldest of them is given up.
 * - A sequence takes the oldest line of its first term, then for each further term the oldest line
 *   that is not earlier than the one before; equal times count as in order. When first and last
 *   are further apart than the window, the first is given up.
 * - A negative term has a span: it starts at the anchor (the n-th positive match in order of time,
 *   the first by default) moved by `slide`, and is as long as the positive match plus `window`, or
 *   just `window` with `absolute`; both ends belong to it. With a negative match in the span the
 *   anchor's line is given up. The whole log is known when this is decided, so a span that
 *   reaches past the last positive match, or past the end of the log, needs no waiting.
 * - When a rule fires, the lines it took are used up for their terms.
 * - Lines without any time (their member has shown no stamp) are on a clock of their own, a member
 *   each: that of the machine since its start, where they say it; else all at once as to windows
 *   and spans, and in order of lines as to sequences.
 */
#ifndef LINEUP_FIRE_H
#define LINEUP_FIRE_H

#include "lineup/fire_events.h"

/* A line that a fire took. */
struct fire_line {
	int64_t time_ns;
	uint32_t input;
	uint32_t sequence;
	uint64_t line;
	uint64_t offset;
	struct str place;
	struct str text;
};

struct fire {
	uint32_t rule;	    /* index in the rule set, so in order of id */
	struct str service; /* of its first line */
	int64_t first_ns;   /* TIME_NONE: not dated */
	int64_t last_ns;
	uint64_t key;
	uint32_t input; /* place of its first line, for the order */
	uint32_t sequence;
	uint64_t line;
	const struct fire_line *lines; /* one a term, in order; the first fires of a service only */
	size_t line_count;
};

struct fires {
	struct arena arena; /* owns all that the items point to */
	struct fire *items; /* by rule, service, time, place */
	size_t count;
	size_t capacity;
	uint64_t events_dropped; /* given up for memory */
	size_t rules_limited;	 /* rules of which events were given up: they fired more often */
};

/* Lines are kept of so many fires of a rule in a service. */
#define FIRES_WITH_LINES 16

/* Decides everything. The events are sorted in place and may be released afterwards. */
void fire_run(struct fires *, const struct rule_set *, struct fire_events *);

void fires_release(struct fires *);

#endif
