/* SPDX-License-Identifier: MIT */
/*
 * What follows what, time after time: of an incident that came again and again, which deviation
 * came before which in each of its episodes. Works on a trial that has been run and not yet capped;
 * adds to its blames, takes from what others explain, and sums the parts anew. One thread.
 */
#ifndef LINEUP_JUDGE_SEQUEL_H
#define LINEUP_JUDGE_SEQUEL_H

#include "src/judge/trial.h"

void trial_sequel(struct trial *);

#endif
