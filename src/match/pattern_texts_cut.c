/* SPDX-License-Identifier: MIT */
/*
 * Hyperscan looks for the last eight characters of a text. Each one before them makes the report
 * rarer, but a third of the time to compile thousands of texts, and of the memory, is for those
 * (measured: 17,600 texts, 0.48 s with up to 64 characters, 0.30 s with twelve).
 */
#include <string.h>

#include "src/match/pattern_texts.h"

/*
 * So rarely met, by bytes, a text is rare enough. 20,000 such texts together are found five times
 * in a million bytes; if the model thinks each of them thirty times too rare, to confirm what is
 * reported costs a twentieth of the scan.
 */
#define RARE 0x1p-32

static struct node *without_beginning(
	struct arena *arena, struct text_memo *memo, const struct node *text)
{
	size_t skip = text->count - size_min(text->count, TEXT_LEN_MAX);
	struct spelt s;
	text_spell(&s, text->items + skip, text->count - skip);
	size_t len = text_model_rare_end(memo, str_of(s.small, s.len), TEXT_MODEL_TAIL, RARE);
	if (s.either)
		len = size_max(len, text_model_rare_end(memo, str_of(s.great, s.len), len, RARE));
	return node_part(arena, text, text->count - len, text->count);
}

struct node *texts_cut(struct arena *arena, struct text_memo *memo, const struct node *choice)
{
	if (choice->kind == NODE_SEQUENCE)
		return without_beginning(arena, memo, choice);
	struct node *cut = node_new(arena, NODE_CHOICE);
	for (size_t i = 0; i < choice->count; i++)
		node_add(arena, cut, texts_cut(arena, memo, choice->items[i]));
	return cut;
}

static bool is_text(const struct node *n)
{
	bool text = n->kind == NODE_SEQUENCE;
	for (size_t i = 0; i < n->count && text; i++)
		text = node_is_character(n->items[i]);
	return text;
}

static bool stands_at(const struct node *part, const struct node *text, size_t at)
{
	bool same = true;
	for (size_t i = 0; i < part->count && same; i++)
		same = part->items[i] == text->items[at + i]; /* characters are shared */
	return same;
}

static bool holds(const struct node *text, const struct node *part)
{
	bool found = false;
	for (size_t at = 0; at + part->count <= text->count && !found; at++)
		found = stands_at(part, text, at);
	return found;
}

/* Of texts that are the same the first is needed. */
static bool is_needed(const struct node *choice, size_t i)
{
	const struct node *text = choice->items[i];
	for (size_t k = 0; k < choice->count; k++) {
		const struct node *other = choice->items[k];
		bool better = k < i || other->count < text->count;
		if (k != i && better && is_text(other) && holds(text, other))
			return false;
	}
	return true;
}

struct node *texts_needed(struct arena *arena, const struct node *choice)
{
	struct node *needed = node_new(arena, NODE_CHOICE);
	for (size_t i = 0; i < choice->count; i++)
		if (!is_text(choice->items[i]) || is_needed(choice, i))
			node_add(arena, needed, choice->items[i]);
	return needed;
}
