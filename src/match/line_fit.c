/* SPDX-License-Identifier: MIT */
/*
 * A line has a form when its bytes are those of the form, but that digits stand where the form has
 * '0', and digits or letters a to f where it has bytes of ids; and if each of these runs still is
 * an id. That is all: what is an id hangs on where there are letters, digits and dashes, on nothing
 * else of a digit or a letter, and everywhere else they stand as they stood.
 */
#include "lineup/line_fit.h"

#include "lineup/byte_masks.h"
#include "lineup/lane_hash.h"

#define BLOCK	   LINE_FIT_BLOCK
#define BLOCKS_MAX (LINE_MASK_BYTES / BLOCK)
#define HASH_STEP  0x9e3779b97f4a7c15ULL

void line_fit_init(struct line_fit *f, const char *masked, size_t len)
{
	*f = (struct line_fit){ .masked = masked, .len = (uint32_t)len };
	const char *id, *rest = masked, *end = masked + len;
	while (rest < end && (id = memchr(rest, LINE_MASK_ID, (size_t)(end - rest))) != NULL) {
		const char *from = id;
		while (from > rest && from[-1] == '-')
			from--;
		for (rest = id; rest < end && (*rest == '-' || *rest == LINE_MASK_ID);)
			rest++;
		if (f->id_count < LINE_FIT_IDS) {
			f->ids[f->id_count].from = (uint16_t)(from - masked);
			f->ids[f->id_count].to = (uint16_t)(rest - masked);
		}
		f->id_count++;
	}
}

/*
 * Bytes of a block that may be masked: digits, and letters a to f but for those that stand alone
 * among other bytes, as most in words do. What stands beyond the block may be anything, so that
 * each block is looked at alone.
 */
static inline uint64_t maskable_bits(uint64_t digits, uint64_t letters, uint64_t dashes)
{
	const uint64_t edges = UINT64_C(1) << 63 | 1;
	uint64_t run = digits | letters | dashes;
	return digits | (letters & (run << 1 | run >> 1 | edges));
}

/* Sums of products, each lane of each block under a number of its own, so that no block waits for
 * the one before. */
static void add_block(uint64_t sums[8], const char *block, size_t i)
{
	for (size_t lane = 0; lane < 8; lane++) {
		uint64_t x;
		memcpy(&x, block + 8 * lane, 8);
		uint64_t keyed = x ^ (lane_keys[lane] + i * HASH_STEP);
		sums[lane] += x + (keyed & 0xffffffffU) * (keyed >> 32);
	}
}

static uint64_t finish_sums(const uint64_t sums[8], size_t len)
{
	uint64_t hash = len * HASH_STEP;
	for (size_t lane = 0; lane < 8; lane++) {
		uint64_t keyed = sums[lane] ^ ~lane_keys[lane];
		hash += keyed + (keyed & 0xffffffffU) * (keyed >> 32);
	}
	return hash;
}

static uint64_t maskable_bytes(const char *block)
{
	uint64_t digits = 0, letters = 0, dashes = 0;
	for (size_t i = 0; i < BLOCK; i++) {
		uint64_t bit = UINT64_C(1) << i;
		digits |= is_digit(block[i]) ? bit : 0;
		letters |= (uint8_t)(block[i] - 'a') <= 'f' - 'a' ? bit : 0;
		dashes |= block[i] == '-' ? bit : 0;
	}
	return maskable_bits(digits, letters, dashes);
}

static uint64_t key_portable(struct str line)
{
	uint64_t sums[8] = { 0 };
	for (size_t at = 0; at < line.len; at += BLOCK) {
		char block[BLOCK] = { 0 };
		memcpy(block, line.ptr + at, size_min(BLOCK, line.len - at));
		uint64_t maskable = maskable_bytes(block);
		for (size_t i = 0; i < BLOCK; i++)
			block[i] = maskable >> i & 1 ? '\0' : block[i];
		add_block(sums, block, at / BLOCK);
	}
	return finish_sums(sums, line.len);
}

static bool fits_portable(const struct line_fit *f, struct str line)
{
	char masked[LINE_MASK_BYTES + LINE_MASK_PADDING];
	line_mask(line, masked);
	return memcmp(masked, f->masked, line.len) == 0;
}

#if defined(__x86_64__)

/* The bytes of block i that are of the line. */
static inline uint64_t valid_bits(size_t len, size_t i)
{
	size_t left = len - i * BLOCK;
	return left < BLOCK ? UINT64_MAX >> (BLOCK - left) : UINT64_MAX;
}

/* Where digits and letters a to f of ids are in the line. */
struct id_bits {
	uint64_t digits[BLOCKS_MAX];
	uint64_t letters[BLOCKS_MAX];
};

/* Are there as many letters and digits in each run as an id has? */
__attribute__((always_inline)) static inline bool are_ids(
	const struct line_fit *f, const struct id_bits *b)
{
	for (uint32_t i = 0; i < f->id_count; i++) {
		size_t from = f->ids[i].from, to = f->ids[i].to;
		uint64_t digits = 0;
		int letters = 0;
		for (size_t w = from / 64; w <= (to - 1) / 64; w++) {
			uint64_t span = span_bits(w, from, to);
			digits |= b->digits[w] & span;
			letters += __builtin_popcountll(b->letters[w] & span);
		}
		if (digits == 0 || letters < LINE_MASK_ID_LETTERS)
			return false;
	}
	return true;
}

/* ---- 32 bytes at a time ---- */

#define AVX2 __attribute__((target("avx2,popcnt,bmi"))) static

AVX2 inline __m256i up_to(__m256i x, char first, char count)
{
	__m256i offset = _mm256_sub_epi8(x, _mm256_set1_epi8(first));
	return _mm256_cmpeq_epi8(_mm256_min_epu8(offset, _mm256_set1_epi8(count)), offset);
}

/* Half of block i of the line, zeros behind its end. */
AVX2 inline __m256i load_half(struct str line, size_t i, size_t half)
{
	const char *from = line.ptr + i * BLOCK + half * 32;
	__m256i x = _mm256_loadu_si256((const __m256i *)(const void *)from);
	uint64_t valid = valid_bits(line.len, i);
	return valid == UINT64_MAX ? x : _mm256_and_si256(x, lane_spread(valid >> (32 * half)));
}

AVX2 inline uint64_t bits_of(__m256i low, __m256i high)
{
	return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high)
							     << 32;
}

/* What four lanes of block i add to their sums. */
AVX2 inline __m256i half_sums(__m256i x, size_t i, size_t half)
{
	const __m256i *keys = (const __m256i *)(const void *)lane_keys;
	__m256i key = _mm256_add_epi64(
		_mm256_loadu_si256(keys + half), _mm256_set1_epi64x((long long)(i * HASH_STEP)));
	__m256i keyed = _mm256_xor_si256(x, key);
	__m256i product = _mm256_mul_epu32(keyed, _mm256_srli_epi64(keyed, 32));
	return _mm256_add_epi64(x, product);
}

AVX2 uint64_t key_avx2(struct str line)
{
	const __m256i dash = _mm256_set1_epi8('-');
	__m256i sums[2] = { _mm256_setzero_si256(), _mm256_setzero_si256() };
	for (size_t at = 0, i = 0; at < line.len; at += BLOCK, i++) {
		__m256i x[2] = { load_half(line, i, 0), load_half(line, i, 1) };
		uint64_t maskable = maskable_bits(bits_of(up_to(x[0], '0', 9), up_to(x[1], '0', 9)),
			bits_of(up_to(x[0], 'a', 5), up_to(x[1], 'a', 5)),
			bits_of(_mm256_cmpeq_epi8(x[0], dash), _mm256_cmpeq_epi8(x[1], dash)));
		for (size_t half = 0; half < 2; half++) {
			__m256i spread = lane_spread(maskable >> (32 * half));
			__m256i kept = _mm256_andnot_si256(spread, x[half]);
			sums[half] = _mm256_add_epi64(sums[half], half_sums(kept, i, half));
		}
	}
	uint64_t all[8];
	_mm256_storeu_si256((__m256i *)(void *)all, sums[0]);
	_mm256_storeu_si256((__m256i *)(void *)(all + 4), sums[1]);
	return finish_sums(all, line.len);
}

AVX2 bool fits_avx2(const struct line_fit *f, struct str line)
{
	struct id_bits b;
	const __m256i id = _mm256_set1_epi8(LINE_MASK_ID), zero = _mm256_set1_epi8('0');
	for (size_t at = 0, i = 0; at < line.len; at += BLOCK, i++) {
		__m256i digit[2], hex[2], wrong[2];
		for (size_t half = 0; half < 2; half++) {
			const char *from = f->masked + at + half * 32;
			__m256i form = _mm256_loadu_si256((const __m256i *)(const void *)from);
			__m256i x = load_half(line, i, half);
			digit[half] = up_to(x, '0', 9);
			hex[half] = up_to(x, 'a', 5);
			__m256i masked = _mm256_blendv_epi8(x, zero, digit[half]);
			/* bytes of ids may be any of these */
			__m256i of_id = _mm256_and_si256(_mm256_cmpeq_epi8(form, id),
				_mm256_or_si256(digit[half], hex[half]));
			wrong[half] = _mm256_andnot_si256(of_id, _mm256_xor_si256(masked, form));
		}
		__m256i all = _mm256_or_si256(wrong[0], wrong[1]);
		if (_mm256_testz_si256(all, all) == 0)
			return false;
		b.digits[i] = bits_of(digit[0], digit[1]);
		b.letters[i] = bits_of(hex[0], hex[1]);
	}
	return are_ids(f, &b);
}

/* ---- 64 bytes at a time, where comparing gives bits without a detour ---- */

#define AVX512 __attribute__((target("avx512bw,avx512vl,popcnt,bmi"))) static

AVX512 inline uint64_t range_bits(__m512i x, char first, char count)
{
	return _mm512_cmple_epu8_mask(
		_mm512_sub_epi8(x, _mm512_set1_epi8(first)), _mm512_set1_epi8(count));
}

AVX512 inline __m512i load_block(struct str line, size_t i)
{
	return _mm512_maskz_loadu_epi8(valid_bits(line.len, i), line.ptr + i * BLOCK);
}

/* Not by _mm512_reduce_add_epi64, which adds signed numbers: these are meant to overflow. */
AVX512 inline uint64_t sum_of_lanes(__m512i v)
{
	__m256i four = _mm256_add_epi64(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
	__m128i two =
		_mm_add_epi64(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
	return (uint64_t)_mm_cvtsi128_si64(two) + (uint64_t)_mm_extract_epi64(two, 1);
}

AVX512 uint64_t key_avx512(struct str line)
{
	__m512i sums = _mm512_setzero_si512(), keys = _mm512_loadu_si512(lane_keys);
	__m512i key = keys;
	for (size_t at = 0, i = 0; at < line.len; at += BLOCK, i++) {
		__m512i x = load_block(line, i);
		uint64_t maskable = maskable_bits(range_bits(x, '0', 9), range_bits(x, 'a', 5),
			_mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('-')));
		x = _mm512_maskz_mov_epi8(~maskable, x);
		__m512i keyed = _mm512_xor_si512(x, key);
		__m512i product = _mm512_mul_epu32(keyed, _mm512_srli_epi64(keyed, 32));
		sums = _mm512_add_epi64(sums, _mm512_add_epi64(x, product));
		key = _mm512_add_epi64(key, _mm512_set1_epi64((long long)HASH_STEP));
	}
	__m512i keyed = _mm512_xor_si512(sums, _mm512_xor_si512(keys, _mm512_set1_epi64(-1)));
	__m512i product = _mm512_mul_epu32(keyed, _mm512_srli_epi64(keyed, 32));
	return line.len * HASH_STEP + sum_of_lanes(_mm512_add_epi64(keyed, product));
}

AVX512 bool fits_avx512(const struct line_fit *f, struct str line)
{
	struct id_bits b;
	const __m512i zero = _mm512_set1_epi8('0'), id = _mm512_set1_epi8(LINE_MASK_ID);
	for (size_t at = 0, i = 0; at < line.len; at += BLOCK, i++) {
		__m512i x = load_block(line, i), form = _mm512_loadu_si512(f->masked + at);
		uint64_t digits = range_bits(x, '0', 9);
		uint64_t other =
			_mm512_cmpneq_epi8_mask(_mm512_mask_blend_epi8(digits, x, zero), form);
		if (f->id_count == 0) {
			if (other != 0)
				return false;
			continue;
		}
		b.digits[i] = digits;
		b.letters[i] = range_bits(x, 'a', 5);
		/* bytes of ids may be any of these */
		uint64_t of_id = _mm512_cmpeq_epi8_mask(form, id) & (digits | b.letters[i]);
		if ((other & ~of_id) != 0)
			return false;
	}
	return are_ids(f, &b);
}

#endif

#if defined(__x86_64__)

static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
}

#endif

uint64_t line_fit_key(struct str line)
{
#if defined(__x86_64__)
	if (has_avx512())
		return key_avx512(line);
	if (has_avx2())
		return key_avx2(line);
#endif
	return key_portable(line);
}

bool line_fits(const struct line_fit *f, struct str line)
{
	if (f->len != line.len)
		return false;
#if defined(__x86_64__)
	if (f->id_count > LINE_FIT_IDS)
		return fits_portable(f, line);
	if (has_avx512())
		return fits_avx512(f, line);
	if (has_avx2())
		return fits_avx2(f, line);
#endif
	return fits_portable(f, line);
}

size_t line_fit_ways(struct line_fit_way ways[LINE_FIT_WAYS])
{
	size_t count = 0;
#if defined(__x86_64__)
	if (has_avx512())
		ways[count++] = (struct line_fit_way){ key_avx512, fits_avx512 };
	if (has_avx2())
		ways[count++] = (struct line_fit_way){ key_avx2, fits_avx2 };
#endif
	ways[count++] = (struct line_fit_way){ key_portable, fits_portable };
	return count;
}
