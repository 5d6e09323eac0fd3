/* SPDX-License-Identifier: MIT */
/*
 * The image made of patterns/ at build time. It is linked into the program and the tests, and is
 * missing (weak) only in the tool that makes it.
 */
#include "lineup/rules_image.h"
#include "lineup/rules_load.h"

extern const char lineup_rules_image[] __attribute__((weak));
extern const char lineup_rules_image_end[] __attribute__((weak));

int rules_load_builtin(struct rule_set *set, struct error *err)
{
	if (lineup_rules_image == NULL || lineup_rules_image_end == NULL)
		return error_set(err, "no rules are built into this program");
	size_t bytes = (size_t)((uintptr_t)lineup_rules_image_end - (uintptr_t)lineup_rules_image);
	size_t first = set->term_count;
	if (rules_image_read(set, str_of(lineup_rules_image, bytes), err) < 0)
		return error_wrap(err, "built-in rules");
	for (size_t i = first; i < set->term_count; i++)
		set->terms[i].builtin = true;
	return 0;
}
