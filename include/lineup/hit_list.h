/* SPDX-License-Identifier: MIT */
/*
 * From ends of matches to hits: which line it is, each line once for a term, in order of line and
 * term. Used by the matcher; one collector a worker, reused from chunk to chunk.
 */
#ifndef LINEUP_HIT_LIST_H
#define LINEUP_HIT_LIST_H

#include "lineup/matcher_plan.h"

struct hit_collector {
	struct hits *hits;	       /* where to append */
	const uint32_t *terms;	       /* the term of each id that is found */
	const struct term_plan *plans; /* by term, for what follows them; NULL: is not looked at */
	struct str chunk;
	int64_t line_start; /* of the line of the last match */
	int64_t line_end;   /* place of its LF; -1 before the first */
	size_t line_first;  /* index of its first hit */
	uint32_t serial;    /* of that line */
	uint32_t *marks;    /* by term: serial of the line it hit last */
	size_t term_count;
	bool unordered; /* an end came before an earlier one: sort at the end */
};

void hit_collector_init(struct hit_collector *, size_t term_count);
void hit_collector_release(struct hit_collector *);

/* Starts a pass over a chunk that appends to hits; `terms` must live as long as the pass. */
void hit_collector_begin(struct hit_collector *, struct hits *, struct str chunk,
	const uint32_t *terms, const struct term_plan *plans);

/* A pattern_found_fn; the context is the collector, the id an index into its terms. */
int hit_collector_found(
	unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context);

/* Ends the pass: what it appended from index `first` on is in order. */
void hit_collector_finish(struct hit_collector *, size_t first);

/* Room for one more. */
void hits_grow(struct hits *);

/* Appends one hit. */
static inline void hits_add(struct hits *h, uint32_t start, uint32_t end, uint32_t term)
{
	if (unlikely(h->count == h->capacity))
		hits_grow(h);
	h->items[h->count++] = (struct hit){ .start = start, .end = end, .term = term };
}

/* Brings the hits from index `from` on, all of one line, in order of term. */
void hits_sort_line(struct hits *, size_t from);

/* Merges the ordered runs [0, middle) and [middle, count) of h, each hit once, with `spare` as
 * room. */
void hits_merge(struct hits *h, size_t middle, struct hits *spare);

#endif
