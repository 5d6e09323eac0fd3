/* SPDX-License-Identifier: MIT */
/*
 * The stretch of time that a report is about, cut into windows. A few stamps that are years away
 * from all others (a clock that was wrong, a date inside a message) must not stretch it: what holds
 * less than a hundredth of the lines, far outside the rest, is left out and said. Pure.
 */
#ifndef LINEUP_FRAME_H
#define LINEUP_FRAME_H

#include "lineup/findings.h"

struct frame {
	int64_t from_ns;   /* of the first line inside; aligned down to a window */
	int64_t to_ns;	   /* exclusive, aligned up */
	int64_t window_ns; /* a multiple of cell_ns */
	int64_t cell_ns;
	uint64_t lines_outside;
	int64_t read_to_ns; /* where what was read ends, to a cell; to_ns may lie a window later */
};

/* wanted_window_ns 0: chosen so that the span has some dozens of windows of a usual width. No dated
 * line at all gives from_ns == to_ns == 0. */
void frame_find(const struct findings *, int64_t wanted_window_ns, struct frame *);

static inline bool frame_holds(const struct frame *f, int64_t time_ns)
{
	return time_ns != TIME_NONE && time_ns >= f->from_ns && time_ns < f->to_ns;
}

/* The series in windows of the frame; windows without count are left out. In the arena. */
struct histogram_bar;
size_t frame_histogram(
	const struct frame *, const struct series *, struct arena *, struct histogram_bar **bars);

#endif
