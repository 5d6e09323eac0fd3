/* SPDX-License-Identifier: MIT */
/*
 * One rule and the events of one key on one clock: the matches that stand, one after the other.
 * What it means to match is told in fire.h. For fire.c; one thread. A bout is large: one serves all
 * keys.
 */
#ifndef LINEUP_JUDGE_FIRE_BOUT_H
#define LINEUP_JUDGE_FIRE_BOUT_H

#include "lineup/fire_events.h"

#define SLOTS_MAX (2 * RULE_TERMS_MAX) /* one a term, positive and negative */

/*
 * The events of one slot in order, and which of them are used up: `after` leads from a place to the
 * first at or behind it that is not, over shortcuts that are made as they are walked.
 */
struct queue {
	const struct fire_event **events;
	size_t *after;
	size_t count;
};

struct bout {
	const struct rule *rule;
	const struct fire_event **places; /* of all queues, */
	size_t *after;			  /* and theirs */
	struct queue queues[SLOTS_MAX];
	uint32_t slots[RULE_TERMS_MAX]; /* of each positive term */
	uint32_t negative_slots[RULE_TERMS_MAX];
	bool *given_up[RULE_TERMS_MAX]; /* of a sequence: by term and place in its queue; or NULL */
	const struct fire_event *taken[RULE_TERMS_MAX]; /* what each term takes */
	size_t taken_at[RULE_TERMS_MAX];		/* its place in the queue */
	size_t first; /* of a sequence: where its first term starts to look */
	bool undated;
};

void bout_init(struct bout *, const struct rule *);

/* Begins with the events of one key, in order, at least one. They must live until bout_end. */
void bout_begin(struct bout *, const struct fire_event *events, size_t count);

/*
 * The next match for which the rule fires, in order of time, one event a term; its lines are used
 * up. False: there is none left.
 */
bool bout_next(struct bout *, const struct fire_event *match[RULE_TERMS_MAX]);

void bout_end(struct bout *);

#endif
