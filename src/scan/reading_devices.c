/* SPDX-License-Identifier: MIT */
/* What is said around a text by Android's logcat, Apple's unified log, Configuration Manager. */
#include "lineup/level.h"
#include "src/scan/reading_source.h"

/* `  pid  tid L Tag: message`, with a user's number or name in front or not,
 * behind logcat's stamp. */
static bool logcat_head(struct str line, size_t at, struct line_head *head)
{
	int numbers = 0;
	size_t user = at;
	while (user < line.len && line.ptr[user] == ' ')
		user++;
	while (user < line.len &&
		((unsigned char)(line.ptr[user] - 'a') < 26 || line.ptr[user] == '_'))
		user++;
	for (size_t start = user; numbers < 3; numbers++) {
		while (start < line.len && line.ptr[start] == ' ')
			start++;
		size_t end = start;
		while (end < line.len && is_digit(line.ptr[end]))
			end++;
		if (end == start || end >= line.len || line.ptr[end] != ' ')
			break;
		at = start = end;
	}
	if (numbers < 2 || at + 4 >= line.len || line.ptr[at + 2] != ' ')
		return false;
	head->level = level_of_word(str_of(line.ptr + at + 1, 1));
	struct str rest = str_head(str_skip(line, at + 3), 80);
	ptrdiff_t colon = str_find_byte(rest, ':');
	if (head->level == LEVEL_NONE || colon < 1)
		return false;
	head->program = str_trim(str_head(rest, (size_t)colon));
	head->text_at = at + 3 + (size_t)colon + 1;
	return head->program.len > 0;
}

/* ` L/Tag( pid): message`, logcat's short form. */
static bool logcat_short_head(struct str line, size_t at, struct line_head *head)
{
	if (at + 6 >= line.len || line.ptr[at] != ' ' || line.ptr[at + 2] != '/')
		return false;
	enum level level = level_of_word(str_of(line.ptr + at + 1, 1));
	struct str rest = str_head(str_skip(line, at + 3), 80);
	ptrdiff_t open = str_find_byte(rest, '('), close = str_find(rest, STR("):"));
	if (level == LEVEL_NONE || open < 1 || close < open)
		return false;
	head->level = level;
	head->program = str_trim(str_head(rest, (size_t)open));
	head->text_at = at + 3 + (size_t)close + 2;
	return true;
}

/* ` pid-tid/package L/Tag: message`, ` pid-tid  Tag   package   L  message`: as Android Studio
 * shows it. */
static bool logcat_studio_head(struct str line, size_t at, struct line_head *head)
{
	struct str words[4] = { STR_NONE, STR_NONE, STR_NONE, STR_NONE };
	size_t count = 0, i = at;
	for (; count < countof(words); count++) {
		while (i < line.len && line.ptr[i] == ' ')
			i++;
		size_t start = i;
		while (i < line.len && line.ptr[i] != ' ')
			i++;
		words[count] = str_of(line.ptr + start, i - start);
		if (count == 0 && (i - start < 3 || !is_digit(line.ptr[start]) ||
					  str_find_byte(words[0], '-') < 1))
			return false;
	}
	struct str tag = words[1], letter = words[3];
	if (str_find_byte(words[0], '/') > 0) {
		if (tag.len < 4 || tag.ptr[1] != '/' || tag.ptr[tag.len - 1] != ':')
			return false;
		letter = str_head(tag, 1);
		i = (size_t)(tag.ptr - line.ptr) + tag.len;
		tag = str_of(tag.ptr + 2, tag.len - 3);
	}
	if (letter.len != 1 || letter.ptr[0] < 'A' || level_of_word(letter) == LEVEL_NONE)
		return false;
	head->level = level_of_word(letter);
	head->program = tag;
	head->text_at = i;
	return true;
}

static enum level level_of_type(struct str type)
{
	static const struct {
		struct str name;
		enum level level;
	} types[] = { { { "Info", 4 }, LEVEL_INFO }, { { "Debug", 5 }, LEVEL_DEBUG },
		{ { "Error", 5 }, LEVEL_ERROR }, { { "Fault", 5 }, LEVEL_CRITICAL } };
	for (size_t i = 0; i < countof(types); i++) {
		if (str_equal(type, types[i].name))
			return types[i].level;
	}
	return LEVEL_NONE;
}

/* ` 0x1a2b  Error  0x0  123  0  process: message`: thread, type, activity, process id, lifetime. */
static bool unified_head(struct str line, size_t at, struct line_head *head)
{
	struct str words[6];
	size_t i = at;
	for (size_t count = 0; count < countof(words); count++) {
		while (i < line.len && line.ptr[i] == ' ')
			i++;
		size_t start = i;
		while (i < line.len && line.ptr[i] != ' ')
			i++;
		words[count] = str_of(line.ptr + start, i - start);
		if (count == 0 && !str_starts(words[0], STR("0x")))
			return false;
	}
	struct str process = words[5];
	if (!str_starts(words[2], STR("0x")) || words[3].len == 0 || !is_digit(words[3].ptr[0]) ||
		words[4].len == 0 || !is_digit(words[4].ptr[0]) || process.len < 2 ||
		process.ptr[process.len - 1] != ':')
		return false;
	head->level = level_of_type(words[1]);
	head->program = str_head(process, process.len - 1);
	head->text_at = i;
	return true;
}

bool reading_device_head(struct str line, size_t at, struct line_head *head)
{
	return logcat_head(line, at, head) || logcat_short_head(line, at, head) ||
	       logcat_studio_head(line, at, head) || unified_head(line, at, head);
}

/* `<![LOG[text]LOG]!><time=... type="3" ...>`: 1, 2 and 3. */
bool reading_trace_level(struct str line, size_t text_at, enum level *level)
{
	static const enum level levels[] = { LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR };
	if (!str_starts(str_skip(line, text_at), STR("<![LOG[")))
		return false;
	ptrdiff_t behind = str_find(line, STR("]LOG]!><time="));
	struct str rest = behind >= 0 ? str_skip(line, (size_t)behind) : STR_NONE;
	ptrdiff_t type = behind >= 0 ? str_find(rest, STR(" type=\"")) : -1;
	if (type < 0)
		return false;
	char digit = (size_t)type + 7 < rest.len ? rest.ptr[type + 7] : '\0';
	*level = digit >= '1' && digit <= '3' ? levels[digit - '1'] : LEVEL_NONE;
	return true;
}
