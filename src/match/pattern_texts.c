/* SPDX-License-Identifier: MIT */
#include "src/match/pattern_texts.h"

#include <string.h>

#define SET_MAX 4

void text_spell(struct spelt *s, struct node *const *characters, size_t count)
{
	s->len = count;
	s->either = false;
	for (size_t i = 0; i < count; i++) {
		s->small[i] = (char)node_small(characters[i]);
		s->great[i] = (char)node_great(characters[i]);
		s->either |= s->small[i] != s->great[i];
	}
}

static void add_text(struct arena *arena, struct texts *t, struct node *text)
{
	if ((t->count & (t->count - 1)) == 0) {
		struct node **items = arena_alloc(arena, size_max(2 * t->count, 1), sizeof(*items));
		if (t->count > 0)
			memcpy(items, t->items, t->count * sizeof(*items));
		t->items = items;
	}
	t->items[t->count++] = text;
}

struct texts texts_empty(struct arena *arena)
{
	struct texts t = { .count = 0 };
	add_text(arena, &t, node_new(arena, NODE_SEQUENCE));
	return t;
}

static struct node *joined(struct arena *arena, const struct node *a, const struct node *b)
{
	struct node *n = node_new(arena, NODE_SEQUENCE);
	node_reserve(arena, n, a->count + b->count);
	for (size_t i = 0; i < a->count; i++)
		node_add(arena, n, a->items[i]);
	for (size_t i = 0; i < b->count; i++)
		node_add(arena, n, b->items[i]);
	return n;
}

struct texts texts_joined(
	struct arena *arena, const struct texts *t, const struct texts *behind, size_t max)
{
	struct texts longer = { .count = 0 };
	if (t->count * behind->count > max)
		return longer;
	for (size_t i = 0; i < t->count; i++)
		for (size_t k = 0; k < behind->count; k++)
			add_text(arena, &longer, joined(arena, t->items[i], behind->items[k]));
	return longer;
}

bool texts_extend(struct arena *arena, struct texts *t, const struct texts *behind)
{
	if (t->count == 1 && behind->count == 1) {
		for (size_t i = 0; i < behind->items[0]->count; i++)
			node_add(arena, t->items[0], behind->items[0]->items[i]);
		return true;
	}
	struct texts longer = texts_joined(arena, t, behind, TEXTS_MAX);
	if (longer.count > 0)
		*t = longer;
	return longer.count > 0;
}

bool texts_extend_character(struct arena *arena, struct texts *t, struct node *character)
{
	if (t->count != 1 || !node_is_character(character))
		return false;
	node_add(arena, t->items[0], character);
	return true;
}

static struct texts texts_of_set(struct arena *arena, const struct node *n)
{
	struct texts t = { .count = 0 };
	if (node_is_character(n)) {
		add_text(arena, &t, node_wrap(arena, NODE_SEQUENCE, node_set(arena, n->set)));
		return t;
	}
	if (byte_set_count(&n->set) > SET_MAX)
		return t;
	for (unsigned byte = 0; byte < 256; byte++) {
		if (byte_set_has(&n->set, byte))
			add_text(
				arena, &t, node_wrap(arena, NODE_SEQUENCE, node_byte(arena, byte)));
	}
	return t;
}

static struct texts texts_of_choice(struct arena *arena, const struct node *n)
{
	struct texts t = { .count = 0 };
	for (size_t i = 0; i < n->count; i++) {
		struct texts branch = texts_of(arena, n->items[i]);
		if (branch.count == 0 || t.count + branch.count > TEXTS_MAX)
			return (struct texts){ .count = 0 };
		for (size_t k = 0; k < branch.count; k++)
			add_text(arena, &t, branch.items[k]);
	}
	return t;
}

/* Of a repeat that is optional, or of a fixed small number. */
static struct texts texts_of_repeat(struct arena *arena, const struct node *n)
{
	struct texts t = { .count = 0 };
	if (n->min != 0 || n->max != 1)
		return t;
	t = texts_of(arena, n->items[0]);
	if (t.count > 0 && t.count < TEXTS_MAX)
		add_text(arena, &t, node_new(arena, NODE_SEQUENCE));
	else
		t.count = 0;
	return t;
}

struct texts texts_of(struct arena *arena, const struct node *n)
{
	switch (n->kind) {
	case NODE_EMPTY:
		return texts_empty(arena);
	case NODE_SET:
		return texts_of_set(arena, n);
	case NODE_CHOICE:
		return texts_of_choice(arena, n);
	case NODE_REPEAT:
		return texts_of_repeat(arena, n);
	case NODE_SEQUENCE: {
		struct texts t = texts_empty(arena);
		for (size_t i = 0; i < n->count && t.count > 0; i++) {
			if (texts_extend_character(arena, &t, n->items[i]))
				continue;
			struct texts item = texts_of(arena, n->items[i]);
			if (!texts_extend(arena, &t, &item))
				t.count = 0;
		}
		return t;
	}
	default:
		return (struct texts){ .count = 0 };
	}
}

/* --- what a match begins or ends with --- */

static struct texts texts_at(struct arena *, const struct node *, size_t max, bool end);

static struct texts texts_at_sequence(
	struct arena *arena, const struct node *n, size_t max, bool end)
{
	struct texts t = texts_empty(arena);
	bool whole = true;
	for (size_t i = 0; i < n->count && whole; i++) {
		const struct node *item = n->items[end ? n->count - 1 - i : i];
		struct texts more = texts_of(arena, item);
		whole = more.count > 0 && more.count * t.count <= max;
		if (!whole)
			more = texts_at(arena, item, max / t.count, end);
		struct texts longer = texts_joined(arena, end ? &more : &t, end ? &t : &more, max);
		if (longer.count == 0)
			break;
		t = longer;
	}
	return t;
}

static struct texts texts_at_choice(struct arena *arena, const struct node *n, size_t max, bool end)
{
	struct texts t = { .count = 0 };
	for (size_t i = 0; i < n->count && max >= n->count; i++) {
		struct texts branch = texts_at(arena, n->items[i], max / n->count, end);
		if (branch.count == 0)
			return branch;
		for (size_t k = 0; k < branch.count; k++)
			add_text(arena, &t, branch.items[k]);
	}
	return t;
}

static struct texts texts_at(struct arena *arena, const struct node *n, size_t max, bool end)
{
	struct texts none = { .count = 0 };
	struct texts all = texts_of(arena, n);
	if (all.count > 0 && all.count <= max)
		return all;
	switch (n->kind) {
	case NODE_SEQUENCE:
		return texts_at_sequence(arena, n, max, end);
	case NODE_CHOICE:
		return texts_at_choice(arena, n, max, end);
	case NODE_REPEAT:
		return n->min > 0 ? texts_at(arena, n->items[0], max, end) : none;
	default:
		return none;
	}
}

struct texts texts_at_start(struct arena *arena, const struct node *n, size_t max)
{
	return texts_at(arena, n, max, false);
}

struct texts texts_at_end(struct arena *arena, const struct node *n, size_t max)
{
	return texts_at(arena, n, max, true);
}
