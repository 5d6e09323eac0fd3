/* SPDX-License-Identifier: MIT */
/* Reads packs, the native form: one file a technology,
 * with what its rules have in common on top. */
#include "lineup/buf.h"
#include "lineup/rules_read.h"

static const char *const pack_keys[] = { "pack", "title", "reference", "references", "defaults",
	"rules", "description", NULL };
static const char *const default_keys[] = { "category", "services", "severity", "by", NULL };
static const char *const rule_keys[] = { "id", "title", "severity", "category", "services", "match",
	"literal", "all", "sequence", "window", "count", "not", "by", "event", "description",
	"cause", "impact", "fix", "workaround", "prevention", "verify", "references", "examples",
	"counter_examples", "tags", "status", NULL };
static const char *const term_keys[] = { "match", "literal", "count", NULL };
static const char *const negative_keys[] = { "match", "literal", "window", "slide", "anchor",
	"absolute", NULL };

struct pack {
	struct str name;
	struct str category;
	enum severity severity;
	bool has_severity;
	enum rule_key key;
	struct str *services;
	size_t service_count;
};

bool rules_pack_looks_like(const struct yaml_node *document)
{
	return yaml_get(document, STR("pack")) != NULL;
}

static bool take_pattern(struct rules_reader *r, const struct yaml_node *node, struct str *text)
{
	*text = node->kind == YAML_TEXT ? read_pattern_text(r, node) : STR_NONE;
	if (text->len == 0)
		read_reject(r, node,
			"a pattern must be a text that is not empty; "
			"a text with ': ' in it needs quotes");
	return text->len > 0;
}

#define JOINED_BYTES_MAX ((size_t)1 << 20)

/* A list means any of its patterns: they become one regex of alternatives. */
static bool read_any(
	struct rules_reader *r, const struct yaml_node *list, bool literal, uint32_t *term)
{
	struct buf joined = BUF_INIT(0);
	bool good = true;
	for (const struct yaml_node *n = list->first; n != NULL && good; n = n->next) {
		struct str text;
		good = take_pattern(r, n, &text);
		if (!good)
			break;
		if (n != list->first)
			buf_append_byte(&joined, '|');
		if (literal) {
			read_append_quoted(&joined, text);
		} else {
			buf_append(&joined, STR("(?:"));
			buf_append(&joined, text);
			buf_append_byte(&joined, ')');
		}
	}
	if (good && joined.len > JOINED_BYTES_MAX) {
		read_reject(r, list, "the patterns of this list are longer than 1 MiB together");
		good = false;
	}
	if (good) {
		*term = rule_set_term(
			r->set, TERM_REGEX, buf_str(&joined), read_place(r, list->first));
	}
	buf_release(&joined);
	return good;
}

/* The patterns under `match` or `literal`: a text, or a list of which any may match. */
static bool read_pattern(
	struct rules_reader *r, const struct yaml_node *node, bool literal, uint32_t *term)
{
	if (node->kind == YAML_LIST && node->first != NULL && node->first->next == NULL)
		node = node->first;
	if (node->kind == YAML_LIST && node->first != NULL)
		return read_any(r, node, literal, term);
	struct str text;
	if (!take_pattern(r, node, &text))
		return false;
	*term = rule_set_term(
		r->set, literal ? TERM_LITERAL : TERM_REGEX, text, read_place(r, node));
	return true;
}

/* A term of a list: a text is a regex, a map has match or literal. */
static bool read_term(struct rules_reader *r, const struct yaml_node *node, uint32_t *term)
{
	if (node->kind != YAML_MAP)
		return read_pattern(r, node, false, term);
	const struct yaml_node *match = yaml_get(node, STR("match"));
	const struct yaml_node *literal = yaml_get(node, STR("literal"));
	if ((match == NULL) == (literal == NULL)) {
		read_reject(r, node, "a term needs one of 'match' and 'literal'");
		return false;
	}
	return read_pattern(r, match != NULL ? match : literal, literal != NULL, term);
}

static void read_terms(struct rules_reader *r, const struct yaml_node *list, struct rule *rule)
{
	if (list->kind != YAML_LIST || list->first == NULL) {
		read_reject(r, list, "'%.*s' needs a list of terms", STR_ARG(list->key));
		return;
	}
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
		uint32_t term;
		read_known_keys(r, n, term_keys);
		if (read_term(r, n, &term)) {
			read_add_term(r, rule, n, term,
				n->kind == YAML_MAP ? read_number(r, n, "count", 1) : 1);
		}
	}
}

static void read_not(struct rules_reader *r, const struct yaml_node *list, struct rule *rule)
{
	struct yaml_node alone;
	for (const struct yaml_node *n = read_items(list, &alone); n != NULL; n = n->next) {
		struct rule_negative negative = { .anchor = 1 };
		read_known_keys(r, n, negative_keys);
		if (!read_term(r, n, &negative.term))
			continue;
		if (n->kind == YAML_MAP) {
			uint64_t anchor = read_number(r, n, "anchor", 0);
			if (anchor >= size_max(rule->term_count, 1))
				read_reject(r, n,
					"'anchor' counts the terms from 0 and there are "
					"%zu",
					rule->term_count);
			negative.anchor = (uint32_t)anchor + 1;
			negative.window_ns = read_duration(r, n, "window", true);
			negative.slide_ns = read_duration(r, n, "slide", true);
			negative.absolute = read_flag(r, n, "absolute");
		}
		read_add_negative(r, rule, negative);
	}
}

static void read_condition(struct rules_reader *r, const struct yaml_node *item, struct rule *rule)
{
	static const char *const kinds[] = { "match", "literal", "all", "sequence" };
	const struct yaml_node *found = NULL;
	size_t kind = 0;
	for (size_t i = 0; i < countof(kinds); i++) {
		const struct yaml_node *n = yaml_get(item, str_from(kinds[i]));
		if (n == NULL)
			continue;
		if (found != NULL) {
			read_reject(r, n,
				"'%s' beside '%s': a rule has one of match, literal, all "
				"and sequence",
				kinds[i], kinds[kind]);
			return;
		}
		found = n;
		kind = i;
	}
	if (found == NULL) {
		read_reject(r, item, "a rule needs one of match, literal, all and sequence");
		return;
	}
	uint64_t count = read_number(r, item, "count", 1);
	rule->form = kind == 3 ? RULE_SEQUENCE : RULE_SET;
	rule->window_ns = read_duration(r, item, "window", false);
	uint32_t term;
	if (kind >= 2) {
		read_terms(r, found, rule);
		if (count != 1)
			read_reject(r, found,
				"'count' of a rule with '%s' belongs to its terms: "
				"{match: ..., count: n}",
				kinds[kind]);
	} else if (read_pattern(r, found, kind == 1, &term)) {
		read_add_term(r, rule, found, term, count);
	}
	read_not(r, yaml_get(item, STR("not")), rule);
	if (rule->term_count > 1 && rule->window_ns == 0)
		read_warn(r, found, "several terms and no 'window': they may be any time apart");
}

static bool read_severity(
	struct rules_reader *r, const struct yaml_node *map, enum severity *severity)
{
	struct str text = read_text(r, map, "severity");
	if (text.len == 0)
		return false;
	if (severity_parse(text, severity))
		return true;
	read_reject(r, yaml_get(map, STR("severity")),
		"'severity' is '%.*s': it must be critical, high, medium, low or info",
		STR_ARG(text));
	return false;
}

static enum rule_key read_by(
	struct rules_reader *r, const struct yaml_node *map, enum rule_key otherwise)
{
	struct str text = read_text(r, map, "by");
	for (enum rule_key key = 0; key < RULE_KEYS && text.len > 0; key++) {
		if (str_equal(text, str_from(rule_key_name(key))))
			return key;
	}
	if (text.len > 0)
		read_reject(r, yaml_get(map, STR("by")),
			"'by' is '%.*s': it must be host, service or request", STR_ARG(text));
	return otherwise;
}

static enum rule_event read_event(struct rules_reader *r, const struct yaml_node *item)
{
	struct str text = read_text(r, item, "event");
	if (text.len == 0)
		return RULE_EVENT_NONE;
	for (enum rule_event event = RULE_EVENT_NONE + 1; event < RULE_EVENTS; event++) {
		if (str_equal(text, str_from(rule_event_name(event))))
			return event;
	}
	read_reject(r, yaml_get(item, STR("event")),
		"'event' is '%.*s': it must be change, restart, job, election or rotation",
		STR_ARG(text));
	return RULE_EVENT_NONE;
}

static void read_advice(struct rules_reader *r, const struct yaml_node *item, struct rule *rule)
{
	rule->advice.cause = read_text(r, item, "cause");
	rule->advice.impact = read_text(r, item, "impact");
	rule->advice.fix = read_text(r, item, "fix");
	rule->advice.workaround = read_text(r, item, "workaround");
	rule->advice.prevention = read_text(r, item, "prevention");
	rule->advice.verify = read_text(r, item, "verify");
	read_texts(r, yaml_get(item, STR("references")), &rule->advice.references,
		&rule->advice.reference_count);
}

static bool is_slug(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0);
		if (!good)
			return false;
	}
	return s.len > 0;
}

static void check_id(struct rules_reader *r, const struct pack *pack, const struct yaml_node *item)
{
	struct str slug = r->rule_id;
	struct str prefix = str_cut(&slug, '/');
	if (r->rule_id.len == 0)
		read_reject(r, item, "a rule needs an id: pack/slug");
	else if (slug.ptr == NULL || !is_slug(slug) || !str_equal(prefix, pack->name))
		read_warn(r, yaml_get(item, STR("id")),
			"the id should be %.*s/ and a slug of small "
			"letters, digits and '-'",
			STR_ARG(pack->name));
}

static void read_rule(struct rules_reader *r, const struct pack *pack, const struct yaml_node *item)
{
	struct rule rule = {
		.place = read_place(r, item), .source = RULE_FROM_PACK, .category = pack->category
	};
	r->rejected = false;
	r->rule_id = rule.id = read_text(r, item, "id");
	check_id(r, pack, item);
	read_known_keys(r, item, rule_keys);
	rule.title = read_text(r, item, "title");
	if (rule.title.len == 0) {
		read_warn(r, item, "no 'title'; the id is shown instead");
		rule.title = rule.id;
	}
	rule.severity = pack->severity;
	if (!read_severity(r, item, &rule.severity) && !pack->has_severity && !r->rejected)
		read_warn(r, item, "no 'severity'; medium is taken");
	if (yaml_get(item, STR("category")) != NULL)
		rule.category = read_text(r, item, "category");
	rule.description = read_text(r, item, "description");
	struct str status = read_text(r, item, "status");
	rule.experimental = str_equal(status, STR("experimental"));
	if (status.len > 0 && !rule.experimental && !str_equal(status, STR("stable")))
		read_warn(r, yaml_get(item, STR("status")), "'status' is experimental or stable");
	rule.key = read_by(r, item, pack->key);
	rule.event = read_event(r, item);
	read_condition(r, item, &rule);
	read_advice(r, item, &rule);
	read_texts(r, yaml_get(item, STR("examples")), &rule.examples, &rule.example_count);
	read_texts(r, yaml_get(item, STR("counter_examples")), &rule.counter_examples,
		&rule.counter_example_count);
	struct str *services = NULL;
	size_t service_count = 0;
	read_texts(r, yaml_get(item, STR("services")), &services, &service_count);
	for (size_t i = 0; i < service_count; i++)
		read_add_hint(r, &rule, services[i]);
	for (size_t i = 0; i < pack->service_count; i++)
		read_add_hint(r, &rule, pack->services[i]);
	read_take_rule(r, &rule);
}

void rules_pack_read(struct rules_reader *r, const struct yaml_node *document)
{
	struct pack pack = { .severity = SEVERITY_MEDIUM };
	const struct yaml_node *defaults = yaml_get(document, STR("defaults"));
	const struct yaml_node *rules = yaml_get(document, STR("rules"));
	r->rule_id = STR_NONE;
	r->rejected = false;
	read_known_keys(r, document, pack_keys);
	read_known_keys(r, defaults, default_keys);
	pack.name = read_text(r, document, "pack");
	if (!is_slug(pack.name))
		read_warn(r, document, "'pack' should be small letters, digits and '-'");
	pack.category = read_text(r, defaults, "category");
	pack.has_severity = read_severity(r, defaults, &pack.severity);
	pack.key = read_by(r, defaults, RULE_BY_SERVICE);
	read_texts(r, yaml_get(defaults, STR("services")), &pack.services, &pack.service_count);
	if (rules == NULL || rules->kind != YAML_LIST) {
		read_reject(r, document, "a pack needs a list of rules under 'rules'");
		return;
	}
	for (const struct yaml_node *item = rules->first; item != NULL; item = item->next) {
		if (item->kind == YAML_MAP)
			read_rule(r, &pack, item);
		else
			read_reject(r, item, "a rule must be a map of its parts");
	}
}
