/* SPDX-License-Identifier: MIT */
#include "lineup/rules_read.h"

#include <stdarg.h>
#include <stdio.h>

#include "lineup/buf.h"
#include "lineup/clock.h"
#include "lineup/nearest.h"

struct rule_place read_place(const struct rules_reader *r, const struct yaml_node *node)
{
	return (struct rule_place){
		.path = r->path,
		.line = node != NULL ? node->line : 0,
		.column = node != NULL ? node->column : 0,
	};
}

static void complain(struct rules_reader *r, const struct yaml_node *node, bool rejected,
	const char *format, va_list args) __attribute__((format(printf, 4, 0)));

static void complain(struct rules_reader *r, const struct yaml_node *node, bool rejected,
	const char *format, va_list args)
{
	char text[512];
	vsnprintf(text, sizeof(text), format, args);
	rule_set_complain(r->set, read_place(r, node), r->rule_id, rejected, "%s", text);
	r->rejected = r->rejected || rejected;
}

void read_warn(struct rules_reader *r, const struct yaml_node *node, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	complain(r, node, false, format, args);
	va_end(args);
}

void read_reject(struct rules_reader *r, const struct yaml_node *node, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	complain(r, node, true, format, args);
	va_end(args);
}

static bool is_known(struct str key, const char *const *known)
{
	for (; *known != NULL; known++) {
		if (str_equal(key, str_from(*known)))
			return true;
	}
	return false;
}

/* Keys are complained of where they stand, not where their value does. */
static struct yaml_node at_key(const struct yaml_node *node)
{
	return (struct yaml_node){ .line = node->key_line, .column = node->key_column };
}

static void warn_unknown(struct rules_reader *r, const struct yaml_node *where, struct str key,
	const char *const *known)
{
	size_t count = 0;
	while (known[count] != NULL)
		count++;
	const char *near = nearest_name(key, known, count);
	read_warn(r, where, "unknown key '%.*s', not looked at%s%s%s", STR_ARG(key),
		near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
		near != NULL ? "'?" : "");
}

void read_known_keys(struct rules_reader *r, const struct yaml_node *map, const char *const *known)
{
	if (map == NULL || map->kind != YAML_MAP)
		return;
	for (const struct yaml_node *n = map->first; n != NULL; n = n->next) {
		struct yaml_node where = at_key(n);
		if (!is_known(n->key, known))
			warn_unknown(r, &where, n->key, known);
		else if (yaml_get(map, n->key) != n)
			read_warn(r, &where,
				"the key '%.*s' stands here a second time, not looked at",
				STR_ARG(n->key));
	}
}

/* The node under a key when it is a text with something in it; else NULL. */
static const struct yaml_node *text_node(
	struct rules_reader *r, const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = yaml_get(map, str_from(key));
	if (yaml_is_null(node))
		return NULL;
	if (node->kind != YAML_TEXT) {
		read_warn(r, node, "'%s' must be a text, not a %s", key,
			node->kind == YAML_LIST ? "list" : "map");
		return NULL;
	}
	return node;
}

struct str read_text(struct rules_reader *r, const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = text_node(r, map, key);
	if (node == NULL)
		return STR_NONE;
	return arena_copy(&r->set->arena, str_trim(node->text));
}

static void append_text(struct rules_reader *r, struct str text, struct str **items, size_t *count)
{
	/* Lists here are short; the arena keeps the outgrown copies, doubling keeps them few. */
	if ((*count & (*count + 1)) == 0 || *items == NULL) {
		struct str *more = arena_alloc(&r->set->arena, *count * 2 + 2, sizeof(*more));
		if (*count > 0)
			memcpy(more, *items, *count * sizeof(*more));
		*items = more;
	}
	(*items)[(*count)++] = arena_copy(&r->set->arena, text);
}

void read_texts(
	struct rules_reader *r, const struct yaml_node *node, struct str **items, size_t *count)
{
	if (yaml_is_null(node))
		return;
	if (node->kind == YAML_TEXT) {
		append_text(r, str_trim(node->text), items, count);
		return;
	}
	if (node->kind == YAML_MAP) {
		read_warn(r, node, "a list of texts is expected here");
		return;
	}
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		if (n->kind != YAML_TEXT)
			read_warn(r, n,
				"a text is expected here; a text with ': ' in it needs quotes");
		else if (!yaml_is_null(n))
			append_text(r, n->text, items, count);
	}
}

const struct yaml_node *read_items(const struct yaml_node *list, struct yaml_node *alone)
{
	if (yaml_is_null(list))
		return NULL;
	if (list->kind == YAML_LIST)
		return list->first;
	*alone = *list;
	alone->next = NULL;
	return alone;
}

struct str read_pattern_text(struct rules_reader *r, const struct yaml_node *node)
{
	struct str text = node->text;
	while (text.len > 0 && text.ptr[text.len - 1] == '\n')
		text.len--;
	/* among the blanks of (?x) it does no harm */
	if (text.len < node->text.len && str_find(text, STR("(?x")) < 0)
		read_warn(r, node,
			"the pattern ends in a line feed, which no line has; it is left out "
			"(write >- or |- for the block)");
	return text;
}

void read_append_quoted(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '_' || c == ' ' ||
			    (unsigned char)c >= 0x80;
		if (!word)
			buf_append_byte(out, '\\');
		buf_append_byte(out, c);
	}
}

uint64_t read_number(
	struct rules_reader *r, const struct yaml_node *map, const char *key, uint64_t otherwise)
{
	const struct yaml_node *node = text_node(r, map, key);
	uint64_t value;
	if (node == NULL)
		return otherwise;
	if (str_to_u64(str_trim(node->text), &value))
		return value;
	read_reject(r, node, "'%s' must be a whole number", key);
	return otherwise;
}

int64_t read_duration(
	struct rules_reader *r, const struct yaml_node *map, const char *key, bool is_signed)
{
	const struct yaml_node *node = text_node(r, map, key);
	struct str text = node != NULL ? str_trim(node->text) : STR_NONE;
	if (text.len == 0)
		return 0;
	bool negative = is_signed && text.len > 0 && text.ptr[0] == '-';
	if (is_signed && text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+'))
		text = str_skip(text, 1);
	int64_t value;
	if (!clock_parse_duration(text, &value)) {
		read_reject(r, node, "'%s' must be a duration such as 30s, 5m or 1h30m", key);
		return 0;
	}
	return negative ? -value : value;
}

bool read_flag(struct rules_reader *r, const struct yaml_node *map, const char *key)
{
	static const char *const yes[] = { "true", "yes", "on" };
	static const char *const no[] = { "false", "no", "off" };
	const struct yaml_node *node = text_node(r, map, key);
	if (node == NULL)
		return false;
	for (size_t i = 0; i < countof(yes); i++) {
		if (str_equal_nocase(node->text, str_from(yes[i])))
			return true;
		if (str_equal_nocase(node->text, str_from(no[i])))
			return false;
	}
	read_reject(r, node, "'%s' must be true or false", key);
	return false;
}

void read_add_term(struct rules_reader *r, struct rule *rule, const struct yaml_node *where,
	uint32_t term, uint64_t copies)
{
	if (copies == 0) {
		read_reject(r, where, "'count' must be at least 1");
		return;
	}
	if (copies > RULE_TERMS_MAX || rule->term_count + copies > RULE_TERMS_MAX) {
		read_reject(r, where, "more than %d terms (a term with count n counts as n)",
			RULE_TERMS_MAX);
		return;
	}
	if (rule->terms == NULL)
		rule->terms = arena_alloc(&r->set->arena, RULE_TERMS_MAX, sizeof(*rule->terms));
	for (uint64_t i = 0; i < copies; i++)
		rule->terms[rule->term_count++] = term;
}

void read_add_negative(struct rules_reader *r, struct rule *rule, struct rule_negative negative)
{
	if (rule->negative_count == RULE_TERMS_MAX) {
		read_reject(r, NULL, "more than %d negative terms", RULE_TERMS_MAX);
		return;
	}
	if (rule->negatives == NULL) {
		rule->negatives =
			arena_alloc(&r->set->arena, RULE_TERMS_MAX, sizeof(*rule->negatives));
	}
	rule->negatives[rule->negative_count++] = negative;
}

void read_add_hint(struct rules_reader *r, struct rule *rule, struct str hint)
{
	if (hint.len == 0)
		return;
	for (size_t i = 0; i < rule->hint_count; i++) {
		if (str_equal(rule->hints[i], hint))
			return;
	}
	append_text(r, hint, &rule->hints, &rule->hint_count);
}

/* The lists were read into room for the most there can be; the set keeps what is used. */
static void shrink(struct rules_reader *r, struct rule *rule)
{
	uint32_t *terms = arena_alloc(&r->set->arena, rule->term_count, sizeof(*terms));
	memcpy(terms, rule->terms, rule->term_count * sizeof(*terms));
	rule->terms = terms;
}

void read_take_rule(struct rules_reader *r, const struct rule *rule)
{
	if (!r->rejected && rule->term_count > 0 && (!rule->experimental || r->experimental)) {
		struct rule *taken = rule_set_add(r->set);
		*taken = *rule;
		shrink(r, taken);
	}
	r->rejected = false;
	r->rule_id = STR_NONE;
}
