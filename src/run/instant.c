/* SPDX-License-Identifier: MIT */
#include "lineup/instant.h"

#include <ctype.h>

/* A date and a time of day as read, either of which may be missing. */
struct wall {
	bool has_date;
	bool has_clock;
	int64_t days;
	int64_t clock_ns;
	bool has_zone;
	int64_t offset_ns;
};

static bool take_digits(struct str *s, size_t least, size_t most, int64_t *value)
{
	size_t n = 0;
	*value = 0;
	while (n < s->len && n < most && isdigit((unsigned char)s->ptr[n])) {
		*value = *value * 10 + (s->ptr[n] - '0');
		n++;
	}
	if (n < least)
		return false;
	*s = str_skip(*s, n);
	return true;
}

static bool take_byte(struct str *s, char byte)
{
	if (s->len == 0 || s->ptr[0] != byte)
		return false;
	*s = str_skip(*s, 1);
	return true;
}

/* "Z", "+01:00", "+0100", "+01". */
static bool take_offset(struct str *s, int64_t *offset_ns)
{
	*offset_ns = 0;
	if (take_byte(s, 'Z') || take_byte(s, 'z'))
		return true;
	int64_t sign = take_byte(s, '+') ? 1 : take_byte(s, '-') ? -1 : 0;
	int64_t hours, minutes = 0;
	if (sign == 0 || !take_digits(s, 1, 2, &hours))
		return false;
	bool colon = take_byte(s, ':');
	if (!take_digits(s, 2, 2, &minutes) && colon)
		return false;
	if (hours > 15 || minutes > 59)
		return false;
	*offset_ns = sign * (hours * 60 + minutes) * 60 * NS_PER_S;
	return true;
}

static bool take_date(struct str *s, struct wall *w)
{
	int64_t year, month, day;
	if (!take_digits(s, 4, 4, &year) || !take_byte(s, '-') || !take_digits(s, 1, 2, &month) ||
		!take_byte(s, '-') || !take_digits(s, 1, 2, &day))
		return false;
	if (year < 1678 || year > 2261 || day < 1 || day > clock_month_days(year, (int)month))
		return false;
	w->days = clock_days(year, (int)month, (int)day);
	w->has_date = true;
	return true;
}

static bool take_clock(struct str *s, struct wall *w)
{
	int64_t hour, minute, second = 0, fraction_ns = 0;
	if (!take_digits(s, 1, 2, &hour) || !take_byte(s, ':') || !take_digits(s, 2, 2, &minute))
		return false;
	if (take_byte(s, ':') && !take_digits(s, 2, 2, &second))
		return false;
	if (take_byte(s, '.') || take_byte(s, ',')) {
		size_t before = s->len;
		if (!take_digits(s, 1, 9, &fraction_ns))
			return false;
		for (size_t digits = before - s->len; digits < 9; digits++)
			fraction_ns *= 10;
	}
	if (hour > 24 || minute > 59 || second > 60 || (hour == 24 && (minute > 0 || second > 0)))
		return false;
	w->clock_ns = ((hour * 60 + minute) * 60 + second) * NS_PER_S + fraction_ns;
	w->has_clock = true;
	return true;
}

static bool parse_wall(struct str s, struct wall *w)
{
	*w = (struct wall){ 0 };
	struct str rest = s;
	if (take_date(&rest, w)) {
		s = rest;
		if (s.len == 0)
			return true;
		if (!take_byte(&s, 'T') && !take_byte(&s, 't') && !take_byte(&s, ' '))
			return false;
	}
	if (!take_clock(&s, w))
		return false;
	take_byte(&s, ' ');
	if (s.len == 0)
		return true;
	w->has_zone = take_offset(&s, &w->offset_ns);
	return w->has_zone && s.len == 0;
}

/* Which day is it in this zone? */
static int64_t today(const struct zone *zone, int64_t now_ns)
{
	int64_t seconds = now_ns / NS_PER_S;
	int32_t offset_seconds = 0;
	for (size_t i = 0; i < zone->count; i++) {
		if (i == 0 || zone->changes[i].at_seconds <= seconds)
			offset_seconds = zone->changes[i].offset_seconds;
	}
	seconds += offset_seconds;
	return seconds / 86400 - (seconds % 86400 < 0);
}

static int64_t finish(const struct wall *w, const struct zone *zone)
{
	int64_t wall_seconds = w->days * 86400 + w->clock_ns / NS_PER_S;
	int64_t seconds = w->has_zone ? wall_seconds - w->offset_ns / NS_PER_S
				      : zone_instant(zone, wall_seconds).seconds;
	return seconds * NS_PER_S + w->clock_ns % NS_PER_S;
}

static bool parse_epoch(struct str s, int64_t *time_ns)
{
	double seconds;
	if (!str_to_double(s, &seconds) || seconds < -9e9 || seconds > 9e9)
		return false;
	struct str fraction = s;
	struct str whole = str_cut(&fraction, '.');
	uint64_t exact;
	*time_ns = str_to_u64(whole, &exact) && fraction.ptr == NULL
			   ? (int64_t)exact * NS_PER_S
			   : (int64_t)(seconds * 1e6) * NS_PER_US;
	return true;
}

int instant_parse(struct str text, const struct zone *zone, int64_t now_ns, int64_t *time_ns,
	struct error *err)
{
	struct str s = str_trim(text);
	struct wall w = { .has_date = true };
	int64_t duration_ns;
	if (str_equal(s, STR("now"))) {
		*time_ns = now_ns;
		return 0;
	}
	if (str_starts(s, STR("@")) && parse_epoch(str_skip(s, 1), time_ns))
		return 0;
	if (s.len > 1 && s.ptr[0] == '-' && clock_parse_duration(str_skip(s, 1), &duration_ns)) {
		*time_ns = now_ns - duration_ns;
		return 0;
	}
	bool yesterday = str_equal(s, STR("yesterday"));
	if (yesterday || str_equal(s, STR("today"))) {
		w.days = today(zone, now_ns) - yesterday;
		*time_ns = finish(&w, zone);
		return 0;
	}
	if (!parse_wall(s, &w))
		return error_set(err,
			"'%.*s' is no time: write 2026-11-20T17:00:00Z, '2026-11-20 17:00', "
			"@1795194000, -2h or 17:00",
			STR_ARG(text));
	if (!w.has_date)
		w.days = today(zone, now_ns);
	*time_ns = finish(&w, zone);
	return 0;
}

/* Cuts `A..B`; RFC 3339 holds no two dots in a row, and paths are told by what A and B are. */
static bool cut_span(struct str text, struct str *from, struct str *to)
{
	ptrdiff_t at = str_find(text, STR(".."));
	if (at < 0)
		return false;
	*from = str_head(text, (size_t)at);
	*to = str_skip(text, (size_t)at + 2);
	return true;
}

int instant_parse_span(struct str text, const struct zone *zone, int64_t now_ns, int64_t *from_ns,
	int64_t *to_ns, struct error *err)
{
	struct str from, to;
	if (!cut_span(text, &from, &to))
		return error_set(
			err, "'%.*s' is no span: write A..B, such as 17:00..19:00", STR_ARG(text));
	if (str_trim(from).len == 0 || str_trim(to).len == 0)
		return error_set(err,
			"'%.*s' has no %s: write A..B, such as 17:00..19:00 or 17:00..now",
			STR_ARG(text), str_trim(from).len == 0 ? "begin" : "end");
	if (instant_parse(from, zone, now_ns, from_ns, err) != 0)
		return -1;
	struct wall start, end;
	int64_t duration_ns;
	if (str_starts(to, STR("+")) && clock_parse_duration(str_skip(to, 1), &duration_ns)) {
		if (__builtin_add_overflow(*from_ns, duration_ns, to_ns))
			return error_set(err, "'%.*s' ends after the year 2262", STR_ARG(text));
	} else if (parse_wall(str_trim(to), &end) && !end.has_date &&
		   parse_wall(str_trim(from), &start)) {
		end.has_date = true;
		end.days = start.has_date ? start.days : today(zone, now_ns);
		if (!end.has_zone) {
			end.has_zone = start.has_zone;
			end.offset_ns = start.offset_ns;
		}
		*to_ns = finish(&end, zone);
		if (*to_ns <= *from_ns) {
			end.days++;
			*to_ns = finish(&end, zone);
		}
	} else if (instant_parse(to, zone, now_ns, to_ns, err) != 0) {
		return -1;
	}
	if (*to_ns <= *from_ns)
		return error_set(err, "'%.*s' does not end after it begins", STR_ARG(text));
	return 0;
}

bool instant_latest_span(
	struct str text, const struct zone *zone, int64_t last_ns, int64_t *from_ns, int64_t *to_ns)
{
	struct str from, to;
	struct wall start;
	struct error err;
	if (!cut_span(text, &from, &to) || !parse_wall(str_trim(from), &start) || start.has_date ||
		instant_parse_span(text, zone, last_ns, from_ns, to_ns, &err) != 0)
		return false;
	return *from_ns <= last_ns ||
	       instant_parse_span(text, zone, last_ns - NS_PER_DAY, from_ns, to_ns, &err) == 0;
}

bool instant_is_span(struct str text, const struct zone *zone, int64_t now_ns)
{
	struct str from, to;
	int64_t time_ns;
	return cut_span(text, &from, &to) && instant_parse(from, zone, now_ns, &time_ns, NULL) == 0;
}
