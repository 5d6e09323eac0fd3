/* SPDX-License-Identifier: MIT */
/*
 * When it hurt: given by the user, or found by trying periods and keeping the one in which most
 * stands out. Pure; one thread.
 */
#ifndef LINEUP_JUDGE_INCIDENT_H
#define LINEUP_JUDGE_INCIDENT_H

#include "src/judge/trial.h"

/*
 * Fills the judgement's incident (in its arena) and runs the trial of its period, with what the
 * baseline shows against itself taken off. Nothing found: span_count is 0, the trial is zeroed.
 */
void incident_find(const struct scene *, const struct requests *, const struct frame *,
	struct judgement *, struct trial *);

#endif
