/* SPDX-License-Identifier: MIT */
#include "src/scan/matcher_compile.h"

#include <stdlib.h>

#include "lineup/confirm.h"
#include "lineup/jq_term.h"
#include "lineup/mem.h"
#include "lineup/pattern.h"
#include "lineup/pattern_key.h"
#include "lineup/pattern_relax.h"
#include "lineup/rules_check.h"
#include "lineup/rules_load.h"

/* The first rule that asks for the term. */
static struct str rule_of(const struct rule_set *rules, uint32_t term)
{
	for (size_t i = 0; i < rules->rule_count; i++) {
		const struct rule *rule = &rules->rules[i];
		for (size_t k = 0; k < rule->term_count; k++) {
			if (rule->terms[k] == term)
				return rule->id;
		}
		for (size_t k = 0; k < rule->negative_count; k++) {
			if (rule->negatives[k].term == term)
				return rule->id;
		}
	}
	return STR_NONE;
}

static void reject(struct matcher_plan *p, struct rule_set *rules, uint32_t term, size_t offset,
	const char *reason)
{
	struct rule_place place = rules->terms[term].place;
	if (place.column != 0)
		place.column += (uint32_t)offset;
	/* a pattern by itself is a rule that is called by its place */
	struct str id = rule_of(rules, term);
	rule_set_complain(rules, place, str_starts(id, place.path) ? STR_NONE : id, true,
		"pattern cannot be used: %s", reason);
	p->terms[term].path = PATH_REJECTED;
}

static enum term_path path_of(enum pattern_verdict verdict)
{
	switch (verdict) {
	case PATTERN_EXACT:
		return PATH_SCAN;
	case PATTERN_SUPERSET:
		return PATH_CONFIRM;
	case PATTERN_ALWAYS:
		return PATH_ALWAYS;
	case PATTERN_NEVER:
		return PATH_NEVER;
	default:
		return PATH_SLOW;
	}
}

void matcher_plan_term(struct matcher_plan *p, struct rule_set *rules, uint32_t term,
	struct arena *arena, struct pattern *pattern)
{
	struct error reason = { .text = "" };
	struct confirm_facts facts = { .has_names = false };
	struct str text = rules->terms[term].text;
	struct term_plan *plan = &p->terms[term];
	switch (rules->terms[term].kind) {
	case TERM_LITERAL:
		pattern_analyse_literal(arena, text, pattern);
		plan->path = (uint8_t)path_of(pattern->verdict);
		break;
	case TERM_REGEX:
		if (confirm_check(text, &facts, &reason) != 0) {
			reject(p, rules, term, facts.offset, reason.text);
			break;
		}
		plan->has_names = facts.has_names;
		pattern_analyse(arena, text, pattern);
		plan->path = (uint8_t)path_of(pattern->verdict);
		break;
	case TERM_JQ:
		plan->path = PATH_JQ;
		if (jq_term_check(text, &reason) != 0)
			reject(p, rules, term, 0, reason.text);
		break;
	}
}

/*
 * From so many patterns on they are looked for by their rarest text, see pattern_key.h. A few are
 * found as fast whole, and then need no confirmation.
 */
#define KEYS_FROM 48

/* What healthy systems write is met all day; what the examples of failures say is met at times. */
#define HEALTHY_WEIGHT 8

/*
 * Heavy patterns take up to half a second each to compile. Past this sum of their weights (some
 * seconds) the rest of them is left to PCRE2. Plain texts are never heavy, however many they are.
 */
#define HEAVY_WEIGHT	 500
#define HEAVY_WEIGHT_SUM 60000

static bool is_heavy(const struct pattern *p)
{
	return p->weight > HEAVY_WEIGHT && !tree_is_texts(p->tree);
}

/*
 * A relaxed pattern with less plain text than this would be met in most lines, and PCRE2 be asked
 * each time; it is cheaper to look for what was meant, in every line.
 */
#define LITERAL_OF_RELAXED 2

/* The patterns of one database while they are gathered. */
struct item_list {
	struct pattern_item *items;
	size_t count;
};

static void add_item(
	struct arena *arena, struct item_list *list, uint32_t id, const struct pattern *pattern)
{
	size_t count;
	const char *const *texts = pattern_branches(arena, pattern, &count);
	list->items[list->count++] = (struct pattern_item){ .texts = texts,
		.text_count = count,
		.id = id,
		.weight = pattern->weight,
		.literal_len = pattern->literal_len,
		.matches_empty = pattern->matches_empty };
}

struct compilation {
	struct matcher_plan *plan;
	struct plan_group *group;
	struct rule_set *rules;
	struct arena arena;
	struct pattern *patterns; /* by id */
	struct text_model model;
	bool by_texts;
	struct item_list exact;
	struct item_list relaxed;
	struct item_list loose;
	uint64_t heavy_sum;
	struct wanted_databases wanted;
};

/*
 * What is common in logs: the examples of the program's own rules, from some hundred programs,
 * lines of healthy systems, and the words that the terms ask for.
 */
static void learn(struct compilation *c)
{
	struct rule_set builtin = { .rules = NULL };
	struct error ignored;
	if (rules_load_builtin(&builtin, &ignored) == 0) {
		for (size_t i = 0; i < builtin.rule_count; i++)
			for (size_t k = 0; k < builtin.rules[i].example_count; k++)
				text_model_learn(&c->model, builtin.rules[i].examples[k], 1);
	}
	rule_set_release(&builtin);
	for (size_t i = 0; i < healthy_line_count; i++)
		text_model_learn(&c->model, str_from(healthy_lines[i]), HEALTHY_WEIGHT);
	for (size_t id = 0; id < c->group->count; id++)
		if (c->patterns[id].tree != NULL)
			tree_learn(&c->model, c->patterns[id].tree);
}

static void narrow_all(struct compilation *c)
{
	const struct plan_group *group = c->group;
	learn(c);
	for (size_t id = 0; id < group->count; id++) {
		struct term_plan *plan = &c->plan->terms[group->terms[id]];
		if (plan->path == PATH_REJECTED || plan->path == PATH_JQ)
			continue;
		pattern_narrow(&c->arena, &c->model, &c->patterns[id]);
		plan->path = (uint8_t)path_of(c->patterns[id].verdict);
	}
}

/*
 * Decides how a term is found by masked forms; true when the relaxed pattern is to be compiled. It
 * may be narrowed like any other: then one line of a form is confirmed.
 */
static bool plan_masked(struct compilation *c, struct term_plan *plan, const struct term *term,
	struct relaxed_pattern *r)
{
	pattern_relax(&c->arena, term, r);
	bool tight = r->blind || r->literal_len >= LITERAL_OF_RELAXED;
	bool exact = r->pattern.verdict == PATTERN_EXACT;
	if (c->by_texts)
		pattern_narrow(&c->arena, &c->model, &r->pattern);
	bool usable = r->pattern.verdict == PATTERN_EXACT || r->pattern.verdict == PATTERN_SUPERSET;
	plan->masked = MASKED_NONE;
	if (!usable || !tight || is_heavy(&r->pattern))
		return false;
	plan->masked = r->blind ? MASKED_BLIND : MASKED_CHECK;
	if (exact && r->pattern.verdict != PATTERN_EXACT)
		plan->path = PATH_CONFIRM;
	return true;
}

static void add_term(struct compilation *c, uint32_t id)
{
	uint32_t term = c->group->terms[id];
	struct term_plan *plan = &c->plan->terms[term];
	const struct pattern *pattern = &c->patterns[id];
	struct relaxed_pattern relaxed;
	if (plan->path != PATH_SCAN && plan->path != PATH_CONFIRM)
		return;
	c->heavy_sum += is_heavy(pattern) ? pattern->weight : 0;
	if (is_heavy(pattern) && c->heavy_sum > HEAVY_WEIGHT_SUM) {
		plan->path = PATH_SLOW;
		return;
	}
	plan->by_texts = tree_is_texts(pattern->tree);
	plan->follow = pattern->follow;
	plan->needle = pattern->needle;
	if (c->wanted.exact)
		add_item(&c->arena, &c->exact, id, pattern);
	if (!c->wanted.forms)
		return;
	if (plan_masked(c, plan, &c->rules->terms[term], &relaxed))
		add_item(&c->arena, &c->relaxed, id, &relaxed.pattern);
	else
		add_item(&c->arena, &c->loose, id, pattern);
}

static int compile_list(struct compilation *c, struct item_list *list,
	struct pattern_database **database, struct error *err)
{
	int result = pattern_database_create(database, list->items, list->count, err);
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].refused)
			c->plan->terms[c->group->terms[list->items[i].id]].path = PATH_SLOW;
	return result;
}

/* What Hyperscan refuses in its relaxed form is looked for as it was meant. */
static int compile_relaxed(struct compilation *c, struct error *err)
{
	int result = pattern_database_create(
		&c->group->relaxed, c->relaxed.items, c->relaxed.count, err);
	for (size_t i = 0; i < c->relaxed.count; i++) {
		uint32_t id = c->relaxed.items[i].id;
		struct term_plan *plan = &c->plan->terms[c->group->terms[id]];
		if (!c->relaxed.items[i].refused)
			continue;
		plan->masked = MASKED_NONE;
		add_item(&c->arena, &c->loose, id, &c->patterns[id]);
	}
	return result;
}

static int compile_all(struct compilation *c, struct error *err)
{
	struct item_list *lists[] = { &c->exact, &c->relaxed, &c->loose };
	for (size_t i = 0; i < countof(lists); i++)
		lists[i]->items = mem_zalloc(c->group->count, sizeof(*lists[i]->items));
	c->patterns = mem_zalloc(c->group->count, sizeof(*c->patterns));
	for (uint32_t id = 0; id < c->group->count; id++)
		matcher_plan_term(
			c->plan, c->rules, c->group->terms[id], &c->arena, &c->patterns[id]);
	c->by_texts = c->group->count >= KEYS_FROM && !c->wanted.whole;
	if (c->by_texts)
		narrow_all(c);
	for (uint32_t id = 0; id < c->group->count; id++)
		add_term(c, id);
	int result = 0;
	if (c->wanted.exact)
		result = compile_list(c, &c->exact, &c->group->exact, err);
	if (c->wanted.forms && result == 0)
		result = compile_relaxed(c, err);
	if (c->wanted.forms && result == 0)
		result = compile_list(c, &c->loose, &c->group->loose, err);
	for (size_t i = 0; i < countof(lists); i++)
		free(lists[i]->items);
	free(c->patterns);
	text_model_release(&c->model);
	arena_release(&c->arena);
	return result;
}

int matcher_compile(struct matcher_plan *plan, struct plan_group *group, struct rule_set *rules,
	struct wanted_databases wanted, struct error *err)
{
	struct compilation c = { .plan = plan, .group = group, .rules = rules, .wanted = wanted };
	return compile_all(&c, err);
}
