/* SPDX-License-Identifier: MIT */
#include "src/findings/fire_bout.h"

#include <stdlib.h>

#include "lineup/mem.h"

/* Undated lines are at their time since boot, or else all at one time. */
static int64_t time_of(const struct fire_event *e)
{
	return e->time_ns == TIME_NONE ? e->uptime_ns : e->time_ns;
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

/* Every round uses up or gives up a line, so this ends. */
bool bout_next(struct bout *b, const struct fire_event *match[RULE_TERMS_MAX])
{
	const struct rule *rule = b->rule;
	while (rule->form == RULE_SET ? take_set(b) : take_sequence(b)) {
		order_match(b, match);
		int64_t first = time_of(match[0]);
		int64_t last = time_of(match[rule->term_count - 1]);
		const struct fire_event *lost = NULL;
		if (rule->window_ns > 0 && between(first, last) > rule->window_ns)
			lost = match[0];
		else
			lost = negated(b, match);
		if (lost != NULL) {
			give_up(b, lost);
			continue;
		}
		for (size_t i = 0; i < rule->term_count; i++)
			use_up(&b->queues[b->slots[i]], b->taken_at[i]);
		return true;
	}
	return false;
}

/* --- the events of a key --- */

void bout_init(struct bout *b, const struct rule *rule)
{
	*b = (struct bout){ .rule = rule };
	for (size_t i = 0; i < rule->term_count; i++)
		b->slots[i] = fire_slot(rule, rule->terms[i]);
	for (size_t i = 0; i < rule->negative_count; i++)
		b->negative_slots[i] = fire_slot(rule, rule->negatives[i].term);
}

/* Sorts the events into the queues of their slots. */
void bout_begin(struct bout *b, const struct fire_event *events, size_t count)
{
	size_t slot_count = b->rule->term_count + b->rule->negative_count;
	b->places = mem_alloc(count * sizeof(*b->places));
	b->after = mem_alloc(count * sizeof(*b->after));
	for (size_t slot = 0; slot < slot_count; slot++)
		b->queues[slot] = (struct queue){ 0 };
	for (size_t i = 0; i < count; i++)
		b->queues[events[i].slot].count++;
	size_t at = 0;
	for (size_t slot = 0; slot < slot_count; slot++) {
		b->queues[slot].events = b->places + at;
		b->queues[slot].after = b->after + at;
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
}

void bout_end(struct bout *b)
{
	for (size_t i = 0; i < b->rule->term_count; i++) {
		free(b->given_up[i]);
		b->given_up[i] = NULL;
	}
	free(b->places);
	free(b->after);
}
