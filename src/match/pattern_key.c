/* SPDX-License-Identifier: MIT */
/*
 * Hyperscan looks for all texts at once by their last eight characters; whatever stands before is
 * compared when these are found, and what it finds is reported to us and confirmed by PCRE2. So a
 * text costs, for each byte of a log,
 *
 *     FIND * chance of its last eight + REPORT * chance of all of it + KEEP
 *
 * nanoseconds, with the chances as the model has them (text_model.h), and of all texts that a
 * pattern must contain the cheapest stand for it. A text may be cut where its last eight are
 * rarest; in front it is cut afterwards (texts_cut).
 */
#include "lineup/pattern_key.h"

#include <math.h>

#include "src/match/pattern_texts.h"

#define KEY_TAIL    TEXT_MODEL_TAIL /* characters that Hyperscan looks for */
#define KEY_LEN_MIN 4
#define KEYS_MAX    128 /* of an alternative */

/*
 * Nanoseconds. Measured: a report and its confirmation (hundreds when its program is cold in the
 * cache), a report that needs none, and the comparison of what stands before. One more text among
 * thousands costs a scan 3e-5 a byte; KEEP is more, since texts are compiled and loaded as well.
 * COST_MAX, for each byte of a log: a text that is dearer does not stand for anything.
 */
#define CONFIRM	 150.0
#define REPORT	 20.0
#define FIND	 10.0
#define KEEP	 4e-4
#define COST_MAX 1.5

/* A log may be full of what the model has never met: no chance is as small as it says. */
#define TRUST 0.7

struct key {
	struct node *tree; /* a choice of texts; NULL: there is none */
	double cost;
	size_t texts;
};

static const struct key no_key = { .tree = NULL };

/* What the search for the keys of one tree works with. */
struct search {
	struct arena *arena;
	struct text_memo *memo;
};

/* Of its beginnings, and of the last characters of each, in either spelling. */
struct chances {
	double small[TEXT_LEN_MAX], great[TEXT_LEN_MAX];
	double small_tail[TEXT_LEN_MAX], great_tail[TEXT_LEN_MAX];
};

static void chances_of(struct search *search, const struct spelt *s, struct chances *out)
{
	text_model_chances(search->memo, str_of(s->small, s->len), out->small, out->small_tail);
	if (s->either)
		text_model_chances(
			search->memo, str_of(s->great, s->len), out->great, out->great_tail);
}

/*
 * A chance to the power of TRUST, less than a thousandth off: of thousands of texts
 * the library's own takes a twentieth of the time to choose among them. Ten halvings of the chance
 * are seven of the result, and between two of them a parabola is near enough.
 */
static double trusted_chance(double chance)
{
	static const double of_halvings[] = { 1, 0.61557220667245816, 0.37892914162759955,
		0.23325824788420185, 0.14358729437462939, 0.088388347648318447,
		0.054409410206007744, 0.033492920704259395, 0.020617311105826472,
		0.012691443690380176 };
	int halvings;
	double rest = 2 * frexp(chance, &halvings); /* 1 to 2 */
	unsigned down = (unsigned)(1 - halvings);
	double power = 0.250780 + rest * (0.813265 - 0.063323 * rest);
	return ldexp(power * of_halvings[down % 10], -7 * (int)(down / 10));
}

/* At character i, in one spelling or the other. */
static double trusted(const struct spelt *s, const double *small, const double *great, size_t i)
{
	return trusted_chance(small[i]) + (s->either ? trusted_chance(great[i]) : 0);
}

/* A text cut where it costs the least; `whole`: the branch is nothing but this text. */
static struct key key_of_text(struct search *search, const struct node *text, bool whole)
{
	struct key best = no_key;
	size_t start = text->count > TEXT_LEN_MAX ? text->count - TEXT_LEN_MAX : 0;
	struct spelt s;
	struct chances c;
	size_t best_end = 0;
	double chance_max = 1; /* to find it is dearer than all of the best one */
	text_spell(&s, text->items + start, text->count - start);
	chances_of(search, &s, &c);
	for (size_t end = size_min(s.len, KEY_TAIL); end <= s.len && end >= KEY_LEN_MIN; end++) {
		bool all = whole && start == 0 && end == s.len;
		if (best_end != 0 && c.small_tail[end - 1] >= chance_max)
			continue;
		double found = trusted(&s, c.small_tail, c.great_tail, end - 1);
		if (best_end != 0 && FIND * found >= best.cost)
			continue;
		double reported = trusted(&s, c.small, c.great, end - 1);
		double cost = FIND * found + (all ? REPORT : CONFIRM) * reported + KEEP;
		if (best_end == 0 || cost < best.cost) {
			best.cost = cost;
			best_end = end;
			chance_max = pow(cost / FIND, 1 / TRUST);
		}
	}
	if (best_end == 0)
		return no_key;
	best.tree = node_part(search->arena, text, start, start + best_end);
	best.texts = 1;
	return best;
}

static struct key key_of(struct search *search, const struct node *n, bool whole);

static void take_better(struct key *best, struct key other)
{
	if (other.tree != NULL && (best->tree == NULL || other.cost < best->cost))
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
	all->cost += one.cost;
	all->texts += one.texts;
}

static struct key no_keys_yet(struct arena *arena)
{
	return (struct key){ .tree = node_new(arena, NODE_CHOICE) };
}

/* None when they cost as much as the best so far: most do after a few of many texts. */
static struct key key_of_texts(
	struct search *search, const struct texts *t, bool whole, const struct key *best)
{
	struct key all = no_keys_yet(search->arena);
	for (size_t i = 0; i < t->count; i++) {
		if (best->tree != NULL && all.cost >= best->cost)
			return no_key;
		struct key one = key_of_text(search, t->items[i], whole);
		bool known = false;
		for (size_t k = 0; all.tree != NULL && one.tree != NULL && k < all.texts; k++)
			known = known || tree_same(all.tree->items[k], one.tree);
		if (!known)
			join_keys(search->arena, &all, one);
	}
	return t->count == 0 ? no_key : all;
}

/* From where in a sequence, with which texts in front, a stretch is made longer. */
struct stretch {
	const struct node *sequence;
	size_t start;
	struct texts front;
	bool whole; /* the sequence is all that is asked */
};

/*
 * Tries the stretches that stand for few texts: up to before each item that stands for several, as
 * long as it can be, and with what the item behind that begins with. Returns the index of the first
 * item that stands for several, or behind it all.
 */
static size_t try_stretches(struct search *search, const struct stretch *s, struct key *best)
{
	struct arena *arena = search->arena;
	const struct node *n = s->sequence;
	struct texts texts = s->front;
	size_t first_of_several = n->count;
	size_t end = s->start;
	for (; end < n->count; end++) {
		if (texts_extend_character(arena, &texts, n->items[end]))
			continue;
		struct texts item = texts_of(arena, n->items[end]);
		if (item.count > 1 && end > s->start)
			take_better(best, key_of_texts(search, &texts, false, best));
		if (!texts_extend(arena, &texts, &item))
			break;
		if (first_of_several == n->count && item.count > 1)
			first_of_several = end;
	}
	take_better(best, key_of_texts(search, &texts, s->whole && end == n->count, best));
	if (end == n->count)
		return first_of_several;
	struct texts begin = texts_at_start(arena, n->items[end], TEXTS_MAX / texts.count);
	texts = texts_joined(arena, &texts, &begin, TEXTS_MAX);
	take_better(best, key_of_texts(search, &texts, false, best));
	take_better(best, key_of(search, n->items[end], false));
	return size_min(first_of_several, end);
}

static struct key key_of_sequence(struct search *search, const struct node *n, bool whole)
{
	struct key best = no_key;
	struct stretch s = { .sequence = n, .front = texts_empty(search->arena), .whole = whole };
	while (s.start < n->count) {
		s.start = try_stretches(search, &s, &best) + 1;
		s.whole = false;
		s.front = texts_empty(search->arena);
		if (s.start >= n->count)
			break;
		struct stretch with_end = s;
		with_end.front = texts_at_end(search->arena, n->items[s.start - 1], TEXTS_MAX);
		if (with_end.front.count > 0)
			try_stretches(search, &with_end, &best);
	}
	return best;
}

/* A line holds a text of one of the branches. */
static struct key key_of_choice(struct search *search, const struct node *n, bool whole)
{
	struct key all = no_keys_yet(search->arena);
	for (size_t i = 0; i < n->count; i++)
		join_keys(search->arena, &all, key_of(search, n->items[i], whole));
	return all;
}

static struct key key_of(struct search *search, const struct node *n, bool whole)
{
	switch (n->kind) {
	case NODE_SEQUENCE:
		return key_of_sequence(search, n, whole);
	case NODE_CHOICE:
		return key_of_choice(search, n, whole);
	case NODE_REPEAT:
		return n->min > 0 ? key_of(search, n->items[0], false) : no_key;
	default:
		return no_key;
	}
}

/* A key instead of a branch where it is rare enough; the branch itself where it is not. */
struct node *tree_key(struct arena *arena, struct node *tree, struct text_memo *memo, bool *exact)
{
	struct node *one = node_wrap(arena, NODE_CHOICE, tree);
	const struct node *branches = tree->kind == NODE_CHOICE ? tree : one;
	struct node *out = node_new(arena, NODE_CHOICE);
	struct search search = { .arena = arena, .memo = memo };
	for (size_t i = 0; i < branches->count; i++) {
		struct node *branch = branches->items[i];
		struct key key = key_of(&search, branch, *exact);
		if (key.tree == NULL || key.cost > COST_MAX) {
			node_add(arena, out, branch);
			continue;
		}
		struct node *texts = tree_simplify(arena, key.tree);
		bool whole = texts->kind == NODE_SEQUENCE && branch->kind == NODE_SEQUENCE &&
			     tree_same(texts, branch);
		*exact = *exact && whole;
		node_add(arena, out, whole ? texts : texts_cut(arena, memo, key.tree));
	}
	out = tree_simplify(arena, out);
	return out->kind == NODE_CHOICE ? tree_simplify(arena, texts_needed(arena, out)) : out;
}

bool tree_is_texts(const struct node *n)
{
	bool plain = n->kind == NODE_CHOICE || n->kind == NODE_SEQUENCE;
	for (size_t i = 0; i < n->count && plain; i++)
		plain = node_is_character(n->items[i]) || tree_is_texts(n->items[i]);
	return plain || node_is_character(n);
}

/* The runs of characters in it, each as long as it is. */
void tree_learn(struct text_model *m, const struct node *n)
{
	char run[256];
	size_t len = 0;
	for (size_t i = 0; i < n->count; i++) {
		bool character = n->kind == NODE_SEQUENCE && node_is_character(n->items[i]);
		if (character)
			run[len++] = (char)node_small(n->items[i]);
		if (!character || len == sizeof(run)) {
			text_model_learn(m, str_of(run, len), 1);
			len = 0;
		}
		if (!character)
			tree_learn(m, n->items[i]);
	}
	text_model_learn(m, str_of(run, len), 1);
}
