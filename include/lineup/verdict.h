/* SPDX-License-Identifier: MIT */
/*
 * The answer: suspects in a row, services in the order in which they are suspected, the timeline,
 * and what stays unexplained. Plain data, made by rank from findings alone, read by the reports.
 * Texts are owned by the verdict's arena or by the findings; built by one thread, then const.
 */
#ifndef LINEUP_VERDICT_H
#define LINEUP_VERDICT_H

#include "lineup/findings.h"

/* A span of time and how it was found; from_ns TIME_NONE: there is none. */
struct span {
	int64_t from_ns;
	int64_t to_ns;	/* exclusive */
	struct str how; /* "given", "found: ..." */
};

/* One summand of a score. `what` is a slug such as "burst"; detail is one plain sentence. */
struct reason {
	struct str what;
	double points;
	struct str detail;
};

struct histogram_bar {
	int64_t start_ns;
	uint64_t count;
};

/* A number that was read off lines, before and at the onset; NAN: not known. */
struct state {
	struct str name;
	double before;
	double at;
	double limit;
};

struct recurrence {
	bool known;
	struct str text; /* "daily 17:00-19:00" */
	int64_t period_seconds;
	unsigned seen; /* periods in which it came, */
	unsigned of;   /* of periods looked at */
	struct str *coincides;
	size_t coincides_count;
};

/* Something that was changed before the onset. */
struct change {
	int64_t time_ns;
	struct str service;
	struct str text;
	double lag_seconds;
	unsigned before_without_trouble; /* how often such a change came without it */
	bool is_restart;		 /* a process started or stopped, perhaps of itself */
};

/* A consequence: another suspect that this one led to, and on what evidence. */
struct link {
	size_t suspect;	      /* index in verdict.suspects */
	uint64_t requests;    /* that show it after its cause, */
	uint64_t of;	      /* of those that show it */
	uint64_t episodes;    /* in which it came after its cause, */
	uint64_t episodes_of; /* of those in which it came; 0: told by requests alone */
	double lag_seconds;   /* median */
};

struct suspect {
	uint32_t rank; /* from 1 */
	const struct subject *subject;
	struct str id; /* of the rule, or "template:" and 16 hex digits */
	struct str title;
	struct str sentence;   /* what an engineer can repeat on the phone */
	bool sentence_repeats; /* it says what title, count and onset say beside it */
	enum severity severity;
	struct str service;
	double score;
	struct reason *reasons; /* they add up to score */
	size_t reason_count;
	uint64_t count;
	int64_t first_ns;
	int64_t last_ns;
	int64_t onset_ns;
	struct histogram_bar *histogram;
	size_t histogram_count;
	const struct evidence *evidence;
	size_t evidence_count;
	const struct rule_advice *advice; /* NULL: no rule knows it */
	struct state *states;
	size_t state_count;
	struct recurrence recurrence;
	struct change *changes;
	size_t change_count;
	struct link *led_to;
	size_t led_to_count;
	struct str *also; /* ids of other rules that know the same lines */
	size_t also_count;
	size_t caused_by; /* index of the suspect under which it is folded; SIZE_MAX: none */
	bool starts;	  /* others, shown or not, follow it in the incident's episodes */
};

struct timeline_event {
	int64_t time_ns;
	struct str service;
	struct str event; /* onset, peak, recovery, change, restart, silence, gap */
	struct str id;
	struct str text;
	struct str place;
	bool lasting; /* of a silence: until the end of all that was read */
};

struct ranked_service {
	uint32_t rank;
	struct str name;
	double score;
	uint64_t lines;
	uint32_t *suspects; /* their ranks */
	size_t suspect_count;
};

/* A template of problem lines that no rule explains. */
struct unexplained_template {
	struct str text;
	uint64_t count;
	struct str service;
	int64_t first_ns;
	struct str example;
};

struct verdict {
	struct arena arena;
	int64_t window_ns; /* of all histograms */
	int64_t from_ns; /* the span that the windows cover; equal: not known. Lines stamped far */
	int64_t to_ns;	 /* outside all others are in no window, but in the findings' span */
	struct span incident;
	struct span baseline;
	struct str summary;	  /* one or two sentences; "nothing stands out" on a healthy day */
	struct suspect *suspects; /* in order of rank */
	size_t suspect_count;
	enum severity worst; /* of all suspects, wanted or not; none at all: suspect_count is 0 */
	struct timeline_event *timeline; /* in order of time */
	size_t timeline_count;
	struct ranked_service *services; /* in order of rank */
	size_t service_count;
	uint64_t problem_lines;
	uint64_t matched_lines;
	struct unexplained_template *unexplained; /* most lines first */
	size_t unexplained_count;
	struct str *notes; /* beside those of the findings */
	size_t note_count;
};

void verdict_release(struct verdict *);

#endif
