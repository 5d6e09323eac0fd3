/* SPDX-License-Identifier: MIT */
#include "lineup/fire.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "src/findings/fire_bout.h"

struct run {
	struct fires *fires;
	struct fire_events *events;
	const struct fire_pile *pile;
	uint32_t rule_index;
};

static size_t keep_lines(struct run *run, const struct rule *rule, const struct fire_event **match,
	const struct fire_line **out)
{
	struct fire_line *lines = arena_alloc(&run->fires->arena, rule->term_count, sizeof(*lines));
	size_t count = 0;
	bool seen[SLOTS_MAX] = { false };
	for (size_t i = 0; i < rule->term_count; i++) {
		const struct fire_event *e = match[i];
		if (seen[e->slot])
			continue;
		seen[e->slot] = true;
		lines[count++] = (struct fire_line){
			.time_ns = e->time_ns,
			.input = e->input,
			.sequence = e->sequence,
			.line = e->line,
			.offset = e->offset,
			.place = arena_copy(
				&run->fires->arena, intern_name(&run->events->names, e->place)),
			.text = arena_copy(&run->fires->arena,
				str_of(run->pile->text.ptr + e->text_at, e->text_len)),
		};
	}
	*out = lines;
	return count;
}

static void add_fire(
	struct run *run, const struct rule *rule, const struct fire_event **match, size_t number)
{
	const struct fire_event *first = match[0];
	const struct fire_event *last = match[rule->term_count - 1];
	struct fires *fires = run->fires;
	mem_grow(&fires->items, fires->count, &fires->capacity);
	struct fire *fire = &fires->items[fires->count++];
	*fire = (struct fire){
		.rule = run->rule_index,
		.service = intern_name(&run->events->names, first->service),
		.first_ns = first->time_ns,
		.last_ns = last->time_ns,
		.key = first->key,
		.input = first->input,
		.sequence = first->sequence,
		.line = first->line,
	};
	if (number < FIRES_WITH_LINES)
		fire->line_count = keep_lines(run, rule, match, &fire->lines);
}

static bool same_group(const struct fire_event *a, const struct fire_event *b)
{
	if (a->key != b->key || (a->time_ns == TIME_NONE) != (b->time_ns == TIME_NONE))
		return false;
	return a->time_ns != TIME_NONE || (a->input == b->input && a->sequence == b->sequence);
}

static void run_rule(struct run *run, const struct rule *rule)
{
	struct bout bout;
	const struct fire_pile *pile = run->pile;
	bout_init(&bout, rule);
	for (size_t from = 0, to; from < pile->count; from = to) {
		const struct fire_event *match[RULE_TERMS_MAX];
		for (to = from + 1; to < pile->count; to++) {
			if (!same_group(&pile->items[from], &pile->items[to]))
				break;
		}
		bout_begin(&bout, &pile->items[from], to - from);
		for (size_t number = 0; bout_next(&bout, match); number++)
			add_fire(run, rule, match, number);
		bout_end(&bout);
	}
}

static int compare_fires(const void *left, const void *right)
{
	const struct fire *a = left;
	const struct fire *b = right;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	int order = str_compare(a->service, b->service);
	if (order != 0)
		return order;
	if (a->first_ns != b->first_ns)
		return a->first_ns < b->first_ns ? -1 : 1;
	if (a->input != b->input)
		return a->input < b->input ? -1 : 1;
	if (a->sequence != b->sequence)
		return a->sequence < b->sequence ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->last_ns != b->last_ns)
		return a->last_ns < b->last_ns ? -1 : 1;
	return (a->key > b->key) - (a->key < b->key);
}

/* Service names move from the collector to the fires, which outlive it: once a run of equals. */
static void own_services(struct fires *fires)
{
	struct str before = STR_NONE;
	for (size_t i = 0; i < fires->count; i++) {
		struct fire *fire = &fires->items[i];
		if (i == 0 || !str_equal(before, fire->service))
			before = arena_copy(&fires->arena, fire->service);
		fire->service = before;
	}
}

void fire_run(struct fires *fires, const struct rule_set *rules, struct fire_events *events)
{
	*fires = (struct fires){ 0 };
	for (size_t i = 0; i < events->pile_count; i++) {
		const struct rule *rule = &rules->rules[i];
		struct fire_pile *pile = &events->piles[i];
		if (pile->count == 0)
			continue;
		fire_pile_finish(events, rule, i);
		fires->events_dropped += pile->seen - pile->count;
		fires->rules_limited += pile->seen > pile->count;
		struct run run = {
			.fires = fires,
			.events = events,
			.pile = pile,
			.rule_index = (uint32_t)i,
		};
		run_rule(&run, rule);
	}
	if (fires->count > 1)
		qsort(fires->items, fires->count, sizeof(*fires->items), compare_fires);
	own_services(fires);
}

void fires_release(struct fires *fires)
{
	arena_release(&fires->arena);
	free(fires->items);
	*fires = (struct fires){ 0 };
}
