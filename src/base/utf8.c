/* SPDX-License-Identifier: MIT */
#include "lineup/utf8.h"

/* May `byte` be the second one behind `first`? Settles overlong forms,
 * surrogates and > U+10FFFF. */
static bool second_fits(unsigned char first, unsigned char byte)
{
	switch (first) {
	case 0xe0:
		return byte >= 0xa0 && byte <= 0xbf;
	case 0xed:
		return byte >= 0x80 && byte <= 0x9f;
	case 0xf0:
		return byte >= 0x90 && byte <= 0xbf;
	case 0xf4:
		return byte >= 0x80 && byte <= 0x8f;
	default:
		return byte >= 0x80 && byte <= 0xbf;
	}
}

uint32_t utf8_take(struct str *s)
{
	unsigned char first = (unsigned char)s->ptr[0];
	/* 0xc0 and 0xc1 would begin overlong forms of ASCII */
	size_t len = first < 0x80   ? 1
		     : first < 0xc2 ? 0
		     : first < 0xe0 ? 2
		     : first < 0xf0 ? 3
		     : first < 0xf5 ? 4
				    : 0;
	if (len == 1 || len == 0) {
		*s = str_skip(*s, 1);
		return len == 1 ? first : UTF8_REPLACEMENT;
	}
	uint32_t character = first & (0xffU >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		unsigned char byte = i < s->len ? (unsigned char)s->ptr[i] : 0;
		bool fits = i == 1 ? second_fits(first, byte) : (byte & 0xc0) == 0x80;
		if (!fits) {
			*s = str_skip(*s, i);
			return UTF8_REPLACEMENT;
		}
		character = character << 6 | (byte & 0x3fU);
	}
	*s = str_skip(*s, len);
	return character;
}

struct str utf8_head(struct str s, size_t bytes)
{
	struct str rest;
	if (s.len <= bytes)
		return s;
	/* back to where a character starts, if one reaches over the end */
	for (size_t back = 1; back < UTF8_BYTES_MAX && back <= bytes; back++) {
		rest = str_skip(s, bytes - back);
		if (utf8_take(&rest) != UTF8_REPLACEMENT && rest.len < s.len - bytes)
			return str_head(s, bytes - back);
	}
	return str_head(s, bytes);
}

size_t utf8_encode(uint32_t c, char bytes[UTF8_BYTES_MAX])
{
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	if (len == 1) {
		bytes[0] = (char)c;
		return 1;
	}
	/* as many ones on top as there are bytes */
	bytes[0] = (char)((0xf0U << (4 - len)) | c >> (6 * (len - 1)));
	for (size_t i = 1; i < len; i++)
		bytes[i] = (char)(0x80U | ((c >> (6 * (len - 1 - i))) & 0x3fU));
	return len;
}

void utf8_append(struct buf *b, uint32_t c)
{
	char bytes[UTF8_BYTES_MAX];
	buf_append(b, str_of(bytes, utf8_encode(c, bytes)));
}

struct range {
	uint32_t first;
	uint32_t last;
};

static bool in_ranges(uint32_t c, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	}
	return false;
}

unsigned utf8_width(uint32_t c)
{
	/* The blocks of Unicode's EastAsianWidth W and F, and of the marks that take no column;
	 * coarse on purpose: a wrong column costs a ragged edge and nothing else. */
	static const struct range wide[] = { { 0x1100, 0x115f }, { 0x2e80, 0x303e },
		{ 0x3041, 0xa4cf }, { 0xa960, 0xa97f }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff },
		{ 0xfe30, 0xfe6f }, { 0xff00, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x1f300, 0x1f64f },
		{ 0x1f680, 0x1f6ff }, { 0x1f900, 0x1faff }, { 0x20000, 0x3fffd } };
	static const struct range none[] = { { 0x300, 0x36f }, { 0x483, 0x489 }, { 0x591, 0x5bd },
		{ 0x610, 0x61a }, { 0x64b, 0x65f }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },
		{ 0x200b, 0x200f }, { 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f } };
	if (c < 0x300)
		return 1;
	if (in_ranges(c, none, countof(none)))
		return 0;
	return in_ranges(c, wide, countof(wide)) ? 2 : 1;
}

bool utf8_is_unsafe(uint32_t c)
{
	static const struct range unsafe[] = { { 0, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad },
		{ 0x61c, 0x61c }, { 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
		{ 0x2060, 0x206f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe007f } };
	return in_ranges(c, unsafe, countof(unsafe));
}
