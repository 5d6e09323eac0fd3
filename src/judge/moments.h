/* SPDX-License-Identifier: MIT */
/*
 * When each of many things came, in order of time: so that how often it came on either side of a
 * period is two searches and not a walk through all events. Times are ranks, places in the row of
 * all events by time, since they take half of the room. Built once; const afterwards; any thread.
 */
#ifndef LINEUP_JUDGE_MOMENTS_H
#define LINEUP_JUDGE_MOMENTS_H

#include "lineup/arena.h"
#include "src/judge/period.h"

#define RANK_BASE (-1) /* of the baseline's own findings, which are on its side at any time */

/* All events by time; of the baseline's own findings none. */
struct ranking {
	int64_t *times; /* in order */
	size_t count;
	int32_t *of_event; /* its place in times, or RANK_BASE */
	uint32_t *events;  /* the event at each place */
};

/* A stretch of a period, as ranks. */
struct rank_stretch {
	int32_t from;
	int32_t to;
	enum side side;
};

/* `count` events; base: which are of the baseline's own findings. In the arena. */
void ranking_build(
	struct ranking *, struct arena *, const int64_t *times, const bool *base, size_t count);

/* The period's stretches; in the arena. */
struct rank_stretch *ranking_cut(const struct ranking *, struct arena *, const struct period *);

struct moments {
	size_t count;	 /* of things */
	uint32_t *first; /* of each thing, in ranks; count + 1 */
	int32_t *ranks;	 /* in order, thing by thing */
	uint32_t *base;	 /* of each thing: how often with RANK_BASE */
	uint32_t *next;	 /* while they are noted */
};

/*
 * Built in two walks: every moment is announced in any order, then every one is noted in order of
 * rank (those with RANK_BASE anywhere among them). In the arena.
 */
void moments_begin(struct moments *, struct arena *, size_t count);
void moments_lay_out(struct moments *, struct arena *);

static inline void moments_announce(struct moments *m, uint32_t thing, bool base)
{
	if (base)
		m->base[thing]++;
	else
		m->first[thing + 1]++;
}

static inline void moments_note(struct moments *m, uint32_t thing, int32_t rank)
{
	m->ranks[m->next[thing]++] = rank;
}

/* The first in [low, high) that is not below the rank. */
static inline uint32_t moments_find(
	const int32_t *ranks, uint32_t low, uint32_t high, int32_t rank)
{
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (ranks[middle] < rank)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* How often the thing came on either side. */
void moments_count(const struct moments *, uint32_t thing, const struct rank_stretch *,
	size_t stretch_count, uint32_t counts[SIDE_COUNT]);

/* Rank of its first moment in a stretch of the incident; -1: it did not come in one. */
int32_t moments_first(
	const struct moments *, uint32_t thing, const struct rank_stretch *, size_t stretch_count);

#endif
