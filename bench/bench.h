/* SPDX-License-Identifier: MIT */
/*
 * What the benchmarks share: a row of results, the corpus in memory, and how a stage is timed.
 * One thread.
 */
#ifndef LINEUP_BENCH_BENCH_H
#define LINEUP_BENCH_BENCH_H

#include "lineup/chunk.h"
#include "lineup/matcher.h"
#include "lineup/reader.h"

#define BENCH_ROUNDS_MAX 101

struct bench_row {
	char name[64];
	uint64_t bytes_encoded;
	uint64_t bytes; /* decoded */
	uint64_t lines;
	double best_s; /* CPU seconds */
	double median_s;
	double wall_s; /* the best one's; whole programs only */
	long peak_kb;  /* whole programs only */
};

struct bench {
	unsigned rounds;
	struct bench_row *rows;
	size_t count;
	size_t capacity;
};

/* Adds a row from the CPU seconds of all rounds, which are sorted here. */
struct bench_row *bench_add(struct bench *, const char *name, double *seconds, unsigned count);

/* CPU seconds of this thread so far. */
double bench_thread_seconds(void);

/* Times `run` in all rounds, with one round before them that does not count. */
typedef void bench_fn(void *context);
struct bench_row *bench_time(struct bench *, const char *name, bench_fn *run, void *context);

/* The rules of a benchmark: the built-in ones when `patterns` is NULL, else a file as of -f. */
struct bench_rules {
	struct rule_set rules;
	struct matcher *matcher;
	struct matcher_scratch *scratch;
};

/* `whole`: every pattern as it stands goes to Hyperscan, not its rare texts. */
void bench_rules_load(struct bench_rules *, const char *patterns, bool whole);
void bench_rules_release(struct bench_rules *);

/* Opens an input by path for reader_open; ends the program when that fails. */
struct reader *bench_open(struct input *, const char *path);

/*
 * The floor: reads a path to its end as the scan does, chunk by chunk, and runs the same databases
 * over each with a callback that does nothing. With whole patterns it is what Hyperscan alone costs
 * who gives it the patterns; else what the scan's own choice of texts costs.
 */
void bench_floor(const struct bench_rules *, const char *path);

/* One row for each stage of the hot path; `path` is a plain log, `folder` takes temporary files;
 * NULL: what reading costs, and nothing else. */
void bench_stages(struct bench *, const char *path, const char *patterns, const char *folder);

/*
 * Two rows: the scanner over the chunks as it is, and with the time, service and level of every
 * line handed to it; what is between them is what their reading costs. Rounds take turns.
 */
struct scan_plan;
void bench_reading_cost(struct bench *, struct scan_plan *, const struct chunk *, size_t count);

NORETURN void bench_die(const char *what, const char *why);

#endif
