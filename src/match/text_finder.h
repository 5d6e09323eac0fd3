/* SPDX-License-Identifier: MIT */
/*
 * Finds thousands of plain texts in a chunk, all at once; used by pattern_database alone.
 *
 * In: texts with their ids, and a chunk. Out: a call for each place where one stands. Made in a
 * thousandth of a millisecond a text, where an automaton takes thirty times as long. Const once it
 * is made, and shared by all threads.
 */
#ifndef LINEUP_TEXT_FINDER_H
#define LINEUP_TEXT_FINDER_H

#include "lineup/pattern_database.h"

/* Other lengths are not taken, in bytes. */
#define FINDER_LEN_MIN 7
#define FINDER_LEN_MAX 255

struct finder_text {
	const char *bytes;
	size_t len;
	uint32_t id;
	bool caseless; /* letters of ASCII may be small or great */
};

struct text_finder;

/* The texts are copied. No text has a line feed. */
struct text_finder *text_finder_create(const struct finder_text *, size_t count);
void text_finder_destroy(struct text_finder *);

/*
 * Calls `found` with the end of each place, at least once; places of one line come in any order,
 * and lines in theirs. Ends when it is told to.
 */
void text_finder_scan(
	const struct text_finder *, struct str chunk, pattern_found_fn *found, void *context);

/* All that it is, as bytes for this kind of machine; they are the finder's. */
struct str text_finder_bytes(const struct text_finder *);

/* The reverse; the bytes are copied. NULL when they are no finder. */
struct text_finder *text_finder_load(struct str bytes);

/* The ways to read a chunk that this machine has, for tests: the usual one first. */
#define FINDER_WAYS 2
typedef void finder_scan_fn(const struct text_finder *, struct str, pattern_found_fn *, void *);
size_t text_finder_ways(finder_scan_fn *ways[FINDER_WAYS]);

#endif
