/* SPDX-License-Identifier: MIT */
/*
 * What the report says about time, for each kind of assumption or doubt one note, with the sources
 * that it is about (a few by name, the others counted); and what was given up for memory. Pure; one
 * thread.
 */
#ifndef LINEUP_NOTES_H
#define LINEUP_NOTES_H

#include "lineup/findings.h"
#include "lineup/fire.h"
#include "lineup/source_trusts.h"

/* Fills findings.notes and totals.undated_lines from what the scanners learned of each source; the
 * list is finished. */
void time_notes(struct findings *, const struct source_trusts *);

/* After time_notes: adds a note when lines of rules of several terms were given up for memory. */
void fire_note(struct findings *, const struct fires *);

/* After time_notes: adds a note for each of services, messages and requests that were sampled. */
void sampling_notes(struct findings *);

#endif
