/* SPDX-License-Identifier: MIT */
/*
 * The requests that were followed, taken apart once: which line follows which within a service,
 * which line calls which service, how long each step takes. What a trial then does for a pair of
 * periods is adding up numbers. Built from the scene; const afterwards.
 */
#ifndef LINEUP_JUDGE_REQUESTS_H
#define LINEUP_JUDGE_REQUESTS_H

#include "src/judge/moments.h"
#include "src/judge/scene.h"

/* `b` of a pair when the lines of that service end there. */
#define PAIR_END 0x7fffffffU

/* Two subjects, the first before the second. */
struct pair {
	uint32_t a;
	uint32_t b;
};

enum edge_kind {
	EDGE_WITHIN, /* both lines of one service */
	EDGE_CALL,   /* b is the first line of another service in this request */
	EDGE_RETURN, /* b's service was here before */
};

struct edge {
	uint32_t a;
	uint32_t b;
	enum edge_kind kind;
};

/* The lines of one service (of one span, where there are spans) in a request. */
struct run {
	uint32_t request;
	uint32_t service;
	uint32_t first; /* in requests.order */
	uint32_t count;
	uint32_t first_step; /* in requests.steps: its distinct pairs, ascending */
	uint32_t step_count;
	uint32_t opened_by; /* subject of the line before the call that opened it; NO_INDEX: no
			     * sure call */
	uint32_t caller;    /* service that made the call */
	bool open; /* the log ends before what follows its last line mostly comes */
	int64_t time_ns;    /* of its first line */
};

/* A subject in a request. */
struct node {
	uint32_t subject;
	uint32_t event; /* its first line */
	int64_t time_ns;
};

/* How long a step took in a request: the lower median where it came several times. */
struct gap {
	uint32_t edge;
	float ln_seconds;
	uint32_t event; /* its second line */
	int64_t time_ns;
};

struct request {
	uint32_t first_event;
	uint32_t event_count;
	uint32_t first_run;
	uint32_t run_count;
	uint32_t first_node; /* ascending by subject */
	uint32_t node_count;
	uint32_t first_call; /* in requests.called: its distinct calls, ascending */
	uint32_t call_count;
	uint32_t first_gap; /* ascending by edge */
	uint32_t gap_count;
	int64_t time_ns;
	int64_t last_ns;   /* of its last line */
	uint64_t subjects; /* a bit for each that it holds (request_bit), which many may share */
	bool base;
	bool several_services;
};

/* Of the lengths before it of its edge, as ln_seconds beyond the edge's middle. */
struct gap_sums {
	double sum;
	double squares;
};

/* The gaps by edge, then by rank, those of the baseline's own findings first: what an edge has in a
 * stretch of time lies together, and is summed up already (requests_gaps.h). */
struct edge_gaps {
	uint32_t *first; /* of each edge in these; edge_count + 1 */
	int32_t *ranks;	 /* of the second line */
	float *lengths;	 /* as ln_seconds */
	uint32_t *requests;
	double *middles;       /* of each edge: about the middle of its lengths */
	struct gap_sums *sums; /* of gap i of edge e at i + e: each edge has one more at its end */
	double *whole;	       /* of each request: how long it took, as ln_seconds */
};

#define REQUESTS_PARTS 3 /* that are worked on at the same time, each with an arena of its own */

struct requests {
	struct arena arenas[REQUESTS_PARTS];
	const struct scene *scene;
	struct request *requests;
	size_t count;
	struct run *runs;
	size_t run_count;
	uint32_t *order;	 /* indices of events, run by run */
	uint32_t *subject_order; /* their subjects, */
	int64_t *time_order;	 /* and their times */
	uint32_t *steps;	 /* indices of pairs */
	size_t step_count;
	uint32_t *called; /* indices of calls */
	size_t called_count;
	struct node *nodes;
	size_t node_count;
	struct gap *gaps;
	size_t gap_count;
	struct pair *pairs; /* by a, b */
	size_t pair_count;
	struct pair *calls; /* line before the call -> first line of the called service; by a, b */
	size_t call_count;
	uint32_t *callers;  /* of each call: the service that mostly makes it */
	struct edge *edges; /* by kind, a, b */
	size_t edge_count;
	struct edge_gaps by_edge; /* the same once more */
	uint32_t *first_pair; /* of each subject as a; subject_count + 1 */
	uint32_t *first_call;
	uint32_t *lines_of;	 /* of each subject: its lines in all requests */
	uint32_t *begins;	 /* of each subject: runs that begin with it */
	struct ranking ranking;	 /* of the scene's events */
	struct moments of_nodes; /* of each subject: requests that hold it, by its own first line */
	struct moments of_node_requests; /* the same, by the request's first line */
	struct moments of_runs;	 /* of each subject: runs that hold it, by the run's first line */
	struct moments of_pairs; /* of each pair: runs */
	struct moments of_calls; /* of each call: requests */
	struct moments of_services; /* of each service: requests; behind them, of all */
};

static inline uint64_t request_bit(uint32_t subject)
{
	return UINT64_C(1) << (subject & 63);
}

void requests_build(struct requests *, const struct scene *);
void requests_release(struct requests *);

/* Index of the pair, of the call, of the edge; or NO_INDEX. */
uint32_t requests_pair(const struct requests *, uint32_t a, uint32_t b);
uint32_t requests_call(const struct requests *, uint32_t a, uint32_t b);
uint32_t requests_edge(const struct requests *, struct edge);

/* A step shorter than this is not told from none: stamps are of milliseconds. */
#define GAP_FLOOR_SECONDS 5e-4

#endif
