/* SPDX-License-Identifier: MIT */
/* The words and numbers of loggers, each by itself. */
#include "lineup/level.h"

static const struct level_word {
	char name[LEVEL_WORD_MAX];
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
	{ "DPANIC", 6, LEVEL_CRITICAL },
	{ "EMERG", 5, LEVEL_CRITICAL },
	{ "EMERGENCY", 9, LEVEL_CRITICAL },
	{ "EROR", 4, LEVEL_ERROR },
	{ "ERR", 3, LEVEL_ERROR },
	{ "ERRO", 4, LEVEL_ERROR },
	{ "ERROR", 5, LEVEL_ERROR },
	{ "FAILURE", 7, LEVEL_ERROR },
	{ "FATAL", 5, LEVEL_CRITICAL },
	{ "FINE", 4, LEVEL_DEBUG },
	{ "FINER", 5, LEVEL_DEBUG },
	{ "FINEST", 6, LEVEL_DEBUG },
	{ "FTL", 3, LEVEL_CRITICAL },
	{ "INF", 3, LEVEL_INFO },
	{ "INFO", 4, LEVEL_INFO },
	{ "INFORMATION", 11, LEVEL_INFO },
	{ "INFORMATIONAL", 13, LEVEL_INFO },
	{ "LOG", 3, LEVEL_INFO },
	{ "NOTE", 4, LEVEL_INFO },
	{ "NOTICE", 6, LEVEL_INFO },
	{ "PANIC", 5, LEVEL_CRITICAL },
	{ "SEVERE", 6, LEVEL_ERROR },
	{ "STATEMENT", 9, LEVEL_INFO },
	{ "SUCCESS", 7, LEVEL_INFO },
	{ "TRACE", 5, LEVEL_DEBUG },
	{ "VERBOSE", 7, LEVEL_DEBUG },
	{ "WARN", 4, LEVEL_WARNING },
	{ "WARNING", 7, LEVEL_WARNING },
	{ "WRN", 3, LEVEL_WARNING },
};

/* Where the words of each letter begin in it. */
static const uint8_t word_starts[27] = { 0, 1, 1, 3, 7, 13, 19, 19, 19, 23, 23, 23, 24, 24, 26, 26,
	27, 27, 27, 30, 31, 31, 32, 35, 35, 35, 35 };

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
	if (word.len < 3 || word.len > LEVEL_WORD_MAX)
		return LEVEL_NONE;
	/* syslog's LOG_ERR */
	if (word.len > 6 && str_starts(word, STR("LOG_")))
		word = str_skip(word, 4);
	/* PostgreSQL's DEBUG1 to DEBUG5 */
	if (word.len == 6 && (unsigned char)(word.ptr[5] - '0') < 10)
		word.len = str_equal_nocase(str_head(word, 5), STR("DEBUG")) ? 5 : 6;
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

enum level level_of_windows(unsigned number)
{
	static const enum level levels[6] = { LEVEL_INFO, LEVEL_CRITICAL, LEVEL_ERROR,
		LEVEL_WARNING, LEVEL_INFO, LEVEL_DEBUG };
	return number < countof(levels) ? levels[number] : LEVEL_NONE;
}

enum level level_of_trace(unsigned number)
{
	static const enum level levels[5] = { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR,
		LEVEL_CRITICAL };
	return number < countof(levels) ? levels[number] : LEVEL_NONE;
}

enum level level_of_otel(struct str number)
{
	static const enum level levels[6] = { LEVEL_DEBUG, LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARNING,
		LEVEL_ERROR, LEVEL_CRITICAL };
	uint64_t value;
	return str_to_u64(number, &value) && value >= 1 && value <= 24 ? levels[(value - 1) / 4]
								       : LEVEL_NONE;
}

enum level level_of_python(struct str number)
{
	static const enum level levels[5] = { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR,
		LEVEL_CRITICAL };
	uint64_t value;
	return str_to_u64(number, &value) && value >= 10 && value < 60 ? levels[value / 10 - 1]
								       : LEVEL_NONE;
}

enum level level_of_http(struct str status)
{
	return status.len == 3 && status.ptr[0] == '5' ? LEVEL_ERROR : LEVEL_NONE;
}

enum level level_of_value(struct str value)
{
	uint64_t number;
	if (!str_to_u64(value, &number))
		return level_of_word(value);
	if (number < 8)
		return level_of_syslog((unsigned)number);
	/* 13 may be anybody's */
	if (number < 30 && number % 5 != 0)
		return LEVEL_NONE;
	return number < 30    ? LEVEL_DEBUG
	       : number < 40  ? LEVEL_INFO
	       : number < 50  ? LEVEL_WARNING
	       : number < 60  ? LEVEL_ERROR
	       : number <= 60 ? LEVEL_CRITICAL
			      : LEVEL_NONE;
}
