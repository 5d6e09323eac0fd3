/* SPDX-License-Identifier: MIT */
/*
 * The reasoning behind the ranking, before it is put into words: when it hurt, what deviates from
 * normal in which service and by how much, what of that is a consequence of something else, and who
 * comes first. Points are nats: natural logarithms of how much better "this service changed at the
 * incident" explains what was counted than "it did not".
 *
 * In: findings, settings, frame. Out: to suspects (who words it). Pure; one thread; owned by the
 * judgement's arena.
 */
#ifndef LINEUP_JUDGEMENT_H
#define LINEUP_JUDGEMENT_H

#include "lineup/frame.h"
#include "lineup/rank.h"

/*
 * When it hurt: one span, or several of a recurring incident (every day 17:00 to 19:00), in order
 * of time. Everything else inside the frame is the baseline, unless a baseline was given.
 */
struct incident {
	struct span *spans;
	size_t span_count; /* 0: nothing stands out */
	size_t asked; /* which of them people ask about: the one that was given, else the last */
	bool given;
	bool recurring;
	double certainty;	 /* nats by which it beats the next best; 0 when given */
	struct str how;		 /* one plain sentence */
	struct str when;	 /* of a recurring one: "daily 17:00-19:00"; else empty */
	double seconds;		 /* of all spans */
	double baseline_seconds; /* 0: there is no baseline */
};

enum deviation_kind {
	DEVIATION_NEW,	   /* a problem line or rule never seen in the baseline */
	DEVIATION_MORE,	   /* seen before, now more often */
	DEVIATION_LOST,	   /* a step that followed another no longer does, within a request */
	DEVIATION_STOPPED, /* a called service no longer speaks, or a line no longer comes */
	DEVIATION_SLOW,	   /* more time passes between two lines of a request, or a number rose */
	DEVIATION_NAMED,   /* what deviates in another service names this one; the subject is its */
	DEVIATION_KINDS,
};

/* How a line speaks of the service that it is said of. */
enum named_how {
	NAMED_BY_NAME,	 /* or by the kind of store that it is */
	NAMED_BY_LOCK,	 /* it waits for a lock, which that one most probably holds */
	NAMED_IN_COMMON, /* it and others wait in vain for several, which have that one in common */
	NAMED_AS_AWAY,	 /* it waits for one that it does not name, and that one was away */
};

struct deviation {
	enum deviation_kind kind;
	uint32_t service; /* whose deviation it is */
	uint32_t subject; /* index in findings.subjects: what is new, more, lost, stopped or slow */
	uint32_t after;	  /* LOST, STOPPED, SLOW: the subject before it; else UINT32_MAX */
	double raw;	  /* nats, before what other services explain of it */
	double points;	  /* nats, after */
	double kept; /* NEW, MORE: the share of the line that is of its service, and not of whom it
		      * names or waits for; else 1 */
	bool by_requests;	  /* NEW, MORE: episodes are requests, else cells of time */
	enum named_how named_how; /* NAMED */
	struct str trail; /* NAMED: by no name; this thing or address, of which the line complains
			   * (a view of the findings), was last seen there; else empty */
	bool restarted;	  /* NAMED: it started anew in the incident, */
	int64_t away_ns;  /* first at this time; else NAMED_AS_AWAY: it was last heard of then */
	bool one_line;	  /* STOPPED: of a service that still says other things */
	uint32_t site;	  /* STOPPED: the one site of the service where it says nothing any more, as
			   * index in findings.sites plus 1; 0: all of them */
	uint64_t base_count; /* e.g. episodes in the baseline, */
	uint64_t base_of;    /* of so many requests (0: of all the baseline's time) */
	uint64_t count;	     /* the same in the incident */
	uint64_t of;
	double base_value; /* SLOW: median seconds in the baseline and in the incident, */
	double value;
	bool of_run;  /* SLOW: of one run of a job; base_value is the longest other one */
	bool unended; /* and the line that ends a run never came */
	bool spans; /* and it is of no other runs, but lasts as long as the trouble does; base_value
		     * is how much earlier it begins; unended: the logs end with both */
	bool quartiles;	  /* or upper quartiles: less than half of them are slower */
	int64_t first_ns; /* first time in the incident; TIME_NONE: it is an absence */
};

/*
 * A deviation that came after another: in how many requests, each of which shows both, or in how
 * many episodes of an incident that came several times (the requests are then all those with the
 * effect).
 */
struct blame {
	uint32_t effect; /* index in deviations */
	uint32_t cause;	 /* index in deviations */
	uint64_t requests;
	uint64_t of;	    /* requests with the effect */
	double lag_seconds; /* median, from cause to effect */
	uint64_t episodes;  /* 0: told by requests alone */
	uint64_t episodes_of;
};

enum score_part {
	PART_PROBLEMS, /* new and more frequent problem lines and rules */
	PART_FLOW,     /* steps that no longer follow */
	PART_STOPPED,
	PART_SLOW,
	PART_CHANGED, /* ordinary lines that are more frequent */
	PART_NAMED,   /* what deviates in other services and names this one */
	PART_ORDER,   /* who deviates first */
	PART_ONSET,   /* who speaks at the very moment of the onset */
	PART_COUNT,
};

struct service_case {
	uint32_t service; /* index in findings.services */
	double parts[PART_COUNT];
	double score;	  /* their sum */
	int64_t first_ns; /* of its first deviation; TIME_NONE */
};

struct judgement {
	struct arena arena;
	struct incident incident;
	struct deviation *deviations; /* most points first; ties by service, subject, kind */
	size_t deviation_count;
	struct blame *blames;
	size_t blame_count;
	unsigned blame_sampling;       /* they are told by one request in 2^this */
	uint64_t crowded_requests;     /* too many deviations in each to tell causes from effects */
	struct service_case *services; /* most suspected first; all services */
	size_t service_count;
};

/* Fills the judgement, which the caller releases; it points into the findings. */
void judge(const struct findings *, const struct rank_settings *, const struct frame *,
	struct judgement *);
void judgement_release(struct judgement *);

#endif
