/* SPDX-License-Identifier: MIT */
/*
 * Findings to a verdict: who is suspected, in which order, and why. A pure function: the same
 * findings and settings give the same verdict, on every machine and with every number of threads.
 * Call it from one thread; periods that may be the incident are tried on several.
 */
#ifndef LINEUP_RANK_H
#define LINEUP_RANK_H

#include "lineup/verdict.h"

/* A change that the user knows of (--changes). */
struct known_change {
	int64_t time_ns;
	struct str service;
	struct str text;
};

/* How many suspects the first sentences and the timeline tell of, however many are wanted. */
#define RANK_TOLD 10

struct rank_settings {
	int64_t window_ns;	  /* 0: chosen from the span */
	int64_t incident_from_ns; /* TIME_NONE: to be found */
	int64_t incident_to_ns;
	int64_t baseline_from_ns; /* TIME_NONE: all outside the incident */
	int64_t baseline_to_ns;
	const struct findings *baseline; /* of another path; NULL: none */
	const struct known_change *changes;
	size_t change_count;
	unsigned jobs;	     /* threads; 0: one. What comes out is the same */
	size_t top;	     /* suspects wanted; 0: all */
	enum severity least; /* suspects less severe are left out */
	unsigned leave_out;  /* parts of the score (bits of enum score_part) left out, to measure
			      * what each contributes; 0 */
};

/* Fills the verdict, which the caller releases; it points into the findings. */
void rank(const struct findings *, const struct rank_settings *, struct verdict *);

#endif
