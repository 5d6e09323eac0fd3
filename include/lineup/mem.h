/* SPDX-License-Identifier: MIT */
/*
 * Memory that cannot fail: out of memory ends the program here, with a message, status 2 and
 * nowhere else. For sizes that come from input, check a limit first. Any thread.
 */
#ifndef LINEUP_MEM_H
#define LINEUP_MEM_H

#include "lineup/str.h"

/* What is called first when the program ends for want of memory: only what a signal handler may do.
 * Set once, before there are threads. */
void mem_before_exit(void (*)(void));

/* Ends the program for want of so many bytes (0: not known). For libraries that call back. */
NORETURN void mem_exhausted(size_t bytes);

/*
 * While a library reads what is hostile: this thread's malloc and the like refuse pieces larger
 * than this, as if there were none (in the program alone, allocator.c). SIZE_MAX: all are given.
 * Returns what held before.
 */
size_t mem_refuse_above(size_t bytes);

/* What holds for this thread. */
size_t mem_ceiling(void);

/* Like malloc, calloc, realloc (array forms check for overflow); freed with free(). */
MALLOC_LIKE void *mem_alloc(size_t bytes);
MALLOC_LIKE void *mem_zalloc(size_t count, size_t size);
__attribute__((returns_nonnull)) void *mem_realloc(void *old, size_t count, size_t size);

/* Aligned to a cache line, zeroed; for data of one worker. Freed with free(). */
MALLOC_LIKE void *mem_zalloc_aligned(size_t bytes);

/* A copy terminated by NUL; freed with free(). */
MALLOC_LIKE char *mem_strdup(struct str s);

/*
 * Room for one more element in a growing array: doubles *capacity when count has reached it.
 * Use: mem_grow(&list->items, list->count, &list->capacity);
 */
#define mem_grow(items, count, capacity)                                                           \
	do {                                                                                       \
		if ((count) == *(capacity)) {                                                      \
			size_t grown_ = *(capacity) == 0 ? 16 : *(capacity)*2;                     \
			*(items) = mem_realloc(*(items), grown_, sizeof(**(items)));               \
			*(capacity) = grown_;                                                      \
		}                                                                                  \
	} while (0)

#endif
