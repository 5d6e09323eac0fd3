/* SPDX-License-Identifier: MIT */
/*
 * What silence.c (services and lines) and silence_site.c (one site of a service) have in common.
 */
#ifndef LINEUP_JUDGE_SILENCE_PARTS_H
#define LINEUP_JUDGE_SILENCE_PARTS_H

#include "src/judge/trial.h"

struct silence {
	double raw;
	int64_t from_ns;
	double base_pieces, pieces, silent_pieces;
};

/* How sure it is that the series, with cells of this width, stops in the incident. `before`: the
 * same series of a baseline that has its own path; NULL: there is none, or not in it. */
struct silence silence_weigh(const struct trial *, const struct series *,
	const struct series *before, int64_t cell_ns, double comparisons);

/* What the service said most; NO_INDEX: nothing that was kept. */
uint32_t silence_usual_line(const struct scene *, uint32_t service);

/* Valid until the next one is added. */
struct finding *silence_add(struct trial *, uint32_t service, uint32_t line, const struct silence *,
	double weight);

/* Sites that say nothing any more, of services that go on at others; `services`: the silence of
 * each service. */
void silence_of_sites(struct trial *, const struct silence *services);

#endif
