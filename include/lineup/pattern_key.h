/* SPDX-License-Identifier: MIT */
/*
 * What of a pattern to look for first: some plain texts of which every matching line holds one, and
 * other lines hardly ever do. Thousands of patterns are looked for at the speed of hundreds when
 * each is known by its rarest text; the few lines that hold it are confirmed.
 *
 * In: a tree that matches where the pattern does, and a model of what is common, with a memo. Out:
 * a tree of plain texts. Nodes live in the caller's arena. Pure; any thread.
 */
#ifndef LINEUP_PATTERN_KEY_H
#define LINEUP_PATTERN_KEY_H

#include "lineup/pattern_tree.h"
#include "lineup/text_model.h"

/*
 * A tree that matches wherever this one does, with rare texts in the place of alternatives; those
 * that have none stay as they are. Sets *exact to false where it matches more.
 */
struct node *tree_key(struct arena *, struct node *, struct text_memo *, bool *exact);

/* Is it plain texts, and nothing else? */
bool tree_is_texts(const struct node *);

/* Lets the model learn the texts that the tree holds: who asks for words has them in the logs. */
void tree_learn(struct text_model *, const struct node *);

#endif
