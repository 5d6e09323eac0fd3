/* SPDX-License-Identifier: MIT */
/*
 * When what was found in requests came: fills the moments of requests.h. For requests_build.c;
 * last, when pairs, calls and edges have their numbers.
 */
#ifndef LINEUP_JUDGE_REQUESTS_MOMENTS_H
#define LINEUP_JUDGE_REQUESTS_MOMENTS_H

#include "src/judge/requests.h"

void requests_find_moments(struct requests *);

#endif
