/* SPDX-License-Identifier: MIT */
#include "src/input/json_walk.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Of numbers, true, false, null, NaN and Infinity. */
static bool is_bare(char c)
{
	return is_digit(c) || (c != '\0' && strchr("+-.eEtrufalsnNIity", c) != NULL);
}

static enum json_byte broken(struct json_walk *w, char c)
{
	*w = (struct json_walk){ .in_prose = c != '\n' };
	return JSON_BROKEN;
}

static enum json_byte string_byte(struct json_walk *w, char c)
{
	if (c == '\n')
		return broken(w, c);
	if (w->escaped)
		w->escaped = false;
	else if (c == '\\')
		w->escaped = true;
	else if (c == '"')
		w->in_string = false;
	return JSON_PLAIN;
}

static enum json_byte open(struct json_walk *w, char c)
{
	if (w->depth == JSON_WALK_DEPTH_MAX)
		return broken(w, c);
	uint64_t bit = UINT64_C(1) << w->depth++;
	w->arrays = (w->arrays & (bit - 1)) | (c == '[' ? bit : 0);
	return JSON_OPEN;
}

static enum json_byte close(struct json_walk *w, char c)
{
	if (w->depth == 0 || (w->arrays >> (w->depth - 1) & 1) != (c == ']'))
		return broken(w, c);
	w->depth--;
	return JSON_CLOSE;
}

/* Outside of all values: a mark of byte order is as good as nothing. */
static enum json_byte outer_byte(struct json_walk *w, char c)
{
	if (c == '{' || c == '[')
		return open(w, c);
	w->in_prose = !is_blank(c) && c != ',' && memchr("\xef\xbb\xbf", c, 3) == NULL;
	return JSON_PLAIN;
}

enum json_byte json_walk_byte(struct json_walk *w, char c)
{
	if (w->in_string)
		return string_byte(w, c);
	if (w->in_prose) {
		w->in_prose = c != '\n';
		return JSON_PLAIN;
	}
	if (w->depth == 0)
		return outer_byte(w, c);
	switch (c) {
	case '"':
		w->in_string = true;
		return JSON_PLAIN;
	case '{':
	case '[':
		return open(w, c);
	case '}':
	case ']':
		return close(w, c);
	case ',':
		return JSON_COMMA;
	case ':':
		return JSON_COLON;
	default:
		return is_blank(c) || is_bare(c) ? JSON_PLAIN : broken(w, c);
	}
}

size_t json_walk_string(const struct json_walk *w, struct str bytes)
{
	if (!w->in_string || w->escaped)
		return 0;
	size_t n = 0;
	while (n < bytes.len && bytes.ptr[n] != '"' && bytes.ptr[n] != '\\' && bytes.ptr[n] != '\n')
		n++;
	return n;
}
