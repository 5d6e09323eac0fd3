/* SPDX-License-Identifier: MIT */
/*
 * AIX' error log as `errpt -a` prints it, a field a line between rules of dashes: the fields up to
 * the line behind `Description` become one line of JSON. Its number is that of the rule; the line
 * ends in it are moved behind it. The type of an error says how bad it is: what is lost for good
 * (PERM, UNKN), what is about to be or was for a moment (PEND, PERF, TEMP), what is to be known
 * (INFO).
 */
#include "src/input/line_decoder.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "src/input/errpt.h"
#include "src/input/json_text.h"

#define LINE_MAX_BYTES	((size_t)16 << 10)
#define ENTRY_MAX_BYTES ((size_t)16 << 10)

enum entry_part { BETWEEN_ENTRIES, IN_FIELDS, BEFORE_DESCRIPTION };

struct errpt {
	struct line_decoder lines;
	enum entry_part part;
	struct buf raw;	  /* the lines of the entry at hand, */
	struct buf entry; /* and what becomes of them */
	size_t line_ends;
};

static void *errpt_create(void)
{
	return mem_zalloc(1, sizeof(struct errpt));
}

static void errpt_destroy(void *state)
{
	struct errpt *e = state;
	line_decoder_release(&e->lines);
	buf_release(&e->raw);
	buf_release(&e->entry);
	free(e);
}

/* Nothing but dashes, and many of them. */
static bool is_rule(struct str line)
{
	line = str_trim(line);
	return line.len >= 20 && str_count_byte(line, '-') == line.len;
}

bool errpt_is_text(struct str head)
{
	return is_rule(str_cut(&head, '\n')) && str_starts(head, STR("LABEL:")) &&
	       str_find(head, STR("\nDate/Time:")) > 0;
}

static struct str level_of_type(struct str type)
{
	if (str_equal(type, STR("PERM")) || str_equal(type, STR("UNKN")))
		return STR("error");
	if (str_equal(type, STR("INFO")))
		return STR("info");
	return STR("warning");
}

static void put_member(struct errpt *e, struct str key, struct str value)
{
	buf_append_byte(&e->entry, e->entry.len == 0 ? '{' : ',');
	json_put_text(&e->entry, key);
	buf_append_byte(&e->entry, ':');
	json_put_text(&e->entry, value);
}

/* The entry as it stood, where it has no description. */
static void put_raw(void *state)
{
	struct errpt *e = state;
	buf_append(&e->lines.output.text, buf_str(&e->raw));
	buf_clear(&e->raw);
	buf_clear(&e->entry);
	e->line_ends = 0;
	e->part = BETWEEN_ENTRIES;
}

static void put_entry(struct errpt *e)
{
	struct buf *out = &e->lines.output.text;
	buf_append(out, buf_str(&e->entry));
	buf_append_byte(out, '}');
	for (size_t i = 0; i < e->line_ends; i++)
		buf_append_byte(out, '\n');
	buf_clear(&e->raw);
	put_raw(e);
}

static void take_field(struct errpt *e, struct str line)
{
	struct str value = line;
	struct str key = str_cut(&value, ':');
	value = str_trim(value);
	if (value.len == 0)
		return;
	put_member(e, str_trim(key), value);
	if (str_equal(str_trim(key), STR("Type")))
		put_member(e, STR("level"), level_of_type(value));
}

static void take_line(void *state, bool has_end)
{
	struct errpt *e = state;
	struct str line = buf_str(&e->lines.line);
	if (is_rule(line) || e->raw.len > ENTRY_MAX_BYTES)
		put_raw(e);
	if (is_rule(line))
		e->part = IN_FIELDS;
	buf_append(&e->raw, line);
	if (has_end)
		buf_append_byte(&e->raw, '\n');
	e->line_ends += has_end;
	if (e->part == BETWEEN_ENTRIES) {
		put_raw(e);
	} else if (e->part == BEFORE_DESCRIPTION) {
		put_member(e, STR("message"), str_trim(line));
		put_entry(e);
	} else if (str_equal(str_trim(line), STR("Description"))) {
		e->part = BEFORE_DESCRIPTION;
	} else if (!is_rule(line)) {
		take_field(e, line);
	}
}

static enum decoder_step errpt_step(void *state, struct decoder_io *io, struct error *err UNUSED)
{
	static const struct line_decoder_calls calls = {
		.line_bytes_max = LINE_MAX_BYTES, .line = take_line, .end = put_raw
	};
	struct errpt *e = state;
	return line_decoder_step(&e->lines, io, &calls, e);
}

const struct decoder_format decode_errpt = {
	.name = "errpt",
	.magic_bytes = 1,
	.create = errpt_create,
	.step = errpt_step,
	.destroy = errpt_destroy,
};
