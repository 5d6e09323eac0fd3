/* SPDX-License-Identifier: MIT */
#include "lineup/escape.h"

#include "lineup/utf8.h"

static void append_visible(struct buf *b, uint32_t c)
{
	if (c < 0x100)
		buf_printf(b, "\\x%02x", (unsigned)c);
	else if (c < 0x10000)
		buf_printf(b, "\\u%04x", (unsigned)c);
	else
		buf_printf(b, "\\U%08x", (unsigned)c);
}

/* Bytes that need no second look: the bulk of every log. */
static size_t plain_run(struct str s, bool json)
{
	size_t n = 0;
	while (n < s.len) {
		unsigned char c = (unsigned char)s.ptr[n];
		if (c < 0x20 || c >= 0x7f || (json && (c == '"' || c == '\\')))
			break;
		n++;
	}
	return n;
}

void escape_terminal(struct buf *b, struct str text, bool ascii)
{
	while (text.len > 0) {
		size_t plain = plain_run(text, false);
		buf_append(b, str_head(text, plain));
		text = str_skip(text, plain);
		if (text.len == 0)
			break;
		uint32_t c = utf8_take(&text);
		if (c == '\t' || c == '\n' || c == '\r')
			buf_append_byte(b, ' ');
		else if (utf8_is_unsafe(c) || (ascii && c > 0x7e))
			append_visible(b, c);
		else
			utf8_append(b, c);
	}
}

static void append_json_unit(struct buf *b, uint32_t c)
{
	if (c >= 0x10000) {
		c -= 0x10000;
		buf_printf(b, "\\u%04x\\u%04x", 0xd800U + (unsigned)(c >> 10),
			0xdc00U + (unsigned)(c & 0x3ff));
		return;
	}
	buf_printf(b, "\\u%04x", (unsigned)c);
}

void escape_json(struct buf *b, struct str text)
{
	while (text.len > 0) {
		size_t plain = plain_run(text, true);
		buf_append(b, str_head(text, plain));
		text = str_skip(text, plain);
		if (text.len == 0)
			break;
		uint32_t c = utf8_take(&text);
		switch (c) {
		case '"':
			buf_append(b, STR("\\\""));
			break;
		case '\\':
			buf_append(b, STR("\\\\"));
			break;
		case '\n':
			buf_append(b, STR("\\n"));
			break;
		case '\r':
			buf_append(b, STR("\\r"));
			break;
		case '\t':
			buf_append(b, STR("\\t"));
			break;
		default:
			if (utf8_is_unsafe(c))
				append_json_unit(b, c);
			else
				utf8_append(b, c);
		}
	}
}

/* A spreadsheet runs what starts with one of these, blanks in front or not. */
static bool is_formula(struct str text)
{
	if (text.len > 0 && (text.ptr[0] == '\t' || text.ptr[0] == '\r' || text.ptr[0] == '\n'))
		return true;
	text = str_trim(text);
	return text.len > 0 && memchr("=+-@", text.ptr[0], 4) != NULL;
}

void escape_csv(struct buf *b, struct str text)
{
	struct buf cell = BUF_INIT(0);
	if (is_formula(text))
		buf_append_byte(&cell, '\'');
	escape_terminal(&cell, text, false);
	struct str shown = buf_str(&cell);
	bool quoted = str_find_byte(shown, ',') >= 0 || str_find_byte(shown, '"') >= 0 ||
		      str_find_byte(shown, ';') >= 0 || !str_equal(shown, str_trim(shown));
	if (!quoted) {
		buf_append(b, shown);
	} else {
		buf_append_byte(b, '"');
		for (size_t i = 0; i < shown.len; i++) {
			if (shown.ptr[i] == '"')
				buf_append_byte(b, '"');
			buf_append_byte(b, shown.ptr[i]);
		}
		buf_append_byte(b, '"');
	}
	buf_release(&cell);
}
