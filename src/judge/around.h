/* SPDX-License-Identifier: MIT */
/*
 * Who calls whom, by who speaks before and after all that the other says in requests. In: scene and
 * requests. Out: a table in the scene's arena. One thread builds it; const afterwards.
 */
#ifndef LINEUP_JUDGE_AROUND_H
#define LINEUP_JUDGE_AROUND_H

#include "src/judge/requests.h"

/* Of two services: in how many requests the first meets the second, and speaks before and after all
 * that that one says. */
struct around {
	uint16_t meet;
	uint16_t is_around;
};

/* Of each two services; NULL: it is not known. */
const struct around *around_find(struct scene *, const struct requests *);

/* Is the one that is named known to be the caller of the one that speaks? Of NULL nothing is. */
bool around_is_caller(
	const struct scene *, const struct around *, uint32_t speaker, uint32_t named);

#endif
