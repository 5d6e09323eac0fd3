/* SPDX-License-Identifier: MIT */
/*
 * What the judging works on: the findings of the scan and, when a baseline was read from another
 * path, those beside them under one numbering of services and subjects; each subject with the
 * class of what it says. Built once; const afterwards; points into the findings.
 */
#ifndef LINEUP_JUDGE_SCENE_H
#define LINEUP_JUDGE_SCENE_H

#include "lineup/arena.h"
#include "lineup/frame.h"
#include "lineup/rank.h"
#include "src/judge/period.h"
#include "src/judge/subject_class.h"

#define NO_INDEX UINT32_MAX

struct scene_subject {
	const struct subject *subject; /* of the scan; NULL: the baseline alone has it */
	const struct subject *base;    /* of the baseline's own findings; NULL: none */
	uint32_t service;
	uint32_t rule_subject; /* of a template: the subject of its rule in its service; NO_INDEX */
	enum subject_class class;
	bool failed;	/* the line itself says error or worse */
	bool exception; /* its text names an exception */
	uint32_t named; /* the one other service that its lines name; NO_INDEX: none, or several */
	bool named_all; /* that one and all other instances of it */
	struct str trail; /* not by a name in them: this thing or address, which they complain of
			   * (its place is in the findings), was last seen there; empty: by name */
	bool waits;	/* they name none, but tell of waiting for one */
	bool slow_only; /* they are only written of what takes long, by one who waits for nobody */
	bool in_line;	/* they tell that all of something is taken that is held while one waits */
};

/* Which services are one, several times over (instances.h). */
struct instance {
	uint32_t first; /* of them; itself where it is alone */
	uint32_t next;	/* around to the first */
};

struct scene_event {
	uint64_t request;
	uint64_t span;
	int64_t time_ns;
	uint32_t service;
	uint32_t subject; /* never NO_INDEX: templates not kept are one subject a service */
	bool base;	  /* of the baseline's own findings */
};

struct scene {
	struct arena arena;
	const struct findings *findings;
	const struct findings *baseline; /* NULL: none of its own */
	const struct rank_settings *settings;
	int64_t from_ns;	  /* of what was read inside the frame, */
	int64_t to_ns;		  /* exclusive; equal: nothing is dated */
	struct stretch *observed; /* of this, the stretches in which anyone speaks, in order */
	size_t observed_count;
	double observed_seconds;
	struct scene_subject *subjects; /* those of the findings first, at their own index */
	size_t subject_count;
	size_t service_count; /* those of the findings first, at their own index */
	const struct service_findings *
		*base_services;	    /* of each service; NULL: not in the baseline */
	struct scene_event *events; /* requests as they begin, each by time; inside the frame */
	size_t event_count;
	struct told_lines *told; /* by subject (told_lines.h) */
	size_t told_count;
	struct job *jobs; /* those of which one run took long (jobs.h) */
	size_t job_count;
	struct restart *restarts; /* of services that started anew (restarts.h) */
	size_t restart_count;
	struct instance *instances; /* of each service */
	bool *is_store;	     /* of each service: it is called like a database, cache or queue */
	bool *whole_seconds; /* of each service: its stamps are of whole seconds, */
	bool *coarse;	     /* and those of others in requests are not */
};

void scene_build(struct scene *, const struct findings *, const struct rank_settings *,
	const struct frame *);
void scene_release(struct scene *);

/* The observed seconds within [from, to), and the time at which so many of them have passed. */
double scene_observed(const struct scene *, int64_t from_ns, int64_t to_ns);
int64_t scene_time_at(const struct scene *, double observed_seconds);

/* On which side something lies that was seen at this time, in the scan or in the baseline's own. */
static inline enum side scene_side(const struct period *p, bool base, int64_t time_ns)
{
	return base ? SIDE_BASE : period_side(p, time_ns);
}

/* Where the request whose events begin here ends. */
size_t scene_request_end(const struct scene *, size_t from);

/* How many cells of time have any of the subject, on either side. */
void scene_cells(
	const struct scene *, const struct period *, uint32_t subject, uint64_t cells[SIDE_COUNT]);

/* The same for all lines of a service. */
void scene_service_cells(
	const struct scene *, const struct period *, uint32_t service, uint64_t cells[SIDE_COUNT]);

/* Index of the first cell, from index `from` on, that starts at this time or later. */
size_t scene_cell_from(const struct series *, int64_t cell_ns, size_t from, int64_t time_ns);

/* The first time of the subject in a stretch of the incident, as exactly as it is known;
 * TIME_NONE: not there. */
int64_t scene_first_in(const struct scene *, const struct stretch *, uint32_t subject);

#endif
