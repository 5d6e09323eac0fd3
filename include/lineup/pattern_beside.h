/* SPDX-License-Identifier: MIT */
/*
 * What must stand beside the text by which a pattern is known (pattern_key.h), and is cheap to ask
 * for: most lines that hold the text alone are told so, before PCRE2 is asked. Pure; any thread.
 */
#ifndef LINEUP_PATTERN_BESIDE_H
#define LINEUP_PATTERN_BESIDE_H

#include "lineup/pattern_tree.h"
#include "lineup/text_model.h"

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

#endif
