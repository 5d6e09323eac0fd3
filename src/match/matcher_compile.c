/* SPDX-License-Identifier: MIT */
#include "src/match/matcher_compile.h"

#include <pthread.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "lineup/pattern_key.h"
#include "lineup/text_model_image.h"
#include "src/match/matcher_terms.h"

/*
 * From so many patterns on they are looked for by their rarest text, see pattern_key.h. A few are
 * found as fast whole, and then need no confirmation.
 */
#define KEYS_FROM 48

/* Past this sum of the weights of heavy patterns (some seconds) the rest of them is left to PCRE2.
 */
#define HEAVY_WEIGHT_SUM 60000

/* Terms that one thread takes at a time; their arenas are its own meanwhile. */
#define BLOCK_TERMS 32

/* The patterns of one database while they are gathered. */
struct item_list {
	struct pattern_item *items;
	size_t count;
};

static void add_item(struct item_list *list, uint32_t id, const struct pattern_item *item)
{
	list->items[list->count] = *item;
	list->items[list->count++].id = id;
}

/* By id, what the steps find out of each term. */
struct term_work {
	struct pattern pattern;
	struct rejection why;
	struct term_items items;
};

struct block_arenas {
	struct arena trees; /* until the items are made */
	struct arena texts;
};

struct compilation {
	struct matcher_plan *plan;
	struct plan_group *group;
	struct rule_set *rules;
	struct term_work *work;
	struct block_arenas *arenas; /* by block of terms */
	size_t block_count;
	struct text_model model;
	struct text_model
		words; /* that the terms ask for; joined to the model when all are known */
	pthread_mutex_t words_lock;
	bool by_texts; /* the rare ones stand for patterns */
	struct item_list exact;
	struct item_list relaxed;
	struct item_list loose;
	struct matcher_compiling how;
};

static struct term_plan *plan_of(struct compilation *c, size_t id)
{
	return &c->plan->terms[c->group->terms[id]];
}

static const struct term *term_of(const struct compilation *c, size_t id)
{
	return &c->rules->terms[c->group->terms[id]];
}

static size_t block_end(const struct compilation *c, size_t block)
{
	return size_min((block + 1) * BLOCK_TERMS, c->group->count);
}

/* To learn a pattern's words takes a thirtieth of the time to find them. */
static void learn_block(struct compilation *c, size_t block)
{
	pthread_mutex_lock(&c->words_lock);
	for (size_t id = block * BLOCK_TERMS; id < block_end(c, block); id++)
		if (c->work[id].pattern.tree != NULL)
			tree_learn(&c->words, c->work[id].pattern.tree);
	pthread_mutex_unlock(&c->words_lock);
}

/* Only what comes out is kept: a pattern's tree is a tenth of what was made for it. */
static void plan_block(struct compilation *c, size_t block)
{
	struct arena *kept = &c->arenas[block].trees;
	for (size_t id = block * BLOCK_TERMS; id < block_end(c, block); id++) {
		struct arena scratch = { 0 };
		struct term_work *w = &c->work[id];
		matcher_plan_term(plan_of(c, id), term_of(c, id), &scratch, &w->pattern, &w->why);
		w->why.reason = arena_copy(kept, w->why.reason);
		if (w->pattern.tree != NULL)
			w->pattern.tree = tree_copy(kept, w->pattern.tree);
		arena_release(&scratch);
	}
	if (c->by_texts)
		learn_block(c, block);
}

static void make_block(void *context, size_t block)
{
	struct compilation *c = context;
	struct term_making making = { .with_forms = c->how.forms };
	if (c->by_texts) {
		making.memo = mem_alloc(sizeof(*making.memo));
		text_memo_init(making.memo, &c->model);
	}
	for (size_t id = block * BLOCK_TERMS; id < block_end(c, block); id++) {
		struct term_work *w = &c->work[id];
		if (plan_of(c, id)->path != PATH_REJECTED)
			matcher_make_items(&making, plan_of(c, id), term_of(c, id), &w->pattern,
				&c->arenas[block].texts, &w->items);
	}
	free(making.memo);
	arena_release(&c->arenas[block].trees);
}

/* The first step is to learn, where that is wanted; the others are blocks. */
static void plan_or_learn(void *context, size_t step)
{
	struct compilation *c = context;
	if (step > 0)
		plan_block(c, step - 1);
	else if (c->by_texts)
		text_model_builtin(&c->model);
}

/* What to look for: everything that is found out of terms one by one. */
static void make_items(struct compilation *c)
{
	c->by_texts = c->group->count >= KEYS_FROM && !c->how.whole;
	parallel_each(c->how.threads, c->block_count + 1, plan_or_learn, c);
	for (uint32_t id = 0; id < c->group->count; id++)
		if (plan_of(c, id)->path == PATH_REJECTED)
			matcher_reject(c->rules, c->group->terms[id], &c->work[id].why);
	text_model_join(&c->model, &c->words);
	parallel_each(c->how.threads, c->block_count, make_block, c);
}

/* In order: which of the heavy ones are too many depends on it. */
static void fill_lists(struct compilation *c)
{
	uint64_t heavy_sum = 0;
	for (uint32_t id = 0; id < c->group->count; id++) {
		struct term_plan *plan = plan_of(c, id);
		const struct term_items *items = &c->work[id].items;
		if (items->exact.texts == NULL)
			continue;
		heavy_sum += items->heavy ? items->exact.weight : 0;
		if (items->heavy && heavy_sum > HEAVY_WEIGHT_SUM) {
			plan->path = PATH_SLOW;
			plan->masked = MASKED_NONE;
			continue;
		}
		if (c->how.exact)
			add_item(&c->exact, id, &items->exact);
		if (c->how.forms && items->relaxed.texts != NULL)
			add_item(&c->relaxed, id, &items->relaxed);
		else if (c->how.forms)
			add_item(&c->loose, id, &items->exact);
	}
}

static void leave_refused_to_pcre(struct compilation *c, const struct item_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].refused)
			plan_of(c, list->items[i].id)->path = PATH_SLOW;
	}
}

/* What Hyperscan refuses in its relaxed form is looked for as it was meant: then the database of
 * such has to be made again. */
static bool loosen_refused(struct compilation *c)
{
	size_t before = c->loose.count;
	for (size_t i = 0; i < c->relaxed.count; i++) {
		uint32_t id = c->relaxed.items[i].id;
		if (!c->relaxed.items[i].refused)
			continue;
		plan_of(c, id)->masked = MASKED_NONE;
		add_item(&c->loose, id, &c->work[id].items.exact);
	}
	return c->loose.count > before;
}

static struct pattern_job job_of(const struct compilation *c, const struct item_list *list,
	struct pattern_database **database)
{
	return (struct pattern_job){ list->items, list->count, database, c->how.automata,
		c->how.halves };
}

/* Most of the time is Hyperscan's, which compiles on one thread: all databases side by side. */
static int compile_lists(struct compilation *c, struct error *err)
{
	struct plan_group *group = c->group;
	struct pattern_job jobs[PATTERN_JOBS_MAX];
	size_t count = 0;
	if (c->how.forms)
		jobs[count++] = job_of(c, &c->relaxed, &group->relaxed);
	if (c->how.exact)
		jobs[count++] = job_of(c, &c->exact, &group->exact);
	if (c->how.forms)
		jobs[count++] = job_of(c, &c->loose, &group->loose);
	if (pattern_databases_create(jobs, count, c->how.threads, err) != 0)
		return -1;
	if (c->how.forms && loosen_refused(c)) {
		struct pattern_job again = job_of(c, &c->loose, &group->loose);
		pattern_database_destroy(group->loose);
		group->loose = NULL;
		if (pattern_databases_create(&again, 1, c->how.threads, err) != 0)
			return -1;
	}
	if (c->how.exact)
		leave_refused_to_pcre(c, &c->exact);
	if (c->how.forms)
		leave_refused_to_pcre(c, &c->loose);
	return 0;
}

int matcher_compile(struct matcher_plan *plan, struct plan_group *group, struct rule_set *rules,
	const struct matcher_compiling *how, struct error *err)
{
	struct compilation c = { .plan = plan, .group = group, .rules = rules, .how = *how };
	pthread_mutex_init(&c.words_lock, NULL);
	struct item_list *lists[] = { &c.exact, &c.relaxed, &c.loose };
	c.block_count = (group->count + BLOCK_TERMS - 1) / BLOCK_TERMS;
	c.work = mem_zalloc(group->count, sizeof(*c.work));
	c.arenas = mem_zalloc(c.block_count, sizeof(*c.arenas));
	for (size_t i = 0; i < countof(lists); i++)
		lists[i]->items = mem_zalloc(group->count, sizeof(*lists[i]->items));
	make_items(&c);
	fill_lists(&c);
	int result = compile_lists(&c, err);
	for (size_t i = 0; i < countof(lists); i++)
		free(lists[i]->items);
	for (size_t i = 0; i < c.block_count; i++)
		arena_release(&c.arenas[i].texts);
	free(c.arenas);
	free(c.work);
	text_model_release(&c.model);
	text_model_release(&c.words);
	pthread_mutex_destroy(&c.words_lock);
	return result;
}
