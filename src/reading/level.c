/* SPDX-License-Identifier: MIT */
#include "lineup/level.h"

#include "lineup/byte_masks.h"
#include "src/reading/level_codes.h"

/* Bytes behind the stamp in which a level may stand. */
#define HEAD_BYTES 200
/* Words (runs of letters and digits, so an address is several) among which it may stand. */
#define WORD_LIMIT 20
/* What is shorter is no id (line_mask.h). */
#define ID_BYTES 8
/* Ids are in lines of at most that many bytes (line_mask.h). */
#define ID_REACH 1024

static inline bool is_word(char c)
{
	return is_alpha(c) || (unsigned char)(c - '0') < 10 || c == '_';
}

static bool is_upper(struct str word)
{
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] >= 'a' && word.ptr[i] <= 'z')
			return false;
	}
	return true;
}

/* Does the key that ends before `at` say that its value is a level? */
static bool is_level_key(struct str line, size_t at)
{
	static const struct str keys[] = { { "level", 5 }, { "lvl", 3 }, { "severity", 8 },
		{ "sev", 3 }, { "priority", 8 }, { "pri", 3 }, { "l", 1 }, { "at", 2 },
		{ "log.level", 9 }, { "loglevel", 8 }, { "levelname", 9 }, { "prio", 4 } };
	size_t start = at;
	while (start > 0 && (is_alpha(line.ptr[start - 1]) || line.ptr[start - 1] == '.'))
		start--;
	for (size_t i = 0; i < countof(keys); i++) {
		if (str_equal_nocase(str_of(line.ptr + start, at - start), keys[i]))
			return true;
	}
	return false;
}

/* Does a key with a colon and blanks stand before the word? */
static bool is_level_label(struct str line, size_t start)
{
	size_t at = start;
	while (at > 0 && line.ptr[at - 1] == ' ')
		at--;
	return at > 0 && at < start && line.ptr[at - 1] == ':' && is_level_key(line, at - 1);
}

/* `E! [outputs] ...` of Telegraf, `-E- ...`, `E: Unable to ...` of apt: but `E: 90 %` is a drive.
 */
static bool is_short_mark(struct str line, size_t at)
{
	char before = at > 0 ? line.ptr[at - 1] : ' ';
	if (at + 3 >= line.len || line.ptr[at + 2] != ' ')
		return false;
	char after = line.ptr[at + 1], next = line.ptr[at + 3];
	return (before == ' ' && after == '!') || (before == '-' && after == '-') ||
	       (before == ' ' && after == ':' && (line.ptr[at] == 'E' || line.ptr[at] == 'W') &&
		       next >= 'A' && next <= 'Z');
}

/* Is the word set apart so that it can only be a level, whatever its case? */
static bool is_set_apart(struct str line, size_t start, size_t end, bool first_word)
{
	char before = start > 0 ? line.ptr[start - 1] : ' ',
	     after = end < line.len ? line.ptr[end] : ' ';
	char next = end + 1 < line.len ? line.ptr[end + 1] : ' ';
	if (end - start == 1 && after == ':' && (next == '\\' || next == '/'))
		return false; /* a drive */
	/* [Server thread/INFO], INFO/MainProcess, information/Listener: one of a name's parts */
	if (end - start > 2 && ((before == '/' && after == ']') ||
				       (first_word && after == '/' && next >= 'A' && next <= 'Z')))
		return true;
	/* [ info], [ info|..., [2025-12-31 23:59:59 warning], =ERROR REPORT=== */
	if (before == ' ' && (after == ']' || after == '|') && start > 1 &&
		(line.ptr[start - 2] == '[' || (after == ']' && first_word && end - start > 2)))
		return true;
	if (before == '=' && start == 1 && after == ' ' && end - start > 2)
		return true;
	if ((before == '[' && (after == ']' || after == ' ' || after == '#')) ||
		(before == '\t' && after == '\t') ||
		(before == '<' && (after == '>' || after == ':')) ||
		(before == '(' && after == ')') ||
		(before == '|' && (after == '|' || after == ' ' || after == ':')) ||
		(before == ':' && after == ':'))
		return true;
	/* ` -- warning -- `, `corosync notice  [TOTEM ] ...` */
	if (end - start > 2 && before == ' ' && after == ' ' &&
		((next == '-' && start > 1 && line.ptr[start - 2] == '-') ||
			(next == ' ' && end + 2 < line.len && line.ptr[end + 2] == '[')))
		return true;
	/* a column, with room on both sides */
	if (end - start > 2 && before == ' ' && start > 1 && line.ptr[start - 2] == ' ' &&
		after == ' ' && next == ' ')
		return true;
	if (before == 'm' && after == '\x1b')
		return true; /* between colours: ESC [ 33 m warn ESC [ 39 m */
	/* local.ERROR:, [ID 748625 daemon.error]; [h1:auth.failure:notice] has it at its end */
	if (before == '.' && end - start > 2 &&
		(after == ']' || (after == ':' && is_upper(str_of(line.ptr + start, end - start)))))
		return true;
	if ((before == ':' || before == '#') && after == ']')
		return true; /* [core:error], [web#info] */
	if (end - start == 1 && first_word && is_short_mark(line, start))
		return true;
	if (end - start == 1)
		return first_word &&
		       ((before == ' ' && after == ' ') || (before == ' ' && after == '/') ||
			       (start == 0 && after == '['));
	if (before == '=' ||
		((before == '"' || before == '\'') && start > 1 && line.ptr[start - 2] == '='))
		return is_level_key(line, before == '=' ? start - 1 : start - 2);
	if (after == ':' && (before == ' ' || before == '[' || before == '>'))
		return true;
	if (is_level_label(line, start)) /* LEVEL: Warning */
		return true;
	return first_word && (after == ' ' || after == ',' || after == '\t');
}

/* A walk over the words of a head: runs of letters, digits and _ from their first letter on. */
struct word_walk {
	struct str line;
	size_t limit; /* no word starts behind */
	size_t at;
	size_t block_at; /* where the masks begin */
	uint64_t letters;
	uint64_t word; /* letters, digits, _ */
	uint64_t special;
};

static void load_block(struct word_walk *w, size_t at)
{
	struct byte_block block = byte_block_load(w->line, at);
	w->block_at = at;
	w->letters = byte_block_range(&block, 0x20, 'a', 'z');
	w->word =
		w->letters | byte_block_range(&block, 0, '0', '9') | byte_block_equal(&block, '_');
	w->special = byte_block_either(&block, '%', '\x1b');
}

static inline uint64_t from_bit(size_t bit)
{
	return bit < BLOCK_BYTES ? UINT64_MAX << bit : 0;
}

enum step { STEP_WORD, STEP_SPECIAL, STEP_END };

/* The next word or, before it, the next byte that is looked at by itself. */
static enum step next_word(struct word_walk *w, size_t *start, size_t *end)
{
	while (w->at < w->limit) {
		if (w->at >= w->block_at + BLOCK_BYTES)
			load_block(w, w->at);
		uint64_t ahead = from_bit(w->at - w->block_at);
		uint64_t either = (w->letters | w->special) & ahead;
		if (either == 0) {
			w->at = w->block_at + BLOCK_BYTES;
			continue;
		}
		size_t bit = (size_t)__builtin_ctzll(either);
		*start = w->block_at + bit;
		if (*start >= w->limit)
			break;
		if ((w->special >> bit & 1) != 0) {
			w->at = *start + 1;
			return STEP_SPECIAL;
		}
		uint64_t behind = ~w->word & from_bit(bit);
		if (behind == 0 && bit > 0) {
			load_block(w, *start); /* all of the word in one block */
			behind = ~w->word;
		}
		*end = w->block_at + (behind != 0 ? (size_t)__builtin_ctzll(behind) : BLOCK_BYTES);
		while (behind == 0 && *end < w->line.len && is_word(w->line.ptr[*end]))
			(*end)++;
		w->at = *end;
		return STEP_WORD;
	}
	return STEP_END;
}

/* Behind a colour's end: its 32m is no word. */
static size_t skip_colour(struct str line, size_t at, size_t limit)
{
	while (at < limit && !is_alpha(line.ptr[at]))
		at++;
	return at + 1;
}

/* Lengths that level words have, a bit each, by their first letter. */
static const uint16_t first_lengths[32] = { ['A' & 31] = 1 << 5,
	['C' & 31] = 1 << 1 | 1 << 4 | 1 << 8,
	['D' & 31] = 1 << 1 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6,
	['E' & 31] = 1 << 1 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 9,
	['F' & 31] = 1 << 1 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7,
	['I' & 31] = 1 << 1 | 1 << 3 | 1 << 4 | 1 << 11 | 1 << 13,
	['L' & 31] = 1 << 3 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11,
	['N' & 31] = 1 << 1 | 1 << 4 | 1 << 6,
	['P' & 31] = 1 << 5,
	['S' & 31] = 1 << 6 | 1 << 7 | 1 << 9,
	['T' & 31] = 1 << 1 | 1 << 5,
	['V' & 31] = 1 << 1 | 1 << 7,
	['W' & 31] = 1 << 1 | 1 << 3 | 1 << 4 | 1 << 7 };

/* `ipsec,error phase1 ...`, `system,error,critical ...`: among the topics behind the stamp. */
static bool is_topic(struct str line, size_t from, size_t start, size_t end)
{
	if (end - start < 3 || start == 0 || line.ptr[start - 1] != ',' || end >= line.len ||
		(line.ptr[end] != ' ' && line.ptr[end] != ','))
		return false;
	while (from < start && line.ptr[from] == ' ')
		from++;
	for (size_t i = from; i < start; i++) {
		if (!is_word(line.ptr[i]) && line.ptr[i] != ',' && line.ptr[i] != '-')
			return false;
	}
	return true;
}

/* In capitals, and no part of a name, a path or a pair. */
static bool is_plain(struct str line, size_t start, size_t end)
{
	char before = start > 0 ? line.ptr[start - 1] : ' ';
	char after = end < line.len ? line.ptr[end] : ' ';
	/* SUCCESS is a level of few loggers only, and a word of many others. */
	return end - start > 2 && is_upper(str_of(line.ptr + start, end - start)) &&
	       !(end - start == 7 && line.ptr[start] == 'S') && before != '.' && before != '-' &&
	       before != '/' && before != '=' && after != '=' && after != '-' && after != '/' &&
	       after != '.';
}

/*
 * Does the word lie in a run of lower-case hexadecimal digits and dashes that may be an id? Such do
 * not count as words, as the parts of ids do not that are digits alone: so an id is the same to the
 * walk whatever its digits are.
 */
static bool is_of_id(struct str line, size_t start, size_t end)
{
	size_t digits = 0, first = start - size_min(start, ID_REACH);
	size_t last = size_min(line.len, end + ID_REACH);
	for (size_t i = start; i < end; i++) {
		if (!is_small_hex(line.ptr[i]))
			return false;
		digits += line.ptr[i] <= '9';
	}
	while (start > first && (is_small_hex(line.ptr[start - 1]) || line.ptr[start - 1] == '-'))
		digits += (unsigned char)(line.ptr[--start] - '0') < 10;
	while (end < last && (is_small_hex(line.ptr[end]) || line.ptr[end] == '-'))
		digits += (unsigned char)(line.ptr[end++] - '0') < 10;
	return digits > 0 && end - start >= ID_BYTES;
}

static inline enum level level_of_code(
	struct str line, size_t start, size_t end, bool first_word, bool *digits_matter)
{
	enum level level = LEVEL_NONE;
	if (first_word && end - start >= 7 && end - start <= 11 && is_digit(line.ptr[end - 2]))
		level = level_of_message(line, start, end);
	if (first_word && end - start == 4 && level_is_fail(line, start, end))
		level = LEVEL_ERROR;
	if (end + 3 < line.len && line.ptr[end] == '/' && line.ptr[end + 2] == '/')
		*digits_matter |= level_of_module(line, start, end, &level);
	return level;
}

enum level level_find(struct str line, size_t from, size_t *end, bool *digits_matter)
{
	size_t limit = size_min(line.len, from + HEAD_BYTES), start, word_end;
	bool first_word = true;
	if (from >= limit)
		return LEVEL_NONE;
	if (line.ptr[from] == ']' && level_of_thread(line, from) != LEVEL_NONE) {
		*end = from;
		return level_of_thread(line, from);
	}
	struct word_walk walk = { .line = line, .limit = limit, .at = from };
	load_block(&walk, from);
	for (int words = 0; words < WORD_LIMIT;) {
		enum step step = next_word(&walk, &start, &word_end);
		if (step == STEP_END)
			return LEVEL_NONE;
		if (step == STEP_SPECIAL && line.ptr[start] == '%') {
			enum level level;
			if (!level_of_cisco(line, start, &level))
				continue;
			*digits_matter = true;
			*end = start;
			if (level != LEVEL_NONE)
				return level;
			continue;
		}
		if (step == STEP_SPECIAL) {
			walk.at = skip_colour(line, start, limit);
			continue;
		}
		size_t len = word_end - start;
		enum level code = level_of_code(line, start, word_end, first_word, digits_matter);
		if (code != LEVEL_NONE)
			return code;
		if (len <= LEVEL_WORD_MAX &&
			(first_lengths[line.ptr[start] & 31] >> len & 1) != 0) {
			enum level level = level_of_word(str_of(line.ptr + start, len));
			if (level != LEVEL_NONE &&
				(is_plain(line, start, word_end) ||
					is_set_apart(line, start, word_end, first_word) ||
					is_topic(line, from, start, word_end))) {
				*end = word_end;
				return level;
			}
		}
		if (is_of_id(line, start, word_end))
			continue;
		words++;
		/* A process id, a thread or a letter does not make it the second word. */
		if (len > 1)
			first_word = false;
	}
	return LEVEL_NONE;
}
