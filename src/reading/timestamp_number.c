/* SPDX-License-Identifier: MIT */
/* Stamps that are one number, and what must stand around a number that is meant as one. */
#include "src/reading/timestamp_parts.h"

/* Seconds since 1970 that are taken for a time: 1995 to 2100. */
#define EPOCH_FIRST INT64_C(788918400)
#define EPOCH_LAST  INT64_C(4102444800)

#define HEAD_BYTES 48 /* in which such a number may stand between brackets */

/* Eight digits in hexadecimal; -1. */
static int64_t hex8(const char *p)
{
	int64_t value = 0;
	for (int i = 0; i < 8; i++) {
		char c = p[i];
		if (!is_digit(c) && ((c | 32) < 'a' || (c | 32) > 'f'))
			return -1;
		value = value << 4 | (is_digit(c) ? c - '0' : (c | 32) - 'a' + 10);
	}
	return value;
}

const char *stamp_packed_read(const char *p, const char *end, int digits, struct stamp *s)
{
	/* 20251231235959, with hundredths, milli- or microseconds */
	if (digits != 14 && digits != 16 && digits != 17 && digits != 20)
		return NULL;
	int year = number(p, 4);
	if (year < 1990 || year > 2099 || !set_date(s, year, number(p + 4, 2), number(p + 6, 2)))
		return NULL;
	s->hour = (uint8_t)number(p + 8, 2);
	s->minute = (uint8_t)number(p + 10, 2);
	s->second = (uint8_t)number(p + 12, 2);
	if (s->hour > 23 || s->minute > 59 || s->second > 60)
		return NULL;
	if (digits == 16)
		s->nanosecond = number(p + 14, 2) * 10000000;
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
	p = stamp_zone_read(p, end, s);
	return is_alpha(at(p, end)) ? NULL : p;
}

/* 9DBCFDEE   0304090525 T O errdemon: a row of AIX's errpt, month, day, hour, minute, year. */
const char *stamp_error_report_read(struct str line, const char *p, struct stamp *s)
{
	size_t start = (size_t)(p - line.ptr);
	if (start < 9 || start > 12 || line.len < start + 15 || hex8(line.ptr) < 0 ||
		line.ptr[8] != ' ')
		return NULL;
	for (const char *q = p + 10; q < p + 14; q += 2) {
		if (q[0] != ' ' || q[1] < 'A' || q[1] > 'Z')
			return NULL;
	}
	s->hour = (uint8_t)number(p + 4, 2);
	s->minute = (uint8_t)number(p + 6, 2);
	if (p[14] != ' ' || s->hour > 23 || s->minute > 59 ||
		!set_date(s, year_of_two_digits(number(p + 8, 2)), number(p, 2), number(p + 2, 2)))
		return NULL;
	return p + 10;
}

const char *stamp_month_day_read(const char *p, const char *end, struct stamp *s)
{
	if (end - p < 11 || p[4] != '/' || digit_run(p + 5, end) != 6 ||
		!set_date(s, 0, number(p, 2), number(p + 2, 2)))
		return NULL;
	s->hour = (uint8_t)number(p + 5, 2);
	s->minute = (uint8_t)number(p + 7, 2);
	s->second = (uint8_t)number(p + 9, 2);
	if (s->hour > 23 || s->minute > 59 || s->second > 60)
		return NULL;
	p += 11;
	int digits = at(p, end) == '.' ? digit_run(p + 1, end) : 0;
	if (digits == 3 || digits == 6) {
		s->nanosecond = number(p + 1, digits) * (digits == 3 ? 1000000 : 1000);
		s->fraction_digits = (uint8_t)digits;
		p += 1 + digits;
	}
	char behind = at(p, end);
	return p == end || behind == ':' || behind == ']' || behind == '"' ? p : NULL;
}

/*
 * TAI64N (D. J. Bernstein): 2^62 + TAI seconds since 1970, then nanoseconds; TAI64 ends before
 * these. Its writers add 10 s.
 */
const char *stamp_tai_read(const char *p, const char *end, struct stamp *s)
{
	uint64_t seconds = 0, nanoseconds = 0;
	int digits = end - p >= 17 && (end - p == 17 || p[17] == ' ') ? 16 : 24;
	for (int i = 0; i < digits; i++) {
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
	s->fraction_digits = digits == 24 ? 9 : 0;
	return p + 1 + digits;
}

/*
 * Other numbers that count from another year: Windows' FILETIME (tenths of a microsecond since
 * 1601), .NET's ticks (the same since the year 1), WebKit's microseconds since 1601. Of a time
 * between 1995 and 2100 none of them has the digits of another.
 */
const char *stamp_ticks_read(const char *p, int digits, struct stamp *s)
{
	static const struct {
		int digits;
		int64_t per_second;
		int64_t seconds_before; /* 1970 */
	} kinds[] = { { 18, 10000000, INT64_C(11644473600) },
		{ 18, 10000000, INT64_C(62135596800) }, { 17, 1000000, INT64_C(11644473600) } };
	int64_t value = 0;
	if (digits != 17 && digits != 18)
		return NULL;
	for (int i = 0; i < digits; i++)
		value = value * 10 + (p[i] - '0');
	for (size_t i = 0; i < countof(kinds); i++) {
		int64_t unit = kinds[i].per_second;
		int64_t seconds = value / unit - kinds[i].seconds_before;
		if (kinds[i].digits != digits || seconds < EPOCH_FIRST || seconds > EPOCH_LAST)
			continue;
		s->kind = STAMP_INSTANT;
		s->instant_ns = seconds * NS_PER_S + value % unit * (NS_PER_S / unit);
		s->fraction_digits = (uint8_t)(digits - 11);
		return p + digits;
	}
	return NULL;
}

/* 0x6925d6d5: seconds since 1970. */
const char *stamp_hex_read(const char *p, const char *end, struct stamp *s)
{
	int64_t seconds = end - p >= 10 && p[1] == 'x' ? hex8(p + 2) : -1;
	if (seconds < EPOCH_FIRST || seconds > EPOCH_LAST || is_alpha(at(p + 10, end)))
		return NULL;
	s->kind = STAMP_INSTANT;
	s->instant_ns = seconds * NS_PER_S;
	return p + 10;
}

/* In front of a line, as OpenLDAP writes it:
 * two such numbers would have to look like it by chance. */
const char *stamp_hex_pair_read(const char *p, struct stamp *s)
{
	int64_t seconds = hex8(p), nanoseconds = hex8(p + 9);
	if (seconds < EPOCH_FIRST || seconds > EPOCH_LAST || nanoseconds < 0 ||
		nanoseconds >= NS_PER_S)
		return NULL;
	s->kind = STAMP_INSTANT;
	s->instant_ns = seconds * NS_PER_S + nanoseconds;
	s->fraction_digits = 9;
	return p + 17;
}

const char *stamp_epoch_read(const char *p, const char *end, int digits, struct stamp *s)
{
	static const int64_t units[] = { NS_PER_S, NS_PER_MS, NS_PER_US, 1 };
	if (digits != 10 && digits != 13 && digits != 16 && digits != 19)
		return NULL;
	/* 19 digits can be more than an int64_t holds. */
	uint64_t whole = 0;
	for (int i = 0; i < digits; i++)
		whole = whole * 10 + (uint64_t)(p[i] - '0');
	if (whole > INT64_MAX)
		return NULL;
	int64_t value = (int64_t)whole;
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

const char *stamp_scientific_read(const char *p, const char *end, struct stamp *s)
{
	int places = digit_run(p + 2, end);
	const char *q = p + 2 + places;
	if (places < 1 || places > 18 || (at(q, end) | 32) != 'e')
		return NULL;
	q += at(q + 1, end) == '+' ? 2 : 1;
	int digits = digit_run(q, end);
	int exponent = digits == 1 || digits == 2 ? number(q, digits) : 0;
	if (exponent % 3 != 0 || exponent < 9 || exponent > 18)
		return NULL;
	/* Nineteen digits: more than a signed number holds. */
	uint64_t value = (uint64_t)(*p - '0');
	for (int i = 0; i < 18; i++)
		value = value * 10 + (uint64_t)(i < places ? p[2 + i] - '0' : 0);
	/* It is now a number of seconds times 10^9, whatever the unit was. */
	int64_t seconds = (int64_t)(value / NS_PER_S);
	if (seconds < EPOCH_FIRST || seconds > EPOCH_LAST)
		return NULL;
	s->kind = STAMP_INSTANT;
	s->instant_ns = (int64_t)value;
	s->fraction_digits = (uint8_t)(places > 9 ? places - 9 : 0);
	return q + digits;
}

/* What stands behind the word in the keys of numbers that say their unit: time_ms, tsNanos. */
static struct str without_unit(struct str word)
{
	static const struct str units[] = { { "nanos", 5 }, { "nano", 4 }, { "ns", 2 }, { "ms", 2 },
		{ "us", 2 }, { "millis", 6 }, { "micros", 6 }, { "seconds", 7 }, { "secs", 4 },
		{ "sec", 3 } };
	for (size_t i = 0; i < countof(units); i++) {
		if (word.len > units[i].len + 1 &&
			str_equal_nocase(str_skip(word, word.len - units[i].len), units[i])) {
			word.len -= units[i].len;
			word.len -= word.ptr[word.len - 1] == '_';
			return word;
		}
	}
	return word;
}

/* Does this word before a number say that it is a time? Ends with time, ts, timestamp, date,
 * epoch. */
static bool is_time_key(const char *begin, const char *end)
{
	static const struct str ends[] = { { "timestamp", 9 }, { "time", 4 }, { "date", 4 },
		{ "epoch", 5 }, { "millis", 6 }, { "realtime_timestamp", 18 }, { "_at", 3 },
		{ "_start", 6 }, { "_end", 4 } };
	static const struct str whole[] = { { "ts", 2 }, { "t", 1 }, { "_ts", 3 }, { "rt", 2 },
		{ "start", 5 }, { "end", 3 }, { "when", 4 } };
	struct str word = without_unit(str_of(begin, (size_t)(end - begin)));
	for (size_t i = 0; i < countof(whole); i++) {
		if (str_equal_nocase(word, whole[i]))
			return true;
	}
	for (size_t i = 0; i < countof(ends); i++) {
		if (word.len >= ends[i].len &&
			str_equal_nocase(str_skip(word, word.len - ends[i].len), ends[i]))
			return true;
	}
	return word.len > 3 && str_equal_nocase(str_skip(word, word.len - 3), STR("_ts"));
}

/* Is that the text of an XML element <time>, <ts> or the like, which ends its tag before p? */
static bool is_time_element(const char *begin, const char *p)
{
	const char *word_end = p - 1, *word = word_end;
	while (word > begin && (is_alpha(word[-1]) || word[-1] == '_'))
		word--;
	return word > begin && word[-1] == '<' && is_time_key(word, word_end);
}

/* Which column starts at p? */
static unsigned column_of(struct str line, char separator, const char *p)
{
	unsigned column = 0;
	if (separator != '\0') {
		for (const char *c = line.ptr; c < p; c++)
			column += *c == separator;
		return column;
	}
	const char *c = line.ptr;
	while (c < p && (*c == ' ' || *c == '\t'))
		c++;
	for (; c < p; c++)
		column += (*c == ' ' || *c == '\t') && c[1] != ' ' && c[1] != '\t';
	return column;
}

bool stamp_epoch_is_meant(const struct stamp_search *search, struct str line, const char *p,
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
	if (previous == '>' && next == '<' && is_time_element(line.ptr, p))
		return true;
	if (previous == '[' &&
		next == ']') /* in full behind a level too: [ WARN] [1735689600.000000001] */
		return p - line.ptr <= 2 || (p - line.ptr <= 8 && line.ptr[0] == '<') ||
		       (p - line.ptr <= HEAD_BYTES && s->fraction_digits >= 6);
	/* [1735689600.000000001, {...: fluent-bit; (1735689600.000001): can-utils */
	if (previous == '[' && next == ',' && s->fraction_digits > 0 &&
		at(behind + 1, end) == ' ' && at(behind + 2, end) == '{')
		return true;
	if (previous == '(' && next == ')' && s->fraction_digits > 0 && p - line.ptr == 1)
		return true;
	if (previous == '(' && p - line.ptr >= 6 && memcmp(p - 6, "audit(", 6) == 0)
		return true;
	/* A field among others with its microseconds: ...:1735689600.000001:0:... */
	if (previous == ':' && next == ':' && s->fraction_digits == 6)
		return true;
	/* A shell's history: #1735689600 alone in its line, : 1735689600:0;command */
	if (previous == '#' && p - line.ptr == 1 && behind == end)
		return true;
	if (p - line.ptr == 2 && line.ptr[0] == ':' && next == ':' && at(behind + 1, end) != '\0')
		return true;
	if (search->epoch_columns == 0 || (next != '\0' && memchr(" \t|,;:\"", next, 7) == NULL))
		return false;
	if (previous == '"' && p - line.ptr > 1)
		previous = p[-2];
	if (previous == '[' && p - line.ptr == 1) /* rows that are arrays of JSON */
		previous = '\0';
	if (previous != '\0' && previous != ' ' && previous != '\t' && previous != '"' &&
		previous != search->column_separator)
		return false;
	unsigned column = column_of(line, search->column_separator, p);
	s->is_column = column < 32 && (search->epoch_columns >> column & 1) != 0;
	return s->is_column;
}

/* [   12.345678]: the kernel's seconds since boot; only at a line's start. */
const char *stamp_uptime_read(struct str line, const char *p, struct stamp *s)
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
