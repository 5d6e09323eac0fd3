/* SPDX-License-Identifier: MIT */
/*
 * Clocks that differ by less than any stamp shows: how far each service's is ahead of those of most
 * others, by what the requests that several tell of leave possible. Of findings.c, once events
 * stand; one thread.
 */
#ifndef LINEUP_FINDINGS_CLOCKS_H
#define LINEUP_FINDINGS_CLOCKS_H

#include "lineup/findings.h"

/* A service's visits that fit between two lines of another, request after request. */
struct nest {
	uint32_t outer; /* services */
	uint32_t inner;
	int64_t from_ns; /* the inner one's clock is ahead of the outer one's by this, */
	int64_t to_ns;	 /* to this */
	double weight;	 /* how much it says */
};

/* Those of the findings' requests; freed by the caller. */
struct nest *clocks_nests(const struct findings *, size_t *count);

/* Fills each service's ahead_ns. */
void clocks_find(struct findings *);

#endif
