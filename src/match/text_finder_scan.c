/* SPDX-License-Identifier: MIT */
/* Runs finders over chunks. */
#include "src/match/text_finder_parts.h"

/* Blocks that are gathered at a time. */
#define GATHERED 1024

static inline uint64_t bit_of(const uint64_t *bits, unsigned bits_log2, uint64_t hash)
{
	uint64_t bit = hash >> (64 - bits_log2);
	return bits[bit >> 6] >> (bit & 63) & 1;
}

static bool is_caseless_text(const char *small, const char *from, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = from[i];
		if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != small[i])
			return false;
	}
	return true;
}

/* The end of the text if it is the one that has this block here; 0: it is not. */
static size_t end_of_text(
	const struct text_finder *f, struct str chunk, size_t at, const struct finder_block *b)
{
	const struct stored_text *t = &f->texts[b->text];
	if (at < b->before || t->len > chunk.len - (at - b->before))
		return 0;
	const char *from = chunk.ptr + (at - b->before), *text = f->bytes + t->at;
	bool same = t->caseless ? is_caseless_text(text, from, t->len)
				: memcmp(text, from, t->len) == 0;
	return same ? at - b->before + t->len : 0;
}

/* All texts with the block at `at`. */
static int look(const struct text_finder *f, struct str chunk, size_t at, pattern_found_fn *found,
	void *context)
{
	uint64_t bucket = hash_of(word_of(chunk, at)) >> (64 - f->head->buckets_log2);
	const struct finder_block *b = &f->blocks[f->buckets[bucket]];
	const struct finder_block *end = &f->blocks[f->buckets[bucket + 1]];
	for (; b < end; b++) {
		if (unlikely(at < b->back))
			continue;
		uint64_t word = word_of(chunk, at - b->back) | FOLD;
		if (word << b->short_bits != b->word)
			continue;
		size_t to = end_of_text(f, chunk, at, b);
		int stop = to == 0 ? 0 : found(f->texts[b->text].id, 0, to, 0, context);
		if (stop != 0)
			return stop;
	}
	return 0;
}

/* The blocks from `at` to `end` that some text has; two are in each word. */
__attribute__((always_inline)) static inline size_t gather(
	const struct text_finder *f, const char *chunk, size_t at, size_t end, uint32_t *gathered)
{
	const uint64_t *bits = f->bits;
	const unsigned bits_log2 = f->head->bits_log2;
	size_t count = 0;
	for (; at < end; at += 2 * (size_t)STEP) {
		uint64_t word = word_at(chunk + at);
		gathered[count] = (uint32_t)at;
		count += bit_of(bits, bits_log2, hash_of(word));
		gathered[count] = (uint32_t)at + STEP;
		count += bit_of(bits, bits_log2, hash_of(word >> (8 * STEP)));
	}
	return count;
}

typedef size_t gather_fn(const struct text_finder *, const char *, size_t, size_t, uint32_t *);

static size_t gather_portable(
	const struct text_finder *f, const char *chunk, size_t at, size_t end, uint32_t *gathered)
{
	return gather(f, chunk, at, end, gathered);
}

/* A shift by a number that is not known before is one step there. */
#if defined(__x86_64__)
__attribute__((target("bmi2"))) static size_t gather_bmi2(
	const struct text_finder *f, const char *chunk, size_t at, size_t end, uint32_t *gathered)
{
	return gather(f, chunk, at, end, gathered);
}
#endif

static void scan(const struct text_finder *f, struct str chunk, pattern_found_fn *found,
	void *context, gather_fn *gather_blocks)
{
	uint32_t gathered[GATHERED + 1];
	size_t at = 0;
	while (at + WORD_BYTES <= chunk.len) {
		size_t end = size_min(at + (size_t)GATHERED * STEP, chunk.len - WORD_BYTES + 1);
		size_t count = gather_blocks(f, chunk.ptr, at, end, gathered);
		for (size_t i = 0; i < count; i++)
			if (look(f, chunk, gathered[i], found, context) != 0)
				return;
		at += (end - at + 2 * STEP - 1) / (2 * STEP) * (2 * STEP);
	}
	for (; at + BLOCK_BYTES <= chunk.len; at += STEP)
		if (look(f, chunk, at, found, context) != 0)
			return;
}

static void scan_portable(
	const struct text_finder *f, struct str chunk, pattern_found_fn *found, void *context)
{
	scan(f, chunk, found, context, gather_portable);
}

#if defined(__x86_64__)
static void scan_bmi2(
	const struct text_finder *f, struct str chunk, pattern_found_fn *found, void *context)
{
	scan(f, chunk, found, context, gather_bmi2);
}
#endif

size_t text_finder_ways(finder_scan_fn *ways[FINDER_WAYS])
{
	size_t count = 0;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("bmi2"))
		ways[count++] = scan_bmi2;
#endif
	ways[count++] = scan_portable;
	return count;
}

void text_finder_scan(
	const struct text_finder *f, struct str chunk, pattern_found_fn *found, void *context)
{
	finder_scan_fn *ways[FINDER_WAYS];
	text_finder_ways(ways);
	ways[0](f, chunk, found, context);
}
