/* SPDX-License-Identifier: MIT */
/*
 * A fast hash of blocks of 64 bytes, for keys of caches within a run: 64-bit lanes folded by 32x32
 * multiplication, each lane under its own constant, with a multiplicative mix between blocks, as in
 * XXH3 (Y. Collet). The last block is filled up with zeros; the length goes in at the end. The
 * constants are drawn anew in every run, so that no two lines can be made that share a key. Pure
 * within a run; any thread.
 */
#ifndef LINEUP_LANE_HASH_H
#define LINEUP_LANE_HASH_H

#include <string.h>

#include "lineup/seed.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define LANE_BLOCK 64

#define lane_keys (seed_words + SEED_LANES)

/* Products side by side, since one after the other they take longer than all the rest. */
static inline uint64_t lane_finish(const uint64_t lanes[8], size_t len)
{
	uint64_t hash = len * 0x9e3779b97f4a7c15ULL;
	for (int i = 0; i < 8; i++) {
		uint64_t x = lanes[i] ^ (lanes[i] >> 32);
		hash += x * (lane_keys[i] | 1);
	}
	hash ^= hash >> 29;
	hash *= 0xbf58476d1ce4e5b9ULL;
	return hash ^ (hash >> 32);
}

static inline void lane_fold(uint64_t lanes[8], const void *block)
{
	for (int i = 0; i < 8; i++) {
		uint64_t x;
		memcpy(&x, (const char *)block + 8 * i, 8);
		uint64_t keyed = x ^ lane_keys[i];
		lanes[i] ^= lanes[i] >> 47;
		lanes[i] *= 0x9e3779b1U;
		lanes[i] += x + (keyed & 0xffffffffU) * (keyed >> 32);
	}
}

#if defined(__x86_64__)

/* The same for four lanes, under lane_keys (low) or lane_keys + 4 (high). */
__attribute__((target("avx2"))) static inline __m256i lane_fold_avx2(
	__m256i lanes, __m256i x, const uint64_t *keys)
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

__attribute__((target("avx2"))) static inline uint64_t lane_finish_avx2(
	__m256i low, __m256i high, size_t len)
{
	uint64_t lanes[8];
	_mm256_storeu_si256((__m256i *)(void *)lanes, low);
	_mm256_storeu_si256((__m256i *)(void *)(lanes + 4), high);
	return lane_finish(lanes, len);
}

/* 32 bits to 32 bytes of ones or zeros. */
__attribute__((target("avx2"))) static inline __m256i lane_spread(uint64_t bits)
{
	const __m256i which = _mm256_setr_epi64x(
		0x0000000000000000, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
	const __m256i select = _mm256_set1_epi64x((long long)0x8040201008040201ULL);
	__m256i bytes = _mm256_shuffle_epi8(_mm256_set1_epi32((int)(uint32_t)bits), which);
	return _mm256_cmpeq_epi8(_mm256_and_si256(bytes, select), select);
}

#endif

#endif
