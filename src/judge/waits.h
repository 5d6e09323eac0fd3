/* SPDX-License-Identifier: MIT */
/*
 * Does a line complain of another that it does not name: "upstream timed out", "answered 502"?
 * Pure; any thread. In: a subject whose name is known (names.h).
 */
#ifndef LINEUP_JUDGE_WAITS_H
#define LINEUP_JUDGE_WAITS_H

#include "src/judge/scene.h"

bool waits_for_another(const struct scene_subject *);

/* Does it say that a name was not resolved? Whoever it names is not to blame. */
bool waits_for_name(const struct scene_subject *);

#endif
