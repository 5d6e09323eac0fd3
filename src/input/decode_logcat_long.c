/* SPDX-License-Identifier: MIT */
/*
 * `logcat -v long` prints `[ 11-24 02:50:00.134  1234: 1300 I/cart ]`, the message in the lines
 * behind, and an empty one. What is in brackets and the message's first line become one, as
 * logcat's other forms have it: `11-24 02:50:00.134  1234  1300 I cart: message`. Its number is
 * that of the line in brackets; the line end between them is moved behind it.
 */
#include "src/input/line_decoder.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "src/input/logcat_long.h"

/* logd cuts messages at 4 KiB; what is longer is no line of brackets. */
#define LINE_MAX_BYTES ((size_t)16 << 10)

struct logcat_long {
	struct line_decoder lines;
	struct buf head; /* of the message that is to come; empty: none is */
	bool head_has_end;
};

static void *logcat_long_create(void)
{
	return mem_zalloc(1, sizeof(struct logcat_long));
}

static void logcat_long_destroy(void *state)
{
	struct logcat_long *l = state;
	line_decoder_release(&l->lines);
	buf_release(&l->head);
	free(l);
}

/* The digits at *rest, behind blanks. */
static struct str cut_number(struct str *rest)
{
	*rest = str_trim(*rest);
	size_t len = 0;
	while (len < rest->len && is_digit(rest->ptr[len]))
		len++;
	struct str number = str_head(*rest, len);
	*rest = str_skip(*rest, len);
	return number;
}

/* The parts of a line in brackets. */
struct logcat_head {
	struct str stamp, pid, tid, level, tag;
};

static bool read_head(struct str line, struct logcat_head *h)
{
	line = str_trim(line);
	if (!str_starts(line, STR("[ ")) || !str_ends(line, STR("]")))
		return false;
	struct str rest = str_of(line.ptr + 2, line.len - 3);
	struct str day = str_cut(&rest, ' '), clock = str_cut(&rest, ' ');
	if (day.len < 5 || !is_digit(day.ptr[0]) || day.ptr[day.len - 3] != '-' || clock.len < 8 ||
		!is_digit(clock.ptr[0]) || clock.ptr[2] != ':')
		return false;
	h->stamp = str_of(day.ptr, day.len + 1 + clock.len);
	h->pid = cut_number(&rest);
	if (h->pid.len == 0 || !str_starts(rest, STR(":")))
		return false;
	rest = str_skip(rest, 1);
	h->tid = cut_number(&rest);
	rest = str_trim(rest);
	if (h->tid.len == 0 || rest.len < 3 || !is_alpha(rest.ptr[0]) || rest.ptr[1] != '/')
		return false;
	h->level = str_head(rest, 1);
	h->tag = str_skip(rest, 2);
	return true;
}

bool logcat_is_long(struct str head)
{
	struct logcat_head h;
	struct str line = str_cut(&head, '\n');
	if (str_starts(line, STR("--------- beginning of ")))
		line = str_cut(&head, '\n');
	return read_head(line, &h);
}

/* What is held of a head, with the text behind it. */
static void put_message(struct logcat_long *l, struct str text, bool has_end)
{
	struct buf *out = &l->lines.output.text;
	buf_append(out, buf_str(&l->head));
	buf_append(out, text);
	if (l->head.len > 0 && l->head_has_end)
		buf_append_byte(out, '\n');
	if (has_end)
		buf_append_byte(out, '\n');
	buf_clear(&l->head);
}

static void take_line(void *state, bool has_end)
{
	struct logcat_long *l = state;
	struct str line = buf_str(&l->lines.line);
	struct logcat_head h;
	if (!read_head(line, &h)) {
		put_message(l, line, has_end);
		return;
	}
	if (l->head.len > 0)
		put_message(l, STR(""), false);
	const struct str parts[] = { h.stamp, STR("  "), h.pid, STR("  "), h.tid, STR(" "), h.level,
		STR(" "), h.tag, STR(": ") };
	for (size_t i = 0; i < countof(parts); i++)
		buf_append(&l->head, parts[i]);
	l->head_has_end = has_end;
}

static void finish(void *state)
{
	struct logcat_long *l = state;
	if (l->head.len > 0)
		put_message(l, STR(""), false);
}

static enum decoder_step logcat_long_step(
	void *state, struct decoder_io *io, struct error *err UNUSED)
{
	static const struct line_decoder_calls calls = {
		.line_bytes_max = LINE_MAX_BYTES, .line = take_line, .end = finish
	};
	struct logcat_long *l = state;
	return line_decoder_step(&l->lines, io, &calls, l);
}

const struct decoder_format decode_logcat_long = {
	.name = "logcat",
	.magic_bytes = 1,
	.create = logcat_long_create,
	.step = logcat_long_step,
	.destroy = logcat_long_destroy,
};
