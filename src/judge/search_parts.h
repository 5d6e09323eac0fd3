/* SPDX-License-Identifier: MIT */
/*
 * The search of an incident, between how candidates are weighed (search.c) and what is made of the
 * best (search_best.c). One thread, but for the trials.
 */
#ifndef LINEUP_JUDGE_SEARCH_PARTS_H
#define LINEUP_JUDGE_SEARCH_PARTS_H

#include "src/judge/search.h"

#define LIKELY_NATS 3.0 /* less likely onsets than the best by more are left out */

struct tried {
	struct period period;
	double (*parts)[PART_COUNT];
	double (*shown)[PART_COUNT]; /* see trial.h */
	double (*drift)[PART_COUNT]; /* what its baseline shows against itself, */
	bool asked;		     /* once it was asked for */
	double excess;		     /* see trial.h */
	double exactness;	     /* GIVEN: what speaks for this very moment; else 0 */
	double most;		     /* what the parts show, the baseline's drift included */
	double quality;		     /* beyond the drift; -INFINITY where that was not needed */
	bool weighed;		     /* it is known */
};

struct search {
	const struct scene *scene;
	const struct requests *requests;
	struct arena arena;
	struct candidate candidates[CANDIDATES_MAX];
	struct tried tried[CANDIDATES_MAX];
	size_t count;
	size_t drifting[CANDIDATES_MAX]; /* whose drift is found at the same time */
};

/* The candidate's period, in the arena. */
void search_period(
	const struct search *, const struct candidate *, struct arena *, struct period *);

/* Tries and weighs the candidates; those that cannot be the best keep a quality of -INFINITY. */
void search_run(struct search *);

/* Of candidates that last to the end: the moment is told by the numbers of problem lines as well.
 */
void search_place(struct search *);

/* The best; SIZE_MAX: there is none. */
size_t search_choose(const struct search *);

/* The quality of the best of those that start elsewhere; 0: none is better. */
double search_second(const struct search *, size_t best);

/* How many of its kind were, or might have been, tried. */
double search_tries(const struct search *, enum candidate_kind);

#endif
