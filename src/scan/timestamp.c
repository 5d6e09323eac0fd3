/* SPDX-License-Identifier: MIT */
/* Dates, and what puts a date, a time and a zone together; the search for them in a line. */
#include "lineup/timestamp.h"

#include "lineup/clock.h"

/* Seconds since 1970 that are taken for a time: 1995 to 2100. */
#define EPOCH_FIRST INT64_C(788918400)
#define EPOCH_LAST  INT64_C(4102444800)

#define YEAR_FIRST 1970
#define YEAR_LAST  2199

static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static inline bool is_alpha(char c)
{
	return (unsigned char)((c | 32) - 'a') < 26;
}

static inline char at(const char *p, const char *end)
{
	return p < end ? *p : '\0';
}

static inline int number(const char *p, int digits)
{
	int value = 0;
	for (int i = 0; i < digits; i++)
		value = value * 10 + (p[i] - '0');
	return value;
}

static int digit_run(const char *p, const char *end)
{
	int count = 0;
	while (count < 24 && is_digit(at(p + count, end)))
		count++;
	return count;
}

static bool set_date(struct stamp *s, int year, int month, int day)
{
	if (month < 1 || month > 12 || day < 1)
		return false;
	/* Without a year, 29 February may be. */
	if (day > clock_month_days(year == 0 ? 2000 : year, month))
		return false;
	s->year = (int16_t)year;
	s->month = (uint8_t)month;
	s->day = (uint8_t)day;
	return true;
}

static int year_of_two_digits(int value)
{
	return value < 70 ? 2000 + value : 1900 + value;
}

/* ---- dates: each reads one at p, sets year, month and day, and returns its end or NULL ---- */

/* 2025-12-31, 2025/1/5, 2025.12.31, 2025:12:31, 2025-Dec-31, 2025 Dec 31. p is behind the year. */
static const char *date_year_first(const char *p, const char *end, int year, struct stamp *s)
{
	char separator = at(p, end);
	if (separator != '-' && separator != '/' && separator != '.' && separator != ':' &&
		separator != ' ')
		return NULL;
	if (year < YEAR_FIRST || year > YEAR_LAST)
		return NULL;
	p++;
	size_t len = 0;
	int month = stamp_month_name(p, end, &len);
	if (month == 0) {
		len = (size_t)digit_run(p, end);
		if (len < 1 || len > 2 || separator == ' ' || (separator == ':' && len != 2))
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
	s->date_separator = (uint8_t)separator;
	return p + digits;
}

static bool try_order(struct stamp *s, const int n[3], enum date_order order, bool four_digits)
{
	int year = order == DATE_ORDER_YEAR_FIRST ? n[0] : n[2];
	if (!four_digits)
		year = year_of_two_digits(year);
	int month = order == DATE_ORDER_MONTH_FIRST ? n[0] : n[1];
	int day = order == DATE_ORDER_DAY_FIRST	    ? n[0]
		  : order == DATE_ORDER_MONTH_FIRST ? n[1]
						    : n[2];
	return set_date(s, year, month, day);
}

/*
 * Three numbers in an order that must be chosen. What the member showed comes first; without that,
 * slashes are the American order (with a year of two digits after that of log4j, 25/12/31), dots and
 * dashes the European one.
 */
static bool choose_order(const struct stamp_search *search, struct stamp *s, const int n[3],
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
	struct stamp taken = *s;
	enum date_order order = DATE_ORDER_UNKNOWN;
	int valid = 0;
	for (int i = 0; i < 4; i++) {
		struct stamp tried = *s;
		if (orders[i] == DATE_ORDER_UNKNOWN || (i > 0 && orders[i] == known))
			continue;
		if ((four_digits && orders[i] == DATE_ORDER_YEAR_FIRST) ||
			!try_order(&tried, n, orders[i], four_digits))
			continue;
		if (valid++ == 0) {
			taken = tried;
			order = orders[i];
		}
	}
	if (valid == 0)
		return false;
	*s = taken;
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
	if (at(p, end) != ' ')
		return NULL;
	s->date_separator = (uint8_t)separator;
	if (set_date(s, 0, n[day_first ? 1 : 0], n[day_first ? 0 : 1]))
		return p;
	return set_date(s, 0, n[day_first ? 0 : 1], n[day_first ? 1 : 0]) ? p : NULL;
}

/* 31/Dec/2025, 31-Dec-25, 31 Dec 2025, 31 Dec. p is behind the day, at the separator. */
static const char *date_day_month_name(const char *p, const char *end, int day, struct stamp *s)
{
	char separator = at(p, end);
	size_t len = 0;
	int month = stamp_month_name(p + 1, end, &len);
	if (month == 0)
		return NULL;
	const char *q = p + 1 + len;
	if (at(q, end) == '.' && separator == ' ')
		q++;
	char behind = at(q, end);
	if (behind == separator || (separator == ' ' && behind == ',')) {
		const char *r = q + 1;
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
	if (separator != ' ' || behind != ' ')
		return NULL;
	return set_date(s, 0, month, day) ? q : NULL;
}

/* Dates that begin with one or two digits. */
static const char *date_small_first(const struct stamp_search *search, const char *p,
	const char *end, int digits, struct stamp *s)
{
	int n[3] = { number(p, digits), 0, 0 };
	p += digits;
	char separator = at(p, end);
	if (separator != '-' && separator != '/' && separator != '.' && separator != ' ')
		return NULL;
	if (is_alpha(at(p + 1, end)))
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
	if (last == 2 && (digits != 2 || more != 2))
		return NULL;
	s->date_separator = (uint8_t)separator;
	return choose_order(search, s, n, last == 4, separator) ? p + 1 + last : NULL;
}

/* A date that begins with a digit. *is_packed: eight or six digits in a row. */
static const char *date_read(const struct stamp_search *search, const char *p, const char *end,
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
	if (digits == 6)
		return set_date(s, year_of_two_digits(number(p, 2)), number(p + 2, 2),
			       number(p + 4, 2))
			       ? p + 6
			       : NULL;
	return NULL;
}

/* ---- between date and time ---- */

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
		{ "|", 1 },
		{ ";", 1 },
		{ "\t", 1 },
		{ ",", 1 },
		{ "  ", 2 },
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
	bool dotted = c == '-' || c == '_' || (c == '.' && time == p + 1);
	bool packed = c == 'T' || c == 't' || (is_packed && (c == ' ' || c == '-' || c == '_'));
	const char *q = stamp_time_read(time, end, dotted, packed, s);
	return q == NULL ? NULL : stamp_zone_read(q, end, s);
}

/* ---- whole stamps ---- */

static const char *read_packed_whole(const char *p, const char *end, int digits, struct stamp *s)
{
	/* 20251231235959, with milli- or microseconds */
	if (digits != 14 && digits != 17 && digits != 20)
		return NULL;
	int year = number(p, 4);
	if (year < 1990 || year > 2099 || !set_date(s, year, number(p + 4, 2), number(p + 6, 2)))
		return NULL;
	s->hour = (uint8_t)number(p + 8, 2);
	s->minute = (uint8_t)number(p + 10, 2);
	s->second = (uint8_t)number(p + 12, 2);
	if (s->hour > 23 || s->minute > 59 || s->second > 60)
		return NULL;
	if (digits == 17)
		s->nanosecond = number(p + 14, 3) * 1000000;
	if (digits == 20)
		s->nanosecond = number(p + 14, 6) * 1000;
	s->fraction_digits = (uint8_t)(digits - 14);
	p += digits;
	if (digits == 14 && at(p, end) == '.' && is_digit(at(p + 1, end))) {
		int32_t unit = 100000000;
		for (p++; is_digit(at(p, end)); p++, unit /= 10) {
			s->nanosecond += (*p - '0') * unit;
			s->fraction_digits = (uint8_t)(s->fraction_digits + (unit > 0));
		}
	}
	return stamp_zone_read(p, end, s);
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

/* Apr-07-13 07:08:36, Apr/07/2013:07:08:36; p is at the separator. */
static const char *finish_month_name_joined(
	const char *p, const char *end, int month, struct stamp *s)
{
	char separator = at(p, end);
	int digits = digit_run(p + 1, end);
	if (digits < 1 || digits > 2 || at(p + 1 + digits, end) != separator)
		return NULL;
	int day = number(p + 1, digits);
	p += 2 + digits;
	int year_digits = digit_run(p, end);
	if (year_digits != 2 && year_digits != 4)
		return NULL;
	int year = year_digits == 4 ? number(p, 4) : year_of_two_digits(number(p, 2));
	if (year < YEAR_FIRST || year > YEAR_LAST || !set_date(s, year, month, day))
		return NULL;
	return join_time(p + year_digits, end, false, s);
}

static const char *read_month_name(const char *p, const char *end, struct stamp *s)
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

static const char *read_civil(
	const struct stamp_search *search, const char *p, const char *end, struct stamp *s)
{
	bool is_packed;
	const char *q = date_read(search, p, end, s, &is_packed);
	return q == NULL ? NULL : join_time(q, end, is_packed, s);
}

/* Thu, 18 Jul 2025 ...; Sun Mar 13 22:52:12 2016; Mon 2025-12-01 10:00:00 UTC. */
static const char *read_weekday(
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
	return is_digit(at(p, end)) ? read_civil(search, p, end, s) : read_month_name(p, end, s);
}

/* 14:29:16 31.12.2025, 14:29:16.123 31-Dec-2025: the date stands behind. */
static const char *read_time_first(
	const struct stamp_search *search, const char *p, const char *end, struct stamp *s)
{
	const char *q = stamp_time_read(p, end, false, false, s);
	if (q == NULL)
		return NULL;
	const char *zoned = stamp_zone_read(q, end, s);
	const char *date = zoned;
	while (at(date, end) == ' ' || at(date, end) == ',')
		date++;
	if (date == zoned || !is_digit(at(date, end)))
		return NULL;
	bool is_packed;
	const char *r = date_read(search, date, end, s, &is_packed);
	if (r == NULL || s->year == 0 || is_packed || is_digit(at(r, end)) || is_alpha(at(r, end)))
		return NULL;
	return r;
}

/* I0517 15:04:22.619632, I20250211 13:17:55.023299: glog and klog. */
static const char *read_klog(const char *p, const char *end, struct stamp *s)
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

/* TAI64N (D. J. Bernstein): 2^62 + TAI seconds since 1970, then nanoseconds. Its writers add 10 s. */
static const char *read_tai(const char *p, const char *end, struct stamp *s)
{
	uint64_t seconds = 0, nanoseconds = 0;
	for (int i = 0; i < 24; i++) {
		char c = at(p + 1 + i, end);
		uint64_t value = is_digit(c)		? (uint64_t)(c - '0')
				 : c >= 'a' && c <= 'f' ? (uint64_t)(c - 'a' + 10)
							: 16;
		if (value == 16)
			return NULL;
		if (i < 16)
			seconds = seconds << 4 | value;
		else
			nanoseconds = nanoseconds << 4 | value;
	}
	int64_t since = (int64_t)(seconds - (UINT64_C(1) << 62)) - 10;
	if (seconds >> 62 != 1 || since > EPOCH_LAST || nanoseconds > 999999999)
		return NULL;
	s->kind = STAMP_INSTANT;
	s->instant_ns = since * NS_PER_S + (int64_t)nanoseconds;
	s->fraction_digits = 9;
	return p + 25;
}

static const char *read_epoch(const char *p, const char *end, int digits, struct stamp *s)
{
	static const int64_t units[] = { NS_PER_S, NS_PER_MS, NS_PER_US, 1 };
	if (digits != 10 && digits != 13 && digits != 16 && digits != 19)
		return NULL;
	/* 19 digits can be more than an int64_t holds. */
	uint64_t number = 0;
	for (int i = 0; i < digits; i++)
		number = number * 10 + (uint64_t)(p[i] - '0');
	if (number > INT64_MAX)
		return NULL;
	int64_t value = (int64_t)number;
	int64_t unit = units[(digits - 10) / 3];
	int64_t seconds = value / (NS_PER_S / unit);
	if (seconds < EPOCH_FIRST || seconds > EPOCH_LAST)
		return NULL;
	s->kind = STAMP_INSTANT;
	s->instant_ns = value * unit;
	s->fraction_digits = (uint8_t)(digits - 10);
	p += digits;
	if (digits == 10 && (at(p, end) == '.' || at(p, end) == ',') && is_digit(at(p + 1, end))) {
		int64_t scale = NS_PER_S / 10;
		if (*p == ',' && digit_run(p + 1, end) != 3)
			return p;
		for (p++; is_digit(at(p, end)); p++, scale /= 10) {
			s->instant_ns += (*p - '0') * scale;
			s->fraction_digits = (uint8_t)(s->fraction_digits + (scale > 0));
		}
	}
	return p;
}

/* Does this word before a number say that it is a time? Ends with time, ts, timestamp, date, epoch. */
static bool is_time_key(const char *begin, const char *end)
{
	static const struct str ends[] = { { "timestamp", 9 }, { "time", 4 }, { "date", 4 },
		{ "epoch", 5 }, { "millis", 6 }, { "realtime_timestamp", 18 }, { "_at", 3 } };
	struct str word = str_of(begin, (size_t)(end - begin));
	if (str_equal_nocase(word, STR("ts")) || str_equal_nocase(word, STR("t")) ||
		str_equal_nocase(word, STR("_ts")))
		return true;
	for (size_t i = 0; i < countof(ends); i++) {
		if (word.len >= ends[i].len &&
			str_equal_nocase(str_skip(word, word.len - ends[i].len), ends[i]))
			return true;
	}
	return word.len > 3 && str_equal_nocase(str_skip(word, word.len - 3), STR("_ts"));
}

/* Which column, separated by blanks, starts at p? */
static unsigned column_of(struct str line, const char *p)
{
	unsigned column = 0;
	for (const char *c = line.ptr; c < p; c++)
		column += (*c == ' ' || *c == '\t') && c + 1 <= p && c[1] != ' ' && c[1] != '\t';
	return column;
}

static bool epoch_is_meant(const struct stamp_search *search, struct str line, const char *p,
	const char *behind, struct stamp *s)
{
	const char *end = line.ptr + line.len;
	char next = at(behind, end), previous = p > line.ptr ? p[-1] : '\0';
	if (is_alpha(next) || next == '.' || next == '-' || next == '_' || next == '/')
		return false;
	const char *q = p;
	if (q > line.ptr && (q[-1] == '"' || q[-1] == '\''))
		q--;
	while (q > line.ptr && q[-1] == ' ')
		q--;
	if (q > line.ptr && (q[-1] == '=' || q[-1] == ':')) {
		const char *word_end = q - 1;
		if (word_end > line.ptr &&
			(word_end[-1] == '"' || word_end[-1] == '\'' || word_end[-1] == ' '))
			word_end--;
		const char *word = word_end;
		while (word > line.ptr &&
			(is_alpha(word[-1]) || word[-1] == '_' || is_digit(word[-1])))
			word--;
		if (is_time_key(word, word_end))
			return true;
	}
	if (previous == '[' && next == ']')
		return p - line.ptr <= 2 || (p - line.ptr <= 8 && line.ptr[0] == '<');
	if (previous == '(' && p - line.ptr >= 6 && memcmp(p - 6, "audit(", 6) == 0)
		return true;
	if (next != '\0' && next != ' ' && next != '\t' && next != '|' && next != ',' &&
		next != ';' && next != ':')
		return false;
	if (previous != '\0' && previous != ' ' && previous != '\t')
		return false;
	unsigned column = column_of(line, p);
	s->is_column = column < 32 && (search->epoch_columns >> column & 1) != 0;
	return s->is_column;
}

/* [   12.345678]: the kernel's seconds since boot; only at a line's start. */
static const char *read_uptime(struct str line, const char *p, struct stamp *s)
{
	const char *end = line.ptr + line.len;
	const char *q = p + 1;
	while (at(q, end) == ' ')
		q++;
	int digits = digit_run(q, end);
	if (digits < 1 || digits > 9 || at(q + digits, end) != '.' ||
		digit_run(q + digits + 1, end) != 6)
		return NULL;
	const char *behind = q + digits + 7;
	if (at(behind, end) != ']')
		return NULL;
	s->kind = STAMP_UPTIME;
	s->instant_ns =
		(int64_t)number(q, digits) * NS_PER_S + (int64_t)number(q + digits + 1, 6) * 1000;
	s->fraction_digits = 6;
	return behind + 1;
}

/* Two digits as a number; more than 99 when they are none. */
static inline unsigned two(const char *p)
{
	unsigned tens = (unsigned char)p[0] - (unsigned)'0',
		 ones = (unsigned char)p[1] - (unsigned)'0';
	return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}

/*
 * The shape that most logs have, 2025-12-31 23:59:59 in fixed width, read without asking at each byte
 * what could follow. Says nothing when the text is of another shape or a field is out of range: then
 * the grammar decides. What it reads, the grammar reads the same.
 */
static const char *read_fixed_iso(const char *p, const char *end, struct stamp *s)
{
	if (end - p < 19 || p[7] != p[4] || (p[4] != '-' && p[4] != '/') ||
		(p[10] != ' ' && p[10] != 'T') || p[13] != ':' || p[16] != ':')
		return NULL;
	unsigned century = two(p), years = two(p + 2), month = two(p + 5), day = two(p + 8),
		 hour = two(p + 11), minute = two(p + 14), second = two(p + 17);
	if (years > 99 || century < 20 || century > 20 || month - 1 > 11 || day - 1 > 27 ||
		hour > 23 || minute > 59 || second > 59)
		return NULL;
	s->year = (int16_t)(century * 100 + years);
	s->month = (uint8_t)month;
	s->day = (uint8_t)day;
	s->hour = (uint8_t)hour;
	s->minute = (uint8_t)minute;
	s->second = (uint8_t)second;
	s->date_separator = (uint8_t)p[4];
	return stamp_time_finish(p + 19, end, s);
}

static const char *read_digits_first(const struct stamp_search *search, struct str line,
	const char *p, struct stamp *s, bool is_value)
{
	const char *end = line.ptr + line.len;
	int digits = digit_run(p, end);
	if (digits >= 9) {
		const char *q = read_packed_whole(p, end, digits, s);
		if (q != NULL)
			return q;
		struct stamp epoch = *s;
		q = read_epoch(p, end, digits, &epoch);
		if (q == NULL || !(is_value || epoch_is_meant(search, line, p, q, &epoch)))
			return NULL;
		*s = epoch;
		return q;
	}
	if (digits <= 2 && at(p + digits, end) == ':')
		return read_time_first(search, p, end, s);
	return read_civil(search, p, end, s);
}

static bool read_at(const struct stamp_search *search, struct str line, size_t start,
	struct stamp *s, bool is_value)
{
	const char *p = line.ptr + start, *end = line.ptr + line.len;
	*s = (struct stamp){ .kind = STAMP_CIVIL, .start = (uint32_t)start };
	const char *q = NULL;
	char c = at(p, end);
	if (is_digit(c) && (q = read_fixed_iso(p, end, s)) != NULL)
		;
	else if (is_digit(c))
		q = read_digits_first(search, line, p, s, is_value);
	else if (c == '@')
		q = read_tai(p, end, s);
	else if (c == '[' && start == 0)
		q = read_uptime(line, p, s);
	else if (is_alpha(c) && is_digit(at(p + 1, end)))
		q = strchr("IWEFDVC", c) != NULL ? read_klog(p, end, s) : NULL;
	else if (is_alpha(c)) {
		q = read_month_name(p, end, s);
		if (q == NULL) {
			*s = (struct stamp){ .kind = STAMP_CIVIL, .start = (uint32_t)start };
			q = read_weekday(search, p, end, s);
		}
	}
	if (q == NULL || is_digit(at(q, end)))
		return false;
	s->end = (uint32_t)(q - line.ptr);
	return true;
}

bool stamp_read(const struct stamp_search *search, struct str line, size_t start, struct stamp *s)
{
	return read_at(search, line, start, s, false);
}

bool stamp_value(const struct stamp_search *search, struct str value, struct stamp *s)
{
	size_t start = 0;
	while (start < value.len &&
		(value.ptr[start] == ' ' || value.ptr[start] == '[' || value.ptr[start] == '('))
		start++;
	return read_at(search, value, start, s, true);
}

/* Bytes that a stamp can begin with: 1 a digit, 2 a letter of a name, 3 others. */
static const uint8_t begins[256] = {
	['0'] = 1,
	['1'] = 1,
	['2'] = 1,
	['3'] = 1,
	['4'] = 1,
	['5'] = 1,
	['6'] = 1,
	['7'] = 1,
	['8'] = 1,
	['9'] = 1,
	['A'] = 2,
	['D'] = 2,
	['F'] = 2,
	['J'] = 2,
	['M'] = 2,
	['N'] = 2,
	['O'] = 2,
	['S'] = 2,
	['T'] = 2,
	['W'] = 2,
	['I'] = 2,
	['E'] = 2,
	['V'] = 2,
	['C'] = 2,
	['@'] = 3,
};

/* Bytes behind which no stamp begins: it would be a part of a word, a path, a version, a number. */
static const uint8_t holds[256] = {
	['0'] = 1,
	['1'] = 1,
	['2'] = 1,
	['3'] = 1,
	['4'] = 1,
	['5'] = 1,
	['6'] = 1,
	['7'] = 1,
	['8'] = 1,
	['9'] = 1,
	['a'] = 1,
	['b'] = 1,
	['c'] = 1,
	['d'] = 1,
	['e'] = 1,
	['f'] = 1,
	['g'] = 1,
	['h'] = 1,
	['i'] = 1,
	['j'] = 1,
	['k'] = 1,
	['l'] = 1,
	['m'] = 1,
	['n'] = 1,
	['o'] = 1,
	['p'] = 1,
	['q'] = 1,
	['r'] = 1,
	['s'] = 1,
	['t'] = 1,
	['u'] = 1,
	['v'] = 1,
	['w'] = 1,
	['x'] = 1,
	['y'] = 1,
	['z'] = 1,
	['A'] = 1,
	['B'] = 1,
	['C'] = 1,
	['D'] = 1,
	['E'] = 1,
	['F'] = 1,
	['G'] = 1,
	['H'] = 1,
	['I'] = 1,
	['J'] = 1,
	['K'] = 1,
	['L'] = 1,
	['M'] = 1,
	['N'] = 1,
	['O'] = 1,
	['P'] = 1,
	['Q'] = 1,
	['R'] = 1,
	['S'] = 1,
	['T'] = 1,
	['U'] = 1,
	['V'] = 1,
	['W'] = 1,
	['X'] = 1,
	['Y'] = 1,
	['Z'] = 1,
	['.'] = 1,
	['_'] = 1,
	['/'] = 1,
	['\\'] = 1,
	['+'] = 1,
	['%'] = 1,
	['-'] = 2,
	['@'] = 1,
	[':'] = 3,
};

/*
 * A dash holds unless it is a rule or a bullet (`--2025-12-31 ...`, ` -2025-...`); a colon when it
 * stands in a number, as in a time of day.
 */
static bool is_held(struct str line, size_t start)
{
	uint8_t held = holds[(unsigned char)line.ptr[start - 1]];
	char before = start > 1 ? line.ptr[start - 2] : ' ';
	return held == 1 || (held == 2 && before != '-' && before != ' ') ||
	       (held == 3 && is_digit(before));
}

bool stamp_find(const struct stamp_search *search, struct str line, size_t from, size_t limit,
	struct stamp *s)
{
	limit = size_min(limit, line.len);
	if (from == 0 && line.len > 0 && line.ptr[0] == '[' && stamp_read(search, line, 0, s))
		return true;
	for (size_t i = from; i < limit; i++) {
		unsigned char c = (unsigned char)line.ptr[i];
		if (begins[c] == 0)
			continue;
		if (i > 0 && is_held(line, i))
			continue;
		if (stamp_read(search, line, i, s))
			return true;
	}
	return false;
}
