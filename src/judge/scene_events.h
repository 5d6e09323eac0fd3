/* SPDX-License-Identifier: MIT */
/*
 * The events of a scene: those of the findings and of the baseline's own, under the scene's
 * numbers. For scene.c; on the threads of the settings.
 */
#ifndef LINEUP_JUDGE_SCENE_EVENTS_H
#define LINEUP_JUDGE_SCENE_EVENTS_H

#include "src/judge/scene.h"

/* How the services and subjects of the baseline are numbered in the scene; and the first number of
 * subjects for templates that were not kept, one of each service. */
struct joined_baseline {
	const uint32_t *services;
	const uint32_t *subjects;
	uint32_t unknown;
};

/* Fills events, whole_seconds and coarse; all else of the scene stands. */
void scene_add_events(struct scene *, const struct frame *, const struct joined_baseline *);

#endif
