/* SPDX-License-Identifier: MIT */
#include "lineup/pattern_beside.h"

#include <ctype.h>
#include <string.h>

#include "lineup/pattern_key.h"
#include "src/match/pattern_texts.h"

static bool stands_at(const struct node *tree, size_t at, const struct node *text)
{
	if (text->count > tree->count - at)
		return false;
	for (size_t i = 0; i < text->count; i++)
		if (tree->items[at + i] != text->items[i]) /* characters are shared */
			return false;
	return true;
}

/* Where the key stands in a sequence; its end when it does not, or is no single text. */
static size_t place_of(const struct node *tree, const struct node *key)
{
	size_t at = 0;
	if (key->kind != NODE_SEQUENCE || !tree_is_texts(key))
		return tree->count;
	while (at < tree->count && !stands_at(tree, at, key))
		at++;
	return at;
}

static bool follow_set(struct follow *f, const struct byte_set *set)
{
	unsigned last = 255;
	if (f->count == FOLLOW_MAX)
		return false;
	while (last > 0 && !byte_set_has(set, last))
		last--;
	f->low[f->count] = (uint8_t)byte_set_first(set);
	f->high[f->count++] = (uint8_t)last;
	return true;
}

static bool follow_node(struct follow *f, const struct node *n);

/* So that either may stand there: at each place that both have. */
static void follow_widen(struct follow *f, const struct follow *other)
{
	f->count = other->count < f->count ? other->count : f->count;
	for (size_t i = 0; i < f->count; i++) {
		f->low[i] = other->low[i] < f->low[i] ? other->low[i] : f->low[i];
		f->high[i] = other->high[i] > f->high[i] ? other->high[i] : f->high[i];
	}
}

static bool follow_choice(struct follow *f, const struct node *choice)
{
	struct follow all = { .count = 0 };
	bool whole = choice->count > 0;
	for (size_t i = 0; i < choice->count; i++) {
		struct follow one = { .count = 0 };
		bool ends = follow_node(&one, choice->items[i]);
		whole = whole && ends && (i == 0 || one.count == all.count);
		if (i == 0)
			all = one;
		else
			follow_widen(&all, &one);
	}
	for (size_t i = 0; i < all.count && f->count < FOLLOW_MAX; i++) {
		f->low[f->count] = all.low[i];
		f->high[f->count++] = all.high[i];
	}
	return whole;
}

/* As often as it must, while there is room and it says anything. */
static bool follow_repeat(struct follow *f, const struct node *repeat)
{
	bool whole = true, more = true;
	for (uint32_t k = 0; k < repeat->min && whole && more; k++) {
		uint8_t before = f->count;
		whole = follow_node(f, repeat->items[0]);
		more = f->count > before;
	}
	return whole && repeat->max == repeat->min;
}

/* False when matches of the node differ in length: where they end is not known then. */
static bool follow_node(struct follow *f, const struct node *n)
{
	bool whole = true;
	switch (n->kind) {
	case NODE_SET:
		return follow_set(f, &n->set);
	case NODE_SEQUENCE:
		for (size_t i = 0; i < n->count && whole; i++)
			whole = follow_node(f, n->items[i]);
		return whole;
	case NODE_CHOICE:
		return follow_choice(f, n);
	case NODE_REPEAT:
		return follow_repeat(f, n);
	case NODE_EMPTY:
	case NODE_WORD_EDGE:
	case NODE_NO_WORD_EDGE:
		return true;
	default:
		return false;
	}
}

/* Every match holds the items one behind the other, whichever of them the text was taken from. */
void tree_follow(const struct node *tree, const struct node *key, struct follow *out)
{
	*out = (struct follow){ .count = 0 };
	if (tree->kind != NODE_SEQUENCE)
		return;
	size_t i = place_of(tree, key) + key->count;
	while (i < tree->count && follow_node(out, tree->items[i]))
		i++;
}

/* Does every text of the key hold these bytes? Then asking for them says nothing. */
static bool key_holds(const struct node *key, struct str text)
{
	if (key->kind == NODE_CHOICE) {
		for (size_t i = 0; i < key->count; i++)
			if (!key_holds(key->items[i], text))
				return false;
		return true;
	}
	for (size_t at = 0; key->kind == NODE_SEQUENCE && at + text.len <= key->count; at++) {
		size_t i = 0;
		while (i < text.len && key->items[at + i]->kind == NODE_SET &&
			byte_set_has(&key->items[at + i]->set, (unsigned char)text.ptr[i]))
			i++;
		if (i == text.len)
			return true;
	}
	return false;
}

static bool is_byte(const struct node *n)
{
	return node_is_character(n) && node_small(n) == node_great(n);
}

void tree_digits(const struct node *tree, struct needle *out)
{
	size_t most = 0;
	*out = (struct needle){ .len = 0 };
	for (size_t start = 0, end; tree->kind == NODE_SEQUENCE && start < tree->count;
		start = end + 1) {
		size_t digits = 0;
		for (end = start; end < tree->count && is_byte(tree->items[end]); end++)
			;
		size_t from = end - start > NEEDLE_MAX ? end - NEEDLE_MAX : start;
		for (size_t i = from; i < end; i++)
			digits += isdigit((int)node_small(tree->items[i])) != 0;
		if (digits == 0 || digits < most || (digits == most && end - from <= out->len))
			continue;
		most = digits;
		out->len = (uint8_t)(end - from);
		for (size_t i = from; i < end; i++)
			out->text[i - from] = (char)node_small(tree->items[i]);
	}
}

void tree_needle(const struct node *tree, const struct node *key, const struct text_model *m,
	struct needle *out)
{
	double best = 0;
	*out = (struct needle){ .len = 0 };
	if (tree->kind != NODE_SEQUENCE)
		return;
	size_t at = place_of(tree, key);
	for (size_t start = 0, end; start < tree->count; start = end + 1) {
		char run[NEEDLE_MAX];
		size_t len = 0;
		for (end = start; end < tree->count && is_byte(tree->items[end]); end++)
			;
		for (size_t i = end - start > NEEDLE_MAX ? end - NEEDLE_MAX : start; i < end; i++)
			run[len++] = (char)node_small(tree->items[i]);
		double bits = text_model_bits(m, str_of(run, len));
		/* the run that the key is from hardly says more than the key */
		if (len < 2 || bits <= best || (at >= start && at < end) ||
			key_holds(key, str_of(run, len)))
			continue;
		best = bits;
		out->len = (uint8_t)len;
		memcpy(out->text, run, len);
	}
}
