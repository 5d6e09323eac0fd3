/* SPDX-License-Identifier: MIT */
/*
 * What a whole scan learned: plain data, complete, without pointers into the pipeline. It can be
 * saved, merged with others and ranked again without the logs.
 *
 * In: the tallies of all workers. Out: to rank (a pure function of it) and to the
 * reports. Everything is sorted by name or time, never by arrival, so it is the same for every -j.
 * It owns all that it points to (its arena); built by one thread, const afterwards.
 */
#ifndef LINEUP_FINDINGS_H
#define LINEUP_FINDINGS_H

#include "lineup/arena.h"
#include "lineup/tally.h"
#include "lineup/rules.h"
#include "lineup/severity.h"
#include "lineup/troubles.h"

/* Counts over time, in order of time. */
struct series {
	struct cell *cells;
	size_t cell_count;
	uint64_t total;	  /* dated and undated */
	uint64_t undated; /* lines without any time */
	int64_t first_ns; /* of the dated ones; TIME_NONE: none */
	int64_t last_ns;
};

/* Lines of one service by the level that they give themselves. */
struct service_findings {
	struct str
		name; /* "" never stands here: lines of unknown origin are of service "unknown" */
	struct series lines;
	struct series problems; /* lines of level warning and worse, or that hit a problem rule */
	uint64_t by_level[LEVEL_COUNT];
	int64_t ahead_ns; /* its clock's of those of most others, by the requests that it shares
			   * with them; its times are as they were read all the same */
};

/* Where a service writes from, when it runs in several places (sites.h). */
struct site_findings {
	struct str name; /* what tells it from the service's other sites: "fs1" */
	uint32_t service;
	uint64_t name_hash;
	int64_t cell_ns; /* of its series, whose cells only tell that there was a line */
	struct series lines;
};

/* A number read off lines: a named capture, or a numeric field of a template. */
struct quantity {
	struct str name;
	struct cell_number *cells; /* in order of time */
	size_t cell_count;
};

/* What is counted over time in a service: a rule's hits or fires, or a template's lines. */
struct subject {
	enum subject_kind kind;
	uint32_t rule; /* index in findings.rules; of a template: the first rule that hit one of
			* its lines, UINT32_MAX: no rule knows it */
	bool guest;    /* SUBJECT_RULE: a rule of another technology (guests.h); no suspect */
	uint64_t template_id; /* SUBJECT_TEMPLATE: stable between scans and machines */
	struct str template_text;
	enum level level; /* worst level seen on its lines */
	uint32_t service; /* index in findings.services */
	struct series series;
	uint32_t site; /* index in findings.sites: all of its lines are from there, and its
			* service has other sites; UINT32_MAX */
	struct evidence *evidence; /* in order of time, then place; spread over the time */
	size_t evidence_count;
	struct quantity *quantities;
	size_t quantity_count;
};

/* One line of a request that was followed: requests are sampled by hash, whole or not at all. */
struct request_event {
	uint64_t request; /* hash of the trace or request id */
	uint64_t span;	  /* hash of the span id, 0: none */
	int64_t time_ns;
	uint64_t line;
	uint32_t service; /* index in findings.services */
	uint32_t subject; /* index of its template; UINT32_MAX: not kept */
	uint32_t input;
	uint32_t sequence;
	uint8_t level;
};

/* How often a rule fired in all, whatever its rank. */
struct detection {
	uint32_t rule; /* index in findings.rules */
	uint64_t count;
	int64_t first_ns;
	int64_t last_ns;
	uint32_t *services; /* indices, in order of name */
	size_t service_count;
};

struct input_totals {
	bool selected; /* --include and --exclude were there to choose */
	uint64_t files;
	uint64_t members;
	uint64_t bytes_read; /* encoded, from the file system */
	uint64_t bytes;	     /* decoded */
	uint64_t lines;
	uint64_t undated_lines;
};

struct findings {
	struct arena arena;
	const struct rule_set *rules; /* of the run; must outlive the findings */
	int64_t cell_ns;
	int64_t first_ns; /* of all dated lines; TIME_NONE: none */
	int64_t last_ns;
	struct service_findings *services; /* by name */
	size_t service_count;
	struct site_findings *sites; /* by service, then name; of services with several */
	size_t site_count;
	struct subject *subjects; /* rules before templates, then by id, then service */
	size_t subject_count;
	struct detection *detections; /* by rule id */
	size_t detection_count;
	struct request_event *events; /* requests as they begin; each by time, service, place */
	size_t event_count;
	unsigned event_sampling;       /* one request in 2^this was followed */
	unsigned service_sampling;     /* one service in 2^this was; the others are one */
	unsigned template_sampling[2]; /* one in 2^this was kept, of ordinary and of problem ones */
	uint64_t template_lines_dropped; /* lines of templates that were not kept */
	uint64_t problem_lines; /* level warning or worse, or hit a rule that is not info */
	uint64_t matched_lines; /* of these, how many hit a rule */
	struct left_out left_out;
	struct input_totals totals;
	struct troubles troubles;
	struct str *notes; /* what was assumed on time, for which source; what was given up */
	size_t note_count;
	size_t note_capacity;
};

/*
 * The findings of all that was counted, when nothing more is to come; it joins the tallies. totals,
 * troubles and notes are left zeroed for the caller to fill. `rules` must outlive the findings.
 */
void findings_build(struct findings *, const struct tallies *, const struct rule_set *rules);

/* Adds a note behind those that are there; the text is in the findings' arena. */
void findings_note(struct findings *, struct str note);

/* Releases all that findings own. */
void findings_release(struct findings *);

/* The count of a series within [from_ns, to_ns), by whole cells: a cell counts where it starts. */
uint64_t series_count(const struct series *, int64_t cell_ns, int64_t from_ns, int64_t to_ns);

#endif
