/* SPDX-License-Identifier: MIT */
/* The search for stamps in a line: where one may begin, and which reader tries it. */
#include "timestamp_parts.h"

#define LOCAL_MONTH_BYTES 12 /* of the longest short name of a month */
#define LOCAL_BYTES	  12 /* of the shortest stamp with one */

static const char *read_digits_first(const struct stamp_search *search, struct str line,
	const char *p, struct stamp *s, bool is_value)
{
	const char *end = line.ptr + line.len;
	int digits = digit_run(p, end);
	if (p == line.ptr && end - p > 18 && p[8] == '.' && p[17] == ' ')
		return stamp_hex_pair_read(p, s);
	if (digits >= 9) {
		const char *q = stamp_packed_read(p, end, digits, s);
		if (q != NULL)
			return q;
		struct stamp epoch = *s;
		q = stamp_epoch_read(p, end, digits, &epoch);
		if (q == NULL)
			q = stamp_ticks_read(p, digits, &epoch);
		if (q == NULL || !(is_value || stamp_epoch_is_meant(search, line, p, q, &epoch)))
			return NULL;
		*s = epoch;
		return q;
	}
	if (digits <= 2 && at(p + digits, end) == ':')
		return stamp_time_first_read(search, p, end, s);
	if (digits == 1 && (at(p + 1, end) == '.' || at(p + 1, end) == 'x')) {
		struct stamp epoch = *s;
		const char *q = p[1] == 'x' ? stamp_hex_read(p, end, &epoch)
					    : stamp_scientific_read(p, end, &epoch);
		if (q != NULL && (is_value || stamp_epoch_is_meant(search, line, p, q, &epoch))) {
			*s = epoch;
			return q;
		}
	}
	return stamp_civil_read(search, p, end, s);
}

static void begin_stamp(struct stamp *s, size_t start)
{
	*s = (struct stamp){ .kind = STAMP_CIVIL, .start = (uint32_t)start };
}

/* The shapes of fixed width, by the byte that tells them apart. Leaves a blank stamp without one. */
static const char *read_fixed(
	const struct stamp_search *search, const char *p, const char *end, struct stamp *s)
{
	const char *q = NULL;
	if (end - p < 18)
		return NULL;
	if (p[2] == '/' && p[6] == '/')
		q = stamp_fixed_clf_read(p, end, s);
	else if (p[2] == '/' && p[5] == '/' && p[8] == ' ')
		q = stamp_fixed_short_read(search, p, end, s);
	else if (is_digit(*p) && p[0] == '2' && (p[4] == '-' || p[4] == '/'))
		q = stamp_fixed_iso_read(p, end, s);
	else if (!is_digit(*p) && p[6] == ' ')
		q = stamp_fixed_syslog_read(p, end, s);
	else if (!is_digit(*p) && p[7] == ' ' && p[10] == ' ')
		q = stamp_fixed_ctime_read(p, end, s);
	else
		return NULL;
	if (q == NULL)
		begin_stamp(s, s->start);
	return q;
}

static bool read_at(const struct stamp_search *search, struct str line, size_t start,
	struct stamp *s, bool is_value)
{
	const char *p = line.ptr + start, *end = line.ptr + line.len;
	begin_stamp(s, start);
	char c = at(p, end);
	const char *q = c == '@' || c == '[' ? NULL : read_fixed(search, p, end, s);
	if (q != NULL)
		;
	else if (is_digit(c))
		q = read_digits_first(search, line, p, s, is_value);
	else if (c == '@')
		q = stamp_tai_read(p, end, s);
	else if (c == '[' && start == 0)
		q = stamp_uptime_read(line, p, s);
	else if (is_alpha(c) && is_digit(at(p + 1, end)))
		q = strchr("IWEFDVC", c) != NULL ? stamp_klog_read(p, end, s) : NULL;
	else if (is_alpha(c)) {
		q = stamp_month_first_read(p, end, s);
		if (q == NULL) {
			begin_stamp(s, start);
			q = stamp_weekday_first_read(search, p, end, s);
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
	ptrdiff_t date = str_find(str_head(value, 8), STR("/Date(")); /* .NET's \/Date(ms)\/ */
	if (date >= 0)
		start = (size_t)date + 6;
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
 * `INFO-2025-12-31 12:00:00-text`: a dash behind the line's first word joins a date and a time with a
 * blank between them, which no file's name has.
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
	uint8_t held = holds[(unsigned char)line.ptr[start - 1]];
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
 * Could a month in the words of another language stand at `start`, and a day behind it? Of a line that
 * begins with a digit only the numbered months of Chinese, Japanese and Korean could.
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
 * `Dez 31 23:59:59 host`, in front or behind a priority. The readers of the grammar find nothing there,
 * but may find a stamp in the message.
 */
static bool find_local(struct str line, size_t start, struct stamp *s)
{
	if (is_alpha(line.ptr[start]) && begins_name(line, start))
		return false;
	begin_stamp(s, start);
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

/* `CET Dec 31 23:59:59`, `[CET Dec ...]`: the zone stands in front of the date, and in front of all. */
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
	for (size_t i = from; i < limit; i++) {
		unsigned char c = (unsigned char)line.ptr[i];
		if (begins[c] == 0)
			continue;
		if (begins[c] == 2 && !(i + 1 < limit && is_digit(line.ptr[i + 1])) &&
			!begins_name(line, i))
			continue;
		if (i > 0 && is_held(line, i))
			continue;
		if (stamp_read(search, line, i, s)) {
			take_zone_before(line, from, s);
			return true;
		}
	}
	return false;
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
