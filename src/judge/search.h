/* SPDX-License-Identifier: MIT */
/*
 * Finding an incident that was not told: periods that may be one are tried, the one in which most
 * stands out is kept, if it stands out enough. Pure; on the threads of the settings.
 */
#ifndef LINEUP_JUDGE_SEARCH_H
#define LINEUP_JUDGE_SEARCH_H

#include "src/judge/incident.h"

/* What was observed, cut by these spans into incident and baseline; in the arena. */
void incident_cut(const struct scene *, struct arena *, const struct stretch *spans, size_t count,
	struct period *);

/* Of each service, zeroed before: what the period's baseline shows against itself. Any thread. */
void incident_drift(const struct scene *, const struct requests *, const struct period *,
	double (*drift)[PART_COUNT]);

/* Is what the parts of each service show beyond its drift more than luck, when the best of so many
 * periods is looked at? */
bool incident_stands_out(const struct scene *, double (*parts)[PART_COUNT],
	double (*drift)[PART_COUNT], double periods_tried);

/* As incident_find, when nothing is given. */
void incident_search(const struct scene *, const struct requests *, const struct frame *,
	struct judgement *, struct trial *);

/* The same when it is given: the trial may be of a start nearby, where much more stands out; the
 * judgement's span is the one that was given. Of one that was given so wide that it had to be
 * searched itself, it is what was found. */
void incident_search_given(const struct scene *, const struct requests *, const struct frame *,
	struct judgement *, struct trial *);

/* How a candidate came to be. */
enum candidate_kind {
	CANDIDATE_FIRST,     /* from the first line of a kind of problem to the end */
	CANDIDATE_GRID,	     /* from one of evenly spaced times to the end */
	CANDIDATE_BURST,     /* the stretch in which most problem lines are too many */
	CANDIDATE_RECURRING, /* problems come at the same hours again and again */
	CANDIDATE_GIVEN,     /* what the user says */
};

struct candidate {
	enum candidate_kind kind;
	struct stretch *spans;
	size_t count;
	int64_t lead_ns;  /* looked at before each span, for what leads up to it */
	uint32_t subject; /* FIRST, RECURRING: whose line or hours; else NO_INDEX */
	struct str when;  /* RECURRING: "daily 17:00-19:00" */
};

/* When an incident that was tried up to to_ns ended, as it is told: what lasts to the end of all
 * that was read ends with the second of the last line, since many logs tell no less. */
int64_t incident_end(const struct scene *, int64_t to_ns);

/* Fills the judgement's incident, but for how certain it is: when it was, by the candidate, as
 * exactly as what its trial found says it, and in words. */
void incident_tell(const struct candidate *, const struct trial *, struct judgement *);

/* A cause comes before what it does: a job may work some minutes before it hurts. */
#define HABIT_LEAD_NS (300 * NS_PER_S)

#define CANDIDATES_MAX 64
/* In the first part of so many of what was observed no onset is looked for: too little is before */
#define CANDIDATES_LEAST_BEFORE 20

/* Writes at most CANDIDATES_MAX; their spans are in the arena. */
size_t candidates_find(
	const struct scene *, const struct frame *, struct arena *, struct candidate *out);

/* The same of an incident that is given: it, and when else it may have begun. */
size_t candidates_near(
	const struct scene *, const struct frame *, struct arena *, struct candidate *out);

/* Those of candidates_find that begin in the span that is given, and end by to_ns, when it leaves
 * too little beside it to compare; else none. */
size_t candidates_within(const struct scene *, const struct frame *, struct arena *, int64_t to_ns,
	struct candidate *out);

/* Of the candidates behind `first` those one time of which is the span that is given; how many there
 * are then in all. */
size_t candidates_keep_met(
	const struct scene *, struct candidate *out, size_t first, size_t count);

/* Adds the hours of the span that is given, on every day; how many candidates there are then. */
size_t candidates_add_hours(
	const struct scene *, struct arena *, struct candidate *out, size_t count);

/* Which of the candidate's times is the one that is given: the index of the span, or SIZE_MAX. */
size_t candidate_met(const struct scene *, const struct candidate *);

/* How exactly a start is known that was given. What lies as much before it may belong to it. */
int64_t given_precision_ns(const struct scene *);

#endif
