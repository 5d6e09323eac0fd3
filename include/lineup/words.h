/* SPDX-License-Identifier: MIT */
/*
 * Words that stand in a line. Pure; any thread.
 */
#ifndef LINEUP_JUDGE_WORDS_H
#define LINEUP_JUDGE_WORDS_H

#include "lineup/str.h"

/*
 * Does the word, or a row of words, stand in the text by itself, in small letters or large? Neither
 * a letter nor a digit is beside it, nor a byte of `joins`, which make longer words ("_-").
 */
bool holds_word(struct str text, struct str word, const char *joins);

/* Does any of them stand so? None of them is empty. */
bool holds_any_word(struct str text, const char *const *words, size_t count, const char *joins);

#endif
