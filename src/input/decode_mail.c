/* SPDX-License-Identifier: MIT */
/*
 * Mails with parts: an attached text stands there in base64, packed or not, and is read in its
 * place. Of what else is attached the code is left out, a line for a line, and that is said at the
 * end. All other lines stay as they are.
 */
#include "src/input/line_decoder.h"

#include <stdlib.h>

#include "lineup/mem.h"

/* A mail has no longer lines; of one that is, what comes first tells what it is. */
#define LINE_MAX_BYTES ((size_t)1000)

#define UNPACK_BYTES ((size_t)16 << 10)

enum attached { ATTACHED_UNKNOWN, ATTACHED_TEXT, ATTACHED_OTHER };

struct mail {
	struct line_decoder lines;
	bool in_header; /* of the mail or of a part */
	bool is_coded;	/* so says the part's header */
	bool in_code;
	bool begun;			      /* some of the code is decoded */
	enum attached attached;		      /* what it is, once some of it is unpacked */
	size_t unknown_lines;		      /* of code, until then */
	bool left_out;			      /* something that is no text */
	struct buf decoded;		      /* of the line at hand */
	const struct decoder_format *packing; /* of the part at hand; NULL: it is not packed */
	void *unpacker;
	bool unpacked_whole; /* no stream is begun and not ended */
	uint32_t bits;	     /* of a group of four letters, so many of them */
	unsigned bit_count;
};

static void *mail_create(void)
{
	struct mail *m = mem_zalloc(1, sizeof(*m));
	m->in_header = true;
	return m;
}

static void drop_unpacker(struct mail *m)
{
	if (m->packing != NULL)
		m->packing->destroy(m->unpacker);
	m->packing = NULL;
}

static void mail_destroy(void *state)
{
	struct mail *m = state;
	drop_unpacker(m);
	line_decoder_release(&m->lines);
	buf_release(&m->decoded);
	free(m);
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

static void decode(struct mail *m, struct str line)
{
	buf_clear(&m->decoded);
	for (size_t i = 0; i < line.len; i++) {
		int bits = letter_bits(line.ptr[i]);
		if (bits < 0)
			continue;
		m->bits = m->bits << 6 | (uint32_t)bits;
		m->bit_count += 6;
		if (m->bit_count >= 8) {
			m->bit_count -= 8;
			buf_append_byte(&m->decoded, (char)(m->bits >> m->bit_count & 0xff));
		}
	}
}

/*
 * What these bytes go on with, into `out`; false when it is damaged. A line of code is small, so
 * what comes of it is too, and what comes of all is counted by the limits on decoders' flows.
 */
static bool unpack(struct mail *m, struct str bytes, bool ended)
{
	struct decoder_io io = {
		.in = (const uint8_t *)bytes.ptr, .in_len = bytes.len, .ended = ended
	};
	uint8_t room[UNPACK_BYTES];
	struct error err;
	while (io.in_len > 0 || io.out_len == 0) {
		if (m->unpacked_whole && io.in_len == 0)
			return true;
		if (m->unpacked_whole && !m->packing->start(m->unpacker, &err))
			return false;
		m->unpacked_whole = false;
		io.out = room;
		io.out_len = sizeof(room);
		size_t before = io.in_len;
		enum decoder_step step = m->packing->step(m->unpacker, &io, &err);
		size_t made = sizeof(room) - io.out_len;
		buf_append(&m->lines.output.text, str_of((const char *)room, made));
		if (step != DECODER_MORE && step != DECODER_STREAM_END)
			return false;
		m->unpacked_whole = step == DECODER_STREAM_END;
		if (made == 0 && io.in_len == before && !m->unpacked_whole)
			return io.in_len == 0;
	}
	return true;
}

static void begin_code(struct mail *m)
{
	m->begun = true;
	m->packing = decoder_find(buf_str(&m->decoded));
	m->unpacker = m->packing != NULL ? m->packing->create() : NULL;
	m->unpacked_whole = true;
}

/* So many lines of code came to nothing. */
static void leave_out(struct mail *m, size_t lines)
{
	for (size_t i = 0; i < lines; i++)
		buf_append_byte(&m->lines.output.text, '\n');
	m->left_out = true;
}

static void take_code(struct mail *m, struct str line)
{
	struct buf *out = &m->lines.output.text;
	size_t before = out->len;
	decode(m, line);
	if (!m->begun && m->decoded.len == 0) {
		buf_append_byte(out, '\n');
		return;
	}
	if (!m->begun)
		begin_code(m);
	if (m->packing == NULL)
		buf_append(out, buf_str(&m->decoded));
	else if (m->attached != ATTACHED_OTHER && !unpack(m, buf_str(&m->decoded), false))
		m->attached = ATTACHED_OTHER;
	if (m->attached == ATTACHED_UNKNOWN && out->len > before)
		m->attached =
			is_text(str_skip(buf_str(out), before)) ? ATTACHED_TEXT : ATTACHED_OTHER;
	m->unknown_lines += m->attached != ATTACHED_TEXT;
	if (m->attached != ATTACHED_OTHER)
		return;
	out->len = before;
	leave_out(m, m->unknown_lines);
	m->unknown_lines = 0;
}

static void end_code(struct mail *m)
{
	struct buf *out = &m->lines.output.text;
	size_t before = out->len;
	bool good = m->packing == NULL || m->attached == ATTACHED_OTHER ||
		    (unpack(m, STR(""), true) && m->unpacked_whole);
	if (m->attached == ATTACHED_UNKNOWN)
		out->len = before;
	if (!good || (m->attached == ATTACHED_UNKNOWN && m->unknown_lines > 0))
		leave_out(m, m->attached == ATTACHED_UNKNOWN ? m->unknown_lines : 0);
	drop_unpacker(m);
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
	m->is_coded = false;
}

/* A whole line, or the first bytes of a long one; how it ended, if it did. */
static void take_line(void *state, bool has_end)
{
	struct mail *m = state;
	struct buf *out = &m->lines.output.text;
	struct str line = buf_str(&m->lines.line);
	struct str bare = str_trim(line);
	if (str_starts(line, STR("--")) || (!m->in_code && str_starts(line, STR("From ")))) {
		if (m->in_code)
			end_code(m);
		/* of a text without an end of its own */
		if (m->in_code && m->attached == ATTACHED_TEXT)
			buf_append_byte(out, '\n');
		m->in_code = false;
		begin_header(m);
	} else if (m->in_code) {
		take_code(m, bare);
		return;
	} else if (m->in_header && bare.len == 0) {
		m->in_header = false;
		m->in_code = m->is_coded;
		m->begun = false;
		m->attached = ATTACHED_UNKNOWN;
		m->unknown_lines = 0;
		m->bit_count = 0;
	} else if (m->in_header) {
		m->is_coded |= says_base64(line);
	}
	buf_append(out, line);
	if (has_end)
		buf_append_byte(out, '\n');
}

static void finish(void *state)
{
	struct mail *m = state;
	if (m->in_code)
		end_code(m);
}

static enum decoder_step end(const struct mail *m, struct error *err)
{
	if (!m->left_out)
		return DECODER_STREAM_END;
	error_set(
		err, "what is attached and no text, or is damaged, is not read; save it as a file");
	return DECODER_UNREADABLE;
}

static enum decoder_step mail_step(void *state, struct decoder_io *io, struct error *err)
{
	static const struct line_decoder_calls calls = {
		.line_bytes_max = LINE_MAX_BYTES, .line = take_line, .end = finish
	};
	struct mail *m = state;
	enum decoder_step step = line_decoder_step(&m->lines, io, &calls, m);
	return step == DECODER_STREAM_END ? end(m, err) : step;
}

const struct decoder_format decode_mail = {
	.name = "mail",
	.magic_bytes = 1,
	.create = mail_create,
	.step = mail_step,
	.destroy = mail_destroy,
};
