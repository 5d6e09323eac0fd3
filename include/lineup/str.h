/* SPDX-License-Identifier: MIT */
/*
 * A view of bytes: pointer and length, passed by value. It owns nothing and is not terminated by
 * NUL; it lives as long as the bytes it looks at. All functions are pure; any thread.
 */
#ifndef LINEUP_STR_H
#define LINEUP_STR_H

#include <string.h>

#include "lineup/base.h"

struct str {
	const char *ptr;
	size_t len;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_NONE     ((struct str){ NULL, 0 })

/* For printf("%.*s", STR_ARG(s)); only for text that the program itself made. */
#define STR_ARG(s) (int)(s).len, (s).ptr

static inline struct str str_of(const char *ptr, size_t len)
{
	return (struct str){ ptr, len };
}

static inline struct str str_from(const char *terminated)
{
	return (struct str){ terminated, terminated != NULL ? strlen(terminated) : 0 };
}

/* Of ASCII alone, whatever the locale. */
static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static inline bool is_alpha(char c)
{
	return (unsigned char)((c | 32) - 'a') < 26;
}

/* A hexadecimal digit, in either case, and in small letters alone, as ids are mostly written. */
static inline bool is_hex(char c)
{
	return is_digit(c) || (unsigned char)((c | 32) - 'a') < 6;
}

static inline bool is_small_hex(char c)
{
	return is_digit(c) || (unsigned char)(c - 'a') < 6;
}

static inline bool str_equal(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len &&
	       (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len &&
	       (suffix.len == 0 || memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

/* The rest of s after the first n bytes; empty when s is shorter. Of STR_NONE it is STR_NONE: even
 * zero must not be added to its pointer. */
static inline struct str str_skip(struct str s, size_t n)
{
	n = size_min(n, s.len);
	return (struct str){ n == 0 ? s.ptr : s.ptr + n, s.len - n };
}

/* The first n bytes of s, or all of it. */
static inline struct str str_head(struct str s, size_t n)
{
	return (struct str){ s.ptr, size_min(n, s.len) };
}

/* Byte order, shorter first on a tie: the order in which everything is listed. */
int str_compare(struct str a, struct str b);

/* The byte there; NUL behind the end. */
static inline char str_byte(struct str s, size_t at)
{
	return at < s.len ? s.ptr[at] : '\0';
}

bool str_equal_nocase(struct str a, struct str b);

/* Does the part, which is not empty, stand anywhere in the text? */
bool str_holds_nocase(struct str text, struct str part);

/* Place of the first such byte, of the last one, of the first such text (an empty one is at 0); -1:
 * there is none. */
ptrdiff_t str_find_byte(struct str s, char byte);
ptrdiff_t str_rfind_byte(struct str s, char byte);
ptrdiff_t str_find(struct str s, struct str what);

/* How often the byte occurs. For the lines of a chunk see line_ends.h. */
size_t str_count_byte(struct str s, char byte);

/* s without white space (blank, tab, CR, LF) at both ends. */
struct str str_trim(struct str s);

/*
 * Cuts s at the first such byte: returns what stands before it and leaves in *s what stands after
 * it. Without one, returns all and leaves STR_NONE (ptr NULL), so a loop is: while (s.ptr) {...}.
 */
struct str str_cut(struct str *s, char byte);

/* A decimal number and nothing else, without overflow: true and *value, or false. */
bool str_to_u64(struct str s, uint64_t *value);

/* A finite decimal number such as -1.5e3 and nothing else. */
bool str_to_double(struct str s, double *value);

/* 1024-based size such as 300, 64K, 10M, 2G or 2GiB. */
bool str_to_size(struct str s, uint64_t *bytes);

/*
 * Is `name` matched by the shell pattern (`*`, `?`, `[a-z]`, `[!x]`)? `*` also matches '/', and a
 * pattern without '/' is tried on the last part of the name, as users of --include expect. False
 * for a pattern of 1 KiB or more and a name of 8 KiB or more.
 */
bool str_glob(struct str pattern, struct str name);

/* 64-bit XXH3 of the bytes: the same on every machine and in every run. */
uint64_t str_hash(struct str s);

/* Another one in every run, for places in memory alone (seed.h): nobody can make up two texts that
 * share it. */
uint64_t str_hash_of_run(struct str s);

#endif
