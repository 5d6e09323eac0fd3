/* SPDX-License-Identifier: MIT */
/*
 * From inputs to findings, on all cores. Every worker takes a chunk from the intake, scans it, and
 * repeats; each has a scanner of its own with its scratch and tally, which are merged at the end.
 * The result does not depend on the number of workers. Called by the main thread.
 */
#ifndef LINEUP_PIPELINE_H
#define LINEUP_PIPELINE_H

#include <stdatomic.h>
#include <stdio.h>

#include "lineup/findings.h"
#include "lineup/inputs.h"
#include "lineup/matcher.h"
#include "lineup/reader.h"
#include "lineup/reading.h"

/* Written by the workers, read by the progress bar: relaxed, since only sums are shown. */
struct scan_progress {
	_Alignas(CACHE_LINE_BYTES) atomic_uint_least64_t bytes_encoded;
	atomic_uint_least64_t bytes;
	atomic_uint_least64_t lines;
	atomic_uint_least64_t inputs_done;
	atomic_bool
		stop; /* set by a signal: workers end after their chunk, the rest is a trouble */
};

struct scan_settings {
	const struct inputs *inputs;
	const struct rule_set *rules;
	const struct matcher *matcher;
	const struct reading_options *reading;
	const struct read_limits *limits;
	const struct selection *selection;
	int64_t since_ns; /* TIME_NONE: no limit; undated lines are always in */
	int64_t until_ns;
	unsigned jobs;
	bool with_templates; /* all lines are read, for templates and requests; else hits */
	bool timed;	     /* the stages' CPU seconds are wanted */
};

/* Of a stage that all others wait for. */
struct stage_seconds {
	double cpu;
	double wall;
};

/* CPU seconds by stage (those of workers if they were wanted), summed over workers; for --stats. */
struct scan_stats {
	double seconds_wall; /* of the scan and the merging, not of what comes behind them */
	double seconds_cpu;
	double seconds_decode; /* pulling */
	double seconds_match;
	double seconds_read; /* time, service, templates, tally */
	struct stage_seconds merge;
	uint64_t looks; /* lines that PCRE2 was asked of, by all terms; if timings were wanted */
	uint64_t most_looks; /* by one of them */
	uint32_t most_term;
	size_t peak_tally_bytes;
};

/*
 * Scans everything. Fails only when no scan can take place (no scratch, no thread); bad input is in
 * findings.troubles. With progress.stop set it returns early, with what was read so far.
 */
MUST_USE int pipeline_scan(const struct scan_settings *, struct scan_progress *, struct findings *,
	struct scan_stats *, struct error *);

/*
 * For `lines`: the same reading, one JSON object a line to `out`, in order of input and line.
 * One thread; stops quietly when `out` has an error.
 */
MUST_USE int pipeline_lines(const struct scan_settings *, struct scan_progress *, FILE *out,
	struct troubles *, struct error *);

/* A clock for such a stage, from begin to end; the caller's thread. */
struct stage_clock {
	double cpu;
	int64_t wall_ns;
};
struct stage_clock stage_begin(void);
struct stage_seconds stage_end(const struct stage_clock *);

#endif
