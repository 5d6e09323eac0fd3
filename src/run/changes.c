/* SPDX-License-Identifier: MIT */
#include "lineup/changes.h"

#include <jansson.h>
#include <stdlib.h>

#include "lineup/instant.h"
#include "lineup/mem.h"

/* No list of changes is larger; a log given by mistake is. */
#define FILE_BYTES_MOST ((size_t)64 << 20)

enum field {
	FIELD_TIME,
	FIELD_SERVICE,
	FIELD_CHANGE,
	FIELD_COUNT,
};

static const char *const field_names[FIELD_COUNT] = { "time", "service", "change" };

struct loader {
	struct changes *changes;
	struct zone zone;
	int64_t now_ns;
	int columns[FIELD_COUNT]; /* which CSV column holds the field; -1: none */
};

static int add(struct loader *l, const struct str fields[FIELD_COUNT], struct error *err)
{
	struct changes *c = l->changes;
	int64_t time_ns;
	if (instant_parse(fields[FIELD_TIME], &l->zone, l->now_ns, &time_ns, err) != 0)
		return -1;
	mem_grow(&c->items, c->count, &c->capacity);
	c->items[c->count++] = (struct known_change){
		.time_ns = time_ns,
		.service = arena_copy(&c->arena, fields[FIELD_SERVICE]),
		.text = arena_copy(&c->arena, fields[FIELD_CHANGE]),
	};
	return 0;
}

static int add_json(struct loader *l, struct str line, struct error *err)
{
	json_error_t why;
	json_t *object = json_loadb(line.ptr, line.len, JSON_REJECT_DUPLICATES, &why);
	if (!json_is_object(object)) {
		json_decref(object);
		return error_set(err, "no JSON object: %s", why.text);
	}
	struct str fields[FIELD_COUNT];
	int result = 0;
	for (size_t i = 0; i < FIELD_COUNT && result == 0; i++) {
		json_t *value = json_object_get(object, field_names[i]);
		fields[i] = json_is_string(value)
				    ? str_of(json_string_value(value), json_string_length(value))
				    : STR("");
		if (fields[i].len == 0 && i != FIELD_SERVICE)
			result = error_set(err, "no text under \"%s\"", field_names[i]);
	}
	if (result == 0)
		result = add(l, fields, err);
	json_decref(object);
	return result;
}

/* The next cell of a CSV line; quotes are taken off, doubled ones halved, into `cell`. */
static void take_cell(struct str *rest, struct buf *cell)
{
	buf_clear(cell);
	struct str s = *rest;
	bool quoted = s.len > 0 && s.ptr[0] == '"';
	size_t i = quoted;
	while (i < s.len) {
		if (quoted && s.ptr[i] == '"') {
			if (i + 1 >= s.len || s.ptr[i + 1] != '"') {
				quoted = false;
				i++;
				continue;
			}
			i++;
		} else if (!quoted && s.ptr[i] == ',') {
			break;
		}
		buf_append_byte(cell, s.ptr[i++]);
	}
	*rest = i < s.len ? str_skip(s, i + 1) : STR_NONE;
}

static int add_csv(struct loader *l, struct str line, bool first, struct error *err)
{
	struct buf cells[16] = { 0 };
	size_t count = 0;
	while (line.ptr != NULL && count < countof(cells))
		take_cell(&line, &cells[count++]);
	int named[FIELD_COUNT] = { -1, -1, -1 };
	for (size_t i = 0; first && i < count; i++) {
		for (size_t k = 0; k < FIELD_COUNT; k++) {
			if (str_equal_nocase(
				    str_trim(buf_str(&cells[i])), str_from(field_names[k])))
				named[k] = (int)i;
		}
	}
	int result = 0;
	if (named[FIELD_TIME] >= 0 && named[FIELD_CHANGE] >= 0) {
		memcpy(l->columns, named, sizeof(named));
	} else {
		struct str fields[FIELD_COUNT];
		for (size_t k = 0; k < FIELD_COUNT; k++) {
			bool there = l->columns[k] >= 0 && (size_t)l->columns[k] < count;
			fields[k] = there ? str_trim(buf_str(&cells[l->columns[k]])) : STR("");
		}
		if (fields[FIELD_CHANGE].len == 0)
			result = error_set(err,
				"no time,service,change: write them in this order, or name the "
				"columns in the first line");
		else
			result = add(l, fields, err);
	}
	for (size_t i = 0; i < countof(cells); i++)
		buf_release(&cells[i]);
	return result;
}

static int by_time(const void *a, const void *b)
{
	const struct known_change *x = a;
	const struct known_change *y = b;
	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	int order = str_compare(x->service, y->service);
	return order != 0 ? order : str_compare(x->text, y->text);
}

int changes_load(
	struct changes *c, struct str path, struct str zone, int64_t now_ns, struct error *err)
{
	struct loader l = { .changes = c, .now_ns = now_ns, .columns = { 0, 1, 2 } };
	struct buf text;
	char *name = mem_strdup(path);
	int result = buf_read_file(&text, name, FILE_BYTES_MOST, err);
	free(name);
	if (result != 0)
		return -1;
	if (zone_parse(&l.zone, zone, err) != 0) {
		buf_release(&text);
		return -1;
	}
	struct str rest = buf_str(&text);
	if (str_starts(rest, STR("\xef\xbb\xbf")))
		rest = str_skip(rest, 3);
	if (str_starts(str_trim(rest), STR("[")))
		result = error_set(err,
			"%.*s: an array of JSON: one object a line is wanted (jq -c '.[]' makes it "
			"so)",
			STR_ARG(path));
	bool first = true;
	for (unsigned number = 1; result == 0 && rest.ptr != NULL; number++) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		result = line.ptr[0] == '{' ? add_json(&l, line, err)
					    : add_csv(&l, line, first, err);
		if (result != 0)
			error_wrap(err, "%.*s:%u", STR_ARG(path), number);
		first = false;
	}
	buf_release(&text);
	zone_release(&l.zone);
	if (c->count > 1)
		qsort(c->items, c->count, sizeof(*c->items), by_time);
	return result;
}

void changes_release(struct changes *c)
{
	free(c->items);
	arena_release(&c->arena);
	*c = (struct changes){ 0 };
}
