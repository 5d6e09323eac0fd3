/* SPDX-License-Identifier: MIT */
/*
 * When services started anew. In: the scene. Out: its restarts, in its arena. One thread.
 */
#ifndef LINEUP_JUDGE_RESTARTS_H
#define LINEUP_JUDGE_RESTARTS_H

#include "src/judge/scene.h"

/* From the last line of one life to the last of those with which the next begins. */
struct restart {
	uint32_t service;
	uint32_t subject; /* the line with which it begins, */
	int64_t gone_ns;  /* the last line before it (its cell), */
	int64_t back_ns;  /* its first line, */
	int64_t up_ns;	  /* and the last one that is of starting */
};

/* By service, then time. */
void restarts_find(struct scene *);

#endif
