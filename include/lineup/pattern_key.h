/* SPDX-License-Identifier: MIT */
/*
 * What of a pattern to look for first: some plain texts of which every matching line holds one, and
 * other lines hardly ever do. Thousands of patterns are looked for at the speed of hundreds when
 * each is known by its rarest text; the few lines that hold it are confirmed.
 *
 * In: a tree that matches where the pattern does, and a model of what is common. Out: a tree of
 * plain texts. Nodes live in the caller's arena. A model is built by one thread, then const.
 */
#ifndef LINEUP_PATTERN_KEY_H
#define LINEUP_PATTERN_KEY_H

#include "lineup/pattern_tree.h"

/* How often three characters stand together, whatever the digits. */
struct key_model {
	uint32_t *counts; /* by hash of three characters */
	uint64_t total;
	uint32_t *tails; /* how many patterns chose a text, by hash of its end; NULL: not known */
};

/* A zeroed model is ready; release frees all. */
void key_model_add(struct key_model *, struct str text, uint32_t weight);
void key_model_release(struct key_model *);

/* Notes what a pattern chose: a text that many choose costs all of them a confirmation. */
void key_model_note(struct key_model *, const struct node *tree);

/*
 * A tree that matches wherever this one does, with rare texts in the place of alternatives; those
 * that have none stay as they are. Sets *exact to false where it matches more.
 */
struct node *tree_key(struct arena *, struct node *, const struct key_model *, bool *exact);

#endif
