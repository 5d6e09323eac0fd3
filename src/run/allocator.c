/* SPDX-License-Identifier: MIT */
/*
 * What the whole program does, its libraries included, when there is no memory: without a small
 * piece it ends with a message and status 2, as mem.c does. Libraries differ in what they do
 * otherwise: Hyperscan writes to address 0, jq aborts. A large piece is refused, and whoever asked
 * for it has to cope: its size may have come from a hostile file, which must not end the run.
 *
 * Linked into the program alone, not into tests. Only where glibc's own functions have names, and
 * not where instruments put theirs.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "lineup/mem.h"

#if defined(__GLIBC__) && !defined(LINEUP_INSTRUMENTED)

#define SMALL_BYTES ((size_t)4 << 20)

/*
 * Large pieces are databases and tables, read and written all over: in pages of two megabytes they
 * are there in a fraction of the time, and found in the processor's list of pages.
 */
#define LARGE_PAGE_BYTES ((size_t)2 << 20)
#define PAGE_BYTES	 ((uintptr_t)4096)

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

/* A size that hostile data asked for, past what it may have. */
static bool refused(size_t bytes)
{
	if (likely(bytes <= mem_ceiling()))
		return false;
	errno = ENOMEM;
	return true;
}

/* Of one page the kernel knows only that it is wanted: it may do as it likes. */
static void ask_for_large_pages(const void *p, size_t bytes)
{
	uintptr_t from = (uintptr_t)p & ~(PAGE_BYTES - 1);
	uintptr_t to = ((uintptr_t)p + bytes + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
	int before = errno;
	(void)madvise((void *)from, to - from, MADV_HUGEPAGE);
	errno = before;
}

static void *checked(void *p, size_t bytes)
{
	if (likely(bytes < LARGE_PAGE_BYTES)) {
		if (unlikely(p == NULL))
			mem_exhausted(bytes);
	} else if (p != NULL) {
		ask_for_large_pages(p, bytes);
	} else if (bytes < SMALL_BYTES) {
		mem_exhausted(bytes);
	}
	return p;
}

void *malloc(size_t bytes)
{
	return refused(bytes) ? NULL : checked(__libc_malloc(bytes), bytes);
}

void *calloc(size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		bytes = SIZE_MAX;
	return refused(bytes) ? NULL : checked(__libc_calloc(count, size), bytes);
}

void *realloc(void *old, size_t bytes)
{
	if (refused(bytes))
		return NULL;
	/* Nothing is what a size of 0 gives. */
	void *p = __libc_realloc(old, bytes);
	return bytes == 0 ? p : checked(p, bytes);
}

void *reallocarray(void *old, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(old, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
	return refused(bytes) ? NULL : checked(__libc_memalign(alignment, bytes), bytes);
}

int posix_memalign(void **out, size_t alignment, size_t bytes)
{
	*out = refused(bytes) ? NULL : checked(__libc_memalign(alignment, bytes), bytes);
	return *out != NULL ? 0 : ENOMEM;
}

#endif
