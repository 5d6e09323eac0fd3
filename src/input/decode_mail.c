/* SPDX-License-Identifier: MIT */
/*
 * Mails with parts: an attached text stands there in base64, and is read in its place. Of what else
 * is attached the code is left out, a line for a line, and that is said at the end. All other lines
 * stay as they are.
 */
#include "src/input/line_decoder.h"

#include <stdlib.h>

#include "lineup/mem.h"

/* A mail has no longer lines; of one that is, what comes first tells what it is. */
#define LINE_MAX_BYTES ((size_t)1000)

struct mail {
	struct line_decoder lines;
	bool in_header; /* of the mail or of a part */
	bool is_coded;	/* so says the part's header */
	bool in_code;
	bool begun; /* some of the code is decoded, so that it is known whether it is text */
	bool is_text;
	bool left_out; /* something that is none */
	uint32_t bits; /* of a group of four letters, so many of them */
	unsigned bit_count;
};

static void *mail_create(void)
{
	struct mail *m = mem_zalloc(1, sizeof(*m));
	m->in_header = true;
	return m;
}

static void mail_destroy(void *state)
{
	struct mail *m = state;
	line_decoder_release(&m->lines);
	free(m);
}

static bool mail_start(void *state UNUSED, struct error *err UNUSED)
{
	return true;
}

/* The six bits of a letter; -1: it is none. */
static int letter_bits(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool is_text(struct str decoded)
{
	for (size_t i = 0; i < decoded.len; i++) {
		unsigned char c = (unsigned char)decoded.ptr[i];
		if (c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\x1b')
			return false;
	}
	return true;
}

static void take_code(struct mail *m, struct str line)
{
	struct buf *out = &m->lines.out;
	size_t before = out->len;
	for (size_t i = 0; i < line.len; i++) {
		int bits = letter_bits(line.ptr[i]);
		if (bits < 0)
			continue;
		m->bits = m->bits << 6 | (uint32_t)bits;
		m->bit_count += 6;
		if (m->bit_count >= 8) {
			m->bit_count -= 8;
			buf_append_byte(out, (char)(m->bits >> m->bit_count & 0xff));
		}
	}
	bool is_blank = !m->begun && out->len == before;
	if (!m->begun && !is_blank) {
		m->is_text = is_text(str_skip(buf_str(out), before));
		m->begun = true;
	}
	if (m->is_text)
		return;
	m->left_out |= !is_blank;
	out->len = before;
	buf_append_byte(out, '\n');
}

static bool says_base64(struct str line)
{
	static const struct str key = { "Content-Transfer-Encoding:", 26 };
	return str_equal_nocase(str_head(line, key.len), key) &&
	       str_equal_nocase(str_trim(str_skip(line, key.len)), STR("base64"));
}

static void begin_header(struct mail *m)
{
	m->in_header = true;
	m->is_coded = m->in_code = false;
}

/* A whole line, or the first bytes of a long one; how it ended, if it did. */
static void take_line(void *state, bool has_end)
{
	struct mail *m = state;
	struct buf *out = &m->lines.out;
	struct str line = buf_str(&m->lines.line);
	struct str bare = str_trim(line);
	if (str_starts(line, STR("--")) || (!m->in_code && str_starts(line, STR("From ")))) {
		/* of a text without an end of its own */
		if (m->in_code && m->is_text)
			buf_append_byte(out, '\n');
		begin_header(m);
	} else if (m->in_code) {
		take_code(m, bare);
		return;
	} else if (m->in_header && bare.len == 0) {
		m->in_header = false;
		m->in_code = m->is_coded;
		m->begun = m->is_text = false;
		m->bit_count = 0;
	} else if (m->in_header) {
		m->is_coded |= says_base64(line);
	}
	buf_append(out, line);
	if (has_end)
		buf_append_byte(out, '\n');
}

static enum decoder_step end(const struct mail *m, struct error *err)
{
	if (!m->left_out)
		return DECODER_STREAM_END;
	error_set(err, "what is attached and no text is not read; save it as a file");
	return DECODER_UNREADABLE;
}

static enum decoder_step mail_step(void *state, struct decoder_io *io, struct error *err)
{
	static const struct line_decoder_calls calls = { .line_bytes_max = LINE_MAX_BYTES,
		.line = take_line };
	struct mail *m = state;
	enum decoder_step step = line_decoder_step(&m->lines, io, &calls, m);
	return step == DECODER_STREAM_END ? end(m, err) : step;
}

const struct decoder_format decode_mail = {
	.name = "mail",
	.magic_bytes = 1,
	.create = mail_create,
	.start = mail_start,
	.step = mail_step,
	.destroy = mail_destroy,
};
