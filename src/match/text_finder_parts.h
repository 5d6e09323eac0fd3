/* SPDX-License-Identifier: MIT */
/*
 * How a finder of plain texts lies in memory, and by what; for text_finder*.c alone.
 *
 * Of each text, blocks of six bytes are known that begin one byte apart, two of them: so it is
 * enough to look at every second block of the chunk, and one of the two is there wherever the text
 * stands. Which two is free, and those are taken that the fewest texts share. A bit for each hash
 * of a block says whether there is any; the blocks that pass are gathered without a branch, a few
 * hundred at a time, since nobody can foretell which do. Then the texts of each are compared, eight
 * bytes first, which hold the block.
 *
 * Letters are folded in blocks and in what is compared first (any byte with 0x20), not in what is
 * compared last.
 *
 * Measured on 15,479 texts of packs: 0.75 GB/s of the logs of some hundred programs, where
 * Hyperscan reads 0.47, and 0.9 of logs that hold few of the texts, where it reads 1.1.
 */
#ifndef LINEUP_TEXT_FINDER_PARTS_H
#define LINEUP_TEXT_FINDER_PARTS_H

#include <string.h>

#include "src/match/text_finder.h"

#define BLOCK_BYTES 6
#define STEP	    2 /* bytes from a block that is looked at to the next */
#define WINDOW	    (BLOCK_BYTES + STEP - 1)
#define WORD_BYTES  8

_Static_assert(WINDOW == FINDER_LEN_MIN, "a text holds the blocks of all steps");

#define FOLD   UINT64_C(0x2020202020202020)
#define FACTOR UINT64_C(0x9e3779b97f4a7c15)

struct finder_head {
	uint64_t magic;
	uint64_t byte_count; /* of everything */
	uint32_t text_count;
	uint32_t block_count;
	uint32_t bits_log2;
	uint32_t buckets_log2;
};

/* A block of a text, in the bucket of its hash. */
struct finder_block {
	uint64_t word; /* folded: bytes of the text that hold the block, eight or all seven */
	uint32_t text;
	uint8_t before; /* bytes of the text before the block */
	uint8_t back;	/* of these, how many are in the word */
	uint8_t short_bits;
	uint8_t unused;
};

struct stored_text {
	uint32_t at; /* its bytes; small letters, where it is caseless */
	uint32_t id;
	uint32_t len;
	uint32_t caseless;
};

struct text_finder {
	struct finder_head *head; /* and all that follows, in one piece */
	const uint64_t *bits;
	const uint32_t *buckets; /* by hash: its first block; one more at the end */
	const struct finder_block *blocks;
	const struct stored_text *texts;
	const char *bytes;
	size_t text_bytes;
};

static inline uint64_t lowest_first(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap64(word);
#else
	return word;
#endif
}

static inline uint64_t word_at(const char *from)
{
	uint64_t word;
	memcpy(&word, from, sizeof(word));
	return lowest_first(word);
}

/* The bytes from `at` on, zeros behind the last. */
static inline uint64_t word_of(struct str s, size_t at)
{
	if (likely(at + WORD_BYTES <= s.len))
		return word_at(s.ptr + at);
	uint64_t word = 0;
	memcpy(&word, s.ptr + at, s.len - at);
	return lowest_first(word);
}

/* Of the block that begins a word; its uppermost bits are the best. */
static inline uint64_t hash_of(uint64_t word)
{
	return ((word | FOLD) << (8 * (WORD_BYTES - BLOCK_BYTES))) * FACTOR;
}

#endif
