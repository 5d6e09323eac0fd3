/* SPDX-License-Identifier: MIT */
/*
 * What the following of episodes is cut into: which deviations are looked at, when each starts in
 * each episode, and what speaks for a service (sequel_time.c); who is the cause of what, and what
 * comes of it (sequel.c). One thread; all of it in the trial's arena.
 */
#ifndef LINEUP_JUDGE_SEQUEL_PARTS_H
#define LINEUP_JUDGE_SEQUEL_PARTS_H

#include "src/judge/trial.h"

#define EPISODES_MAX 64 /* of more the first are looked at */

struct sequel {
	struct trial *t;
	const struct stretch *episodes[EPISODES_MAX];
	size_t episode_count;
	uint32_t *findings; /* indices in trial.findings, strongest first */
	size_t count;
	uint32_t *slot_of;  /* of each finding of the trial: index in findings; NO_INDEX */
	int64_t *first_ns;  /* [slot * episode_count + episode]; TIME_NONE: not in it */
	uint32_t *requests; /* the same: followed requests that show it */
	bool *named;	    /* of each service: lines of others carry its name */
	bool *lasting;	    /* of each service: it speaks near the end of the episodes */
	uint32_t *cause;    /* of each slot: the slot of its cause; NO_INDEX */
	double *own; /* of each service: the largest share of a problem or slow step that is its own
		      */
};

static inline const struct finding *finding_at(const struct sequel *q, size_t slot)
{
	return &q->t->findings[q->findings[slot]];
}

static inline int64_t *first_at(const struct sequel *q, size_t slot, size_t episode)
{
	return &q->first_ns[slot * q->episode_count + episode];
}

/* Chooses the findings, dates them in each episode and counts their requests. */
void sequel_time(struct sequel *);

/* Fills named and lasting. */
void sequel_find_witnesses(struct sequel *);

#endif
