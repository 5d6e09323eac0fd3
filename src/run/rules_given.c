/* SPDX-License-Identifier: MIT */
#include "lineup/rules_given.h"

int rules_given_path(struct rule_set *set, struct str path, const struct rules_load_options *how,
	const struct rules_cache_options *cache, struct error *err)
{
	size_t before = set->rule_count, at = set->complaint_count;
	if (rules_cache_load_path(set, path, how, cache, err) != 0)
		return -1;
	bool said = set->rule_count > before;
	for (; at < set->complaint_count && !said; at++)
		said = set->complaints[at].rejected;
	struct rule_place place = { .path = path };
	if (!said)
		rule_set_complain(set, place, STR_NONE, true,
			"no rule in here: no pack (`pack:` and `rules:`) or CRE document has one");
	return 0;
}

int rules_given_patterns(struct rule_set *set, const struct options *o, struct error *err)
{
	for (size_t i = 0; i < o->regexps.count; i++)
		rules_load_pattern(set, o->regexps.items[i], (unsigned)i + 1);
	for (size_t i = 0; i < o->pattern_files.count; i++) {
		if (rules_load_pattern_file(set, o->pattern_files.items[i], err) != 0)
			return error_wrap(err, "--file");
	}
	return 0;
}
