/* SPDX-License-Identifier: MIT */
#include "lineup/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static _Thread_local size_t ceiling = SIZE_MAX;

size_t mem_refuse_above(size_t bytes)
{
	size_t before = ceiling;
	ceiling = bytes;
	return before;
}

size_t mem_ceiling(void)
{
	return ceiling;
}

static void (*before_exit)(void);

void mem_before_exit(void (*function)(void))
{
	before_exit = function;
}

/* Without stdio, which allocates. */
void mem_exhausted(size_t bytes)
{
	char text[128];
	int len = bytes > 0 ? snprintf(text, sizeof(text),
				      "lineup: out of memory (%zu bytes wanted); try fewer "
				      "threads (-j)\n",
				      bytes)
			    : snprintf(text, sizeof(text),
				      "lineup: out of memory; try fewer threads (-j)\n");
	(void)!write(STDERR_FILENO, text, (size_t)len);
	if (before_exit != NULL)
		before_exit();
	_exit(2);
}

void *mem_alloc(size_t bytes)
{
	void *p = malloc(bytes == 0 ? 1 : bytes);
	if (p == NULL)
		mem_exhausted(bytes);
	return p;
}

void *mem_zalloc(size_t count, size_t size)
{
	void *p = calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);
	if (p == NULL)
		mem_exhausted(count * size);
	return p;
}

void *mem_realloc(void *old, size_t count, size_t size)
{
	void *p = reallocarray(old, count == 0 ? 1 : count, size == 0 ? 1 : size);
	if (p == NULL)
		mem_exhausted(count * size);
	return p;
}

void *mem_zalloc_aligned(size_t bytes)
{
	size_t padded = (bytes + CACHE_LINE_BYTES - 1) & ~(size_t)(CACHE_LINE_BYTES - 1);
	void *p = aligned_alloc(CACHE_LINE_BYTES, padded == 0 ? CACHE_LINE_BYTES : padded);
	if (p == NULL)
		mem_exhausted(bytes);
	memset(p, 0, padded);
	return p;
}

char *mem_strdup(struct str s)
{
	char *copy = mem_alloc(s.len + 1);
	if (s.len > 0)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return copy;
}
