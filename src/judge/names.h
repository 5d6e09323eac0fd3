/* SPDX-License-Identifier: MIT */
/*
 * Which lines name another service of the scan. In: scene and requests; out: scene_subject.named.
 * One thread, once, before the first trial.
 */
#ifndef LINEUP_JUDGE_NAMES_H
#define LINEUP_JUDGE_NAMES_H

#include "src/judge/requests.h"

void names_find(struct scene *, const struct requests *);

#endif
