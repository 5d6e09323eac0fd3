/* SPDX-License-Identifier: MIT */
#include "lineup/line_mask.h"

#include "lineup/byte_masks.h"
#include "lineup/lane_hash.h"

#define BLOCK	   LANE_BLOCK
#define BLOCKS_MAX (LINE_MASK_BYTES / BLOCK)
#define ID_BYTES   8

/* A bit for each byte of the line, by its kind; one more word so that shifts may look ahead. */
struct line_bits {
	uint64_t digit[BLOCKS_MAX + 1];
	uint64_t hex[BLOCKS_MAX + 1];	/* a to f */
	uint64_t other[BLOCKS_MAX + 1]; /* other bytes of words, and what is not ASCII */
	uint64_t dash[BLOCKS_MAX + 1];
	uint64_t id[BLOCKS_MAX + 1];  /* digits and letters of ids */
	uint64_t run[BLOCKS_MAX + 1]; /* digits, letters a to f, dashes */
	uint64_t pairs, fours;	      /* of the block before: its bytes that end a run of 2 and 4 */
	uint64_t eights[BLOCKS_MAX];  /* bytes that end a run of eight and more */
	size_t blocks;
};

/* ---- ids ---- */

/* The bytes of a block that end a run of eight and more, by shifting the line over itself. */
static inline void note_runs(struct line_bits *b, size_t i)
{
	uint64_t before = i > 0 ? b->run[i - 1] : 0;
	uint64_t run = b->digit[i] | b->hex[i] | b->dash[i];
	uint64_t pairs = run & (run << 1 | before >> 63);
	uint64_t fours = pairs & (pairs << 2 | b->pairs >> 62);
	b->run[i] = run;
	b->eights[i] = fours & (fours << 4 | b->fours >> 60);
	b->pairs = pairs;
	b->fours = fours;
}

static inline void bits_start(struct line_bits *b, size_t len)
{
	b->blocks = (len + BLOCK - 1) / BLOCK;
	b->pairs = b->fours = 0;
	b->run[b->blocks] = b->other[b->blocks] = 0;
}

static inline bool has_bit(const uint64_t *x, size_t at)
{
	return x[at / 64] >> (at % 64) & 1;
}

/* The place of the first zero at or behind `at`; there is one. */
static inline size_t first_zero(const uint64_t *x, size_t at)
{
	uint64_t zeros = ~x[at / 64] & (UINT64_MAX << (at % 64));
	size_t word = at / 64;
	while (zeros == 0)
		zeros = ~x[++word];
	return word * 64 + (size_t)__builtin_ctzll(zeros);
}

/* The place of the first one at or behind `at`; `to` or more when there is none before it. */
static inline size_t first_one(const uint64_t *x, size_t at, size_t to)
{
	uint64_t ones = x[at / 64] & (UINT64_MAX << (at % 64));
	size_t word = at / 64;
	while (ones == 0 && ++word * 64 < to)
		ones = x[word];
	return ones == 0 ? to : word * 64 + (size_t)__builtin_ctzll(ones);
}

/* Is the first part of the run, up to a dash, as long as an id, and no part behind it empty? */
static inline bool has_long_head(const struct line_bits *b, size_t from, size_t to)
{
	while (from < to && has_bit(b->dash, from))
		from++;
	size_t least = ID_BYTES;
	for (size_t at = from; at < to; least = 1) {
		size_t dash = size_min(first_one(b->dash, at, to), to);
		if (dash - at < least)
			return false;
		at = dash + 1;
	}
	return from < to;
}

/* Marks the run [from, to) of digits, letters and dashes if it is an id. */
static inline void mark_id(struct line_bits *b, size_t from, size_t to)
{
	int letters = 0, digits = 0, dashes = 0;
	/* most such runs are dates, which have no letters */
	for (size_t w = from / 64; w <= (to - 1) / 64; w++)
		letters += __builtin_popcountll(b->hex[w] & span_bits(w, from, to));
	if (letters < LINE_MASK_ID_LETTERS || (from > 0 && has_bit(b->other, from - 1)) ||
		has_bit(b->other, to))
		return;
	for (size_t w = from / 64; w <= (to - 1) / 64; w++) {
		uint64_t span = span_bits(w, from, to);
		digits += __builtin_popcountll(b->digit[w] & span);
		dashes += __builtin_popcountll(b->dash[w] & span);
	}
	if (digits == 0 || (dashes > 0 && !has_long_head(b, from, to)))
		return;
	for (size_t w = from / 64; w <= (to - 1) / 64; w++)
		b->id[w] |= (b->hex[w] | b->digit[w]) & span_bits(w, from, to);
}

/* Looks at all runs of eight bytes and more. Returns whether there are ids. */
__attribute__((always_inline)) static inline bool find_ids(struct line_bits *b)
{
	uint64_t any = 0;
	size_t done = 0;
	for (size_t i = 0; i < b->blocks; i++) {
		for (uint64_t ends = b->eights[i]; ends != 0;) {
			size_t at = i * 64 + (size_t)__builtin_ctzll(ends);
			if (at >= done) {
				done = first_zero(b->run, at);
				/* eight bytes of the run end here, for the first time */
				mark_id(b, at + 1 - ID_BYTES, done);
			}
			ends &= done < i * 64 + 64 ? UINT64_MAX << (done - i * 64) : 0;
		}
	}
	for (size_t i = 0; i < b->blocks; i++)
		any |= b->id[i];
	return any != 0;
}

/* ---- byte by byte ---- */

static void classify(struct str line, struct line_bits *b)
{
	memset(b, 0, sizeof(*b));
	bits_start(b, line.len);
	for (size_t i = 0; i < line.len; i++) {
		uint8_t c = (uint8_t)line.ptr[i], letter = (uint8_t)((c | 0x20) - 'a');
		uint64_t bit = UINT64_C(1) << (i % 64);
		if ((uint8_t)(c - '0') <= 9)
			b->digit[i / 64] |= bit;
		else if ((uint8_t)(c - 'a') <= 'f' - 'a')
			b->hex[i / 64] |= bit;
		else if (letter <= 'z' - 'a' || c == '_' || c >= 0x80)
			b->other[i / 64] |= bit;
		else if (c == '-')
			b->dash[i / 64] |= bit;
	}
}

void line_mask_portable(struct str line, char *out)
{
	struct line_bits b;
	classify(line, &b);
	for (size_t i = 0; i < b.blocks; i++)
		note_runs(&b, i);
	find_ids(&b);
	for (size_t i = 0; i < line.len; i++) {
		out[i] = has_bit(b.digit, i) ? '0' : line.ptr[i];
		if (has_bit(b.id, i))
			out[i] = LINE_MASK_ID;
	}
}

/* ---- 32 bytes at a time ---- */

#if defined(__x86_64__)

#define AVX2 __attribute__((target("avx2,popcnt,bmi"))) static inline

AVX2 __m256i up_to(__m256i x, char first, char count)
{
	__m256i offset = _mm256_sub_epi8(x, _mm256_set1_epi8(first));
	return _mm256_cmpeq_epi8(_mm256_min_epu8(offset, _mm256_set1_epi8(count)), offset);
}

AVX2 uint64_t bits_of(__m256i low, __m256i high)
{
	return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high)
							     << 32;
}

AVX2 __m256i other_of(__m256i x, __m256i hex)
{
	__m256i letter = up_to(_mm256_or_si256(x, _mm256_set1_epi8(0x20)), 'a', 25);
	__m256i score = _mm256_cmpeq_epi8(x, _mm256_set1_epi8('_'));
	/* the top bit of a byte that is not ASCII says so by itself */
	return _mm256_andnot_si256(hex, _mm256_or_si256(_mm256_or_si256(letter, score), x));
}

/* Classifies and writes the block with its digits masked. */
AVX2 void first_pass(const char *from, uint64_t valid, struct line_bits *b, size_t i, char *out)
{
	__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)from);
	__m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(from + 32));
	__m256i low_digit = up_to(low, '0', 9), high_digit = up_to(high, '0', 9);
	__m256i low_hex = up_to(low, 'a', 5), high_hex = up_to(high, 'a', 5);
	__m256i dash = _mm256_set1_epi8('-'), zero = _mm256_set1_epi8('0');
	b->digit[i] = bits_of(low_digit, high_digit) & valid;
	b->hex[i] = bits_of(low_hex, high_hex) & valid;
	b->other[i] = bits_of(other_of(low, low_hex), other_of(high, high_hex)) & valid;
	b->dash[i] = bits_of(_mm256_cmpeq_epi8(low, dash), _mm256_cmpeq_epi8(high, dash)) & valid;
	b->id[i] = 0;
	note_runs(b, i);
	low = _mm256_blendv_epi8(low, zero, low_digit);
	high = _mm256_blendv_epi8(high, zero, high_digit);
	if (valid != UINT64_MAX) {
		low = _mm256_and_si256(low, lane_spread(valid));
		high = _mm256_and_si256(high, lane_spread(valid >> 32));
	}
	_mm256_storeu_si256((__m256i *)(void *)out, low);
	_mm256_storeu_si256((__m256i *)(void *)(out + 32), high);
}

__attribute__((target("avx2,popcnt,bmi"))) static void mask_avx2(struct str line, char *out)
{
	struct line_bits b;
	bits_start(&b, line.len);
	for (size_t i = 0; i < b.blocks; i++) {
		size_t left = line.len - i * BLOCK;
		uint64_t valid = left < BLOCK ? UINT64_MAX >> (BLOCK - left) : UINT64_MAX;
		first_pass(line.ptr + i * BLOCK, valid, &b, i, out + i * BLOCK);
	}
	if (!find_ids(&b))
		return;
	__m256i mark = _mm256_set1_epi8(LINE_MASK_ID);
	for (size_t i = 0; i < b.blocks; i++) {
		__m256i *at = (__m256i *)(void *)(out + i * BLOCK);
		for (size_t half = 0; half < 2; half++) {
			__m256i bytes = lane_spread(b.id[i] >> (32 * half));
			_mm256_storeu_si256(at + half,
				_mm256_blendv_epi8(_mm256_loadu_si256(at + half), mark, bytes));
		}
	}
}

#endif

void line_mask(struct str line, char *out)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")) {
		mask_avx2(line, out);
		return;
	}
#endif
	line_mask_portable(line, out);
}
