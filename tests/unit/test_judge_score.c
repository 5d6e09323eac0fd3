/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "tests/unit/judge_stage.h"

/* The called one's step took long, though its caller spoke in the middle of it: it had given up. */
static void test_a_step_is_slow_also_when_its_caller_has_given_up(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 60; i++) {
		uint64_t n = (uint64_t)i + 1;
		int64_t at = i * 10000 + 17, took = i >= 30 ? 5000 : 4 + i % 3;
		say(&s, "front", LEVEL_INFO, at - 9, n, "order received");
		say(&s, "front", LEVEL_INFO, at - 6, n, "order checked");
		say(&s, "front", LEVEL_INFO, at - 3, n, "order numbered");
		say(&s, "front", LEVEL_INFO, at, n, "call goes out");
		say(&s, "back", LEVEL_INFO, at + 2, n, "lookup begins");
		if (i >= 30)
			say(&s, "front", LEVEL_INFO, at + 1000, n, "call given up");
		say(&s, "back", LEVEL_INFO, at + 2 + took, n, "lookup done");
		if (i < 30)
			say(&s, "front", LEVEL_INFO, at + 4 + took, n, "call came back");
	}
	judge_stage(&s, 300, 600);
	assert_string_equal(service_at(&s, 0), "back");
	assert_true(s.judgement.services[0].parts[PART_SLOW] > 3);
	close_stage(&s);
}

/* No ids, no errors; the lines of both say how long it took, and the caller's time holds the
 * other's. */
static void test_a_service_whose_lines_tell_of_longer_times_is_slow(void **state)
{
	(void)state;
	struct stage s;
	char text[64];
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		int took = i < 60 ? 4 + (int)i % 3 : 900 + (int)i % 100;
		snprintf(text, sizeof(text), "shelf looked up in %d ms", took);
		say(&s, "back", LEVEL_INFO, i * 1000 + 5, 0, text);
		snprintf(text, sizeof(text), "order done, took %d ms", took + 30);
		say(&s, "front", LEVEL_INFO, i * 1000 + 9, 0, text);
		snprintf(text, sizeof(text), "mail sent in %d ms", 40 + (int)i % 7);
		say(&s, "mail", LEVEL_INFO, i * 1000 + 11, 0, text);
	}
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "back");
	assert_true(case_of(&s, "back")->parts[PART_SLOW] > case_of(&s, "front")->parts[PART_SLOW]);
	assert_true(case_of(&s, "back")->parts[PART_SLOW] > 3);
	assert_true(case_of(&s, "mail")->parts[PART_SLOW] == 0);
	close_stage(&s);
}

/* back warns, and is slow; front's one error is louder than either of both. */
static void test_the_row_begins_with_the_service_that_most_speaks_for(void **state)
{
	(void)state;
	struct stage s;
	struct verdict v;
	char text[64];
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		snprintf(text, sizeof(text), "shelf read in %d ms", i < 60 ? 5 : 400);
		say(&s, "front", LEVEL_INFO, i * 1000 + 5, 0, "order received");
		say(&s, "back", LEVEL_INFO, i * 1000 + 6, 0, text);
		if (i >= 60)
			say(&s, "back", LEVEL_WARNING, i * 1000 + 8, 0, "queue is full");
		if (i >= 60 && i % 4 == 0)
			say(&s, "front", LEVEL_ERROR, i * 1000 + 9, 0, "order is torn");
	}
	judge_stage(&s, 60, 120);
	rank(&s.findings, &s.settings, &v);
	assert_string_equal(service_at(&s, 0), "back");
	assert_true(str_equal(v.suspects[0].service, STR("back")));
	assert_true(has_reason(&v.suspects[0], "service"));
	verdict_release(&v);
	close_stage(&s);
}

/* Never before, and now all the time, is more than a program's first word on a thing. */
static void test_a_new_warning_given_often_is_worth_more_than_one_given_once(void **state)
{
	(void)state;
	static const struct refrain lines[] = {
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "back", LEVEL_INFO, 6, "shelf read", 0, 0 },
		{ "back", LEVEL_WARNING, 8, "queue is full", 60, 0 },
		{ "front", LEVEL_WARNING, 7, "option is old", 60, 60 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	assert_true(case_of(&s, "back")->parts[PART_PROBLEMS] > 4.2);
	assert_true(case_of(&s, "front")->parts[PART_PROBLEMS] < 3);
	close_stage(&s);
}

/* One line of it before hardly makes a warning of all the time one that was usual. */
static void test_a_warning_that_came_once_and_now_comes_often_is_hardly_usual(void **state)
{
	(void)state;
	double points[2];
	for (int before = 0; before < 2; before++) {
		struct stage s;
		open_stage(&s);
		for (int64_t i = 0; i < 120; i++) {
			say(&s, "back", LEVEL_INFO, i * 1000 + 6, 0, "shelf read");
			if (i >= 60 || (before && i == 20))
				say(&s, "back", LEVEL_WARNING, i * 1000 + 8, 0, "queue is full");
		}
		judge_stage(&s, 60, 120);
		points[before] = case_of(&s, "back")->parts[PART_PROBLEMS];
		close_stage(&s);
	}
	assert_true(points[0] > points[1] && points[1] > points[0] - 1);
}

/* It stands beside a count of all lines, so what was counted instead is said. */
static void test_a_burst_counts_once_a_second_and_says_so(void **state)
{
	(void)state;
	static const struct refrain lines[] = {
		{ "back", LEVEL_INFO, 6, "shelf read", 0, 0 },
		{ "back", LEVEL_ERROR, 8, "shelf is torn", 60, 0 },
		{ "back", LEVEL_ERROR, 9, "shelf is torn", 60, 0 },
		{ "back", LEVEL_ERROR, 10, "shelf is torn", 60, 0 },
	};
	struct stage s;
	struct verdict v;
	stage_two_minutes(&s, lines, countof(lines));
	rank(&s.findings, &s.settings, &v);
	assert_int_equal(v.suspects[0].count, 180);
	struct str detail = v.suspects[0].reasons[0].detail;
	assert_true(str_find(detail, STR(" different seconds of the incident")) > 0);
	assert_true(str_ends(detail, STR("(180 lines)")));
	verdict_release(&v);
	close_stage(&s);
}

/* `minute` still speaks once a minute; `other` has said nothing since second 300. */
static void test_a_service_that_falls_silent_is_missed(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 600; i++) {
		say(&s, "alpha", LEVEL_INFO, i * 1000 + 5, 0, "tick");
		if (i % 60 == 0)
			say(&s, "minute", LEVEL_INFO, i * 1000 + 6, 0, "a minute went by");
		if (i % 5 == 0 && i < 300)
			say(&s, "other", LEVEL_INFO, i * 1000 + 7, 0, "tock");
	}
	judge_stage(&s, 300, 600);
	assert_string_equal(service_at(&s, 0), "other");
	assert_true(case_of(&s, "other")->parts[PART_STOPPED] > 3);
	assert_true(case_of(&s, "minute")->parts[PART_STOPPED] == 0);
	close_stage(&s);
}

/* The consumer still says that it lives; what it consumed it says no more, unless it says why. */
static void test_a_line_that_is_missing_is_missed_where_nothing_else_tells(void **state)
{
	(void)state;
	for (int tells = 0; tells < 2; tells++) {
		struct stage s;
		open_stage(&s);
		for (int64_t i = 0; i < 600; i++) {
			say(&s, "alpha", LEVEL_INFO, i * 1000 + 5, 0, "page shown");
			if (i % 20 == 0)
				say(&s, "eater", LEVEL_INFO, i * 1000 + 6, 0, "all is well");
			if (i % 5 == 0 && i < 300)
				say(&s, "eater", LEVEL_INFO, i * 1000 + 7, 0, "bite taken");
			if (i % 5 == 0 && i >= 300 && tells)
				say(&s, "eater", LEVEL_ERROR, i * 1000 + 7, 0, "cannot chew");
		}
		judge_stage(&s, 300, 600);
		assert_string_equal(service_at(&s, 0), "eater");
		if (tells)
			assert_true(case_of(&s, "eater")->parts[PART_STOPPED] == 0);
		else
			assert_true(case_of(&s, "eater")->parts[PART_STOPPED] > 1);
		close_stage(&s);
	}
}

/*
 * The clerk writes twenty lines in one go once a minute. The last of them stands just behind the
 * moment that is told, and then it is silent; alpha always has something to say.
 */
static void test_who_falls_silent_at_the_very_moment_told_is_noticed(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 600; i++) {
		say(&s, "alpha", LEVEL_INFO, i * 1000 + 5, 0, "page shown");
		say(&s, "alpha", LEVEL_INFO, i * 1000 + 505, 0, "page sent");
		for (int64_t k = 0; k < 20 && i % 60 == 0 && i <= 300; k++)
			say(&s, "clerk", LEVEL_INFO, i * 1000 + 400 + 5 * k, 0, "entry made");
	}
	s.settings.incident_from_ns = START + 300 * NS_PER_S + 493 * NS_PER_MS;
	s.settings.incident_to_ns = START + 600 * NS_PER_S;
	judge_stage(&s, -1, -1);
	assert_true(case_of(&s, "clerk")->parts[PART_ONSET] > 4);
	assert_true(case_of(&s, "alpha")->parts[PART_ONSET] < 1);
	close_stage(&s);
}

/* Who always speaks within the precision of the moment told speaks then as well. */
static void test_who_always_speaks_is_not_noticed_at_the_moment_told(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 600; i++)
		say(&s, "alpha", LEVEL_INFO, i * 1000 + 5, 0, "page shown");
	judge_stage(&s, 300, 600);
	assert_true(case_of(&s, "alpha")->parts[PART_ONSET] < 0.1);
	close_stage(&s);
}

/* Two lines far out of a few are what any stretch of time may bring. */
static void test_a_few_lines_that_tell_of_long_times_prove_little(void **state)
{
	(void)state;
	for (int all = 0; all < 2; all++) {
		struct stage s;
		open_stage(&s);
		for (int64_t i = 0; i < 12; i++) {
			bool slow = i >= 6 && (all || i == 7 || i == 10);
			say(&s, "alpha", LEVEL_INFO, i * 10000 + 5, 0,
				slow ? "page shown, took 5012 ms" : "page shown, took 12 ms");
			say(&s, "beta", LEVEL_INFO, i * 10000 + 6, 0, "cup filled, took 20 ms");
		}
		judge_stage(&s, 60, 120);
		double points = case_of(&s, "alpha")->parts[PART_SLOW];
		assert_true(all ? points > 2 : points < 1.5);
		close_stage(&s);
	}
}

/* What runs every ten seconds is no more frequent because everybody else has less to say. */
static void test_less_traffic_makes_nothing_more_frequent(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 1200; i++) {
		if (i < 600 || i % 6 == 0)
			say(&s, "alpha", LEVEL_INFO, i * 1000 + 5, 0, "page shown");
		if (i % 10 == 0)
			say(&s, "alpha", LEVEL_INFO, i * 1000 + 500, 0, "cache swept");
	}
	judge_stage(&s, 600, 1200);
	assert_true(case_of(&s, "alpha")->parts[PART_CHANGED] < 0.1);
	close_stage(&s);
}

/* The start is told to the second; within it beta fails 2 ms before alpha, each time. */
static void test_who_fails_first_leads_also_within_the_second_told(void **state)
{
	(void)state;
	static const struct refrain lines[] = {
		{ "alpha", LEVEL_INFO, 5, "tick", 0, 0 },
		{ "beta", LEVEL_INFO, 6, "tock", 0, 0 },
		{ "alpha", LEVEL_ERROR, 502, "shelf is empty", 60, 0 },
		{ "beta", LEVEL_ERROR, 500, "page is empty", 60, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	assert_string_equal(service_at(&s, 0), "beta");
	assert_true(
		case_of(&s, "beta")->parts[PART_ORDER] > case_of(&s, "alpha")->parts[PART_ORDER]);
	close_stage(&s);
}

/* Forty seconds behind a start that was told, and behind another that fails: no first mover. */
static void test_who_fails_last_is_late_for_a_start_that_was_told(void **state)
{
	(void)state;
	static const struct refrain lines[] = {
		{ "alpha", LEVEL_INFO, 5, "tick", 0, 0 },
		{ "beta", LEVEL_INFO, 6, "tock", 0, 0 },
		{ "alpha", LEVEL_ERROR, 502, "shelf is empty", 60, 0 },
		{ "beta", LEVEL_ERROR, 500, "page is empty", 100, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	assert_string_equal(service_at(&s, 0), "alpha");
	assert_true(case_of(&s, "beta")->parts[PART_ORDER] < -0.5);
	close_stage(&s);
}

/* One new error means less where any service finds a new one now and then. */
static void test_a_new_error_surprises_less_where_new_ones_are_usual(void **state)
{
	(void)state;
	double points[2];
	for (int usual = 0; usual < 2; usual++) {
		static const char *const names[] = { "alpha", "beta", "gamma", "delta" };
		struct stage s;
		open_stage(&s);
		for (int64_t i = 0; i < 120; i++) {
			for (int k = 0; k < 4; k++)
				say(&s, names[k], LEVEL_INFO, i * 1000 + k, 0, "tick");
		}
		for (int k = 1; usual && k < 4; k++)
			say(&s, names[k], LEVEL_ERROR, k * 9000, 0, "a slip of the pen");
		say(&s, "alpha", LEVEL_ERROR, 70 * 1000, 0, "disk is on fire");
		judge_stage(&s, 60, 120);
		points[usual] = case_of(&s, "alpha")->parts[PART_PROBLEMS];
		close_stage(&s);
	}
	assert_true(points[1] < points[0] - 1);
}

/* The points for the start of the incident of a service that says this once, at that second. */
static double trigger_part(const char *line, int64_t second)
{
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 600; i++) {
		say(&s, "front", LEVEL_INFO, i * 1000 + 5, 0, "order received");
		say(&s, "rate-svc", LEVEL_INFO, i * 1000 + 6, 0, "rate looked up");
		say(&s, "deployer", LEVEL_INFO, i * 1000 + 7, 0, "nothing to do");
		if (i == second)
			say(&s, "deployer", LEVEL_INFO, i * 1000 + 8, 0, line);
		if (i >= 300)
			say(&s, "front", LEVEL_ERROR, i * 1000 + 9, 0, "call timed out");
	}
	judge_stage(&s, 300, 600);
	double part = case_of(&s, "rate-svc")->parts[PART_ONSET];
	close_stage(&s);
	return part;
}

static void test_what_happens_at_a_told_start_alone_points_at_the_one_that_it_names(void **state)
{
	(void)state;
	double near = trigger_part("version 7 of rate-svc rolled out", 298);
	assert_true(near > 1);
	assert_true(trigger_part("version 7 of rate-svc rolled out", 240) < near / 2);
	assert_true(trigger_part("version 7 of rate-svc rolled out", 30) < 0.1);
	assert_true(trigger_part("nothing to do", 298) < 0.1);
}

/* Their stamps tell seconds, and all fail in the same one: names must not say who was first. */
static void test_who_fails_in_the_same_moment_shares_the_place(void **state)
{
	(void)state;
	static const char *const names[] = { "attic", "cellar", "zeal" };
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 600; i++) {
		for (size_t k = 0; k < countof(names); k++) {
			say(&s, names[k], LEVEL_INFO, i * 1000, 0, "all is well");
			if (i >= 300 && (k < 2 || i >= 303))
				say(&s, names[k], LEVEL_ERROR, i * 1000, 0, "cup is broken");
		}
	}
	judge_stage(&s, -1, -1);
	const double *attic = case_of(&s, "attic")->parts, *cellar = case_of(&s, "cellar")->parts;
	assert_true(fabs(attic[PART_ORDER] - cellar[PART_ORDER]) < 1e-9);
	assert_true(attic[PART_ORDER] > case_of(&s, "zeal")->parts[PART_ORDER] + 0.3);
	close_stage(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_what_happens_at_a_told_start_alone_points_at_the_one_that_it_names),
		cmocka_unit_test(test_a_step_is_slow_also_when_its_caller_has_given_up),
		cmocka_unit_test(test_a_service_whose_lines_tell_of_longer_times_is_slow),
		cmocka_unit_test(test_the_row_begins_with_the_service_that_most_speaks_for),
		cmocka_unit_test(test_a_new_warning_given_often_is_worth_more_than_one_given_once),
		cmocka_unit_test(test_a_warning_that_came_once_and_now_comes_often_is_hardly_usual),
		cmocka_unit_test(test_a_burst_counts_once_a_second_and_says_so),
		cmocka_unit_test(test_a_service_that_falls_silent_is_missed),
		cmocka_unit_test(test_a_line_that_is_missing_is_missed_where_nothing_else_tells),
		cmocka_unit_test(test_who_falls_silent_at_the_very_moment_told_is_noticed),
		cmocka_unit_test(test_who_always_speaks_is_not_noticed_at_the_moment_told),
		cmocka_unit_test(test_a_few_lines_that_tell_of_long_times_prove_little),
		cmocka_unit_test(test_less_traffic_makes_nothing_more_frequent),
		cmocka_unit_test(test_who_fails_first_leads_also_within_the_second_told),
		cmocka_unit_test(test_who_fails_last_is_late_for_a_start_that_was_told),
		cmocka_unit_test(test_a_new_error_surprises_less_where_new_ones_are_usual),
		cmocka_unit_test(test_who_fails_in_the_same_moment_shares_the_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
