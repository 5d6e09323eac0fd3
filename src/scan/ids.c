/* SPDX-License-Identifier: MIT */
/*
 * Two passes that skip most bytes. Keys: every `=` and `:` is looked at, and what stands before it
 * must end in "id" (or be traceparent, b3). Values without a key: an id has a run of at least eight
 * hexadecimal digits, so every eighth byte is looked at, and a run is walked only from a hit.
 */
#include "lineup/ids.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define ID_MAX	   128
#define SCAN_LIMIT 8192
#define KEY_MAX	   40

enum id_kind { ID_NONE, ID_TRACE, ID_SPAN, ID_REQUEST, ID_PARENT, ID_B3 };

/*
 * Classes of bytes, looked up: ids are random, and a branch that depends on whether the next byte is
 * a digit or a letter is guessed wrong half of the time.
 */
enum { HEX = 1, WORD = 2, VALUE = 4 };
#define H (HEX | WORD | VALUE)
#define W (WORD | VALUE)
#define V VALUE
static const uint8_t classes[256] = {
	/* clang-format off */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, V, 0, W, W, V,
	H, H, H, H, H, H, H, H, H, H, V, 0, 0, V, 0, 0,
	V, H, H, H, H, H, H, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, 0, 0, 0, 0, W,
	0, H, H, H, H, H, H, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, 0,
	/* clang-format on */
};
#undef H
#undef W
#undef V

static inline bool is_hex(char c)
{
	return (classes[(unsigned char)c] & HEX) != 0;
}

static inline bool is_word(char c)
{
	return (classes[(unsigned char)c] & WORD) != 0;
}

static bool key_ends(const char *key, size_t len, struct str end)
{
	return len >= end.len && memcmp(key + len - end.len, end.ptr, end.len) == 0;
}

static enum id_kind classify(struct str word)
{
	char key[KEY_MAX];
	size_t len = 0;
	if (word.len > KEY_MAX)
		word = str_skip(word, word.len - KEY_MAX);
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];
		if (c != '_' && c != '-' && c != '.')
			key[len++] = (char)(c | 32);
	}
	if (key_ends(key, len, STR("traceid")) || key_ends(key, len, STR("trace")))
		return ID_TRACE;
	if (key_ends(key, len, STR("parentspanid")))
		return ID_NONE;
	if (key_ends(key, len, STR("spanid")))
		return ID_SPAN;
	if (key_ends(key, len, STR("requestid")) || key_ends(key, len, STR("reqid")) ||
		key_ends(key, len, STR("correlationid")) || key_ends(key, len, STR("corrid")) ||
		key_ends(key, len, STR("operationid")) || key_ends(key, len, STR("opid")) ||
		key_ends(key, len, STR("transactionid")))
		return ID_REQUEST;
	if (key_ends(key, len, STR("traceparent")))
		return ID_PARENT;
	return len == 2 && memcmp(key, "b3", 2) == 0 ? ID_B3 : ID_NONE;
}

/* The value behind a key's separator: from quotes, or to the next blank, comma or bracket. */
static struct str value_at(struct str line, size_t at)
{
	while (at < line.len &&
		(line.ptr[at] == ' ' || line.ptr[at] == '"' || line.ptr[at] == '\\' ||
			line.ptr[at] == '\'' || line.ptr[at] == '['))
		at++;
	size_t end = at;
	while (end < line.len && end - at <= ID_MAX &&
		(classes[(unsigned char)line.ptr[end]] & VALUE) != 0)
		end++;
	while (end > at &&
		(line.ptr[end - 1] == ':' || line.ptr[end - 1] == '.' || line.ptr[end - 1] == '='))
		end--;
	return end - at > ID_MAX ? STR_NONE : str_of(line.ptr + at, end - at);
}

/* An id says nothing when it is empty, a dash, null, or all zeros. */
static bool says_something(struct str id)
{
	if (id.len > STR("undefined").len && id.ptr[0] != '0' && id.ptr[0] != '-')
		return true;
	if (id.len < 2 || str_equal_nocase(id, STR("null")) || str_equal_nocase(id, STR("none")) ||
		str_equal_nocase(id, STR("undefined")) || str_equal_nocase(id, STR("n/a")))
		return false;
	for (size_t i = 0; i < id.len; i++) {
		if (id.ptr[i] != '0' && id.ptr[i] != '-')
			return true;
	}
	return false;
}

static size_t hex_run(struct str s, size_t at)
{
	size_t len = 0;
	while (at + len < s.len && is_hex(s.ptr[at + len]))
		len++;
	return len;
}

/* 00-<32>-<16>-01 (W3C, version 00); *end gets its end. */
static bool take_traceparent(struct str s, struct line_ids *ids)
{
	if (s.len < 53 || hex_run(s, 0) != 2 || s.ptr[2] != '-' || hex_run(s, 3) != 32 ||
		s.ptr[35] != '-' || hex_run(s, 36) != 16)
		return false;
	ids->trace = str_of(s.ptr + 3, 32);
	ids->span = str_of(s.ptr + 36, 16);
	return true;
}

/* <32 or 16>-<16>[-1[-parent]] */
static void take_b3(struct str s, struct line_ids *ids)
{
	size_t trace = hex_run(s, 0);
	if ((trace != 32 && trace != 16) || s.len < trace + 17 || s.ptr[trace] != '-' ||
		hex_run(s, trace + 1) != 16)
		return;
	ids->trace = str_of(s.ptr, trace);
	ids->span = str_of(s.ptr + trace + 1, 16);
}

static void take_key(struct str line, size_t separator, struct line_ids *ids)
{
	size_t end = separator;
	while (end > 0 && (line.ptr[end - 1] == '"' || line.ptr[end - 1] == ' ' ||
				  line.ptr[end - 1] == '\\' || line.ptr[end - 1] == '\''))
		end--;
	if (end < 2)
		return;
	char last = (char)(line.ptr[end - 1] | 32), before = (char)(line.ptr[end - 2] | 32);
	bool could = (last == 'd' && before == 'i') || (last == 't' && before == 'n') ||
		     (last == '3' && before == 'b') || (last == 'e' && before == 'c');
	if (!could)
		return;
	size_t start = end;
	while (start > 0 && end - start < KEY_MAX && is_word(line.ptr[start - 1]))
		start--;
	enum id_kind kind = classify(str_of(line.ptr + start, end - start));
	if (kind == ID_NONE)
		return;
	struct str value = value_at(line, separator + 1);
	if (!says_something(value))
		return;
	if (kind == ID_TRACE && ids->trace.len == 0 && !take_traceparent(value, ids) &&
		hex_run(value, 0) >= 8)
		ids->trace = value;
	else if (kind == ID_SPAN && ids->span.len == 0)
		ids->span = value;
	else if (kind == ID_REQUEST && ids->request.len == 0)
		ids->request = value;
	else if (kind == ID_PARENT)
		take_traceparent(value, ids);
	else if (kind == ID_B3)
		take_b3(value, ids);
}

#ifdef __SSE2__
/* A bit for each of 16 bytes that is = or : */
static inline unsigned separators16(const char *p)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i equal = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('='));
	__m128i colon = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(':'));
	return (unsigned)_mm_movemask_epi8(_mm_or_si128(equal, colon));
}
#endif

static void read_keys(struct str line, struct line_ids *ids)
{
	size_t i = 0;
#ifdef __SSE2__
	for (; i + 16 <= line.len; i += 16) {
		for (unsigned bits = separators16(line.ptr + i); bits != 0; bits &= bits - 1)
			take_key(line, i + (size_t)__builtin_ctz(bits), ids);
	}
#endif
	for (; i < line.len; i++) {
		if (line.ptr[i] == '=' || line.ptr[i] == ':')
			take_key(line, i, ids);
	}
}

/* Is there a UUID whose first group of eight starts here? */
static bool is_uuid(struct str line, size_t start)
{
	static const uint8_t groups[] = { 8, 4, 4, 4, 12 };
	size_t at = start;
	for (size_t g = 0; g < countof(groups); g++) {
		if (hex_run(line, at) != groups[g])
			return false;
		at += groups[g];
		if (g + 1 < countof(groups) && (at >= line.len || line.ptr[at++] != '-'))
			return false;
	}
	return true;
}

static bool stands_alone(struct str line, size_t start)
{
	char before = start > 0 ? line.ptr[start - 1] : ' ';
	char after = start + 36 < line.len ? line.ptr[start + 36] : ' ';
	return (before == ' ' || before == '[' || before == '(' || before == '|') &&
	       (after == ' ' || after == ']' || after == ')' || after == '|' || after == ',');
}

static void read_bare(struct str line, struct line_ids *ids)
{
	for (size_t i = 7; i < line.len && ids->request.len == 0; i += 8) {
		if (!is_hex(line.ptr[i]))
			continue;
		size_t start = i;
		while (start > 0 && i - start < 40 && is_hex(line.ptr[start - 1]))
			start--;
		size_t run = hex_run(line, start);
		if (run != 8 || !is_uuid(line, start)) {
			i = start + run - 1;
			continue;
		}
		if (start >= 4 && memcmp(line.ptr + start - 4, "req-", 4) == 0)
			ids->request = str_of(line.ptr + start - 4, 40);
		else if (stands_alone(line, start))
			ids->request = str_of(line.ptr + start, 36);
		i = start + 36;
	}
}

void ids_read(struct str line, struct line_ids *ids)
{
	*ids = (struct line_ids){ 0 };
	line = str_head(line, SCAN_LIMIT);
	read_keys(line, ids);
	if (ids->request.len == 0 && ids->trace.len == 0)
		read_bare(line, ids);
}
