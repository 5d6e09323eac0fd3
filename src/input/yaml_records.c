/* SPDX-License-Identifier: MIT */
#include "src/input/yaml_records.h"

#include "src/input/record_time.h"

#define RECORDS_MIN 2

static size_t blanks_before(struct str line)
{
	size_t n = 0;
	while (n < line.len && line.ptr[n] == ' ')
		n++;
	return n;
}

bool yaml_begins_item(struct str line, size_t *indent)
{
	*indent = blanks_before(line);
	return str_starts(str_skip(line, *indent), STR("- "));
}

bool yaml_begins_document(struct str line)
{
	return str_equal(str_trim(line), STR("---")) && line.ptr[0] == '-';
}

/* `key: value`, the value without its quotes. */
static bool is_time(struct str member)
{
	struct str value = member;
	struct str key = str_cut(&value, ':');
	value = str_trim(value);
	if (value.len > 1 && (value.ptr[0] == '"' || value.ptr[0] == '\''))
		value = str_of(value.ptr + 1, value.len - 2);
	return record_names_time(key) && (record_is_date(value) || record_is_epoch(value));
}

static struct str next_line(struct str *rest)
{
	struct str line = str_cut(rest, '\n');
	line.len -= line.len > 0 && line.ptr[line.len - 1] == '\r';
	return line;
}

static bool has_dated_documents(struct str rest)
{
	size_t dated = 0;
	bool counted = true;
	if (!yaml_begins_document(str_head(rest, 4)))
		return false;
	while (rest.ptr != NULL && dated < RECORDS_MIN) {
		struct str line = next_line(&rest);
		if (line.len > 0 && yaml_begins_document(line))
			counted = false;
		if (!counted && is_time(line)) {
			counted = true;
			dated++;
		}
	}
	return dated >= RECORDS_MIN;
}

/* In front of a list stand members of what holds it: `apiVersion: v1`, `items:`. */
static bool may_precede_list(struct str line)
{
	return line.len == 0 || line.ptr[0] == '#' || yaml_begins_document(line) ||
	       (is_alpha(line.ptr[0]) &&
		       (str_ends(line, STR(":")) || str_find(line, STR(": ")) > 0));
}

static bool has_dated_items(struct str rest)
{
	size_t dated = 0, indent = 0, found;
	bool in_list = false, counted = true;
	while (rest.ptr != NULL && dated < RECORDS_MIN) {
		struct str line = next_line(&rest);
		bool begins = yaml_begins_item(line, &found) && (!in_list || found == indent);
		if (!in_list && !begins && !may_precede_list(line))
			return false;
		if (begins) {
			in_list = true;
			indent = found;
			counted = false;
		}
		size_t inside = indent + 2;
		bool is_member = begins || (in_list && blanks_before(line) == inside);
		if (!counted && is_member && is_time(str_skip(line, inside))) {
			counted = true;
			dated++;
		}
	}
	return dated >= RECORDS_MIN;
}

enum yaml_records yaml_records_learn(struct str head)
{
	if (str_starts(head, STR("\xef\xbb\xbf")))
		head = str_skip(head, 3);
	if (has_dated_documents(head))
		return YAML_RECORDS_DOCUMENTS;
	return has_dated_items(head) ? YAML_RECORDS_ITEMS : YAML_RECORDS_NONE;
}
