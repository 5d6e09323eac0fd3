/* SPDX-License-Identifier: MIT */
/* Levels that stand in the number or the letter of a message. */
#include "src/reading/level_codes.h"

#define THREAD_REACH 200 /* bytes in which the letter of a thread's line stands */

static bool is_upper(struct str word)
{
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] >= 'a' && word.ptr[i] <= 'z')
			return false;
	}
	return true;
}

/* %ASA-4-106023, %PKT_INFRA-LINK-3-UPDOWN: the number between the dashes. */
bool level_of_cisco(struct str line, size_t at, enum level *level)
{
	size_t i = at + 1;
	while (i + 1 < line.len && i < at + 32 &&
		((line.ptr[i] >= 'A' && line.ptr[i] <= 'Z') || line.ptr[i] == '_' ||
			(line.ptr[i] == '-' && line.ptr[i + 1] >= 'A' && line.ptr[i + 1] <= 'Z')))
		i++;
	if (i == at + 1 || i + 2 >= line.len || line.ptr[i] != '-' || line.ptr[i + 2] != '-' ||
		(unsigned char)(line.ptr[i + 1] - '0') >= 10)
		return false;
	*level = line.ptr[i + 1] < '8' ? level_of_syslog((unsigned)(line.ptr[i + 1] - '0'))
				       : LEVEL_NONE;
	return true;
}

/* %%01URL/4/FILTER(l):, IFNET/4/LINK_UPDOWN: of Huawei and H3C: a module, syslog's number, a name.
 */
bool level_of_module(struct str line, size_t start, size_t end, enum level *level)
{
	if (end + 3 >= line.len || line.ptr[end] != '/' || line.ptr[end + 2] != '/' ||
		!is_digit(line.ptr[end + 1]) || line.ptr[end + 3] < 'A' ||
		line.ptr[end + 3] > 'Z' || end < start + 2 ||
		!is_upper(str_of(line.ptr + start, end - start)))
		return false;
	size_t at = end + 3;
	while (at < line.len && ((line.ptr[at] >= 'A' && line.ptr[at] <= 'Z') ||
					is_digit(line.ptr[at]) || line.ptr[at] == '_'))
		at++;
	/* RP/0/RSP0/CPU0: is the place of a card. */
	if (at >= line.len || memchr("(: [", line.ptr[at], 4) == NULL)
		return false;
	*level = line.ptr[end + 1] < '8' ? level_of_syslog((unsigned)(line.ptr[end + 1] - '0'))
					 : LEVEL_NONE;
	return true;
}

/*
 * AMQ5051I:, ANS1228E, CWLRB5588I: the number of a message in IBM's programs, three to five
 * capitals, four or five digits (three on z/OS) and the letter of its level.
 */
enum level level_of_message(struct str line, size_t start, size_t end)
{
	static const char letters[] = "IWES";
	static const enum level levels[] = { LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR, LEVEL_ERROR };
	size_t at = start, digits = 0;
	char before = start > 0 ? line.ptr[start - 1] : ' ';
	char after = end < line.len ? line.ptr[end] : ' ';
	while (at < end && line.ptr[at] >= 'A' && line.ptr[at] <= 'Z')
		at++;
	size_t capitals = at - start;
	while (at < end && is_digit(line.ptr[at])) {
		at++;
		digits++;
	}
	if (capitals < 3 || capitals > 5 || digits < 3 || digits > 5 || at + 1 != end ||
		before != ' ' || (after != ' ' && after != ':'))
		return LEVEL_NONE;
	const char *letter = strchr(letters, line.ptr[at]);
	return letter != NULL ? levels[letter - letters] : LEVEL_NONE;
}

bool level_is_fail(struct str line, size_t start, size_t end)
{
	if (!str_equal(str_of(line.ptr + start, end - start), STR("fail")) ||
		!str_starts(str_skip(line, end), STR(": ")))
		return false;
	size_t at = end + 2;
	while (at < line.len && (is_alpha(line.ptr[at]) || is_digit(line.ptr[at]) ||
					line.ptr[at] == '.' || line.ptr[at] == '_'))
		at++;
	return at > end + 2 && at + 1 < line.len && line.ptr[at] == '[' &&
	       is_digit(line.ptr[at + 1]);
}

/*
 * `] 0000004a ConnectionWai E   `: WebSphere's letter behind the thread and the short name of who
 * writes, where no other log has a letter alone.
 */
enum level level_of_thread(struct str line, size_t at)
{
	static const char letters[] = "FEWACID";
	static const enum level levels[] = { LEVEL_CRITICAL, LEVEL_ERROR, LEVEL_WARNING, LEVEL_INFO,
		LEVEL_INFO, LEVEL_INFO, LEVEL_DEBUG };
	if (at + 14 >= line.len || line.ptr[at] != ']' || line.ptr[at + 1] != ' ' ||
		line.ptr[at + 10] != ' ')
		return LEVEL_NONE;
	for (size_t i = at + 2; i < at + 10; i++) {
		if (!is_small_hex(line.ptr[i]))
			return LEVEL_NONE;
	}
	size_t i = at + 11;
	while (i < line.len && i < at + THREAD_REACH && line.ptr[i] != ' ')
		i++;
	while (i < line.len && line.ptr[i] == ' ')
		i++;
	const char *letter = i + 1 < line.len && line.ptr[i + 1] == ' ' && line.ptr[i] != '\0'
				     ? strchr(letters, line.ptr[i])
				     : NULL;
	return letter != NULL ? levels[letter - letters] : LEVEL_NONE;
}
