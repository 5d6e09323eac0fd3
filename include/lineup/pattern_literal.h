/* SPDX-License-Identifier: MIT */
/*
 * How much plain text every match of a pattern must contain: what a scanner can hold on to. The
 * more there is, the faster it is to look for and the less it matches by chance. Pure; any thread.
 */
#ifndef LINEUP_PATTERN_LITERAL_H
#define LINEUP_PATTERN_LITERAL_H

#include "lineup/rules.h"

struct pattern_literal {
	size_t longest; /* bytes of the longest run in every match, of either case and with
			 * plain alternatives counted */
	bool known;	/* false: the pattern is not understood here */
};

struct pattern_literal pattern_literal_of(const struct term *);

#endif
