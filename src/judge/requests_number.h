/* SPDX-License-Identifier: MIT */
/*
 * Numbers for what was found in requests: pairs and edges are collected as keys (kind, a, b), and
 * numbered in the order of their keys when all are known. For requests_build.c; calls with arenas
 * of their own may run side by side.
 */
#ifndef LINEUP_JUDGE_REQUESTS_NUMBER_H
#define LINEUP_JUDGE_REQUESTS_NUMBER_H

#include "src/judge/requests.h"

/*
 * Numbers the keys: out[i] is the index of keys[i] among the distinct pairs, which are returned, in
 * the arena; first_of: of each subject the first pair that begins with it, subject_count + 1 of
 * them.
 */
struct pair *requests_number_pairs(const struct requests *, struct arena *, const uint64_t *keys,
	size_t count, uint32_t *out, size_t *pair_count, uint32_t **first_of);

/* Numbers the edges of all gaps: keys[i] is that of gaps[i]. */
void requests_number_edges(struct requests *, struct arena *, const uint64_t *keys);

#endif
