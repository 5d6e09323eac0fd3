/* SPDX-License-Identifier: MIT */
/*
 * Two sides of time that are compared: the stretches of an incident and those of the baseline. What
 * lies in neither is not looked at. Pure; one thread a period.
 */
#ifndef LINEUP_JUDGE_PERIOD_H
#define LINEUP_JUDGE_PERIOD_H

#include "lineup/clock.h"

enum side {
	SIDE_BASE,
	SIDE_INCIDENT,
	SIDE_NONE,
	SIDE_COUNT = SIDE_NONE,
};

/* [from, to) */
struct stretch {
	int64_t from_ns;
	int64_t to_ns;
	enum side side;
};

/* In order of time, without overlap. Owned by whoever made it. */
struct period {
	struct stretch *items;
	size_t count;
	double seconds[SIDE_COUNT];
	int64_t precision_ns; /* how exactly the incident's start is known */
	int64_t slack_ns;     /* that was added to its ends when they were given; else 0 */
};

/*
 * Cuts [from, to) into the spans (in order, `count` of them) as the incident and the rest as the
 * baseline, or, with base_from_ns given, only what lies in [base_from_ns, base_to_ns) of it.
 * `items` has room for 2 * count + 1.
 */
void period_cut(struct period *, struct stretch *items, int64_t from_ns, int64_t to_ns,
	const struct stretch *spans, size_t count, int64_t base_from_ns, int64_t base_to_ns);

enum side period_side(const struct period *, int64_t time_ns);

/* The same for times that come mostly in order: `near` is where the last one was found,
 * at first 0. */
enum side period_side_near(const struct period *, int64_t time_ns, size_t *near);

/* The first stretch of the incident; NULL: none. */
const struct stretch *period_first(const struct period *);

#endif
