/* SPDX-License-Identifier: MIT */
/*
 * What one worker counts: lines and problems of services, hits of rules, lines of templates, each
 * over time, with a few lines as evidence, numbers read off hits, and the events of requests.
 *
 * One tally a worker, touched by that worker alone (joining them may use several threads). All of
 * it is sums, minima and maxima of what a line says of itself, and every limit is applied so that
 * it does not depend on the order of lines: cells of time widen, and services, templates and
 * requests are thinned by the last bits of their hash, until all fits. So merging the tallies of
 * any number of workers, in any order, gives the same.
 */
#ifndef LINEUP_TALLY_H
#define LINEUP_TALLY_H

#include "lineup/cells.h"
#include "lineup/evidence.h"
#include "lineup/intern.h"
#include "lineup/line_memo.h"
#include "lineup/mask.h"
#include "lineup/severity.h"
#include "lineup/sites.h"

struct tally_limits {
	size_t cells;	  /* counts in cells of time; while lines come see tally_grain.c */
	size_t templates; /* pairs of service and template; so many of problem lines, and of others
			   */
	size_t requests;  /* events of requests */
	size_t services;  /* names that are followed over time */
};

extern const struct tally_limits tally_limits_default;

/* The cell that a time was last found to lie in; without times: none yet. */
struct time_cell {
	int64_t from_ns, to_ns; /* all times that lie in it */
	int64_t index;
	unsigned step;
};

/* Lists of cells whose width is one: of services with their rules, of ordinary templates and of
 * problem templates, each by the number of thinnings that they outlive. */
#define TALLY_LEVELS  24U
#define TALLY_GRAINS  (3 * TALLY_LEVELS)
#define TALLY_UNTIMED UINT8_MAX /* no grain: counted, but not over time */

/* How often, over time. */
struct counter {
	uint64_t total;
	uint64_t undated;
	int64_t first_ns; /* TIME_NONE: never dated */
	int64_t last_ns;
	struct cell_list cells; /* of the width of its grain */
};

struct tally_service {
	uint64_t hash; /* of its name */
	bool dropped;  /* thinned out: all that it had is with the other services now */
	uint8_t grain; /* in tally.steps, or TALLY_UNTIMED */
	struct counter lines;
	struct counter problems;
	uint64_t by_level[LEVEL_COUNT];
};

enum subject_kind {
	SUBJECT_RULE,	  /* hits of a rule of one term, or fires of a larger one */
	SUBJECT_TEMPLATE, /* lines of a template */
};

/* What is counted in a service. */
struct tally_subject {
	enum subject_kind kind;
	enum level level; /* worst of its lines */
	uint32_t rule; /* templates: the first rule that hit one of its lines; UINT32_MAX: none */
	bool dropped;  /* thinned out */
	uint8_t grain; /* in tally.steps, or TALLY_UNTIMED */
	uint32_t service;
	uint64_t service_hash; /* of its name, which a template keeps when it is thinned out */
	uint64_t id;	       /* index of the rule, or the template's id */
	struct counter counter;
	uint64_t site; /* hash of the name of the one site of its lines; SITE_SEVERAL; SITE_NONE */
	struct exemplars exemplars;
	char *template_text; /* NUL-terminated; NULL for rules */
};

/* One line of a request that is followed. */
struct tally_event {
	uint64_t request; /* hash of the trace or request id; 0 never occurs */
	uint64_t span;	  /* hash of the span id; 0: none */
	uint64_t template_id;
	int64_t time_ns;
	uint32_t service;
	uint32_t input;
	uint32_t sequence;
	uint8_t level;
	uint64_t line;
};

/* A number that is followed over time: which rule's capture, in which service. */
struct tally_quantity {
	uint32_t rule;
	uint32_t service;
	uint32_t name;		    /* in tally.quantity_names */
	struct number_list numbers; /* in cells of the service's grain; empty: it was thinned out */
};

/* Lines that lie outside of the span asked for; where only hits are read, those that hit. */
struct left_out {
	uint64_t lines;
	int64_t first_ns; /* TIME_NONE: none */
	int64_t last_ns;
};

struct tally {
	struct tally_limits limits;
	struct intern service_names;
	struct tally_service *services; /* by their number in service_names */
	size_t service_capacity;
	size_t service_count;	   /* kept, without the one of the others */
	unsigned service_sampling; /* one in 2^this is kept */
	uint32_t other_services;   /* the number of those that are not kept; UINT32_MAX: all are */
	struct tally_subject *subjects;
	size_t subject_count;
	size_t subject_capacity;
	struct table subject_index; /* mix of kind, id and service's name -> index in subjects */
	struct table template_memo; /* mix of mask key, level and service -> index in subjects */
	uint64_t template_epoch;    /* moves on when indices in memo and slots are good no more */
	size_t template_counts[2];  /* kept, of ordinary and of problem templates */
	unsigned template_sampling[2];	/* of both: one in 2^this is kept */
	uint64_t template_lines;	/* all lines that were given a template, kept or not */
	uint8_t steps[TALLY_GRAINS];	/* widths of cells by grain */
	uint8_t bounds[TALLY_GRAINS];	/* that they may come to, see tally_grain.c */
	struct time_cell last_cells[2]; /* of services, and of templates: mostly those of the line
					 * before */
	size_t cell_count;		/* in all lists, some of them twice */
	size_t cell_ceiling;		/* compact when there are more */
	struct intern quantity_names;
	struct tally_quantity *quantities;
	size_t quantity_count;
	size_t quantity_capacity;
	struct table quantity_index;
	struct tally_event *events;
	size_t event_count;
	size_t event_capacity;
	unsigned event_sampling; /* one request in 2^this is followed */
	uint64_t problem_lines;
	uint64_t matched_lines; /* problem lines that a rule hit */
	struct left_out left_out;
	struct sites sites;
	uint32_t last_service; /* most lines are of the service of the line before */
	uint64_t name_hash;    /* of the name that tally_service was last asked for */
	struct buf text;       /* scratch */
};

void tally_init(struct tally *, const struct tally_limits *);
void tally_release(struct tally *);

/* Counts a dated line that is not looked at, since it lies outside of the span asked for. */
void tally_leave_out(struct tally *, int64_t time_ns);

/* The name that a service is counted under: an empty one becomes "unknown". */
struct str tally_name(struct str name);

/* The number of a service in this tally; that of the other services when it is thinned out. */
uint32_t tally_service(struct tally *, struct str name);

/* Counts a line of the service. `problem`: it says warning or worse of itself, or a problem rule
 * hit it; `matched`: a rule hit it. */
void tally_line(
	struct tally *, uint32_t service, int64_t time_ns, enum level, bool problem, bool matched);

/* Counts a line at its site (`name`), of the service that tally_service said last. */
void tally_site(struct tally *, uint32_t service, const struct site_name *name, int64_t time_ns);

/* Counts a hit of a rule of one term. */
void tally_rule(
	struct tally *, uint32_t rule, uint32_t service, enum level, const struct line_place *);

/* Counts a fire of a rule of several terms, with the lines that it took as evidence (copied). */
void tally_fire(struct tally *, uint32_t rule, struct str service, int64_t first_ns,
	int64_t last_ns, const struct evidence *lines, size_t line_count);

/*
 * Counts a line of a template. `message` is the line behind stamp and wrapper, `service` what
 * tally_service said last, `rule` the first rule that hit the line or UINT32_MAX. Returns the
 * template's id: the hash of mask_text of the message, mixed with the level. `form` is the line's
 * masked form or NULL: it spares the search.
 */
uint64_t tally_template(struct tally *, struct str message, uint32_t service, enum level,
	uint32_t rule, const struct line_place *, struct line_form *form);

/* A number read off a line that hit the rule; undated ones are left out. */
void tally_number(struct tally *, uint32_t rule, uint32_t service, struct str name, double value,
	int64_t time_ns);

/* Is this request followed at the present sampling? Spares the caller the rest. */
static inline bool tally_follows(const struct tally *t, uint64_t request)
{
	return (request & ((UINT64_C(1) << t->event_sampling) - 1)) == 0;
}

/* Adds a line of a request; undated ones are left out. */
void tally_event(struct tally *, const struct tally_event *);

/* The tallies of all workers. The first of them becomes what one worker would have counted alone,
 * and the others are good for tally_release only. */
struct tallies {
	struct tally *const *items;
	size_t count;
	unsigned threads; /* that joining them may use; 0 and 1: the caller's own */
};

/*
 * Joins them, in two steps. The first one settles who there is: services, subjects (those of the
 * others without a count yet) and sums, and which events stay, each in its tally. The second one
 * counts, brings all lists of cells to one width, which it returns, and ends the joining.
 */
struct tally_join *tally_join_begin(const struct tallies *);

/* Between the two: of each service of the tally at this index its number in the first one (that of
 * a dropped one is the others'; UINT32_MAX: nobody is of it). NULL: they are the first one's own.
 */
const uint32_t *tally_join_services(const struct tally_join *, size_t index);
int64_t tally_join_end(struct tally_join *);

size_t tally_bytes(const struct tally *);

#endif
