/* SPDX-License-Identifier: MIT */
#include "lineup/rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lineup/mem.h"

const char *rule_key_name(enum rule_key key)
{
	static const char *const names[RULE_KEYS] = {
		[RULE_BY_SERVICE] = "service",
		[RULE_BY_HOST] = "host",
		[RULE_BY_REQUEST] = "request",
	};
	return names[key];
}

const char *rule_event_name(enum rule_event event)
{
	static const char *const names[RULE_EVENTS] = {
		[RULE_EVENT_NONE] = NULL,
		[RULE_EVENT_CHANGE] = "change",
		[RULE_EVENT_RESTART] = "restart",
		[RULE_EVENT_JOB] = "job",
		[RULE_EVENT_ELECTION] = "election",
		[RULE_EVENT_ROTATION] = "rotation",
	};
	return names[event];
}

const char *rule_advice_text(const struct rule_advice *a, size_t n, struct str *text)
{
	const struct {
		const char *name;
		struct str text;
	} texts[] = {
		{ "cause", a->cause },
		{ "impact", a->impact },
		{ "fix", a->fix },
		{ "workaround", a->workaround },
		{ "prevention", a->prevention },
		{ "verify", a->verify },
	};
	if (n >= countof(texts))
		return NULL;
	*text = texts[n].text;
	return texts[n].name;
}

void rule_set_release(struct rule_set *set)
{
	arena_release(&set->arena);
	intern_release(&set->term_index);
	free(set->rules);
	free(set->terms);
	free(set->complaints);
	*set = (struct rule_set){ 0 };
}

/* Terms are equal when kind and text are: the index knows them as one name. */
uint32_t rule_set_term(
	struct rule_set *set, enum term_kind kind, struct str text, struct rule_place place)
{
	struct str name;
	char *joined = mem_alloc(text.len + 1);
	joined[0] = (char)('0' + (int)kind);
	if (text.len > 0)
		memcpy(joined + 1, text.ptr, text.len);
	name = str_of(joined, text.len + 1);
	uint32_t index = intern_add(&set->term_index, name);
	free(joined);
	if (index == set->term_count) {
		mem_grow(&set->terms, set->term_count, &set->term_capacity);
		set->terms[set->term_count++] = (struct term){
			.kind = kind,
			.text = str_skip(intern_name(&set->term_index, index), 1),
			.place = place,
		};
	}
	return index;
}

struct rule *rule_set_add(struct rule_set *set)
{
	mem_grow(&set->rules, set->rule_count, &set->rule_capacity);
	struct rule *rule = &set->rules[set->rule_count++];
	*rule = (struct rule){ 0 };
	return rule;
}

void rule_set_complain(struct rule_set *set, struct rule_place place, struct str rule_id,
	bool rejected, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = NULL;
	int len = vasprintf(&text, format, args);
	va_end(args);
	mem_grow(&set->complaints, set->complaint_count, &set->complaint_capacity);
	set->complaints[set->complaint_count++] = (struct rule_complaint){
		.place = place,
		.rule_id = arena_copy(&set->arena, rule_id),
		.reason = arena_copy(
			&set->arena, len < 0 ? STR("unknown") : str_of(text, (size_t)len)),
		.rejected = rejected,
	};
	if (len >= 0)
		free(text);
}

static int compare_places(const struct rule_place *a, const struct rule_place *b)
{
	int order = str_compare(a->path, b->path);
	if (order != 0)
		return order;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return 0;
}

static int compare_rules(const void *left, const void *right)
{
	const struct rule *a = left;
	const struct rule *b = right;
	int order = str_compare(a->id, b->id);
	return order != 0 ? order : compare_places(&a->place, &b->place);
}

static int compare_complaints(const void *left, const void *right)
{
	const struct rule_complaint *a = left;
	const struct rule_complaint *b = right;
	int order = compare_places(&a->place, &b->place);
	if (order == 0)
		order = str_compare(a->rule_id, b->rule_id);
	return order != 0 ? order : str_compare(a->reason, b->reason);
}

static bool rules_in_order(const struct rule_set *set)
{
	for (size_t i = 1; i < set->rule_count; i++) {
		if (compare_rules(&set->rules[i - 1], &set->rules[i]) > 0)
			return false;
	}
	return true;
}

static void drop_doubles(struct rule_set *set)
{
	size_t kept = 0;
	for (size_t i = 0; i < set->rule_count; i++) {
		struct rule *rule = &set->rules[i];
		if (kept > 0 && str_equal(set->rules[kept - 1].id, rule->id)) {
			const struct rule_place *first = &set->rules[kept - 1].place;
			rule_set_complain(set, rule->place, rule->id, true,
				"the id is taken by %.*s:%u; give this rule an id of its own",
				STR_ARG(first->path), first->line);
			continue;
		}
		if (kept != i)
			set->rules[kept] = *rule;
		kept++;
	}
	set->rule_count = kept;
}

static uint32_t *term_at(const struct rule *rule, size_t k)
{
	return k < rule->term_count ? &rule->terms[k] : &rule->negatives[k - rule->term_count].term;
}

/* Are they numbered so already, as those of the program's own rules are? */
static bool terms_in_order(const struct rule_set *set)
{
	uint32_t next = 0;
	for (size_t i = 0; i < set->rule_count; i++) {
		const struct rule *rule = &set->rules[i];
		for (size_t k = 0; k < rule->term_count + rule->negative_count; k++) {
			uint32_t term = *term_at(rule, k);
			if (term > next)
				return false;
			next += term == next;
		}
	}
	return next == set->term_count;
}

/*
 * Terms are numbered anew in the order of the rules that use them, so that their order does not
 * tell the order of loading, and terms of rules that were left out are not scanned for.
 */
static void renumber_terms(struct rule_set *set)
{
	struct term *old = set->terms;
	uint32_t *moved = mem_alloc((set->term_count + 1) * sizeof(*moved));
	for (size_t i = 0; i < set->term_count; i++)
		moved[i] = UINT32_MAX;
	intern_release(&set->term_index);
	set->terms = NULL;
	set->term_count = set->term_capacity = 0;
	for (size_t i = 0; i < set->rule_count; i++) {
		struct rule *rule = &set->rules[i];
		for (size_t k = 0; k < rule->term_count + rule->negative_count; k++) {
			uint32_t *term = term_at(rule, k);
			if (moved[*term] == UINT32_MAX) {
				moved[*term] = rule_set_term(
					set, old[*term].kind, old[*term].text, old[*term].place);
				set->terms[moved[*term]].builtin = old[*term].builtin;
			}
			*term = moved[*term];
		}
	}
	free(moved);
	free(old);
}

/* The old terms' text lives in the index that renumbering throws away: keep it until then. */
static void keep_term_text(struct rule_set *set)
{
	for (size_t i = 0; i < set->term_count; i++)
		set->terms[i].text = arena_copy(&set->arena, set->terms[i].text);
}

void rule_set_finish(struct rule_set *set)
{
	if (!rules_in_order(set))
		qsort(set->rules, set->rule_count, sizeof(*set->rules), compare_rules);
	drop_doubles(set);
	if (!terms_in_order(set)) {
		keep_term_text(set);
		renumber_terms(set);
	}
	rule_set_order_complaints(set);
}

void rule_set_order_complaints(struct rule_set *set)
{
	if (set->complaint_count > 1) {
		qsort(set->complaints, set->complaint_count, sizeof(*set->complaints),
			compare_complaints);
	}
}

const struct rule *rule_set_find(const struct rule_set *set, struct str id)
{
	size_t low = 0;
	size_t high = set->rule_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_compare(set->rules[middle].id, id);
		if (order == 0)
			return &set->rules[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
