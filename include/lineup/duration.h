/* SPDX-License-Identifier: MIT */
/*
 * How long something took, where a line says so: "took 5012 ms", "in 0.3 s", "latency_ms=17",
 * "\"duration\": 12". Views into text; no allocation. Pure; any thread.
 */
#ifndef LINEUP_DURATION_H
#define LINEUP_DURATION_H

#include "lineup/str.h"

/* More of a line are not read. */
#define DURATIONS_MAX 3

/* Writes the durations that the line tells, in seconds and in order, at most DURATIONS_MAX; returns
 * how many. Without a unit a number with a point is of seconds, another of milliseconds. */
size_t durations_read(struct str line, double seconds[DURATIONS_MAX]);

/* May lines of this template (mask.h) tell a duration? A word that goes with one stands in it. */
bool duration_is_likely(struct str template_text);

#endif
