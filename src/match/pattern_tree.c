/* SPDX-License-Identifier: MIT */
#include "lineup/pattern_tree.h"

#include <string.h>

#define WEIGHT_MAX 1000000u

void byte_set_add_range(struct byte_set *s, unsigned first, unsigned last)
{
	for (unsigned byte = first; byte <= last && byte < 256; byte++)
		byte_set_add(s, byte);
}

void byte_set_join(struct byte_set *into, const struct byte_set *from)
{
	for (size_t i = 0; i < countof(into->words); i++)
		into->words[i] |= from->words[i];
}

void byte_set_invert(struct byte_set *s)
{
	for (size_t i = 0; i < countof(s->words); i++)
		s->words[i] = ~s->words[i];
}

/* Most words have a bit or two, and the compiler's own count is a call. */
int byte_set_count(const struct byte_set *s)
{
	int count = 0;
	for (size_t i = 0; i < countof(s->words); i++)
		for (uint64_t left = s->words[i]; left != 0; left &= left - 1)
			count++;
	return count;
}

int byte_set_first(const struct byte_set *s)
{
	for (int i = 0; i < 4; i++)
		if (s->words[i] != 0)
			return i * 64 + __builtin_ctzll(s->words[i]);
	return -1;
}

struct byte_set byte_set_line(void)
{
	struct byte_set s = { { 0 } };
	byte_set_invert(&s);
	s.words[0] &= ~(UINT64_C(1) << '\n');
	return s;
}

struct node *node_new(struct arena *a, enum node_kind kind)
{
	struct node *n = arena_alloc(a, 1, sizeof(*n));
	n->kind = kind;
	return n;
}

/* The shared node of this set; NULL: there is none. Nobody writes to it through this pointer. */
static struct node *shared_node(const struct byte_set *set)
{
	unsigned first = (unsigned)byte_set_first(set);
	const struct node *byte = &node_characters[first];
	if (memcmp(set, &byte->set, sizeof(*set)) == 0)
		return (struct node *)(uintptr_t)byte;
	if (first < 'A' || first > 'Z')
		return NULL;
	const struct node *letter = &node_characters[256 + (first - 'A')];
	return memcmp(set, &letter->set, sizeof(*set)) == 0 ? (struct node *)(uintptr_t)letter
							    : NULL;
}

struct node *node_set(struct arena *a, struct byte_set set)
{
	set.words[0] &= ~(UINT64_C(1) << '\n');
	if (byte_set_first(&set) < 0)
		return node_new(a, NODE_NEVER);
	struct node *n = shared_node(&set);
	if (n == NULL) {
		n = node_new(a, NODE_SET);
		n->set = set;
	}
	return n;
}

struct node *node_byte(struct arena *a, unsigned byte)
{
	if (byte == '\n')
		return node_new(a, NODE_NEVER);
	return (struct node *)(uintptr_t)&node_characters[byte];
}

void node_reserve(struct arena *a, struct node *n, size_t capacity)
{
	if (capacity <= n->capacity)
		return;
	struct node **items = arena_alloc(a, capacity, sizeof(struct node *));
	if (n->count > 0)
		memcpy(items, n->items, n->count * sizeof(struct node *));
	n->items = items;
	n->capacity = capacity;
}

void node_add(struct arena *a, struct node *parent, struct node *child)
{
	if (parent->count == parent->capacity)
		node_reserve(a, parent, size_max(4, parent->capacity * 2));
	parent->items[parent->count++] = child;
}

struct node *node_part(struct arena *a, const struct node *n, size_t from, size_t to)
{
	struct node *part = node_new(a, n->kind);
	node_reserve(a, part, to - from);
	if (to > from)
		memcpy(part->items, n->items + from, (to - from) * sizeof(struct node *));
	part->count = to - from;
	return part;
}

struct node *node_wrap(struct arena *a, enum node_kind kind, struct node *child)
{
	struct node *n = node_new(a, kind);
	node_add(a, n, child);
	return n;
}

struct node *node_repeat(struct arena *a, struct node *child, uint32_t min, uint32_t max)
{
	struct node *n = node_wrap(a, NODE_REPEAT, child);
	n->min = min;
	n->max = max;
	return n;
}

/* Does no way through the tree consume a byte? */
static bool is_zero_width(const struct node *n)
{
	if (n->kind == NODE_SET)
		return false;
	if (n->kind == NODE_AHEAD || n->kind == NODE_BEHIND)
		return true;
	for (size_t i = 0; i < n->count; i++)
		if (!is_zero_width(n->items[i]))
			return false;
	return true;
}

/* How many of the first items of a sequence or choice are simple, and stay as they are. */
static size_t count_simple(const struct node *n)
{
	size_t i = 0;
	while (i < n->count &&
		(n->items[i]->kind == NODE_SET || n->items[i]->kind == NODE_LINE_START ||
			n->items[i]->kind == NODE_LINE_END || n->items[i]->kind == NODE_WORD_EDGE))
		i++;
	return i;
}

static struct node *simplify_sequence(struct arena *a, struct node *n)
{
	size_t simple = count_simple(n);
	if (simple == n->count && simple > 1)
		return n;
	struct node *flat = node_part(a, n, 0, simple);
	for (size_t i = simple; i < n->count; i++) {
		struct node *item = tree_simplify(a, n->items[i]);
		if (item->kind == NODE_NEVER)
			return item;
		if (item->kind == NODE_EMPTY)
			continue;
		if (item->kind != NODE_SEQUENCE) {
			node_add(a, flat, item);
			continue;
		}
		for (size_t k = 0; k < item->count; k++)
			node_add(a, flat, item->items[k]);
	}
	if (flat->count == 0)
		return node_new(a, NODE_EMPTY);
	return flat->count == 1 ? flat->items[0] : flat;
}

static struct node *simplify_choice(struct arena *a, struct node *n)
{
	struct node *flat = node_new(a, NODE_CHOICE);
	node_reserve(a, flat, n->count);
	for (size_t i = 0; i < n->count; i++) {
		struct node *item = tree_simplify(a, n->items[i]);
		if (item->kind == NODE_NEVER)
			continue;
		if (item->kind != NODE_CHOICE) {
			node_add(a, flat, item);
			continue;
		}
		for (size_t k = 0; k < item->count; k++)
			node_add(a, flat, item->items[k]);
	}
	if (flat->count == 0)
		return node_new(a, NODE_NEVER);
	return flat->count == 1 ? flat->items[0] : flat;
}

static struct node *simplify_repeat(struct arena *a, struct node *n)
{
	struct node *child = tree_simplify(a, n->items[0]);
	if (n->max == 0 || child->kind == NODE_EMPTY)
		return node_new(a, NODE_EMPTY);
	if (child->kind == NODE_NEVER)
		return n->min == 0 ? node_new(a, NODE_EMPTY) : child;
	/* A test that may be left out asks nothing; made twice, it asks no more than once. */
	if (is_zero_width(child))
		return n->min == 0 ? node_new(a, NODE_EMPTY) : child;
	if (n->min == 1 && n->max == 1)
		return child;
	/* (x*)*, (x+)* and the like are x*. */
	if (child->kind == NODE_REPEAT && child->max == REPEAT_ENDLESS && child->min <= 1 &&
		n->max == REPEAT_ENDLESS && n->min <= 1)
		return node_repeat(a, child->items[0], child->min < n->min ? child->min : n->min,
			REPEAT_ENDLESS);
	return node_repeat(a, child, n->min, n->max);
}

struct node *tree_copy(struct arena *a, const struct node *n)
{
	if (node_is_character(n))
		return (struct node *)(uintptr_t)n;
	struct node *copy = node_new(a, n->kind);
	copy->min = n->min;
	copy->max = n->max;
	copy->set = n->set;
	copy->count = copy->capacity = n->count;
	if (n->count > 0)
		copy->items = arena_alloc(a, n->count, sizeof(struct node *));
	for (size_t i = 0; i < n->count; i++)
		copy->items[i] = tree_copy(a, n->items[i]);
	return copy;
}

bool tree_same(const struct node *a, const struct node *b)
{
	if (a == b)
		return true;
	if (node_is_character(a) || node_is_character(b))
		return false;
	bool same = a->kind == b->kind && a->count == b->count && a->min == b->min &&
		    a->max == b->max && memcmp(&a->set, &b->set, sizeof(a->set)) == 0;
	for (size_t i = 0; i < a->count && same; i++)
		same = tree_same(a->items[i], b->items[i]);
	return same;
}

void tree_merge_branches(struct node *choice)
{
	size_t kept = 0;
	for (size_t i = 0; i < choice->count; i++) {
		bool known = false;
		for (size_t k = 0; k < kept && !known; k++)
			known = tree_same(choice->items[k], choice->items[i]);
		if (!known)
			choice->items[kept++] = choice->items[i];
	}
	choice->count = kept;
}

struct node *tree_simplify(struct arena *a, struct node *n)
{
	switch (n->kind) {
	case NODE_SEQUENCE:
		return simplify_sequence(a, n);
	case NODE_CHOICE:
		return simplify_choice(a, n);
	case NODE_REPEAT:
		return simplify_repeat(a, n);
	case NODE_AHEAD:
	case NODE_BEHIND: {
		struct node *child = tree_simplify(a, n->items[0]);
		if (child->kind == NODE_NEVER || child->kind == NODE_EMPTY)
			return child;
		return node_wrap(a, n->kind, child);
	}
	default:
		return n;
	}
}

/* All unions of one condition of each side. */
static unsigned both(unsigned left, unsigned right)
{
	unsigned result = 0;
	for (unsigned l = 0; l < 8; l++)
		for (unsigned r = 0; r < 8; r++)
			if ((left >> l & 1) != 0 && (right >> r & 1) != 0)
				result |= 1u << (l | r);
	return result;
}

unsigned tree_nullable(const struct node *n)
{
	unsigned result = 0;
	switch (n->kind) {
	case NODE_EMPTY:
		return 1u << 0;
	case NODE_LINE_START:
		return 1u << NULLABLE_AT_START;
	case NODE_LINE_END:
		return 1u << NULLABLE_AT_END;
	case NODE_WORD_EDGE:
	case NODE_NO_WORD_EDGE:
	case NODE_AHEAD:
	case NODE_BEHIND:
		return 1u << NULLABLE_AT_WORD;
	case NODE_SEQUENCE:
		result = 1u << 0;
		for (size_t i = 0; i < n->count && result != 0; i++)
			result = both(result, tree_nullable(n->items[i]));
		return result;
	case NODE_CHOICE:
		for (size_t i = 0; i < n->count; i++)
			result |= tree_nullable(n->items[i]);
		return result;
	case NODE_REPEAT:
		result = tree_nullable(n->items[0]);
		return n->min == 0 ? result | 1u << 0 : result;
	default:
		return 0;
	}
}

uint32_t tree_weight(const struct node *n)
{
	uint64_t weight = 1;
	for (size_t i = 0; i < n->count; i++)
		weight += tree_weight(n->items[i]);
	if (n->kind == NODE_REPEAT) {
		uint64_t times = n->max != REPEAT_ENDLESS ? n->max : n->min + UINT64_C(1);
		weight *= times;
	}
	return weight > WEIGHT_MAX ? WEIGHT_MAX : (uint32_t)weight;
}
