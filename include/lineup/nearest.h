/* SPDX-License-Identifier: MIT */
/*
 * What was meant by a word that is none of those that could stand there. Pure; any thread.
 */
#ifndef LINEUP_NEAREST_H
#define LINEUP_NEAREST_H

#include "lineup/str.h"

/*
 * The one of `names` that was most likely meant, or NULL when none is near: the fewest inserted,
 * left out, changed or swapped letters, at most a third of the word.
 */
const char *nearest_name(struct str word, const char *const *names, size_t count);

#endif
