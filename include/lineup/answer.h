/* SPDX-License-Identifier: MIT */
/*
 * The status by which a program's own line says how it answered a request. Pure; any thread.
 */
#ifndef LINEUP_ANSWER_H
#define LINEUP_ANSWER_H

#include "lineup/str.h"

/* The three digits, a part of the text: `500` of "Completed checkout with status 500 in 12 ms"; or
 * nothing. Lines of one masked form (line_mask.h) have them in one place. */
struct str answer_status(struct str text);

/* Does the text name a request, or say how long something took? */
bool answer_tells_request(struct str text);

#endif
