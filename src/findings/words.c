/* SPDX-License-Identifier: MIT */
#include "lineup/words.h"

static bool is_of_word(char c, const char *joins)
{
	return is_alpha(c) || is_digit(c) || (c != '\0' && strchr(joins, c) != NULL);
}

bool holds_word(struct str text, struct str word, const char *joins)
{
	if (word.len == 0 || word.len > text.len)
		return false;
	char first = (char)(word.ptr[0] | 32);
	const char *last = text.ptr + (text.len - word.len), *end = text.ptr + text.len;
	/* most places fall with the first byte, most others since they are within a word */
	for (const char *p = text.ptr; p <= last; p++) {
		if ((*p | 32) == first && (p == text.ptr || !is_of_word(p[-1], joins)) &&
			str_equal_nocase(str_of(p, word.len), word) &&
			(p + word.len == end || !is_of_word(p[word.len], joins)))
			return true;
	}
	return false;
}
