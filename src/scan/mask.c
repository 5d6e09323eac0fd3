/* SPDX-License-Identifier: MIT */
#include "lineup/mask.h"

#include "lineup/clock.h"
#include "lineup/lane_hash.h"
#include "lineup/zone.h"

/* Classes of bytes; a word is a run of bytes that are letters, digits, '_' or not ASCII. */
enum {
	CLASS_WORD = 1,
	CLASS_DIGIT = 2,
	CLASS_HEX = 4,
};

static inline uint8_t byte_class(char byte)
{
	uint8_t c = (uint8_t)byte;
	uint8_t letter = (uint8_t)((c | 0x20) - 'a');
	if ((uint8_t)(c - '0') <= 9)
		return CLASS_WORD | CLASS_DIGIT | CLASS_HEX;
	if (letter <= 'f' - 'a')
		return CLASS_WORD | CLASS_HEX;
	return letter <= 'z' - 'a' || c == '_' || c >= 0x80 ? CLASS_WORD : 0;
}

/* Words of this many hex letters are ids, not English: the longest common hex words are shorter. */
#define HEX_WORD_BYTES 8

struct word {
	size_t start;
	size_t end;
	bool variable;
};

static bool next_word(struct str s, size_t at, struct word *w)
{
	while (at < s.len && byte_class(s.ptr[at]) == 0)
		at++;
	if (at >= s.len)
		return false;
	w->start = at;
	uint8_t any = 0, all = CLASS_HEX;
	for (; at < s.len && byte_class(s.ptr[at]) != 0; at++) {
		any |= byte_class(s.ptr[at]);
		all &= byte_class(s.ptr[at]);
	}
	w->end = at;
	w->variable = (any & CLASS_DIGIT) != 0 ||
		      ((all & CLASS_HEX) != 0 && w->end - w->start >= HEX_WORD_BYTES);
	return true;
}

/* ---- dates in words ---- */

/* What parts a date: "Sun, 29 Jan", "29/Jan/2023", "29-JAN-23". */
static bool parts_date(struct str between)
{
	return str_equal(between, STR(" ")) || str_equal(between, STR(", ")) ||
	       str_equal(between, STR("  ")) || str_equal(between, STR("-")) ||
	       str_equal(between, STR("/"));
}

/* Behind a time: its half of the day, or its zone, which has another name in summer. */
static bool ends_time(struct str word)
{
	int32_t offset_seconds;
	return str_equal_nocase(word, STR("AM")) || str_equal_nocase(word, STR("PM")) ||
	       zone_name_offset(NULL, word, &offset_seconds);
}

/*
 * A date inside of a message ("date: Sun, 29 Jan 2023 10:04:34 GMT") has names that are as variable
 * as its numbers: were they left standing, every line with one would be new at midnight, at noon,
 * with the month and when the clocks change. They are taken for such beside a number only.
 */
static bool is_of_date(struct str s, const struct word *w, size_t copied, bool in_hole)
{
	struct str word = str_of(s.ptr + w->start, w->end - w->start);
	struct str before = str_of(s.ptr + copied, w->start - copied);
	if (in_hole && str_equal(before, STR(" ")) && ends_time(word))
		return true;
	if (!clock_names_date(word))
		return false;
	if (in_hole && parts_date(before))
		return true;
	struct word last = *w, next;
	while (next_word(s, last.end, &next) &&
		parts_date(str_of(s.ptr + last.end, next.start - last.end))) {
		if (next.variable)
			return true;
		if (!clock_names_date(str_of(s.ptr + next.start, next.end - next.start)))
			return false;
		last = next;
	}
	return false;
}

/*
 * Copies what is constant, puts one hole for each run of variable words with nothing but
 * punctuation between them. A part of a UUID can be all letters ("-cafe-"): a hex word that hangs
 * on a variable one by '-' is variable as well.
 */
void mask_text(struct str message, struct buf *out)
{
	struct str s = str_head(message, MASK_BYTES);
	struct word w;
	size_t copied = 0; /* all before this is in the output or stands for a hole */
	bool in_hole = false;
	for (size_t at = 0; next_word(s, at, &w); at = w.end) {
		if (!w.variable && in_hole && w.start == copied + 1 && s.ptr[copied] == '-') {
			bool hex = true;
			for (size_t i = w.start; i < w.end; i++)
				hex = hex && (byte_class(s.ptr[i]) & CLASS_HEX) != 0;
			w.variable = hex;
		}
		w.variable = w.variable || is_of_date(s, &w, copied, in_hole);
		if (!w.variable) {
			if (!buf_append(out, str_of(s.ptr + copied, w.end - copied)))
				return;
			in_hole = false;
		} else if (!in_hole) {
			if (!buf_append(out, str_of(s.ptr + copied, w.start - copied)) ||
				!buf_append(out, STR(MASK_HOLE)))
				return;
			in_hole = true;
		}
		copied = w.end;
	}
	buf_append(out, str_of(s.ptr + copied, s.len - copied));
}

/*
 * The key: the line in blocks of 64 bytes, the words with a digit overwritten by zeros in place,
 * then hashed. Lengths and places stay in it, so one template has as many keys as its numbers have
 * widths, which is few. Words of hex letters alone are left standing. A word that starts in one
 * block and has its first digit in the next keeps its head: more keys, never a wrong one.
 *
 * Per block: bit masks of the word bytes W and digits D. Adding D to W carries from the first digit
 * of a word through its end, which marks all of the word from there on in three operations; the
 * part before the digit is filled by doubling steps, as chess programs flood a rank.
 *
 * The hash is that of lane_hash.h.
 */
#define BLOCK LANE_BLOCK

static inline uint64_t fill_words(uint64_t words, uint64_t digits, bool *carry)
{
	uint64_t from_before = *carry ? words & 1 : 0;
	uint64_t seeds = digits | from_before;
	uint64_t sum;
	*carry = __builtin_add_overflow(words, seeds, &sum);
	uint64_t filled = words & (~sum | seeds);
	uint64_t open = words;
	for (unsigned step = 1; step < BLOCK; step *= 2) {
		filled |= open & (filled >> step);
		open &= open >> step;
	}
	return filled;
}

static uint64_t key_portable(struct str s)
{
	uint64_t lanes[8] = { 0 };
	bool carry = false;
	for (size_t at = 0; at < s.len; at += BLOCK) {
		uint8_t block[BLOCK] = { 0 };
		size_t len = size_min(BLOCK, s.len - at);
		memcpy(block, s.ptr + at, len);
		uint64_t words = 0, digits = 0;
		for (size_t i = 0; i < len; i++) {
			words |= (uint64_t)((byte_class((char)block[i]) & CLASS_WORD) != 0) << i;
			digits |= (uint64_t)((byte_class((char)block[i]) & CLASS_DIGIT) != 0) << i;
		}
		uint64_t variable = fill_words(words, digits, &carry);
		for (size_t i = 0; i < len; i++) {
			if (variable >> i & 1)
				block[i] = 0;
		}
		lane_fold(lanes, block);
	}
	return lane_finish(lanes, s.len);
}

#if defined(__x86_64__)

struct masks {
	uint64_t words;
	uint64_t digits;
};

__attribute__((target("avx2"))) static inline uint64_t word_bits(__m256i x, uint32_t *digits)
{
	__m256i offset = _mm256_sub_epi8(x, _mm256_set1_epi8('0'));
	__m256i digit = _mm256_cmpeq_epi8(_mm256_min_epu8(offset, _mm256_set1_epi8(9)), offset);
	__m256i folded =
		_mm256_sub_epi8(_mm256_or_si256(x, _mm256_set1_epi8(0x20)), _mm256_set1_epi8('a'));
	__m256i letter = _mm256_cmpeq_epi8(_mm256_min_epu8(folded, _mm256_set1_epi8(25)), folded);
	__m256i score = _mm256_cmpeq_epi8(x, _mm256_set1_epi8('_'));
	/* the top bit of a byte that is not ASCII is a word bit by itself */
	__m256i word = _mm256_or_si256(_mm256_or_si256(digit, letter), _mm256_or_si256(score, x));
	*digits = (uint32_t)_mm256_movemask_epi8(digit);
	return (uint32_t)_mm256_movemask_epi8(word);
}

__attribute__((target("avx2"))) static uint64_t key_avx2(struct str s)
{
	__m256i low_lanes = _mm256_setzero_si256(), high_lanes = _mm256_setzero_si256();
	bool carry = false;
	for (size_t at = 0; at < s.len; at += BLOCK) {
		uint8_t tail[BLOCK] = { 0 };
		const void *block = s.ptr + at;
		if (s.len - at < BLOCK) {
			memcpy(tail, s.ptr + at, s.len - at);
			block = tail;
		}
		__m256i low = _mm256_loadu_si256((const __m256i *)block);
		__m256i high = _mm256_loadu_si256((const __m256i *)block + 1);
		uint32_t low_digits, high_digits;
		uint64_t words = word_bits(low, &low_digits);
		words |= word_bits(high, &high_digits) << 32;
		uint64_t digits = low_digits | (uint64_t)high_digits << 32;
		uint64_t variable = fill_words(words, digits, &carry);
		low = _mm256_andnot_si256(lane_spread(variable), low);
		high = _mm256_andnot_si256(lane_spread(variable >> 32), high);
		low_lanes = lane_fold_avx2(low_lanes, low, lane_keys);
		high_lanes = lane_fold_avx2(high_lanes, high, lane_keys + 4);
	}
	return lane_finish_avx2(low_lanes, high_lanes, s.len);
}

#endif

uint64_t mask_key(struct str message)
{
	struct str s = str_head(message, MASK_BYTES);
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2"))
		return key_avx2(s);
#endif
	return key_portable(s);
}
