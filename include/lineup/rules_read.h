/* SPDX-License-Identifier: MIT */
/*
 * What the readers of the two document forms share: getting text, lists, numbers and durations out
 * of a tree, with a complaint at the very place when something is not as it should be. A complaint
 * that rejects leaves the rule out; the other rules of the file go on. For the rules room alone.
 * One thread a rule set.
 */
#ifndef LINEUP_RULES_READ_H
#define LINEUP_RULES_READ_H

#include "lineup/rules.h"
#include "lineup/yaml_tree.h"

struct rules_reader {
	struct rule_set *set;
	struct str path;    /* owned by the set's arena */
	struct str rule_id; /* of the rule being read; empty outside of one */
	bool experimental;  /* take rules of `status: experimental` too */
	bool rejected;	    /* a complaint of the rule being read rejects it */
};

struct rule_place read_place(const struct rules_reader *, const struct yaml_node *);

/* A doubt (the rule is used all the same), and a fault (it is not). */
void read_warn(struct rules_reader *, const struct yaml_node *, const char *format, ...)
	PRINTF_LIKE(3, 4);
void read_reject(struct rules_reader *, const struct yaml_node *, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* Warns of keys that are not in the list (ended by NULL) and of keys that stand twice. */
void read_known_keys(struct rules_reader *, const struct yaml_node *map, const char *const *known);

/* The text under a key without white space around it, copied; empty when there is none. */
struct str read_text(struct rules_reader *, const struct yaml_node *map, const char *key);

/* The texts of a list, or one text alone, appended to what *items has. */
void read_texts(
	struct rules_reader *, const struct yaml_node *node, struct str **items, size_t *count);

/*
 * The items of a list, linked by `next`. One text or map alone stands for a list of one and is
 * copied to *alone, of the caller; NULL when there is nothing.
 */
const struct yaml_node *read_items(const struct yaml_node *list, struct yaml_node *alone);

/*
 * The text of a pattern. The line feed with which a block of YAML ends is no part of a line; it is
 * left out, with a doubt.
 */
struct str read_pattern_text(struct rules_reader *, const struct yaml_node *);

/* Appends a text as a regex that matches it and nothing else. */
struct buf;
void read_append_quoted(struct buf *, struct str text);

/* A whole number under a key; `otherwise` when there is none or it is none. */
uint64_t read_number(
	struct rules_reader *, const struct yaml_node *map, const char *key, uint64_t otherwise);

/* A duration such as 30s under a key, with a sign where `is_signed`; 0 when there is none. */
int64_t read_duration(
	struct rules_reader *, const struct yaml_node *map, const char *key, bool is_signed);

/* true or false (yes, no, on, off) under a key; false when there is none. */
bool read_flag(struct rules_reader *, const struct yaml_node *map, const char *key);

/* Appends the term to the rule `copies` times; rejects when that makes too many. */
void read_add_term(struct rules_reader *, struct rule *, const struct yaml_node *where,
	uint32_t term, uint64_t copies);
void read_add_negative(struct rules_reader *, struct rule *, struct rule_negative);
void read_add_hint(struct rules_reader *, struct rule *, struct str hint);

/* Puts the finished rule into the set, unless it was rejected; starts afresh for the next. */
void read_take_rule(struct rules_reader *, const struct rule *);

/* rules_cre.c: one rule of a CRE document; `terms` is the document's map of terms or NULL. */
bool rules_cre_looks_like(const struct yaml_node *item);
void rules_cre_read(
	struct rules_reader *, const struct yaml_node *item, const struct yaml_node *terms);

/* rules_pack.c: a document of the native form, all of it. */
bool rules_pack_looks_like(const struct yaml_node *document);
void rules_pack_read(struct rules_reader *, const struct yaml_node *document);

#endif
