/* SPDX-License-Identifier: MIT */
/*
 * Many small pieces with one lifetime: allocated by moving a pointer, freed all at once. Used for
 * what lives as long as the run (rules, names) or as one phase of it. One thread at a time.
 */
#ifndef LINEUP_ARENA_H
#define LINEUP_ARENA_H

#include "lineup/str.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;
	size_t used_bytes; /* in the newest block */
	size_t total_bytes;
};

/* A zeroed struct arena is ready; release frees all pieces and makes it so again. */
void arena_release(struct arena *);

/* Zeroed, aligned for any type; never NULL. */
MALLOC_LIKE void *arena_alloc(struct arena *, size_t count, size_t size);

/* A copy of the bytes with a NUL behind them; the view does not count the NUL. */
struct str arena_copy(struct arena *, struct str);

/* Formatted text, as with printf. */
struct str arena_printf(struct arena *, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
