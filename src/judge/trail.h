/* SPDX-License-Identifier: MIT */
/*
 * Who had it last: of lines that complain of a thing that is not finished, the service in which its
 * trail ends. In: the scene, with the names in its lines, and the requests. Out: `named` and
 * `trail` of these subjects. One thread.
 */
#ifndef LINEUP_JUDGE_TRAIL_H
#define LINEUP_JUDGE_TRAIL_H

#include "src/judge/requests.h"

void trails_find(struct scene *, const struct requests *);

/* The same of lines that tell of waiting at an address: who took that up last (trail_address.c). */
void trail_addresses_find(struct scene *);

/* Does the text complain of a thing that is still in the making? Pure; any thread. */
bool trail_tells_unfinished(struct str text);

/* The next id of a thing in the text, from *at on, which is moved behind it: a UUID or as long a
 * number in hex, alone or behind a word and a dash, that is no request's. Empty: there is none.
 * Pure; any thread. */
struct str trail_next_id(struct str text, size_t *at);

#endif
