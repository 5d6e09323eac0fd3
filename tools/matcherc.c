/* SPDX-License-Identifier: MIT */
/*
 * Compiles the built-in patterns for the machine at hand, to be linked into the program: matcherc
 * FOLDER leaves one file of the cache in the folder. Part of the build only. Elsewhere the image is
 * not believed, and the program compiles at its first start.
 */
#include <stdio.h>

#include "lineup/matcher.h"
#include "lineup/rules_load.h"

int main(int argc, char **argv)
{
	struct rule_set rules = { 0 };
	struct matcher *matcher = NULL;
	struct error err;
	if (argc != 2) {
		fprintf(stderr, "usage: matcherc FOLDER\n");
		return 2;
	}
	struct matcher_options how = { .use_cache = true, .cache_dir = str_from(argv[1]) };
	int result = rules_load_builtin(&rules, &err);
	if (result == 0) {
		rule_set_finish(&rules);
		result = matcher_create(&matcher, &rules, &how, &err);
	}
	if (result != 0)
		fprintf(stderr, "matcherc: %s\n", err.text);
	matcher_destroy(matcher);
	rule_set_release(&rules);
	return result == 0 ? 0 : 1;
}
