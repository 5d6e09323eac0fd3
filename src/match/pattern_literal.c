/* SPDX-License-Identifier: MIT */
#include "lineup/pattern_literal.h"

#include "lineup/pattern_tree.h"

/*
 * Of all texts that a tree matches: the run of single characters that they all start with, end
 * with, and the longest that they all contain. `whole`: the tree is nothing but that run.
 */
struct runs {
	size_t head;
	size_t tail;
	size_t longest;
	bool whole;
};

static struct runs runs_of(const struct node *node);

static struct runs join(struct runs a, struct runs b)
{
	struct runs r = { .whole = a.whole && b.whole };
	r.head = a.whole ? a.head + b.head : a.head;
	r.tail = b.whole ? b.tail + a.tail : b.tail;
	r.longest = size_max(size_max(a.longest, b.longest), a.tail + b.head);
	return r;
}

/*
 * Plain alternatives are looked for side by side, with what stands around them: as good as a text
 * as long as the shortest. Others start and end differently, and nothing joins up across them.
 */
static struct runs runs_of_choice(const struct node *node)
{
	struct runs r = runs_of(node->items[0]);
	for (size_t i = 1; i < node->count; i++) {
		struct runs other = runs_of(node->items[i]);
		r.whole = r.whole && other.whole;
		r.longest = size_min(r.longest, other.longest);
	}
	r.head = r.tail = r.whole ? r.longest : 0;
	return r;
}

static struct runs runs_of_repeat(const struct node *node)
{
	struct runs r = { 0 };
	if (node->min == 0)
		return r;
	struct runs once = runs_of(node->items[0]);
	r = once;
	for (uint32_t i = 1; i < node->min && i < 64; i++)
		r = join(r, once);
	if (node->max != node->min)
		r.whole = false;
	return r;
}

static struct runs runs_of(const struct node *node)
{
	struct runs nothing = { .whole = true };
	switch (node->kind) {
	case NODE_SET:
		return node_is_character(node) ? (struct runs){ 1, 1, 1, true }
					       : (struct runs){ 0 };
	case NODE_SEQUENCE:
		for (size_t i = 0; i < node->count; i++)
			nothing = join(nothing, runs_of(node->items[i]));
		return nothing;
	case NODE_CHOICE:
		return node->count == 0 ? (struct runs){ 0 } : runs_of_choice(node);
	case NODE_REPEAT:
		return runs_of_repeat(node);
	case NODE_AHEAD:
	case NODE_BEHIND:
		/* Looked at, not consumed: it is there, but joins up with nothing. */
		return (struct runs){ .longest = runs_of(node->items[0]).longest };
	case NODE_EMPTY:
	case NODE_NEVER:
	case NODE_LINE_START:
	case NODE_LINE_END:
	case NODE_WORD_EDGE:
	case NODE_NO_WORD_EDGE:
		break;
	}
	return nothing;
}

size_t pattern_literal_of_tree(const struct node *tree)
{
	return runs_of(tree).longest;
}

struct pattern_literal pattern_literal_of(const struct term *term)
{
	struct pattern_literal result = { .longest = term->text.len, .known = true };
	if (term->kind == TERM_LITERAL)
		return result;
	struct arena arena = { 0 };
	struct node *tree = NULL;
	bool exact = true;
	result.longest = 0;
	result.known = term->kind == TERM_REGEX && pattern_parse(&arena, term->text, &tree, &exact);
	if (result.known)
		result.longest = pattern_literal_of_tree(tree_simplify(&arena, tree));
	arena_release(&arena);
	return result;
}
