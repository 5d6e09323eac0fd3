/* SPDX-License-Identifier: MIT */
/*
 * Counts the ends of lines, as fast as the bytes come out of the cache: every byte that is read is
 * looked at here. Pure; any thread.
 */
#ifndef LINEUP_LINE_ENDS_H
#define LINEUP_LINE_ENDS_H

#include "lineup/str.h"

struct line_ends {
	size_t feeds; /* LF */
	bool returns; /* is there any CR? */
};

struct line_ends line_ends_count(struct str);

/* The same without wide vectors: used where there are none, and to test the other against. */
struct line_ends line_ends_count_portable(struct str);

#endif
