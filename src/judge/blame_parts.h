/* SPDX-License-Identifier: MIT */
/*
 * What the blaming is cut into: the deviations of one request laid out in time (blame_lay.c), and
 * what explains what among them (blame.c). For a trial; one thread.
 */
#ifndef LINEUP_JUDGE_BLAME_PARTS_H
#define LINEUP_JUDGE_BLAME_PARTS_H

#include "src/judge/trial.h"

/* More deviations in one request than this are not laid out: a request id that is a constant. */
#define ENTRIES_MAX 256

struct entry {
	int64_t from_ns;
	int64_t to_ns; /* LOST: of the next line, INT64_MAX: none came */
	uint32_t finding;
};

/* Of each subject: the pairs, calls or edges that begin with it and deviate, ascending. */
struct deviating {
	uint32_t *first; /* of each subject, in items; subject_count + 1 */
	uint32_t *items;
};

struct layout {
	const struct trial *t;
	struct entry entries[ENTRIES_MAX];
	size_t count;
	bool crowded;	   /* there are more: none of them counts */
	uint32_t *place;   /* of each finding: its entry, plus 1; 0: none */
	uint64_t problems; /* bits of subjects (request_bit): a request without any of them */
	uint64_t lost;	   /* has no such deviation */
	uint64_t stopped;
	uint64_t slow;
	struct deviating lost_after;
	struct deviating stopped_after;
	struct deviating slow_after; /* within a service */
	size_t near;		     /* the period's stretch that was met last */
};

/* Everything is in the trial's arena. */
void layout_init(struct layout *, struct trial *);

/* Lays out the request; false: nothing in it can deviate. */
bool layout_fill(struct layout *, const struct request *);

#endif
