/* SPDX-License-Identifier: MIT */
/*
 * A table with a column of whole documents, as Kibana saves what it shows without chosen columns:
 * `"@timestamp","_source"` and rows of which one cell is `"{""message"": ..}"`. A row becomes the
 * document, with all that the other columns hold a part of. Rows without one stay as they are.
 */
#include "src/input/line_decoder.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "src/input/source_csv.h"

#define LINE_MAX_BYTES ((size_t)1 << 20)

struct source_csv {
	struct line_decoder lines;
	size_t column; /* of the document, from 0 */
	bool learned;
};

static void *source_csv_create(void)
{
	return mem_zalloc(1, sizeof(struct source_csv));
}

static void source_csv_destroy(void *state)
{
	struct source_csv *d = state;
	line_decoder_release(&d->lines);
	free(d);
}

/* Cuts the next cell off, in its quotes, in which the comma is a byte like any other. */
static struct str cut_cell(struct str *rest)
{
	bool quoted = false;
	size_t end = 0;
	while (end < rest->len && (quoted || rest->ptr[end] != ','))
		quoted ^= rest->ptr[end++] == '"';
	struct str cell = str_head(*rest, end);
	*rest = end < rest->len ? str_skip(*rest, end + 1) : STR_NONE;
	return cell;
}

static bool find_column(struct str heading, size_t *column)
{
	heading =
		str_trim(str_starts(heading, STR("\xef\xbb\xbf")) ? str_skip(heading, 3) : heading);
	for (*column = 0; heading.ptr != NULL; ++*column) {
		struct str name = cut_cell(&heading);
		if (str_equal(name, STR("_source")) || str_equal(name, STR("\"_source\"")))
			return true;
	}
	return false;
}

bool is_source_csv(struct str head)
{
	size_t column;
	struct str heading = str_cut(&head, '\n');
	return find_column(heading, &column) && str_find(head, STR("\"{\"\"")) >= 0;
}

static void take_line(void *state, bool has_end)
{
	struct source_csv *d = state;
	struct buf *out = &d->lines.output.text;
	struct str line = buf_str(&d->lines.line), rest = line, cell = STR_NONE;
	if (!d->learned)
		d->learned = find_column(line, &d->column);
	for (size_t i = 0; i <= d->column; i++)
		cell = str_trim(cut_cell(&rest));
	if (str_starts(cell, STR("\"{\"\"")) && str_ends(cell, STR("}\""))) {
		for (size_t i = 1; i + 1 < cell.len; i++) {
			buf_append_byte(out, cell.ptr[i]);
			i += cell.ptr[i] == '"';
		}
	} else {
		buf_append(out, line);
	}
	if (has_end)
		buf_append_byte(out, '\n');
}

static enum decoder_step source_csv_step(
	void *state, struct decoder_io *io, struct error *err UNUSED)
{
	static const struct line_decoder_calls calls = { .line_bytes_max = LINE_MAX_BYTES,
		.line = take_line };
	struct source_csv *d = state;
	return line_decoder_step(&d->lines, io, &calls, d);
}

const struct decoder_format decode_source_csv = {
	.name = "CSV",
	.magic_bytes = 1,
	.create = source_csv_create,
	.step = source_csv_step,
	.destroy = source_csv_destroy,
};
