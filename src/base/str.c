/* SPDX-License-Identifier: MIT */
#include "lineup/str.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "lineup/seed.h"

int str_compare(struct str a, struct str b)
{
	size_t common = size_min(a.len, b.len);
	int order = common == 0 ? 0 : memcmp(a.ptr, b.ptr, common);
	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_equal_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	}
	return true;
}

bool str_holds_nocase(struct str text, struct str part)
{
	char first = lower(part.ptr[0]);
	for (size_t i = 0; i + part.len <= text.len; i++) {
		if (lower(text.ptr[i]) == first &&
			str_equal_nocase(str_of(text.ptr + i, part.len), part))
			return true;
	}
	return false;
}

size_t str_count_byte(struct str s, char byte)
{
	size_t count = 0;
	for (size_t i = 0; i < s.len; i++)
		count += s.ptr[i] == byte;
	return count;
}

ptrdiff_t str_find_byte(struct str s, char byte)
{
	const char *found = s.len == 0 ? NULL : memchr(s.ptr, byte, s.len);
	return found == NULL ? -1 : found - s.ptr;
}

ptrdiff_t str_rfind_byte(struct str s, char byte)
{
	const char *found = s.len == 0 ? NULL : memrchr(s.ptr, byte, s.len);
	return found == NULL ? -1 : found - s.ptr;
}

ptrdiff_t str_find(struct str s, struct str what)
{
	if (what.len == 0)
		return 0;
	const char *found = s.len < what.len ? NULL : memmem(s.ptr, s.len, what.ptr, what.len);
	return found == NULL ? -1 : found - s.ptr;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.len > 0 && is_blank(s.ptr[0]))
		s = str_skip(s, 1);
	while (s.len > 0 && is_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

struct str str_cut(struct str *s, char byte)
{
	ptrdiff_t at = str_find_byte(*s, byte);
	struct str head = *s;
	if (at < 0) {
		*s = STR_NONE;
		return head;
	}
	head.len = (size_t)at;
	*s = str_skip(*s, (size_t)at + 1);
	return head;
}

bool str_to_u64(struct str s, uint64_t *value)
{
	uint64_t n = 0;
	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
		if (__builtin_mul_overflow(n, 10U, &n) ||
			__builtin_add_overflow(n, (uint64_t)(s.ptr[i] - '0'), &n))
			return false;
	}
	*value = n;
	return true;
}

bool str_to_double(struct str s, double *value)
{
	char text[64];
	if (s.len == 0 || s.len >= sizeof(text) ||
		!(s.ptr[0] == '-' || s.ptr[0] == '.' || isdigit((unsigned char)s.ptr[0])))
		return false;
	memcpy(text, s.ptr, s.len);
	text[s.len] = '\0';
	if (strspn(text, "0123456789+-.eE") != s.len)
		return false;
	char *end;
	*value = strtod(text, &end);
	return *end == '\0' && isfinite(*value);
}

bool str_to_size(struct str s, uint64_t *bytes)
{
	static const char units[] = "KMGT";
	unsigned shift = 0;
	if (str_ends(s, STR("iB")))
		s.len -= 2;
	else if (s.len > 1 && s.ptr[s.len - 1] == 'B')
		s.len--;
	if (s.len > 0) {
		char unit = (char)toupper((unsigned char)s.ptr[s.len - 1]);
		const char *found = unit == '\0' ? NULL : strchr(units, unit);
		if (found != NULL) {
			shift = 10 * (unsigned)(found - units + 1);
			s.len--;
		}
	}
	uint64_t n;
	if (!str_to_u64(s, &n) || n > (UINT64_MAX >> shift))
		return false;
	*bytes = n << shift;
	return true;
}

bool str_glob(struct str pattern, struct str name)
{
	char pattern_text[1024];
	char name_text[8192];
	if (pattern.len >= sizeof(pattern_text) || name.len >= sizeof(name_text))
		return false;
	if (str_find_byte(pattern, '/') < 0 && str_rfind_byte(name, '/') >= 0)
		name = str_skip(name, (size_t)str_rfind_byte(name, '/') + 1);
	memcpy(pattern_text, pattern.ptr, pattern.len);
	pattern_text[pattern.len] = '\0';
	memcpy(name_text, name.ptr, name.len);
	name_text[name.len] = '\0';
	return fnmatch(pattern_text, name_text, 0) == 0;
}

uint64_t str_hash(struct str s)
{
	return XXH3_64bits(s.ptr, s.len);
}

uint64_t str_hash_of_run(struct str s)
{
	return XXH3_64bits_withSeed(s.ptr, s.len, seed_words[SEED_NAMES]);
}
