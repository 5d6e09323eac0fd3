/* SPDX-License-Identifier: MIT */
/*
 * Lines that begin with a time of day and no date: where it stands, and a line above them that is a
 * date and nothing else.
 */
#include "lineup/level.h"
#include "src/reading/reading_source.h"
#include "src/reading/timestamp_parts.h"

#define CLOCK_REACH   48  /* bytes of addresses, ids and such before the time */
#define HEADING_BYTES 64  /* of the longest line that is a date */
#define HEADING_MAX   200 /* of the longest that holds one */
/* Dates of builds and releases stand above logs too; those are older. */
#define HEADING_SECONDS (60 * 86400)

/* ` 13.02.44 JOB01234  `: the log of a job on z/OS, of a started task, of a user. */
static bool is_job_clock(struct str line, size_t at)
{
	static const struct str kinds[] = { { "JOB", 3 }, { "STC", 3 }, { "TSU", 3 } };
	if (at + 15 >= line.len || line.ptr[at + 2] != '.' || line.ptr[at + 5] != '.' ||
		line.ptr[at + 8] != ' ' || !is_digit(line.ptr[at + 12]))
		return false;
	for (size_t i = 0; i < countof(kinds); i++) {
		if (str_starts(str_skip(line, at + 9), kinds[i]))
			return true;
	}
	return false;
}

/* Behind a level, or behind words that hold digits or stand in brackets;
 * with its bracket or not. */
static size_t clock_start(struct str line, size_t from)
{
	size_t at = from;
	if (at < line.len && line.ptr[at] == ' ' && is_job_clock(line, at + 1))
		return at + 1;
	while (at < line.len && is_alpha(line.ptr[at]))
		at++;
	if (at == from || level_of_word(str_of(line.ptr + from, at - from)) != LEVEL_NONE) {
		while (at > from && at < line.len && line.ptr[at] == ' ')
			at++;
		at += at < line.len && line.ptr[at] == '[';
		if (at + 2 < line.len && line.ptr[at + 2] == ':')
			return at;
	}
	bool marked = false, digits = false;
	size_t limit = size_min(line.len, from + CLOCK_REACH);
	for (size_t i = from; i + 8 < limit; i++) {
		char c = line.ptr[i], before = i > from ? line.ptr[i - 1] : ' ';
		if ((before == ' ' || before == '[' || (before == '"' && i == from + 1)) &&
			is_digit(c) && line.ptr[i + 2] == ':' && line.ptr[i + 5] == ':')
			return i;
		if (c == ' ' && !marked && line.ptr[i + 1] != '[' && line.ptr[i + 1] != '(')
			return line.len;
		/* Digits alone could be the day. */
		marked = c != ' ' && (marked || c == ']' || c == ')' || (digits && !is_digit(c)));
		digits = c != ' ' && (digits || is_digit(c));
	}
	return line.len;
}

bool reading_find_clock(struct str line, size_t from, struct stamp *s)
{
	const char *end = line.ptr + line.len;
	size_t at_clock = clock_start(line, from);
	*s = (struct stamp){ .kind = STAMP_CLOCK, .start = (uint32_t)at_clock };
	if (line.len < at_clock + 8)
		return false;
	const char *q =
		stamp_time_read(line.ptr + at_clock, end, line.ptr[at_clock + 2] == '.', false, s);
	if (q == NULL || (size_t)(q - line.ptr) < at_clock + 7)
		return false;
	if (at(q, end) == 'Z') {
		s->zone = STAMP_ZONE_OFFSET;
		q++;
	}
	if (at(q, end) == ':' && at(q + 1, end) == ' ')
		q++;
	if (q < end && *q != ' ' && *q != ']' && *q != '\t' && *q != ',' && *q != '"')
		return false;
	s->end = (uint32_t)(q - line.ptr);
	return true;
}

/* `---- SUNDAY, 23 NOV 2025 ----`, `=== 2025-11-23 ===`: what stands between the rules. */
static struct str without_rule(struct str line)
{
	while (line.len > 0 && memchr("-=*# ", line.ptr[0], 5) != NULL)
		line = str_skip(line, 1);
	while (line.len > 0 && memchr("-=*# ", line.ptr[line.len - 1], 5) != NULL)
		line.len--;
	return line;
}

/* With a time behind it, it is a stamp as any other. */
static bool is_date(const struct stamp_search *search, struct str line, int64_t *wall_seconds)
{
	static const struct str midnight = { " 00:00:00", 9 };
	char text[HEADING_BYTES + 16];
	struct stamp s;
	if (line.len < 6 || line.len > HEADING_BYTES)
		return false;
	memcpy(text, line.ptr, line.len);
	memcpy(text + line.len, midnight.ptr, midnight.len);
	struct str dated = str_of(text, line.len + midnight.len);
	if (!stamp_find(search, dated, 0, dated.len, &s) || s.kind != STAMP_CIVIL || s.year == 0 ||
		s.end != dated.len)
		return false;
	*wall_seconds = stamp_wall_seconds(&s);
	return true;
}

bool reading_is_date(const struct stamp_search *search, struct str line, int64_t modified_ns,
	int64_t *wall_seconds)
{
	line = str_trim(line);
	if (is_date(search, without_rule(line), wall_seconds))
		return true;
	int64_t modified = modified_ns / NS_PER_S, wall;
	for (size_t at = 0; at < line.len && modified_ns != TIME_NONE && line.len < HEADING_MAX;) {
		size_t start = at;
		while (at < line.len && line.ptr[at] != ' ' && line.ptr[at] != '\t')
			at++;
		struct str word = str_of(line.ptr + start, at - start);
		at++;
		if (word.len < 8 || !is_digit(word.ptr[0]) || !is_date(search, word, &wall) ||
			wall > modified + 86400 || wall < modified - HEADING_SECONDS)
			continue;
		*wall_seconds = wall;
		return true;
	}
	return false;
}
