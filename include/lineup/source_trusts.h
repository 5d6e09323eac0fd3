/* SPDX-License-Identifier: MIT */
/*
 * How far the stamps of each member can be trusted, and what was assumed of them.
 *
 * In: what each chunk's lines showed, in any order, one list a worker. Out: to the notes on time.
 * The first members in order are told apart, and of the others there are sums, so that neither
 * depends on who read what. One thread at a time; texts are owned by the list.
 */
#ifndef LINEUP_SOURCE_TRUSTS_H
#define LINEUP_SOURCE_TRUSTS_H

#include "lineup/arena.h"
#include "lineup/reading.h"
#include "lineup/table.h"

/* Of one member. */
struct source_trust {
	uint32_t input;
	uint32_t sequence;
	struct str place;
	struct str note; /* source_reading_note */
	struct reading_trust trust;
};

struct source_trusts {
	struct arena arena;
	struct source_trust *items; /* in no order before source_trusts_finish */
	size_t count;
	size_t capacity;
	struct table index;
	size_t limit;		     /* members that are told apart; 0: SOURCE_TRUSTS_MAX */
	struct reading_trust others; /* of all members behind the first ones */
};

#define SOURCE_TRUSTS_MAX ((size_t)20000)

/* A zeroed struct is ready; release frees all. */
void source_trusts_release(struct source_trusts *);

/* Adds the counts of some lines of a member; its texts are copied. */
void source_trusts_add(struct source_trusts *, const struct source_trust *);

/* Adds all of `from`. */
void source_trusts_join(struct source_trusts *into, const struct source_trusts *from);

/* When all is joined: the first members in order by input, then sequence. */
void source_trusts_finish(struct source_trusts *);

#endif
