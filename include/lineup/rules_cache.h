/* SPDX-License-Identifier: MIT */
/*
 * The rules of a user's folder, kept in the cache as read: thousands of them are there in a few
 * milliseconds. Every file is read each time and is part of the key, so a change of one byte, in
 * whatever file, is seen. What is not in the cache, or cannot be believed, is read from YAML; rules
 * and complaints are the same in both ways. See matcher_cache.h for what makes an entry believed.
 *
 * One thread.
 */
#ifndef LINEUP_RULES_CACHE_H
#define LINEUP_RULES_CACHE_H

#include "lineup/rules_load.h"

struct rules_cache_options {
	bool use_cache;
	struct str dir; /* empty: the default one of matcher_cache.h */
};

/* Less than this is read from YAML as fast. */
#define RULES_CACHE_BYTES_MIN ((uint64_t)64 << 10)

/* As rules_load_path. */
MUST_USE int rules_cache_load_path(struct rule_set *, struct str path,
	const struct rules_load_options *, const struct rules_cache_options *, struct error *);

#endif
