/* SPDX-License-Identifier: MIT */
/*
 * Which patterns answer the same for all lines of one masked form (line_mask.h), and what has to be
 * widened in others so that they do; used by pattern_relax.c alone. In: trees. Any thread.
 */
#ifndef LINEUP_PATTERN_BLIND_H
#define LINEUP_PATTERN_BLIND_H

#include "lineup/pattern_tree.h"

struct sets {
	struct byte_set digits;
	struct byte_set hex;  /* digits, a to f */
	struct byte_set word; /* as \w and \b see it */
	struct byte_set word_or_dash;
	struct byte_set digits_and_marks; /* all that is no letter, score or dash */
};

struct sets sets_make(void);

bool byte_set_is_within(const struct byte_set *, const struct byte_set *whole);
bool byte_set_meets(const struct byte_set *, const struct byte_set *);

/* The set of a node that matches bytes of one set, however many of them; NULL for other nodes. */
const struct byte_set *node_set_of(const struct node *);

/* Proven: for each two lines of one form the tree says the same. False: not proven. */
bool tree_is_blind(const struct sets *, struct node *);

/*
 * The end of the piece from item i of a sequence on that is widened together, and the bytes of which
 * each of its sets is to have all where it has some; i: the item is no part of a piece.
 */
size_t piece_to_widen(
	const struct sets *, const struct node *sequence, size_t i, const struct byte_set **by);

#endif
