/* SPDX-License-Identifier: MIT */
/*
 * Who resolves names here? Pure; any thread. In: the scene's services and subjects.
 */
#ifndef LINEUP_JUDGE_RESOLVER_H
#define LINEUP_JUDGE_RESOLVER_H

#include "src/judge/scene.h"

/* The one service whose trouble it probably is that names are not resolved; NO_INDEX: nobody's that
 * is known. */
uint32_t resolver_find(const struct scene *);

#endif
