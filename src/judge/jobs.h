/* SPDX-License-Identifier: MIT */
/*
 * Services that work in runs, each from one line of theirs to another, and the run that took
 * longest. In: the scene. Out: its jobs, in its arena. One thread.
 */
#ifndef LINEUP_JUDGE_JOBS_H
#define LINEUP_JUDGE_JOBS_H

#include "src/judge/scene.h"

struct job {
	uint32_t service;
	uint32_t begin;		/* subjects: the line that begins a run, */
	uint32_t end;		/* and the one that ends it */
	size_t others;		/* runs beside the longest */
	double seconds;		/* of the longest, */
	double next_seconds;	/* of the next longest, */
	double usual_seconds;	/* and of most */
	int64_t from_ns, to_ns; /* the longest */
	bool unended;		/* and no line of its own ended it */
	double points;		/* nats: that it is no run like the others */
};

void jobs_find(struct scene *);

#endif
