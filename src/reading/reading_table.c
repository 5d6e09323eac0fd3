/* SPDX-License-Identifier: MIT */
/*
 * Tables with a heading, as log stores export them: `timestamp,level,service,message`. The heading
 * says in which columns the time, the program, the level and the message stand. Keys decide as in
 * JSON (json_keys.c): where one column says when a line was logged and one when it was received,
 * the first is meant, wherever they stand.
 */
#include "src/reading/json_keys.h"
#include "lineup/level.h"
#include "src/reading/reading_source.h"

#define COLUMNS_MIN    3
#define COLUMNS_MAX    64
#define NAME_WEIGHT    14 /* of keys up to this one a column's name is taken (json_keys.c) */
#define LEVEL_WEIGHT   10 /* status, which may be a word or a number; from here on, a word */
#define WORD_WEIGHT    4
#define HEADING_BYTES  2048
#define DIRECTIVES_MAX 10

/* Cuts the next cell off, without its quotes, in which the separator is a byte like any other. */
static struct str cut_cell(struct str *rest, char separator)
{
	if (rest->len == 0 || rest->ptr[0] != '"')
		return str_cut(rest, separator);
	size_t end = 1;
	while (end < rest->len &&
		(rest->ptr[end] != '"' || (end + 1 < rest->len && rest->ptr[end + 1] == '"')))
		end += rest->ptr[end] == '"' ? 2 : 1;
	struct str cell = str_of(rest->ptr + 1, size_min(end, rest->len) - 1);
	*rest = str_skip(*rest, size_min(end + 1, rest->len));
	str_cut(rest, separator);
	return cell;
}

/* A column's name: a letter or a mark in front, then no more than a few words. */
static bool is_column_name(struct str cell)
{
	char first = cell.len > 0 ? cell.ptr[0] : '\0';
	return cell.len > 1 && cell.len < 48 && (is_alpha(first) || first == '@' || first == '_') &&
	       str_find_byte(cell, '=') < 0 && str_find_byte(cell, ':') < 0;
}

/* `#Fields: date time ... sc-status ...` of the extended log format, among the first lines. */
static bool learn_directive(struct str sample, struct table_columns *table)
{
	struct str line;
	for (int i = 0; i < DIRECTIVES_MAX && reading_next_line(&sample, &line); i++) {
		if (line.len == 0 || line.ptr[0] != '#')
			return false;
		if (!str_starts(line, STR("#Fields: ")))
			continue;
		struct str rest = str_trim(str_skip(line, 9));
		*table = (struct table_columns){ .separator = ' ' };
		for (uint8_t number = 1; rest.len > 0 && number <= COLUMNS_MAX; number++) {
			struct str name = str_cut(&rest, ' ');
			if (str_equal(name, STR("sc-status")))
				table->status = number;
		}
		return table->status > 0;
	}
	return false;
}

/* Of `resource.labels.container_name` the last words that are a known key, or all. */
static bool classify(struct str cell, uint8_t *field, uint8_t *weight)
{
	char folded[KEY_LIMIT];
	for (struct str rest = cell; rest.len > 0;) {
		struct str key = str_of(folded, json_key_fold(rest, folded));
		if (key.len > 0 && (rest.len == cell.len ? json_key_classify(key, field, weight)
							 : json_key_known(key, field, weight)))
			return true;
		ptrdiff_t dot = str_find_byte(rest, '.');
		rest = dot < 0 ? STR_NONE : str_skip(rest, (size_t)dot + 1);
	}
	return false;
}

/* LevelDisplayName beside Level: a word needs no scale. */
static bool is_word_of_level(struct str key)
{
	return str_ends(key, STR("name")) || str_ends(key, STR("text")) ||
	       str_ends(key, STR("label"));
}

static bool learn(struct str heading, char separator, struct table_columns *table)
{
	unsigned best_service = NAME_WEIGHT + 1, best_level = LEVEL_WEIGHT + 1;
	unsigned best_message = UINT8_MAX, best_time = UINT8_MAX;
	uint8_t number = 0;
	bool events = false;
	*table = (struct table_columns){ .separator = separator };
	for (struct str rest = heading; rest.len > 0;) {
		char folded[KEY_LIMIT];
		uint8_t field, weight;
		struct str cell = cut_cell(&rest, separator);
		if (++number > COLUMNS_MAX || !is_column_name(cell))
			return false;
		struct str key = str_of(folded, json_key_fold(cell, folded));
		events |= str_equal(key, STR("eventid"));
		if (str_equal(key, STR("labels")))
			table->labels = number;
		if (!classify(cell, &field, &weight))
			continue;
		if (field == JSON_FIELD_TIME && weight < best_time) {
			best_time = weight;
			table->time = number;
		} else if (field == JSON_FIELD_SERVICE && weight < best_service) {
			best_service = weight;
			table->service = number;
			table->service_is_path = str_equal(key, STR("source")) ||
						 str_equal(key, STR("sourcename")) ||
						 str_equal(key, STR("filename"));
			table->service_is_stream = str_starts(key, STR("logstream"));
		} else if (field == JSON_FIELD_LEVEL &&
			   (weight < best_level ||
				   (weight == best_level && is_word_of_level(key)))) {
			best_level = weight;
			table->level = number;
			table->level_is_word = weight >= WORD_WEIGHT;
			table->level_is_traced = str_equal(key, STR("severitylevel"));
		} else if (field == JSON_FIELD_MESSAGE && weight < best_message) {
			best_message = weight;
			table->message = number;
		}
	}
	/* Windows' events have their program for a source. */
	table->service_is_path &= !events;
	return table->time > 0 && number >= COLUMNS_MIN &&
	       (table->service > 0 || table->labels > 0 || table->level > 0 || table->message > 0);
}

void reading_learn_table(struct source_reading *source, struct str sample)
{
	static const char separators[] = { ',', '\t', ';', '|' };
	struct str heading;
	struct table_columns directive;
	if (learn_directive(sample, &directive)) {
		source->table = directive;
		return;
	}
	if (!reading_next_line(&sample, &heading) || heading.len > HEADING_BYTES)
		return;
	heading.len -= heading.len > 0 && heading.ptr[heading.len - 1] == '\r';
	if (str_starts(heading, STR("\xef\xbb\xbf")))
		heading = str_skip(heading, 3);
	for (size_t i = 0; i < countof(separators); i++) {
		struct table_columns table;
		if (str_find_byte(heading, separators[i]) > 0 &&
			learn(heading, separators[i], &table)) {
			source->table = table;
			return;
		}
	}
}

/* Of a path or a stream the service's name is a part; others of these kinds name none. */
static bool may_name(const struct table_columns *table, struct str cell)
{
	if (cell.len < 2 || cell.len >= 200)
		return false;
	if (table->service_is_path)
		return cell.ptr[0] == '/';
	return !table->service_is_stream || service_of_stream(cell).len > 0;
}

bool reading_table_stamp(const struct source_reading *source, struct str line, struct stamp *s)
{
	struct str rest = line, cell = STR_NONE;
	for (uint8_t number = 0; number < source->table.time; number++) {
		if (rest.len == 0)
			return false;
		cell = cut_cell(&rest, source->table.separator);
	}
	if (cell.len == 0 || !stamp_value(&source->search, cell, s) ||
		(s->kind != STAMP_CIVIL && s->kind != STAMP_INSTANT))
		return false;
	uint32_t at = (uint32_t)(cell.ptr - line.ptr);
	s->start += at;
	s->end += at;
	return true;
}

/* Of `{""app"":""cart"",""pod"":""cart-0""}`, quotes doubled as they are in a cell, the value whose
 * key names a service best. */
static struct str service_of_labels(struct str cell)
{
	static const struct str quotes = { "\"\"", 2 };
	struct str key = STR_NONE, best = STR_NONE;
	unsigned best_weight = NAME_WEIGHT + 1;
	bool is_value = false;
	while (cell.len > 0) {
		ptrdiff_t open = str_find(cell, quotes);
		if (open < 0)
			break;
		struct str before = str_trim(str_head(cell, (size_t)open));
		is_value = str_equal(before, STR(":"));
		cell = str_skip(cell, (size_t)open + quotes.len);
		ptrdiff_t close = str_find(cell, quotes);
		if (close < 0)
			break;
		struct str text = str_head(cell, (size_t)close);
		uint8_t field, weight;
		if (!is_value) {
			key = text;
		} else if (text.len > 0 && classify(key, &field, &weight) &&
			   field == JSON_FIELD_SERVICE && weight < best_weight) {
			best_weight = weight;
			best = text;
		}
		cell = str_skip(cell, (size_t)close + quotes.len);
	}
	return best;
}

void reading_table(const struct table_columns *table, struct str line, struct line_head *head)
{
	size_t last = size_max(
		size_max(table->service, table->level), size_max(table->message, table->labels));
	struct str rest = line;
	if (table->status > 0) {
		/* CloudFront's columns are separated by tabs, though its directive is not. */
		char separator = str_find_byte(line, '\t') > 0 ? '\t' : table->separator;
		struct str cell = STR_NONE;
		for (uint8_t number = 0; number < table->status && rest.len > 0; number++)
			cell = cut_cell(&rest, separator);
		if (head->level == LEVEL_NONE)
			head->level = level_of_http(cell);
		return;
	}
	for (uint8_t number = 1; number <= last && rest.len > 0; number++) {
		struct str cell = cut_cell(&rest, table->separator);
		if (number == table->service && may_name(table, cell)) {
			head->program = cell;
			head->is_json_name = true;
		} else if (number == table->labels && table->service == 0) {
			struct str name = service_of_labels(cell);
			head->program = name.len > 0 ? name : head->program;
			head->is_json_name |= name.len > 0;
		} else if (number == table->level && table->level_is_traced && cell.len == 1 &&
			   is_digit(cell.ptr[0])) {
			head->level = level_of_trace((unsigned)(cell.ptr[0] - '0'));
		} else if (number == table->level && level_of_value(cell) != LEVEL_NONE &&
			   (!table->level_is_word || is_alpha(cell.ptr[0]))) {
			head->level = level_of_value(cell);
		} else if (number == table->message && cell.len > 0) {
			size_t at = (size_t)(cell.ptr - line.ptr);
			reading_begin_message(line, at, at + cell.len, head);
		}
	}
}
