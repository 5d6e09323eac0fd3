/* SPDX-License-Identifier: MIT */
/*
 * A YAML text as a small tree in which every node knows its line and column. yaml_tree.c is the
 * only file that knows the YAML library.
 *
 * Scalars stay text: what a value means is for the reader to say, so `no`, `012` and `2025-01-01`
 * are what the author typed. Aliases share the node that they name, and `<<` merges maps; depth,
 * nodes (aliases counted with all that stands under them) and bytes have limits. The arena owns the
 * tree. One thread an arena; a tree is const once it is made.
 */
#ifndef LINEUP_YAML_TREE_H
#define LINEUP_YAML_TREE_H

#include "lineup/arena.h"
#include "lineup/error.h"

enum yaml_kind {
	YAML_TEXT, /* a scalar */
	YAML_LIST,
	YAML_MAP,
};

struct yaml_node {
	enum yaml_kind kind;
	bool plain;	 /* a scalar without quotes: empty or `null` or `~` stands for nothing */
	uint32_t line;	 /* from 1 */
	uint32_t column; /* from 1 */
	struct str text; /* of a scalar */
	struct str key;	 /* of a member of a map */
	uint32_t key_line;
	uint32_t key_column;
	uint64_t weight;	 /* nodes from here down */
	struct yaml_node *first; /* members of a list or map, in order */
	struct yaml_node *next;
};

struct yaml_limits {
	size_t bytes;
	uint64_t nodes;
	unsigned depth;
};

extern const struct yaml_limits yaml_limits_default;

/* Where the text could not be read. */
struct yaml_fault {
	uint32_t line;
	uint32_t column;
};

/*
 * Reads all documents of the text; *documents is the first of a list linked by `next`, NULL when
 * there is none. Fails on the first error, which *fault places.
 */
MUST_USE int yaml_tree_read(struct arena *, struct str text, const struct yaml_limits *,
	struct yaml_node **documents, struct yaml_fault *fault, struct error *);

/* The member of a map with this key (the first, should it stand twice), or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *map, struct str key);

/* Is there nothing: no node, an empty plain scalar, `null` or `~`? */
bool yaml_is_null(const struct yaml_node *);

#endif
