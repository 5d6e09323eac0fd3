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

static void add_follow(struct follow *f, const struct byte_set *set)
{
	unsigned last = 255;
	if (f->count == FOLLOW_MAX)
		return;
	while (last > 0 && !byte_set_has(set, last))
		last--;
	f->low[f->count] = (uint8_t)byte_set_first(set);
	f->high[f->count++] = (uint8_t)last;
}

/* Every match holds the items one behind the other, whichever of them the text was taken from. */
void tree_follow(const struct node *tree, const struct node *key, struct follow *out)
{
	*out = (struct follow){ .count = 0 };
	if (tree->kind != NODE_SEQUENCE)
		return;
	for (size_t i = place_of(tree, key) + key->count;
		i < tree->count && out->count < FOLLOW_MAX; i++) {
		const struct node *n = tree->items[i];
		const struct node *one = n->kind == NODE_REPEAT ? n->items[0] : n;
		uint32_t least = n->kind == NODE_REPEAT ? n->min : 1;
		if (one->kind != NODE_SET)
			break;
		for (uint32_t k = 0; k < least && k < FOLLOW_MAX; k++)
			add_follow(out, &one->set);
		if (n->kind == NODE_REPEAT && n->max != n->min)
			break;
	}
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
