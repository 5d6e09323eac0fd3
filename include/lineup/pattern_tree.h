/* SPDX-License-Identifier: MIT */
/*
 * A pattern as a tree of sets of bytes, sequences, choices, repeats and zero-width tests, and what
 * can be done to it without changing which lines it matches. Built by pattern_parse
 * (pattern_parts.h), used by pattern alone. Nodes live in the caller's arena. One thread at a time.
 */
#ifndef LINEUP_PATTERN_TREE_H
#define LINEUP_PATTERN_TREE_H

#include "lineup/arena.h"
#include "lineup/buf.h"

struct byte_set {
	uint64_t words[4];
};

enum node_kind {
	NODE_EMPTY,
	NODE_NEVER,
	NODE_SET, /* one byte of the set; the line feed is never in it */
	NODE_SEQUENCE,
	NODE_CHOICE,
	NODE_REPEAT,
	NODE_LINE_START,
	NODE_LINE_END,
	NODE_WORD_EDGE,
	NODE_NO_WORD_EDGE,
	NODE_AHEAD,  /* positive look-ahead */
	NODE_BEHIND, /* positive look-behind */
};

#define REPEAT_ENDLESS UINT32_MAX

struct node {
	enum node_kind kind;
	uint32_t min; /* of a repeat */
	uint32_t max;
	struct byte_set set;
	struct node **items; /* of sequence and choice; the child of repeat, ahead and behind */
	size_t count;
	size_t capacity;
};

/*
 * The nodes of one byte, by it, and behind them those of one letter of either case, by its place in
 * the alphabet. Most nodes are such: they are made once, and all trees share them.
 */
#define NODE_CHARACTERS (256 + 26)
extern const struct node node_characters[NODE_CHARACTERS];

/* One byte, or a letter of either case. */
static inline bool node_is_character(const struct node *n)
{
	return (uintptr_t)n - (uintptr_t)node_characters < sizeof(node_characters);
}

/* Of such a node: the byte; of a letter of either case the small one, or the great one. */
static inline unsigned node_small(const struct node *n)
{
	unsigned at = (unsigned)(n - node_characters);
	return at < 256 ? at : 'a' + (at - 256);
}

static inline unsigned node_great(const struct node *n)
{
	unsigned at = (unsigned)(n - node_characters);
	return at < 256 ? at : 'A' + (at - 256);
}

static inline void byte_set_add(struct byte_set *s, unsigned byte)
{
	s->words[byte >> 6] |= UINT64_C(1) << (byte & 63);
}

static inline bool byte_set_has(const struct byte_set *s, unsigned byte)
{
	return s->words[byte >> 6] >> (byte & 63) & 1;
}

void byte_set_add_range(struct byte_set *, unsigned first, unsigned last);
void byte_set_join(struct byte_set *into, const struct byte_set *from);
void byte_set_invert(struct byte_set *);
int byte_set_count(const struct byte_set *);
int byte_set_first(const struct byte_set *);

/* All bytes but the line feed. */
struct byte_set byte_set_line(void);

struct node *node_new(struct arena *, enum node_kind);
struct node *node_byte(struct arena *, unsigned byte);

/* Takes the line feed out; NODE_NEVER when nothing is left. A set is never changed later. */
struct node *node_set(struct arena *, struct byte_set);
void node_add(struct arena *, struct node *parent, struct node *child);

/* Room for so many items in all. */
void node_reserve(struct arena *, struct node *, size_t capacity);

/* A node of the same kind with the items [from, to) of this one. */
struct node *node_part(struct arena *, const struct node *, size_t from, size_t to);
struct node *node_repeat(struct arena *, struct node *child, uint32_t min, uint32_t max);
struct node *node_wrap(struct arena *, enum node_kind, struct node *child);

/* All of it, so that the arena of the original may go. */
struct node *tree_copy(struct arena *, const struct node *);

bool tree_same(const struct node *, const struct node *);

/* Drops the branches of a choice that are the same as one before. */
void tree_merge_branches(struct node *choice);

/* Flattens nested sequences and choices, drops what is empty or can never match. */
struct node *tree_simplify(struct arena *, struct node *);

/*
 * Takes out look-around. At the outer edges of the pattern it is ordinary text to be found; within
 * it is dropped, or the rest is, and *exact becomes false.
 */
struct node *tree_resolve_lookaround(struct arena *, struct node *, bool *exact);

/* Takes off what cannot change whether a line matches at the outer edges: `.*`, `x*`, `x+` to x. */
struct node *tree_trim(struct arena *, struct node *);

/*
 * Makes repeats of a large maximum endless, and cuts large minima (a superset); sets *exact to
 * false where it did.
 */
struct node *tree_loosen(
	struct arena *, struct node *, uint32_t largest_min, uint32_t largest_max, bool *exact);

/*
 * Under which conditions the tree matches without a byte: bit m is set when there is a way that
 * needs the tests in m, a union of the three below. 0: it always needs a byte.
 */
#define NULLABLE_AT_START 1u
#define NULLABLE_AT_END	  2u
#define NULLABLE_AT_WORD  4u
unsigned tree_nullable(const struct node *);

/* About how many states an automaton of it has; saturates. */
uint32_t tree_weight(const struct node *);

/* Appends the pattern for Hyperscan. */
void tree_write(const struct node *, struct buf *);

/*
 * Reads PCRE2's syntax. False when some construct is not understood. *exact is set to false where
 * the tree matches more than the pattern does.
 */
bool pattern_parse(struct arena *, struct str text, struct node **tree, bool *exact);

/* pattern.c: what pattern_analyse makes of a tree;
 * `exact` says whether it is all that was meant. */
struct pattern;
void pattern_of_tree(struct arena *, struct node *, bool exact, struct pattern *);

/* pattern_literal.c: the longest run of single characters in every match. */
size_t pattern_literal_of_tree(const struct node *);

#endif
