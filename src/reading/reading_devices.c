/* SPDX-License-Identifier: MIT */
/* What is said around a text by Android's logcat, Apple's unified log, Configuration Manager, and
 * by docker around the events of containers. */
#include "lineup/level.h"
#include "src/reading/reading_source.h"

/* The word behind the spaces at *at, which moves to its end; empty at the end of the line. */
static struct str next_word(struct str line, size_t *at)
{
	while (*at < line.len && line.ptr[*at] == ' ')
		++*at;
	size_t start = *at;
	while (*at < line.len && line.ptr[*at] != ' ')
		++*at;
	return str_of(line.ptr + start, *at - start);
}

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
	size_t i = at;
	struct str ids = next_word(line, &i);
	if (ids.len < 3 || !is_digit(ids.ptr[0]) || str_find_byte(ids, '-') < 1)
		return false;
	struct str tag = next_word(line, &i);
	next_word(line, &i);
	struct str letter = next_word(line, &i);
	if (str_find_byte(ids, '/') > 0) {
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
	size_t i = at;
	if (!str_starts(next_word(line, &i), STR("0x")))
		return false;
	struct str type = next_word(line, &i), activity = next_word(line, &i);
	struct str pid = next_word(line, &i), lifetime = next_word(line, &i);
	struct str process = next_word(line, &i);
	if (!str_starts(activity, STR("0x")) || pid.len == 0 || !is_digit(pid.ptr[0]) ||
		lifetime.len == 0 || !is_digit(lifetime.ptr[0]) || process.len < 2 ||
		process.ptr[process.len - 1] != ':')
		return false;
	head->level = level_of_type(type);
	head->program = str_head(process, process.len - 1);
	head->text_at = i;
	return true;
}

/* ` container exec_start: /bin/true <id> (image=acme/cart:1, name=cart-1)`, as `docker events`
 * prints them: of the container. */
static bool docker_event_head(struct str line, size_t at, struct line_head *head)
{
	static const struct str key = { "name=", 5 };
	struct str rest = str_skip(line, at);
	ptrdiff_t open = str_starts(rest, STR(" container ")) ? str_find(rest, STR(" (")) : -1;
	if (open < CONTAINER_ID_LEN || !str_ends(str_trim(rest), STR(")")))
		return false;
	for (size_t i = (size_t)open - CONTAINER_ID_LEN; i < (size_t)open; i++) {
		if (!is_small_hex(rest.ptr[i]))
			return false;
	}
	rest = str_skip(rest, (size_t)open + 2);
	while (rest.len > 0) {
		struct str attribute = str_trim(str_cut(&rest, ','));
		if (!str_starts(attribute, key))
			continue;
		struct str name = str_skip(attribute, key.len);
		head->program = str_head(name, name.len - str_ends(name, STR(")")));
		head->text_at = at;
		return head->program.len > 0;
	}
	return false;
}

bool reading_device_head(struct str line, size_t at, struct line_head *head)
{
	return docker_event_head(line, at, head) || logcat_head(line, at, head) ||
	       logcat_short_head(line, at, head) || logcat_studio_head(line, at, head) ||
	       unified_head(line, at, head);
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
