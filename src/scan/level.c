/* SPDX-License-Identifier: MIT */
#include "lineup/level.h"

/* Bytes behind the stamp in which a level may stand. */
#define HEAD_BYTES 200
/* Words (runs of letters and digits, so an address is several) among which it may stand. */
#define WORD_LIMIT 20

static const struct level_word {
	char name[11];
	uint8_t len;
	uint8_t level;
} level_words[] = {
	/* in the order of bytes */
	{ "ALERT", 5, LEVEL_CRITICAL },
	{ "CRIT", 4, LEVEL_CRITICAL },
	{ "CRITICAL", 8, LEVEL_CRITICAL },
	{ "DBG", 3, LEVEL_DEBUG },
	{ "DBUG", 4, LEVEL_DEBUG },
	{ "DEBUG", 5, LEVEL_DEBUG },
	{ "DEBUG1", 6, LEVEL_DEBUG },
	{ "DEBUG2", 6, LEVEL_DEBUG },
	{ "DPANIC", 6, LEVEL_CRITICAL },
	{ "EMERG", 5, LEVEL_CRITICAL },
	{ "EMERGENCY", 9, LEVEL_CRITICAL },
	{ "EROR", 4, LEVEL_ERROR },
	{ "ERR", 3, LEVEL_ERROR },
	{ "ERROR", 5, LEVEL_ERROR },
	{ "FAILURE", 7, LEVEL_ERROR },
	{ "FATAL", 5, LEVEL_CRITICAL },
	{ "FINE", 4, LEVEL_DEBUG },
	{ "FINER", 5, LEVEL_DEBUG },
	{ "FINEST", 6, LEVEL_DEBUG },
	{ "INF", 3, LEVEL_INFO },
	{ "INFO", 4, LEVEL_INFO },
	{ "INFORMATION", 11, LEVEL_INFO },
	{ "LOG", 3, LEVEL_INFO },
	{ "NOTE", 4, LEVEL_INFO },
	{ "NOTICE", 6, LEVEL_INFO },
	{ "PANIC", 5, LEVEL_CRITICAL },
	{ "SEVERE", 6, LEVEL_ERROR },
	{ "STATEMENT", 9, LEVEL_INFO },
	{ "TRACE", 5, LEVEL_DEBUG },
	{ "VERBOSE", 7, LEVEL_DEBUG },
	{ "WARN", 4, LEVEL_WARNING },
	{ "WARNING", 7, LEVEL_WARNING },
	{ "WRN", 3, LEVEL_WARNING },
};

/* Where the words of each letter begin in it. */
static const uint8_t word_starts[27] = { 0, 1, 1, 3, 9, 14, 19, 19, 19, 22, 22, 22, 23, 23, 25, 25,
	26, 26, 26, 28, 29, 29, 30, 33, 33, 33, 33 };

static inline bool is_alpha(char c)
{
	return (unsigned char)((c | 32) - 'a') < 26;
}

static enum level level_of_letter(char c)
{
	switch (c) {
	case 'T':
	case 'V':
	case 'D':
		return LEVEL_DEBUG;
	case 'I':
	case 'N':
		return LEVEL_INFO;
	case 'W':
		return LEVEL_WARNING;
	case 'E':
		return LEVEL_ERROR;
	case 'F':
	case 'C':
		return LEVEL_CRITICAL;
	default:
		return LEVEL_NONE;
	}
}

enum level level_of_word(struct str word)
{
	if (word.len == 1)
		return level_of_letter((char)(word.ptr[0] & ~32));
	if (word.len < 3 || word.len > 11)
		return LEVEL_NONE;
	unsigned first = (unsigned char)(word.ptr[0] & ~32) - 'A';
	for (size_t i = first < 26 ? word_starts[first] : 1,
		    end = first < 26 ? word_starts[first + 1] : 0;
		i < end; i++) {
		const struct level_word *w = &level_words[i];
		if (w->len != word.len)
			continue;
		size_t at = 1;
		while (at < word.len &&
			((word.ptr[at] & ~32) == w->name[at] || word.ptr[at] == w->name[at]))
			at++;
		if (at == word.len)
			return (enum level)w->level;
	}
	return LEVEL_NONE;
}

enum level level_of_syslog(unsigned number)
{
	static const enum level levels[8] = { LEVEL_CRITICAL, LEVEL_CRITICAL, LEVEL_CRITICAL,
		LEVEL_ERROR, LEVEL_WARNING, LEVEL_INFO, LEVEL_INFO, LEVEL_DEBUG };
	return levels[number & 7];
}

enum level level_of_value(struct str value)
{
	uint64_t number;
	if (!str_to_u64(value, &number))
		return level_of_word(value);
	if (number < 8)
		return level_of_syslog((unsigned)number);
	return number < 30    ? LEVEL_DEBUG
	       : number < 40  ? LEVEL_INFO
	       : number < 50  ? LEVEL_WARNING
	       : number < 60  ? LEVEL_ERROR
	       : number <= 60 ? LEVEL_CRITICAL
			      : LEVEL_NONE;
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

/* Is the word set apart so that it can only be a level, whatever its case? */
static bool is_set_apart(struct str line, size_t start, size_t end, bool first_word)
{
	char before = start > 0 ? line.ptr[start - 1] : ' ',
	     after = end < line.len ? line.ptr[end] : ' ';
	char next = end + 1 < line.len ? line.ptr[end + 1] : ' ';
	/* [Server thread/INFO], INFO/MainProcess, information/Listener: one of a name's parts */
	if (end - start > 2 && ((before == '/' && after == ']') ||
				       (first_word && after == '/' && next >= 'A' && next <= 'Z')))
		return true;
	/* [ info], =ERROR REPORT=== */
	if (before == ' ' && after == ']' && start > 1 && line.ptr[start - 2] == '[')
		return true;
	if (before == '=' && start == 1 && after == ' ' && end - start > 2)
		return true;
	if ((before == '[' && (after == ']' || after == ' ')) || (before == '<' && after == '>') ||
		(before == '(' && after == ')') ||
		(before == '|' && (after == '|' || after == ' ')) ||
		(before == ':' && after == ':'))
		return true;
	if (before == '.' && after == ':' && end - start > 2)
		return true; /* local.ERROR: */
	if (before == ':' && after == ']')
		return true; /* [core:error] */
	if (end - start == 1)
		return first_word &&
		       ((before == ' ' && after == ' ') || (before == ' ' && after == '/'));
	if (before == '=' || (before == '"' && start > 1 && line.ptr[start - 2] == '='))
		return is_level_key(line, before == '=' ? start - 1 : start - 2);
	if (after == ':' && (before == ' ' || before == '['))
		return true;
	return first_word && (after == ' ' || after == ',' || after == '\t');
}

/* %ASA-4-106023: the number between the dashes. */
static enum level cisco_level(struct str line, size_t at)
{
	size_t i = at + 1;
	while (i < line.len && i < at + 24 &&
		((line.ptr[i] >= 'A' && line.ptr[i] <= 'Z') || line.ptr[i] == '_'))
		i++;
	if (i > at + 1 && i + 2 < line.len && line.ptr[i] == '-' && line.ptr[i + 1] >= '0' &&
		line.ptr[i + 1] <= '7' && line.ptr[i + 2] == '-')
		return level_of_syslog((unsigned)(line.ptr[i + 1] - '0'));
	return LEVEL_NONE;
}

/* 1: goes on with a word; 2: begins one. */
static const uint8_t word_bytes[256] = {
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
	['A'] = 3,
	['B'] = 3,
	['C'] = 3,
	['D'] = 3,
	['E'] = 3,
	['F'] = 3,
	['G'] = 3,
	['H'] = 3,
	['I'] = 3,
	['J'] = 3,
	['K'] = 3,
	['L'] = 3,
	['M'] = 3,
	['N'] = 3,
	['O'] = 3,
	['P'] = 3,
	['Q'] = 3,
	['R'] = 3,
	['S'] = 3,
	['T'] = 3,
	['U'] = 3,
	['V'] = 3,
	['W'] = 3,
	['X'] = 3,
	['Y'] = 3,
	['Z'] = 3,
	['_'] = 1,
	['a'] = 3,
	['b'] = 3,
	['c'] = 3,
	['d'] = 3,
	['e'] = 3,
	['f'] = 3,
	['g'] = 3,
	['h'] = 3,
	['i'] = 3,
	['j'] = 3,
	['k'] = 3,
	['l'] = 3,
	['m'] = 3,
	['n'] = 3,
	['o'] = 3,
	['p'] = 3,
	['q'] = 3,
	['r'] = 3,
	['s'] = 3,
	['t'] = 3,
	['u'] = 3,
	['v'] = 3,
	['w'] = 3,
	['x'] = 3,
	['y'] = 3,
	['z'] = 3,
};

enum level level_find(struct str line, size_t from, size_t *end)
{
	size_t limit = size_min(line.len, from + HEAD_BYTES);
	bool first_word = true;
	int words = 0;
	for (size_t i = from; i < limit && words < WORD_LIMIT;) {
		char c = line.ptr[i];
		if (c == '\x1b') { /* a colour's 32m is no word */
			while (i < limit && !is_alpha(line.ptr[i]))
				i++;
			i++;
			continue;
		}
		if ((word_bytes[(unsigned char)c] & 2) == 0) {
			if (c == '%') {
				enum level level = cisco_level(line, i);
				if (level != LEVEL_NONE) {
					*end = i;
					return level;
				}
			}
			i++;
			continue;
		}
		size_t start = i;
		while (i < line.len &&
			(is_alpha(line.ptr[i]) || (line.ptr[i] >= '0' && line.ptr[i] <= '9') ||
				line.ptr[i] == '_'))
			i++;
		size_t len = i - start;
		if (len <= 11 && (len > 2 || len == 1)) {
			struct str word = str_of(line.ptr + start, len);
			char before = start > 0 ? line.ptr[start - 1] : ' ',
			     after = i < line.len ? line.ptr[i] : ' ';
			enum level level = level_of_word(word);
			bool plain = len > 2 && is_upper(word) && before != '.' && before != '-' &&
				     before != '/' && before != '=' && after != '=' &&
				     after != '-' && after != '/' && after != '.';
			if (level != LEVEL_NONE &&
				(plain || is_set_apart(line, start, i, first_word))) {
				*end = i;
				return level;
			}
		}
		words++;
		/* A process id, a thread or a letter does not make it the second word. */
		if (len > 1)
			first_word = false;
	}
	return LEVEL_NONE;
}
