/* SPDX-License-Identifier: MIT */
#include "lineup/title.h"

#include <string.h>

#include "lineup/answer.h"
#include "lineup/base.h"
#include "lineup/clock.h"
#include "lineup/level.h"

#define TITLE_BYTES 100
#define STAMP_WORDS 5

/* ---- stamps ---- */

/* Is it a part of a stamp: digits and what stands between them, or the name of a month or a day? */
static bool is_of_stamp(struct str word)
{
	bool digit = false;
	if (clock_names_date(word) || str_equal(word, STR("UTC")))
		return true;
	for (size_t i = 0; i < word.len; i++) {
		bool now = word.ptr[i] >= '0' && word.ptr[i] <= '9';
		digit |= now;
		if (!now && strchr("-:.,TZ+/[]", word.ptr[i]) == NULL)
			return false;
	}
	return digit;
}

struct str line_behind_stamp(struct str line)
{
	struct str rest = str_trim(line);
	for (unsigned i = 0; i < STAMP_WORDS; i++) {
		struct str after = rest;
		if (!is_of_stamp(str_cut(&after, ' ')) || after.len == 0)
			break;
		rest = str_trim(after);
	}
	return rest;
}

/* ---- services ---- */

bool names_document(struct str service)
{
	static const char *const suffixes[] = { "yaml", "yml", "html", "htm", "xml", "conf",
		"config", "cfg", "ini", "toml", "properties", "sh", "md" };
	ptrdiff_t dot = str_rfind_byte(service, '.');
	for (size_t i = 0; dot > 0 && i < countof(suffixes); i++) {
		if (str_equal_nocase(str_skip(service, (size_t)dot + 1), str_from(suffixes[i])))
			return true;
	}
	return false;
}

bool names_nothing(struct str service)
{
	return str_equal(service, STR("unknown"));
}

/* ---- messages ---- */

/* Inside the quotes behind the first of these keys: logfmt and JSON name the message so. */
static struct str quoted_message(struct str text)
{
	static const char *const keys[] = { "msg=\"", "message=\"", "\"msg\":\"", "\"message\":\"",
		"\"msg\": \"", "\"message\": \"", "\"MESSAGE\":\"", "\"MESSAGE\": \"" };
	for (size_t i = 0; i < countof(keys); i++) {
		struct str key = str_from(keys[i]);
		ptrdiff_t at = str_find(text, key);
		if (at < 0)
			continue;
		struct str inside = str_skip(text, (size_t)at + key.len);
		size_t end = 0;
		while (end < inside.len &&
			(inside.ptr[end] != '"' || (end > 0 && inside.ptr[end - 1] == '\\')))
			end++;
		return str_trim(str_head(inside, end));
	}
	return text;
}

/*
 * Does a value end with the quote that the text begins with? `", "level":` is the end of one of
 * JSON, and the next key; `","api"` and `"}` show it as well. `"a", "b"` in prose has blanks.
 */
static bool ends_value(struct str text)
{
	struct str rest = str_skip(text, 1);
	while (rest.len > 0 && (rest.ptr[0] == '}' || rest.ptr[0] == ']'))
		rest = str_skip(rest, 1);
	if (rest.len == 0)
		return text.len > 1;
	if (rest.ptr[0] != ',')
		return false;
	struct str key = str_trim(str_skip(rest, 1));
	bool joined = rest.len > 1 && rest.ptr[1] != ' ';
	ptrdiff_t end =
		key.len > 1 && key.ptr[0] == '"' ? str_find_byte(str_skip(key, 1), '"') : -1;
	return joined ||
	       (end > 0 && str_starts(str_trim(str_skip(key, (size_t)end + 2)), STR(":")));
}

/* The value alone, where the text begins inside of one: `ready` of `ready", "level": "info"`. */
static struct str begun_value(struct str text)
{
	ptrdiff_t data = str_find(text, STR("</Data>"));
	if (data > 0)
		return str_head(text, (size_t)data);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"' && (i == 0 || text.ptr[i - 1] != '\\'))
			return i > 0 && ends_value(str_skip(text, i)) ? str_head(text, i) : text;
	}
	return text;
}

static bool has_letter(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || (s.ptr[i] >= 'A' && s.ptr[i] <= 'Z') ||
			(uint8_t)s.ptr[i] >= 0x80)
			return true;
	}
	return false;
}

/* "key=<*>", "key=-" or "<*>": says nothing to who reads. */
static bool is_masked(struct str word)
{
	ptrdiff_t at = str_find(word, STR("="));
	struct str value = at < 0 ? word : str_skip(word, (size_t)at + 1);
	return !has_letter(value) && (at >= 0 || str_find(word, STR("<*>")) >= 0);
}

/* "[...]" at the start, when a mask or nothing but a name in capitals or digits is in it. */
static size_t bracket_len(struct str text)
{
	if (text.len == 0 || text.ptr[0] != '[')
		return 0;
	ptrdiff_t end = str_find(text, STR("]"));
	if (end < 0)
		return 0;
	struct str inside = str_head(text, (size_t)end);
	return str_find(inside, STR("<*>")) >= 0 || str_find(inside, STR("=-")) >= 0 ||
			       !has_letter(inside)
		       ? (size_t)end + 1
		       : 0;
}

/* "com.shop.pay.Pool", "pay.pool", "plugins.<*>.agent": a logger's name; "reserve.go:<*>]": the
 * place in a source. */
static bool is_origin(struct str word)
{
	bool dot = false;
	if (word.len > 0 && word.ptr[word.len - 1] == ']')
		return str_find(word, STR(":<*>]")) > 0;
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];
		dot |= c == '.' && i > 0 && i + 1 < word.len;
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    strchr("._$-<*>", c) != NULL))
			return false;
	}
	return dot;
}

/* "c.s.ContactsService#<*>", "pay.pool:<*>": a logger's name, and where in it. */
static bool is_origin_with_line(struct str word)
{
	static const struct str ends[] = { { "#<*>", 4 }, { ":<*>", 4 } };
	for (size_t i = 0; i < countof(ends); i++) {
		if (str_ends(word, ends[i]) && is_origin(str_head(word, word.len - ends[i].len)))
			return true;
	}
	return false;
}

/* A level in capitals that was left standing, before a logger's name. */
static bool is_level_before_origin(struct str word, struct str rest)
{
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] < 'A' || word.ptr[i] > 'Z')
			return false;
	}
	struct str next = str_cut(&rest, ' ');
	return level_of_word(word) != LEVEL_NONE && (is_origin(next) || is_origin_with_line(next));
}

/* "TraceID:" and the like, whose value is the next word. */
static bool names_id(struct str word)
{
	static const struct str ends[] = { { "ID:", 3 }, { "Id:", 3 }, { "_id:", 4 },
		{ "-id:", 4 } };
	for (size_t i = 0; i < countof(ends); i++) {
		if (word.len > ends[i].len && str_ends(word, ends[i]))
			return true;
	}
	return false;
}

/* What closes or parts, and nothing else: "]", "):", "-". */
static bool is_punctuation(struct str word)
{
	for (size_t i = 0; i < word.len; i++) {
		if (strchr("])}:;,.-|", word.ptr[i]) == NULL)
			return false;
	}
	return true;
}

/* One thing less at the start, or the same. */
static struct str without_head(struct str text)
{
	struct str rest = text, word;
	size_t bracket = bracket_len(text);
	if (bracket > 0)
		return str_trim(str_skip(text, bracket));
	word = str_cut(&rest, ' ');
	rest = str_trim(rest);
	if (rest.len == 0)
		return text;
	if (is_punctuation(word) || is_masked(word) || is_level_before_origin(word, rest))
		return rest;
	/* a logger's name only where something sets it off (Spring's column ends in " : "):
	 * prose has words with dots as well */
	if (is_origin_with_line(word) ||
		(is_origin(word) && (word.ptr[word.len - 1] == ']' || str_starts(rest, STR("- ")) ||
					    str_starts(rest, STR(": ")) || bracket_len(rest) > 0)))
		return rest;
	if (names_id(word)) {
		struct str value = str_cut(&rest, ' ');
		return is_masked(value) && str_trim(rest).len > 0 ? str_trim(rest) : text;
	}
	return text;
}

static struct str without_tail(struct str text)
{
	ptrdiff_t at = str_rfind_byte(text, ' ');
	if (at > 0 && is_masked(str_skip(text, (size_t)at + 1)) &&
		str_find(str_skip(text, (size_t)at + 1), STR("=")) > 0)
		return str_trim(str_head(text, (size_t)at));
	/* the end of an object, or the line's own end as it stands within one */
	if (text.len > 2 && (str_ends(text, STR("\"}")) || str_ends(text, STR("\\n"))))
		return str_trim(str_head(text, text.len - 2));
	return text;
}

/* `POST /checkout` of an access log's `] "POST /checkout HTTP/1.1" 502 17 "-" "curl"`;
 * or nothing. */
static struct str access_request(struct str text)
{
	ptrdiff_t quote = str_find_byte(text, '"'), end = str_find(text, STR(" HTTP/"));
	if (quote < 0 || end < quote || has_letter(str_head(text, (size_t)quote)))
		return STR_NONE;
	struct str request = str_skip(str_head(text, (size_t)end), (size_t)quote + 1);
	size_t i = 0;
	while (i < request.len && request.ptr[i] >= 'A' && request.ptr[i] <= 'Z')
		i++;
	return i > 2 && i < request.len && request.ptr[i] == ' ' ? request : STR_NONE;
}

struct str template_message(struct str text)
{
	struct str now = begun_value(quoted_message(str_trim(text)));
	struct str request = access_request(text);
	if (request.len > 0)
		return request;
	for (size_t before = now.len + 1; now.len < before;) {
		before = now.len;
		struct str shorter = without_tail(without_head(now));
		now = has_letter(shorter) ? shorter : now;
	}
	if (now.len == 0)
		now = str_trim(text);
	return now.len > 0 ? now : STR("(no message)");
}

bool template_is_request(struct str text)
{
	return access_request(text).len > 0;
}

/* What leads to the status in a line: `status=`, `code `, of one word. */
static struct str status_lead(struct str line, struct str status)
{
	struct str before = str_head(line, (size_t)(status.ptr - line.ptr));
	size_t from = before.len;
	while (from > 0 && !is_alpha(before.ptr[from - 1]))
		from--;
	while (from > 0 && is_alpha(before.ptr[from - 1]))
		from--;
	return str_skip(before, from);
}

/* Does each line that is kept tell a status of 5xx? Then what leads to it in the first. */
static bool tells_failure(const struct subject *s, struct str *lead)
{
	for (size_t i = 0; i < s->evidence_count; i++) {
		struct str status = answer_status(s->evidence[i].text);
		if (status.len == 0 || status.ptr[0] != '5')
			return false;
		if (i == 0)
			*lead = status_lead(s->evidence[i].text, status);
	}
	return s->evidence_count > 0;
}

/* The status is what makes it a problem, and it was masked: "completed with status 5xx". */
static struct str with_failure(const struct subject *s, struct str text, struct arena *arena)
{
	static const struct str masked = { "<*>", 3 };
	struct str lead = STR_NONE, rest = text;
	ptrdiff_t at;
	if (!tells_failure(s, &lead))
		return text;
	while (lead.len > 0 && (at = str_find(rest, lead)) >= 0) {
		rest = str_skip(rest, (size_t)at + lead.len);
		if (str_starts(rest, masked))
			return arena_printf(arena, "%.*s5xx%.*s",
				STR_ARG(str_head(text, (size_t)(rest.ptr - text.ptr))),
				STR_ARG(str_skip(rest, masked.len)));
	}
	return arena_printf(arena, "%.*s (5xx)", STR_ARG(text));
}

struct str subject_title(const struct findings *f, const struct subject *s, struct arena *arena)
{
	if (s->kind == SUBJECT_RULE)
		return f->rules->rules[s->rule].title;
	struct str text = template_message(s->template_text);
	if (s->level == LEVEL_ERROR && template_is_request(s->template_text))
		text = arena_printf(arena, "%.*s" TITLE_OF_FAILURE, STR_ARG(text));
	else if (s->level == LEVEL_ERROR)
		text = with_failure(s, text, arena);
	if (text.len <= TITLE_BYTES)
		return text;
	return arena_printf(arena, "%.*s ...", STR_ARG(title_head(text, TITLE_BYTES)));
}
