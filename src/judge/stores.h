/* SPDX-License-Identifier: MIT */
/*
 * Of which database, cache or queue of the scan does a client's line speak, that calls it by its
 * kind alone? Built once, const afterwards; the scene must outlive it.
 */
#ifndef LINEUP_JUDGE_STORES_H
#define LINEUP_JUDGE_STORES_H

#include "src/judge/scene.h"

#define STORE_KINDS   16
#define STORES_A_KIND 8

struct stores {
	const struct scene *scene;
	uint32_t of_kind[STORE_KINDS][STORES_A_KIND]; /* services of the kind */
	size_t counts[STORE_KINDS];		      /* beyond the limit: too many to tell */
	bool any;
};

/* Notes in the scene which services are called like stores, too. */
void stores_find(struct stores *, struct scene *);

/* The store that failed the one who says this; NO_INDEX: none that is known, or another service is
 * meant. */
uint32_t stores_named(const struct stores *, const struct scene_subject *);

#endif
