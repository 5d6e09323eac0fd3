/* SPDX-License-Identifier: MIT */
#include "lineup/line_holds.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>

#define LANES 16

/*
 * At 16 places at once: is the first byte of the text there, and the last one where it would be?
 * Both together are rare enough for a comparison. The last places are looked at twice rather than
 * one by one. memmem makes a table first, which costs as much as ten lines.
 */
static bool holds_from(struct str line, struct str text, size_t at)
{
	__m128i first = _mm_loadu_si128((const __m128i *)(const void *)(line.ptr + at));
	__m128i last =
		_mm_loadu_si128((const __m128i *)(const void *)(line.ptr + at + text.len - 1));
	__m128i both = _mm_and_si128(_mm_cmpeq_epi8(first, _mm_set1_epi8(text.ptr[0])),
		_mm_cmpeq_epi8(last, _mm_set1_epi8(text.ptr[text.len - 1])));
	for (unsigned bits = (unsigned)_mm_movemask_epi8(both); bits != 0; bits &= bits - 1)
		if (memcmp(line.ptr + at + (unsigned)__builtin_ctz(bits), text.ptr, text.len) == 0)
			return true;
	return false;
}

bool line_holds(struct str line, struct str text)
{
	if (text.len == 0)
		return true;
	if (line.len < text.len + LANES)
		return str_find(line, text) >= 0;
	size_t places = line.len - text.len + 1; /* more than LANES */
	for (size_t at = 0; at + LANES <= places; at += LANES)
		if (holds_from(line, text, at))
			return true;
	return holds_from(line, text, places - LANES);
}

#else

bool line_holds(struct str line, struct str text)
{
	return str_find(line, text) >= 0;
}

#endif
