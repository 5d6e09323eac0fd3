/* SPDX-License-Identifier: MIT */
/*
 * What of a pattern to look for first: some plain texts of which every matching line holds one, and
 * other lines hardly ever do. Thousands of patterns are looked for at the speed of hundreds when
 * each is known by its rarest text; the few lines that hold it are confirmed.
 *
 * In: a tree that matches where the pattern does, and a model of what is common. Out: a tree of
 * plain texts. Nodes live in the caller's arena. Pure; any thread.
 */
#ifndef LINEUP_PATTERN_KEY_H
#define LINEUP_PATTERN_KEY_H

#include "lineup/pattern_tree.h"
#include "lineup/text_model.h"

/*
 * A tree that matches wherever this one does, with rare texts in the place of alternatives; those
 * that have none stay as they are. Sets *exact to false where it matches more.
 */
struct node *tree_key(struct arena *, struct node *, const struct text_model *, bool *exact);

/*
 * What stands behind a text wherever it is found in a match: of each place, the least and the
 * greatest byte that may be there. Told by a look at the chunk, before the line is sought and PCRE2
 * asked.
 */
#define FOLLOW_MAX 16
struct follow {
	uint8_t count;
	uint8_t low[FOLLOW_MAX];
	uint8_t high[FOLLOW_MAX];
};

/* Does the text that ends at `at` go on as it should? */
static inline bool follow_holds(const struct follow *f, struct str chunk, size_t at)
{
	if (f->count > chunk.len - at)
		return false;
	for (size_t i = 0; i < f->count; i++) {
		uint8_t byte = (uint8_t)chunk.ptr[at + i];
		if (byte < f->low[i] || byte > f->high[i])
			return false;
	}
	return true;
}

/* Of a key of the tree, when both are sequences and the key is part of it as it stands; else
 * nothing. */
void tree_follow(const struct node *tree, const struct node *key, struct follow *);

/*
 * A text that each line must hold besides the key; the rarest, or what fits of its end. Asked for
 * before PCRE2 is.
 */
#define NEEDLE_MAX 15
struct needle {
	uint8_t len; /* 0: there is none */
	char text[NEEDLE_MAX];
};

/* Of a tree whose key is looked for. */
void tree_needle(const struct node *tree, const struct node *key, const struct text_model *,
	struct needle *);

/* Is it plain texts, and nothing else? */
bool tree_is_texts(const struct node *);

/* Lets the model learn the texts that the tree holds: who asks for words has them in the logs. */
void tree_learn(struct text_model *, const struct node *);

#endif
