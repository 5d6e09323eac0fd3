/* SPDX-License-Identifier: MIT */
/*
 * What must stand beside the text by which a pattern is known (pattern_key.h), and is cheap to ask
 * for: most lines that hold the text alone are told so, before PCRE2 is asked. Pure; any thread.
 */
#ifndef LINEUP_PATTERN_BESIDE_H
#define LINEUP_PATTERN_BESIDE_H

#include "lineup/pattern_tree.h"
#include "lineup/text_model.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/*
 * What stands behind a text wherever it is found in a match: of each place, the least and the
 * greatest byte that may be there. Told by a look at the chunk, before the line is sought and PCRE2
 * asked.
 */
#define FOLLOW_MAX 16
struct follow {
	uint8_t count;
	uint8_t low[FOLLOW_MAX];
	uint8_t high[FOLLOW_MAX];
};

/* Near the end of the chunk, and where there are no vectors. */
static inline bool follow_holds_bytes(const struct follow *f, struct str chunk, size_t at)
{
	if (f->count > chunk.len - at)
		return false;
	for (size_t i = 0; i < f->count; i++) {
		uint8_t byte = (uint8_t)chunk.ptr[at + i];
		if (byte < f->low[i] || byte > f->high[i])
			return false;
	}
	return true;
}

/* Does the text that ends at `at` go on as it should? All places at once: the loop ends now here
 * and now there, and each time it was taken for the other. */
static inline bool follow_holds(const struct follow *f, struct str chunk, size_t at)
{
#if defined(__SSE2__)
	if (likely(chunk.len - at >= FOLLOW_MAX)) {
		const __m128i *low = (const __m128i *)(const void *)f->low;
		const __m128i *high = (const __m128i *)(const void *)f->high;
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(chunk.ptr + at));
		__m128i inside = _mm_cmpeq_epi8(x,
			_mm_min_epu8(_mm_max_epu8(x, _mm_loadu_si128(low)), _mm_loadu_si128(high)));
		uint32_t outside = ~(uint32_t)_mm_movemask_epi8(inside);
		return (outside & ((UINT32_C(1) << f->count) - 1)) == 0;
	}
#endif
	return follow_holds_bytes(f, chunk, at);
}

/* Of a key of the tree, when both are sequences and the key is part of it as it stands; else
 * nothing. */
void tree_follow(const struct node *tree, const struct node *key, struct follow *);

/*
 * A text that each line must hold besides the key; the rarest, or what fits of its end. Asked for
 * before PCRE2 is.
 */
#define NEEDLE_MAX 15
struct needle {
	uint8_t len; /* 0: there is none */
	char text[NEEDLE_MAX];
};

/* Of a tree whose key is looked for. */
void tree_needle(const struct node *tree, const struct node *key, const struct text_model *,
	struct needle *);

/*
 * The run of bytes with the most digits in every match of a sequence; nothing when none has a
 * digit. Of lines of one masked form (line_mask.h) it tells apart, and other texts do not.
 */
void tree_digits(const struct node *tree, struct needle *);

#endif
