/* SPDX-License-Identifier: MIT */
/*
 * Twins of a line: the same masked form (line_mask.h), other digits and other digits of ids. What
 * is told by the form must be the same for all of them.
 */
#ifndef LINEUP_TESTS_TWINS_H
#define LINEUP_TESTS_TWINS_H

#include "lineup/line_mask.h"

static inline uint32_t twin_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(*state >> 33);
}

/*
 * Writes a twin of the line to out (room for LINE_MASK_BYTES + LINE_MASK_PADDING): of a hundred
 * digits about `percent` are others, so that with few of them most stamps stay stamps; with none,
 * one number is another. Of ids all digits are. False when chance made another form of it.
 */
static inline bool twin_make(struct str line, unsigned percent, uint64_t *state, char *out)
{
	char masked[LINE_MASK_BYTES + LINE_MASK_PADDING];
	char again[LINE_MASK_BYTES + LINE_MASK_PADDING];
	char padded[LINE_MASK_BYTES + LINE_MASK_PADDING] = { 0 };
	memcpy(padded, line.ptr, line.len);
	line.ptr = padded;
	line_mask(line, masked);
	memset(out, 0, sizeof(padded));
	size_t numbers = 0, number = 0, chosen;
	for (size_t i = 0; i < line.len; i++)
		numbers += masked[i] == '0' && (i == 0 || masked[i - 1] != '0');
	chosen = numbers > 0 ? twin_random(state) % numbers + 1 : 0;
	for (size_t i = 0; i < line.len; i++) {
		number += masked[i] == '0' && (i == 0 || masked[i - 1] != '0');
		bool other = percent == 0 ? number == chosen : twin_random(state) % 100 < percent;
		out[i] = line.ptr[i];
		if (masked[i] == LINE_MASK_ID)
			out[i] = "0123456789abcdef"[twin_random(state) % 16];
		else if (masked[i] == '0' && other)
			out[i] = (char)('0' + twin_random(state) % 10);
	}
	line_mask(str_of(out, line.len), again);
	return memcmp(masked, again, line.len) == 0;
}

#endif
