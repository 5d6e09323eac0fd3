/* SPDX-License-Identifier: MIT */
/* Dates: each function reads one, sets year, month and day, and returns its end or NULL. */
#include "src/reading/timestamp_parts.h"

/* The signs of year, month and day, in UTF-8, that stand behind the numbers of Chinese dates. */
static bool has_sign(const char *p, const char *end, const char *sign)
{
	return end - p >= 3 && memcmp(p, sign, 3) == 0;
}

static const char *date_with_signs(const char *p, const char *end, int year, struct stamp *s)
{
	const char *month = p + 3 + (at(p + 3, end) == ' ');
	int digits = digit_run(month, end);
	const char *day = month + digits + 3 + (at(month + digits + 3, end) == ' ');
	if (digits < 1 || digits > 2 || !has_sign(month + digits, end, "\xe6\x9c\x88"))
		return NULL;
	int more = digit_run(day, end);
	if (more < 1 || more > 2 || !has_sign(day + more, end, "\xe6\x97\xa5") ||
		!set_date(s, year, number(month, digits), number(day, more)))
		return NULL;
	return day + more + 3;
}

/* 2025-W45-7, by ISO 8601: week 1 has the year's first Thursday. p is behind the year,
 * at the dash. */
static const char *date_of_week(const char *p, const char *end, int year, struct stamp *s)
{
	int64_t then;
	int month, date;
	bool dashed = at(p + 4, end) == '-';
	const char *day = p + (dashed ? 5 : 4);
	if (digit_run(p + 2, end) != (dashed ? 2 : 3) || !is_digit(at(day, end)))
		return NULL;
	int week = number(p + 2, 2), weekday = *day - '0';
	if (week < 1 || week > 53 || weekday < 1 || weekday > 7)
		return NULL;
	int64_t fourth = clock_days(year, 1, 4);
	clock_date(fourth - stamp_weekday(fourth) + 1 + (week - 1) * 7 + weekday - 1, &then, &month,
		&date);
	return set_date(s, (int)then, month, date) ? day + 1 : NULL;
}

/* `. 11. 9.`, as Hungarian and Korean write dates; p is behind the year. */
static const char *date_dots_and_blanks(const char *p, const char *end, int year, struct stamp *s)
{
	int n[2];
	for (int i = 0; i < 2; i++) {
		if (end - p < 3 || p[0] != '.' || p[1] != ' ')
			return NULL;
		int digits = digit_run(p + 2, end);
		if (digits < 1 || digits > 2)
			return NULL;
		n[i] = number(p + 2, digits);
		p += 2 + digits;
	}
	return set_date(s, year, n[0], n[1]) ? p + (at(p, end) == '.') : NULL;
}

/*
 * 2025-12-31, 2025/1/5, 2025.12.31, 2025:12:31, 2025_12_31, 2025 12 31, 2025-Dec-31, 2025 Dec 31. p
 * is behind the year.
 */
static const char *date_year_first(const char *p, const char *end, int year, struct stamp *s)
{
	char separator = at(p, end);
	if (year < YEAR_FIRST || year > YEAR_LAST)
		return NULL;
	if (has_sign(p, end, "\xe5\xb9\xb4"))
		return date_with_signs(p, end, year, s);
	if (separator == '\0' || memchr("-/.:_ ", separator, 6) == NULL)
		return NULL;
	if (separator == '.' && at(p + 1, end) == ' ')
		return date_dots_and_blanks(p, end, year, s);
	if (separator == '-' && at(p + 1, end) == 'W')
		return date_of_week(p, end, year, s);
	p++;
	size_t len = 0;
	int month = stamp_month_name(p, end, &len);
	if (month == 0) {
		len = (size_t)digit_run(p, end);
		if (len == 3 && (separator == '-' || separator == '/' || separator == '.' ||
					(separator == ':' && at(p + 3, end) == ':')))
			return set_year_day(s, year, number(p, 3)) ? p + 3 : NULL;
		if (len < 1 || len > 2 || (len != 2 && memchr(" _:", separator, 3) != NULL))
			return NULL;
		month = number(p, (int)len);
	}
	p += len;
	if (at(p, end) != separator)
		return NULL;
	p++;
	if (separator == ' ' && at(p, end) == ' ')
		p++;
	int digits = digit_run(p, end);
	if (digits < 1 || digits > 2 || !set_date(s, year, month, number(p, digits)))
		return NULL;
	/* Three numbers with blanks are a date only if a time of day follows. */
	if (separator == ' ' && is_digit(p[-2]) && (digits != 2 || at(p + 5, end) != ':'))
		return NULL;
	s->date_separator = (uint8_t)separator;
	return p + digits;
}

struct date {
	int year;
	int month;
	int day;
};

/* The date of three numbers in this order; false when there is none. */
static bool date_in_order(const int n[3], enum date_order order, bool four_digits, struct date *d)
{
	d->year = order == DATE_ORDER_YEAR_FIRST ? n[0] : n[2];
	if (!four_digits)
		d->year = year_of_two_digits(d->year);
	d->month = order == DATE_ORDER_MONTH_FIRST ? n[0] : n[1];
	d->day = order == DATE_ORDER_DAY_FIRST	   ? n[0]
		 : order == DATE_ORDER_MONTH_FIRST ? n[1]
						   : n[2];
	return d->month >= 1 && d->month <= 12 && d->day >= 1 &&
	       (d->day <= 28 || d->day <= clock_month_days(d->year, d->month));
}

/*
 * Three numbers in an order that must be chosen. What the member showed comes first; without that,
 * slashes are the American order (with a year of two digits after that of log4j, 25/12/31), dots
 * and dashes the European one.
 */
bool stamp_choose_order(const struct stamp_search *search, struct stamp *s, const int n[3],
	bool four_digits, char separator)
{
	enum date_order known = separator == '.' ? search->dot_order : search->slash_order;
	enum date_order orders[4] = { known, DATE_ORDER_MONTH_FIRST, DATE_ORDER_DAY_FIRST,
		DATE_ORDER_YEAR_FIRST };
	if (!four_digits && separator == '/' && n[0] > 12) {
		orders[1] = DATE_ORDER_YEAR_FIRST;
		orders[3] = DATE_ORDER_MONTH_FIRST;
	} else if (separator != '/') {
		orders[1] = DATE_ORDER_DAY_FIRST;
		orders[2] = DATE_ORDER_MONTH_FIRST;
	}
	struct date taken = { 0, 0, 0 }, tried;
	enum date_order order = DATE_ORDER_UNKNOWN;
	int valid = 0;
	for (int i = 0; i < 4; i++) {
		if (orders[i] == DATE_ORDER_UNKNOWN || (i > 0 && orders[i] == known))
			continue;
		if ((four_digits && orders[i] == DATE_ORDER_YEAR_FIRST) ||
			!date_in_order(n, orders[i], four_digits, &tried))
			continue;
		if (valid++ > 0)
			break;
		taken = tried;
		order = orders[i];
	}
	if (valid == 0)
		return false;
	s->year = (int16_t)taken.year;
	s->month = (uint8_t)taken.month;
	s->day = (uint8_t)taken.day;
	s->order = order;
	s->order_is_open = valid > 1;
	for (int i = 0; i < 3; i++)
		s->numbers[i] = (uint8_t)(n[i] % 100);
	s->year_is_short = !four_digits;
	return true;
}

/* 03-17, 10.30, 12/31: no year. Months first but with a dot behind the day, as in 30.10. */
static const char *date_without_year(const struct stamp_search *search, const char *p,
	const char *end, const int n[2], char separator, struct stamp *s)
{
	bool day_first = false;
	enum date_order known = separator == '.' ? search->dot_order : search->slash_order;
	if (separator == '.' && at(p, end) == '.') {
		day_first = true;
		p++;
	} else if (known == DATE_ORDER_DAY_FIRST) {
		day_first = true;
	}
	/* 12/31-23:59:59 is Snort's way, 12-31|23:59:59 that of some in Go. */
	bool joined = ((separator == '/' && at(p, end) == '-') ||
			      (separator == '-' && at(p, end) == '|')) &&
		      digit_run(p + 1, end) == 2 && at(p + 3, end) == ':';
	if (at(p, end) != ' ' && !joined)
		return NULL;
	s->date_separator = (uint8_t)separator;
	s->order = n[0] > 12 ? DATE_ORDER_DAY_FIRST : DATE_ORDER_MONTH_FIRST;
	s->order_is_open = n[0] <= 12 && n[1] <= 12;
	if (set_date(s, 0, n[day_first ? 1 : 0], n[day_first ? 0 : 1]))
		return p;
	return set_date(s, 0, n[day_first ? 0 : 1], n[day_first ? 1 : 0]) ? p : NULL;
}

/* 31/Dec/2025, 31-Dec-25, 31 Dec 2025, 31 Dec, 31-Dec. p is behind the day, at the separator. */
static const char *date_day_month_name(const char *p, const char *end, int day, struct stamp *s)
{
	char separator = at(p, end);
	size_t len = 0;
	bool joined = end - p > 4 && memcmp(p, " de ", 4) == 0; /* 9 de noviembre de 2025 */
	p += joined ? 3 : 0;
	int month = stamp_local_month_name(p + 1, end, &len);
	if (month == 0)
		return NULL;
	const char *q = p + 1 + len;
	if (at(q, end) == '.' && separator == ' ')
		q++;
	if (joined && end - q > 4 && memcmp(q, " de ", 4) == 0)
		q += 3;
	char behind = at(q, end);
	if (behind == separator || (separator == ' ' && behind == ',')) {
		const char *r = q + 1;
		r += behind == ',' && at(r, end) == ' ';
		int digits = digit_run(r, end);
		bool is_year = digits == 4 || (digits == 2 && at(r + 2, end) != ':');
		int year = !is_year	 ? 0
			   : digits == 4 ? number(r, 4)
					 : year_of_two_digits(number(r, 2));
		if (is_year && year >= YEAR_FIRST && year <= YEAR_LAST) {
			s->date_separator = (uint8_t)separator;
			return set_date(s, year, month, day) ? r + digits : NULL;
		}
	}
	if ((separator != ' ' && separator != '-') || behind != ' ')
		return NULL;
	return set_date(s, 0, month, day) ? q : NULL;
}

/* 31Dec2025 */
static const char *date_day_month_year(const char *p, const char *end, int day, struct stamp *s)
{
	size_t len = 0;
	int month = end - p > 3 ? stamp_month_name(p, p + 3, &len) : 0;
	if (month == 0 || digit_run(p + 3, end) != 4)
		return NULL;
	int year = number(p + 3, 4);
	if (year < YEAR_FIRST || year > YEAR_LAST || !set_date(s, year, month, day))
		return NULL;
	return p + 7;
}

/* `9. 11. 2025`, as Czech writes dates; p is behind the day. */
static const char *date_dots_day_first(const char *p, const char *end, int day, struct stamp *s)
{
	if (end - p < 3 || p[0] != '.' || p[1] != ' ')
		return NULL;
	int digits = digit_run(p + 2, end);
	const char *year = p + 2 + digits + 2;
	if (digits < 1 || digits > 2 || end - year < 4 || year[-2] != '.' || year[-1] != ' ' ||
		digit_run(year, end) != 4)
		return NULL;
	int value = number(year, 4);
	bool valid = value >= YEAR_FIRST && value <= YEAR_LAST &&
		     set_date(s, value, number(p + 2, digits), day);
	return valid ? year + 4 : NULL;
}

static bool ends_ordinal(const char *p, const char *end)
{
	static const char endings[] = "stndrdth";
	for (size_t i = 0; i < 8 && end - p > 3; i += 2) {
		if (memcmp(p, endings + i, 2) == 0 && p[2] == ' ' && is_alpha(p[3]))
			return true;
	}
	return false;
}

/* ` 9:05:07:081`, ` 10:05:07`: 4.03.25 is a date in front of it, and else a version. */
static bool has_time_behind(const char *p, const char *end)
{
	int digits = at(p, end) == ' ' ? digit_run(p + 1, end) : 0;
	const char *q = p + 1 + digits;
	return (digits == 1 || digits == 2) && at(q, end) == ':' && digit_run(q + 1, end) == 2 &&
	       at(q + 3, end) == ':' && digit_run(q + 4, end) == 2;
}

/* Dates that begin with one or two digits. */
static const char *date_small_first(const struct stamp_search *search, const char *p,
	const char *end, int digits, struct stamp *s)
{
	int n[3] = { number(p, digits), 0, 0 };
	p += digits;
	if (at(p, end) == '.' && at(p + 1, end) == ' ' && is_digit(at(p + 2, end)))
		return date_dots_day_first(p, end, n[0], s);
	if (at(p, end) == '.' && at(p + 1, end) == ' ')
		p++; /* 31. Dez 2025 */
	else if (ends_ordinal(p, end))
		p += 2; /* 31st December 2025 */
	char separator = at(p, end);
	if (is_alpha(separator))
		return date_day_month_year(p, end, n[0], s);
	if (separator != '-' && separator != '/' && separator != '.' && separator != ' ')
		return NULL;
	if (is_alpha(at(p + 1, end)) || (at(p + 1, end) & 0x80) != 0)
		return date_day_month_name(p, end, n[0], s);
	if (separator == ' ')
		return NULL;
	int more = digit_run(p + 1, end);
	if (more < 1 || more > 2)
		return NULL;
	n[1] = number(p + 1, more);
	p += 1 + more;
	int last = at(p, end) == separator ? digit_run(p + 1, end) : 0;
	if (last == 0 || (separator == '-' && last == 2 && at(p + 3, end) == ':'))
		return date_without_year(search, p, end, n, separator, s);
	if (last != 4 && last != 2)
		return NULL;
	n[2] = number(p + 1, last);
	if (last == 4 && (n[2] < YEAR_FIRST || n[2] > YEAR_LAST))
		return NULL;
	if (last == 2 && (digits != 2 || more != 2) && separator != '/' &&
		!(separator == '.' && more == 2 && has_time_behind(p + 3, end)))
		return NULL;
	s->date_separator = (uint8_t)separator;
	return stamp_choose_order(search, s, n, last == 4, separator) ? p + 1 + last : NULL;
}

/* A date that begins with a digit. *is_packed: eight, seven or six digits in a row. */
const char *stamp_date_read(const struct stamp_search *search, const char *p, const char *end,
	struct stamp *s, bool *is_packed)
{
	int digits = digit_run(p, end);
	*is_packed = false;
	if (digits == 4)
		return date_year_first(p + 4, end, number(p, 4), s);
	if (digits <= 2)
		return date_small_first(search, p, end, digits, s);
	*is_packed = true;
	if (digits == 8) {
		int year = number(p, 4);
		bool valid = year >= YEAR_FIRST && year <= YEAR_LAST &&
			     set_date(s, year, number(p + 4, 2), number(p + 6, 2));
		return valid ? p + 8 : NULL;
	}
	if (digits == 7) /* 2025365: the year's day */
		return set_year_day(s, number(p, 4), number(p + 4, 3)) ? p + 7 : NULL;
	/* 25365 12:00:00.12: the same on a mainframe's console, which writes hundredths. */
	if (digits == 5 && end - p > 17 && p[5] == ' ' && p[8] == ':' && p[11] == ':' &&
		p[14] == '.' && digit_run(p + 15, end) == 2)
		return set_year_day(s, year_of_two_digits(number(p, 2)), number(p + 2, 3)) ? p + 5
											   : NULL;
	if (digits == 6)
		return set_date(s, year_of_two_digits(number(p, 2)), number(p + 2, 2),
			       number(p + 4, 2))
			       ? p + 6
			       : NULL;
	return NULL;
}
