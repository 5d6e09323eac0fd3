/* SPDX-License-Identifier: MIT */
/*
 * Which runs of lines are cut off by the end of what was read, and so may have gone on. Marks them
 * in the requests, once, after they were taken apart; one thread.
 */
#ifndef LINEUP_JUDGE_REQUESTS_OPEN_H
#define LINEUP_JUDGE_REQUESTS_OPEN_H

#include "src/judge/requests.h"

void requests_find_open(struct requests *);

#endif
