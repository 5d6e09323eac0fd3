/* SPDX-License-Identifier: MIT */
#include "src/match/database_parts.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/table.h"
#include "src/match/text_finder.h"

/*
 * Patterns without a run of this many plain characters are loose: each needs an automaton of its
 * own, and the time to compile them grows much faster than their number. Up to LOOSE_TOGETHER go
 * with the others in one part, which is the fastest to scan; more are spread over parts of their
 * own, and what does not fit there is refused.
 */
#define LOOSE_LITERAL  3
#define LOOSE_TOGETHER 250

/*
 * So many plain texts are compiled by themselves, beside the patterns that are none: some hundred
 * such patterns take a third of the time, and another thread may have them. To scan twice costs no
 * more then, since plain texts alone are found faster (measured: 18,200 texts and 125 patterns, 31
 * MB of logs, 0.042 and 0.016 s against 0.054 s; logs full of what is looked for, 0.066 and 0.015
 * against 0.093 s).
 */
#define PLAIN_APART 4096

/*
 * From so many plain texts on a finder takes them, each by itself, and not whole patterns: what is
 * left for Hyperscan are the branches that are no text.
 */
#define FOUND_FROM 2048

/*
 * So many patterns with a branch that is no text take Hyperscan about 4 ms each, on one thread,
 * with all others long done. In two databases they take as much together, at the same time; to scan
 * both takes 0.4 ns a byte more than one.
 */
#define HALVES_FROM 32

/* ---- parts ---- */

static bool is_loose(const struct pattern_item *item)
{
	return item->literal_len < LOOSE_LITERAL;
}

static bool is_tight(const struct pattern_item *item)
{
	return !is_loose(item);
}

static bool is_plain(const struct pattern_item *item)
{
	for (size_t i = 0; i < item->text_count; i++)
		if (item->texts[i].plain == NULL)
			return false;
	return !item->matches_empty;
}

static bool is_no_text(const struct pattern_item *item)
{
	return !is_plain(item);
}

static bool is_found(const struct pattern_item *item, const struct pattern_text *text)
{
	return text->plain != NULL && text->plain_len >= FINDER_LEN_MIN &&
	       text->plain_len <= FINDER_LEN_MAX && !item->matches_empty;
}

static size_t count_found(const struct pattern_item *item)
{
	size_t count = 0;
	for (size_t i = 0; i < item->text_count; i++)
		count += is_found(item, &item->texts[i]);
	return count;
}

static bool has_found(const struct pattern_item *item)
{
	return count_found(item) > 0;
}

static bool has_rest(const struct pattern_item *item)
{
	return count_found(item) < item->text_count;
}

/* Some of what is left for Hyperscan is no text. */
static bool has_automaton(const struct pattern_item *item)
{
	for (size_t i = 0; i < item->text_count; i++)
		if (!is_found(item, &item->texts[i]) &&
			(item->texts[i].plain == NULL || item->matches_empty))
			return true;
	return false;
}

static bool is_any(const struct pattern_item *item)
{
	(void)item;
	return true;
}

/* Of the wanted items of a job: those from *next on, at most `most` of them; *next is then behind
 * the last. */
static void add_part_of(struct database_parts *parts, const struct pattern_job *jobs,
	struct database_part part, bool (*wanted)(const struct pattern_item *), size_t *next,
	size_t most)
{
	const struct pattern_job *of = &jobs[part.job];
	part.items = mem_zalloc(of->count, sizeof(struct pattern_item *));
	for (; *next < of->count && part.count < most; ++*next)
		if (wanted(&of->items[*next]))
			part.items[part.count++] = &of->items[*next];
	if (part.count > 0)
		parts->items[parts->count++] = part;
	else
		free(part.items);
}

static void add_part(struct database_parts *parts, const struct pattern_job *jobs, size_t job,
	enum part_kind kind, bool (*wanted)(const struct pattern_item *))
{
	size_t next = 0;
	add_part_of(parts, jobs, (struct database_part){ .job = job, .kind = kind }, wanted, &next,
		jobs[job].count);
}

/* Two with the same number of automata, neighbours together: they are alike. */
static void add_halves(
	struct database_parts *parts, const struct pattern_job *of, size_t job, size_t automata)
{
	struct database_part halves[2];
	for (size_t i = 0; i < countof(halves); i++)
		halves[i] = (struct database_part){ .job = job,
			.kind = PART_REST,
			.items = mem_zalloc(of->count, sizeof(struct pattern_item *)) };
	size_t taken = 0;
	for (size_t i = 0; i < of->count; i++) {
		if (!has_rest(&of->items[i]))
			continue;
		struct database_part *half = &halves[taken >= automata / 2];
		half->items[half->count++] = &of->items[i];
		taken += has_automaton(&of->items[i]);
	}
	for (size_t i = 0; i < countof(halves); i++)
		parts->items[parts->count++] = halves[i];
}

static void add_rest(struct database_parts *parts, const struct pattern_job *jobs, size_t job)
{
	const struct pattern_job *of = &jobs[job];
	size_t automata = 0;
	for (size_t i = 0; i < of->count; i++)
		automata += has_automaton(&of->items[i]);
	if (of->halves && automata >= HALVES_FROM)
		add_halves(parts, of, job, automata);
	else
		add_part(parts, jobs, job, PART_REST, has_rest);
}

/* Some for the loose ones, which are too many for one. */
static void add_loose(struct database_parts *parts, struct pattern_job *jobs, size_t job)
{
	struct pattern_job *of = &jobs[job];
	size_t next = 0;
	for (size_t i = 1; i < PARTS_MAX; i++)
		add_part_of(parts, jobs, (struct database_part){ .job = job }, is_loose, &next,
			LOOSE_TOGETHER);
	for (; next < of->count; next++)
		of->items[next].refused |= is_loose(&of->items[next]);
}

static void cut(struct database_parts *parts, struct pattern_job *jobs, size_t job)
{
	const struct pattern_job *of = &jobs[job];
	size_t loose = 0, plain = 0, found = 0;
	for (size_t i = 0; i < of->count; i++) {
		loose += is_loose(&of->items[i]);
		plain += is_plain(&of->items[i]) ? of->items[i].text_count : 0;
		found += count_found(&of->items[i]);
	}
	if (loose > LOOSE_TOGETHER) {
		add_part(parts, jobs, job, PART_ANY, is_tight);
		add_loose(parts, jobs, job);
	} else if (found >= FOUND_FROM && !of->automata) {
		add_rest(parts, jobs, job);
		add_part(parts, jobs, job, PART_FOUND, has_found);
	} else if (plain >= PLAIN_APART) {
		add_part(parts, jobs, job, PART_PLAIN, is_plain);
		add_part(parts, jobs, job, PART_ANY, is_no_text);
	} else {
		add_part(parts, jobs, job, PART_ANY, is_any);
	}
}

void database_parts_cut(struct database_parts *parts, struct pattern_job *jobs, size_t job_count)
{
	*parts = (struct database_parts){ .count = 0 };
	for (size_t i = 0; i < job_count; i++)
		cut(parts, jobs, i);
}

void database_parts_release(struct database_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		free(parts->items[i].items);
	*parts = (struct database_parts){ .count = 0 };
}

/* ---- expressions ---- */

struct use {
	struct pattern_item *item;
	uint32_t next; /* use of the same expression, and 1; 0: it is the last */
};

static unsigned flags_of(const struct pattern_item *item, const struct pattern_text *text)
{
	return (item->matches_empty ? EXPRESSION_EMPTY : 0u) |
	       (text->plain != NULL && text->caseless ? EXPRESSION_CASELESS : 0u);
}

/* The expression that says the same; a new one where there is none. */
static unsigned find_expression(struct expressions *e, struct table *known,
	const struct pattern_item *item, const struct pattern_text *text, enum part_kind kind)
{
	unsigned flags = flags_of(item, text);
	bool plain = kind == PART_PLAIN || kind == PART_FOUND;
	struct str bytes = plain ? str_of(text->plain, text->plain_len) : str_from(text->regex);
	uint64_t *found = table_put(known, str_hash(bytes) + flags);
	if (*found != 0) {
		unsigned other = (unsigned)(*found - 1);
		if (e->flags[other] == flags &&
			str_equal(bytes, str_of(e->texts[other], e->lens[other])))
			return other;
	}
	*found = e->count + 1;
	e->texts[e->count] = bytes.ptr;
	e->lens[e->count] = bytes.len;
	e->flags[e->count] = flags;
	return e->count++;
}

/* The items of an expression in order: uses are put in front. */
static void add_ids(struct expressions *e, struct shared_ids *shared)
{
	for (unsigned i = 0; i < e->count; i++) {
		const struct use *use = &e->uses[e->first_use[i] - 1];
		e->ids[i] = use->item->id;
		if (use->next == 0)
			continue;
		e->ids[i] = SHARED_ID | (unsigned)shared->count;
		size_t number = shared->count;
		mem_grow(&shared->words, shared->count, &shared->capacity);
		shared->words[shared->count++] = 0;
		for (uint32_t k = e->first_use[i]; k != 0; k = e->uses[k - 1].next) {
			mem_grow(&shared->words, shared->count, &shared->capacity);
			shared->words[shared->count++] = e->uses[k - 1].item->id;
			shared->words[number]++;
		}
	}
}

static bool has_part(const struct database_part *part, const struct pattern_item *item,
	const struct pattern_text *text)
{
	switch (part->kind) {
	case PART_FOUND:
		return is_found(item, text);
	case PART_REST:
		return !is_found(item, text);
	default:
		return true;
	}
}

void expressions_init(
	struct expressions *e, struct shared_ids *shared, const struct database_part *part)
{
	struct table known = { .count = 0 };
	size_t most = 0;
	for (size_t i = 0; i < part->count; i++)
		most += part->items[i]->text_count;
	*e = (struct expressions){ .count = 0 };
	e->texts = mem_zalloc(most, sizeof(*e->texts));
	e->lens = mem_zalloc(most, sizeof(*e->lens));
	e->flags = mem_zalloc(most, sizeof(*e->flags));
	e->ids = mem_zalloc(most, sizeof(*e->ids));
	e->uses = mem_zalloc(most, sizeof(*e->uses));
	e->first_use = mem_zalloc(most, sizeof(*e->first_use));
	for (size_t i = 0; i < part->count; i++) {
		struct pattern_item *item = part->items[i];
		for (size_t k = 0; k < item->text_count && !item->refused; k++) {
			if (!has_part(part, item, &item->texts[k]))
				continue;
			unsigned n = find_expression(e, &known, item, &item->texts[k], part->kind);
			e->uses[e->use_count++] = (struct use){ item, e->first_use[n] };
			e->first_use[n] = (uint32_t)e->use_count;
		}
	}
	shared->count = 0;
	add_ids(e, shared);
	table_release(&known);
}

void expressions_release(struct expressions *e)
{
	free(e->texts);
	free(e->lens);
	free(e->flags);
	free(e->ids);
	free(e->uses);
	free(e->first_use);
}

void expressions_refuse(const struct expressions *e, size_t index)
{
	for (uint32_t k = e->first_use[index]; k != 0; k = e->uses[k - 1].next)
		e->uses[k - 1].item->refused = true;
}

/* ---- shared ids ---- */

void shared_ids_copy(struct shared_ids *shared, struct str bytes)
{
	shared->count = shared->capacity = bytes.len / sizeof(shared->words[0]);
	if (shared->count == 0)
		return;
	shared->words = mem_alloc(shared->count * sizeof(shared->words[0]));
	memcpy(shared->words, bytes.ptr, shared->count * sizeof(shared->words[0]));
}

int shared_relay_found(
	unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	const struct shared_relay *r = context;
	if (likely((id & SHARED_ID) == 0))
		return r->found(id, from, to, flags, r->context);
	const uint32_t *list = r->shared->words + (id & ~SHARED_ID);
	int stop = 0;
	for (uint32_t i = 1; i <= list[0] && stop == 0; i++)
		stop = r->found(list[i], from, to, flags, r->context);
	return stop;
}
