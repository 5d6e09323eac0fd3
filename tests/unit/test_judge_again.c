/* SPDX-License-Identifier: MIT */
/* An incident that was given once, and came on other days as well. */
#include "tests/unit/judge_stage.h"

#define DAYS   6
#define HOUR_S 3600
#define DAY_S  (24 * HOUR_S)
#define FROM_S (6 * HOUR_S)
#define TO_S   (8 * HOUR_S)

/* Days of health, of which the shelf speaks so at the same two hours on those days from first on;
 * there are other slips at other hours. */
static void say_days(struct stage *s, int first, enum level level, const char *text)
{
	open_stage(s);
	for (int64_t i = 0; i < DAYS * DAY_S; i += 300) {
		int64_t of_day = i % DAY_S;
		say(s, "alpha", LEVEL_INFO, i * 1000 + 5, 0, "page shown");
		say(s, "shelf", LEVEL_INFO, i * 1000 + 6, 0, "cup filled");
		if (i % 39900 == 0)
			say(s, "alpha", LEVEL_ERROR, i * 1000 + 7, 0, "a slip of the pen");
		if (i / DAY_S >= first && of_day >= FROM_S && of_day < TO_S)
			say(s, "shelf", level, i * 1000 + 8, 0, text);
	}
}

static void judge_day(struct stage *s, int day)
{
	judge_stage(s, day * DAY_S + FROM_S, day * DAY_S + TO_S);
}

static void test_what_came_on_all_days_is_no_baseline_of_one_of_them(void **state)
{
	(void)state;
	static const int told[] = { DAYS - 1, 2 };
	for (size_t i = 0; i < countof(told); i++) {
		struct stage s;
		say_days(&s, 0, LEVEL_ERROR, "cup is broken");
		judge_day(&s, told[i]);
		const struct incident *in = &s.judgement.incident;
		assert_string_equal(service_at(&s, 0), "shelf");
		assert_true(s.judgement.services[0].score > 5);
		assert_true(in->given && in->recurring);
		assert_int_equal(in->span_count, DAYS);
		assert_int_equal(in->asked, told[i]);
		assert_int_equal(in->spans[in->asked].from_ns,
			START + (told[i] * DAY_S + FROM_S) * NS_PER_S);
		assert_true(str_find(in->how, STR("the same problems come daily")) >= 0);
		close_stage(&s);
	}
}

/* No problem line comes at the hours: a warning makes no habit by itself, but it does of hours that
 * were told. */
static void test_hours_that_were_told_may_come_again_without_a_problem_line(void **state)
{
	(void)state;
	struct stage s;
	say_days(&s, 0, LEVEL_WARNING, "cup is hot");
	judge_day(&s, DAYS - 1);
	assert_string_equal(service_at(&s, 0), "shelf");
	assert_int_equal(s.judgement.incident.span_count, DAYS);
	/* START is at 22:13:20 */
	assert_true(str_equal(s.judgement.incident.when, STR("daily 04:00-06:15")));
	close_stage(&s);
}

static void test_what_came_on_one_day_alone_is_of_that_day(void **state)
{
	(void)state;
	struct stage s;
	say_days(&s, DAYS - 1, LEVEL_ERROR, "cup is broken");
	judge_day(&s, DAYS - 1);
	assert_string_equal(service_at(&s, 0), "shelf");
	assert_int_equal(s.judgement.incident.span_count, 1);
	assert_true(str_equal(s.judgement.incident.how, STR("given")));
	close_stage(&s);
}

/* Logs of some hours of each day: that nothing is known of the others is no habit. */
static void test_hours_that_were_not_read_are_none_without_it(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t day = 0; day < DAYS; day++) {
		for (int64_t i = FROM_S - HOUR_S; i < TO_S + HOUR_S; i += 60) {
			int64_t at_ms = (day * DAY_S + i) * 1000;
			bool now = day == DAYS - 1 && i >= FROM_S && i < TO_S;
			say(&s, "alpha", LEVEL_INFO, at_ms + 5, 0, "page shown");
			say(&s, "shelf", LEVEL_INFO, at_ms + 6, 0, "cup filled");
			if (now && i % 1800 == 0)
				say(&s, "mill", LEVEL_WARNING, at_ms + 8, 0, "it grinds");
		}
	}
	judge_day(&s, DAYS - 1);
	assert_string_equal(service_at(&s, 0), "mill");
	assert_int_equal(s.judgement.incident.span_count, 1);
	assert_false(s.judgement.incident.recurring);
	close_stage(&s);
}

static void test_a_baseline_that_was_told_is_kept(void **state)
{
	(void)state;
	struct stage s;
	say_days(&s, 0, LEVEL_ERROR, "cup is broken");
	s.settings.baseline_from_ns = START;
	s.settings.baseline_to_ns = START + 3 * DAY_S * NS_PER_S;
	judge_day(&s, DAYS - 1);
	assert_int_equal(s.judgement.incident.span_count, 1);
	assert_false(s.judgement.incident.recurring);
	close_stage(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_came_on_all_days_is_no_baseline_of_one_of_them),
		cmocka_unit_test(test_hours_that_were_told_may_come_again_without_a_problem_line),
		cmocka_unit_test(test_what_came_on_one_day_alone_is_of_that_day),
		cmocka_unit_test(test_hours_that_were_not_read_are_none_without_it),
		cmocka_unit_test(test_a_baseline_that_was_told_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
