/* SPDX-License-Identifier: MIT */
/*
 * Clocks that differ: where two services tell of the same requests, the offset between their clocks
 * is estimated and said in the notes, with its uncertainty; and those that differ by too little to
 * be seen, but are taken into account where requests are put in order. Times themselves are left as
 * they were read. Pure; one thread.
 */
#ifndef LINEUP_SKEW_H
#define LINEUP_SKEW_H

#include "lineup/findings.h"

/* After time_notes: adds a note for each service whose clock differs from those of others. */
void skew_notes(struct findings *);

#endif
