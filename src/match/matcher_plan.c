/* SPDX-License-Identifier: MIT */
#include "lineup/matcher_plan.h"

#include <limits.h>
#include <stdlib.h>

#include "lineup/confirm.h"
#include "lineup/matcher_cache.h"
#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "src/match/matcher_compile.h"
#include "src/match/matcher_terms.h"

/* Raised when the same patterns are planned or compiled in another way. */
#define CACHE_FORMAT 12

/* All that the compiled form depends on: the program, the libraries, the processor, the terms. */
static void write_key(const struct plan_group *group, const struct rule_set *rules,
	const struct matcher_compiling *wanted, struct buf *key)
{
	buf_printf(key, "format %d lineup " LINEUP_VERSION " exact %d forms %d whole %d\n",
		CACHE_FORMAT, wanted->exact, wanted->forms, wanted->whole);
	confirm_describe(key);
	buf_append_byte(key, '\n');
	pattern_database_describe(key);
	for (size_t i = 0; i < group->count; i++) {
		const struct term *term = &rules->terms[group->terms[i]];
		buf_printf(key, "\n%d %zu ", (int)term->kind, term->text.len);
		buf_append(key, term->text);
	}
}

/*
 * The payload is the plans, padded to the alignment of what follows, then the databases, each with
 * its length in front, 0 for one that was not wanted.
 */
static size_t plans_bytes(const struct plan_group *group)
{
	return (group->count * sizeof(struct term_plan) + 63) & ~(size_t)63;
}

#define DATABASES 3

static struct pattern_database **databases_of(struct plan_group *group, size_t i)
{
	struct pattern_database **all[DATABASES] = { &group->exact, &group->relaxed,
		&group->loose };
	return i < DATABASES ? all[i] : NULL;
}

/* Milliseconds each: side by side. */
struct loading {
	struct plan_group *group;
	struct str bytes[DATABASES]; /* empty: not wanted */
	bool failed[DATABASES];
};

static void load_database(void *context, size_t i)
{
	struct loading *l = context;
	struct error ignored;
	l->failed[i] = l->bytes[i].len > 0 &&
		       pattern_database_load(databases_of(l->group, i), l->bytes[i], &ignored) != 0;
}

static bool load_databases(struct plan_group *group, struct str bytes, unsigned threads)
{
	struct loading l = { .group = group };
	for (size_t i = 0; i < DATABASES; i++) {
		uint64_t len;
		if (bytes.len < sizeof(len))
			return false;
		memcpy(&len, bytes.ptr, sizeof(len));
		bytes = str_skip(bytes, sizeof(len));
		if (len > bytes.len)
			return false;
		l.bytes[i] = str_head(bytes, len);
		bytes = str_skip(bytes, len);
	}
	parallel_each(threads, DATABASES, load_database, &l);
	for (size_t i = 0; i < DATABASES; i++) {
		if (l.failed[i])
			return false;
	}
	return bytes.len == 0;
}

static bool save_databases(const struct plan_group *group, struct buf *payload)
{
	struct error ignored;
	struct pattern_database **database;
	struct plan_group shown = *group;
	for (size_t i = 0; (database = databases_of(&shown, i)) != NULL; i++) {
		size_t at = payload->len;
		uint64_t len = 0;
		bool saved = buf_append(payload, str_of((const char *)&len, sizeof(len))) &&
			     (*database == NULL ||
				     pattern_database_save(*database, payload, &ignored) == 0);
		if (!saved)
			return false;
		len = payload->len - at - sizeof(len);
		memcpy(payload->ptr + at, &len, sizeof(len));
	}
	return true;
}

static void drop_databases(struct plan_group *group)
{
	struct pattern_database **database;
	for (size_t i = 0; (database = databases_of(group, i)) != NULL; i++) {
		pattern_database_destroy(*database);
		*database = NULL;
	}
}

/* The reasons of the rejected were not kept. */
static void reject_again(struct matcher_plan *p, struct rule_set *rules, uint32_t term)
{
	struct arena arena = { .blocks = NULL };
	struct pattern pattern;
	struct rejection why;
	matcher_plan_term(&p->terms[term], &rules->terms[term], &arena, &pattern, &why);
	if (why.reason.len > 0)
		matcher_reject(rules, term, &why);
	arena_release(&arena);
}

static bool load_payload(struct matcher_plan *p, struct plan_group *group, struct rule_set *rules,
	struct str payload, unsigned threads)
{
	size_t head = plans_bytes(group);
	if (payload.len < head || !load_databases(group, str_skip(payload, head), threads)) {
		drop_databases(group);
		return false;
	}
	for (size_t i = 0; i < group->count; i++) {
		uint32_t term = group->terms[i];
		memcpy(&p->terms[term], payload.ptr + i * sizeof(struct term_plan),
			sizeof(struct term_plan));
		if (p->terms[term].path == PATH_REJECTED)
			reject_again(p, rules, term);
	}
	return true;
}

static bool load_cached(struct matcher_plan *p, struct plan_group *group, struct rule_set *rules,
	struct str dir, struct str key, unsigned threads)
{
	struct matcher_cache_entry entry;
	if (!matcher_cache_load(dir, key, &entry))
		return false;
	bool loaded = load_payload(p, group, rules, entry.payload, threads);
	matcher_cache_release(&entry);
	return loaded;
}

/* A file of the cache, made by the build; missing (weak) in the tests and where it was left out. */
extern const char lineup_matcher_image[] __attribute__((weak));
extern const char lineup_matcher_image_end[] __attribute__((weak));

static bool load_linked(struct matcher_plan *p, struct plan_group *group, struct rule_set *rules,
	struct str key, unsigned threads)
{
	struct str payload;
	if (lineup_matcher_image == NULL || lineup_matcher_image_end == NULL)
		return false;
	size_t bytes =
		(size_t)((uintptr_t)lineup_matcher_image_end - (uintptr_t)lineup_matcher_image);
	return matcher_cache_open(str_of(lineup_matcher_image, bytes), key, &payload) &&
	       load_payload(p, group, rules, payload, threads);
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
	if (!save_databases(group, &payload) ||
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
	const struct matcher_compiling *wanted, struct str cache_dir, struct error *err)
{
	struct buf key = BUF_INIT(0);
	write_key(group, rules, wanted, &key);
	int result = 0;
	bool loaded = load_linked(p, group, rules, buf_str(&key), wanted->threads) ||
		      (cache_dir.len > 0 && load_cached(p, group, rules, cache_dir, buf_str(&key),
						    wanted->threads));
	if (!loaded) {
		p->from_cache = false;
		result = matcher_compile(p, group, rules, wanted, err);
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
		/* An empty rule set has a database too: it says whether this machine can
		 * run one. */
		bool wanted = group->count > 0 || (i == 1 && rules->term_count == 0);
		struct matcher_compiling how = { .exact = i == 0 || !options->with_forms,
			.forms = i == 0 || options->with_forms,
			.whole = options->whole_patterns,
			.threads = options->threads };
		if (wanted && make_group(p, group, rules, &how, dir, err) != 0)
			return -1;
	}
	return 0;
}

void matcher_plan_release(struct matcher_plan *p)
{
	for (size_t i = 0; i < PLAN_GROUPS; i++) {
		drop_databases(&p->groups[i]);
		free(p->groups[i].terms);
	}
	free(p->terms);
	*p = (struct matcher_plan){ .terms = NULL };
}
