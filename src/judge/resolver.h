/* SPDX-License-Identifier: MIT */
/*
 * Who resolves names here, and who keeps the time? Pure; any thread. In: the scene's services and
 * subjects.
 */
#ifndef LINEUP_JUDGE_RESOLVER_H
#define LINEUP_JUDGE_RESOLVER_H

#include "src/judge/scene.h"

/* The one service whose trouble it probably is that names are not resolved; NO_INDEX: nobody's that
 * is known. */
uint32_t resolver_find(const struct scene *);

/* The one that is called like one that resolves names; NO_INDEX: none, or several. */
uint32_t resolver_only(const struct scene *);

/* Is it called like one that resolves names? The names in its lines are those it is asked for. */
bool resolver_is(const struct scene *, uint32_t service);

/* The one service whose trouble it probably is that clocks differ; NO_INDEX: nobody's. */
uint32_t timekeeper_find(const struct scene *);

#endif
