/* SPDX-License-Identifier: MIT */
/*
 * Collects the hits that rules of several terms (or with counts or negative terms) are decided on.
 *
 * In: hits with their time, place, service, host and request, in any order, one collector a worker.
 * Out: to fire_run (fire.h), which decides them on the log's own clock. Rules of one term alone
 * need none of this: each of their hits is a fire.
 *
 * Memory is bounded without regard to who collected what, so that the result is the same for any
 * number of workers: see fire_events.c. What was given up is counted.
 */
#ifndef LINEUP_FIRE_EVENTS_H
#define LINEUP_FIRE_EVENTS_H

#include "lineup/buf.h"
#include "lineup/clock.h"
#include "lineup/intern.h"
#include "lineup/rules.h"

/* Which rules wait for a term, and as what. Const after fire_plan_create. */
struct fire_use {
	uint32_t rule;
	uint32_t slot; /* see fire_slot */
};

struct fire_plan {
	const struct rule_set *rules; /* must outlive the plan */
	uint32_t *starts;	      /* of a term's uses: term_count + 1 of them */
	struct fire_use *uses;
};

void fire_plan_create(struct fire_plan *, const struct rule_set *);
void fire_plan_release(struct fire_plan *);

/* Does any rule wait for this term? */
static inline bool fire_plan_wants(const struct fire_plan *plan, uint32_t term)
{
	return plan->starts[term] != plan->starts[term + 1];
}

/*
 * The slot of a term in a rule: the index of its first positive copy, or behind all positives the
 * index of its first negative. UINT32_MAX: not a term of the rule.
 */
uint32_t fire_slot(const struct rule *, uint32_t term);

/* At most this much of a line is kept to be shown. */
#define FIRE_TEXT_BYTES 256

/* A line that hit a term. All views are copied where needed. */
struct fire_origin {
	int64_t time_ns;   /* TIME_NONE: its member has shown no stamp yet */
	int64_t uptime_ns; /* since an unknown boot, where time_ns is TIME_NONE; else 0 */
	uint32_t tree;	   /* number of the input tree: services of two trees are never one */
	uint32_t input;
	uint32_t sequence;
	uint64_t line;
	uint64_t offset;
	struct str place; /* of the member */
	struct str service;
	struct str host;    /* may be empty, then the service stands in */
	struct str request; /* likewise */
	struct str text;    /* the line */
};

struct fire_event {
	int64_t time_ns;
	int64_t uptime_ns; /* as of the origin; 0 where time_ns is one */
	uint64_t key;	   /* hash of whose line it is, by the rule's key */
	uint64_t line;
	uint64_t offset;
	uint32_t input;
	uint32_t sequence;
	uint32_t place;	  /* in fire_events.names */
	uint32_t service; /* likewise */
	uint32_t text_at; /* in fire_pile.text */
	uint16_t text_len;
	uint16_t slot;
};

/* The events of one rule. */
struct fire_pile {
	struct fire_event *items;
	size_t count;
	size_t capacity;
	struct buf text;
	uint64_t seen;	/* events added in all */
	unsigned level; /* how far it was thinned; 0: not at all */
};

struct fire_events {
	struct fire_pile *piles; /* by rule; NULL before the first event */
	size_t pile_count;
	size_t budget; /* events kept of a rule; 0: FIRE_BUDGET */
	struct intern names;
};

#define FIRE_BUDGET ((size_t)16384)

/* A zeroed struct is ready; release frees all. */
void fire_events_release(struct fire_events *);

/* Takes one line's hit of a term for every rule that waits for the term. */
void fire_events_add(
	struct fire_events *, const struct fire_plan *, uint32_t term, const struct fire_origin *);

/* Appends all of `from`. */
void fire_events_merge(struct fire_events *into, const struct fire_events *from);

/*
 * Brings a pile to its final state once everything is merged: sorted by key, then undated ones by
 * member, then time (undated: since boot, line), input, member, line, slot; thinned to the budget.
 */
void fire_pile_finish(struct fire_events *, const struct rule *, size_t rule_index);

/* Memory in use. */
size_t fire_events_bytes(const struct fire_events *);

#endif
