/* SPDX-License-Identifier: MIT */
/*
 * The journal's JSON, an entry a line, in which a message that is no plain text (it has colours, or
 * letters of an old code page) is an array of its bytes: "MESSAGE":[27,91,51]. It becomes the text
 * that it was, which rules can be looked for in. All else stays as it is.
 */
#include "src/input/line_decoder.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "src/input/json_text.h"

/* journald's own limit is 48 KiB a line of a service, of which each byte may be four here; of a
 * longer line what comes first is looked at. */
#define LINE_MAX_BYTES ((size_t)256 << 10)

static const struct str message_key = { "\"MESSAGE\"", 9 };

static void *byte_arrays_create(void)
{
	return mem_zalloc(1, sizeof(struct line_decoder));
}

static void byte_arrays_destroy(void *state)
{
	line_decoder_release(state);
	free(state);
}

static void skip_blanks(struct str *s)
{
	while (s->len > 0 && (s->ptr[0] == ' ' || s->ptr[0] == '\t'))
		*s = str_skip(*s, 1);
}

/* Numbers of bytes up to the bracket; *rest is what stands behind it. False: it is no such
 * array. */
static bool take_array(struct str *rest, struct buf *out)
{
	buf_append_byte(out, '"');
	for (;;) {
		unsigned byte = 0;
		size_t digits = 0;
		skip_blanks(rest);
		while (digits < 4 && digits < rest->len && is_digit(rest->ptr[digits]))
			byte = byte * 10 + (unsigned)(rest->ptr[digits++] - '0');
		if (digits == 0 || byte > UINT8_MAX)
			return false;
		json_put_byte(out, (char)byte);
		*rest = str_skip(*rest, digits);
		skip_blanks(rest);
		char next = str_byte(*rest, 0);
		*rest = str_skip(*rest, 1);
		if (next == ']')
			break;
		if (next != ',')
			return false;
	}
	buf_append_byte(out, '"');
	return true;
}

static void take_line(void *state, bool has_end)
{
	struct line_decoder *d = state;
	struct str line = buf_str(&d->line);
	ptrdiff_t key = str_find(line, message_key);
	struct str rest = key < 0 ? STR_NONE : str_skip(line, (size_t)key + message_key.len);
	skip_blanks(&rest);
	bool is_array = str_byte(rest, 0) == ':';
	rest = str_skip(rest, is_array);
	skip_blanks(&rest);
	is_array &= str_byte(rest, 0) == '[';
	size_t before = d->output.text.len;
	if (is_array) {
		buf_append(&d->output.text, str_head(line, (size_t)(rest.ptr - line.ptr)));
		rest = str_skip(rest, 1);
		is_array = take_array(&rest, &d->output.text);
	}
	if (!is_array)
		d->output.text.len = before;
	buf_append(&d->output.text, is_array ? rest : line);
	if (has_end)
		buf_append_byte(&d->output.text, '\n');
}

static enum decoder_step byte_arrays_step(
	void *state, struct decoder_io *io, struct error *err UNUSED)
{
	static const struct line_decoder_calls calls = { .line_bytes_max = LINE_MAX_BYTES,
		.line = take_line };
	return line_decoder_step(state, io, &calls, state);
}

const struct decoder_format decode_byte_arrays = {
	.name = "journal in JSON",
	.magic_bytes = 1,
	.create = byte_arrays_create,
	.step = byte_arrays_step,
	.destroy = byte_arrays_destroy,
};
