/* SPDX-License-Identifier: MIT */
/*
 * How rare a text is in logs, learned from lines: what of a pattern is looked for is chosen by it.
 *
 * In: lines of logs, and texts that are asked for. Out: how many bits of surprise a text is, which
 * is the logarithm of how many bytes of a log hold it once. A guess that nothing but speed hangs
 * on. Built by one thread at a time, then const.
 */
#ifndef LINEUP_TEXT_MODEL_H
#define LINEUP_TEXT_MODEL_H

#include "lineup/str.h"

#define TEXT_MODEL_SLOTS_LOG2 20
#define TEXT_MODEL_SLOTS      ((size_t)1 << TEXT_MODEL_SLOTS_LOG2)

struct text_model {
	uint32_t *counts; /* of runs of up to five characters, by hash */
	double total;	  /* characters learned */
};

/* A zeroed model is ready, and takes every text for rare; release frees all. */
void text_model_learn(struct text_model *, struct str text, uint32_t weight);
void text_model_release(struct text_model *);

/* Room for its counts; for those who fill in what was learned before. */
void text_model_reserve(struct text_model *);

/* As if the one had learned all that the other has. */
void text_model_join(struct text_model *, const struct text_model *other);

/* At most TEXT_MODEL_BITS_MAX: what was never seen is not known to be rarer. */
#define TEXT_MODEL_BITS_MAX 60.0
double text_model_bits(const struct text_model *, struct str text);

/*
 * What a model told of late, for one thread that asks of the same texts again and again: as much as
 * stays in the processor's cache. Of the memory of whoever makes it, and ready with its model.
 */
#define TEXT_MEMO_LOG2 11
struct text_memo {
	const struct text_model *model;
	uint64_t keys[1 << TEXT_MEMO_LOG2];
	double chances[1 << TEXT_MEMO_LOG2][5];
};
void text_memo_init(struct text_memo *, const struct text_model *);

/*
 * How probable each beginning of the text is, the shortest first, and the last TEXT_MODEL_TAIL
 * characters of each beginning (fewer, where it has fewer); at least 2^-TEXT_MODEL_BITS_MAX. Both
 * arrays have room for one number a character.
 */
#define TEXT_MODEL_TAIL 8
void text_model_chances(struct text_memo *, struct str text, double *chances, double *tails);

/*
 * How many of the last characters it takes, at least `least` and at most TEXT_MODEL_END_MAX, until
 * they are not more probable than chance_max; all that there are where it takes more.
 */
#define TEXT_MODEL_END_MAX 64
size_t text_model_rare_end(struct text_memo *, struct str text, size_t least, double chance_max);

#endif
