/* SPDX-License-Identifier: MIT */
#include "src/input/json_text.h"

void json_put_byte(struct buf *out, char byte)
{
	if (byte == '"' || byte == '\\') {
		buf_append_byte(out, '\\');
		buf_append_byte(out, byte);
	} else if (byte == '\n') {
		buf_append(out, STR("\\n"));
	} else if ((unsigned char)byte < ' ') {
		buf_printf(out, "\\u%04x", (unsigned)(unsigned char)byte);
	} else {
		buf_append_byte(out, byte);
	}
}

void json_put_text(struct buf *out, struct str text)
{
	buf_append_byte(out, '"');
	for (size_t i = 0; i < text.len; i++)
		json_put_byte(out, text.ptr[i]);
	buf_append_byte(out, '"');
}
