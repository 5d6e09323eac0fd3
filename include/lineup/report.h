/* SPDX-License-Identifier: MIT */
/*
 * Findings and verdict to a stream, in one of several formats. A format is one file with one const
 * struct and one line in the registry (report.c). Reports see plain data, never the pipeline. Text
 * of logs is escaped here and nowhere else. One thread.
 */
#ifndef LINEUP_REPORT_H
#define LINEUP_REPORT_H

#include <stdio.h>

#include "lineup/error.h"
#include "lineup/verdict.h"

struct report_settings {
	unsigned width; /* columns of the terminal; 0: not a terminal */
	bool colour;
	bool ascii;	  /* the reader is not known to read UTF-8 (text only) */
	bool interrupted; /* by a signal: the report covers only what was read so far */
	bool verbose;	  /* all suspects, all evidence */
	bool redact;	  /* secrets in shown text are replaced, consistently within the report */
	size_t top;	  /* 0: all */
};

struct report_format {
	const char *name;     /* as in --format */
	const char *suffixes; /* of file names that choose it, with blanks between: "json" */
	const char *help;
	int (*write)(FILE *, const struct findings *, const struct verdict *,
		const struct report_settings *, struct error *);
};

/* How many suspects are shown: the first `top` of them (0: all), or all when verbose. */
size_t report_shown(const struct verdict *, const struct report_settings *);

/* By name, or NULL; by the suffix of a file name, or NULL; the n-th, or NULL. */
const struct report_format *report_find(struct str name);
const struct report_format *report_for_file(struct str path);
const struct report_format *report_at(size_t n);

#endif
