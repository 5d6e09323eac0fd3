/* SPDX-License-Identifier: MIT */
/*
 * The logs of an imagined shop of some days with one recurring incident, made from a seed: the same
 * seed gives the same bytes. A story says who calls whom, who is the cause, when it hurts, and in
 * which format and words each program writes; story_random draws another one of the same kind.
 *
 * story.c draws stories, story_day.c tells what happens on a day, story_lines.c writes the lines.
 * Used by the demo, by the tests of the ranking and by the benchmarks. One thread.
 */
#ifndef LINEUP_BENCH_STORY_H
#define LINEUP_BENCH_STORY_H

#include "lineup/arena.h"
#include "lineup/buf.h"

/* How a program writes its log. */
enum log_format {
	FORMAT_JSON,   /* {"ts":"...","level":"info","service":"..","trace_id":"..","msg":"..."} */
	FORMAT_JAVA,   /* 2026-11-14 17:00:03,123 ERROR [worker-5] c.s.p.Gateway - ... */
	FORMAT_LOGFMT, /* time=... level=warn msg="..." trace_id=... */
	FORMAT_KLOG,   /* E1114 17:00:03.123456   4242 reserve.go:88] ... */
	FORMAT_PYTHON, /* 2026-11-14 17:00:03,123 - payment.api - ERROR - ... */
	FORMAT_SYSLOG, /* Nov 14 17:00:03 host program[4242]: ... : neither year nor zone */
	FORMAT_COUNT,
};

/* The story that is told. */
enum story_cause {
	CAUSE_JOB_LOCK,	     /* a daily job locks a table of one of the services in the chain */
	CAUSE_MISSING_INDEX, /* a migration left an index out: from then on queries crawl all day */
	CAUSE_NONE,	     /* healthy days: jobs, deployments, restarts, refused orders */
};

/* Services in order of calling: front calls middle calls back. */
enum tier {
	TIER_FRONT,
	TIER_MIDDLE,
	TIER_BACK,
	TIER_COUNT,
};

enum database_kind {
	DATABASE_POSTGRES,
	DATABASE_MARIADB,
};

/* Sets of words in which programs say the same. */
#define STORY_WORDINGS 3

struct story {
	uint64_t seed;
	enum story_cause cause;
	const char *services[TIER_COUNT]; /* checkout, payment, inventory */
	enum log_format formats[TIER_COUNT];
	enum tier victim;     /* whose table the job locks: the middle or the back tier */
	unsigned wording;     /* below STORY_WORDINGS */
	const char *edge;     /* the gateway in front: an access log */
	const char *database; /* behind them */
	enum database_kind database_kind;
	char job[64];		    /* inventory-sync */
	bool job_alone;		    /* it has a log of its own; else it writes to the scheduler's */
	enum log_format job_format; /* of the log of its own */
	const char *table;	    /* stock */
	int64_t first_day_ns;	    /* midnight UTC */
	unsigned days;
	unsigned hour_from; /* of the day, when it hurts */
	unsigned hours;
	double requests_per_second; /* on average; a day has its curve */
	double failing_share;	    /* of requests, while it hurts */
};

/* The story of the demo: checkout, payment, inventory, hurt daily from 17:00 to 19:00. */
void story_demo(struct story *, uint64_t seed);

/* Another of its kind: names, hours, volumes, formats, words, and who the culprit is are drawn. */
void story_random(struct story *, uint64_t seed, enum story_cause);

/* The logs, one buffer a program and day, in order of time. */
enum stream {
	STREAM_EDGE,
	STREAM_FRONT,
	STREAM_MIDDLE,
	STREAM_BACK,
	STREAM_DATABASE,
	STREAM_SCHEDULER,
	STREAM_DEPLOYMENTS,
	STREAM_JOB,
	STREAM_COUNT,
};

/* Name of a stream's program, for folders and file names. */
const char *story_stream_name(const struct story *, enum stream);

/* Fills out[] with one day (0 .. days - 1); buffers must be initialised and empty. */
void story_day(const struct story *, unsigned day, struct buf out[STREAM_COUNT]);

#endif
