/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/guests.h"
#include "src/judge/subject_class.h"

/* Of a line that gives itself this level and that a rule of this severity knows. */
static enum subject_class class_of(enum level level, enum severity severity)
{
	struct rule rule = { .severity = severity };
	struct rule_set rules = { .rules = &rule, .rule_count = 1 };
	struct service_findings service = { .name = STR("back") };
	struct findings f = { .rules = &rules, .services = &service, .service_count = 1 };
	struct subject s = {
		.kind = SUBJECT_TEMPLATE, .level = level, .template_text = STR("shelf is torn")
	};
	return subject_class(&f, &s);
}

static void test_what_a_rule_knows_as_grave_is_a_problem_whatever_the_program_says(void **state)
{
	(void)state;
	assert_int_equal(class_of(LEVEL_INFO, SEVERITY_HIGH), CLASS_PROBLEM);
	assert_int_equal(class_of(LEVEL_WARNING, SEVERITY_CRITICAL), CLASS_PROBLEM);
	assert_int_equal(class_of(LEVEL_NONE, SEVERITY_HIGH), CLASS_PROBLEM);
}

static void test_a_matter_to_look_at_is_no_problem_where_the_program_only_warns(void **state)
{
	(void)state;
	assert_int_equal(class_of(LEVEL_WARNING, SEVERITY_MEDIUM), CLASS_WARNING);
	assert_int_equal(class_of(LEVEL_INFO, SEVERITY_MEDIUM), CLASS_WARNING);
	assert_int_equal(class_of(LEVEL_NONE, SEVERITY_MEDIUM), CLASS_PROBLEM);
	assert_int_equal(class_of(LEVEL_ERROR, SEVERITY_MEDIUM), CLASS_PROBLEM);
}

/* A line of a script's log, as a grave rule for what ssh says knows it. */
static enum subject_class class_in_script(const char *line)
{
	struct str hint = STR("ssh");
	struct rule rule = { .severity = SEVERITY_HIGH, .hints = &hint, .hint_count = 1 };
	struct rule_set rules = { .rules = &rule, .rule_count = 1 };
	struct service_findings service = { .name = STR("nightly_script") };
	struct findings f = { .rules = &rules, .services = &service, .service_count = 1 };
	struct evidence evidence = { .text = str_from(line) };
	struct subject s = { .kind = SUBJECT_RULE,
		.level = LEVEL_NONE,
		.evidence = &evidence,
		.evidence_count = 1 };
	return subject_class(&f, &s);
}

static void test_a_rule_is_at_home_in_what_its_program_says_in_a_script(void **state)
{
	(void)state;
	assert_int_equal(class_in_script("ssh: cannot reach the host"), CLASS_PROBLEM);
	assert_int_equal(class_in_script("cannot reach the host"), CLASS_WARNING);
	assert_int_equal(class_in_script("s: cannot reach the host"), CLASS_WARNING);
	assert_int_equal(class_in_script("by ssh: cannot reach the host"), CLASS_WARNING);
}

static void test_a_rule_is_at_home_where_its_hint_and_the_name_hold_one_another(void **state)
{
	(void)state;
	struct str hints[] = { STR("shop-cart"), STR("pay") };
	struct rule rule = { .hints = hints, .hint_count = 2 };
	assert_true(rule_is_at_home(&rule, STR("shop-cart")));
	assert_true(rule_is_at_home(&rule, STR("shop")));
	assert_true(rule_is_at_home(&rule, STR("cart")));
	assert_true(rule_is_at_home(&rule, STR("the-pay-service")));
	assert_false(rule_is_at_home(&rule, STR("stock")));
	rule.hint_count = 0;
	assert_true(rule_is_at_home(&rule, STR("stock")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_what_a_rule_knows_as_grave_is_a_problem_whatever_the_program_says),
		cmocka_unit_test(
			test_a_matter_to_look_at_is_no_problem_where_the_program_only_warns),
		cmocka_unit_test(test_a_rule_is_at_home_in_what_its_program_says_in_a_script),
		cmocka_unit_test(
			test_a_rule_is_at_home_where_its_hint_and_the_name_hold_one_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
