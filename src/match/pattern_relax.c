/* SPDX-License-Identifier: MIT */
/* Sets that the proof of pattern_blind.c does not reach are given all digits, or all hexadecimal
 * digits: then it does, and the pattern matches more. */
#include "lineup/pattern_relax.h"

#include "lineup/pattern_literal.h"
#include "lineup/pattern_tree.h"
#include "src/match/pattern_blind.h"

/* The sets of a tree with all of these bytes where they have some. */
static struct node *widen_all(struct arena *a, const struct byte_set *by, struct node *n)
{
	if (n->kind == NODE_SET && !byte_set_is_within(by, &n->set) &&
		byte_set_meets(by, &n->set)) {
		struct byte_set wide = n->set;
		byte_set_join(&wide, by);
		return node_set(a, wide);
	}
	for (size_t i = 0; i < n->count; i++)
		n->items[i] = widen_all(a, by, n->items[i]);
	/* Of AH00124|AH02429 nothing is left but one AH and its digits. */
	if (n->kind == NODE_CHOICE)
		tree_merge_branches(n);
	return n;
}

/* Gives the sets of a tree what the proof needs. */
static struct node *widen(struct arena *a, const struct sets *s, struct node *n)
{
	if (tree_is_blind(s, n))
		return n;
	if (node_set_of(n) != NULL)
		return widen_all(a, &s->hex, widen_all(a, &s->digits, n));
	for (size_t i = 0; i < n->count;) {
		const struct byte_set *by = NULL;
		size_t end = n->kind == NODE_SEQUENCE ? piece_to_widen(s, n, i, &by) : i;
		if (end == i) {
			n->items[i] = widen(a, s, n->items[i]);
			i++;
		}
		for (; i < end; i++)
			n->items[i] = widen_all(a, by, n->items[i]);
	}
	if (n->kind == NODE_CHOICE)
		tree_merge_branches(n);
	return n;
}

static struct node *literal_tree(struct arena *arena, struct str text)
{
	struct node *tree = node_new(arena, NODE_SEQUENCE);
	for (size_t i = 0; i < text.len; i++)
		node_add(arena, tree, node_byte(arena, (unsigned char)text.ptr[i]));
	return tree;
}

void pattern_relax(struct arena *arena, const struct term *term, const struct pattern *as_meant,
	struct relaxed_pattern *out)
{
	struct sets sets = sets_make();
	struct node *tree = NULL;
	bool exact = true, known = true;
	*out = (struct relaxed_pattern){ .pattern = { .verdict = PATTERN_OPAQUE } };
	if (term->kind == TERM_LITERAL)
		tree = literal_tree(arena, term->text);
	else
		known = term->kind == TERM_REGEX && pattern_parse(arena, term->text, &tree, &exact);
	if (!known)
		return;
	tree = tree_simplify(arena, tree);
	out->blind = exact && tree_is_blind(&sets, tree);
	if (out->blind) {
		out->pattern = *as_meant;
		return;
	}
	tree = widen(arena, &sets, tree);
	out->literal_len = pattern_literal_of_tree(tree);
	pattern_of_tree(arena, tree, false, &out->pattern);
}
