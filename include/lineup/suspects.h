/* SPDX-License-Identifier: MIT */
/*
 * A judgement in words: suspects with reasons, sentences, evidence and advice; services; timeline;
 * what stays unexplained. Each function fills its part of the verdict. Pure; one thread.
 */
#ifndef LINEUP_SUSPECTS_H
#define LINEUP_SUSPECTS_H

#include "lineup/judgement.h"

/* What all of them work from. */
struct wording {
	const struct findings *findings;
	const struct rank_settings *settings;
	const struct frame *frame;
	const struct judgement *judgement;
	struct verdict *verdict;
};

/* verdict.suspects, in order of rank, cut to settings.top. */
void suspects_build(const struct wording *);

/* verdict.services; after suspects_build. */
void services_build(const struct wording *);

/* verdict.timeline; after suspects_build. */
void timeline_build(const struct wording *);

/* verdict.unexplained and its counts. */
void unexplained_build(const struct wording *);

/* verdict.summary; last. */
void summary_build(const struct wording *);

/* An instant as people read it beside others: "2026-11-14 17:00:03"; in the verdict's arena. */
struct str moment_text(struct verdict *, int64_t time_ns);

#endif
