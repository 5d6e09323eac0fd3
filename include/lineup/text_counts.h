/* SPDX-License-Identifier: MIT */
/*
 * Counts in the program's own sentences: "35628 lines carry no time" is read as 35,628 by people.
 * JSON and CSV hold the sentences as they were made. Pure; any thread.
 */
#ifndef LINEUP_TEXT_COUNTS_H
#define LINEUP_TEXT_COUNTS_H

#include "lineup/buf.h"

/* Appends a number with a comma before every three digits from the right. */
void text_append_number(struct buf *out, struct str digits);

/*
 * Appends the sentence, its counts so grouped. A count is told by the word behind it ("lines",
 * "times", "of 1200"), for years, ids and numbers of places are none; what stands in quotes is the
 * log's and stays as it is.
 */
void text_group_counts(struct buf *out, struct str sentence);

#endif
