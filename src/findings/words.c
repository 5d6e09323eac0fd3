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

/* By the five low bits of a letter, in which its two cases are the same. */
static uint32_t bit_of(char c)
{
	return 1U << (c & 31);
}

static bool begins_with(struct str text, const char *word, const char *joins)
{
	struct str w = str_from(word);
	return w.len <= text.len && str_equal_nocase(str_head(text, w.len), w) &&
	       (w.len == text.len || !is_of_word(text.ptr[w.len], joins));
}

bool holds_any_word(struct str text, const char *const *words, size_t count, const char *joins)
{
	uint32_t firsts = 0;
	for (size_t k = 0; k < count; k++)
		firsts |= bit_of(words[k][0]);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if ((firsts & bit_of(c)) == 0 || (i > 0 && is_of_word(text.ptr[i - 1], joins)))
			continue;
		for (size_t k = 0; k < count; k++) {
			if ((words[k][0] | 32) == (c | 32) &&
				begins_with(str_skip(text, i), words[k], joins))
				return true;
		}
	}
	return false;
}
