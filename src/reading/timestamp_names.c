/* SPDX-License-Identifier: MIT */
/* Names of months and days. */
#include "src/reading/timestamp_parts.h"

static inline uint32_t three(const char *p)
{
	return ((uint32_t)(unsigned char)p[0] << 16 | (uint32_t)(unsigned char)p[1] << 8 |
		       (uint32_t)(unsigned char)p[2]) |
	       0x202020;
}

#define LETTERS(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))

/* How much of the name's rest stands there: all of it or nothing. */
static size_t full_name(const char *ptr, const char *end, const char *rest)
{
	size_t len = strlen(rest);
	if ((size_t)(end - ptr) < 3 + len)
		return 3;
	for (size_t i = 0; i < len; i++) {
		if ((ptr[3 + i] | 32) != rest[i])
			return 3;
	}
	return 3 + len;
}

/* By a multiplication that sends each name to a place of its own. */
static const struct name {
	uint32_t letters;
	int number;
} months[16] = { { LETTERS('n', 'o', 'v'), 11 }, { LETTERS('m', 'a', 'r'), 3 },
	{ LETTERS('s', 'e', 'p'), 9 }, { LETTERS('j', 'u', 'l'), 7 }, { LETTERS('m', 'a', 'y'), 5 },
	{ 0, 0 }, { LETTERS('a', 'u', 'g'), 8 }, { LETTERS('o', 'c', 't'), 10 },
	{ LETTERS('j', 'u', 'n'), 6 }, { 0, 0 }, { 0, 0 }, { LETTERS('d', 'e', 'c'), 12 },
	{ LETTERS('j', 'a', 'n'), 1 }, { 0, 0 }, { LETTERS('a', 'p', 'r'), 4 },
	{ LETTERS('f', 'e', 'b'), 2 } },
  weekdays[8] = { { LETTERS('s', 'a', 't'), 6 }, { LETTERS('t', 'h', 'u'), 4 },
	  { LETTERS('m', 'o', 'n'), 1 }, { LETTERS('f', 'r', 'i'), 5 },
	  { LETTERS('w', 'e', 'd'), 3 }, { LETTERS('s', 'u', 'n'), 7 },
	  { LETTERS('t', 'u', 'e'), 2 }, { 0, 0 } };

#define MONTH_FACTOR   UINT32_C(0x2c4a3699)
#define WEEKDAY_FACTOR UINT32_C(0x8c7e134f)

int stamp_month_name(const char *ptr, const char *end, size_t *len)
{
	static const char *const rests[] = { "uary", "ruary", "ch", "il", "", "e", "y", "ust",
		"tember", "ober", "ember", "ember" };
	if (end - ptr < 3)
		return 0;
	uint32_t letters = three(ptr);
	const struct name *name = &months[letters * MONTH_FACTOR >> 28];
	int month = name->letters == letters ? name->number : 0;
	if (month == 0)
		return 0;
	*len = 3;
	if (!is_alpha(at(ptr + 3, end)))
		return month;
	*len = full_name(ptr, end, rests[month - 1]);
	if (month == 9 && *len == 3 && at(ptr + 3, end) == 't')
		*len = 4;
	return is_alpha(at(ptr + *len, end)) ? 0 : month;
}

int stamp_weekday_name(const char *ptr, const char *end, size_t *len)
{
	static const char *const rests[] = { "day", "sday", "nesday", "rsday", "day", "urday",
		"day" };
	if (end - ptr < 3)
		return 0;
	uint32_t letters = three(ptr);
	const struct name *name = &weekdays[letters * WEEKDAY_FACTOR >> 29];
	int day = name->letters == letters ? name->number : 0;
	if (day == 0)
		return 0;
	*len = 3;
	if (!is_alpha(at(ptr + 3, end)))
		return day;
	*len = full_name(ptr, end, rests[day - 1]);
	return is_alpha(at(ptr + *len, end)) ? 0 : day;
}
