/* SPDX-License-Identifier: MIT */
#include "lineup/line_mask.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define BLOCK	   64
#define BLOCKS_MAX (LINE_MASK_BYTES / BLOCK)
#define ID_BYTES   8
#define ID_LETTERS 2

/* A bit for each byte of the line, by its kind; one more word so that shifts may look ahead. */
struct line_bits {
	uint64_t digit[BLOCKS_MAX + 1];
	uint64_t hex[BLOCKS_MAX + 1];	/* a to f */
	uint64_t other[BLOCKS_MAX + 1]; /* other bytes of words */
	uint64_t dash[BLOCKS_MAX + 1];
	uint64_t id[BLOCKS_MAX + 1]; /* digits and letters of ids */
	size_t blocks;
};

/* ---- ids ---- */

static inline uint64_t ahead(const uint64_t *x, size_t i, unsigned by)
{
	return x[i] >> by | x[i + 1] << (64 - by);
}

static inline bool has_bit(const uint64_t *x, size_t at)
{
	return x[at / 64] >> (at % 64) & 1;
}

/* The place of the first zero at or behind `at`; there is one. */
static size_t first_zero(const uint64_t *x, size_t at)
{
	uint64_t zeros = ~x[at / 64] & (UINT64_MAX << (at % 64));
	size_t word = at / 64;
	while (zeros == 0)
		zeros = ~x[++word];
	return word * 64 + (size_t)__builtin_ctzll(zeros);
}

/* The bits of one word that lie in [from, to). */
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

/* Marks the run [from, to) of digits, letters and dashes if it is an id. */
static void mark_id(struct line_bits *b, size_t from, size_t to)
{
	int letters = 0, digits = 0;
	if ((from > 0 && has_bit(b->other, from - 1)) || has_bit(b->other, to))
		return;
	for (size_t w = from / 64; w <= (to - 1) / 64; w++) {
		letters += __builtin_popcountll(b->hex[w] & span_bits(w, from, to));
		digits += __builtin_popcountll(b->digit[w] & span_bits(w, from, to));
	}
	if (letters < ID_LETTERS || digits == 0)
		return;
	for (size_t w = from / 64; w <= (to - 1) / 64; w++)
		b->id[w] |= (b->hex[w] | b->digit[w]) & span_bits(w, from, to);
}

/* Runs of eight bytes and more, found by shifting the line over itself. Returns whether there are ids. */
static bool find_ids(struct line_bits *b)
{
	uint64_t run[BLOCKS_MAX + 1], pairs[BLOCKS_MAX + 1], fours[BLOCKS_MAX + 1];
	size_t n = b->blocks;
	uint64_t any = 0;
	for (size_t i = 0; i < n; i++)
		run[i] = b->digit[i] | b->hex[i] | b->dash[i];
	run[n] = pairs[n] = fours[n] = b->other[n] = 0;
	for (size_t i = 0; i < n; i++)
		pairs[i] = run[i] & ahead(run, i, 1);
	for (size_t i = 0; i < n; i++)
		fours[i] = pairs[i] & ahead(pairs, i, 2);
	size_t done = 0;
	for (size_t i = 0; i < n; i++) {
		uint64_t eights = fours[i] & ahead(fours, i, 4);
		if (done > i * 64)
			eights &= done < i * 64 + 64 ? UINT64_MAX << (done - i * 64) : 0;
		while (eights != 0) {
			size_t from = i * 64 + (size_t)__builtin_ctzll(eights);
			done = first_zero(run, from);
			mark_id(b, from, done);
			eights &= done < i * 64 + 64 ? UINT64_MAX << (done - i * 64) : 0;
		}
	}
	for (size_t i = 0; i < n; i++)
		any |= b->id[i];
	return any != 0;
}

/* ---- the hash: 64-bit lanes folded by 32x32 multiplication, as in XXH3 (Y. Collet) ---- */

static const uint64_t lane_keys[8] = { 0x9ae16a3b2f90404fULL, 0xc3a5c85c97cb3127ULL,
	0xb492b66fbe98f273ULL, 0x8648dbbc94d49b8dULL, 0xe220a8397b1dcdafULL, 0xa0761d6478bd642fULL,
	0xe7037ed1a0b428dbULL, 0x8ebc6af09c88c6e3ULL };

static inline uint64_t finish(const uint64_t lanes[8], size_t len)
{
	uint64_t hash = len * 0x9e3779b97f4a7c15ULL;
	for (int i = 0; i < 8; i++) {
		hash ^= lanes[i];
		hash *= 0xbf58476d1ce4e5b9ULL;
		hash ^= hash >> 29;
	}
	return hash;
}

static void fold_block(uint64_t lanes[8], const char *block)
{
	for (int i = 0; i < 8; i++) {
		uint64_t x;
		memcpy(&x, block + 8 * i, 8);
		uint64_t keyed = x ^ lane_keys[i];
		lanes[i] ^= lanes[i] >> 47;
		lanes[i] *= 0x9e3779b1U;
		lanes[i] += x + (keyed & 0xffffffffU) * (keyed >> 32);
	}
}

/* ---- byte by byte ---- */

static void classify(struct str line, struct line_bits *b)
{
	memset(b, 0, sizeof(*b));
	b->blocks = (line.len + BLOCK - 1) / BLOCK;
	for (size_t i = 0; i < line.len; i++) {
		uint8_t c = (uint8_t)line.ptr[i], letter = (uint8_t)((c | 0x20) - 'a');
		uint64_t bit = UINT64_C(1) << (i % 64);
		if ((uint8_t)(c - '0') <= 9)
			b->digit[i / 64] |= bit;
		else if ((uint8_t)(c - 'a') <= 'f' - 'a')
			b->hex[i / 64] |= bit;
		else if (letter <= 'z' - 'a' || c == '_')
			b->other[i / 64] |= bit;
		else if (c == '-')
			b->dash[i / 64] |= bit;
	}
}

uint64_t line_mask_portable(struct str line, char *out)
{
	struct line_bits b;
	uint64_t lanes[8] = { 0 };
	classify(line, &b);
	find_ids(&b);
	for (size_t i = 0; i < line.len; i++) {
		out[i] = has_bit(b.digit, i) ? '0' : line.ptr[i];
		if (has_bit(b.id, i))
			out[i] = LINE_MASK_ID;
	}
	for (size_t at = 0; at < line.len; at += BLOCK) {
		char block[BLOCK] = { 0 };
		memcpy(block, out + at, size_min(BLOCK, line.len - at));
		fold_block(lanes, block);
	}
	return finish(lanes, line.len);
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
	return _mm256_andnot_si256(hex, _mm256_or_si256(letter, score));
}

/* 32 bits to 32 bytes of ones or zeros. */
AVX2 __m256i spread(uint64_t bits)
{
	const __m256i which = _mm256_setr_epi64x(
		0x0000000000000000, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
	const __m256i select = _mm256_set1_epi64x((long long)0x8040201008040201ULL);
	__m256i bytes = _mm256_shuffle_epi8(_mm256_set1_epi32((int)(uint32_t)bits), which);
	return _mm256_cmpeq_epi8(_mm256_and_si256(bytes, select), select);
}

AVX2 __m256i fold(__m256i lanes, __m256i x, const uint64_t *keys)
{
	__m256i keyed =
		_mm256_xor_si256(x, _mm256_loadu_si256((const __m256i *)(const void *)keys));
	__m256i product = _mm256_mul_epu32(keyed, _mm256_srli_epi64(keyed, 32));
	lanes = _mm256_xor_si256(lanes, _mm256_srli_epi64(lanes, 47));
	__m256i prime = _mm256_set1_epi64x(0x9e3779b1);
	__m256i low = _mm256_mul_epu32(lanes, prime);
	__m256i high = _mm256_slli_epi64(_mm256_mul_epu32(_mm256_srli_epi64(lanes, 32), prime), 32);
	lanes = _mm256_add_epi64(low, high);
	return _mm256_add_epi64(lanes, _mm256_add_epi64(x, product));
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
	low = _mm256_blendv_epi8(low, zero, low_digit);
	high = _mm256_blendv_epi8(high, zero, high_digit);
	if (valid != UINT64_MAX) {
		low = _mm256_and_si256(low, spread(valid));
		high = _mm256_and_si256(high, spread(valid >> 32));
	}
	_mm256_storeu_si256((__m256i *)(void *)out, low);
	_mm256_storeu_si256((__m256i *)(void *)(out + 32), high);
}

__attribute__((target("avx2,popcnt,bmi"))) static uint64_t mask_avx2(struct str line, char *out)
{
	struct line_bits b;
	b.blocks = (line.len + BLOCK - 1) / BLOCK;
	for (size_t i = 0; i < b.blocks; i++) {
		size_t left = line.len - i * BLOCK;
		uint64_t valid = left < BLOCK ? UINT64_MAX >> (BLOCK - left) : UINT64_MAX;
		first_pass(line.ptr + i * BLOCK, valid, &b, i, out + i * BLOCK);
	}
	bool ids = find_ids(&b);
	__m256i low_lanes = _mm256_setzero_si256(), high_lanes = _mm256_setzero_si256();
	__m256i mark = _mm256_set1_epi8(LINE_MASK_ID);
	for (size_t i = 0; i < b.blocks; i++) {
		__m256i *at = (__m256i *)(void *)(out + i * BLOCK);
		__m256i low = _mm256_loadu_si256(at), high = _mm256_loadu_si256(at + 1);
		if (ids && b.id[i] != 0) {
			low = _mm256_blendv_epi8(low, mark, spread(b.id[i]));
			high = _mm256_blendv_epi8(high, mark, spread(b.id[i] >> 32));
			_mm256_storeu_si256(at, low);
			_mm256_storeu_si256(at + 1, high);
		}
		low_lanes = fold(low_lanes, low, lane_keys);
		high_lanes = fold(high_lanes, high, lane_keys + 4);
	}
	uint64_t lanes[8];
	_mm256_storeu_si256((__m256i *)(void *)lanes, low_lanes);
	_mm256_storeu_si256((__m256i *)(void *)(lanes + 4), high_lanes);
	return finish(lanes, line.len);
}

#endif

uint64_t line_mask(struct str line, char *out)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") &&
		__builtin_cpu_supports("bmi"))
		return mask_avx2(line, out);
#endif
	return line_mask_portable(line, out);
}
