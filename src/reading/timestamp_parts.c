/* SPDX-License-Identifier: MIT */
/* The parts that stamps are made of: times of day and zones. */
#include "src/reading/timestamp_parts.h"

#include "lineup/zone.h"

/* A number of one or two digits, not part of a longer one; -1. */
static int small_number(const char **ptr, const char *end)
{
	const char *p = *ptr;
	if (!is_digit(at(p, end)))
		return -1;
	int value = *p++ - '0';
	if (is_digit(at(p, end)))
		value = value * 10 + (*p++ - '0');
	*ptr = p;
	return is_digit(at(p, end)) ? -1 : value;
}

static const int32_t powers_of_ten[10] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000,
	100000000, 1000000000 };

/*
 * What may follow the seconds: .1 to .123456789 (and longer), ",123" in threes (another count of
 * digits behind a comma is the next column), ":7" to ":999" as milliseconds, ":123456" as
 * microseconds.
 */
static const char *fraction_read(const char *p, const char *end, struct stamp *s)
{
	char c = at(p, end);
	if (c != '.' && c != ',' && c != ':')
		return p;
	const char *q = p + 1;
	int32_t value = 0;
	int digits = 0;
	for (; digits < 9 && is_digit(at(q, end)); q++, digits++)
		value = value * 10 + (*q - '0');
	bool longer = is_digit(at(q, end));
	while (is_digit(at(q, end)))
		q++;
	if (digits == 0)
		return p;
	if (c == ':') {
		if ((digits > 3 && digits != 6) || longer || at(q, end) == ':')
			return p;
		s->nanosecond = value * (digits == 6 ? 1000 : 1000000);
		s->fraction_digits = digits == 6 ? 6 : 3;
		return q;
	}
	if (c == ',' && (longer || digits % 3 != 0))
		return p;
	if (c == ',' && at(q, end) == '.' && is_digit(at(q + 1, end)))
		return p; /* the next column is an address */
	s->fraction_digits = (uint8_t)digits;
	s->nanosecond = value * powers_of_ten[9 - digits];
	return q;
}

static const char *half_day_read(const char *p, const char *end, struct stamp *s)
{
	const char *q = p;
	/* The blank may be a narrow one (U+202F), as newer Java and macOS write it. */
	if (end - q >= 3 && memcmp(q, "\xe2\x80\xaf", 3) == 0)
		q += 3;
	else if (at(q, end) == ' ')
		q++;
	char c = (char)(at(q, end) | 32);
	if (c != 'a' && c != 'p')
		return p;
	const char *r = q + 1;
	bool dotted = at(r, end) == '.';
	r += dotted;
	/* Spanish has a blank in it, mostly one that does not break: p. m. */
	if (dotted && end - r >= 2 && memcmp(r, "\xc2\xa0", 2) == 0)
		r += 2;
	else if (dotted && at(r, end) == ' ' && at(r + 2, end) == '.')
		r++;
	if ((at(r, end) | 32) != 'm')
		return p;
	r++;
	r += dotted && at(r, end) == '.';
	return is_alpha(at(r, end)) || is_digit(at(r, end)) || !set_half(s, c) ? p : r;
}

static bool time_is_valid(const struct stamp *s)
{
	if (s->hour > 23 && (s->hour > 24 || s->minute != 0 || s->second != 0))
		return false;
	return s->minute <= 59 && s->second <= 60;
}

static const char *packed_time_read(const char *p, const char *end, struct stamp *s)
{
	int digits = 0;
	while (digits < 10 && is_digit(at(p + digits, end)))
		digits++;
	if (digits != 6 && digits != 4 && digits != 9)
		return NULL;
	s->hour = (uint8_t)((p[0] - '0') * 10 + (p[1] - '0'));
	s->minute = (uint8_t)((p[2] - '0') * 10 + (p[3] - '0'));
	s->second = digits >= 6 ? (uint8_t)((p[4] - '0') * 10 + (p[5] - '0')) : 0;
	if (!time_is_valid(s))
		return NULL;
	if (digits == 9) { /* 235959123 */
		s->nanosecond = number(p + 6, 3) * 1000000;
		s->fraction_digits = 3;
		return p + 9;
	}
	if (digits == 4 && at(p + 4, end) == '-' && is_digit(at(p + 5, end)))
		return NULL; /* the groups of an id: 20251123-1742-5860-... */
	return digits == 6 ? fraction_read(p + 6, end, s) : p + 4;
}

const char *stamp_time_read(
	const char *ptr, const char *end, bool may_be_dotted, bool may_be_packed, struct stamp *s)
{
	const char *p = ptr;
	s->nanosecond = 0;
	s->fraction_digits = 0;
	int hour = small_number(&p, end);
	if (hour < 0)
		return may_be_packed ? packed_time_read(ptr, end, s) : NULL;
	char separator = at(p, end);
	if (separator != ':' && separator != '.' &&
		!((separator == '-' || separator == '_') && may_be_dotted))
		return NULL;
	p++;
	int minute = small_number(&p, end);
	if (hour > 24 || minute < 0)
		return NULL;
	int second = 0;
	const char *minute_end = p;
	bool has_seconds = false;
	if (at(p, end) == separator && is_digit(at(p + 1, end))) {
		p++;
		second = small_number(&p, end);
		has_seconds = second >= 0;
		if (!has_seconds)
			return NULL;
	}
	s->hour = (uint8_t)hour;
	s->minute = (uint8_t)minute;
	s->second = (uint8_t)second;
	if (separator == ':' && !has_seconds && end - p > 6 && p[0] == '.' && p[3] == '.' &&
		digit_run(p + 1, end) == 2 && digit_run(p + 4, end) == 3) { /* 23:59.59.123 */
		s->second = (uint8_t)number(p + 1, 2);
		s->nanosecond = number(p + 4, 3) * 1000000;
		s->fraction_digits = 3;
		return time_is_valid(s) ? p + 7 : NULL;
	}
	if (!time_is_valid(s) || (!has_seconds && (separator != ':' || minute_end[-2] == ':')))
		return NULL;
	if (has_seconds && (separator == '-' || separator == '_') && at(p, end) == separator &&
		digit_run(p + 1, end) == 3) { /* 23-59-59-123, 23_59_59_123 */
		s->nanosecond = number(p + 1, 3) * 1000000;
		s->fraction_digits = 3;
		return p + 4;
	}
	if (has_seconds)
		p = fraction_read(p, end, s);
	const char *q = half_day_read(p, end, s);
	/* 10:11:12 AM.345 */
	if (q != p && has_seconds && s->fraction_digits == 0 && at(q, end) == '.' &&
		digit_run(q + 1, end) == 3)
		q = fraction_read(q, end, s);
	/* Numbers with dots are an address or a version, unless AM or PM follows:
	 * 10.11.12.345 AM. */
	if (separator != ':' && !may_be_dotted && q == p)
		return NULL;
	return q;
}

static const char *offset_read(const char *ptr, const char *end, bool after_blank, struct stamp *s)
{
	const char *p = ptr + 1;
	int digits = 0;
	while (digits < 5 && is_digit(at(p + digits, end)))
		digits++;
	int hours, minutes = 0;
	if (digits < 2)
		return NULL;
	hours = (p[0] - '0') * 10 + (p[1] - '0');
	if (digits == 4) {
		minutes = (p[2] - '0') * 10 + (p[3] - '0');
		p += 4;
	} else if (digits == 2 && at(p + 2, end) == ':' && is_digit(at(p + 3, end)) &&
		   is_digit(at(p + 4, end)) && !is_digit(at(p + 5, end))) {
		minutes = (p[3] - '0') * 10 + (p[4] - '0');
		p += 5;
		if (at(p, end) == ':' && is_digit(at(p + 1, end)))
			return NULL; /* a second time of day: 10:00:00-12:30:00 */
	} else if (digits == 2) {
		p += 2;
		char next = at(p, end);
		/* Behind a blank it may be any number: PostgreSQL's -03 stands alone. */
		if (after_blank && (hours > 14 || (next != '\0' && next != ' ' && next != ']')))
			return NULL;
		if (next == '-' || next == '.' || next == '/' || next == ':' || is_alpha(next))
			return NULL;
	} else if (digits == 3 && !after_blank) { /* minutes, as DB2 writes them */
		s->zone = STAMP_ZONE_OFFSET;
		s->offset_seconds = number(p, 3) * 60 * (*ptr == '-' ? -1 : 1);
		return number(p, 3) <= 18 * 60 ? p + 3 : NULL;
	} else {
		return NULL;
	}
	if (hours > 18 || minutes > 59)
		return NULL;
	s->zone = STAMP_ZONE_OFFSET;
	s->offset_seconds = (hours * 60 + minutes) * 60 * (*ptr == '-' ? -1 : 1);
	return p;
}

/* Europe/Berlin, America/Argentina/Buenos_Aires, Central European Time */
static const char *full_name_read(const char *p, const char *end, struct stamp *s)
{
	size_t len = 0, slashes = 0;
	for (; len < 40 && p + len < end; len++) {
		char c = p[len];
		if (!is_alpha(c) && c != '/' && c != '_')
			break;
		slashes += c == '/';
	}
	if (slashes == 0) {
		char next = at(p + len + 1, end);
		size_t words =
			at(p + len, end) == ' ' && next >= 'A' && next <= 'Z'
				? zone_words_read(str_of(p, (size_t)(end - p)), &s->offset_seconds)
				: 0;
		s->zone = words > 0 ? STAMP_ZONE_OFFSET : s->zone;
		return words > 0 ? p + words : NULL;
	}
	if (!zone_iana_known(str_of(p, len)))
		return NULL;
	s->zone = STAMP_ZONE_NAME;
	s->zone_name = str_of(p, len);
	return p + len;
}

/* "CET", "UTC+2", "GMT+0200" or, behind a blank, "Europe/Berlin", from a capital on; `ptr` where it
 * is none. */
static const char *zone_word_read(
	const char *ptr, const char *p, const char *end, bool after_blank, struct stamp *s)
{
	char c = at(p, end);
	size_t len = 1;
	while (len < 6 && p + len < end && p[len] >= 'A' && p[len] <= 'Z')
		len++;
	char next = at(p + len, end);
	if (after_blank && (next == '/' || (next >= 'a' && next <= 'z'))) {
		const char *q = full_name_read(p, end, s);
		return q != NULL ? q : ptr;
	}
	if (len > 5 || (next >= 'a' && next <= 'z') || is_digit(next) || next == '_')
		return ptr;
	if (len == 1 && c == 'Z') {
		s->zone = STAMP_ZONE_OFFSET;
		s->offset_seconds = 0;
		return p + 1;
	}
	struct str name = str_of(p, len);
	int32_t offset;
	/* No zone's name ends like INFO, WARN, ERROR or DEBUG. */
	char last = p[len - 1];
	if (last != 'T' && last != 'C' && last != 'D' && last != 'K' && last != 'B' && last != 'Z')
		return ptr;
	if (len < 2 || !zone_name_offset(NULL, name, &offset))
		return ptr;
	if ((next == '+' || next == '-') && offset == 0) {
		const char *q = offset_read(p + len, end, false, s); /* GMT+0200 */
		if (q != NULL)
			return q;
		if (digit_run(p + len + 1, end) == 1) { /* UTC+2 */
			s->zone = STAMP_ZONE_OFFSET;
			s->offset_seconds = (p[len + 1] - '0') * 3600 * (next == '-' ? -1 : 1);
			return p + len + 2;
		}
	}
	if (next == '-' || next == '/' || next == '=')
		return ptr; /* a word that starts like a zone: MST-server */
	s->zone = STAMP_ZONE_NAME;
	s->zone_name = name;
	return p + len;
}

const char *stamp_zone_read(const char *ptr, const char *end, struct stamp *s)
{
	const char *p = ptr;
	bool after_blank = at(p, end) == ' ';
	if (after_blank)
		p++;
	char c = at(p, end);
	if (c == '#' &&
		(at(p + 1, end) == '+' || at(p + 1, end) == '-')) /* a column of SAP's Java */
		c = *++p;
	if (c == '\xe2' && end - p > 3 && memcmp(p, "\xe2\x88\x92", 3) == 0) {
		const char *q = offset_read(p + 2, end, after_blank, s); /* ISO 8601's own minus */
		if (q == NULL)
			return ptr;
		s->offset_seconds = -s->offset_seconds;
		return q;
	}
	if (c == '+' || c == '-') {
		const char *q = offset_read(p, end, after_blank, s);
		return q != NULL ? q : ptr;
	}
	if (c == '(' && after_blank) { /* 12:00:00 (CET) */
		const char *q = stamp_zone_read(p + 1, end, s);
		if (q != p + 1 && at(q, end) == ')' && at(p + 1, end) != ' ')
			return q + 1;
		s->zone = STAMP_ZONE_NONE;
		return ptr;
	}
	if (c < 'A' || c > 'Z')
		return ptr;
	return zone_word_read(ptr, p, end, after_blank, s);
}

const char *stamp_time_finish(const char *ptr, const char *end, struct stamp *s)
{
	if (ptr == end)
		return ptr;
	if (is_digit(*ptr))
		return NULL;
	const char *p = fraction_read(ptr, end, s);
	if (p < end && *p == 'Z')
		return stamp_zone_read(p, end, s);
	return stamp_zone_read(half_day_read(p, end, s), end, s);
}

int stamp_weekday(int64_t days)
{
	int64_t from_monday = (days + 3) % 7;
	return (int)(from_monday < 0 ? from_monday + 7 : from_monday) + 1;
}

int64_t stamp_wall_seconds(const struct stamp *s)
{
	return clock_days(s->year, s->month, s->day) * 86400 + s->hour * 3600 + s->minute * 60 +
	       s->second;
}
