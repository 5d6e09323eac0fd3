/* SPDX-License-Identifier: MIT */
/*
 * How long the steps of each edge took on either side of a period. The lengths of an edge are kept
 * in order of time with their running sums, so that a side's number, mean and variance are a few
 * searches, whatever the number of lengths; who asks for an order among them pays for a walk, and
 * only the few edges that deviate are asked. Built with the requests; const afterwards; any thread.
 */
#ifndef LINEUP_JUDGE_REQUESTS_GAPS_H
#define LINEUP_JUDGE_REQUESTS_GAPS_H

#include "src/judge/requests.h"

/* Fills by_edge; after requests_number_edges. In the arena. */
void requests_order_gaps(struct requests *, struct arena *);

/* What an edge has in one stretch, as indices in by_edge. */
struct gap_range {
	uint32_t from;
	uint32_t to;
	enum side side;
};

/* The ranges of the edge in the stretches, in order, none of them empty; returns how many. `out`
 * has room for stretch_count + 1. */
size_t requests_gap_ranges(const struct requests *, uint32_t edge, const struct rank_stretch *,
	size_t stretch_count, struct gap_range *out);

/* How many lengths of the side are in the ranges, and their sums. */
struct gap_total {
	uint64_t count;
	struct gap_sums sums;
};
struct gap_total requests_gap_total(const struct requests *, uint32_t edge,
	const struct gap_range *, size_t count, enum side);

/* The length at this place (from 0) of those of the side in order of length, as ln_seconds. */
float requests_gap_at(const struct requests *, const struct gap_range *, size_t count, enum side,
	uint64_t place);

#endif
