/* SPDX-License-Identifier: MIT */
/*
 * What the blaming is cut into: the deviations of one request laid out in time (blame_lay.c), what
 * explains what among them (blame.c; what is told by errors: blame_said.c), and which stood before
 * which in how many requests (blame_links.c). For a trial; one thread.
 */
#ifndef LINEUP_JUDGE_BLAME_PARTS_H
#define LINEUP_JUDGE_BLAME_PARTS_H

#include "src/judge/trial.h"

/* More deviations in one request than this are not laid out: a request id that is a constant. */
#define ENTRIES_MAX 256

struct entry {
	int64_t from_ns;
	int64_t to_ns; /* LOST: of the next line, INT64_MAX: none came */
	uint32_t finding;
};

/* Of each subject: the pairs, calls or edges that begin with it and deviate, ascending. */
struct deviating {
	uint32_t *first; /* of each subject, in items; subject_count + 1 */
	uint32_t *items;
};

struct layout {
	const struct trial *t;
	struct entry entries[ENTRIES_MAX];
	size_t count;
	bool crowded;	   /* there are more: none of them counts */
	uint32_t *place;   /* of each finding: its entry, plus 1; 0: none */
	uint64_t problems; /* bits of subjects (request_bit): a request without any of them */
	uint64_t lost;	   /* has no such deviation */
	uint64_t stopped;
	uint64_t slow;	   /* of any kind; */
	uint64_t slow_within; /* within a service */
	struct deviating lost_after;
	struct deviating stopped_after;
	struct deviating slow_after; /* within a service */
	size_t near;		     /* the period's stretch that was met last */
	bool inside; /* all of the request lies in a stretch of the incident */
};

/* Everything is in the trial's arena. */
void layout_init(struct layout *, struct trial *);

/* Lays out the request; false: nothing in it can deviate. */
bool layout_fill(struct layout *, const struct request *);

/* Only a deviation worth more than a nat explains another: else noise would explain anything. */
#define LEAST_CAUSE 1.0

struct link_key {
	uint32_t effect;
	uint32_t cause;
};

struct laid_link {
	struct link_key key;
	uint32_t request;
	double lag_seconds;
};

/* What an entry is as a cause of others. */
struct cause {
	int64_t at_ns;	 /* a stamp of whole seconds: its second is over */
	int64_t gone_ns; /* a caller that still waits has not failed yet: its lost step dates from
			  * when it went on */
	uint32_t service;
	uint32_t entry;
	uint32_t next_other; /* in the row by at_ns: the next of another service */
};

struct blaming {
	struct trial *t;
	const struct request *request; /* that is laid out */
	struct layout layout;
	struct cause causes[ENTRIES_MAX]; /* by at_ns */
	size_t cause_count;
	int64_t first_gone_ns[2]; /* the earliest, and the earliest of another service than that */
	uint32_t first_service;
	uint16_t said[ENTRIES_MAX]; /* the entries that are errors, and such that count as causes */
	size_t said_count;
	uint16_t spoken[ENTRIES_MAX]; /* the same, and such warnings */
	size_t spoken_count;
	bool told[ENTRIES_MAX]; /* of each entry: another tells what happened there (blame.c) */
	bool complains[ENTRIES_MAX];	  /* of each entry: it is said of another, or after that */
	uint16_t complaints[ENTRIES_MAX]; /* the entries that complain and count as causes */
	size_t complaint_count;
	int64_t entered_ns[ENTRIES_MAX]; /* of each entry: its service's first line there; 0: not
					  * asked for yet */
	struct laid_link *links;
	size_t link_count;
	size_t link_capacity;
	size_t pairs;	   /* looked at for links */
	unsigned sampling; /* one request in 2^this is linked */
};

static inline const struct finding *finding_of(const struct blaming *b, const struct entry *e)
{
	return &b->t->findings[e->finding];
}

/* A stamp of whole seconds: it was somewhere in this second. */
static inline int64_t latest_ns(const struct blaming *b, const struct entry *e)
{
	bool coarse = b->t->scene->coarse[finding_of(b, e)->d.service];
	return e->from_ns + (coarse ? NS_PER_S - 1 : 0);
}

/* The same of the line that came in the end where another was lost. */
static inline int64_t latest_end_ns(const struct blaming *b, const struct entry *e)
{
	return e->to_ns + (latest_ns(b, e) - e->from_ns);
}

/* Which entries of the request are errors, which such warnings: `said`, `spoken`. */
void blame_find_said(struct blaming *);

/* Is the line that is missing no cause, since another entry tells what happened there? After
 * blame_find_said. */
bool blame_is_told(struct blaming *, size_t entry);

/* Does the complaint tell of waiting for the service of the effect, or for one around it? */
bool blame_is_of_waiting(struct blaming *, size_t complaint, size_t effect);

/* First line of the entry's service in the request that is laid out. */
int64_t blame_entered(struct blaming *, size_t entry);

/* Up to when the line may have been written: most stamps are cut off at the millisecond. */
static inline int64_t blame_instant_end(int64_t stamp_ns)
{
	return stamp_ns % NS_PER_MS == 0 && stamp_ns != INT64_MAX ? stamp_ns + NS_PER_MS - 1
								  : stamp_ns;
}

/* Does the line name this service, or all instances of which it is one? */
bool blame_names(const struct blaming *, const struct scene_subject *said, uint32_t service);

/*
 * Does the cause come before that time in the effect's life? Who was called answers in the instant
 * in which its caller hears of it, as far as their stamps tell: of two of one instant the inner one
 * was first. Where each speaks no sooner than when it fails, nobody can tell by the stamps which is
 * the inner one; but a line that names the other was written after that one had failed.
 */
bool blame_is_before(
	struct blaming *, size_t cause, int64_t cause_ns, size_t effect, int64_t effect_ns);

/* Links the deviations that are laid out, of the request of this index. */
void blame_link(struct blaming *, uint32_t index);

/* All links of a pair to one, in the trial's blames. */
void blame_sum_links(struct blaming *);

#endif
