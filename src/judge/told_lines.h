/* SPDX-License-Identifier: MIT */
/*
 * What lines kept as evidence tell of durations, read once for all trials: texts are dear to read.
 * In: the scene, with the names in its lines. Out: its told lines, in its arena, and which subjects
 * are only of what is slow. On the threads of the settings.
 */
#ifndef LINEUP_JUDGE_TOLD_LINES_H
#define LINEUP_JUDGE_TOLD_LINES_H

#include "lineup/duration.h"
#include "src/judge/scene.h"

/* One line and what it tells. */
struct told_line {
	int64_t time_ns;
	bool base; /* of the baseline's own findings */
	uint32_t count;
	double ln_seconds[DURATIONS_MAX]; /* of a duration and GAP_FLOOR_SECONDS */
};

/* Of a subject whose lines tell durations: those of the baseline's own findings first. */
struct told_lines {
	uint32_t subject;
	uint32_t count;
	struct told_line *items;
};

void told_lines_find(struct scene *);

#endif
