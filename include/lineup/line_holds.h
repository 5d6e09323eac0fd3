/* SPDX-License-Identifier: MIT */
/*
 * Does a line hold a short text? For thousands of lines and texts, where to start a search must not
 * cost more than the search. Pure; any thread.
 */
#ifndef LINEUP_LINE_HOLDS_H
#define LINEUP_LINE_HOLDS_H

#include "lineup/str.h"

/* The empty text is in every line. Nothing beyond the line is read. */
bool line_holds(struct str line, struct str text);

#endif
