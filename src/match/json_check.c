/* SPDX-License-Identifier: MIT */
/* Source of the format: RFC 8259. Control bytes in strings are let pass, as most parsers do. */
#include "src/match/json_check.h"

enum wanted { VALUE, VALUE_OR_END, KEY, KEY_OR_END, COLON, COMMA_OR_END };

struct walk {
	const char *at;
	const char *end;
	enum wanted wanted;
	size_t depth;
	bool in_object[JSON_DEPTH_MAX];
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Behind the opening quote; true when the closing one was passed. */
static bool pass_string(struct walk *w)
{
	while (w->at < w->end) {
		char c = *w->at++;
		if (c == '"')
			return true;
		if (c != '\\')
			continue;
		if (w->at == w->end)
			return false;
		c = *w->at++;
		if (memchr("\"\\/bfnrt", c, 8) != NULL)
			continue;
		if (c != 'u' || w->end - w->at < 4)
			return false;
		for (int i = 0; i < 4; i++)
			if (!is_hex(*w->at++))
				return false;
	}
	return false;
}

static size_t pass_digits(struct walk *w)
{
	const char *start = w->at;
	while (w->at < w->end && *w->at >= '0' && *w->at <= '9')
		w->at++;
	return (size_t)(w->at - start);
}

static bool pass_number(struct walk *w)
{
	if (*w->at == '-')
		w->at++;
	if (pass_digits(w) == 0)
		return false;
	if (w->at < w->end && *w->at == '.') {
		w->at++;
		if (pass_digits(w) == 0)
			return false;
	}
	if (w->at == w->end || (*w->at != 'e' && *w->at != 'E'))
		return true;
	w->at++;
	if (w->at < w->end && (*w->at == '+' || *w->at == '-'))
		w->at++;
	return pass_digits(w) > 0;
}

static bool pass_word(struct walk *w)
{
	static const struct str words[] = { { "true", 4 }, { "false", 5 }, { "null", 4 } };
	struct str rest = str_of(w->at, (size_t)(w->end - w->at));
	for (size_t i = 0; i < countof(words); i++) {
		if (str_starts(rest, words[i])) {
			w->at += words[i].len;
			return true;
		}
	}
	return false;
}

static bool begin(struct walk *w, bool object)
{
	if (w->depth == JSON_DEPTH_MAX)
		return false;
	w->in_object[w->depth++] = object;
	w->wanted = object ? KEY_OR_END : VALUE_OR_END;
	w->at++;
	return true;
}

static bool end(struct walk *w, bool object)
{
	bool may_end =
		w->wanted == COMMA_OR_END || w->wanted == KEY_OR_END || w->wanted == VALUE_OR_END;
	if (!may_end || w->depth == 0 || w->in_object[w->depth - 1] != object)
		return false;
	w->depth--;
	w->wanted = COMMA_OR_END;
	w->at++;
	return true;
}

static bool pass_value(struct walk *w)
{
	char c = *w->at;
	if (c == '{' || c == '[')
		return begin(w, c == '{');
	w->wanted = COMMA_OR_END;
	if (c == '"') {
		w->at++;
		return pass_string(w);
	}
	return c == '-' || (c >= '0' && c <= '9') ? pass_number(w) : pass_word(w);
}

static bool pass_token(struct walk *w)
{
	char c = *w->at;
	if (c == '}' || c == ']')
		return end(w, c == '}');
	switch (w->wanted) {
	case VALUE:
	case VALUE_OR_END:
		return pass_value(w);
	case KEY:
	case KEY_OR_END:
		w->wanted = COLON;
		return *w->at++ == '"' && pass_string(w);
	case COLON:
		w->wanted = VALUE;
		return *w->at++ == ':';
	default:
		w->wanted = w->in_object[w->depth - 1] ? KEY : VALUE;
		return *w->at++ == ',';
	}
}

bool json_is_whole(struct str text)
{
	struct walk w = { .at = text.ptr, .end = text.ptr + text.len, .wanted = VALUE };
	if (text.len == 0 || (*w.at != '{' && *w.at != '['))
		return false;
	do {
		if (is_space(*w.at))
			w.at++;
		else if (!pass_token(&w))
			return false;
	} while (w.at < w.end && w.depth > 0);
	while (w.at < w.end && is_space(*w.at))
		w.at++;
	return w.depth == 0 && w.at == w.end;
}
