/* SPDX-License-Identifier: MIT */
/*
 * What the build compiled of the program's own patterns and linked in. It is loaded before anybody
 * knows which rules there are, beside the reading of them; a matcher takes it over when it turns
 * out to be of the same terms, libraries and processor.
 */
#ifndef LINEUP_MATCHER_LINKED_H
#define LINEUP_MATCHER_LINKED_H

#include "lineup/base.h"

struct matcher_linked;

/* On so many threads. NULL: there is none, or not for this machine. Any thread. */
struct matcher_linked *matcher_linked_load(unsigned threads);

/* NULL does nothing. */
void matcher_linked_destroy(struct matcher_linked *);

#endif
