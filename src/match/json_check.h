/* SPDX-License-Identifier: MIT */
/*
 * Is this one JSON object, and nothing else? Asked before a line is given to a whole parser, which
 * may be slow or careless about what is none. Pure; any thread.
 */
#ifndef LINEUP_JSON_CHECK_H
#define LINEUP_JSON_CHECK_H

#include "lineup/str.h"

/* Objects and lists deeper than this are none. */
#define JSON_DEPTH_MAX 200

/* Is it one object or one list, and nothing else? */
bool json_is_whole(struct str text);

#endif
