/* SPDX-License-Identifier: MIT */
/*
 * One pair of periods tried: what deviates in which service between them, what of that other
 * services explain, who is first, and what that makes each service worth. The steps stand in the
 * order in which trial_run takes them; each is a file of its own with its method in prose.
 *
 * In: scene and requests (const, shared by all trials), a period. Out: deviations and parts, in the
 * trial's arena. One thread a trial.
 */
#ifndef LINEUP_JUDGE_TRIAL_H
#define LINEUP_JUDGE_TRIAL_H

#include "lineup/judgement.h"
#include "src/judge/requests.h"

/* A deviation while it is weighed. */
struct finding {
	struct deviation d;
	uint32_t from_service; /* STOPPED: the service whose call it was, */
	int64_t due_ns;	       /* and when it mostly comes, after the line before it */
	bool ordinary;	       /* MORE, NEW: of an ordinary line */
	bool warning;
	uint32_t named;	    /* the service that it speaks of; NO_INDEX: its own */
	bool named_all;	    /* it speaks of all its instances */
	double named_share; /* how much of it is said of that one */
	double said;	    /* points before they were shared with that one */
	double of_unnamed;  /* points that were taken off as those of another, who is not named */
	double weight;	    /* nats, after what others explain of it, before any cap */
	uint64_t seen;	    /* how many requests (or episodes) show it, */
	uint64_t own;	    /* and in how many nothing of another service came before */
};

/* A service that did not do its work for some of the incident (away.c). */
struct away {
	bool was;
	bool restarted;
	int64_t time_ns; /* when it first started anew, or was last heard of before it fell silent */
};

struct trial {
	struct arena arena;
	const struct scene *scene;
	const struct requests *requests;
	struct period period;
	unsigned leave_out; /* bits of parts */
	size_t repeats;	    /* how often the incident came: its stretches */
	bool recurring;	    /* more than once */
	bool told; /* the incident's start was given: how late a service comes is known, not only
		    * who comes before whom */
	bool chosen_by_line; /* the period begins where it does since a line came for the first time
			      */
	bool steps_only;     /* FLOW, STOPPED and SLOW alone */
	bool unlinked;	     /* nobody asks for the blames: one of many periods that are tried */

	double *base_seconds; /* of each service: how much of the baseline its log reaches */

	struct rank_stretch *cut;	      /* the period, as ranks of events */
	uint32_t (*with_node)[SIDE_COUNT];    /* of each subject: requests that hold it */
	uint32_t (*episodes)[SIDE_COUNT];     /* the same, by the time of the subject's own line */
	uint32_t (*run_episodes)[SIDE_COUNT]; /* of each subject: runs that hold it */
	uint32_t (*with_pair)[SIDE_COUNT];    /* of each pair: runs */
	uint32_t (*with_call)[SIDE_COUNT];    /* of each call: requests */
	uint32_t (
		*service_requests)[SIDE_COUNT]; /* of each service: requests; behind them, of all */
	int64_t *first_event_ns; /* of each subject: its first line of a request in the incident */

	struct finding *findings;
	size_t count;
	size_t capacity;
	uint32_t *of_subject; /* NEW and MORE of problems: index in findings, or NO_INDEX */
	uint32_t *of_pair;    /* LOST */
	uint32_t *of_call;    /* STOPPED */
	uint32_t *of_edge;    /* SLOW */
	double *late_seconds; /* of each edge that is SLOW: from here on it is later than normal */

	struct blame *blames; /* effect and cause are indices in findings */
	size_t blame_count;
	unsigned blame_sampling;   /* they are told by one request in 2^this */
	uint64_t crowded_requests; /* more deviations in each than can be told apart */

	double (*shown)[PART_COUNT]; /* of each service: the parts before anything is taken for
				      * another's that is not there in the requests: that something
				      * is wrong is sure long before it is whose fault it is */
	double (*parts)[PART_COUNT]; /* of each service, uncapped until trial_cap */
	double excess;		     /* of problem lines, as sure as their numbers make it */
	int64_t *first_ns;	     /* of each service: its first deviation; TIME_NONE */
	uint32_t spanning; /* the one service that does something as long as it hurts; NO_INDEX */
	struct away *away; /* of each service; NULL: no service was */
	uint32_t *led_by; /* of each service: that which all its trouble follows in each episode of
			   * a recurring incident, or NO_INDEX; NULL: not asked */
};

struct trial_options {
	bool told;	     /* the incident's start was given */
	bool chosen_by_line; /* the start was chosen, as that of a new line */
	bool steps_only;     /* FLOW, STOPPED and SLOW alone */
	bool unlinked;	     /* without blames: one of many periods that are tried */
};

/* Weighs everything. `items` of the period must outlive the trial. */
void trial_run(struct trial *, const struct scene *, const struct requests *, const struct period *,
	struct trial_options);
void trial_release(struct trial *);

/*
 * Takes `off` (parts of each service that are no sign of trouble; NULL: none) from the parts, caps
 * them, puts the services in order and gives each deviation its points. Last.
 */
void trial_cap(struct trial *, double (*off)[PART_COUNT]);

/* Sums the findings' weights up to parts, anew; those of slow steps stay. */
void trial_sum(struct trial *);

/* ---- the steps ---- */

/* Which part of the score it belongs to. */
enum score_part trial_part(const struct finding *);

struct finding *trial_add(struct trial *, enum deviation_kind, uint32_t service, uint32_t subject,
	uint32_t after, double raw);

/*
 * Of an incident that came several times: in how many of them the subject came, and in how many
 * stretches of the baseline of the same length.
 */
struct presence {
	double k0, n0, k1, n1;
};
struct presence trial_presence(const struct trial *, uint32_t subject);

/* Of the service's requests, the share that holds the subject on either side, as it would be with
 * one mix of kinds of requests (mix.c). `whole` is what was counted of all. */
struct presence trial_like_with_like(
	const struct trial *, uint32_t subject, struct presence whole);

/* What one line may be worth that says what happens and not that it hurts: each time the incident
 * comes is a proof of its own. */
double trial_line_cap(const struct trial *);

void trial_coverage(struct trial *); /* coverage.c: how far back each service's log reaches */
void trial_problems(struct trial *); /* problems.c: new and more frequent problem lines */
void trial_steps(struct trial *);    /* steps.c: steps and calls that no longer come */
void trial_slow(struct trial *);     /* slow.c: steps that take longer */
void trial_told(struct trial *);     /* slow_told.c: what lines say to take longer */
void trial_jobs(struct trial *);     /* jobs.c: runs of jobs that take longer */
void trial_spans(struct trial *);    /* spans.c: what goes on as long as the trouble does */
void trial_changed(struct trial *);  /* changed.c: ordinary lines that are more frequent */
void trial_traces(struct trial *);   /* traces.c: heads of traces that a line above them opens */
void trial_blame(struct trial *);    /* blame.c: what is explained by another service */
void trial_share(struct trial *);    /* share.c: what is probably of another, unnamed */
void trial_symptoms(struct trial *); /* symptoms.c: whose slow steps are, by what is said beside */
void trial_away(struct trial *); /* away.c: for whom those wait that name nobody; of accuse.c */
void trial_common(struct trial *);   /* common.c: whose the trouble of several ends is; of accuse.c */
void trial_accuse(struct trial *);   /* accuse.c: what is said of another service; sums up */
void trial_silence(struct trial *);  /* silence.c: services that say nothing any more */
void trial_order(struct trial *);    /* order.c: who is first */
/* trigger.c: rare lines at the start of the period, which was told; of order.c */
void trial_trigger(struct trial *, const struct stretch *);
void trial_at_onset(struct trial *,
	const struct stretch *incident); /* at_onset.c: who speaks at a told onset */

/* Some of the findings, those of a service behind one another, in order. */
struct by_service {
	size_t *first; /* of each service, and behind the last */
	size_t *items; /* indices of findings */
};

/* Those that are wanted, a flag for each finding; of a service some dozens, those with the most raw
 * nats (trial.c). */
struct by_service trial_by_service(const struct trial *, const bool *wanted);
void by_service_release(struct by_service *);

/* The first of these lines of its service because of which the line is said; NULL: none
 * (accuse.c). */
const struct finding *trial_comes_of(
	const struct trial *, const struct finding *line, const struct by_service *said);

/* Evidence of a shift in the logarithm of a delay,
 * of so many values on the poorer side (slow.c). */
double trial_slow_points(double shift, double variance, double values);

/*
 * How much of a complaint is the trouble of the one that is named (accuse.c), and how much of one
 * that names nobody is another's trouble (share.c). Three in four are right, whether the line
 * prints a name or not: the rest are the speaker's own trouble with the call.
 */
#define NAMED_SHARE   0.75
#define UNNAMED_SHARE NAMED_SHARE

/* No part may decide alone: the model behind it is wrong now and then, be it once in e^10. */
#define PART_CAP 10.0

/* Beyond the cap evidence grows as its logarithm. */
double trial_tempered(double raw);

/* How often a subject came on either side: in distinct requests when it is followed in them, else
 * in distinct cells of time. A burst of one repeated line counts once either way. */
struct episode_counts {
	double count[SIDE_COUNT];
	bool by_requests;
};
struct episode_counts trial_episodes(const struct trial *, uint32_t subject);

#endif
