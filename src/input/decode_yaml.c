/* SPDX-License-Identifier: MIT */
/*
 * YAML of many records, as `gcloud logging read`, `kubectl get events -o yaml` and `aws --output
 * yaml` write it, to one line of JSON a record, whose number is that of the record's first line;
 * the line ends in it are moved behind it, so that what follows has the number that it has in the
 * file. What is no record, and a record that is no YAML, stays as it is.
 */
#include "src/input/line_decoder.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/yaml_tree.h"
#include "src/input/json_text.h"
#include "src/input/yaml_records.h"

#define LINE_MAX_BYTES	 ((size_t)64 << 10)
#define RECORD_MAX_BYTES ((size_t)256 << 10)

/* Of one record; what is more is no log's. */
static const struct yaml_limits record_limits = {
	.bytes = RECORD_MAX_BYTES,
	.nodes = 20000,
	.depth = 32,
};

struct yaml_text {
	struct line_decoder lines;
	enum yaml_records records;
	size_t indent; /* of the items of the list at hand */
	bool in_list;
	bool in_record;
	struct buf record;
	size_t line_ends; /* in it */
};

static void *create(enum yaml_records records)
{
	struct yaml_text *y = mem_zalloc(1, sizeof(*y));
	y->records = records;
	return y;
}

static void *yaml_items_create(void)
{
	return create(YAML_RECORDS_ITEMS);
}

static void *yaml_documents_create(void)
{
	return create(YAML_RECORDS_DOCUMENTS);
}

static void yaml_destroy(void *state)
{
	struct yaml_text *y = state;
	line_decoder_release(&y->lines);
	buf_release(&y->record);
	free(y);
}

/* ---- a record's tree to JSON ---- */

/* Digits, with a sign, a fraction: what is a number in both. 012 and 0x1f are text. */
static bool is_number(struct str text)
{
	struct str rest = str_skip(text, str_starts(text, STR("-")));
	struct str whole = str_cut(&rest, '.');
	bool fraction = rest.ptr != NULL;
	for (size_t i = 0; i < whole.len; i++) {
		if (!is_digit(whole.ptr[i]))
			return false;
	}
	for (size_t i = 0; fraction && i < rest.len; i++) {
		if (!is_digit(rest.ptr[i]))
			return false;
	}
	return whole.len > 0 && (whole.len == 1 || whole.ptr[0] != '0') &&
	       (!fraction || rest.len > 0);
}

static void put_scalar(struct buf *out, const struct yaml_node *node)
{
	if (yaml_is_null(node))
		buf_append(out, STR("null"));
	else if (node->plain && (is_number(node->text) || str_equal(node->text, STR("true")) ||
					str_equal(node->text, STR("false"))))
		buf_append(out, node->text);
	else
		json_put_text(out, node->text);
}

static void put_node(struct buf *out, const struct yaml_node *node)
{
	if (node->kind == YAML_TEXT) {
		put_scalar(out, node);
		return;
	}
	bool is_map = node->kind == YAML_MAP;
	buf_append_byte(out, is_map ? '{' : '[');
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		if (n != node->first)
			buf_append_byte(out, ',');
		if (is_map) {
			json_put_text(out, n->key);
			buf_append_byte(out, ':');
		}
		put_node(out, n);
	}
	buf_append_byte(out, is_map ? '}' : ']');
}

/* The map that a record is, or NULL where it is none. */
static const struct yaml_node *record_of(
	const struct yaml_text *y, struct str text, struct arena *arena)
{
	struct yaml_node *tree;
	struct yaml_fault fault;
	struct error why;
	if (yaml_tree_read(arena, text, &record_limits, &tree, &fault, &why) != 0 || tree == NULL)
		return NULL;
	const struct yaml_node *record =
		y->records == YAML_RECORDS_ITEMS && tree->kind == YAML_LIST ? tree->first : tree;
	return record != NULL && record->kind == YAML_MAP ? record : NULL;
}

/* ---- lines to records ---- */

static void end_record(void *state)
{
	struct yaml_text *y = state;
	struct buf *out = &y->lines.output.text;
	struct arena arena = { 0 };
	const struct yaml_node *record =
		y->record.len > 0 ? record_of(y, buf_str(&y->record), &arena) : NULL;
	if (record != NULL) {
		put_node(out, record);
		for (size_t i = 0; i < y->line_ends; i++)
			buf_append_byte(out, '\n');
	} else {
		buf_append(out, buf_str(&y->record));
	}
	arena_release(&arena);
	buf_clear(&y->record);
	y->line_ends = 0;
	y->in_record = false;
}

static void put_line(struct buf *out, struct str line, bool has_end)
{
	buf_append(out, line);
	if (has_end)
		buf_append_byte(out, '\n');
}

/* Is the line of the record at hand, with which it may begin? */
static bool is_of_record(struct yaml_text *y, struct str line)
{
	size_t indent;
	if (y->records == YAML_RECORDS_DOCUMENTS)
		return y->in_record && !yaml_begins_document(line);
	if (yaml_begins_item(line, &indent) && (!y->in_list || indent == y->indent)) {
		end_record(y);
		y->in_list = y->in_record = true;
		y->indent = indent;
		return true;
	}
	/* A blank line tells nothing of where it belongs. */
	return y->in_record && (str_trim(line).len == 0 || indent > y->indent);
}

static void take_line(void *state, bool has_end)
{
	struct yaml_text *y = state;
	struct str line = buf_str(&y->lines.line);
	if (is_of_record(y, line) && y->record.len + line.len < RECORD_MAX_BYTES) {
		put_line(&y->record, line, has_end);
		y->line_ends += has_end;
		return;
	}
	end_record(y);
	y->in_list = false;
	put_line(&y->lines.output.text, line, has_end);
	y->in_record = y->records == YAML_RECORDS_DOCUMENTS && yaml_begins_document(line);
}

static enum decoder_step yaml_step(void *state, struct decoder_io *io, struct error *err UNUSED)
{
	static const struct line_decoder_calls calls = {
		.line_bytes_max = LINE_MAX_BYTES, .line = take_line, .end = end_record
	};
	struct yaml_text *y = state;
	return line_decoder_step(&y->lines, io, &calls, y);
}

const struct decoder_format decode_yaml_items = {
	.name = "YAML",
	.magic_bytes = 1,
	.create = yaml_items_create,
	.step = yaml_step,
	.destroy = yaml_destroy,
};

const struct decoder_format decode_yaml_documents = {
	.name = "YAML",
	.magic_bytes = 1,
	.create = yaml_documents_create,
	.step = yaml_step,
	.destroy = yaml_destroy,
};
