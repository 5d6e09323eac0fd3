/* SPDX-License-Identifier: MIT */
/* What the tests of rules share: loading them, and asking for one. Included once a program. */
#ifndef LINEUP_TESTS_RULES_STAGE_H
#define LINEUP_TESTS_RULES_STAGE_H

#include "lineup/rules_load.h"

#define FOLDER "tests/golden/rules/"

static void assert_text(struct str text, const char *expected)
{
	if (!str_equal(text, str_from(expected)))
		fail_msg("'%.*s' is not '%s'", STR_ARG(text), expected);
}

static void load(struct rule_set *set, const char *path)
{
	struct error err;
	if (rules_load_path(set, str_from(path), NULL, &err) < 0)
		fail_msg("%s", err.text);
	rule_set_finish(set);
}

static void load_text(struct rule_set *set, const char *text)
{
	rules_load_text(set, STR("text.yaml"), str_from(text), NULL);
	rule_set_finish(set);
}

static const struct rule *find(const struct rule_set *set, const char *id)
{
	const struct rule *rule = rule_set_find(set, str_from(id));
	if (rule == NULL)
		fail_msg("no rule %s", id);
	return rule;
}

#endif
