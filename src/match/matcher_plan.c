/* SPDX-License-Identifier: MIT */
#include "lineup/matcher_plan.h"

#include <limits.h>
#include <stdlib.h>

#include "lineup/confirm.h"
#include "lineup/matcher_cache.h"
#include "lineup/mem.h"
#include "src/match/matcher_compile.h"
#include "src/match/matcher_payload.h"
#include "src/match/matcher_terms.h"

/* Raised when the same patterns are planned or compiled in another way. */
#define CACHE_FORMAT 21

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
		/* not as text: numbers of thousands of terms take milliseconds to print */
		const uint64_t head[] = { (uint64_t)term->kind, term->text.len };
		buf_append(key, str_of((const char *)head, sizeof(head)));
		buf_append(key, term->text);
	}
}

static struct pattern_database **database_of(struct plan_group *group, size_t i)
{
	struct pattern_database **all[PAYLOAD_DATABASES] = { &group->exact, &group->relaxed,
		&group->loose };
	return all[i];
}

static void drop_databases(struct plan_group *group)
{
	for (size_t i = 0; i < PAYLOAD_DATABASES; i++) {
		pattern_database_destroy(*database_of(group, i));
		*database_of(group, i) = NULL;
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

static bool plans_are_of(const struct matcher_payload *payload, const struct plan_group *group)
{
	return payload->plans.len == group->count * sizeof(struct term_plan);
}

static void take_plans(struct matcher_plan *p, const struct plan_group *group,
	struct rule_set *rules, struct str plans)
{
	for (size_t i = 0; i < group->count; i++) {
		uint32_t term = group->terms[i];
		memcpy(&p->terms[term], plans.ptr + i * sizeof(struct term_plan),
			sizeof(struct term_plan));
		if (p->terms[term].path == PATH_REJECTED)
			reject_again(p, rules, term);
	}
}

static bool load_payload(struct matcher_plan *p, struct plan_group *group, struct rule_set *rules,
	struct str bytes, unsigned threads)
{
	struct matcher_payload payload;
	struct pattern_database *databases[PAYLOAD_DATABASES];
	if (!matcher_payload_parse(bytes, &payload) || !plans_are_of(&payload, group) ||
		!matcher_payload_load(&payload, threads, databases))
		return false;
	for (size_t i = 0; i < PAYLOAD_DATABASES; i++)
		*database_of(group, i) = databases[i];
	take_plans(p, group, rules, payload.plans);
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

/* From what the build compiled, if it is of these very terms. */
static bool take_linked(struct matcher_plan *p, struct plan_group *group, struct rule_set *rules,
	struct str key, struct matcher_linked *linked)
{
	if (linked == NULL || !str_equal(linked->key, key) ||
		!plans_are_of(&linked->payload, group))
		return false;
	for (size_t i = 0; i < PAYLOAD_DATABASES; i++) {
		*database_of(group, i) = linked->databases[i];
		linked->databases[i] = NULL;
	}
	take_plans(p, group, rules, linked->payload.plans);
	return true;
}

/* Without a cache the next run starts slower; that is no error of this one. */
static void store_cached(const struct matcher_plan *p, const struct plan_group *group,
	struct str dir, struct str key)
{
	struct buf plans = BUF_INIT(0), payload = BUF_INIT(0);
	struct error ignored;
	struct plan_group shown = *group;
	const struct pattern_database *databases[PAYLOAD_DATABASES];
	for (size_t i = 0; i < group->count; i++)
		buf_append(&plans,
			str_of((const char *)&p->terms[group->terms[i]], sizeof(struct term_plan)));
	for (size_t i = 0; i < PAYLOAD_DATABASES; i++)
		databases[i] = *database_of(&shown, i);
	if (matcher_payload_write(&payload, buf_str(&plans), databases))
		(void)!matcher_cache_store(dir, key, buf_str(&payload), &ignored);
	buf_release(&plans);
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
	const struct matcher_compiling *wanted, struct str cache_dir, struct matcher_linked *linked,
	struct error *err)
{
	struct buf key = BUF_INIT(0);
	write_key(group, rules, wanted, &key);
	int result = 0;
	bool loaded = take_linked(p, group, rules, buf_str(&key), linked) ||
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
	struct matcher_linked *own = NULL;
	int result = 0;
	for (size_t i = 0; i < PLAN_GROUPS && result == 0; i++) {
		struct plan_group *group = &p->groups[i];
		gather(group, rules, i == 0);
		/* An empty rule set has a database too: it says whether this machine can
		 * run one. */
		bool wanted = group->count > 0 || (i == 1 && rules->term_count == 0);
		struct matcher_compiling how = { .exact = i == 0 || !options->with_forms,
			.forms = i == 0 || options->with_forms,
			.whole = options->whole_patterns,
			/* Of the user's plain patterns alone every line is scanned, which
			 * automata do faster than texts are found, where few lines hit. */
			.automata = options->whole_patterns || (i > 0 && !options->with_forms),
			/* The program's own are made by the build; of what scans every line
			 * each more database would be paid for by every byte. */
			.halves = i > 0 && options->with_forms,
			.threads = options->threads };
		if (wanted && i == 0 && options->linked == NULL)
			own = matcher_linked_load(options->threads);
		struct matcher_linked *linked = options->linked != NULL ? options->linked : own;
		if (wanted)
			result =
				make_group(p, group, rules, &how, dir, i == 0 ? linked : NULL, err);
	}
	matcher_linked_destroy(own);
	return result;
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
