/* SPDX-License-Identifier: MIT */
/*
 * The events of a tally to those of findings: put in order, and led to the subjects of findings.
 * For findings.c, which puts them in order while it builds the rest. service_order leads from the
 * tally's services to the findings'.
 */
#ifndef LINEUP_JUDGE_FINDINGS_EVENTS_H
#define LINEUP_JUDGE_FINDINGS_EVENTS_H

#include "lineup/findings.h"

/* The index of the event at each place. Needs the services alone. Freed by the caller. */
uint32_t *findings_order_events(const struct tally *, const uint32_t *service_order);

/* When services and subjects stand. On so many threads. */
void findings_build_events(struct findings *, const struct tally *, const uint32_t *service_order,
	const uint32_t *order, unsigned threads);

#endif
