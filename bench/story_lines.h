/* SPDX-License-Identifier: MIT */
/*
 * Chance, and the lines of a day's story in the formats of its programs. For story*.c alone: a
 * teller is filled by one thread, one day at a time.
 */
#ifndef LINEUP_BENCH_STORY_LINES_H
#define LINEUP_BENCH_STORY_LINES_H

#include "bench/story.h"
#include "lineup/clock.h"

#define DAY_NS	(86400 * NS_PER_S)
#define HOUR_NS (3600 * NS_PER_S)

struct chance {
	uint64_t state;
};

uint64_t draw(struct chance *);
double draw_share(struct chance *); /* [0, 1) */
uint64_t draw_below(struct chance *, uint64_t limit);

/* Exponential waiting time of this mean. */
double draw_wait(struct chance *, double mean);

/* A duration: most near the median, a long tail. */
int64_t draw_duration_ns(struct chance *, double median_ms);

struct line {
	int64_t time_ns;
	uint32_t order; /* of equal times */
	struct str text;
};

/* The lines of one program and day, before they are sorted by time. */
struct page {
	struct line *lines;
	size_t count;
	size_t capacity;
};

struct teller {
	const struct story *story;
	struct chance chance;
	struct arena arena;
	struct page pages[STREAM_COUNT];
	int64_t day_ns;
	unsigned day;
};

enum word {
	WORD_INFO,
	WORD_WARN,
	WORD_ERROR,
};

/* One line of one of the services, in its format. */
void say(struct teller *, enum tier, int64_t time_ns, enum word, const char *trace,
	const char *unit, const char *message);

void say_edge(struct teller *, int64_t time_ns, const char *path, unsigned status, int64_t took_ns,
	const char *trace);

/* `message` as the database writes it behind its stamp: "[4014] LOG:  ...". */
void say_database(struct teller *, int64_t time_ns, const char *message);

/* The scheduler writes syslog: no year, no zone. */
void say_scheduler(struct teller *, int64_t time_ns, const char *program, const char *message);

/* The job: in the scheduler's log, or in its own. */
void say_job(struct teller *, int64_t time_ns, const char *message);

void say_deployment(struct teller *, int64_t time_ns, const char *service, const char *message);

/* The words with $ for the name and # for the number. */
void fill(char *out, size_t size, const char *words, const char *name, unsigned number);

/* All pages in order of time into the buffers; releases them. */
void put_pages(struct teller *, struct buf out[STREAM_COUNT]);

#endif
