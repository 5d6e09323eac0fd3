/* SPDX-License-Identifier: MIT */
/*
 * Where in a JSON text stands this byte? One byte at a time, so that the text may be cut anywhere,
 * and values may follow one another with or without anything between them. It checks no more than
 * tells JSON from other text: what is neither is passed over to the end of its line. Any thread;
 * the state is the caller's.
 */
#ifndef LINEUP_JSON_WALK_H
#define LINEUP_JSON_WALK_H

#include "lineup/buf.h"

/* Deeper than this no log nests, and text is taken for broken. */
#define JSON_WALK_DEPTH_MAX 60

/* All zeros at the start of a text. */
struct json_walk {
	uint64_t arrays; /* a bit for each level from the outermost on: it is an array */
	unsigned depth;	 /* objects and arrays that are open */
	bool in_string;
	bool escaped;  /* the byte before is a backslash */
	bool in_prose; /* outside of all values, and until the line ends */
};

enum json_byte {
	JSON_PLAIN,
	JSON_OPEN,  /* of an object or array, which counts as open with this byte */
	JSON_CLOSE, /* of the one that was open before it */
	JSON_COMMA, /* between the parts of the innermost one */
	JSON_COLON,
	JSON_BROKEN, /* no JSON: all that was open is given up */
};

enum json_byte json_walk_byte(struct json_walk *, char);

/* So many of these bytes stand inside of the string that is open, and end it not. */
size_t json_walk_string(const struct json_walk *, struct str bytes);

/* A place in the nesting of a text: so many levels, of these kinds. */
struct json_shape {
	unsigned depth; /* 0: none */
	uint64_t arrays;
	bool pairs; /* arrays of a time in nanoseconds and a text, as Loki answers */
};

/* Do the open levels, down to the one at `depth` (from 1), lead to the shape? */
static inline bool json_walk_leads(
	const struct json_walk *w, unsigned depth, const struct json_shape *to)
{
	uint64_t mask = (UINT64_C(1) << depth) - 1;
	return depth <= to->depth && ((w->arrays ^ to->arrays) & mask) == 0;
}

static inline bool json_walk_at(const struct json_walk *w, const struct json_shape *shape)
{
	return w->depth == shape->depth && json_walk_leads(w, w->depth, shape);
}

/*
 * Where the records of a text are, by its first bytes: the outermost objects or arrays that follow
 * one another, at least two, and hold a time of their own. None where there are no such.
 */
struct json_shape json_shape_learn(struct str sample);

/*
 * Where the records are lists of values, rows of a table: the names of its columns, which a list
 * before the rows and beside theirs tells ("columns":[{"name":"a"},..],"rows":[[..],..]). Appends
 * `"a":` and a line end for each; nothing where there are none.
 */
void json_columns_learn(struct str sample, const struct json_shape *rows, struct buf *names);

/*
 * Is this a text of records that are no lines: laid out over several lines each, or parts of one
 * value? By no more than its first bytes; json_shape_learn may still find none.
 */
bool json_is_document(struct str head);

#endif
