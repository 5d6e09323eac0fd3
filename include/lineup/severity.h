/* SPDX-License-Identifier: MIT */
/*
 * Two scales that must not be mixed up: how bad a rule says it is (severity), and what a line says
 * of itself (level). Pure; any thread.
 */
#ifndef LINEUP_SEVERITY_H
#define LINEUP_SEVERITY_H

#include "lineup/str.h"

/* Of rules and suspects, worst first, so that `a <= b` is "at least as severe". */
enum severity {
	SEVERITY_CRITICAL,
	SEVERITY_HIGH,
	SEVERITY_MEDIUM,
	SEVERITY_LOW,
	SEVERITY_INFO,
	SEVERITY_COUNT,
};

/* Of lines: the word in the line (FATAL, E, <3>, "level":"warn" ...) folded into five. */
enum level {
	LEVEL_NONE, /* the line says nothing */
	LEVEL_DEBUG,
	LEVEL_INFO,
	LEVEL_WARNING,
	LEVEL_ERROR,
	LEVEL_CRITICAL,
	LEVEL_COUNT,
};

/* "critical" ... "info"; NUL-terminated, static. */
const char *severity_name(enum severity);

/* The reverse, without regard to case; false when it is none of the names. */
bool severity_parse(struct str, enum severity *);

/* "critical", "error", "warning", "info", "debug"; NULL for LEVEL_NONE. */
const char *level_name(enum level);

#endif
