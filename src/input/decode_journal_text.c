/* SPDX-License-Identifier: MIT */
/*
 * The journal's entries as `journalctl -o export` and `-o verbose` print them, a field a line, to
 * one line of JSON an entry, as -o json has them. Its number is that of the entry's first line; the
 * line ends in it are moved behind it. A value that holds line ends stands in an export behind its
 * key and its length, in 8 bytes.
 */
#include "src/input/line_decoder.h"

#include <stdlib.h>

#include "lineup/little_endian.h"
#include "lineup/mem.h"
#include "src/input/json_text.h"
#include "src/input/journal_text.h"

#define LINE_MAX_BYTES	((size_t)1 << 20)
#define VALUE_MAX_BYTES ((size_t)1 << 20)
#define ENTRY_MAX_BYTES ((size_t)4 << 20)
#define LENGTH_BYTES	8

struct journal_text {
	struct line_decoder lines;
	struct buf entry; /* its members so far; the last one's value may go on */
	size_t line_ends; /* in it */
	bool in_value;	  /* of an export, behind its key */
	struct buf value; /* its length, and what there is of it */
};

static void *journal_text_create(void)
{
	return mem_zalloc(1, sizeof(struct journal_text));
}

static void journal_text_destroy(void *state)
{
	struct journal_text *j = state;
	line_decoder_release(&j->lines);
	buf_release(&j->entry);
	buf_release(&j->value);
	free(j);
}

/* ---- what a line is ---- */

/* `Tue 2026-11-24 02:50:00.134 UTC [s=3f..;i=1a;b=..]`: the stamp of an entry of -o verbose. */
static bool begins_entry(struct str line, struct str *stamp)
{
	ptrdiff_t cursor = str_find(line, STR(" [s="));
	struct str rest = str_head(line, cursor < 0 ? 0 : (size_t)cursor);
	str_cut(&rest, ' '); /* the day of the week */
	*stamp = rest;
	return rest.len > 0 && is_digit(rest.ptr[0]) && str_ends(line, STR("]"));
}

/* `    PRIORITY=6` of -o verbose; in an export without blanks, and with or without a value. */
static bool is_field(struct str line)
{
	bool verbose = str_starts(line, STR("    "));
	struct str key = verbose ? str_skip(line, 4) : line;
	size_t len = 0;
	while (len < key.len && ((key.ptr[len] >= 'A' && key.ptr[len] <= 'Z') ||
					key.ptr[len] == '_' || (len > 0 && is_digit(key.ptr[len]))))
		len++;
	return len > 0 && (len < key.len ? key.ptr[len] == '=' : !verbose);
}

bool journal_is_text(struct str head)
{
	struct str stamp;
	if (str_starts(head, STR("__CURSOR=")))
		return str_find(head, STR("\n__REALTIME_TIMESTAMP=")) > 0;
	if (str_starts(head, STR("-- ")))
		str_cut(&head, '\n');
	struct str line = str_cut(&head, '\n');
	return begins_entry(line, &stamp) && str_starts(head, STR("    ")) &&
	       is_field(str_cut(&head, '\n'));
}

/* ---- lines to entries ---- */

/* The value's quote stays open, for what follows of it. */
static void begin_member(struct journal_text *j, struct str key)
{
	buf_append(&j->entry, j->entry.len == 0 ? STR("{") : STR("\","));
	json_put_text(&j->entry, key);
	buf_append(&j->entry, STR(":\""));
}

static void put_value(struct journal_text *j, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		json_put_byte(&j->entry, text.ptr[i]);
}

static void end_value(struct journal_text *j)
{
	put_value(j, str_skip(buf_str(&j->value), size_min(LENGTH_BYTES, j->value.len)));
	buf_clear(&j->value);
	j->in_value = false;
}

static void end_entry(void *state)
{
	struct journal_text *j = state;
	struct buf *out = &j->lines.output.text;
	end_value(j);
	if (j->entry.len > 0)
		buf_append(&j->entry, STR("\"}"));
	buf_append(out, buf_str(&j->entry));
	for (size_t i = 0; i < j->line_ends; i++)
		buf_append_byte(out, '\n');
	buf_clear(&j->entry);
	j->line_ends = 0;
}

/* More of a value of an export: any bytes, line ends too, as many as its length says. */
static void take_value(struct journal_text *j, struct str piece, bool has_end)
{
	buf_append(&j->value, piece);
	bool goes_on = j->value.len < LENGTH_BYTES;
	if (!goes_on) {
		uint64_t len = little_endian(j->value.ptr, LENGTH_BYTES);
		goes_on = j->value.len - LENGTH_BYTES < len && len <= VALUE_MAX_BYTES;
	}
	if (!goes_on)
		end_value(j);
	else if (has_end)
		buf_append_byte(&j->value, '\n');
}

static void take_field(struct journal_text *j, struct str field)
{
	struct str value = field;
	begin_member(j, str_cut(&value, '='));
	j->in_value = value.ptr == NULL;
	put_value(j, value);
}

static void take_line(void *state, bool has_end)
{
	struct journal_text *j = state;
	struct str line = buf_str(&j->lines.line), stamp;
	if (j->in_value) {
		take_value(j, line, has_end);
	} else if (begins_entry(line, &stamp)) {
		end_entry(j);
		begin_member(j, STR("time"));
		put_value(j, stamp);
	} else if (is_field(line)) {
		take_field(j, str_starts(line, STR(" ")) ? str_skip(line, 4) : line);
	} else if (j->entry.len > 0 && str_starts(line, STR(" "))) {
		/* -o verbose prints a value's other lines below the first */
		put_value(j, STR("\n"));
		put_value(j, str_trim(line));
	} else {
		end_entry(j);
		buf_append(&j->lines.output.text, line);
	}
	j->line_ends += has_end;
	if (j->entry.len == 0 || j->entry.len > ENTRY_MAX_BYTES)
		end_entry(j);
}

static enum decoder_step journal_text_step(
	void *state, struct decoder_io *io, struct error *err UNUSED)
{
	static const struct line_decoder_calls calls = {
		.line_bytes_max = LINE_MAX_BYTES, .line = take_line, .end = end_entry
	};
	struct journal_text *j = state;
	return line_decoder_step(&j->lines, io, &calls, j);
}

const struct decoder_format decode_journal_text = {
	.name = "journal text",
	.magic_bytes = 1,
	.create = journal_text_create,
	.step = journal_text_step,
	.destroy = journal_text_destroy,
};
