/* SPDX-License-Identifier: MIT */
/* What puts a date, a time and a zone together. */
#include "timestamp_parts.h"

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

static const char *join_time(const char *p, const char *end, bool is_packed, struct stamp *s)
{
	char c = at(p, end);
	bool joins = c == 'T' || c == 't' || c == ' ' || c == '_' || c == '-' || c == ':' ||
		     c == '/' || c == '.' || c == '@';
	const char *time = joins && is_digit(at(p + 1, end)) ? p + 1 : gap_word(p, end);
	if (time == NULL)
		return NULL;
	bool dotted = c == '-' || c == '_' || (time == p + 1 && (c == '.' || c == 'T'));
	bool packed = c == 'T' || c == 't' ||
		      (is_packed && (c == ' ' || c == '-' || c == '_' || c == ':'));
	const char *q = stamp_time_read(time, end, dotted, packed, s);
	return q == NULL ? NULL : stamp_zone_read(q, end, s);
}

/* Behind `Mon 2`: what is left of Apr 27 2020 02:03:03, Sep 9 10:42:29 2011, Jun 2 00:03:01 UTC 2022. */
static const char *finish_month_name(
	const char *p, const char *end, int month, int day, struct stamp *s)
{
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

/* 14:29:16 31.12.2025, 14:29:16.123 31-Dec-2025: the date stands behind. */
const char *stamp_time_first_read(
	const struct stamp_search *search, const char *p, const char *end, struct stamp *s)
{
	const char *q = stamp_time_read(p, end, false, false, s);
	if (q == NULL)
		return NULL;
	const char *zoned = stamp_zone_read(q, end, s);
	const char *date = zoned;
	struct stamp_search order = *search;
	bool is_packed;
	if (end - zoned > 18 && memcmp(zoned, "\" date=\"", 8) == 0) {
		/* time="12:00:00.123-480" date="12-31-2025": what Windows' clock lacks to UTC. */
		date += 8;
		s->offset_seconds = -s->offset_seconds;
		order.slash_order = DATE_ORDER_MONTH_FIRST;
	} else {
		while (at(date, end) == ' ' || at(date, end) == ',')
			date++;
	}
	if (date == zoned || !is_digit(at(date, end)))
		return NULL;
	const char *r = stamp_date_read(&order, date, end, s, &is_packed);
	if (r == NULL || s->year == 0 || is_packed || is_digit(at(r, end)) || is_alpha(at(r, end)))
		return NULL;
	return r;
}

/* I0517 15:04:22.619632, I20250211 13:17:55.023299: glog and klog. */
const char *stamp_klog_read(const char *p, const char *end, struct stamp *s)
{
	int digits = digit_run(p + 1, end);
	if ((digits != 4 && digits != 8) || at(p + 1 + digits, end) != ' ')
		return NULL;
	int year = digits == 8 ? number(p + 1, 4) : 0;
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
