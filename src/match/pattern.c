/* SPDX-License-Identifier: MIT */
#include "lineup/pattern.h"

#include <stdlib.h>

#include "lineup/pattern_key.h"
#include "lineup/pattern_tree.h"

/*
 * A gap such as `.{0,80}` needs a counter in the automaton and makes the compiler work for tens to
 * hundreds of milliseconds, while an endless gap needs one state: so gaps are counted by PCRE2, on
 * the few lines that have both ends.
 */
#define GAP_MAX 8

/* Minima of repeats are first cut to the larger one of these; where that is not enough, to the
 * smaller. */
static const uint32_t repeat_limits[] = { 64, 8 };

/* Longer text for Hyperscan is not worth its compile time. */
#define WRITTEN_MAX (256 * 1024)

static void judge_empty(struct pattern *out, const struct node *tree, bool exact)
{
	unsigned nullable = tree_nullable(tree);
	if (nullable == 0)
		return;
	out->matches_empty = true;
	unsigned always = 1u << 0 | 1u << NULLABLE_AT_START | 1u << NULLABLE_AT_END;
	unsigned with_words = ~((1u << (NULLABLE_AT_WORD)) - 1u);
	if ((nullable & always) != 0 && exact)
		out->verdict = PATTERN_ALWAYS;
	else if ((nullable & (always | with_words)) != 0 || !exact)
		out->verdict = PATTERN_OPAQUE;
}

/* Writes the tree down, when it can be looked for. */
static void settle(struct arena *arena, struct node *tree, bool exact, struct pattern *out)
{
	*out = (struct pattern){ .tree = tree,
		.weight = tree_weight(tree),
		.literal_len = pattern_literal_of_tree(tree),
		.verdict = exact ? PATTERN_EXACT : PATTERN_SUPERSET };
	if (tree->kind == NODE_NEVER)
		out->verdict = PATTERN_NEVER;
	else if (out->weight > PATTERN_WEIGHT_MAX)
		out->verdict = PATTERN_OPAQUE;
	else
		judge_empty(out, tree, exact);
	if (out->verdict != PATTERN_EXACT && out->verdict != PATTERN_SUPERSET)
		return;
	struct buf text = BUF_INIT(WRITTEN_MAX);
	tree_write(tree, &text);
	if (text.len + 1 >= WRITTEN_MAX)
		out->verdict = PATTERN_OPAQUE;
	else
		out->text = arena_copy(arena, buf_str(&text));
	buf_release(&text);
}

void pattern_of_tree(struct arena *arena, struct node *tree, bool exact, struct pattern *out)
{
	tree = tree_simplify(arena, tree);
	tree = tree_simplify(arena, tree_resolve_lookaround(arena, tree, &exact));
	tree = tree_trim(arena, tree);
	tree = tree_simplify(arena, tree_loosen(arena, tree, UINT32_MAX, GAP_MAX, &exact));
	for (size_t i = 0; i < countof(repeat_limits); i++) {
		if (tree_weight(tree) <= PATTERN_WEIGHT_GOAL)
			break;
		tree = tree_simplify(arena,
			tree_loosen(arena, tree, repeat_limits[i], repeat_limits[i], &exact));
	}
	settle(arena, tree, exact, out);
}

void pattern_analyse(struct arena *arena, struct str text, struct pattern *out)
{
	struct node *tree = NULL;
	bool exact = true;
	*out = (struct pattern){ .verdict = PATTERN_OPAQUE };
	if (pattern_parse(arena, text, &tree, &exact))
		pattern_of_tree(arena, tree, exact, out);
}

void pattern_analyse_literal(struct arena *arena, struct str text, struct pattern *out)
{
	struct node *tree = node_new(arena, NODE_SEQUENCE);
	for (size_t i = 0; i < text.len; i++)
		node_add(arena, tree, node_byte(arena, (unsigned char)text.ptr[i]));
	pattern_of_tree(arena, tree, true, out);
}

void pattern_narrow(struct arena *arena, const struct text_model *model, struct pattern *pattern)
{
	bool exact = pattern->verdict == PATTERN_EXACT;
	bool too_large = pattern->verdict == PATTERN_OPAQUE;
	if (pattern->tree == NULL || tree_nullable(pattern->tree) != 0)
		return;
	if (!exact && !too_large && pattern->verdict != PATTERN_SUPERSET)
		return;
	struct pattern narrow;
	struct arena tried = { 0 }; /* a megabyte of texts that lost, to one that is kept */
	struct node *tree = tree_key(&tried, pattern->tree, model, &exact);
	settle(arena, tree, exact, &narrow);
	if (narrow.verdict == PATTERN_EXACT || narrow.verdict == PATTERN_SUPERSET) {
		tree_follow(pattern->tree, narrow.tree, &narrow.follow);
		tree_needle(pattern->tree, narrow.tree, model, &narrow.needle);
		narrow.tree = tree_copy(arena, narrow.tree);
		*pattern = narrow;
	}
	arena_release(&tried);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *const *pattern_branches(
	struct arena *arena, const struct pattern *pattern, size_t *count)
{
	const struct node *tree = pattern->tree;
	bool choice = tree != NULL && tree->kind == NODE_CHOICE && tree->count > 1;
	size_t all = choice ? tree->count : 1;
	const char **texts = arena_alloc(arena, all, sizeof(*texts));
	struct buf text = BUF_INIT(0);
	for (size_t i = 0; i < all; i++) {
		buf_clear(&text);
		if (choice)
			tree_write(tree->items[i], &text);
		texts[i] = arena_copy(arena, choice ? buf_str(&text) : pattern->text).ptr;
	}
	buf_release(&text);
	qsort(texts, all, sizeof(*texts), compare_texts);
	*count = 0;
	for (size_t i = 0; i < all; i++)
		if (i == 0 || strcmp(texts[i], texts[*count - 1]) != 0)
			texts[(*count)++] = texts[i];
	return texts;
}
