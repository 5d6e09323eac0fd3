/* SPDX-License-Identifier: MIT */
#include "lineup/matcher_plan.h"

#include <limits.h>
#include <stdlib.h>

#include "lineup/confirm.h"
#include "lineup/jq_term.h"
#include "lineup/matcher_cache.h"
#include "lineup/mem.h"
#include "lineup/pattern.h"
#include "lineup/pattern_literal.h"

static void reject(struct matcher_plan *p, struct rule_set *rules, uint32_t term, size_t offset,
	const char *reason)
{
	struct rule_place place = rules->terms[term].place;
	if (place.column != 0)
		place.column += (uint32_t)offset;
	rule_set_complain(rules, place, STR_NONE, true, "pattern cannot be used: %s", reason);
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

/* Decides how a term is found; the pattern is filled for the database. */
static void plan_term(struct matcher_plan *p, struct rule_set *rules, uint32_t term,
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
 * Heavy patterns take up to half a second each to compile. Past this sum of their weights (some
 * seconds) the rest of them is left to PCRE2.
 */
#define HEAVY_WEIGHT	 500
#define HEAVY_WEIGHT_SUM 60000

static int compile(
	struct matcher_plan *p, struct plan_group *group, struct rule_set *rules, struct error *err)
{
	struct arena arena = { .blocks = NULL };
	struct pattern_item *items = mem_zalloc(group->count, sizeof(*items));
	size_t count = 0;
	uint64_t heavy_sum = 0;
	for (uint32_t i = 0; i < group->count; i++) {
		uint32_t term = group->terms[i];
		struct pattern pattern = { .verdict = PATTERN_OPAQUE };
		plan_term(p, rules, term, &arena, &pattern);
		if (p->terms[term].path != PATH_SCAN && p->terms[term].path != PATH_CONFIRM)
			continue;
		heavy_sum += pattern.weight > HEAVY_WEIGHT ? pattern.weight : 0;
		if (pattern.weight > HEAVY_WEIGHT && heavy_sum > HEAVY_WEIGHT_SUM) {
			p->terms[term].path = PATH_SLOW;
			continue;
		}
		items[count++] = (struct pattern_item){ .text = pattern.text.ptr,
			.id = i,
			.weight = pattern.weight,
			.literal_len = pattern_literal_of(&rules->terms[term]).longest,
			.matches_empty = pattern.matches_empty };
	}
	int result = pattern_database_create(&group->database, items, count, err);
	for (size_t i = 0; i < count; i++)
		if (items[i].refused)
			p->terms[group->terms[items[i].id]].path = PATH_SLOW;
	free(items);
	arena_release(&arena);
	return result;
}

/* Raised when the same patterns are planned or compiled in another way. */
#define CACHE_FORMAT 3

/* All that the compiled form depends on: the program, the libraries, the processor, the terms. */
static void write_key(const struct plan_group *group, const struct rule_set *rules, struct buf *key)
{
	buf_printf(key, "format %d lineup " LINEUP_VERSION " pcre2 %s\n", CACHE_FORMAT,
		confirm_version());
	pattern_database_describe(key);
	for (size_t i = 0; i < group->count; i++) {
		const struct term *term = &rules->terms[group->terms[i]];
		buf_printf(key, "\n%d %zu ", (int)term->kind, term->text.len);
		buf_append(key, term->text);
	}
}

/* The payload is the plans, padded to the alignment of what follows, then the databases. */
static size_t plans_bytes(const struct plan_group *group)
{
	return (group->count * sizeof(struct term_plan) + 63) & ~(size_t)63;
}

static bool load_payload(struct matcher_plan *p, struct plan_group *group, struct rule_set *rules,
	struct str payload)
{
	size_t head = plans_bytes(group);
	struct error ignored;
	if (payload.len < head ||
		pattern_database_load(&group->database, str_skip(payload, head), &ignored) != 0)
		return false;
	for (size_t i = 0; i < group->count; i++) {
		uint32_t term = group->terms[i];
		memcpy(&p->terms[term], payload.ptr + i * sizeof(struct term_plan),
			sizeof(struct term_plan));
		/* The reasons of the rejected were not kept. */
		struct arena arena = { .blocks = NULL };
		struct pattern pattern;
		if (p->terms[term].path == PATH_REJECTED)
			plan_term(p, rules, term, &arena, &pattern);
		arena_release(&arena);
	}
	return true;
}

static bool load_cached(struct matcher_plan *p, struct plan_group *group, struct rule_set *rules,
	struct str dir, struct str key)
{
	struct matcher_cache_entry entry;
	if (!matcher_cache_load(dir, key, &entry))
		return false;
	bool loaded = load_payload(p, group, rules, entry.payload);
	matcher_cache_release(&entry);
	return loaded;
}

/* A file of the cache, made by the build; missing (weak) in the tests and where it was left out. */
extern const char lineup_matcher_image[] __attribute__((weak));
extern const char lineup_matcher_image_end[] __attribute__((weak));

static bool load_linked(
	struct matcher_plan *p, struct plan_group *group, struct rule_set *rules, struct str key)
{
	struct str payload;
	if (lineup_matcher_image == NULL || lineup_matcher_image_end == NULL)
		return false;
	size_t bytes =
		(size_t)((uintptr_t)lineup_matcher_image_end - (uintptr_t)lineup_matcher_image);
	return matcher_cache_open(str_of(lineup_matcher_image, bytes), key, &payload) &&
	       load_payload(p, group, rules, payload);
}

/* Without a cache the next run starts slower; that is no error of this one. */
static void store_cached(const struct matcher_plan *p, const struct plan_group *group,
	struct str dir, struct str key)
{
	struct buf payload = BUF_INIT(0);
	struct error ignored;
	for (size_t i = 0; i < group->count; i++)
		buf_append(&payload,
			str_of((const char *)&p->terms[group->terms[i]], sizeof(struct term_plan)));
	while (payload.len < plans_bytes(group))
		buf_append_byte(&payload, 0);
	if (pattern_database_save(group->database, &payload, &ignored) != 0 ||
		matcher_cache_store(dir, key, buf_str(&payload), &ignored) != 0)
		payload.len = 0;
	buf_release(&payload);
}

/* ---- groups ---- */

static int compare_terms(const void *left, const void *right, void *context)
{
	const struct rule_set *rules = context;
	const struct term *a = &rules->terms[*(const uint32_t *)left];
	const struct term *b = &rules->terms[*(const uint32_t *)right];
	return a->kind != b->kind ? (a->kind < b->kind ? -1 : 1) : str_compare(a->text, b->text);
}

/* In an order that the terms of the other group do not change: it is part of the cache's key. */
static void gather(struct plan_group *group, struct rule_set *rules, bool builtin)
{
	group->terms = mem_alloc((rules->term_count + 1) * sizeof(group->terms[0]));
	for (uint32_t i = 0; i < rules->term_count; i++)
		if (rules->terms[i].builtin == builtin)
			group->terms[group->count++] = i;
	if (group->count > 1)
		qsort_r(group->terms, group->count, sizeof(group->terms[0]), compare_terms, rules);
}

static int make_group(struct matcher_plan *p, struct plan_group *group, struct rule_set *rules,
	struct str cache_dir, struct error *err)
{
	struct buf key = BUF_INIT(0);
	write_key(group, rules, &key);
	int result = 0;
	bool loaded = load_linked(p, group, rules, buf_str(&key)) ||
		      (cache_dir.len > 0 && load_cached(p, group, rules, cache_dir, buf_str(&key)));
	if (!loaded) {
		p->from_cache = false;
		result = compile(p, group, rules, err);
		if (result == 0 && cache_dir.len > 0)
			store_cached(p, group, cache_dir, buf_str(&key));
	}
	buf_release(&key);
	return result;
}

int matcher_plan_make(struct matcher_plan *p, struct rule_set *rules,
	const struct matcher_options *options, struct error *err)
{
	char path[PATH_MAX];
	*p = (struct matcher_plan){ .from_cache = true };
	p->terms = mem_zalloc(rules->term_count, sizeof(p->terms[0]));
	struct str dir = options->use_cache ? options->cache_dir : STR_NONE;
	if (options->use_cache && dir.len == 0 && matcher_cache_default_dir(path, sizeof(path)))
		dir = str_from(path);
	for (size_t i = 0; i < PLAN_GROUPS; i++) {
		struct plan_group *group = &p->groups[i];
		gather(group, rules, i == 0);
		/* An empty rule set has a database too: it says whether this machine can run one. */
		bool wanted = group->count > 0 || (i == 1 && rules->term_count == 0);
		if (wanted && make_group(p, group, rules, dir, err) != 0)
			return -1;
	}
	return 0;
}

void matcher_plan_release(struct matcher_plan *p)
{
	for (size_t i = 0; i < PLAN_GROUPS; i++) {
		pattern_database_destroy(p->groups[i].database);
		free(p->groups[i].terms);
	}
	free(p->terms);
	*p = (struct matcher_plan){ .terms = NULL };
}
