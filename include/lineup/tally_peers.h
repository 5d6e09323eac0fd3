/* SPDX-License-Identifier: MIT */
/*
 * What the tallies of one scan tell each other while they count, so that all of them together hold
 * no more events of requests than one alone would. Whoever counts says at each chunk how many it
 * holds; when the sum no longer fits, all go on with half of the requests, as merging would have
 * them do in the end. So what comes of it does not depend on who said what when.
 *
 * Made by who starts the workers, and outlives their tallies. Any thread; no lock.
 */
#ifndef LINEUP_TALLY_PEERS_H
#define LINEUP_TALLY_PEERS_H

#include "lineup/tally.h"

struct tally_peers;

struct tally_peers *tally_peers_create(size_t count);

/* NULL is fine. */
void tally_peers_destroy(struct tally_peers *);

/* Says how many events the tally of this number holds, and thins them to what all have come to. */
void tally_peers_agree(struct tally_peers *, size_t me, struct tally *);

#endif
