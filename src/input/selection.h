/* SPDX-License-Identifier: MIT */
/*
 * The part of a selection that holds for archives: one that is excluded is not entered, while one
 * that no --include names may hold members that are. Pure; any thread.
 */
#ifndef LINEUP_SELECTION_H
#define LINEUP_SELECTION_H

#include "lineup/reader.h"

bool selection_excludes(const struct selection *, struct str place);

#endif
