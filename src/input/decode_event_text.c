/* SPDX-License-Identifier: MIT */
/*
 * Windows' events as wevtutil prints them, a field a line: `Event[0]`, `  Source: cart`, `  Date:
 * ...`, `  Description: ` and the text. The fields and the text's first line become one line, whose
 * number is that of the event; the line ends between them are moved behind it, so that what follows
 * has the number that it has in the file.
 */
#include "src/input/line_decoder.h"

#include <stdlib.h>

#include "lineup/mem.h"

/* An event's fields have less; what is longer is text that only begins so. */
#define LINE_MAX_BYTES	 ((size_t)16 << 10)
#define FIELDS_MAX_BYTES ((size_t)8 << 10)

enum event_part { BETWEEN_EVENTS, IN_FIELDS, BEFORE_TEXT };

struct event_text {
	struct line_decoder lines;
	enum event_part part;
	struct buf event; /* so far, */
	struct buf owed;  /* and the line ends that are to stand behind it */
};

static void *event_text_create(void)
{
	return mem_zalloc(1, sizeof(struct event_text));
}

static void event_text_destroy(void *state)
{
	struct event_text *e = state;
	line_decoder_release(&e->lines);
	buf_release(&e->event);
	buf_release(&e->owed);
	free(e);
}

static void put_event(void *state)
{
	struct event_text *e = state;
	buf_append(&e->lines.output.text, buf_str(&e->event));
	buf_append(&e->lines.output.text, buf_str(&e->owed));
	buf_clear(&e->event);
	buf_clear(&e->owed);
	e->part = BETWEEN_EVENTS;
}

static void hold(struct event_text *e, struct str line, bool has_end)
{
	bool is_crlf = str_ends(line, STR("\r"));
	buf_append(&e->event, str_head(line, line.len - is_crlf));
	if (is_crlf)
		buf_append_byte(&e->owed, '\r');
	if (has_end)
		buf_append_byte(&e->owed, '\n');
}

static void take_line(void *state, bool has_end)
{
	struct event_text *e = state;
	struct str line = buf_str(&e->lines.line);
	if (str_starts(line, STR("Event["))) {
		put_event(e);
		hold(e, line, has_end);
		e->part = IN_FIELDS;
	} else if (e->part == IN_FIELDS && str_starts(line, STR("  ")) &&
		   e->event.len < FIELDS_MAX_BYTES) {
		hold(e, line, has_end);
		if (str_starts(line, STR("  Description:")))
			e->part = BEFORE_TEXT;
	} else if (e->part == BEFORE_TEXT) {
		hold(e, line, has_end);
		put_event(e);
	} else {
		put_event(e);
		buf_append(&e->lines.output.text, line);
		if (has_end)
			buf_append_byte(&e->lines.output.text, '\n');
	}
}

static enum decoder_step event_text_step(
	void *state, struct decoder_io *io, struct error *err UNUSED)
{
	static const struct line_decoder_calls calls = {
		.line_bytes_max = LINE_MAX_BYTES, .line = take_line, .end = put_event
	};
	struct event_text *e = state;
	return line_decoder_step(&e->lines, io, &calls, e);
}

const struct decoder_format decode_event_text = {
	.name = "event text",
	.magic_bytes = 1,
	.create = event_text_create,
	.step = event_text_step,
	.destroy = event_text_destroy,
};
