/* SPDX-License-Identifier: MIT */
/*
 * What is known of the reader of a stream: is it a terminal, how wide, does it read UTF-8, does it
 * want colour (NO_COLOR, TERM, --color). One thread.
 */
#ifndef LINEUP_TERMINAL_H
#define LINEUP_TERMINAL_H

#include <stdio.h>

#include "lineup/options.h"

/* Columns; 0: no terminal, and COLUMNS does not say. */
unsigned terminal_width(FILE *);

/* Does it know control sequences, so that a line can be written anew? */
bool terminal_erases(FILE *);

bool terminal_wants_colour(FILE *, enum colour_choice);

/* By the locale (LC_ALL, LC_CTYPE, LANG). */
bool terminal_reads_utf8(void);

#endif
