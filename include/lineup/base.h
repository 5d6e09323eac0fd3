/* SPDX-License-Identifier: MIT */
/*
 * Words that every file uses: attributes, array length, minimum and maximum.
 * No state, no functions that can fail; any thread.
 */
#ifndef LINEUP_BASE_H
#define LINEUP_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINEUP_VERSION "0.1.0"

#define countof(array) (sizeof(array) / sizeof((array)[0]))

#define MUST_USE	    __attribute__((warn_unused_result))
#define NORETURN	    __attribute__((noreturn))
#define PRINTF_LIKE(f, a)   __attribute__((format(printf, f, a)))
#define MALLOC_LIKE	    __attribute__((malloc, returns_nonnull))
#define UNUSED		    __attribute__((unused))
#define NOINLINE	    __attribute__((noinline))
#define likely(condition)   __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

/* Data of one worker is padded to this, so that two workers never share a line of cache. */
#define CACHE_LINE_BYTES 64

/* What makes of a noun the form that goes with the number: 1 line, 2 lines. */
static inline const char *plural(uint64_t number)
{
	return number == 1 ? "" : "s";
}

static inline size_t size_min(size_t a, size_t b)
{
	return a < b ? a : b;
}

static inline size_t size_max(size_t a, size_t b)
{
	return a > b ? a : b;
}

static inline int64_t i64_min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static inline int64_t i64_max(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

#endif
