/* SPDX-License-Identifier: MIT */
/*
 * Reads CRE documents (Common Reliability Enumerations). Where the standard's text is silent, its
 * reference implementation decides: `value` may name a term of `terms`, and `anchor` counts the
 * positive terms from 0. In one thing we differ: it joins a line without a stamp to the line before
 * it, with nothing between, so that a regex may begin on one line and end on another; here a term
 * is tried on each line alone.
 */
#include "lineup/buf.h"
#include "lineup/rules_read.h"

static const char *const item_keys[] = { "cre", "metadata", "rule", NULL };
static const char *const cre_keys[] = { "id", "severity", "title", "category", "tags", "author",
	"description", "cause", "impact", "impactScore", "mitigation", "mitigationScore",
	"references", "reports", "applications", "version", NULL };
static const char *const set_keys[] = { "window", "event", "match", "negate", "correlations",
	NULL };
static const char *const sequence_keys[] = { "window", "event", "order", "negate", "correlations",
	"origin", NULL };
static const char *const term_keys[] = { "value", "regex", "jq", "count", "field", "set",
	"sequence", NULL };
static const char *const negative_keys[] = { "value", "regex", "jq", "count", "field", "window",
	"slide", "anchor", "absolute", "set", "sequence", NULL };

bool rules_cre_looks_like(const struct yaml_node *item)
{
	return yaml_get(item, STR("cre")) != NULL || yaml_get(item, STR("rule")) != NULL;
}

/*
 * RE2 reads patterns as UTF-8, we as bytes. That differs only where a pattern names a character
 * that is more than one byte, or a class of Unicode: those are switched to characters.
 */
static bool needs_characters(struct str regex)
{
	for (size_t i = 0; i < regex.len; i++) {
		if ((unsigned char)regex.ptr[i] >= 0x80)
			return true;
		if (regex.ptr[i] == '\\' && i + 1 < regex.len) {
			i++;
			bool named =
				i + 1 < regex.len && regex.ptr[i] == 'x' && regex.ptr[i + 1] == '{';
			if (regex.ptr[i] == 'p' || regex.ptr[i] == 'P' || named)
				return true;
		}
	}
	return false;
}

/* What the terms of a document are read with. */
struct cre_terms {
	const struct yaml_node *named; /* the document's `terms`, or NULL */
	bool of_events;		       /* the rule looks at Kubernetes' events */
};

static uint32_t add_regex(struct rules_reader *r, const struct yaml_node *node, struct str text)
{
	if (needs_characters(text))
		text = arena_printf(&r->set->arena, "(*UTF)%.*s", STR_ARG(text));
	return rule_set_term(r->set, TERM_REGEX, text, read_place(r, node));
}

/*
 * `field: reason, value: Killing`: an event with this field, as JSON, YAML or pairs, must have this
 * value in it; the row of a table, where no field is named, must hold it.
 */
static uint32_t add_field(
	struct rules_reader *r, const struct yaml_node *node, struct str field, struct str value)
{
	struct buf name = BUF_INIT(0), quoted = BUF_INIT(0);
	read_append_quoted(&name, field);
	read_append_quoted(&quoted, value);
	struct str key = arena_printf(
		&r->set->arena, "\\b%.*s\\\\?[\"']?\\s*[:=]\\s*", STR_ARG(buf_str(&name)));
	struct str regex = arena_printf(&r->set->arena,
		"%.*s\\\\?[\"']?%.*s(?:\\W|$)|^(?!.*%.*s).*%.*s", STR_ARG(key),
		STR_ARG(buf_str(&quoted)), STR_ARG(key), STR_ARG(buf_str(&quoted)));
	buf_release(&name);
	buf_release(&quoted);
	return add_regex(r, node, regex);
}

/* A name of `terms` stands for what it names; *node moves there. */
static void resolve_name(const struct yaml_node *terms, const struct yaml_node **node)
{
	const struct yaml_node *named = NULL;
	if ((*node)->kind == YAML_TEXT)
		named = yaml_get(terms, (*node)->text);
	else if (yaml_get(*node, STR("value")) != NULL &&
		 yaml_get(*node, STR("value"))->kind == YAML_TEXT)
		named = yaml_get(terms, yaml_get(*node, STR("value"))->text);
	if (named != NULL)
		*node = named;
}

/* The pattern of a term, which is a text or a map with one of value, regex and jq. */
static bool read_pattern(struct rules_reader *r, const struct cre_terms *terms,
	const struct yaml_node *node, uint32_t *term)
{
	resolve_name(terms->named, &node);
	if (node->kind == YAML_TEXT) {
		struct str text = read_pattern_text(r, node);
		if (text.len == 0) {
			read_reject(r, node, "an empty term matches every line");
			return false;
		}
		*term = rule_set_term(r->set, TERM_LITERAL, text, read_place(r, node));
		return true;
	}
	if (yaml_get(node, STR("set")) != NULL || yaml_get(node, STR("sequence")) != NULL) {
		read_reject(r, node,
			"a set or sequence inside a term cannot be used here; "
			"write its terms into the rule");
		return false;
	}
	static const char *const kinds[] = { "value", "regex", "jq" };
	const struct yaml_node *found = NULL;
	size_t kind = 0;
	for (size_t i = 0; i < countof(kinds); i++) {
		const struct yaml_node *n = yaml_get(node, str_from(kinds[i]));
		if (n == NULL || (n->kind == YAML_TEXT && n->text.len == 0))
			continue;
		if (found != NULL)
			read_warn(r, n, "'%s' beside '%s' in one term is not looked at", kinds[i],
				kinds[kind]);
		else
			kind = i;
		found = found == NULL ? n : found;
	}
	if (found == NULL || found->kind != YAML_TEXT) {
		read_reject(r, node, "a term needs one of value, regex and jq, with a text");
		return false;
	}
	struct str text = read_pattern_text(r, found), field = read_text(r, node, "field");
	if (text.len == 0) {
		read_reject(r, found, "an empty term matches every line");
		return false;
	}
	if (field.len > 0 && (!terms->of_events || kind != 0))
		read_warn(r, node, "'field' is not looked at: the term is tried on the whole line");
	if (kind == 1)
		*term = add_regex(r, found, text);
	else if (kind == 0 && field.len > 0 && terms->of_events)
		*term = add_field(r, found, field, text);
	else
		*term = rule_set_term(
			r->set, kind == 0 ? TERM_LITERAL : TERM_JQ, text, read_place(r, found));
	return true;
}

static void read_positive(struct rules_reader *r, const struct cre_terms *terms,
	const struct yaml_node *first, struct rule *rule)
{
	for (const struct yaml_node *n = first; n != NULL; n = n->next) {
		uint32_t term;
		read_known_keys(r, n, term_keys);
		if (!read_pattern(r, terms, n, &term))
			continue;
		const struct yaml_node *counted = n;
		if (yaml_get(n, STR("count")) == NULL)
			resolve_name(terms->named, &counted);
		read_add_term(r, rule, n, term, size_max(read_number(r, counted, "count", 1), 1));
	}
}

/* Does a negative term say itself where it is looked for? Else a named one says it for it. */
static bool has_options(const struct yaml_node *term)
{
	static const char *const options[] = { "window", "slide", "anchor", "absolute" };
	for (size_t i = 0; i < countof(options); i++) {
		if (yaml_get(term, str_from(options[i])) != NULL)
			return true;
	}
	return false;
}

static void read_negative(struct rules_reader *r, const struct cre_terms *terms,
	const struct yaml_node *first, struct rule *rule)
{
	for (const struct yaml_node *n = first; n != NULL; n = n->next) {
		struct rule_negative negative = { 0 };
		read_known_keys(r, n, negative_keys);
		if (!read_pattern(r, terms, n, &negative.term))
			continue;
		const struct yaml_node *options = n;
		if (!has_options(n))
			resolve_name(terms->named, &options);
		uint64_t anchor = read_number(r, options, "anchor", 0);
		negative.window_ns = read_duration(r, options, "window", true);
		negative.slide_ns = read_duration(r, options, "slide", true);
		negative.absolute = read_flag(r, options, "absolute");
		if (rule->term_count > 0 && anchor >= rule->term_count) {
			read_warn(r, n,
				"'anchor' counts the terms from 0 and there are %zu: "
				"the last is taken",
				rule->term_count);
			anchor = rule->term_count - 1;
		}
		if (read_number(r, options, "count", 1) != 1)
			read_warn(r, n,
				"'count' of a negative term is not looked at: once is enough");
		negative.anchor = (uint32_t)anchor + 1;
		read_add_negative(r, rule, negative);
	}
}

/* The name that the standard has for events, and those of its first rules. */
static bool looks_at_events(const struct yaml_node *body)
{
	static const struct str sources[] = { { "k8s", 3 }, { "kubernetes", 10 }, { "cre.k8s", 7 },
		{ "cre.kubernetes", 14 } };
	const struct yaml_node *source = yaml_get(yaml_get(body, STR("event")), STR("source"));
	for (size_t i = 0; source != NULL && i < countof(sources); i++) {
		if (str_equal(str_trim(source->text), sources[i]))
			return true;
	}
	return false;
}

static void read_event(struct rules_reader *r, const struct yaml_node *body, struct rule *rule)
{
	const struct yaml_node *event = yaml_get(body, STR("event"));
	if (event == NULL || event->kind != YAML_MAP)
		return;
	for (const struct yaml_node *n = event->first; n != NULL; n = n->next) {
		if (n->kind == YAML_TEXT && !str_equal(n->key, STR("origin")))
			read_add_hint(r, rule, str_trim(n->text));
	}
}

static void read_condition(struct rules_reader *r, const struct yaml_node *item,
	const struct yaml_node *named, struct rule *rule)
{
	const struct yaml_node *condition = yaml_get(item, STR("rule"));
	const struct yaml_node *set = yaml_get(condition, STR("set"));
	const struct yaml_node *sequence = yaml_get(condition, STR("sequence"));
	if ((set == NULL) == (sequence == NULL)) {
		read_reject(r, condition != NULL ? condition : item,
			"'rule' needs one of 'set' and 'sequence'");
		return;
	}
	const struct yaml_node *body = set != NULL ? set : sequence;
	const char *list_key = set != NULL ? "match" : "order";
	const struct cre_terms terms = { named, looks_at_events(body) };
	struct yaml_node alone;
	const struct yaml_node *first = read_items(yaml_get(body, str_from(list_key)), &alone);
	rule->form = set != NULL ? RULE_SET : RULE_SEQUENCE;
	read_known_keys(r, body, set != NULL ? set_keys : sequence_keys);
	if (first == NULL) {
		read_reject(r, body, "'%s' needs a list of terms under '%s'",
			set != NULL ? "set" : "sequence", list_key);
		return;
	}
	rule->window_ns = read_duration(r, body, "window", false);
	read_positive(r, &terms, first, rule);
	read_negative(r, &terms, read_items(yaml_get(body, STR("negate")), &alone), rule);
	if (rule->term_count > 1 && rule->window_ns == 0)
		read_warn(r, body, "several terms and no 'window': they may be any time apart");
	const struct yaml_node *by = yaml_get(body, STR("correlations"));
	if (by != NULL && by->kind == YAML_LIST && by->first != NULL &&
		by->first->kind == YAML_TEXT) {
		if (str_starts(by->first->text, STR("host")))
			rule->key = RULE_BY_HOST;
		else
			read_warn(r, by,
				"of 'correlations' only hostname is known; "
				"the rule is kept by service");
	}
	read_event(r, body, rule);
}

static void read_applications(
	struct rules_reader *r, const struct yaml_node *cre, struct rule *rule)
{
	static const char *const names[] = { "name", "containerName", "processName" };
	const struct yaml_node *list = yaml_get(cre, STR("applications"));
	if (list == NULL || list->kind != YAML_LIST)
		return;
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
		for (size_t i = 0; i < countof(names); i++)
			read_add_hint(r, rule, read_text(r, n, names[i]));
	}
}

static enum severity read_severity(
	struct rules_reader *r, const struct yaml_node *item, const struct yaml_node *cre)
{
	const struct yaml_node *node = yaml_get(cre, STR("severity"));
	enum severity named;
	uint64_t number;
	if (yaml_is_null(node)) {
		read_warn(r, cre != NULL ? cre : item, "no 'severity'; medium is taken");
		return SEVERITY_MEDIUM;
	}
	if (node->kind == YAML_TEXT && str_to_u64(str_trim(node->text), &number) &&
		number < SEVERITY_COUNT)
		return (enum severity)number;
	if (node->kind == YAML_TEXT && severity_parse(str_trim(node->text), &named))
		return named;
	read_warn(r, node, "'severity' must be 0 (critical) to 4 (info); medium is taken");
	return SEVERITY_MEDIUM;
}

void rules_cre_read(
	struct rules_reader *r, const struct yaml_node *item, const struct yaml_node *terms)
{
	const struct yaml_node *cre = yaml_get(item, STR("cre"));
	const struct yaml_node *metadata = yaml_get(item, STR("metadata"));
	struct rule rule = { .place = read_place(r, item), .source = RULE_FROM_CRE };
	r->rule_id = STR_NONE;
	r->rejected = false;
	rule.id = read_text(r, cre, "id");
	if (rule.id.len == 0)
		rule.id = read_text(r, metadata, "id");
	r->rule_id = rule.id;
	if (rule.id.len == 0)
		read_reject(r, cre != NULL ? cre : item, "a rule needs an id under 'cre'");
	read_known_keys(r, item, item_keys);
	read_known_keys(r, cre, cre_keys);
	rule.title = read_text(r, cre, "title");
	if (rule.title.len == 0)
		rule.title = rule.id;
	rule.severity = read_severity(r, item, cre);
	rule.category = read_text(r, cre, "category");
	rule.description = read_text(r, cre, "description");
	rule.advice.cause = read_text(r, cre, "cause");
	rule.advice.impact = read_text(r, cre, "impact");
	rule.advice.fix = read_text(r, cre, "mitigation");
	read_texts(r, yaml_get(cre, STR("references")), &rule.advice.references,
		&rule.advice.reference_count);
	read_applications(r, cre, &rule);
	read_condition(r, item, terms, &rule);
	read_take_rule(r, &rule);
}
