/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "lineup/rules_check.h"
#include "lineup/rules_commands.h"
#include "lineup/rules_load.h"

#define GOOD "cause: c, fix: f, examples: [e]"

enum work {
	CHECK,
	EXAMPLES,
};

/* Reads the rules, does the work and gives all complaints as lines `line id level: reason`. */
static void complaints(const char *text, enum work work, char *out, size_t size)
{
	static const struct matcher_options options = { .use_cache = false };
	struct rule_set set = { 0 };
	struct matcher *matcher;
	struct error err;
	size_t at = 0;
	rules_load_text(&set, STR("r.yaml"), str_from(text), NULL);
	rule_set_finish(&set);
	if (matcher_create(&matcher, &set, &options, &err) < 0)
		fail_msg("%s", err.text);
	int result = work == CHECK ? rules_check(&set, matcher, &err)
				   : rules_test_examples(&set, matcher, &err);
	if (result < 0)
		fail_msg("%s", err.text);
	out[0] = '\0';
	for (size_t i = 0; i < set.complaint_count && at < size; i++) {
		const struct rule_complaint *c = &set.complaints[i];
		at += (size_t)snprintf(out + at, size - at, "%u %.*s %s: %.*s\n", c->place.line,
			STR_ARG(c->rule_id), c->rejected ? "error" : "warning", STR_ARG(c->reason));
	}
	matcher_destroy(matcher);
	rule_set_release(&set);
}

static void check(enum work work, const char *rules, const char *expected)
{
	char text[4096];
	char got[4096];
	snprintf(text, sizeof(text), "pack: p\nrules:\n%s", rules);
	complaints(text, work, got, sizeof(got));
	if (expected[0] == '\0')
		assert_string_equal(got, "");
	else if (strstr(got, expected) == NULL)
		fail_msg("%s\ncomplained:\n%s\nnot: %s", rules, got, expected);
}

static void test_a_good_rule_is_not_complained_of(void **state)
{
	(void)state;
	check(CHECK,
		"- {id: p/a, title: t, severity: high, match: 'too many open files', " GOOD "}",
		"");
	check(CHECK,
		"- {id: p/a, title: t, severity: high, literal: 'too many open files', " GOOD "}",
		"");
}

static void test_a_pattern_that_matches_nothing_is_found(void **state)
{
	(void)state;
	check(CHECK, "- {id: p/a, title: t, severity: low, match: 'first\\nsecond', " GOOD "}",
		"3 p/a warning: no line can match");
}

static void test_a_pattern_that_matches_the_empty_line_is_found(void **state)
{
	(void)state;
	check(CHECK, "- {id: p/a, title: t, severity: low, match: '(oops)?', " GOOD "}",
		"3 p/a warning: matches the empty line");
}

static void test_a_pattern_without_text_to_hold_on_to_is_found(void **state)
{
	(void)state;
	check(CHECK, "- {id: p/a, title: t, severity: low, match: 'E[0-9]{9}', " GOOD "}",
		"3 p/a warning: only 1 byte of plain text");
}

static void test_a_rule_that_everyday_lines_match_is_found(void **state)
{
	(void)state;
	check(CHECK, "- {id: p/a, title: t, severity: high, literal: 'session opened', " GOOD "}",
		"3 p/a warning: matches lines of everyday operation");
	/* as an event, it is what it is for */
	check(CHECK, "- {id: p/a, title: t, severity: info, literal: 'session opened', " GOOD "}",
		"");
	/* one loose term among others does not make the rule loose */
	check(CHECK,
		"- {id: p/a, title: t, severity: high, all: ['session opened', 'root shell'], "
		"window: 5s, " GOOD "}",
		"");
}

static void test_regex_syntax_in_a_literal_is_found(void **state)
{
	(void)state;
	check(CHECK, "- {id: p/a, title: t, severity: low, literal: 'exit code \\d+', " GOOD "}",
		"3 p/a warning: a literal with regex syntax ('\\d')");
	check(CHECK, "- {id: p/a, title: t, severity: low, literal: 'refused|reset', " GOOD "}",
		"('|')");
	/* what stands in the rule's own example is meant */
	check(CHECK,
		"- {id: p/a, title: t, severity: low, literal: 'pattern (?:x)', cause: c, "
		"fix: f, examples: ['bad pattern (?:x) given']}",
		"");
}

static void test_two_ids_of_one_language_are_found(void **state)
{
	(void)state;
	check(CHECK,
		"- {id: p/a, title: t, severity: low, match: 'pool is dry', not: "
		"[maintenance], " GOOD "}\n"
		"- {id: p/b, title: t, severity: low, match: 'pool ran over', not: "
		"[maintenance], " GOOD "}\n",
		"");
	check(CHECK,
		"- {id: p/a, title: t, severity: low, match: 'pool is dry', " GOOD "}\n"
		"- {id: p/b, title: t, severity: low, literal: 'pool is dry', " GOOD "}\n",
		"4 p/b warning: matches just what 'p/a' does (r.yaml:3)");
	check(CHECK,
		"- {id: p/a, title: t, severity: low, match: 'pool is dry', " GOOD "}\n"
		"- {id: p/b, title: t, severity: low, match: 'pool is dry', not: "
		"[maintenance], " GOOD "}\n",
		"");
}

static void test_missing_advice_and_examples_are_found(void **state)
{
	(void)state;
	check(CHECK,
		"- {id: p/a, title: t, severity: low, match: 'pool is dry', fix: f, examples: [e]}",
		"no 'cause'");
	check(CHECK, "- {id: p/a, title: t, severity: low, match: 'pool is dry', cause: c, fix: f}",
		"no 'examples'");
	check(CHECK,
		"- {id: p/a, title: t, severity: info, match: 'pool is filled', examples: [e]}",
		"");
}

static void test_examples_must_match_their_rule(void **state)
{
	(void)state;
	check(EXAMPLES,
		"- {id: p/a, title: t, severity: low, match: 'pool is dry', "
		"examples: ['the pool is dry', 'it is wet'], counter_examples: ['pool is deep']}",
		"3 p/a error: example 2 does not match: it is wet");
	check(EXAMPLES,
		"- {id: p/a, title: t, severity: low, match: 'pool is dry', "
		"examples: ['the pool is dry'], counter_examples: ['no pool is dry']}",
		"3 p/a error: counter-example 1 matches: no pool is dry");
}

static void test_examples_of_several_lines_run_through_the_whole_rule(void **state)
{
	(void)state;
	check(EXAMPLES,
		"- {id: p/a, title: t, severity: low, sequence: [one, two], window: 5s, "
		"examples: [\"one\\ntwo\"], counter_examples: [\"two\\none\"]}",
		"");
	check(EXAMPLES,
		"- {id: p/a, title: t, severity: low, sequence: [one, two], window: 5s, "
		"examples: [\"two\\none\"]}",
		"example 1 does not match");
	check(EXAMPLES,
		"- {id: p/a, title: t, severity: low, match: one, not: [two], "
		"examples: [one], counter_examples: [\"one\\ntwo\"]}",
		"");
}

static void test_an_example_of_a_count_stands_for_all_of_its_lines(void **state)
{
	(void)state;
	check(EXAMPLES,
		"- {id: p/a, title: t, severity: low, match: one, count: 5, window: 5s, "
		"examples: [one], counter_examples: [\"one\\none\"]}",
		"");
}

static void test_an_example_that_many_packs_claim_is_reported(void **state)
{
	(void)state;
	char got[4096];
	complaints("pack: a\nrules:\n- {id: a/x, title: t, severity: low, match: dry, "
		   "examples: ['pool is dry']}\n---\n"
		   "pack: b\nrules:\n- {id: b/x, title: t, severity: medium, match: pool}\n---\n"
		   "pack: c\nrules:\n- {id: c/x, title: t, severity: medium, match: ool}\n---\n"
		   "pack: d\nrules:\n"
		   "- {id: d/x, title: t, severity: low, match: is, services: [d]}\n---\n"
		   "pack: e\nrules:\n- {id: e/general, title: t, severity: low, match: po}\n",
		EXAMPLES, got, sizeof(got));
	assert_string_equal(got,
		"3 a/x warning: example 1 is claimed by rules of 3 other packs: b/x c/x d/x\n");
}

static void test_one_failure_under_two_ids_is_reported(void **state)
{
	(void)state;
	char got[4096];
	complaints("pack: a\nrules:\n"
		   "- {id: a/x, title: t, severity: low, match: 'pool \\w+ dry', "
		   "examples: ['pool is dry', 'pool was dry, pool was dry']}\n"
		   "- {id: a/y, title: t, severity: low, match: 'pool (is|was)', "
		   "examples: ['pool was dry']}\n"
		   "- {id: a/z, title: t, severity: low, match: 'pool', "
		   "examples: ['pool is dry', 'pool full']}\n",
		EXAMPLES, got, sizeof(got));
	assert_string_equal(got,
		"4 a/y warning: a/x matches all of its examples, and it all of that one's: the "
		"same failure under two ids; merge them, or make one tighter\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_good_rule_is_not_complained_of),
		cmocka_unit_test(test_a_pattern_that_matches_nothing_is_found),
		cmocka_unit_test(test_a_pattern_that_matches_the_empty_line_is_found),
		cmocka_unit_test(test_a_pattern_without_text_to_hold_on_to_is_found),
		cmocka_unit_test(test_a_rule_that_everyday_lines_match_is_found),
		cmocka_unit_test(test_regex_syntax_in_a_literal_is_found),
		cmocka_unit_test(test_two_ids_of_one_language_are_found),
		cmocka_unit_test(test_missing_advice_and_examples_are_found),
		cmocka_unit_test(test_examples_must_match_their_rule),
		cmocka_unit_test(test_examples_of_several_lines_run_through_the_whole_rule),
		cmocka_unit_test(test_an_example_of_a_count_stands_for_all_of_its_lines),
		cmocka_unit_test(test_an_example_that_many_packs_claim_is_reported),
		cmocka_unit_test(test_one_failure_under_two_ids_is_reported),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
