/* SPDX-License-Identifier: MIT */
/*
 * Files of many programs whose lines say whose they are by a plain word beside stamp and level, and
 * by nothing else: `INFO [cart] text`, `INFO cart: text`, `cart | INFO | text`, `cart INFO text`.
 * Such a word is mostly a thread, a module or a logger, and then the file's name says better who
 * writes. So it counts only where the file's name says nothing (standard input, app.log, all.log)
 * or where some of the words are such that only services are called (cart-service): then the others
 * at their place are services as well. And it must be one in all of the sample: nearly every line
 * has it, each comes several times, none is a thread's.
 */
#include "lineup/level.h"
#include "src/reading/reading_source.h"
#include "src/reading/service_parts.h"

#define NAME_MAX    40
#define WORDS_MAX   3	/* between stamp and name: levels and numbers */
#define LEAST_NAMED 0.8 /* of the lines with a stamp in their head */
#define LEAST_TIMES 1.5 /* that a name comes, in the mean */
#define HEX_LEN	    6	/* of what may be an id in another line of the same form */

static inline bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_';
}

static bool is_hexadecimal(struct str word)
{
	for (size_t i = 0; i < word.len; i++) {
		if (!is_small_hex(word.ptr[i]))
			return false;
	}
	return true;
}

static size_t word_end(struct str line, size_t at)
{
	while (at < line.len && memchr(" \t[]|:;,()", line.ptr[at], 10) == NULL)
		at++;
	return at;
}

/* A name as services have it: small letters, digits, dashes. */
static bool is_plain(struct str word)
{
	if (word.len < 2 || word.len > NAME_MAX || word.ptr[0] < 'a' || word.ptr[0] > 'z' ||
		(word.len >= HEX_LEN && is_hexadecimal(word)))
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (!is_name_byte(word.ptr[i]))
			return false;
	}
	return true;
}

static size_t skip_blanks(struct str line, size_t at)
{
	while (str_byte(line, at) == ' ' || str_byte(line, at) == '\t')
		at++;
	return at;
}

/* Where the text goes on behind a word that is set apart; 0: it is not. */
static size_t end_of_mark(struct str line, size_t at, size_t end)
{
	char before = at > 0 ? line.ptr[at - 1] : '\0', after = str_byte(line, end);
	if (before == '[')
		return after == ']' ? skip_blanks(line, end + 1 + (str_byte(line, end + 1) == ':'))
				    : 0;
	if (after == ':')
		return str_byte(line, end + 1) == ' ' ? end + 2 : 0;
	if (after == '|' || (after == ' ' && (str_byte(line, end + 1) == '|' ||
						     (str_byte(line, end + 1) == '-' &&
							     str_byte(line, end + 2) == ' '))))
		return skip_blanks(line, end + 1 + (after == ' '));
	size_t next = skip_blanks(line, end);
	next += str_byte(line, next) == '[';
	struct str word = str_of(line.ptr + next, word_end(line, next) - next);
	return after == ' ' && level_of_word(word) != LEVEL_NONE ? end : 0;
}

static bool is_of_head(struct str word)
{
	return all_digits(word) || level_of_word(word) != LEVEL_NONE;
}

struct str reading_plain_name(struct str line, size_t at, size_t *text_at)
{
	for (int words = 0; words < WORDS_MAX; words++) {
		while (at < line.len && memchr(" \t[]|-,;", line.ptr[at], 8) != NULL)
			at++;
		size_t end = word_end(line, at);
		struct str word = str_of(line.ptr + at, end - at);
		if (word.len == 0)
			return STR_NONE;
		if (!is_of_head(word)) {
			size_t behind = is_plain(word) ? end_of_mark(line, at, end) : 0;
			*text_at = size_max(*text_at, behind);
			return behind > 0 ? word : STR_NONE;
		}
		at = end;
	}
	return STR_NONE;
}

/* pool-1-thread-2, main: what threads and loggers are called. *numbered: worker-3, and cart-3. */
static bool is_thread(struct str name, bool *numbered)
{
	static const char *const words[] = { "default", "exec", "executor", "logger", "main", "nio",
		"pool", "root", "task", "thread", "timer" };
	*numbered = false;
	for (struct str rest = name; rest.len > 0;) {
		struct str part = rest;
		size_t len = 0;
		while (len < rest.len && rest.ptr[len] != '-' && rest.ptr[len] != '_')
			len++;
		part = str_head(rest, len);
		rest = str_skip(rest, size_min(len + 1, rest.len));
		*numbered = all_digits(part);
		if (is_among(part, words, countof(words)))
			return true;
	}
	return false;
}

void reading_note_name(struct name_evidence *e, struct str line, const struct found_stamp *f)
{
	size_t text_at = 0;
	struct str name = f->is_json ? STR_NONE : reading_plain_name(line, f->stamp.end, &text_at);
	e->lines++;
	if (name.len == 0)
		return;
	e->named++;
	uint64_t hash = str_hash(name);
	for (size_t i = 0; i < e->count; i++) {
		if (e->hashes[i] == hash)
			return;
	}
	bool numbered;
	e->threads |= is_thread(name, &numbered);
	e->numbered += numbered;
	e->services += reading_is_service_word(name);
	if (e->count < countof(e->hashes))
		e->hashes[e->count] = hash;
	e->count += e->count < countof(e->hashes);
}

/* Is it the name of what was put together, and not of who writes? */
static bool is_collection(const struct source_reading *source)
{
	static const char *const names[] = { "all", "bundle", "case", "cluster", "collected",
		"combined", "console", "dump", "events", "everything", "excerpt", "export",
		"incident", "log", "logs", "merged", "out", "output", "paste", "sample", "stack",
		"stdout", "ticket", "trace" };
	struct str name = buf_str(&source->service);
	return source->service_source <= SERVICE_FROM_GENERIC ||
	       is_among(name, names, countof(names));
}

bool reading_names_services(const struct source_reading *source, const struct name_evidence *e)
{
	return e->count > 1 && e->count < countof(e->hashes) && !e->threads &&
	       e->numbered * 2 < e->count && (double)e->named >= LEAST_NAMED * (double)e->lines &&
	       (double)e->named >= LEAST_TIMES * (double)e->count &&
	       (e->services > 1 || is_collection(source));
}
