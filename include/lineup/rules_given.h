/* SPDX-License-Identifier: MIT */
/*
 * The rules that a command line gives: files and folders, -r, -e and -f. In: options and an open
 * rule set; the caller finishes it. One thread.
 */
#ifndef LINEUP_RULES_GIVEN_H
#define LINEUP_RULES_GIVEN_H

#include "lineup/options.h"
#include "lineup/rules_cache.h"
#include "lineup/rules_load.h"

/*
 * Adds the rules under a path. Who names one expects rules of it: that there are none becomes a
 * complaint as of a rule that is rejected. Fails when the path cannot be read.
 */
MUST_USE int rules_given_path(struct rule_set *, struct str path, const struct rules_load_options *,
	const struct rules_cache_options *, struct error *);

/* Adds the plain patterns, of -e first. Fails when a file of -f cannot be read. */
MUST_USE int rules_given_patterns(struct rule_set *, const struct options *, struct error *);

#endif
