/* SPDX-License-Identifier: MIT */
/* Who failed first within the requests that failed. */
#include <math.h>

#include "tests/unit/judge_stage.h"

/* front waits for back two seconds and goes away; back fails a second later, and says so. */
static void test_a_caller_that_gives_up_does_not_explain_whom_it_called(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i += 4) {
		uint64_t n = (uint64_t)i + 1;
		bool fails = i >= 120;
		say(&s, "front", LEVEL_INFO, i * 1000 + 5, n, "order received");
		say(&s, "back", LEVEL_INFO, i * 1000 + 7, n, "shelf asked for");
		say(&s, "back", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + (fails ? 3007 : 27), n,
			fails ? "shelf is torn" : "shelf read");
		say(&s, "front", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + (fails ? 2005 : 30),
			n, fails ? "call timed out" : "order complete");
	}
	judge_stage(&s, 120, 240);
	assert_true(case_of(&s, "back")->parts[PART_PROBLEMS] > 5);
	assert_string_equal(service_at(&s, 0), "back");
	close_stage(&s);
}

/* In the same order of time front fails by itself, and back stumbles over what it sent. */
static void test_a_caller_that_fails_by_itself_explains_whom_it_called(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i += 4) {
		uint64_t n = (uint64_t)i + 1;
		bool fails = i >= 120;
		say(&s, "front", LEVEL_INFO, i * 1000 + 5, n, "order received");
		say(&s, "back", LEVEL_INFO, i * 1000 + 7, n, "shelf asked for");
		say(&s, "back", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + 27, n,
			fails ? "shelf is torn" : "shelf read");
		say(&s, "front", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + (fails ? 17 : 30), n,
			fails ? "order is torn" : "order complete");
	}
	judge_stage(&s, 120, 240);
	assert_true(case_of(&s, "back")->parts[PART_PROBLEMS] < 1);
	assert_string_equal(service_at(&s, 0), "front");
	close_stage(&s);
}

/* front speaks when it is done: that it says another thing then is no call that stopped. */
static void test_who_says_another_thing_has_not_stopped(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		uint64_t n = (uint64_t)i + 1;
		say(&s, "back", LEVEL_INFO, i * 1000 + 5, n, "shelf asked for");
		say(&s, "back", i < 60 ? LEVEL_INFO : LEVEL_ERROR, i * 1000 + 6, n,
			i < 60 ? "shelf read" : "shelf is torn");
		say(&s, "front", i < 60 ? LEVEL_INFO : LEVEL_ERROR, i * 1000 + 9, n,
			i < 60 ? "order complete" : "order is lost");
	}
	judge_stage(&s, 60, 120);
	assert_true(case_of(&s, "front")->parts[PART_STOPPED] < 1);
	assert_true(case_of(&s, "back")->parts[PART_PROBLEMS] > 5);
	close_stage(&s);
}

/* The points of a step that is missing, where its service fails so long after the one before. */
static double flow_part(int64_t fails_after_ms)
{
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i += 2) {
		uint64_t n = (uint64_t)i + 1;
		bool fails = i >= 120;
		say(&s, "back", LEVEL_INFO, i * 1000, n, "shelf asked for");
		if (fails)
			say(&s, "back", LEVEL_ERROR, i * 1000 + fails_after_ms, n, "shelf is torn");
		else
			say(&s, "back", LEVEL_INFO, i * 1000 + 20, n, "shelf read");
		say(&s, "front", LEVEL_INFO, i * 1000 + 1000, n, "order complete");
	}
	judge_stage(&s, 120, 240);
	double part = case_of(&s, "back")->parts[PART_FLOW];
	close_stage(&s);
	return part;
}

static void test_an_error_of_the_same_instant_tells_why_a_line_is_missing(void **state)
{
	(void)state;
	assert_true(fabs(flow_part(0) - flow_part(5)) < 0.1);
}

/* back fails in the very millisecond in which front says that its call failed. */
static void test_of_one_instant_the_one_that_was_called_failed_first(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i += 4) {
		uint64_t n = (uint64_t)i + 1;
		bool fails = i >= 120;
		say(&s, "front", LEVEL_INFO, i * 1000 + 5, n, "order received");
		say(&s, "back", LEVEL_INFO, i * 1000 + 9, n, "shelf asked for");
		say(&s, "back", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + 27, n,
			fails ? "shelf is torn" : "shelf read");
		say(&s, "front", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + (fails ? 27 : 30), n,
			fails ? "order is lost" : "order complete");
	}
	judge_stage(&s, 120, 240);
	assert_true(case_of(&s, "back")->parts[PART_PROBLEMS] > 5);
	assert_true(case_of(&s, "front")->parts[PART_PROBLEMS] < 1);
	assert_string_equal(service_at(&s, 0), "back");
	close_stage(&s);
}

/* Each try fails and says so: the first error is in the place of the first line that is missing. */
static void test_a_call_that_is_tried_again_fails_by_its_error_alone(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i += 2) {
		uint64_t n = (uint64_t)i + 1;
		bool fails = i >= 120;
		say(&s, "front", LEVEL_INFO, i * 1000, n, "order received");
		for (int64_t at = 10; at < (fails ? 200 : 100); at += 100) {
			say(&s, "back", LEVEL_INFO, i * 1000 + at, n, "shelf asked for");
			say(&s, "back", LEVEL_INFO, i * 1000 + at + 5, n, "shelf found");
			say(&s, "back", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + at + 20, n,
				fails ? "shelf is torn" : "shelf read");
		}
		say(&s, "front", LEVEL_INFO, i * 1000 + 400, n, "order complete");
	}
	judge_stage(&s, 120, 240);
	assert_true(case_of(&s, "back")->parts[PART_PROBLEMS] > 5);
	assert_true(case_of(&s, "back")->parts[PART_FLOW] < 1);
	close_stage(&s);
}

/* front names back and tries again: that is no cause of how back fails the second time. */
static void test_who_complains_of_another_leads_to_nothing_there(void **state)
{
	(void)state;
	struct stage s;
	struct verdict v;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i += 2) {
		uint64_t n = (uint64_t)i + 1;
		bool fails = i >= 120;
		say(&s, "front", LEVEL_INFO, i * 1000, n, "order received");
		say(&s, "back-svc", LEVEL_INFO, i * 1000 + 10, n, "shelf asked for");
		say(&s, "back-svc", LEVEL_INFO, i * 1000 + 20, n, "shelf read");
		if (fails)
			say(&s, "front", LEVEL_ERROR, i * 1000 + 30, n,
				"call to back-svc was torn, once more");
		if (fails)
			say(&s, "back-svc", LEVEL_ERROR, i * 1000 + 40, n, "shelf is torn");
		say(&s, "front", LEVEL_INFO, i * 1000 + 400, n, "order complete");
	}
	judge_stage(&s, 120, 240);
	rank(&s.findings, &s.settings, &v);
	assert_true(v.suspect_count > 0);
	for (size_t i = 0; i < v.suspect_count; i++)
		assert_true(v.suspects[i].led_to_count == 0 ||
			    !str_equal(v.suspects[i].service, STR("front")));
	verdict_release(&v);
	close_stage(&s);
}

/* Both speak no sooner than when they fail, in one instant; front's line stands first. */
static double front_part(const char *front_says)
{
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i += 4) {
		uint64_t n = (uint64_t)i + 1;
		bool fails = i >= 120;
		say(&s, "front", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + 27, n,
			fails ? front_says : "order complete");
		say(&s, "back", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + 27, n,
			fails ? "shelf is torn" : "shelf read");
	}
	judge_stage(&s, 120, 240);
	double part = case_of(&s, "front")->parts[PART_PROBLEMS];
	close_stage(&s);
	return part;
}

static void test_of_one_instant_the_one_that_is_named_failed_first(void **state)
{
	(void)state;
	assert_true(front_part("call to back failed") < 1);
	assert_true(front_part("order is torn") > 5);
}

/* The trace behind front's lines has no id, and so nothing explains it. */
static void test_a_trace_is_of_the_lines_that_open_it(void **state)
{
	(void)state;
	for (int opened = 0; opened < 2; opened++) {
		struct stage s;
		open_stage(&s);
		for (int64_t i = 0; i < 240; i += 4) {
			uint64_t n = (uint64_t)i + 1;
			bool fails = i >= 120;
			say(&s, "back", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + 7, n,
				fails ? "shelf is torn" : "shelf read");
			say(&s, "front", fails && opened ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + 27,
				n,
				!fails || !opened ? "order complete"
				: i % 8 == 0	  ? "no label printed"
						  : "no receipt written");
			if (fails)
				say(&s, "front", LEVEL_ERROR, i * 1000 + 27, 0,
					"Traceback (most recent call last):");
		}
		judge_stage(&s, 120, 240);
		double part = case_of(&s, "front")->parts[PART_PROBLEMS];
		assert_true(opened ? part < 1 : part > 5);
		close_stage(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_of_one_instant_the_one_that_was_called_failed_first),
		cmocka_unit_test(test_of_one_instant_the_one_that_is_named_failed_first),
		cmocka_unit_test(test_a_trace_is_of_the_lines_that_open_it),
		cmocka_unit_test(test_a_call_that_is_tried_again_fails_by_its_error_alone),
		cmocka_unit_test(test_who_complains_of_another_leads_to_nothing_there),
		cmocka_unit_test(test_a_caller_that_gives_up_does_not_explain_whom_it_called),
		cmocka_unit_test(test_a_caller_that_fails_by_itself_explains_whom_it_called),
		cmocka_unit_test(test_who_says_another_thing_has_not_stopped),
		cmocka_unit_test(test_an_error_of_the_same_instant_tells_why_a_line_is_missing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
