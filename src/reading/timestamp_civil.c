/* SPDX-License-Identifier: MIT */
/* What puts a date, a time and a zone together. */
#include "src/reading/timestamp_parts.h"

/* Words that stand between: "12:00" in `date=... time=12:00`, `Jan 5, 2024 at 10:00`. */
static const char *gap_word(const char *p, const char *end)
{
	static const struct {
		const char *text;
		size_t len;
	} words[] = {
		{ " time=\"", 7 },
		{ " time=", 6 },
		{ "\",\"", 3 },
		{ "\" \"", 3 },
		{ " at ", 4 },
		{ ", ", 2 },
		{ " - ", 3 },
		{ " @ ", 3 },
		{ " | ", 3 },
		{ " -- ", 4 },
		{ "][", 2 },
		{ "[", 1 },
		{ "] [", 3 },
		{ "::", 2 },
		{ "|", 1 },
		{ ";", 1 },
		{ "\t", 1 },
		{ ",", 1 },
		{ "  ", 2 },
		{ "   ", 3 },
	};
	for (size_t i = 0; i < countof(words); i++) {
		if ((size_t)(end - p) > words[i].len &&
			memcmp(p, words[i].text, words[i].len) == 0 && is_digit(p[words[i].len]))
			return p + words[i].len;
	}
	return NULL;
}

/* 02.05.07 in full behind a date in full: an address has a fourth number, a version is shorter. */
static bool is_dotted_time(const char *p, const char *end)
{
	return end - p >= 8 && p[2] == '.' && p[5] == '.' && is_digit(p[0]) && is_digit(p[1]) &&
	       digit_run(p + 3, end) == 2 && digit_run(p + 6, end) == 2 && at(p + 8, end) != '.' &&
	       at(p + 8, end) != '-';
}

/* A time behind a date in words or signs of other languages; p is behind the date. */
static const char *join_local_time(const char *p, const char *end, struct stamp *s)
{
	char half;
	const char *time = stamp_joint_read(p, end);
	if (time != NULL)
		return stamp_time_read(time, end, true, false, s);
	if (at(p, end) != ' ')
		return NULL;
	if (is_digit(at(p + 1, end)))
		return is_dotted_time(p + 1, end) ? stamp_time_read(p + 1, end, true, false, s)
						  : stamp_time_with_units_read(p + 1, end, s);
	time = stamp_half_before_read(p + 1, end, &half);
	const char *q = time != NULL ? stamp_time_read(time, end, false, false, s) : NULL;
	return q != NULL && set_half(s, half) ? q : NULL;
}

/* A day's name between date and time: `2025-12-31 Wed 23:59:59`, `(Wed)`, `[Wed]`; p is behind the
 * date. */
static const char *skip_weekday(const char *p, const char *end)
{
	static const char week[] = "\xe6\x98\x9f\xe6\x9c\x9f"; /* Chinese, and the day behind it */
	const char *q = p;
	size_t len = 0;
	for (int i = 0; i < 2 && q < end && memchr(" ,([", *q, 4) != NULL; i++)
		q++;
	if (end - q > 9 && memcmp(q, week, 6) == 0)
		q += 9;
	else if (q > p && stamp_weekday_name(q, end, &len) != 0)
		q += len;
	else
		return NULL;
	while (q < end && memchr(" ,.)]", *q, 5) != NULL)
		q++;
	return is_digit(at(q, end)) ? q : NULL;
}

static const char *join_time(const char *p, const char *end, bool is_packed, struct stamp *s)
{
	char c = at(p, end);
	bool joins = c == 'T' || c == 't' || c == ' ' || c == '_' || c == '-' || c == ':' ||
		     c == '/' || c == '.' || c == '@' || (c == 'D' && s->date_separator == '.');
	const char *time = joins && is_digit(at(p + 1, end)) ? p + 1 : gap_word(p, end);
	const char *q = NULL;
	if (time != NULL) {
		bool dotted = c == '-' || c == '_' || (time == p + 1 && (c == '.' || c == 'T'));
		bool packed = c == 'T' || c == 't' ||
			      (is_packed && (c == ' ' || c == '-' || c == '_' || c == ':'));
		q = stamp_time_read(time, end, dotted, packed, s);
	}
	if (q == NULL && (c == ' ' || c == ',') && s->year != 0)
		q = join_local_time(p, end, s);
	if (q == NULL && time == NULL && (time = skip_weekday(p, end)) != NULL)
		q = stamp_time_read(time, end, false, false, s);
	return q == NULL ? NULL : stamp_zone_read(q, end, s);
}

/* Behind `Mon 2`: what is left of Apr 27 2020 02:03:03, Sep 9 10:42:29 2011, Jun 2 00:03:01 UTC
 * 2022. */
static const char *finish_month_name(
	const char *p, const char *end, int month, int day, struct stamp *s)
{
	/* November 9th, 2025 */
	if (end - p > 4 && is_alpha(*p) && (p[2] == ' ' || p[2] == ',') &&
		(memcmp(p, "th", 2) == 0 || memcmp(p, "st", 2) == 0 || memcmp(p, "nd", 2) == 0 ||
			memcmp(p, "rd", 2) == 0))
		p += 2;
	if (at(p, end) == ',')
		p++;
	while (at(p, end) == ' ' && at(p + 1, end) == ' ')
		p++;
	int digits = at(p, end) == ' ' ? digit_run(p + 1, end) : 0;
	if (digits == 4) {
		int year = number(p + 1, 4);
		if (year < YEAR_FIRST || year > YEAR_LAST || !set_date(s, year, month, day))
			return NULL;
		return join_time(p + 5, end, false, s);
	}
	if (!set_date(s, 0, month, day))
		return NULL;
	const char *q =
		digits > 0 ? stamp_time_read(p + 1, end, false, false, s) : gap_word(p, end);
	if (q == NULL || digits == 0)
		return q == NULL ? NULL : stamp_time_read(q, end, false, false, s);
	const char *zoned = stamp_zone_read(q, end, s);
	const char *r = zoned;
	if (zoned == q && at(q, end) == ' ') {
		/* A zone that no table knows, if a year follows: Jun 2 00:03:01 XYZT 2022. */
		const char *word = q + 1;
		while (word < end && word - q < 7 && *word >= 'A' && *word <= 'Z')
			word++;
		if (word - q > 2 && at(word, end) == ' ')
			r = word;
	}
	int year = at(r, end) == ' ' && digit_run(r + 1, end) == 4 ? number(r + 1, 4) : 0;
	char behind = at(r + 5, end);
	if (year >= YEAR_FIRST && year <= YEAR_LAST && behind != '.' && behind != '-' &&
		!is_alpha(behind) && set_date(s, year, month, day))
		return zoned == q ? stamp_zone_read(r + 5, end, s) : r + 5;
	s->is_syslog = s->weekday == 0;
	return zoned;
}

/* Apr-07-13 07:08:36, Apr/07/2013:07:08:36, apr/07 07:08:36; p is at the separator. */
static const char *finish_month_name_joined(
	const char *p, const char *end, int month, struct stamp *s)
{
	char separator = at(p, end);
	int digits = digit_run(p + 1, end);
	if (digits < 1 || digits > 2)
		return NULL;
	int day = number(p + 1, digits);
	p += 1 + digits;
	int year_digits = at(p, end) == separator ? digit_run(p + 1, end) : 0;
	if (year_digits == 0 && at(p, end) == ' ' && set_date(s, 0, month, day))
		return join_time(p, end, false, s);
	p++;
	if (year_digits != 2 && year_digits != 4)
		return NULL;
	int year = year_digits == 4 ? number(p, 4) : year_of_two_digits(number(p, 2));
	if (year < YEAR_FIRST || year > YEAR_LAST || !set_date(s, year, month, day))
		return NULL;
	return join_time(p + year_digits, end, false, s);
}

const char *stamp_month_first_read(const char *p, const char *end, struct stamp *s)
{
	size_t len = 0;
	int month = stamp_month_name(p, end, &len);
	if (month == 0)
		return NULL;
	s->is_named = s->weekday == 0;
	p += len;
	if (at(p, end) == '-' || at(p, end) == '/')
		return finish_month_name_joined(p, end, month, s);
	if (at(p, end) == '.')
		p++;
	int blanks = 0;
	while (at(p, end) == ' ' && blanks < 3) {
		p++;
		blanks++;
	}
	int digits = digit_run(p, end);
	if (blanks == 0 || digits < 1 || digits > 2)
		return NULL;
	return finish_month_name(p + digits, end, month, number(p, digits), s);
}

const char *stamp_civil_read(
	const struct stamp_search *search, const char *p, const char *end, struct stamp *s)
{
	bool is_packed;
	const char *q = stamp_date_read(search, p, end, s, &is_packed);
	return q == NULL ? NULL : join_time(q, end, is_packed, s);
}

/* Thu, 18 Jul 2025 ...; Sun Mar 13 22:52:12 2016; Mon 2025-12-01 10:00:00 UTC. */
const char *stamp_weekday_first_read(
	const struct stamp_search *search, const char *p, const char *end, struct stamp *s)
{
	size_t len = 0;
	int weekday = stamp_weekday_name(p, end, &len);
	if (weekday == 0)
		return NULL;
	p += len;
	if (at(p, end) == '.' || at(p, end) == ',')
		p++;
	int blanks = 0;
	while (at(p, end) == ' ' && blanks < 3) {
		p++;
		blanks++;
	}
	if (blanks == 0)
		return NULL;
	s->weekday = (uint8_t)weekday;
	return is_digit(at(p, end)) ? stamp_civil_read(search, p, end, s)
				    : stamp_month_first_read(p, end, s);
}

/* 09:11:2025 02:05:07: a date with colons, its day in front. */
static const char *colon_date_read(const char *p, const char *end, struct stamp *s)
{
	if (end - p < 16 || p[2] != ':' || p[5] != ':' || p[10] != ' ' || digit_run(p, end) != 2 ||
		digit_run(p + 3, end) != 2 || digit_run(p + 6, end) != 4)
		return NULL;
	int year = number(p + 6, 4), first = number(p, 2), second = number(p + 3, 2);
	if (year < YEAR_FIRST || year > YEAR_LAST ||
		(!set_date(s, year, second, first) && !set_date(s, year, first, second)))
		return NULL;
	return join_time(p + 10, end, false, s);
}

/* The date behind a time, which begins with a digit or a month's name. */
static const char *date_behind(
	const struct stamp_search *order, const char *p, const char *end, struct stamp *s)
{
	size_t len = 0;
	bool is_packed;
	if (is_alpha(at(p, end)) && stamp_weekday_name(p, end, &len) != 0) {
		p += len + (at(p + len, end) == ',');
		if (at(p, end) != ' ')
			return NULL;
		p++;
	}
	int month = is_alpha(at(p, end)) ? stamp_month_name(p, end, &len) : 0;
	if (month == 0) {
		const char *q =
			is_digit(at(p, end)) ? stamp_date_read(order, p, end, s, &is_packed) : NULL;
		return q == NULL || is_packed ? NULL : q;
	}
	/* Nov 09 2025, Nov 9, 2025 */
	if (at(p + len, end) != ' ')
		return NULL;
	p += len + 1;
	int digits = digit_run(p, end);
	const char *year = p + digits + (at(p + digits, end) == ',') + 1;
	if (digits < 1 || digits > 2 || at(year - 1, end) != ' ' || digit_run(year, end) != 4 ||
		number(year, 4) < YEAR_FIRST || number(year, 4) > YEAR_LAST)
		return NULL;
	return set_date(s, number(year, 4), month, number(p, digits)) ? year + 4 : NULL;
}

/*
 * `-480" date="` behind time="12:00:00.123: the minutes that Windows' clock lacks to UTC; the end,
 * or NULL.
 */
static const char *minutes_to_utc_read(const char *p, const char *end, struct stamp *s)
{
	int digits = at(p, end) == '+' || at(p, end) == '-' ? digit_run(p + 1, end) : 0;
	const char *q = digits > 0 ? p + 1 + digits : p;
	if (digits > 3 || end - q < 18 || memcmp(q, "\" date=\"", 8) != 0)
		return NULL;
	if (digits > 0) {
		s->zone = STAMP_ZONE_OFFSET;
		s->offset_seconds = number(p + 1, digits) * 60 * (*p == '-' ? 1 : -1);
	}
	return q + 8;
}

/* 14:29:16 31.12.2025, 14:29:16.123 31-Dec-2025: the date stands behind. */
const char *stamp_time_first_read(
	const struct stamp_search *search, const char *p, const char *end, struct stamp *s)
{
	const char *q = stamp_time_read(p, end, false, false, s);
	if (q == NULL)
		return colon_date_read(p, end, s);
	const char *zoned = stamp_zone_read(q, end, s);
	const char *date = zoned;
	struct stamp_search order = *search;
	const char *keyed = minutes_to_utc_read(q, end, s);
	if (keyed != NULL) {
		date = keyed;
		order.slash_order = DATE_ORDER_MONTH_FIRST;
	} else {
		if (end - date > 3 && memcmp(date, " - ", 3) == 0)
			date += 2;
		while (at(date, end) == ' ' || at(date, end) == ',')
			date++;
	}
	const char *r = date == zoned ? NULL : date_behind(&order, date, end, s);
	if (r == NULL || s->year == 0 || is_digit(at(r, end)) || is_alpha(at(r, end)))
		return NULL;
	return r;
}

/* I0517 15:04:22.619632, I20250211 13:17:55.023299, I250211 13:17:55.023299: glog, klog,
 * CockroachDB. */
const char *stamp_klog_read(const char *p, const char *end, struct stamp *s)
{
	int digits = digit_run(p + 1, end);
	if ((digits != 4 && digits != 6 && digits != 8) || at(p + 1 + digits, end) != ' ')
		return NULL;
	int year = digits == 8	 ? number(p + 1, 4)
		   : digits == 6 ? year_of_two_digits(number(p + 1, 2))
				 : 0;
	const char *date = p + 1 + digits - 4;
	if (digits == 8 && (year < YEAR_FIRST || year > YEAR_LAST))
		return NULL;
	if (!set_date(s, year, number(date, 2), number(date + 2, 2)))
		return NULL;
	const char *q = stamp_time_read(date + 5, end, false, false, s);
	if (q == NULL || s->fraction_digits == 0)
		return NULL;
	s->level_letter = *p;
	return q;
}
