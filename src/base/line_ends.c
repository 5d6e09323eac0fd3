/* SPDX-License-Identifier: MIT */
#include "lineup/line_ends.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* A lane of eight bits counts to 255. */
#define LANE_MAX 255

/* What one SSE2 (or NEON) register holds: wider vectors fall apart into bytes without AVX2. */
typedef uint8_t lanes __attribute__((vector_size(16)));

static size_t lanes_sum(const lanes *v)
{
	size_t sum = 0;
	for (size_t i = 0; i < sizeof(*v); i++)
		sum += (*v)[i];
	return sum;
}

struct line_ends line_ends_count_portable(struct str s)
{
	size_t feeds = 0, returns = 0, at = 0;
	while (s.len - at >= sizeof(lanes)) {
		size_t blocks = size_min((s.len - at) / sizeof(lanes), LANE_MAX);
		lanes lf = { 0 };
		lanes cr = { 0 };
		for (size_t i = 0; i < blocks; i++) {
			lanes v;
			memcpy(&v, s.ptr + at + i * sizeof(v), sizeof(v));
			lf -= (lanes)(v == '\n');
			cr |= (lanes)(v == '\r');
		}
		feeds += lanes_sum(&lf);
		returns += lanes_sum(&cr);
		at += blocks * sizeof(lanes);
	}
	for (; at < s.len; at++) {
		feeds += s.ptr[at] == '\n';
		returns += s.ptr[at] == '\r';
	}
	return (struct line_ends){ feeds, returns > 0 };
}

#if defined(__x86_64__)

#define STEP_BYTES 64
#define HALF_BYTES 32

/* Ends among the bytes of `valid` of these 32. */
__attribute__((target("avx2,popcnt"))) static inline void count_half(
	const char *from, uint32_t valid, struct line_ends *ends)
{
	__m256i x = _mm256_loadu_si256((const __m256i *)(const void *)from);
	uint32_t lf = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(x, _mm256_set1_epi8('\n')));
	uint32_t cr = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(x, _mm256_set1_epi8('\r')));
	ends->feeds += (size_t)__builtin_popcount(lf & valid);
	ends->returns |= (cr & valid) != 0;
}

/* Less than a step, of a text of 32 bytes at least: the last bytes once more, without the others.
 */
__attribute__((target("avx2,popcnt"))) static inline void count_rest(
	struct str s, size_t at, struct line_ends *ends)
{
	if (s.len - at >= HALF_BYTES) {
		count_half(s.ptr + at, UINT32_MAX, ends);
		at += HALF_BYTES;
	}
	size_t left = s.len - at;
	if (left > 0)
		count_half(s.ptr + s.len - HALF_BYTES, UINT32_MAX << (HALF_BYTES - left), ends);
}

/* Two vectors a step, with a sum for each: one waits for its own last sum alone. */
__attribute__((target("avx2,popcnt"))) static struct line_ends count_avx2(struct str s)
{
	const __m256i lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r');
	const __m256i zero = _mm256_setzero_si256();
	__m256i total = zero, seen = zero;
	size_t at = 0;
	while (s.len - at >= STEP_BYTES) {
		size_t steps = size_min((s.len - at) / STEP_BYTES, LANE_MAX);
		__m256i even = zero, odd = zero;
		for (size_t i = 0; i < steps; i++, at += STEP_BYTES) {
			const __m256i *from = (const __m256i *)(const void *)(s.ptr + at);
			__m256i a = _mm256_loadu_si256(from), b = _mm256_loadu_si256(from + 1);
			even = _mm256_sub_epi8(even, _mm256_cmpeq_epi8(a, lf));
			odd = _mm256_sub_epi8(odd, _mm256_cmpeq_epi8(b, lf));
			seen = _mm256_or_si256(seen, _mm256_cmpeq_epi8(a, cr));
			seen = _mm256_or_si256(seen, _mm256_cmpeq_epi8(b, cr));
		}
		total = _mm256_add_epi64(total, _mm256_sad_epu8(even, zero));
		total = _mm256_add_epi64(total, _mm256_sad_epu8(odd, zero));
	}
	uint64_t sums[4];
	_mm256_storeu_si256((__m256i *)(void *)sums, total);
	struct line_ends ends = { sums[0] + sums[1] + sums[2] + sums[3],
		_mm256_testz_si256(seen, seen) == 0 };
	count_rest(s, at, &ends);
	return ends;
}

#endif

struct line_ends line_ends_count(struct str s)
{
#if defined(__x86_64__)
	if (s.len >= HALF_BYTES && __builtin_cpu_supports("avx2") &&
		__builtin_cpu_supports("popcnt"))
		return count_avx2(s);
#endif
	return line_ends_count_portable(s);
}
