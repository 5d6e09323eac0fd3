/* SPDX-License-Identifier: MIT */
/*
 * Numbers that are drawn anew for every run. Who writes a log, a name or an archive knows this
 * program's hash functions, and could make up texts that all fall on one place of a table, so that
 * each look-up takes as long as the table is large, or two texts that pass for one. Hashes that
 * stay within the run take these in, and so can be foretold by nobody.
 *
 * For places in memory only: nothing that depends on them may reach the output, which is the same
 * in every run. Filled before main starts, read by any thread.
 */
#ifndef LINEUP_SEED_H
#define LINEUP_SEED_H

#include "lineup/base.h"

#define SEED_WORDS 16

extern uint64_t seed_words[SEED_WORDS];

/* Who needs what. */
#define SEED_LANES 0 /* eight of them: lane_hash.h */
#define SEED_TABLE 8
#define SEED_NAMES 9

#endif
