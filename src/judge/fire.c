/* SPDX-License-Identifier: MIT */
#include "lineup/fire.h"

#include <stdlib.h>

#include "lineup/mem.h"

#define SLOTS_MAX (2 * RULE_TERMS_MAX) /* one a term, positive and negative */

/*
 * The events of one slot in order, and which of them are used up: `after` leads from a place to the
 * first at or behind it that is not, over shortcuts that are made as they are walked.
 */
struct queue {
	const struct fire_event **events;
	size_t *after;
	size_t count;
};

/* One rule and the events of one key on one clock. */
struct bout {
	const struct rule *rule;
	struct queue queues[SLOTS_MAX];
	uint32_t slots[RULE_TERMS_MAX]; /* of each positive term */
	uint32_t negative_slots[RULE_TERMS_MAX];
	bool *given_up[RULE_TERMS_MAX]; /* of a sequence: by term and place in its queue; or NULL */
	const struct fire_event *taken[RULE_TERMS_MAX]; /* what each term takes */
	size_t taken_at[RULE_TERMS_MAX];		/* its place in the queue */
	size_t first; /* of a sequence: where its first term starts to look */
	bool undated;
};

struct run {
	struct fires *fires;
	struct fire_events *events;
	const struct fire_pile *pile;
	uint32_t rule_index;
};

/* Undated lines are all at one time. */
static int64_t time_of(const struct fire_event *e)
{
	return e->time_ns == TIME_NONE ? 0 : e->time_ns;
}

static int64_t add_times(int64_t a, int64_t b)
{
	int64_t sum;
	if (__builtin_add_overflow(a, b, &sum))
		return b < 0 ? INT64_MIN + 1 : INT64_MAX;
	return sum;
}

static int64_t between(int64_t first, int64_t last)
{
	int64_t span;
	return __builtin_sub_overflow(last, first, &span) ? INT64_MAX : span;
}

static bool same_line(const struct fire_event *a, const struct fire_event *b)
{
	return a->line == b->line && a->sequence == b->sequence && a->input == b->input;
}

static int compare_taken(const void *left, const void *right)
{
	const struct fire_event *a = *(const struct fire_event *const *)left;
	const struct fire_event *b = *(const struct fire_event *const *)right;
	int64_t a_time = time_of(a);
	int64_t b_time = time_of(b);
	if (a_time != b_time)
		return a_time < b_time ? -1 : 1;
	if (a->input != b->input)
		return a->input < b->input ? -1 : 1;
	if (a->sequence != b->sequence)
		return a->sequence < b->sequence ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->slot < b->slot ? -1 : a->slot > b->slot;
}

/* --- taking lines --- */

/* The first place at or behind `at` that is not used up. */
static size_t unused_from(struct queue *q, size_t at)
{
	while (at < q->count && q->after[at] != at) {
		size_t next = q->after[at];
		if (next < q->count)
			q->after[at] = q->after[next];
		at = next;
	}
	return at;
}

static void use_up(struct queue *q, size_t at)
{
	q->after[at] = at + 1;
}

/* A set: each term the oldest line not used up; copies of a term one after the other. */
static bool take_set(struct bout *b)
{
	size_t behind[SLOTS_MAX] = { 0 }; /* first place of the queue that no copy has taken */
	for (size_t i = 0; i < b->rule->term_count; i++) {
		uint32_t slot = b->slots[i];
		struct queue *q = &b->queues[slot];
		size_t at = unused_from(q, behind[slot]);
		if (at >= q->count)
			return false;
		b->taken[i] = q->events[at];
		b->taken_at[i] = at;
		behind[slot] = at + 1;
	}
	return true;
}

static bool comes_before(
	const struct bout *b, const struct fire_event *e, const struct fire_event *earlier)
{
	return b->undated ? e->line <= earlier->line : time_of(e) < time_of(earlier);
}

/* The first place of the queue that does not come before the line. */
static size_t place_from(const struct bout *b, const struct queue *q, const struct fire_event *line)
{
	size_t low = 0;
	size_t high = q->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (comes_before(b, q->events[middle], line))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Is the line taken by a term before? Only lines of the same time can be. */
static bool is_taken(const struct bout *b, size_t term, const struct fire_event *e)
{
	for (size_t i = term; i > 0 && time_of(b->taken[i - 1]) == time_of(e); i--) {
		if (same_line(b->taken[i - 1], e))
			return true;
	}
	return false;
}

/* A sequence: each term the oldest line that is not before the last one, nor taken already. */
static bool take_sequence(struct bout *b)
{
	for (size_t i = 0; i < b->rule->term_count; i++) {
		struct queue *q = &b->queues[b->slots[i]];
		size_t at = unused_from(q, i == 0 ? b->first : place_from(b, q, b->taken[i - 1]));
		while (at < q->count && ((b->given_up[i] != NULL && b->given_up[i][at]) ||
						is_taken(b, i, q->events[at])))
			at = unused_from(q, at + 1);
		if (at >= q->count)
			return false;
		b->taken[i] = q->events[at];
		b->taken_at[i] = at;
	}
	return true;
}

/* --- deciding --- */

static bool any_within(const struct queue *q, int64_t from_ns, int64_t to_ns)
{
	size_t low = 0;
	size_t high = q->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (time_of(q->events[middle]) < from_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low < q->count && time_of(q->events[low]) <= to_ns;
}

/* The positive match in order of time; a sequence is in its own order already. */
static void order_match(const struct bout *b, const struct fire_event **ordered)
{
	memcpy(ordered, b->taken, b->rule->term_count * sizeof(*ordered));
	if (b->rule->form == RULE_SET)
		qsort(ordered, b->rule->term_count, sizeof(*ordered), compare_taken);
}

/* The line that a negative match takes away (its anchor), or NULL. */
static const struct fire_event *negated(const struct bout *b, const struct fire_event **ordered)
{
	size_t count = b->rule->term_count;
	int64_t length = between(time_of(ordered[0]), time_of(ordered[count - 1]));
	for (size_t i = 0; i < b->rule->negative_count; i++) {
		const struct rule_negative *n = &b->rule->negatives[i];
		size_t anchor = n->anchor == 0 ? 0 : size_min(n->anchor, count) - 1;
		int64_t span = n->absolute ? n->window_ns : add_times(length, n->window_ns);
		int64_t from = add_times(time_of(ordered[anchor]), n->slide_ns);
		int64_t to = add_times(from, i64_max(span, 0));
		if (any_within(&b->queues[b->negative_slots[i]], from, to))
			return ordered[anchor];
	}
	return NULL;
}

/* The term that has taken this event gives it up; in a sequence, for its own place alone. */
static void give_up(struct bout *b, const struct fire_event *e)
{
	size_t i = 0;
	while (b->taken[i] != e)
		i++;
	struct queue *q = &b->queues[b->slots[i]];
	if (b->rule->form == RULE_SET) {
		use_up(q, b->taken_at[i]);
	} else if (i == 0) {
		b->first = b->taken_at[0] + 1;
	} else {
		if (b->given_up[i] == NULL)
			b->given_up[i] = mem_zalloc(q->count, sizeof(*b->given_up[i]));
		b->given_up[i][b->taken_at[i]] = true;
	}
}

static size_t keep_lines(struct run *run, const struct bout *b, const struct fire_event **ordered,
	const struct fire_line **out)
{
	struct fire_line *lines =
		arena_alloc(&run->fires->arena, b->rule->term_count, sizeof(*lines));
	size_t count = 0;
	bool seen[SLOTS_MAX] = { false };
	for (size_t i = 0; i < b->rule->term_count; i++) {
		const struct fire_event *e = ordered[i];
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
	struct run *run, const struct bout *b, const struct fire_event **ordered, size_t number)
{
	const struct fire_event *first = ordered[0];
	const struct fire_event *last = ordered[b->rule->term_count - 1];
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
		fire->line_count = keep_lines(run, b, ordered, &fire->lines);
}

/* Every round uses up or gives up a line, so this ends. */
static void decide(struct run *run, struct bout *b)
{
	const struct fire_event *ordered[RULE_TERMS_MAX];
	const struct rule *rule = b->rule;
	size_t number = 0;
	while (rule->form == RULE_SET ? take_set(b) : take_sequence(b)) {
		order_match(b, ordered);
		int64_t first = time_of(ordered[0]);
		int64_t last = time_of(ordered[rule->term_count - 1]);
		const struct fire_event *lost = NULL;
		if (rule->window_ns > 0 && between(first, last) > rule->window_ns)
			lost = ordered[0];
		else
			lost = negated(b, ordered);
		if (lost != NULL) {
			give_up(b, lost);
			continue;
		}
		add_fire(run, b, ordered, number++);
		for (size_t i = 0; i < rule->term_count; i++)
			use_up(&b->queues[b->slots[i]], b->taken_at[i]);
	}
}

/* Sorts the events of one group into the queues of their slots. */
static void fight(struct run *run, struct bout *b, const struct fire_event *events, size_t count)
{
	const struct fire_event **places = mem_alloc(count * sizeof(*places));
	size_t *after = mem_alloc(count * sizeof(*after));
	size_t slot_count = b->rule->term_count + b->rule->negative_count;
	for (size_t slot = 0; slot < slot_count; slot++)
		b->queues[slot] = (struct queue){ 0 };
	for (size_t i = 0; i < count; i++)
		b->queues[events[i].slot].count++;
	size_t at = 0;
	for (size_t slot = 0; slot < slot_count; slot++) {
		b->queues[slot].events = places + at;
		b->queues[slot].after = after + at;
		at += b->queues[slot].count;
		b->queues[slot].count = 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct queue *q = &b->queues[events[i].slot];
		/* One line is there once, should it have been added twice. */
		if (q->count > 0 && same_line(q->events[q->count - 1], &events[i]))
			continue;
		q->after[q->count] = q->count;
		q->events[q->count++] = &events[i];
	}
	b->first = 0;
	b->undated = events[0].time_ns == TIME_NONE;
	decide(run, b);
	for (size_t i = 0; i < b->rule->term_count; i++) {
		free(b->given_up[i]);
		b->given_up[i] = NULL;
	}
	free(places);
	free(after);
}

static bool same_group(const struct fire_event *a, const struct fire_event *b)
{
	if (a->key != b->key || (a->time_ns == TIME_NONE) != (b->time_ns == TIME_NONE))
		return false;
	return a->time_ns != TIME_NONE || (a->input == b->input && a->sequence == b->sequence);
}

static void run_rule(struct run *run, const struct rule *rule)
{
	struct bout bout = { .rule = rule };
	const struct fire_pile *pile = run->pile;
	for (size_t i = 0; i < rule->term_count; i++)
		bout.slots[i] = fire_slot(rule, rule->terms[i]);
	for (size_t i = 0; i < rule->negative_count; i++)
		bout.negative_slots[i] = fire_slot(rule, rule->negatives[i].term);
	for (size_t from = 0, to; from < pile->count; from = to) {
		for (to = from + 1; to < pile->count; to++) {
			if (!same_group(&pile->items[from], &pile->items[to]))
				break;
		}
		fight(run, &bout, &pile->items[from], to - from);
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
