/* SPDX-License-Identifier: MIT */
/*
 * What the readers of ids share: the classes of bytes, and ids that no key tells (ids_bare.c). Ids
 * are views into the line. Pure; any thread.
 */
#ifndef LINEUP_IDS_PARTS_H
#define LINEUP_IDS_PARTS_H

#include "lineup/byte_masks.h"
#include "lineup/ids.h"

/*
 * Classes of bytes, looked up: ids are random, and a branch that depends on whether the next byte
 * is a digit or a letter is guessed wrong half of the time.
 */
enum ids_class { HEX = 1, WORD = 2, VALUE = 4, AROUND = 8 /* quotes and such around a key */ };
extern const uint8_t ids_classes[256];

static inline bool ids_is_hex(char c)
{
	return (ids_classes[(unsigned char)c] & HEX) != 0;
}

static inline bool ids_is_word(char c)
{
	return (ids_classes[(unsigned char)c] & WORD) != 0;
}

/* So many hexadecimal digits stand at `at`. */
static inline size_t hex_run(struct str s, size_t at)
{
	size_t len = 0;
	while (at + len < s.len && ids_is_hex(s.ptr[at + len]))
		len++;
	return len;
}

/* Dashes that have three more 5, 10 and 15 bytes before them. */
static inline uint64_t ids_last_dashes(uint64_t now, uint64_t before)
{
	return now & (now << 5 | before >> 59) & (now << 10 | before >> 54) &
	       (now << 15 | before >> 49);
}

/* Looks for UUIDs from the block at `at` on; `before` are the dashes of the block before. */
void ids_read_uuid(struct str line, size_t at, uint64_t before, struct line_ids *);

/* [service,<trace>,<span>], [<trace>-<span>] of Spring, in the line's head. */
void ids_read_bracketed(struct str line, struct line_ids *);

/* [<trace>] or (<request>) of a pattern that prints the id and no key, in the line's head. */
void ids_read_lone(struct str line, struct line_ids *);

#endif
