/* SPDX-License-Identifier: MIT */
/* The search for stamps in a line: where one may begin. */
#include "lineup/byte_masks.h"
#include "src/reading/timestamp_parts.h"

#define LOCAL_MONTH_BYTES 12 /* of the longest short name of a month */
#define LOCAL_BYTES	  12 /* of the shortest stamp with one */
#define NEAR_BYTES	  40 /* of a line that are looked at one by one */
#define FOUND		  SIZE_MAX

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
static inline int held_by(char c)
{
	if (is_alpha(c) || is_digit(c))
		return 1;
	switch (c) {
	case '.':
	case '_':
	case '/':
	case '\\':
	case '+':
	case '%':
	case '@':
		return 1;
	case '-':
		return 2;
	case ':':
		return 3;
	default:
		return 0;
	}
}

/* Is the byte before `at` the end of a terminal's colour, ESC [ 3 2 m? */
static bool ends_colour(struct str line, size_t at)
{
	size_t i = at - 1;
	if (line.ptr[i] != 'm')
		return false;
	while (i > 0 && at - i < 12 && (is_digit(line.ptr[i - 1]) || line.ptr[i - 1] == ';'))
		i--;
	return i > 1 && line.ptr[i - 1] == '[' && line.ptr[i - 2] == '\x1b';
}

/* Four digits and a slash or a dash, or eight and a colon: no time of day goes on like this. */
static bool begins_full_date(struct str line, size_t at_date)
{
	const char *p = line.ptr + at_date, *end = line.ptr + line.len;
	int digits = digit_run(p, end);
	char next = at(p + digits, end);
	return (digits == 4 && (next == '/' || next == '-')) || (digits == 8 && next == ':');
}

/*
 * `INFO-2025-12-31 12:00:00-text`: a dash behind the line's first word joins a date and a time with
 * a blank between them, which no file's name has.
 */
static bool follows_name(struct str line, size_t at_date)
{
	const char *p = line.ptr + at_date;
	return line.len > at_date + 18 && at_date <= 32 && p[4] == '-' && p[7] == '-' &&
	       p[10] == ' ' && p[13] == ':' && digit_run(p, p + 5) == 4 &&
	       memchr(line.ptr, ' ', at_date) == NULL;
}

/*
 * A dash holds unless it is a rule or a bullet (`--2025-12-31 ...`, ` -2025-...`); a colon when it
 * stands in a number, as in a time of day; a per cent sign or a dot unless it marks a name, as some
 * switches do (`%Dec 31 ...`, and `.Dec 31 ...` by a clock that has lost its server).
 */
static bool is_held(struct str line, size_t start)
{
	int held = held_by(line.ptr[start - 1]);
	char before = start > 1 ? line.ptr[start - 2] : ' ';
	if (held == 0)
		return false;
	if (held == 1)
		return !ends_colour(line, start) &&
		       !(is_alpha(line.ptr[start]) &&
			       (line.ptr[start - 1] == '%' ||
				       (line.ptr[start - 1] == '.' && before == ' ')));
	if (held == 2 && before != '-' && before != ' ')
		return !follows_name(line, start);
	return held == 2 ? false
			 : is_digit(before) && is_digit(line.ptr[start]) &&
				   !begins_full_date(line, start);
}

/* Is there the name of a month or a day? */
static inline bool begins_name(struct str line, size_t start)
{
	size_t len;
	const char *p = line.ptr + start, *end = line.ptr + line.len;
	return stamp_month_name(p, end, &len) != 0 || stamp_weekday_name(p, end, &len) != 0;
}

/*
 * Could a month in the words of another language stand at `start`, and a day behind it? Of a line
 * that begins with a digit only the numbered months of Chinese, Japanese and Korean could.
 */
static inline bool may_be_local(struct str line, size_t start)
{
	size_t i = start, end = size_min(line.len, start + LOCAL_MONTH_BYTES);
	if (i + 16 > line.len)
		return false;
	if (is_digit(line.ptr[i]))
		return (line.ptr[i + 1] & 0x80) != 0 ||
		       (is_digit(line.ptr[i + 1]) && (line.ptr[i + 2] & 0x80) != 0);
	while (i < end && (is_alpha(line.ptr[i]) || (line.ptr[i] & 0x80) != 0))
		i++;
	if (i < start + 3 || i == end)
		return false;
	i += line.ptr[i] == '.';
	return line.ptr[i] == ' ' && (is_digit(line.ptr[i + 1]) || is_digit(line.ptr[i + 2]));
}

/*
 * `Dez 31 23:59:59 host`, in front or behind a priority. The readers of the grammar find nothing
 * there, but may find a stamp in the message.
 */
static bool find_local(struct str line, size_t start, struct stamp *s)
{
	if (is_alpha(line.ptr[start]) && begins_name(line, start))
		return false;
	stamp_begin(s, start);
	const char *q = stamp_local_first_read(line.ptr + start, line.ptr + line.len, s);
	s->end = q != NULL ? (uint32_t)(q - line.ptr) : 0;
	return q != NULL;
}

/* Behind the priority that the line begins with, if it does. */
static inline size_t skip_priority(struct str line, size_t from)
{
	if (from >= line.len || line.ptr[from] != '<')
		return from;
	ptrdiff_t close = str_find_byte(str_head(str_skip(line, from), 5), '>');
	return close < 0 ? from : from + (size_t)close + 1;
}

/* `CET Dec 31 23:59:59`, `[CET Dec ...]`: the zone stands in front of the date, and in front of
 * all. */
static void take_zone_before(struct str line, size_t from, struct stamp *s)
{
	if (s->start < from + 3 || s->start > from + 7 || s->kind != STAMP_CIVIL ||
		s->zone != STAMP_ZONE_NONE || line.ptr[s->start - 1] != ' ')
		return;
	struct stamp zone = { .zone = STAMP_ZONE_NONE };
	const char *p = line.ptr + from, *end = line.ptr + s->start;
	p += *p == '[';
	if (*p == ' ' || stamp_zone_read(p, end, &zone) != end - 1)
		return;
	s->zone = zone.zone;
	s->zone_name = zone.zone_name;
	s->offset_seconds = zone.offset_seconds;
}

/* Bytes that join the digits of a date or of a time of day to what follows; 1 behind one or two, 2
 * behind more. */
static const uint8_t joins[256] = {
	['-'] = 3,
	['/'] = 3,
	['.'] = 3,
	[' '] = 3,
	[':'] = 3,
	['_'] = 2,
	['T'] = 2,
	['t'] = 2,
	['@'] = 2,
	['D'] = 2,
	['"'] = 2,
	[']'] = 2,
	['|'] = 2,
	[';'] = 2,
	[','] = 2,
	['\t'] = 2,
};

/* The end of the address 10.0.0.1 at p; p when it is none. */
static const char *address_end(const char *p, const char *end)
{
	const char *q = p;
	for (int i = 0; i < 4; i++) {
		int digits = digit_run(q, end);
		if (digits < 1 || digits > 3 ||
			at(q + digits, end) != (i < 3 ? '.' : at(q + digits, end)))
			return p;
		q += digits + (i < 3);
	}
	/* 31.12.25.23:59:59, 31.12.25.23.59.59 */
	bool goes_on = at(q, end) == '.' || (at(q, end) == ':' && at(q + 3, end) == ':');
	return goes_on ? p : q;
}

/*
 * Most numbers begin no stamp, by how many digits they have and what follows: where the search goes
 * on; `i` when one may begin here. In the digits of a number none begins either, nor in those of
 * one that is held.
 */
static inline size_t skip_number(struct str line, size_t i, bool held)
{
	const char *p = line.ptr + i, *end = line.ptr + line.len;
	if (held)
		return i + (size_t)digit_run(p, end);
	/* The most usual ones first: 2025-, 2025/, 31/12, 31.12.20 */
	if (end - p > 16 &&
		(p[4] == '-' || p[4] == '/' || p[2] == '/' || (p[5] == '.' && is_digit(p[9]))))
		return i;
	int digits = digit_run(p, end);
	char next = at(p + digits, end);
	bool may = false;
	if (digits <= 2) {
		may = (joins[(unsigned char)next] & 1) != 0 || is_alpha(next);
		if (next == '.') {
			const char *behind = address_end(p, end);
			if (behind != p)
				return (size_t)(behind - line.ptr);
		}
	} else if (digits == 4) {
		may = (joins[(unsigned char)next] & 2) != 0 || (next & 0x80) != 0;
	} else if (digits >= 9) {
		may = true;
	} else {
		may = i == 0 || (digits != 3 && (joins[(unsigned char)next] & 2) != 0);
	}
	return may ? i : i + (size_t)digits;
}

/* One to three digits and a dot. */
static inline bool is_address_like(struct str line, size_t i)
{
	return line.len - i > 3 &&
	       (line.ptr[i + 1] == '.' || line.ptr[i + 2] == '.' || line.ptr[i + 3] == '.');
}

/* Behind the digits at i, and behind a time of day at once. */
static inline size_t skip_digits(struct str line, size_t i)
{
	const char *p = line.ptr + i, *end = line.ptr + line.len;
	if (end - p > 8 && p[2] == ':' && p[5] == ':' && is_digit(p[1]) && is_digit(p[3]) &&
		is_digit(p[4]) && is_digit(p[6]) && is_digit(p[7]) && !is_digit(p[8]))
		return i + 8;
	return i + (size_t)digit_run(p, end);
}

/*
 * A byte that a stamp can begin with: FOUND when one does; else where the search goes on. Not part
 * of the loop over all bytes, which has to be short.
 */
static NOINLINE size_t find_at(const struct stamp_search *search, struct str line, size_t from,
	size_t limit, size_t i, struct stamp *s)
{
	uint8_t kind = begins[(unsigned char)line.ptr[i]];
	if (kind == 2 && !(i + 1 < limit && is_digit(line.ptr[i + 1])) && !begins_name(line, i))
		return i + 1;
	bool held = i > 0 && is_held(line, i);
	if (held && kind != 1)
		return i + 1;
	if (kind == 1) {
		size_t next = skip_number(line, i, held);
		if (next > i)
			return next;
	}
	if (stamp_read(search, line, i, s)) {
		take_zone_before(line, from, s);
		return FOUND;
	}
	return kind == 1 ? skip_digits(line, i) : i + 1;
}

static inline bool begins_stamp(struct str line, size_t from, size_t limit)
{
	uint8_t kind = from < limit ? begins[(unsigned char)line.ptr[from]] : 0;
	return kind == 1   ? !is_address_like(line, from)
	       : kind == 2 ? (from + 1 < limit && is_digit(line.ptr[from + 1])) ||
				     begins_name(line, from)
			   : false;
}

/* From `at` on, by masks of the bytes that a stamp may begin with. */
static bool find_in_blocks(const struct stamp_search *search, struct str line, size_t from,
	size_t limit, size_t at, struct stamp *s)
{
	while (at < limit) {
		struct byte_block block = byte_block_load(line, at);
		uint64_t may = byte_block_range(&block, 0, '0', '9') |
			       byte_block_range(&block, 0, '@', 'W');
		size_t begin = at, end = size_min(limit, at + BLOCK_BYTES);
		for (; may != 0; may &= may - 1) {
			size_t i = begin + (size_t)__builtin_ctzll(may);
			if (i >= end)
				break;
			if (i < at || begins[(unsigned char)line.ptr[i]] == 0)
				continue;
			at = find_at(search, line, from, limit, i, s);
			if (at == FOUND)
				return true;
		}
		at = size_max(at, end);
	}
	return false;
}

static bool find_by_grammar(const struct stamp_search *search, struct str line, size_t from,
	size_t limit, struct stamp *s)
{
	if (from == 0 && line.len > 0 && line.ptr[0] == '[' && stamp_read(search, line, 0, s))
		return true;
	/* A month in small letters only in front: in a sentence it is a word like any other. */
	if (from < limit && line.ptr[from] >= 'a' && line.ptr[from] <= 'z' &&
		begins_name(line, from) && (from == 0 || !is_held(line, from)) &&
		stamp_read(search, line, from, s))
		return true;
	size_t i = from, near = size_min(limit, from + NEAR_BYTES);
	/* What a line begins with is mostly a stamp, if it is no address. */
	if (begins_stamp(line, from, limit) && (from == 0 || !is_held(line, from))) {
		if (stamp_read(search, line, from, s))
			return true;
		i = is_digit(line.ptr[from]) ? skip_digits(line, from) : from + 1;
	}
	while (i < near) {
		if (begins[(unsigned char)line.ptr[i]] == 0) {
			i++;
			continue;
		}
		i = find_at(search, line, from, limit, i, s);
		if (i == FOUND)
			return true;
	}
	return i < limit && find_in_blocks(search, line, from, limit, i, s);
}

bool stamp_find(const struct stamp_search *search, struct str line, size_t from, size_t limit,
	struct stamp *s)
{
	limit = size_min(limit, line.len);
	bool found = find_by_grammar(search, line, from, limit, s);
	if (found && s->start < from + LOCAL_BYTES)
		return true;
	size_t start = skip_priority(line, from);
	struct stamp local;
	if (!may_be_local(line, start) || !find_local(line, start, &local))
		return found;
	*s = local;
	return true;
}
