/* SPDX-License-Identifier: MIT */
/*
 * Does something come again at the same times? Looks at a series for hours of the day, days of the
 * week with hours, and for a steady period between its episodes. Pure; any thread.
 */
#ifndef LINEUP_RECURRENCE_H
#define LINEUP_RECURRENCE_H

#include "lineup/findings.h"
#include "lineup/frame.h"

/* One stretch of time in which something was there more than it mostly is. */
struct episode {
	int64_t from_ns;
	int64_t to_ns; /* exclusive: the end of its last cell */
	uint64_t count;
};

/*
 * The episodes of a series within the frame, in order of time: cells that stand out from the
 * series' own median, joined over gaps of up to gap_ns. Written to out[], at most `room` of them
 * (the rest is left off); returns how many there are.
 */
size_t episodes_find(const struct series *, const struct frame *, int64_t gap_ns,
	struct episode *out, size_t room);

struct recurrence_found {
	bool known;
	char text[80]; /* "daily 17:00-19:00", "Mondays 09:00-10:00", "every 6h"; times are UTC */
	int weekday;   /* of a habit of one weekday, 0: Thursday; else -1 */
	int64_t period_ns;
	unsigned seen;		   /* periods in which it came, */
	unsigned of;		   /* of the periods that the frame covers */
	int64_t from_of_period_ns; /* where in the day it starts; -1 for a free period */
	int64_t to_of_period_ns;
};

/* The text for hours of the day that were changed. */
void recurrence_word(struct recurrence_found *);

void recurrence_find(const struct series *, const struct frame *, struct recurrence_found *);

#endif
