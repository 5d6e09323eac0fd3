/* SPDX-License-Identifier: MIT */
/*
 * Rules from where they are kept into a rule set: files, folders, plain patterns, and those that
 * are built into the program. The form of a document is told by its content.
 *
 * Every fault becomes a complaint of the set with file:line:column; a bad rule stops no other. What
 * can fail is only what a user named and cannot be read. Call rule_set_finish after the last load.
 * One thread.
 */
#ifndef LINEUP_RULES_LOAD_H
#define LINEUP_RULES_LOAD_H

#include "lineup/error.h"
#include "lineup/rules.h"

struct rules_load_options {
	bool experimental; /* take rules of `status: experimental` too */
	unsigned threads;  /* that read files, at most; 0 counts as 1; the rules are the same */
};

/*
 * Adds a rule file, or all files named *.yaml and *.yml under a folder, links to files among them,
 * in the order of their names; hidden ones are left out. Fails when the path cannot be opened.
 */
MUST_USE int rules_load_path(
	struct rule_set *, struct str path, const struct rules_load_options *, struct error *);

/* A rule file in memory, or why it cannot be read. */
struct rule_file {
	struct str path;
	struct str text;
	struct str fault; /* empty: it was read */
};

/* What stands under a path, in the order of names; zeroed is ready. */
struct rule_files {
	struct arena arena; /* owns all that the items point to */
	struct rule_file *items;
	size_t count;
	size_t capacity;
	uint64_t bytes;
};

/*
 * The two halves of rules_load_path: reading the files, and the rules in them. Adding them needs
 * nothing but what was read.
 */
MUST_USE int rule_files_read(struct rule_files *, struct str path, struct error *);
void rule_files_add_to(
	const struct rule_files *, struct rule_set *, const struct rules_load_options *);
void rule_files_release(struct rule_files *);

/* Adds the documents of one text; `path` is what complaints name. */
void rules_load_text(
	struct rule_set *, struct str path, struct str text, const struct rules_load_options *);

/*
 * Adds the rules that were built into the program from patterns/, a few milliseconds. Fails when
 * the built-in image does not fit this program (a broken build). `experimental` is not looked at:
 * such rules are not built in.
 */
MUST_USE int rules_load_builtin(struct rule_set *, struct error *);

/* -e: a plain pattern, id `regexp:N` (N from 1). */
void rules_load_pattern(struct rule_set *, struct str regex, unsigned number);

/* -f: one pattern a line, id `FILE:LINE`; empty lines are left out.
 * Fails when it cannot be read. */
MUST_USE int rules_load_pattern_file(struct rule_set *, struct str path, struct error *);

#endif
