/* SPDX-License-Identifier: MIT */
/*
 * Which items of a database are compiled together, and what is compiled for them; used by
 * pattern_database alone. In: items, which stay the caller's. Out: parts, and the expressions of
 * each. One thread for the parts, any for the expressions of a part.
 */
#ifndef LINEUP_DATABASE_PARTS_H
#define LINEUP_DATABASE_PARTS_H

#include "lineup/pattern_database.h"

#define PARTS_MAX 8 /* of one database */

enum part_kind {
	PART_ANY,
	PART_PLAIN, /* all texts are plain */
	PART_FOUND, /* only the texts that a finder takes */
	PART_REST,  /* only the others */
};

struct database_part {
	size_t job; /* whose it is */
	struct pattern_item **items;
	size_t count;
	enum part_kind kind;
};

struct database_parts {
	struct database_part items[PATTERN_JOBS_MAX * PARTS_MAX];
	size_t count;
};

/* In the order in which they are best begun. What fits in no part is refused. */
void database_parts_cut(struct database_parts *, struct pattern_job *, size_t job_count);
void database_parts_release(struct database_parts *);

/* The ids that one expression stands for, behind their number; by its own id, less SHARED_ID. */
#define SHARED_ID 0x80000000u
struct shared_ids {
	uint32_t *words;
	size_t count;
	size_t capacity;
};

/* From bytes of `words`. */
void shared_ids_copy(struct shared_ids *, struct str bytes);

/* Hands on what one expression found for all patterns that share it: with the relay as context. */
struct shared_relay {
	const struct shared_ids *shared;
	pattern_found_fn *found;
	void *context;
};
pattern_found_fn shared_relay_found;

enum expression_flag { EXPRESSION_EMPTY = 1, EXPRESSION_CASELESS = 2 };

/* Each text of a part once, with the id of its item, or of a list of those that share it. */
struct expressions {
	const char **texts;
	size_t *lens; /* of plain texts */
	unsigned *flags;
	unsigned *ids;
	unsigned count;
	struct use *uses; /* of the texts by items */
	size_t use_count;
	uint32_t *first_use; /* by expression */
};

/* Of the items that are not refused. The shared ids are overwritten; release frees the others. */
void expressions_init(
	struct expressions *, struct shared_ids *, const struct database_part *);
void expressions_release(struct expressions *);

/* Marks all items of an expression. */
void expressions_refuse(const struct expressions *, size_t index);

#endif
