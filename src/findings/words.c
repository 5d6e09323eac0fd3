/* SPDX-License-Identifier: MIT */
#include "lineup/words.h"

static bool is_of_word(char c, const char *joins)
{
	return is_alpha(c) || is_digit(c) || (c != '\0' && strchr(joins, c) != NULL);
}

bool holds_word(struct str text, struct str word, const char *joins)
{
	for (size_t i = 0; word.len > 0 && i + word.len <= text.len; i++) {
		size_t end = i + word.len;
		if ((text.ptr[i] | 32) == (word.ptr[0] | 32) &&
			str_equal_nocase(str_of(text.ptr + i, word.len), word) &&
			(i == 0 || !is_of_word(text.ptr[i - 1], joins)) &&
			(end == text.len || !is_of_word(text.ptr[end], joins)))
			return true;
	}
	return false;
}
