/* SPDX-License-Identifier: MIT */
/*
 * Hyperscan looks for all texts at once by their last eight characters; whatever stands before is
 * compared when these are found. So a text is as good as its last eight characters are rare, and a
 * text is cut behind its rarest eight. How rare they are is judged by the threes of characters in
 * them: what is in everyday lines, and what many patterns ask for, is common.
 */
#include "lineup/pattern_key.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"

#define MODEL_SLOTS ((size_t)1 << 16)
#define KEY_TAIL    8 /* characters that Hyperscan looks for */
#define KEY_LEN_MIN 4
#define KEY_LEN_MAX 64
#define KEYS_MAX    32 /* of an alternative */
#define TEXTS_MAX   16 /* that a stretch of a pattern may stand for */
#define SET_MAX	    4

/*
 * In bits of rarity. Measured with the built-in rules and 10,000 made ones: a lower WORTH_BITS changes
 * nothing, a higher one leaves patterns whole, which is far slower; texts are cheap; without
 * SHARE_BITS thousands of patterns of the same few words are all confirmed at each of these.
 */
#define WORTH_BITS  10.0
#define SPREAD_BITS 2.0
#define DIGIT_BITS  2.0 /* one digit is rarer than any */
#define SHARE_BITS  4.0 /* twice as many patterns are confirmed where the text is found */

/* --- the model --- */

/* One digit for all: numbers are everywhere. */
static unsigned folded(unsigned c)
{
	return c >= '0' && c <= '9' ? '0' : c;
}

static size_t slot_of(unsigned a, unsigned b, unsigned c)
{
	uint32_t key = folded(a) << 16 | folded(b) << 8 | folded(c);
	return (size_t)(key * UINT32_C(0x9e3779b1) >> 16);
}

void key_model_add(struct key_model *m, struct str text, uint32_t weight)
{
	if (m->counts == NULL)
		m->counts = mem_zalloc(MODEL_SLOTS, sizeof(*m->counts));
	for (size_t i = 2; i < text.len; i++) {
		m->counts[slot_of((unsigned char)text.ptr[i - 2], (unsigned char)text.ptr[i - 1],
			(unsigned char)text.ptr[i])] += weight;
		m->total += weight;
	}
}

void key_model_release(struct key_model *m)
{
	free(m->counts);
	free(m->tails);
	*m = (struct key_model){ 0 };
}

/* The character of a set of one; of a letter of either case the small one. */
static unsigned character_of(const struct node *n)
{
	unsigned first = (unsigned)byte_set_first(&n->set);
	return byte_set_count(&n->set) > 1 ? first | 0x20u : first;
}

static size_t tail_slot(struct node *const *items, size_t count)
{
	uint64_t hash = count;
	for (size_t i = 0; i < count; i++)
		hash = (hash ^ character_of(items[i])) * UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(hash >> 48);
}

static double bits_of(const struct key_model *m, unsigned a, unsigned b, unsigned c)
{
	double count = m->counts == NULL ? 0 : m->counts[slot_of(a, b, c)];
	return log2(((double)m->total + (double)MODEL_SLOTS) / (count + 1));
}

/* --- finite texts --- */

/* A text is a sequence of sets of one byte, or of the two cases of a letter. */
struct texts {
	struct node **items; /* sequences */
	size_t count;
};

static bool is_character(const struct node *n)
{
	if (n->kind != NODE_SET)
		return false;
	int count = byte_set_count(&n->set);
	unsigned first = (unsigned)byte_set_first(&n->set);
	return count == 1 ||
	       (count == 2 && first >= 'A' && first <= 'Z' && byte_set_has(&n->set, first | 0x20u));
}

static struct texts texts_of(struct arena *arena, const struct node *n);

static void add_text(struct arena *arena, struct texts *t, struct node *text)
{
	if (t->items == NULL)
		t->items = arena_alloc(arena, TEXTS_MAX, sizeof(struct node *));
	t->items[t->count++] = text;
}

static struct node *joined(struct arena *arena, const struct node *a, const struct node *b)
{
	struct node *n = node_new(arena, NODE_SEQUENCE);
	for (size_t i = 0; i < a->count; i++)
		node_add(arena, n, a->items[i]);
	for (size_t i = 0; i < b->count; i++)
		node_add(arena, n, b->items[i]);
	return n;
}

/*
 * Puts each text of the other behind each of these; false when that makes too many, or the other
 * has none.
 */
static bool extend(struct arena *arena, struct texts *t, const struct texts *other)
{
	if (other->count == 0 || t->count * other->count > TEXTS_MAX)
		return false;
	if (other->count == 1) {
		for (size_t i = 0; i < t->count; i++)
			for (size_t k = 0; k < other->items[0]->count; k++)
				node_add(arena, t->items[i], other->items[0]->items[k]);
		return true;
	}
	struct texts longer = { .count = 0 };
	for (size_t i = 0; i < t->count; i++)
		for (size_t k = 0; k < other->count; k++)
			add_text(arena, &longer, joined(arena, t->items[i], other->items[k]));
	*t = longer;
	return true;
}

static struct texts texts_of_set(struct arena *arena, const struct node *n)
{
	struct texts t = { .count = 0 };
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

/* All texts that the tree stands for, when they are few; else none. */
static struct texts texts_of(struct arena *arena, const struct node *n)
{
	struct texts t = { .count = 0 };
	switch (n->kind) {
	case NODE_EMPTY:
		add_text(arena, &t, node_new(arena, NODE_SEQUENCE));
		return t;
	case NODE_SET:
		if (!is_character(n))
			return texts_of_set(arena, n);
		add_text(arena, &t, node_wrap(arena, NODE_SEQUENCE, node_set(arena, n->set)));
		return t;
	case NODE_CHOICE:
		return texts_of_choice(arena, n);
	case NODE_REPEAT:
		if (n->min != 0 || n->max != 1)
			return t;
		t = texts_of(arena, n->items[0]);
		if (t.count > 0 && t.count < TEXTS_MAX)
			add_text(arena, &t, node_new(arena, NODE_SEQUENCE));
		else
			t.count = 0;
		return t;
	case NODE_SEQUENCE:
		add_text(arena, &t, node_new(arena, NODE_SEQUENCE));
		for (size_t i = 0; i < n->count; i++) {
			struct texts item = texts_of(arena, n->items[i]);
			if (!extend(arena, &t, &item))
				return (struct texts){ .count = 0 };
		}
		return t;
	default:
		return t;
	}
}

/* --- keys --- */

struct key {
	struct node *tree; /* NULL: there is none */
	double bits;	   /* the higher, the rarer */
	size_t texts;
};

static const struct key no_key = { .tree = NULL };

static double bits_of_window(const struct key_model *m, struct node *const *items, size_t count)
{
	double bits = 0;
	for (size_t i = 0; i < count; i++) {
		unsigned c = character_of(items[i]);
		if (c >= '0' && c <= '9')
			bits += DIGIT_BITS;
		if (i >= 2)
			bits += bits_of(
				m, character_of(items[i - 2]), character_of(items[i - 1]), c);
	}
	uint32_t sharers = m->tails == NULL ? 0 : m->tails[tail_slot(items, count)];
	return sharers > 1 ? bits - SHARE_BITS * log2(sharers) : bits;
}

/* A text cut behind its rarest eight. */
static struct key key_of_text(
	struct arena *arena, const struct key_model *m, const struct node *text)
{
	struct key best = no_key;
	size_t best_end = 0;
	for (size_t end = size_min(text->count, KEY_TAIL); end <= text->count; end++) {
		size_t width = size_min(end, KEY_TAIL);
		double bits = bits_of_window(m, text->items + end - width, width);
		if (bits > best.bits) {
			best.bits = bits;
			best_end = end;
		}
	}
	if (best_end < KEY_LEN_MIN)
		return no_key;
	best.tree = node_new(arena, NODE_SEQUENCE);
	best.texts = 1;
	for (size_t i = best_end > KEY_LEN_MAX ? best_end - KEY_LEN_MAX : 0; i < best_end; i++)
		node_add(arena, best.tree, text->items[i]);
	return best;
}

static struct key key_of(struct arena *arena, const struct node *n, const struct key_model *m);

static double worth(const struct key *k)
{
	return k->tree == NULL ? -1 : k->bits - SPREAD_BITS * log2((double)k->texts);
}

static void take_better(struct key *best, struct key other)
{
	if (worth(&other) > worth(best))
		*best = other;
}

static void join_keys(struct arena *arena, struct key *all, struct key one)
{
	if (all->tree == NULL)
		return;
	if (one.tree == NULL || all->texts + one.texts > KEYS_MAX) {
		*all = no_key;
		return;
	}
	node_add(arena, all->tree, one.tree);
	all->bits = fmin(all->bits, one.bits);
	all->texts += one.texts;
}

static struct key no_keys_yet(struct arena *arena)
{
	return (struct key){ .tree = node_new(arena, NODE_CHOICE), .bits = INFINITY };
}

static bool same_text(const struct node *a, const struct node *b)
{
	bool same = a->count == b->count;
	for (size_t i = 0; i < a->count && same; i++)
		same = memcmp(&a->items[i]->set, &b->items[i]->set, sizeof(a->items[i]->set)) == 0;
	return same;
}

static struct key key_of_texts(
	struct arena *arena, const struct key_model *m, const struct texts *t)
{
	struct key all = no_keys_yet(arena);
	for (size_t i = 0; i < t->count; i++) {
		struct key one = key_of_text(arena, m, t->items[i]);
		bool known = false;
		for (size_t k = 0; all.tree != NULL && one.tree != NULL && k < all.texts; k++)
			known = known || same_text(all.tree->items[k], one.tree);
		if (!known)
			join_keys(arena, &all, one);
	}
	return t->count == 0 ? no_key : all;
}

/*
 * The stretch from `start` on that stands for few texts, as long as it can be; returns where the
 * next one may start: behind its first item that stands for several, or behind it.
 */
static size_t next_stretch(
	struct arena *arena, const struct node *n, size_t start, struct texts *texts)
{
	size_t next = 0;
	size_t end = start;
	*texts = (struct texts){ .count = 0 };
	add_text(arena, texts, node_new(arena, NODE_SEQUENCE));
	for (; end < n->count; end++) {
		struct texts item = texts_of(arena, n->items[end]);
		if (!extend(arena, texts, &item))
			break;
		if (next == 0 && item.count > 1)
			next = end + 1;
	}
	if (end == start)
		texts->count = 0;
	return next > 0 && end < n->count ? next : size_max(end, start + 1);
}

static struct key key_of_sequence(
	struct arena *arena, const struct node *n, const struct key_model *m)
{
	struct key best = no_key;
	for (size_t start = 0; start < n->count;) {
		struct texts texts;
		size_t next = next_stretch(arena, n, start, &texts);
		if (texts.count > 0)
			take_better(&best, key_of_texts(arena, m, &texts));
		else
			take_better(&best, key_of(arena, n->items[start], m));
		start = next;
	}
	return best;
}

/* A line holds a text of one of the branches. */
static struct key key_of_choice(
	struct arena *arena, const struct node *n, const struct key_model *m)
{
	struct key all = no_keys_yet(arena);
	for (size_t i = 0; i < n->count; i++)
		join_keys(arena, &all, key_of(arena, n->items[i], m));
	return all;
}

static struct key key_of(struct arena *arena, const struct node *n, const struct key_model *m)
{
	switch (n->kind) {
	case NODE_SEQUENCE:
		return key_of_sequence(arena, n, m);
	case NODE_CHOICE:
		return key_of_choice(arena, n, m);
	case NODE_REPEAT:
		return n->min > 0 ? key_of(arena, n->items[0], m) : no_key;
	default:
		return no_key;
	}
}

/* A key instead of a branch where it is rare enough; the branch itself where it is not. */
struct node *tree_key(
	struct arena *arena, struct node *tree, const struct key_model *m, bool *exact)
{
	struct node *one = node_wrap(arena, NODE_CHOICE, tree);
	const struct node *branches = tree->kind == NODE_CHOICE ? tree : one;
	struct node *out = node_new(arena, NODE_CHOICE);
	for (size_t i = 0; i < branches->count; i++) {
		struct node *branch = branches->items[i];
		struct key key = key_of(arena, branch, m);
		if (key.tree == NULL || worth(&key) < WORTH_BITS) {
			node_add(arena, out, branch);
			continue;
		}
		struct node *texts = tree_simplify(arena, key.tree);
		bool whole = texts->kind == NODE_SEQUENCE && branch->kind == NODE_SEQUENCE &&
			     texts->count == branch->count;
		*exact = *exact && whole;
		node_add(arena, out, texts);
	}
	return tree_simplify(arena, out);
}

/* Counts the texts of a choice, a sequence each. */
void key_model_note(struct key_model *m, const struct node *tree)
{
	if (m->tails == NULL)
		m->tails = mem_zalloc(MODEL_SLOTS, sizeof(*m->tails));
	const struct node *one[] = { tree };
	const struct node *const *items =
		tree->kind == NODE_CHOICE ? (const struct node *const *)tree->items : one;
	size_t count = tree->kind == NODE_CHOICE ? tree->count : 1;
	for (size_t i = 0; i < count; i++) {
		const struct node *text = items[i];
		bool plain = text->kind == NODE_SEQUENCE;
		for (size_t k = 0; k < text->count && plain; k++)
			plain = is_character(text->items[k]);
		if (!plain)
			continue;
		size_t width = size_min(text->count, KEY_TAIL);
		m->tails[tail_slot(text->items + text->count - width, width)]++;
	}
}
