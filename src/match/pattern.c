/* SPDX-License-Identifier: MIT */
#include "lineup/pattern.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"
#include "lineup/pattern_key.h"
#include "lineup/pattern_tree.h"
#include "src/match/pattern_texts.h"

/*
 * A gap such as `.{0,80}` needs a counter in the automaton and makes the compiler work for tens to
 * hundreds of milliseconds, while an endless gap needs one state: so gaps are counted by PCRE2, on
 * the few lines that have both ends.
 */
#define GAP_MAX 8

/* Minima of repeats are first cut to the larger one of these; where that is not enough, to the
 * smaller. */
static const uint32_t repeat_limits[] = { 64, 8 };

/* Longer text for Hyperscan is not worth its compile time. A node is written in less than so many
 * bytes: a set of every other byte is the longest. */
#define WRITTEN_MAX   (256 * 1024)
#define WRITTEN_BYTES 1024

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

static bool is_looked_for(const struct pattern *p)
{
	return p->verdict == PATTERN_EXACT || p->verdict == PATTERN_SUPERSET;
}

static bool is_too_long(const struct pattern *p)
{
	if (p->weight < WRITTEN_MAX / WRITTEN_BYTES)
		return false;
	struct buf text = BUF_INIT(WRITTEN_MAX);
	tree_write(p->tree, &text);
	bool too_long = text.len + 1 >= WRITTEN_MAX;
	buf_release(&text);
	return too_long;
}

/* Whether and how the tree can be looked for. */
static void settle(struct node *tree, bool exact, struct pattern *out)
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
	if (is_looked_for(out) && is_too_long(out))
		out->verdict = PATTERN_OPAQUE;
}

struct str pattern_write(struct arena *arena, const struct pattern *pattern)
{
	struct buf text = BUF_INIT(0);
	if (is_looked_for(pattern))
		tree_write(pattern->tree, &text);
	struct str written = arena_copy(arena, buf_str(&text));
	buf_release(&text);
	return written;
}

/* A gap at an edge that has become endless asks nothing any more. */
static struct node *loosen_gaps(struct arena *arena, struct node *tree, bool *exact)
{
	bool same = true;
	tree = tree_simplify(arena, tree_loosen(arena, tree, UINT32_MAX, GAP_MAX, &same));
	*exact = *exact && same;
	return same ? tree : tree_trim(arena, tree);
}

void pattern_of_tree(struct arena *arena, struct node *tree, bool exact, struct pattern *out)
{
	tree = tree_simplify(arena, tree);
	tree = tree_simplify(arena, tree_resolve_lookaround(arena, tree, &exact));
	tree = tree_trim(arena, tree);
	tree = loosen_gaps(arena, tree, &exact);
	for (size_t i = 0; i < countof(repeat_limits); i++) {
		if (tree_weight(tree) <= PATTERN_WEIGHT_GOAL)
			break;
		tree = tree_simplify(arena,
			tree_loosen(arena, tree, repeat_limits[i], repeat_limits[i], &exact));
	}
	settle(tree, exact, out);
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

void pattern_narrow(struct arena *arena, struct text_memo *memo, struct pattern *pattern)
{
	bool exact = pattern->verdict == PATTERN_EXACT;
	bool too_large = pattern->verdict == PATTERN_OPAQUE;
	if (pattern->tree == NULL || tree_nullable(pattern->tree) != 0)
		return;
	if (!exact && !too_large && pattern->verdict != PATTERN_SUPERSET)
		return;
	struct pattern narrow;
	struct arena tried = { 0 }; /* a megabyte of texts that lost, to one that is kept */
	struct node *tree = tree_key(&tried, pattern->tree, memo, &exact);
	settle(tree, exact, &narrow);
	if (is_looked_for(&narrow)) {
		tree_follow(pattern->tree, narrow.tree, &narrow.follow);
		tree_needle(pattern->tree, narrow.tree, memo->model, &narrow.needle);
		tree_digits(pattern->tree, &narrow.digits);
		narrow.tree = tree_copy(arena, narrow.tree);
		*pattern = narrow;
	}
	arena_release(&tried);
}

/* ---- as texts for Hyperscan ---- */

/* A text with so many letters of either case among others is spelt out: plain texts are compiled
 * twenty times faster. */
#define SPELT_MAX 2

struct text_list {
	struct pattern_text *items;
	size_t count;
	size_t capacity;
};

static struct pattern_text *add_regex(struct text_list *list, struct arena *arena, struct str regex)
{
	mem_grow(&list->items, list->count, &list->capacity);
	struct pattern_text *t = &list->items[list->count++];
	*t = (struct pattern_text){ .regex = arena_copy(arena, regex).ptr };
	return t;
}

static struct pattern_text *add_tree(
	struct text_list *list, struct arena *arena, const struct node *n)
{
	struct buf regex = BUF_INIT(0);
	tree_write(n, &regex);
	struct pattern_text *t = add_regex(list, arena, buf_str(&regex));
	buf_release(&regex);
	return t;
}

/* A text of characters that are all of one byte, or whose letters are all of either case. */
static void add_plain(
	struct text_list *list, struct arena *arena, const struct node *n, bool caseless)
{
	char *bytes = arena_alloc(arena, n->count, 1);
	for (size_t i = 0; i < n->count; i++)
		bytes[i] = (char)node_small(n->items[i]);
	struct pattern_text *t = add_tree(list, arena, n);
	t->plain = bytes;
	t->plain_len = n->count;
	t->caseless = caseless;
}

static bool is_either(const struct node *character)
{
	return node_small(character) != node_great(character);
}

static bool is_letter(const struct node *character)
{
	return is_either(character) || isalpha(node_small(character));
}

/* The same text with the n-th of its letters of either case small or great, by bit n of `great`. */
static struct node *spelt_out(struct arena *arena, const struct node *text, unsigned great)
{
	struct node *n = node_part(arena, text, 0, text->count);
	for (size_t i = 0; i < n->count; i++) {
		const struct node *c = text->items[i];
		if (!is_either(c))
			continue;
		unsigned byte = great & 1 ? node_great(c) : node_small(c);
		n->items[i] = node_byte(arena, byte);
		great >>= 1;
	}
	return n;
}

static void add_branch(struct text_list *list, struct arena *arena, const struct node *n)
{
	size_t letters = 0, either = 0;
	bool text = n->kind == NODE_SEQUENCE && n->count > 0;
	for (size_t i = 0; i < n->count && text; i++) {
		text = node_is_character(n->items[i]);
		letters += text && is_letter(n->items[i]);
		either += text && is_either(n->items[i]);
	}
	if (!text || (either > SPELT_MAX && either < letters)) {
		add_tree(list, arena, n);
	} else if (either == letters) {
		add_plain(list, arena, n, either > 0);
	} else {
		for (unsigned great = 0; great < 1u << either; great++)
			add_plain(list, arena, spelt_out(arena, n, great), false);
	}
}

static int compare_texts(const void *a, const void *b)
{
	const struct pattern_text *x = a;
	const struct pattern_text *y = b;
	return strcmp(x->regex, y->regex);
}

const struct pattern_text *pattern_branches(
	struct arena *arena, const struct pattern *pattern, size_t *count)
{
	const struct node *tree = pattern->tree;
	struct text_list all = { .items = NULL };
	if (tree->kind != NODE_CHOICE)
		add_branch(&all, arena, tree);
	for (size_t i = 0; tree->kind == NODE_CHOICE && i < tree->count; i++)
		add_branch(&all, arena, tree->items[i]);
	qsort(all.items, all.count, sizeof(*all.items), compare_texts);
	*count = 0;
	for (size_t i = 0; i < all.count; i++)
		if (i == 0 || strcmp(all.items[i].regex, all.items[*count - 1].regex) != 0)
			all.items[(*count)++] = all.items[i];
	struct pattern_text *texts = arena_alloc(arena, *count, sizeof(*texts));
	memcpy(texts, all.items, *count * sizeof(*texts));
	free(all.items);
	return texts;
}
