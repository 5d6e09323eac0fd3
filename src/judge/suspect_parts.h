/* SPDX-License-Identifier: MIT */
/*
 * What the making of suspects is cut into: drafts (suspects.c), their words (suspect_words.c), what
 * one of them says (suspect_fill.c), what ties them together (suspect_links.c), and which of them
 * are shown, in which order (suspect_row.c). Pure; one thread; all texts go into the verdict's
 * arena.
 */
#ifndef LINEUP_JUDGE_SUSPECT_PARTS_H
#define LINEUP_JUDGE_SUSPECT_PARTS_H

#include "lineup/suspects.h"

/* One suspect in the making: all deviations of one subject of a service. */
struct draft {
	uint32_t subject; /* the one that is shown: a rule's where one knows the template */
	uint32_t service;
	size_t *deviations;
	size_t deviation_count;
	size_t deviation_capacity;
	double score;
};

struct drafts {
	struct draft *items;
	size_t count;
	size_t capacity;
	uint32_t *of_deviation; /* index of each deviation's draft */
};

/* ---- words ---- */

/* One plain sentence with the numbers of a deviation. */
struct str deviation_text(const struct wording *, const struct deviation *);

/* What one says on the phone of a suspect whose strongest deviation this is. */
struct str suspect_sentence(
	const struct wording *, const struct suspect *, const struct deviation *);

/* ---- one suspect ---- */

/* All of it that follows from its draft alone: reasons, score, onset, histogram, sentence. */
void suspect_word(const struct wording *, const struct draft *, struct suspect *);

/* The points of its service for being early, as one reason more. */
void suspect_add_order(const struct wording *, struct suspect *, uint32_t service);

/* Numbers read off its lines, recurrence and changes: dear, so for those that are kept. */
void suspect_fill_context(const struct wording *, struct suspect *);

/* One more reason, and its points on the score; none when there are too many or no points. */
void suspect_add_reason(struct suspect *, const char *what, double points, struct str detail);

/* ---- all of them ---- */

/* Is it a line of a trace, and does another suspect of the service tell at the time what of? */
bool suspect_is_told_by_another(const struct suspect *, const struct suspect *all, size_t count);

/* A trouble that began in the span and comes at all hours of a recurring incident's days: the
 * subject that rules know, or that has most lines. */
#define ALL_DAY_MAX 1
size_t suspects_all_day(const struct wording *, uint32_t subjects[ALL_DAY_MAX]);

/* Says so of a suspect that was worded without any deviation. */
void suspect_word_all_day(const struct wording *, struct suspect *);

/*
 * led_to and caused_by of all suspects, one a draft and at its index. No suspect is caused by what
 * it causes, over however many steps.
 */
void suspects_link(const struct wording *, const struct drafts *, struct suspect *all);

/* A cause takes over what its consequences are worth more than itself. */
void suspects_inherit(const struct wording *, struct suspect *all, size_t count);

/* Names the rules that know its lines as well: that of a template which is shown itself, those of
 * other technologies (guests.h). */
void suspect_name_guests(const struct wording *, struct suspect *);

/* Index of the one of `kept` whose lines hold all lines of `s`, which it then names too;
 * SIZE_MAX. */
size_t suspect_folds_into_one(
	const struct wording *, struct suspect *kept, size_t count, const struct suspect *s);

/* The suspects of the verdict: the best of all, one a draft and at its index, as a row. */
void suspects_put_in_row(const struct wording *, const struct drafts *, const struct suspect *all);

#endif
