/* SPDX-License-Identifier: MIT */
/*
 * The events of a tally to those of findings: put in order, and led to the subjects of findings. For
 * findings.c, when its services and subjects stand. One thread.
 */
#ifndef LINEUP_JUDGE_FINDINGS_EVENTS_H
#define LINEUP_JUDGE_FINDINGS_EVENTS_H

#include "lineup/findings.h"

/* service_order leads from the tally's services to the findings'. */
void findings_build_events(struct findings *, const struct tally *, const uint32_t *service_order);

#endif
