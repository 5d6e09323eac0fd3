/* SPDX-License-Identifier: MIT */
#include "lineup/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lineup/mem.h"

/* An arena of a few nodes costs little, one of many asks seldom: each block is as large as all
 * before.
 */
#define BLOCK_BYTES_MIN ((size_t)2 * 1024)
#define BLOCK_BYTES_MAX ((size_t)64 * 1024)

struct arena_block {
	struct arena_block *older;
	size_t size_bytes;
	max_align_t data[];
};

void arena_release(struct arena *a)
{
	struct arena_block *block = a->blocks;
	while (block != NULL) {
		struct arena_block *older = block->older;
		free(block);
		block = older;
	}
	*a = (struct arena){ 0 };
}

static void *take(struct arena *a, size_t bytes, size_t align)
{
	size_t at = (a->used_bytes + align - 1) & ~(align - 1);
	if (a->blocks == NULL || at > a->blocks->size_bytes || bytes > a->blocks->size_bytes - at) {
		size_t usual = size_max(a->total_bytes, BLOCK_BYTES_MIN);
		size_t size = size_max(size_min(usual, BLOCK_BYTES_MAX), bytes);
		/* zeroed: every byte is handed out once, and fresh pages of the system are zero */
		struct arena_block *block = mem_zalloc(1, sizeof(*block) + size);
		block->older = a->blocks;
		block->size_bytes = size;
		a->blocks = block;
		a->total_bytes += size;
		at = 0;
	}
	a->used_bytes = at + bytes;
	return (char *)a->blocks->data + at;
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		bytes = SIZE_MAX / 2; /* mem_alloc says so and ends */
	return take(a, bytes, _Alignof(max_align_t));
}

struct str arena_copy(struct arena *a, struct str s)
{
	char *copy = take(a, s.len + 1, 1);
	if (s.len > 0)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return str_of(copy, s.len);
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	va_list again;
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		len = 0;
	char *text = take(a, (size_t)len + 1, 1);
	vsnprintf(text, (size_t)len + 1, format, again);
	va_end(again);
	return str_of(text, (size_t)len);
}
