/* SPDX-License-Identifier: MIT */
/*
 * The few plain texts that a stretch of a pattern stands for, where there are few. A text is a
 * sequence of sets of one byte, or of the two cases of a letter. Used by the pattern_*.c alone; nodes
 * live in the caller's arena.
 */
#ifndef LINEUP_PATTERN_TEXTS_H
#define LINEUP_PATTERN_TEXTS_H

#include "lineup/pattern_tree.h"
#include "lineup/text_model.h"

#define TEXTS_MAX 64 /* that a stretch may stand for */

struct texts {
	struct node **items; /* sequences; room for the next power of two */
	size_t count;	     /* 0: none, or too many */
};

/* All texts that the tree stands for, when they are few; else none. */
struct texts texts_of(struct arena *, const struct node *);

/*
 * Texts, at most `max`, of which every match of the tree begins (ends) with one; none when it may
 * begin with anything.
 */
struct texts texts_at_start(struct arena *, const struct node *, size_t max);
struct texts texts_at_end(struct arena *, const struct node *, size_t max);

/* The one text that is empty. */
struct texts texts_empty(struct arena *);

/* Each text of the other behind each of these; none when that makes too many, or one has none. */
struct texts texts_joined(
	struct arena *, const struct texts *, const struct texts *behind, size_t max);

/*
 * The same in place, as long as there are at most TEXTS_MAX; false, and nothing changed, when not.
 * The texts must be the caller's alone.
 */
bool texts_extend(struct arena *, struct texts *, const struct texts *behind);

/* The same, cheaply, with one character behind the one text; false where it is no such case. */
bool texts_extend_character(struct arena *, struct texts *, struct node *character);

#define TEXT_LEN_MAX TEXT_MODEL_END_MAX /* characters, of a text that is spelt */

/* A text as bytes, with its letters of either case small, and great. */
struct spelt {
	char small[TEXT_LEN_MAX];
	char great[TEXT_LEN_MAX];
	size_t len;
	bool either; /* there are such letters */
};
void text_spell(struct spelt *, struct node *const *characters, size_t count);

/* pattern_texts_cut.c: texts, or choices of them, without the beginnings that make them rarer than
 * they must be. */
struct node *texts_cut(struct arena *, struct text_memo *, const struct node *choice);

/* A choice without the texts that hold another one: who finds that finds the line. */
struct node *texts_needed(struct arena *, const struct node *choice);

#endif
