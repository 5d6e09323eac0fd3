/* SPDX-License-Identifier: MIT */
#include "lineup/yaml_tree.h"

#include <yaml.h>

const struct yaml_limits yaml_limits_default = {
	.bytes = (size_t)64 << 20,
	.nodes = 4000000,
	.depth = 64,
};

struct anchor {
	struct str name;
	const struct yaml_node *node;
	struct anchor *older;
};

struct builder {
	struct arena *arena;
	const struct yaml_limits *limits;
	yaml_parser_t parser;
	struct anchor *anchors;
	uint64_t node_count;
	struct yaml_fault *fault;
	struct error *err;
};

static int fail_at(struct builder *b, const yaml_mark_t *mark, const char *what)
{
	b->fault->line = (uint32_t)mark->line + 1;
	b->fault->column = (uint32_t)mark->column + 1;
	return error_set(b->err, "%s", what);
}

/* What an author may do about a complaint of libyaml, whose words tell what its scanner met. */
static const char *hint_for(const char *problem)
{
	if (strstr(problem, "mapping values are not allowed") != NULL)
		return " (quote a text that holds ': ')";
	if (strstr(problem, "cannot start any token") != NULL)
		return " (indent with blanks, not tabs; quote a text that begins with @, ` or %)";
	return "";
}

static int next_event(struct builder *b, yaml_event_t *event)
{
	if (yaml_parser_parse(&b->parser, event))
		return 0;
	b->fault->line = (uint32_t)b->parser.problem_mark.line + 1;
	b->fault->column = (uint32_t)b->parser.problem_mark.column + 1;
	if (b->parser.error == YAML_READER_ERROR) {
		b->fault->line = b->fault->column = 0;
		return error_set(b->err, "not readable as UTF-8 text at byte %zu: %s",
			b->parser.problem_offset, b->parser.problem);
	}
	const char *problem = b->parser.problem != NULL ? b->parser.problem : "unknown error";
	return error_set(b->err, "not valid YAML: %s%s%s%s", problem,
		b->parser.context != NULL ? ", " : "",
		b->parser.context != NULL ? b->parser.context : "", hint_for(problem));
}

static int count_nodes(struct builder *b, uint64_t more, const yaml_mark_t *mark)
{
	if (more > b->limits->nodes - b->node_count)
		return fail_at(b, mark, "too many values (aliases count with all they stand for)");
	b->node_count += more;
	return 0;
}

static struct yaml_node *new_node(struct builder *b, enum yaml_kind kind, const yaml_event_t *event)
{
	struct yaml_node *node = arena_alloc(b->arena, 1, sizeof(*node));
	node->kind = kind;
	node->line = (uint32_t)event->start_mark.line + 1;
	node->column = (uint32_t)event->start_mark.column + 1;
	node->weight = 1;
	return node;
}

/* Known from the end of its node on, so that no node can hold itself. */
static void remember(struct builder *b, struct str name, const struct yaml_node *node)
{
	if (name.ptr == NULL)
		return;
	struct anchor *anchor = arena_alloc(b->arena, 1, sizeof(*anchor));
	*anchor = (struct anchor){ .name = name, .node = node, .older = b->anchors };
	b->anchors = anchor;
}

static struct str anchor_name(struct builder *b, const yaml_char_t *name)
{
	if (name == NULL)
		return STR_NONE;
	return arena_copy(b->arena, str_from((const char *)name));
}

static int build_alias(struct builder *b, const yaml_event_t *event, struct yaml_node **out)
{
	struct str name = str_from((const char *)event->data.alias.anchor);
	for (const struct anchor *a = b->anchors; a != NULL; a = a->older) {
		if (!str_equal(a->name, name))
			continue;
		if (count_nodes(b, a->node->weight, &event->start_mark) < 0)
			return -1;
		struct yaml_node *node = arena_alloc(b->arena, 1, sizeof(*node));
		*node = *a->node;
		node->next = NULL;
		node->key = STR_NONE;
		*out = node;
		return 0;
	}
	return fail_at(b, &event->start_mark, "alias of an anchor that is not known here");
}

static int build(struct builder *b, yaml_event_t *event, unsigned depth, struct yaml_node **out);

static int build_scalar(struct builder *b, const yaml_event_t *event, struct yaml_node **out)
{
	struct yaml_node *node = new_node(b, YAML_TEXT, event);
	node->text = arena_copy(b->arena,
		str_of((const char *)event->data.scalar.value, event->data.scalar.length));
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	remember(b, anchor_name(b, event->data.scalar.anchor), node);
	*out = node;
	return 0;
}

/* One member behind its start event; `key` is the event of a map's key, or NULL. */
static int build_member(struct builder *b, struct yaml_node *parent, struct yaml_node **last,
	yaml_event_t *event, const struct yaml_node *key, unsigned depth)
{
	struct yaml_node *child;
	if (build(b, event, depth + 1, &child) < 0)
		return -1;
	if (key != NULL) {
		child->key = key->text;
		child->key_line = key->line;
		child->key_column = key->column;
	}
	if (*last == NULL)
		parent->first = child;
	else
		(*last)->next = child;
	*last = child;
	parent->weight += child->weight;
	return 0;
}

/* Everything up to the end event of a list or map. */
static int build_members(struct builder *b, struct yaml_node *parent, unsigned depth)
{
	yaml_event_type_t end =
		parent->kind == YAML_MAP ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
	struct yaml_node *last = NULL;
	for (;;) {
		yaml_event_t event;
		if (next_event(b, &event) < 0)
			return -1;
		if (event.type == end) {
			yaml_event_delete(&event);
			return 0;
		}
		struct yaml_node *key = NULL;
		int result = 0;
		if (parent->kind == YAML_MAP) {
			result = build(b, &event, depth + 1, &key);
			if (result == 0 && key->kind != YAML_TEXT)
				result = fail_at(b, &event.start_mark, "a key must be plain text");
			yaml_event_delete(&event);
			if (result < 0 || next_event(b, &event) < 0)
				return -1;
		}
		result = build_member(b, parent, &last, &event, key, depth);
		yaml_event_delete(&event);
		if (result < 0)
			return -1;
	}
}

/* Appends what a map of `<<` has and the map has not. */
static void merge_map(struct builder *b, struct yaml_node *map, const struct yaml_node *from)
{
	struct yaml_node **end = &map->first;
	while (*end != NULL)
		end = &(*end)->next;
	for (const struct yaml_node *n = from->first; n != NULL; n = n->next) {
		if (yaml_get(map, n->key) != NULL)
			continue;
		struct yaml_node *copy = arena_alloc(b->arena, 1, sizeof(*copy));
		*copy = *n;
		copy->next = NULL;
		*end = copy;
		end = &copy->next;
	}
}

/* YAML's merge key: `<<: *name`, or a list of such maps, of which the first to have a key says it.
 * What is no map stays as it stands. */
static void merge_keys(struct builder *b, struct yaml_node *map)
{
	struct yaml_node **link = &map->first;
	while (*link != NULL && !str_equal((*link)->key, STR("<<")))
		link = &(*link)->next;
	struct yaml_node *merge = *link;
	if (merge == NULL || merge->kind == YAML_TEXT)
		return;
	for (const struct yaml_node *n = merge->first; merge->kind == YAML_LIST && n != NULL;
		n = n->next) {
		if (n->kind != YAML_MAP)
			return;
	}
	*link = merge->next;
	if (merge->kind == YAML_MAP)
		merge_map(b, map, merge);
	else
		for (const struct yaml_node *n = merge->first; n != NULL; n = n->next)
			merge_map(b, map, n);
}

static int build(struct builder *b, yaml_event_t *event, unsigned depth, struct yaml_node **out)
{
	if (depth > b->limits->depth)
		return fail_at(b, &event->start_mark, "nested too deeply");
	if (event->type == YAML_ALIAS_EVENT)
		return build_alias(b, event, out);
	if (count_nodes(b, 1, &event->start_mark) < 0)
		return -1;
	if (event->type == YAML_SCALAR_EVENT)
		return build_scalar(b, event, out);
	bool is_map = event->type == YAML_MAPPING_START_EVENT;
	struct str name = anchor_name(
		b, is_map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor);
	struct yaml_node *node = new_node(b, is_map ? YAML_MAP : YAML_LIST, event);
	if (build_members(b, node, depth) < 0)
		return -1;
	if (is_map)
		merge_keys(b, node);
	remember(b, name, node);
	*out = node;
	return 0;
}

static int read_documents(struct builder *b, struct yaml_node **documents)
{
	struct yaml_node *last = NULL;
	for (;;) {
		yaml_event_t event;
		if (next_event(b, &event) < 0)
			return -1;
		yaml_event_type_t type = event.type;
		int result = 0;
		if (type == YAML_DOCUMENT_START_EVENT) {
			b->anchors = NULL;
		} else if (type != YAML_STREAM_START_EVENT && type != YAML_STREAM_END_EVENT &&
			   type != YAML_DOCUMENT_END_EVENT) {
			struct yaml_node *root;
			result = build(b, &event, 0, &root);
			if (result == 0) {
				if (last == NULL)
					*documents = root;
				else
					last->next = root;
				last = root;
			}
		}
		yaml_event_delete(&event);
		if (result < 0)
			return -1;
		if (type == YAML_STREAM_END_EVENT)
			return 0;
	}
}

int yaml_tree_read(struct arena *arena, struct str text, const struct yaml_limits *limits,
	struct yaml_node **documents, struct yaml_fault *fault, struct error *err)
{
	*documents = NULL;
	*fault = (struct yaml_fault){ 0 };
	if (text.len > limits->bytes)
		return error_set(err, "larger than %zu bytes", limits->bytes);
	struct builder b = { .arena = arena, .limits = limits, .fault = fault, .err = err };
	if (!yaml_parser_initialize(&b.parser))
		return error_set(err, "the YAML library could not be started");
	yaml_parser_set_input_string(
		&b.parser, (const unsigned char *)(text.len > 0 ? text.ptr : ""), text.len);
	int result = read_documents(&b, documents);
	yaml_parser_delete(&b.parser);
	return result;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, struct str key)
{
	if (map == NULL || map->kind != YAML_MAP)
		return NULL;
	for (const struct yaml_node *n = map->first; n != NULL; n = n->next) {
		if (str_equal(n->key, key))
			return n;
	}
	return NULL;
}

bool yaml_is_null(const struct yaml_node *node)
{
	if (node == NULL)
		return true;
	return node->kind == YAML_TEXT && node->plain &&
	       (node->text.len == 0 || str_equal(node->text, STR("~")) ||
		       str_equal(node->text, STR("null")) || str_equal(node->text, STR("Null")) ||
		       str_equal(node->text, STR("NULL")));
}
