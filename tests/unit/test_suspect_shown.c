/* SPDX-License-Identifier: MIT */
/* By what a suspect is shown: the rule that knows its lines, or the lines themselves. */
#include "tests/unit/judge_stage.h"

static void say_known(struct stage *s, int64_t at_s, const char *text)
{
	uint32_t service = tally_service(&s->tally, STR("back"));
	struct line_place place = { .time_ns = START + at_s * NS_PER_S,
		.member = &member,
		.line = ++s->line,
		.text = str_from(text) };
	tally_line(&s->tally, service, place.time_ns, LEVEL_ERROR, true, true);
	tally_rule(&s->tally, 0, service, LEVEL_ERROR, &place);
	tally_template(&s->tally, place.text, service, LEVEL_ERROR, 0, &place, NULL);
}

/* The title and count of the first suspect, where the rule fires each so many seconds before. */
static uint64_t first_suspect(int64_t every_s, char title[64])
{
	static struct rule known = { .severity = SEVERITY_HIGH };
	struct stage s;
	struct verdict v;
	open_stage(&s);
	known.id = STR("shop/torn");
	known.title = STR("Something is torn");
	s.rules.rules = &known;
	s.rules.rule_count = 1;
	for (int64_t i = 0; i < 120; i++) {
		say(&s, "back", LEVEL_INFO, i * 1000, 0, "shelf kept");
		if (every_s > 0 && i % every_s == 0)
			say_known(&s, i, "label is torn");
		if (i >= 60)
			say_known(&s, i, "shelf is torn");
	}
	judge_stage(&s, 60, 120);
	rank(&s.findings, &s.settings, &v);
	assert_true(v.suspect_count > 0);
	snprintf(title, 64, "%.*s", STR_ARG(v.suspects[0].title));
	uint64_t count = v.suspects[0].count;
	assert_true(v.suspects[0].advice == &known.advice);
	assert_int_equal(v.suspects[0].severity, SEVERITY_HIGH);
	verdict_release(&v);
	s.rules = (struct rule_set){ 0 };
	close_stage(&s);
	return count;
}

static void test_a_new_line_of_a_rule_that_fires_all_day_is_shown_itself(void **state)
{
	(void)state;
	char title[64];
	assert_int_equal(first_suspect(2, title), 60);
	assert_string_equal(title, "shelf is torn");
}

static void test_a_rule_that_fired_a_few_times_before_is_shown_for_its_lines(void **state)
{
	(void)state;
	char title[64];
	assert_int_equal(first_suspect(30, title), 64);
	assert_string_equal(title, "Something is torn");
}

static void test_a_rule_that_is_new_is_shown_for_its_lines(void **state)
{
	(void)state;
	char title[64];
	assert_int_equal(first_suspect(0, title), 60);
	assert_string_equal(title, "Something is torn");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_new_line_of_a_rule_that_fires_all_day_is_shown_itself),
		cmocka_unit_test(test_a_rule_that_fired_a_few_times_before_is_shown_for_its_lines),
		cmocka_unit_test(test_a_rule_that_is_new_is_shown_for_its_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
