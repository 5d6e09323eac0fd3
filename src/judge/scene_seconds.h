/* SPDX-License-Identifier: MIT */
/*
 * The order of a request's lines within a second, where all stamps are of whole seconds. For
 * scene_events.c.
 */
#ifndef LINEUP_JUDGE_SCENE_SECONDS_H
#define LINEUP_JUDGE_SCENE_SECONDS_H

#include "src/judge/scene.h"

/* Puts events of one request and one stamp in order, those of each service as they stand: they
 * stand by service. */
void scene_order_seconds(struct scene *);

#endif
