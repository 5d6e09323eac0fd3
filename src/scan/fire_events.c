/* SPDX-License-Identifier: MIT */
/*
 * A loose term can hit every line, so a pile has a budget. What is kept must not depend on which
 * worker saw what, or when. It is therefore a function of the set of events alone: a pile is
 * thinned at the smallest level that fits the budget, where
 *
 *   level 0       keeps all;
 *   level 1..33   keeps, of each key and slot, the earliest few of every stretch of time; the
 *                 stretches are aligned to the epoch and twice as wide at each level (2 s at 1);
 *   level 34..    keeps besides only keys whose hash starts with ever more zero bits.
 *
 * Each level keeps a part of what the level before keeps, and what it keeps of a part of the events
 * is never more than what it keeps of all of them. So a worker, thinning its part early, never goes
 * past the final level, and the earliest few of the earliest few are the earliest few: the end is
 * the same as if one worker had seen everything. A rule still fires all along the log, only not as
 * often as it would have; how many events were given up is reported.
 */
#include "lineup/fire_events.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/utf8.h"

#define TIME_LEVELS   33
#define KEY_LEVELS    24
#define STRETCH_SHIFT 30 /* level 1: 2^31 ns */
#define LINE_SHIFT    24 /* undated: a line counts as 2^24 ns, level 1: 128 lines */
#define KEPT_AT_LEAST 8	 /* of a stretch */

/* --- the plan --- */

uint32_t fire_slot(const struct rule *rule, uint32_t term)
{
	for (size_t i = 0; i < rule->term_count; i++) {
		if (rule->terms[i] == term)
			return (uint32_t)i;
	}
	for (size_t i = 0; i < rule->negative_count; i++) {
		if (rule->negatives[i].term == term)
			return (uint32_t)(rule->term_count + i);
	}
	return UINT32_MAX;
}

/* The term at a place among a rule's positives and negatives, when it stands there first. */
static bool first_use(const struct rule *rule, size_t at, uint32_t *term)
{
	*term = at < rule->term_count ? rule->terms[at]
				      : rule->negatives[at - rule->term_count].term;
	return fire_slot(rule, *term) == at;
}

void fire_plan_create(struct fire_plan *plan, const struct rule_set *rules)
{
	uint32_t term;
	*plan = (struct fire_plan){ .rules = rules };
	plan->starts = mem_zalloc(rules->term_count + 2, sizeof(*plan->starts));
	/* Counted one place up, so that filling in moves each start to where it belongs. */
	uint32_t *fill = plan->starts + 1;
	size_t use_count = 0;
	for (size_t i = 0; i < rules->rule_count; i++) {
		const struct rule *rule = &rules->rules[i];
		for (size_t k = 0; k < rule->term_count + rule->negative_count; k++) {
			if (!rule_is_simple(rule) && first_use(rule, k, &term)) {
				fill[term]++;
				use_count++;
			}
		}
	}
	for (size_t t = 1; t <= rules->term_count; t++)
		fill[t] += fill[t - 1];
	for (size_t t = rules->term_count; t > 0; t--)
		fill[t] = fill[t - 1];
	fill[0] = 0;
	plan->uses = mem_zalloc(use_count + 1, sizeof(*plan->uses));
	for (size_t i = 0; i < rules->rule_count; i++) {
		const struct rule *rule = &rules->rules[i];
		for (size_t k = 0; k < rule->term_count + rule->negative_count; k++) {
			if (!rule_is_simple(rule) && first_use(rule, k, &term)) {
				plan->uses[fill[term]++] = (struct fire_use){
					.rule = (uint32_t)i,
					.slot = (uint32_t)k,
				};
			}
		}
	}
}

void fire_plan_release(struct fire_plan *plan)
{
	free(plan->starts);
	free(plan->uses);
	*plan = (struct fire_plan){ 0 };
}

/* --- thinning --- */

static size_t budget_of(const struct fire_events *events)
{
	return events->budget != 0 ? events->budget : FIRE_BUDGET;
}

static int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_members(const struct fire_event *a, const struct fire_event *b)
{
	return a->input != b->input ? compare_u64(a->input, b->input)
				    : compare_u64(a->sequence, b->sequence);
}

/* Key, dated before undated, and undated ones by member: what can fire together. */
static int compare_groups(const struct fire_event *a, const struct fire_event *b)
{
	bool a_undated = a->time_ns == TIME_NONE;
	bool b_undated = b->time_ns == TIME_NONE;
	if (a->key != b->key)
		return compare_u64(a->key, b->key);
	if (a_undated != b_undated)
		return a_undated ? 1 : -1;
	return a_undated ? compare_members(a, b) : 0;
}

static int compare_order(const struct fire_event *a, const struct fire_event *b)
{
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	if (a->uptime_ns != b->uptime_ns)
		return a->uptime_ns < b->uptime_ns ? -1 : 1;
	int order = compare_members(a, b);
	if (order == 0)
		order = compare_u64(a->line, b->line);
	return order != 0 ? order : compare_u64(a->slot, b->slot);
}

static int compare_final(const void *left, const void *right)
{
	int order = compare_groups(left, right);
	return order != 0 ? order : compare_order(left, right);
}

static int compare_for_thinning(const void *left, const void *right)
{
	const struct fire_event *a = left;
	const struct fire_event *b = right;
	int order = compare_groups(a, b);
	if (order == 0)
		order = compare_u64(a->slot, b->slot);
	return order != 0 ? order : compare_order(a, b);
}

static void sort_pile(struct fire_pile *pile, int (*compare)(const void *, const void *))
{
	if (pile->count > 1)
		qsort(pile->items, pile->count, sizeof(*pile->items), compare);
}

static int64_t stretch_of(const struct fire_event *e, unsigned level)
{
	int64_t at =
		e->time_ns != TIME_NONE
			? e->time_ns
			: (int64_t)((e->line & (UINT64_MAX >> (LINE_SHIFT + 1))) << LINE_SHIFT);
	unsigned shift = STRETCH_SHIFT + (level > TIME_LEVELS ? TIME_LEVELS : level);
	return at >> shift;
}

static bool key_is_kept(uint64_t key, unsigned level)
{
	return level <= TIME_LEVELS || key >> (64 - (level - TIME_LEVELS)) == 0;
}

/* How many events of a slot a stretch keeps: room for two fires at least. */
static size_t kept_of_stretch(const struct rule *rule, uint32_t slot)
{
	size_t copies = 0;
	for (size_t i = slot; i < rule->term_count; i++)
		copies += rule->terms[i] == rule->terms[slot];
	return KEPT_AT_LEAST + 2 * copies;
}

/* Counts what a level keeps of a pile sorted for thinning; with `move`, leaves just that there. */
static size_t keep(struct fire_pile *pile, const struct rule *rule, unsigned level, bool move)
{
	size_t kept = 0;
	size_t run = 0;
	size_t allowed = 0;
	struct fire_event before = { 0 };
	for (size_t i = 0; i < pile->count; i++) {
		struct fire_event e = pile->items[i];
		bool same_slot = i > 0 && compare_groups(&before, &e) == 0 && before.slot == e.slot;
		if (!same_slot)
			allowed = kept_of_stretch(rule, e.slot);
		if (!same_slot || stretch_of(&before, level) != stretch_of(&e, level))
			run = 0;
		before = e;
		if (++run > allowed || !key_is_kept(e.key, level))
			continue;
		if (move)
			pile->items[kept] = e;
		kept++;
	}
	return kept;
}

/* Texts of events that are gone are given up too. */
static void compact_text(struct fire_pile *pile)
{
	struct buf text = BUF_INIT(0);
	for (size_t i = 0; i < pile->count; i++) {
		struct fire_event *e = &pile->items[i];
		struct str old = str_of(pile->text.ptr + e->text_at, e->text_len);
		e->text_at = (uint32_t)text.len;
		buf_append(&text, old);
	}
	buf_release(&pile->text);
	pile->text = text;
}

static void thin(struct fire_pile *pile, const struct rule *rule, size_t budget)
{
	if (pile->level == 0 && pile->count <= budget)
		return;
	sort_pile(pile, compare_for_thinning);
	unsigned level = pile->level == 0 ? 1 : pile->level;
	while (level < TIME_LEVELS + KEY_LEVELS && keep(pile, rule, level, false) > budget)
		level++;
	pile->count = keep(pile, rule, level, true);
	pile->level = level;
	compact_text(pile);
}

/* --- collecting --- */

void fire_events_release(struct fire_events *events)
{
	for (size_t i = 0; i < events->pile_count; i++) {
		free(events->piles[i].items);
		buf_release(&events->piles[i].text);
	}
	free(events->piles);
	intern_release(&events->names);
	*events = (struct fire_events){ .budget = events->budget };
}

static void need_piles(struct fire_events *events, size_t count)
{
	if (events->piles == NULL) {
		events->piles = mem_zalloc(count, sizeof(*events->piles));
		events->pile_count = count;
	}
}

static void append(struct fire_pile *pile, struct fire_event event, struct str text)
{
	mem_grow(&pile->items, pile->count, &pile->capacity);
	event.text_at = (uint32_t)pile->text.len;
	event.text_len = (uint16_t)text.len;
	buf_append(&pile->text, text);
	pile->items[pile->count++] = event;
}

/* Whose line it is, in one number: who, of which kind, in which tree. */
static uint64_t key_of(enum rule_key key, const struct fire_origin *o)
{
	struct str who = key == RULE_BY_HOST	  ? o->host
			 : key == RULE_BY_REQUEST ? o->request
						  : o->service;
	uint64_t kind = (uint64_t)key;
	if (who.len == 0) {
		who = o->service;
		kind = RULE_BY_SERVICE;
	}
	/* Hosts and requests go through trees; a service is another one in each. */
	uint64_t parts[] = { str_hash(who), kind, kind == RULE_BY_SERVICE ? o->tree : 0 };
	return str_hash(str_of((const char *)parts, sizeof(parts)));
}

void fire_events_add(struct fire_events *events, const struct fire_plan *plan, uint32_t term,
	const struct fire_origin *o)
{
	uint32_t at = plan->starts[term];
	if (at == plan->starts[term + 1])
		return;
	need_piles(events, plan->rules->rule_count);
	struct fire_event event = {
		.time_ns = o->time_ns,
		.uptime_ns = o->time_ns == TIME_NONE ? o->uptime_ns : 0,
		.line = o->line,
		.offset = o->offset,
		.input = o->input,
		.sequence = o->sequence,
		.place = intern_add(&events->names, o->place),
		.service = intern_add(&events->names, o->service),
	};
	for (; at < plan->starts[term + 1]; at++) {
		const struct fire_use *use = &plan->uses[at];
		const struct rule *rule = &plan->rules->rules[use->rule];
		struct fire_pile *pile = &events->piles[use->rule];
		event.key = key_of(rule->key, o);
		event.slot = (uint16_t)use->slot;
		append(pile, event, utf8_head(o->text, FIRE_TEXT_BYTES));
		pile->seen++;
		if (pile->count >= 2 * budget_of(events))
			thin(pile, rule, budget_of(events));
	}
}

void fire_events_merge(struct fire_events *into, const struct fire_events *from)
{
	if (from->piles == NULL)
		return;
	need_piles(into, from->pile_count);
	uint32_t *names = mem_alloc((from->names.count + 1) * sizeof(*names));
	for (uint32_t i = 0; i < from->names.count; i++)
		names[i] = intern_add(&into->names, intern_name(&from->names, i));
	for (size_t i = 0; i < from->pile_count; i++) {
		const struct fire_pile *source = &from->piles[i];
		struct fire_pile *pile = &into->piles[i];
		for (size_t k = 0; k < source->count; k++) {
			struct fire_event event = source->items[k];
			struct str text = str_of(source->text.ptr + event.text_at, event.text_len);
			event.place = names[event.place];
			event.service = names[event.service];
			append(pile, event, text);
		}
		pile->seen += source->seen;
		pile->level = source->level > pile->level ? source->level : pile->level;
	}
	free(names);
}

void fire_pile_finish(struct fire_events *events, const struct rule *rule, size_t rule_index)
{
	struct fire_pile *pile = &events->piles[rule_index];
	thin(pile, rule, budget_of(events));
	sort_pile(pile, compare_final);
}

size_t fire_events_bytes(const struct fire_events *events)
{
	size_t bytes =
		events->pile_count * sizeof(*events->piles) + events->names.arena.total_bytes;
	for (size_t i = 0; i < events->pile_count; i++) {
		bytes += events->piles[i].capacity * sizeof(*events->piles[i].items) +
			 events->piles[i].text.capacity;
	}
	return bytes;
}
