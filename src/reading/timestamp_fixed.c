/* SPDX-License-Identifier: MIT */
/*
 * The shapes that most logs have, in fixed width, read eight bytes at a time instead of asking at
 * each byte what could follow. A reader says nothing when the text is of another shape, when a
 * field is out of range, or when what follows could still belong to the stamp in a way that is
 * rare: then the grammar decides. What one of these reads, the grammar reads the same.
 */
#include "src/reading/timestamp_parts.h"

#define EACH_BYTE(x) (UINT64_C(0x0101010101010101) * (x))
#define BYTE(c, at)  ((uint64_t)(unsigned char)(c) << (8 * (at)))
#define DIGIT(at)    (UINT64_C(0xff) << (8 * (at)))
#define DATE_DIGITS  (DIGIT(0) | DIGIT(1) | DIGIT(3) | DIGIT(4) | DIGIT(6) | DIGIT(7))

/* Eight bytes as a number, the first one lowest. */
static inline uint64_t load8(const char *p)
{
	uint64_t v;
	memcpy(&v, p, sizeof(v));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

/*
 * Three pairs of digits with a byte between: 12:34:56, 31-12-31. *v is left with the digits'
 * values. A value above 9 reaches the highest bit of its byte when 0x76 is added.
 */
static inline bool take_pairs(uint64_t *v, char between)
{
	if ((*v & ~DATE_DIGITS) != (BYTE(between, 2) | BYTE(between, 5)))
		return false;
	uint64_t values = (*v ^ EACH_BYTE(0x30)) & DATE_DIGITS;
	uint64_t above = (values & EACH_BYTE(0x7f)) + EACH_BYTE(0x76);
	*v = values;
	return ((above | values) & EACH_BYTE(0x80)) == 0;
}

/* The pair whose first digit is byte `at`. */
static inline unsigned pair(uint64_t values, unsigned at)
{
	return (unsigned)(((values * 10 + (values >> 8)) >> (8 * at)) & 0xff);
}

static inline bool read_time(const char *p, struct stamp *s)
{
	uint64_t v = load8(p);
	if (!take_pairs(&v, ':'))
		return false;
	s->hour = (uint8_t)pair(v, 0);
	s->minute = (uint8_t)pair(v, 3);
	s->second = (uint8_t)pair(v, 6);
	return s->hour <= 23 && s->minute <= 59 && s->second <= 59;
}

/* Could an offset, a zone's name, AM or PM begin so? */
static inline bool may_begin_zone(char c)
{
	return c == '+' || c == '-' || c == '(' || (c >= 'A' && c <= 'Z') || c == 'a' || c == 'p' ||
	       c == '\xe2';
}

/* Behind the seconds, and behind a fraction of three digits. */
static const char *finish(const char *p, const char *end, struct stamp *s)
{
	if (p == end)
		return p;
	if (end - p > 4 && (*p == '.' || *p == ',') && is_digit(p[1]) && is_digit(p[2]) &&
		is_digit(p[3]) && !is_digit(p[4]) && p[4] != '.' && p[4] != ':') {
		s->nanosecond = number(p + 1, 3) * 1000000;
		s->fraction_digits = 3;
		p += 4;
	} else if (is_digit(*p) || *p == '.' || *p == ',' || *p == ':') {
		return stamp_time_finish(p, end, s);
	}
	bool blank = *p == ' ';
	return may_begin_zone(blank ? at(p + 1, end) : *p) ? stamp_time_finish(p, end, s) : p;
}

const char *stamp_fixed_iso_read(const char *p, const char *end, struct stamp *s)
{
	if (end - p < 19 || p[0] != '2' || p[1] != '0' || (p[10] != ' ' && p[10] != 'T') ||
		(p[4] != '-' && p[4] != '/'))
		return NULL;
	uint64_t v = load8(p + 2);
	if (!take_pairs(&v, p[4]) || !read_time(p + 11, s))
		return NULL;
	unsigned month = pair(v, 3), day = pair(v, 6);
	if (!set_date(s, 2000 + (int)pair(v, 0), (int)month, (int)day))
		return NULL;
	s->date_separator = (uint8_t)p[4];
	return finish(p + 19, end, s);
}

/* 25/12/31 23:59:59, with the order of its numbers by what the member showed. */
const char *stamp_fixed_short_read(
	const struct stamp_search *search, const char *p, const char *end, struct stamp *s)
{
	uint64_t v = load8(p);
	if (!take_pairs(&v, '/') || !read_time(p + 9, s))
		return NULL;
	const int n[3] = { (int)pair(v, 0), (int)pair(v, 3), (int)pair(v, 6) };
	if (!stamp_choose_order(search, s, n, false, '/'))
		return NULL;
	s->date_separator = '/';
	return finish(p + 17, end, s);
}

/* 31/12/2025 23:59:59, 31.12.2025 23:59:59, 31-12-2025 23:59:59,
 * and the same with the month first */
const char *stamp_fixed_long_read(
	const struct stamp_search *search, const char *p, const char *end, struct stamp *s)
{
	uint64_t v = load8(p);
	char separator = p[2];
	if (end - p < 20 || (separator != '/' && separator != '.' && separator != '-') ||
		p[10] != ' ' || !is_digit(p[8]) || !is_digit(p[9]) || !take_pairs(&v, separator) ||
		!read_time(p + 11, s))
		return NULL;
	const int n[3] = { (int)pair(v, 0), (int)pair(v, 3),
		(int)pair(v, 6) * 100 + (p[8] - '0') * 10 + (p[9] - '0') };
	if (n[2] < YEAR_FIRST || n[2] > YEAR_LAST ||
		!stamp_choose_order(search, s, n, true, separator))
		return NULL;
	s->date_separator = (uint8_t)separator;
	return finish(p + 19, end, s);
}

/* 31/Dec/2025:23:59:59 -0800, 31/Dec/2025 23:59:59 */
const char *stamp_fixed_clf_read(const char *p, const char *end, struct stamp *s)
{
	size_t len;
	if (end - p < 20 || p[2] != '/' || p[6] != '/' || (p[11] != ':' && p[11] != ' ') ||
		!is_digit(p[0]) || !is_digit(p[1]) || digit_run(p + 7, p + 11) != 4 ||
		!read_time(p + 12, s))
		return NULL;
	int month = stamp_month_name(p + 3, p + 6, &len), year = number(p + 7, 4);
	if (month == 0 || year < YEAR_FIRST || year > YEAR_LAST ||
		!set_date(s, year, month, number(p, 2)))
		return NULL;
	s->date_separator = '/';
	p += 20;
	if (end - p > 6 && p[0] == ' ' && (p[1] == '-' || p[1] == '+') &&
		digit_run(p + 2, p + 7) == 4 && number(p + 2, 2) <= 18 && number(p + 4, 2) <= 59) {
		s->zone = STAMP_ZONE_OFFSET;
		s->offset_seconds =
			(number(p + 2, 2) * 60 + number(p + 4, 2)) * 60 * (p[1] == '-' ? -1 : 1);
		return p + 6;
	}
	return finish(p, end, s);
}

/* `Dec 31 23:59:59` at p, where 15 bytes are. */
static bool read_named(const char *p, struct stamp *s)
{
	size_t len;
	if (p[3] != ' ' || p[6] != ' ' || !is_digit(p[5]) || (p[4] != ' ' && !is_digit(p[4])) ||
		!read_time(p + 7, s))
		return false;
	int month = stamp_month_name(p, p + 3, &len);
	return month != 0 &&
	       set_date(s, 0, month, (p[4] == ' ' ? 0 : p[4] - '0') * 10 + p[5] - '0');
}

/* `Dec 31 23:59:59 host`: what follows must be a word that is no zone and no year. */
const char *stamp_fixed_syslog_read(const char *p, const char *end, struct stamp *s)
{
	if (end - p < 18 || p[15] != ' ' || !read_named(p, s))
		return NULL;
	char first = p[16], second = p[17];
	bool lower = first >= 'b' && first <= 'z' && first != 'p';
	bool capital =
		first >= 'B' && first <= 'Z' && first != 'P' && second >= 'a' && second <= 'z';
	if (!lower && !capital)
		return NULL;
	s->is_named = true;
	s->is_syslog = true;
	return p + 15;
}

/* `Wed Dec 31 23:59:59 2025`, with a fraction or not. */
const char *stamp_fixed_ctime_read(const char *p, const char *end, struct stamp *s)
{
	size_t len;
	if (end - p < 24 || p[3] != ' ' || !read_named(p + 4, s))
		return NULL;
	int weekday = stamp_weekday_name(p, p + 3, &len);
	if (weekday == 0)
		return NULL;
	p += 19;
	if (*p == '.' && digit_run(p + 1, end) == 6) {
		s->nanosecond = number(p + 1, 6) * 1000;
		s->fraction_digits = 6;
		p += 7;
	}
	int year = end - p >= 5 && *p == ' ' && digit_run(p + 1, end) == 4 ? number(p + 1, 4) : 0;
	char behind = at(p + 5, end);
	/* A zone may stand behind the year. */
	if (year < YEAR_FIRST || year > YEAR_LAST || behind == '.' || is_alpha(behind) ||
		may_begin_zone(behind == ' ' ? at(p + 6, end) : behind) ||
		!set_date(s, year, s->month, s->day))
		return NULL;
	s->weekday = (uint8_t)weekday;
	return p + 5;
}
