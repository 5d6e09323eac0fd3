/* SPDX-License-Identifier: MIT */
/*
 * A row of suspects in text: each by itself (text_suspect.c), and the consequences that are folded
 * under it (text_folded.c). One thread.
 */
#ifndef LINEUP_OUT_TEXT_ROW_H
#define LINEUP_OUT_TEXT_ROW_H

#include "lineup/text_parts.h"

/* Everything below a suspect's first line starts here; values behind labels start there. */
#define BODY_COLUMN  4
#define VALUE_COLUMN 14

/* In capitals, in its colour, padded; returns the columns taken. */
size_t row_severity(struct page *, enum severity);

/* In front of a value, from the start of a line. */
void row_label(struct page *, const char *label);

/* Is it shown under its cause? Only below one that stands higher, so that nothing gets lost. */
bool row_is_folded(const struct text_report *, size_t index);

/* What is folded under the suspect, over however many steps. */
void row_consequences(struct text_report *, size_t cause);

/* For a cause that no rule knows: what is known of the nearest consequence is better
 * than nothing. */
void row_advice_of_consequence(struct text_report *, size_t cause);

#endif
