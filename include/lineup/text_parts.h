/* SPDX-License-Identifier: MIT */
/*
 * The parts of the text report: what was read (text_head.c), the suspects (text_suspect.c), the
 * rules that fired and are none (text_fired.c), and what follows them (text_tail.c). Each writes
 * itself, with the blank line above it, and nothing when it has nothing to say. One thread.
 */
#ifndef LINEUP_TEXT_PARTS_H
#define LINEUP_TEXT_PARTS_H

#include "lineup/text_page.h"

/* What every part sees. */
struct text_report {
	struct page page;
	const struct findings *findings;
	const struct verdict *verdict;
	const struct report_settings *settings;
	size_t shown;	   /* suspects, folded ones included */
	struct str places; /* what all shown places begin with, said once; empty: not worth it */
};

void text_headline(struct text_report *);
void text_head(struct text_report *);
void text_suspects(struct text_report *);
void text_fired(struct text_report *);
void text_services(struct text_report *);
void text_timeline(struct text_report *);
void text_unexplained(struct text_report *);
void text_rejected_rules(struct text_report *);
void text_troubles(struct text_report *);

#endif
