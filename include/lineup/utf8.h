/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 one character at a time, strictly: no overlong forms, no surrogates, nothing above
 * U+10FFFF. Text of logs is bytes; it becomes characters only where it is shown. Pure; any thread.
 */
#ifndef LINEUP_UTF8_H
#define LINEUP_UTF8_H

#include "lineup/buf.h"

#define UTF8_REPLACEMENT 0xfffdU

/*
 * Takes the next character off a text that is not empty. What is not UTF-8 gives UTF8_REPLACEMENT,
 * once for each longest beginning of a character (the practice that Unicode recommends).
 */
uint32_t utf8_take(struct str *);

/* The first bytes of a text, at most so many and no character cut in two. Bytes that are not UTF-8
 * are cut anywhere. */
struct str utf8_head(struct str, size_t bytes);

/* The bytes of the character, at most U+10FFFF; how many. */
#define UTF8_BYTES_MAX 4
size_t utf8_encode(uint32_t character, char bytes[UTF8_BYTES_MAX]);

/* Appends the character. */
void utf8_append(struct buf *, uint32_t character);

/* Columns on a terminal: 0 for combining marks, 2 for East Asian wide ones and emoji, else 1. */
unsigned utf8_width(uint32_t character);

/*
 * Is it a character that moves, hides or turns round what stands beside it: controls (C0, DEL, C1),
 * bidirectional overrides and isolates, invisible format characters, line and paragraph separators?
 */
bool utf8_is_unsafe(uint32_t character);

#endif
