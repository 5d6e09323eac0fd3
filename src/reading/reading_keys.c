/* SPDX-License-Identifier: MIT */
/*
 * Keys and words in front of stamps in text (CEF, key=value). A line is written when what it tells
 * of has ended, so start= and created= yield to any other, end= to one that is neither. What says
 * when something will expire, or how long it is valid, is no stamp of the line, even if it has no
 * other. Records of flows say nothing but start and end, as two numbers: the end counts.
 */
#include "src/reading/reading_source.h"
#include "src/reading/timestamp_parts.h"

#define KEYED_LIMIT 1024
#define KEYED_MAX   8
#define RANK_NEVER  4 /* of keys and words that say of which other time their stamp is */

bool reading_has_key(struct str line, size_t start)
{
	size_t at = start;
	while (at > 0 &&
		(line.ptr[at - 1] == '"' || line.ptr[at - 1] == '\'' || line.ptr[at - 1] == '['))
		at--;
	return at > 1 && line.ptr[at - 1] == '=' && is_alpha(line.ptr[at - 2]);
}

/* The word of that key: time in time="..., rt in rt=. */
static struct str key_of(struct str line, size_t start)
{
	size_t end = start;
	while (line.ptr[end - 1] != '=')
		end--;
	end--;
	size_t at = end;
	while (at > 0 && (is_alpha(line.ptr[at - 1]) || is_digit(line.ptr[at - 1]) ||
				 line.ptr[at - 1] == '_'))
		at--;
	return str_of(line.ptr + at, end - at);
}

/*
 * What a key says of its stamp: 0 that the line was logged then; more, the less it says so. A line
 * is written when what it tells of has ended rather than when it began, and never when something
 * will expire.
 */
static int key_rank(struct str key)
{
	static const struct {
		struct str part;
		int rank;
	} parts[] = { { { "expir", 5 }, RANK_NEVER }, { { "valid", 5 }, RANK_NEVER },
		{ { "until", 5 }, RANK_NEVER }, { { "notafter", 8 }, RANK_NEVER },
		{ { "notbefore", 9 }, RANK_NEVER }, { { "birth", 5 }, RANK_NEVER },
		{ { "due", 3 }, RANK_NEVER }, { { "start", 5 }, 3 }, { { "begin", 5 }, 3 },
		{ { "creat", 5 }, 3 }, { { "first", 5 }, 3 }, { { "end", 3 }, 1 },
		{ { "last", 4 }, 1 } };
	/* Each word of it, of which the first says most: session_start, start_time */
	for (struct str rest = key; rest.len > 0;) {
		struct str word = str_cut(&rest, '_');
		for (size_t i = 0; i < countof(parts); i++) {
			if (word.len >= parts[i].part.len &&
				str_equal_nocase(str_head(word, parts[i].part.len), parts[i].part))
				return parts[i].rank;
		}
	}
	return 0;
}

/* date=... time=... tz="+0200", timezone="CET": the zone has a key of its own. */
static void take_keyed_zone(struct str line, struct stamp *s)
{
	static const struct str keys[] = { { " tz=", 4 }, { " timezone=", 10 } };
	struct str rest = str_skip(str_head(line, KEYED_LIMIT), s->end);
	for (size_t i = 0; i < countof(keys); i++) {
		ptrdiff_t found = str_find(rest, keys[i]);
		if (found < 0)
			continue;
		const char *p = rest.ptr + found + keys[i].len, *end = rest.ptr + rest.len;
		p += p < end && *p == '"';
		if (stamp_zone_read(p, end, s) != p)
			return;
	}
}

void reading_prefer_key(const struct source_reading *source, struct str line, struct stamp *s)
{
	struct stamp next = *s;
	int rank = key_rank(key_of(line, s->start));
	for (int tries = 0; tries < KEYED_MAX && rank > 0; tries++) {
		if (!stamp_find(&source->search, line, next.end, KEYED_LIMIT, &next))
			break;
		int other =
			reading_has_key(line, next.start) ? key_rank(key_of(line, next.start)) : 5;
		if (other < rank) {
			*s = next;
			rank = other;
		}
	}
	if (s->kind == STAMP_CIVIL && s->zone == STAMP_ZONE_NONE)
		take_keyed_zone(line, s);
}

static inline bool is_of_word(char c)
{
	return is_alpha(c) || is_digit(c) || c == '_';
}

/* Can it stand between a word and the stamp of which it says something? */
static inline bool may_join(char c)
{
	return c == ' ' || c == '=' || c == ':' || c == '"' || c == '\'';
}

/* The word before `at`, behind which may stand blanks, quotes, an equals sign or a colon. */
static struct str word_before(struct str line, size_t from, size_t at)
{
	while (at > from && may_join(line.ptr[at - 1]))
		at--;
	size_t end = at;
	while (at > from && is_of_word(line.ptr[at - 1]))
		at--;
	return str_of(line.ptr + at, end - at);
}

/* `> '2025-12-31 00:00:00'`, `(1,'2025-12-31 00:00:00')`: a value in a statement of SQL; but
 * {'time': '2025-12-31 00:00:00'} has a key. */
static bool is_sql_value(struct str line, size_t from, size_t at)
{
	char before = line.ptr[at - 2];
	return line.ptr[at - 1] == '\'' &&
	       ((before == ' ' && line.ptr[at - 3] != ':') || before == '(' ||
		       (before == ',' && memchr(line.ptr + from, '(', at - from) != NULL));
}

bool reading_is_other_time(struct str line, size_t from, const struct stamp *s)
{
	/* Most stamps are the first of their line, or stand in brackets. */
	if (s->start <= from + 3 || !may_join(line.ptr[s->start - 1]))
		return false;
	if (is_sql_value(line, from, s->start))
		return true;
	/* If-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT; Date is one word. */
	if (s->weekday != 0 && reading_is_header(line, from, s) &&
		str_find_byte(str_of(line.ptr + from, s->start - from), '-') > 0)
		return true;
	struct str word = word_before(line, from, s->start);
	/* after, before, birth, due, expires, not..., until, valid */
	if (word.len < 3 || memchr("abdenuv", word.ptr[0] | 32, 7) == NULL)
		return false;
	if (str_equal_nocase(word, STR("after")) || str_equal_nocase(word, STR("before")))
		return str_equal_nocase(
			word_before(line, from, (size_t)(word.ptr - line.ptr)), STR("not"));
	return key_rank(word) == RANK_NEVER;
}
