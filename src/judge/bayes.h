/* SPDX-License-Identifier: MIT */
/*
 * Evidence from counts: natural logarithms of Bayes factors, "it changed" against "it did not".
 * Pure; any thread.
 */
#ifndef LINEUP_JUDGE_BAYES_H
#define LINEUP_JUDGE_BAYES_H

#include "lineup/base.h"

/* k0 of n0 against k1 of n1: two shares, or one. */
double bayes_shares(double k0, double n0, double k1, double n1);

/* k0 events in e0 of time against k1 in e1: two rates, or one. Both exposures are positive. */
double bayes_rates(double k0, double e0, double k1, double e1);

/* x for small x, never above the cap; 0 for x <= 0. */
double soft_cap(double x, double cap);

#endif
