/* SPDX-License-Identifier: MIT */
#include "src/input/json_walk.h"

#define COLUMNS_MIN 2

struct columns {
	struct json_walk walk;
	struct str sample;
	size_t token_at;
	struct str key; /* of the value at hand; empty in an array */
	bool is_named;	/* the part at hand has given its name */
	size_t count;	/* of names in the list at hand */
	struct buf list;
	struct buf *names; /* of the last whole list */
};

/* "name", "ColumnName", "field": in lists of columns nothing else ends so. */
static bool names_column(struct str key)
{
	struct str end = str_skip(key, key.len - size_min(key.len, 4));
	return str_equal_nocase(end, STR("name")) || str_equal_nocase(key, STR("field"));
}

static void end_value(struct columns *c, struct str token, unsigned depth)
{
	bool is_text = token.len >= 2 && token.ptr[0] == '"' && str_find_byte(token, '\n') < 0;
	bool is_item = c->walk.depth == depth - 1 && (c->walk.arrays >> (depth - 2) & 1) != 0;
	bool is_member = c->walk.depth == depth && !c->is_named && names_column(c->key);
	if (is_text && (is_item || is_member)) {
		buf_append(&c->list, token);
		buf_append(&c->list, STR(":\n"));
		c->is_named = true;
		c->count++;
	}
	c->key = STR_NONE;
}

/* False at the first row. */
static bool take_byte(struct columns *c, size_t at, const struct json_shape *rows)
{
	char byte = c->sample.ptr[at];
	bool is_inside = !c->walk.in_string && c->walk.depth > 0;
	struct str token = str_trim(str_of(c->sample.ptr + c->token_at, at - c->token_at));
	if (is_inside && (byte == ',' || byte == '}' || byte == ']'))
		end_value(c, token, rows->depth);
	unsigned was_depth = c->walk.depth;
	enum json_byte kind = json_walk_byte(&c->walk, byte);
	if (kind == JSON_OPEN && json_walk_at(&c->walk, rows))
		return false;
	if (kind == JSON_COLON && token.len >= 2)
		c->key = str_of(token.ptr + 1, token.len - 2);
	if (kind == JSON_OPEN) {
		c->key = STR_NONE;
		c->is_named = false;
		if (c->walk.depth == rows->depth - 1) {
			buf_clear(&c->list);
			c->count = 0;
		}
	}
	if (kind == JSON_CLOSE && was_depth == rows->depth - 1 && c->count >= COLUMNS_MIN) {
		buf_clear(c->names);
		buf_append(c->names, buf_str(&c->list));
	}
	if (kind != JSON_PLAIN)
		c->token_at = at + 1;
	return true;
}

void json_columns_learn(struct str sample, const struct json_shape *rows, struct buf *names)
{
	struct columns c = { .sample = sample, .names = names };
	bool is_list = rows->depth > 2 && (rows->arrays >> (rows->depth - 1) & 1) != 0;
	for (size_t i = 0; i < sample.len && is_list && !rows->pairs; i++) {
		i += json_walk_string(&c.walk, str_skip(sample, i));
		if (i == sample.len || !take_byte(&c, i, rows))
			break;
	}
	buf_release(&c.list);
}
