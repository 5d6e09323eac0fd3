/* SPDX-License-Identifier: MIT */
#include "lineup/duration.h"

/* What stands behind a number, or at the end of the name before it. */
struct unit {
	const char *name;
	double seconds;
};

static const struct unit units[] = { { "ms", 1e-3 }, { "msec", 1e-3 }, { "msecs", 1e-3 },
	{ "millis", 1e-3 }, { "milliseconds", 1e-3 }, { "s", 1 }, { "sec", 1 }, { "secs", 1 },
	{ "second", 1 }, { "seconds", 1 }, { "us", 1e-6 }, { "\xc2\xb5s", 1e-6 }, { "usec", 1e-6 },
	{ "micros", 1e-6 }, { "ns", 1e-9 } };

/* A name that holds one of these is of a duration, whatever its unit. */
static const char *const names[] = { "duration", "elapsed", "latency", "took", "time_taken",
	"response_time", "request_time", "responsetime", "processing_time" };

static const char *const words[] = { "took", "duration", "elapsed", "latency", "time", "ms", "msec",
	"millis", "sec", "secs", "seconds", "in", "after", "within" };

static bool is_name_byte(char c)
{
	return is_alpha(c) || c == '_' || c == '-' || c == '.';
}

static const struct unit *unit_named(struct str word)
{
	for (size_t i = 0; i < countof(units); i++) {
		if (str_equal_nocase(word, str_from(units[i].name)))
			return &units[i];
	}
	return NULL;
}

/* The unit behind a number, with or without a blank. */
static const struct unit *unit_behind(struct str rest)
{
	size_t from = rest.len > 0 && rest.ptr[0] == ' ' ? 1 : 0, to = from;
	while (to < rest.len && (is_alpha(rest.ptr[to]) || (unsigned char)rest.ptr[to] >= 0x80))
		to++;
	if (to == from || (to < rest.len && (is_digit(rest.ptr[to]) || rest.ptr[to] == '_')))
		return NULL;
	return unit_named(str_of(rest.ptr + from, to - from));
}

/* The name that the number is the value of: `name=5`, `name: 5`, `"name": "5`; empty: none. */
static struct str name_before(struct str text)
{
	size_t end = text.len;
	while (end > 0 && (text.ptr[end - 1] == ' ' || text.ptr[end - 1] == '"'))
		end--;
	if (end == 0 || (text.ptr[end - 1] != '=' && text.ptr[end - 1] != ':'))
		return STR_NONE;
	end--;
	if (end > 0 && text.ptr[end - 1] == '"')
		end--;
	size_t from = end;
	while (from > 0 && is_name_byte(text.ptr[from - 1]))
		from--;
	return str_of(text.ptr + from, end - from);
}

/* The last part of a name: "ms" of "upstream_ms", "Ms" of "tookMs". */
static struct str last_part(struct str name)
{
	size_t from = name.len;
	while (from > 0 && is_alpha(name.ptr[from - 1])) {
		from--;
		bool upper = name.ptr[from] >= 'A' && name.ptr[from] <= 'Z';
		if (upper && from > 0 && name.ptr[from - 1] >= 'a' && name.ptr[from - 1] <= 'z')
			break;
	}
	return str_skip(name, from);
}

static double unit_of_name(struct str name, bool fraction)
{
	const struct unit *unit = name.len > 0 ? unit_named(last_part(name)) : NULL;
	if (unit != NULL)
		return unit->seconds;
	bool known = str_equal_nocase(name, STR("time"));
	for (size_t i = 0; i < countof(names); i++)
		known |= str_holds_nocase(name, str_from(names[i]));
	return known ? fraction ? 1 : 1e-3 : 0;
}

/* Where the number at `from` ends; it has a point when *fraction. */
static size_t end_of_number(struct str line, size_t from, bool *fraction)
{
	size_t to = from;
	*fraction = false;
	while (to < line.len && is_digit(line.ptr[to]))
		to++;
	if (to + 1 < line.len && line.ptr[to] == '.' && is_digit(line.ptr[to + 1])) {
		*fraction = true;
		for (to++; to < line.len && is_digit(line.ptr[to]);)
			to++;
	}
	return to;
}

size_t durations_read(struct str line, double seconds[DURATIONS_MAX])
{
	size_t count = 0;
	for (size_t at = 0, to; at < line.len && count < DURATIONS_MAX; at = to) {
		bool fraction;
		double value;
		to = at + 1;
		if (!is_digit(line.ptr[at]))
			continue;
		to = end_of_number(line, at, &fraction);
		char before = at > 0 ? line.ptr[at - 1] : ' ';
		/* part of a word, a date, a time of day, an address */
		if (is_alpha(before) || before == '_' || before == '-' || before == '.' ||
			before == '/' || !str_to_double(str_of(line.ptr + at, to - at), &value))
			continue;
		bool in_clock = before == ':' && at > 1 && is_digit(line.ptr[at - 2]);
		const struct unit *unit = in_clock ? NULL : unit_behind(str_skip(line, to));
		double scale = unit != NULL
				       ? unit->seconds
				       : unit_of_name(name_before(str_head(line, at)), fraction);
		if (scale > 0)
			seconds[count++] = value * scale;
	}
	return count;
}

bool duration_is_likely(struct str template_text)
{
	for (size_t at = 0; at < template_text.len;) {
		size_t from = at;
		while (at < template_text.len && is_alpha(template_text.ptr[at]))
			at++;
		struct str word = str_of(template_text.ptr + from, at - from);
		for (size_t i = 0; word.len > 1 && i < countof(words); i++) {
			if (str_equal_nocase(word, str_from(words[i])) ||
				(word.len > 4 && str_holds_nocase(word, str_from(words[i])) &&
					i < 5))
				return true;
		}
		at += at == from;
	}
	return false;
}
