/* SPDX-License-Identifier: MIT */
/*
 * Levels that stand in the number or the letter of a message, as routers and the programs of some
 * makers write them. Pure; any thread.
 */
#ifndef LINEUP_LEVEL_CODES_H
#define LINEUP_LEVEL_CODES_H

#include "lineup/level.h"

/* At the per cent sign at `at`. False when there is none there; *level may be LEVEL_NONE for a
 * number that is no level. */
bool level_of_cisco(struct str line, size_t at, enum level *level);

/* Of the word from `start` to `end`, behind which a slash stands; the same. */
bool level_of_module(struct str line, size_t start, size_t end, enum level *level);

/* The word is the number of a message with a level's letter; or LEVEL_NONE. */
enum level level_of_message(struct str line, size_t start, size_t end);

/* `fail: Shop.Cart.Service[13]`, as .NET's console writes an error; the word ends at `end`. */
bool level_is_fail(struct str line, size_t start, size_t end);

/* At the bracket behind a stamp; or LEVEL_NONE. */
enum level level_of_thread(struct str line, size_t at);

#endif
