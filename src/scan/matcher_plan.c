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

static int compile(struct matcher_plan *p, struct rule_set *rules, struct error *err)
{
	struct arena arena = { .blocks = NULL };
	struct pattern_item *items = mem_zalloc(rules->term_count, sizeof(*items));
	size_t count = 0;
	uint64_t heavy_sum = 0;
	for (uint32_t term = 0; term < rules->term_count; term++) {
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
			.id = term,
			.weight = pattern.weight,
			.literal_len = pattern_literal_of(&rules->terms[term]).longest,
			.matches_empty = pattern.matches_empty };
	}
	int result = pattern_database_create(&p->database, items, count, err);
	for (size_t i = 0; i < count; i++)
		if (items[i].refused)
			p->terms[items[i].id].path = PATH_SLOW;
	free(items);
	arena_release(&arena);
	return result;
}

/* Raised when the same patterns are planned or compiled in another way. */
#define CACHE_FORMAT 2

/* All that the compiled form depends on: the program, the libraries, the processor, the terms. */
static void write_key(const struct rule_set *rules, struct buf *key)
{
	buf_printf(key, "format %d lineup " LINEUP_VERSION " pcre2 %s\n", CACHE_FORMAT,
		confirm_version());
	pattern_database_describe(key);
	for (size_t i = 0; i < rules->term_count; i++) {
		buf_printf(key, "\n%d %zu ", (int)rules->terms[i].kind, rules->terms[i].text.len);
		buf_append(key, rules->terms[i].text);
	}
}

/* The payload is the plans, padded to the alignment of what follows, then the databases. */
static size_t plans_bytes(const struct rule_set *rules)
{
	return (rules->term_count * sizeof(struct term_plan) + 63) & ~(size_t)63;
}

static bool load_cached(
	struct matcher_plan *p, struct rule_set *rules, struct str dir, struct str key)
{
	struct matcher_cache_entry entry;
	if (!matcher_cache_load(dir, key, &entry))
		return false;
	size_t head = plans_bytes(rules);
	struct error ignored;
	bool loaded =
		entry.payload.len >= head &&
		pattern_database_load(&p->database, str_skip(entry.payload, head), &ignored) == 0;
	if (loaded)
		memcpy(p->terms, entry.payload.ptr, rules->term_count * sizeof(struct term_plan));
	matcher_cache_release(&entry);
	if (!loaded)
		return false;
	/* The reasons of the rejected were not kept. */
	for (uint32_t term = 0; term < rules->term_count; term++) {
		struct arena arena = { .blocks = NULL };
		struct pattern pattern;
		if (p->terms[term].path == PATH_REJECTED)
			plan_term(p, rules, term, &arena, &pattern);
		arena_release(&arena);
	}
	return true;
}

/* Without a cache the next run starts slower; that is no error of this one. */
static void store_cached(
	const struct matcher_plan *p, const struct rule_set *rules, struct str dir, struct str key)
{
	struct buf payload = BUF_INIT(0);
	struct error ignored;
	if (buf_append(&payload,
		    str_of((const char *)p->terms, rules->term_count * sizeof(struct term_plan)))) {
		while (payload.len < plans_bytes(rules))
			buf_append_byte(&payload, 0);
		if (pattern_database_save(p->database, &payload, &ignored) != 0 ||
			matcher_cache_store(dir, key, buf_str(&payload), &ignored) != 0)
			payload.len = 0;
	}
	buf_release(&payload);
}

int matcher_plan_make(struct matcher_plan *p, struct rule_set *rules,
	const struct matcher_options *options, struct error *err)
{
	char path[PATH_MAX];
	*p = (struct matcher_plan){ .terms = NULL };
	p->terms = mem_zalloc(rules->term_count, sizeof(p->terms[0]));
	struct str dir = options->cache_dir;
	bool cached = options->use_cache;
	if (cached && dir.len == 0) {
		cached = matcher_cache_default_dir(path, sizeof(path));
		dir = cached ? str_from(path) : STR_NONE;
	}
	if (!cached)
		return compile(p, rules, err);
	struct buf key = BUF_INIT(0);
	int result = 0;
	write_key(rules, &key);
	p->from_cache = load_cached(p, rules, dir, buf_str(&key));
	if (!p->from_cache) {
		result = compile(p, rules, err);
		if (result == 0)
			store_cached(p, rules, dir, buf_str(&key));
	}
	buf_release(&key);
	return result;
}

void matcher_plan_release(struct matcher_plan *p)
{
	pattern_database_destroy(p->database);
	free(p->terms);
	*p = (struct matcher_plan){ .terms = NULL };
}
