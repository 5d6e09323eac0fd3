/* SPDX-License-Identifier: MIT */
/*
 * Which of 64 bytes are of a class, a bit a byte, the first byte lowest: what walks text by such
 * masks touches only the bytes that matter. Never reads outside of the text. Pure; any thread.
 */
#ifndef LINEUP_BYTE_MASKS_H
#define LINEUP_BYTE_MASKS_H

#include "lineup/str.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK_BYTES 64

struct byte_block {
#ifdef __SSE2__
	__m128i parts[4];
#else
	unsigned char bytes[BLOCK_BYTES];
#endif
	unsigned shift; /* bytes in front that belong to the block before */
};

/* The 64 bytes from `at`, which is in the text; no bit is set for what is behind its end. */
static inline struct byte_block byte_block_load(struct str text, size_t at)
{
	struct byte_block block = { .shift = 0 };
	size_t left = text.len - at;
#ifdef __SSE2__
	void *bytes = block.parts;
#else
	void *bytes = block.bytes;
#endif
	if (left >= BLOCK_BYTES) {
		memcpy(bytes, text.ptr + at, BLOCK_BYTES);
	} else if (text.len >= BLOCK_BYTES) {
		memcpy(bytes, text.ptr + text.len - BLOCK_BYTES, BLOCK_BYTES);
		block.shift = (unsigned)(BLOCK_BYTES - left);
	} else {
		memset(bytes, 0, BLOCK_BYTES);
		memcpy(bytes, text.ptr + at, left);
	}
	return block;
}

#ifdef __SSE2__
static inline uint64_t byte_block_mask(const __m128i parts[4], unsigned shift)
{
	uint64_t mask = 0;
	for (unsigned i = 0; i < 4; i++)
		mask |= (uint64_t)(unsigned)_mm_movemask_epi8(parts[i]) << (16 * i);
	return mask >> shift;
}

static inline uint64_t byte_block_equal(const struct byte_block *b, char c)
{
	__m128i found[4];
	for (unsigned i = 0; i < 4; i++)
		found[i] = _mm_cmpeq_epi8(b->parts[i], _mm_set1_epi8(c));
	return byte_block_mask(found, b->shift);
}

static inline uint64_t byte_block_either(const struct byte_block *b, char c, char d)
{
	__m128i found[4];
	for (unsigned i = 0; i < 4; i++)
		found[i] = _mm_or_si128(_mm_cmpeq_epi8(b->parts[i], _mm_set1_epi8(c)),
			_mm_cmpeq_epi8(b->parts[i], _mm_set1_epi8(d)));
	return byte_block_mask(found, b->shift);
}

/* Bytes from `first` to `last`, after `fold` was set in them (0x20: letters of either case). */
static inline uint64_t byte_block_range(
	const struct byte_block *b, char fold, char first, char last)
{
	__m128i found[4];
	__m128i span = _mm_set1_epi8((char)(last - first));
	for (unsigned i = 0; i < 4; i++) {
		__m128i low = _mm_sub_epi8(
			_mm_or_si128(b->parts[i], _mm_set1_epi8(fold)), _mm_set1_epi8(first));
		found[i] = _mm_cmpeq_epi8(_mm_min_epu8(low, span), low);
	}
	return byte_block_mask(found, b->shift);
}
#else
static inline uint64_t byte_block_range(
	const struct byte_block *b, char fold, char first, char last)
{
	uint64_t mask = 0;
	for (unsigned i = 0; i < BLOCK_BYTES; i++) {
		unsigned char byte = b->bytes[i] | (unsigned char)fold;
		unsigned char low = (unsigned char)(byte - (unsigned char)first);
		mask |= (uint64_t)(low <= (unsigned char)(last - first)) << i;
	}
	return mask >> b->shift;
}

static inline uint64_t byte_block_equal(const struct byte_block *b, char c)
{
	return byte_block_range(b, 0, c, c);
}

static inline uint64_t byte_block_either(const struct byte_block *b, char c, char d)
{
	return byte_block_equal(b, c) | byte_block_equal(b, d);
}
#endif

/* Of masks that stand behind one another, the bits of one word that lie in [from, to); the word
 * holds some of it. */
static inline uint64_t span_bits(size_t word, size_t from, size_t to)
{
	size_t low = word * 64, high = low + 64;
	uint64_t bits = UINT64_MAX;
	if (from > low)
		bits &= UINT64_MAX << (from - low);
	if (to < high)
		bits &= UINT64_MAX >> (high - to);
	return bits;
}

#endif
