/* SPDX-License-Identifier: MIT */
/* Who is called how often, and who is one of several; what is written of slow things only. */
#include <math.h>

#include "tests/unit/judge_stage.h"

/* Callers know no numbers: what they say is said of each instance, and of nobody else. */
static void test_a_name_without_a_number_names_all_instances(void **state)
{
	(void)state;
	static const struct refrain lines[] = {
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "stock-0", LEVEL_INFO, 6, "shelf read", 0, 0 },
		{ "stock-1", LEVEL_INFO, 6, "shelf read", 0, 0 },
		{ "stockade", LEVEL_INFO, 6, "fence read", 0, 0 },
		{ "front", LEVEL_ERROR, 7, "call to stock failed", 60, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	assert_true(case_of(&s, "stock-0")->parts[PART_NAMED] > 3);
	assert_true(case_of(&s, "stock-1")->parts[PART_NAMED] ==
		    case_of(&s, "stock-0")->parts[PART_NAMED]);
	assert_true(case_of(&s, "stockade")->parts[PART_NAMED] == 0);
	close_stage(&s);
}

/* Its own number names one of them alone. */
static void test_a_name_with_its_number_names_one_instance(void **state)
{
	(void)state;
	static const struct refrain lines[] = {
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "stock-0", LEVEL_INFO, 6, "shelf read", 0, 0 },
		{ "stock-1", LEVEL_INFO, 6, "shelf read", 0, 0 },
		{ "front", LEVEL_ERROR, 7, "call to stock-1 failed", 60, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	assert_true(case_of(&s, "stock-1")->parts[PART_NAMED] > 3);
	assert_true(case_of(&s, "stock-0")->parts[PART_NAMED] == 0);
	close_stage(&s);
}

/* A consumer is given two messages of one request, and one when all of it fails half-way. */
static void test_how_often_one_is_called_is_no_step_of_its_own(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i++) {
		uint64_t n = (uint64_t)i + 1;
		bool twice = i % 4 != 0 && i < 120;
		say(&s, "front", LEVEL_INFO, i * 1000 + 5, n, "order received");
		for (int64_t k = 0; k < (twice ? 2 : 1); k++) {
			say(&s, "mailer", LEVEL_INFO, i * 1000 + 10 + k * 10, n, "message taken");
			say(&s, "mailer", LEVEL_INFO, i * 1000 + 15 + k * 10, n, "message sent");
		}
	}
	judge_stage(&s, 120, 240);
	assert_true(case_of(&s, "mailer")->parts[PART_FLOW] < 1);
	close_stage(&s);
}

/*
 * front is asked by both doors as often as ever, and goes on to back through one of them only when
 * it did not fail before.
 */
static void test_who_is_in_as_many_requests_has_not_stopped(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 400; i++) {
		uint64_t n = (uint64_t)i + 1;
		bool fails = i >= 200 && i % 2 == 0, other = i % 2 == 1;
		say(&s, "door", LEVEL_INFO, i * 1000 + 3, n, other ? "bill asked" : "order asked");
		if (!fails)
			say(&s, "back", LEVEL_INFO, i * 1000 + 5, n, "shelf read");
		say(&s, "front", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + (fails ? 4 : 9), n,
			fails ? "order is torn" : "order complete");
	}
	judge_stage(&s, 200, 400);
	assert_true(case_of(&s, "front")->parts[PART_STOPPED] < 1);
	assert_true(case_of(&s, "front")->parts[PART_PROBLEMS] > 5);
	close_stage(&s);
}

/* Of what back stopped to do, as far as it did it on other days: one time in two, for no reason. */
static double stopped_behind(const char *middle_says)
{
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 400; i++) {
		uint64_t n = (uint64_t)i + 1;
		bool asked = i % 2 == 0, fails = i >= 200 && asked;
		say(&s, "front", LEVEL_INFO, i * 1000 + 3, n, "order asked");
		if (fails && middle_says != NULL)
			say(&s, "middle", LEVEL_ERROR, i * 1000 + 5, n, middle_says);
		if (asked && !fails)
			say(&s, "mailer", LEVEL_INFO, i * 1000 + 7, n, "message sent");
	}
	judge_stage(&s, 200, 400);
	double part = case_of(&s, "mailer")->parts[PART_STOPPED];
	close_stage(&s);
	return part;
}

static void test_who_comes_after_one_that_fails_is_not_called(void **state)
{
	(void)state;
	double alone = stopped_behind(NULL);
	assert_true(alone > 5);
	assert_true(stopped_behind("order is torn") < 1);
	/* it may be the one that did not answer */
	assert_true(stopped_behind("call to mailer timed out") > alone * 0.8);
	assert_true(stopped_behind("upstream timed out") > alone * 0.8);
}

static double points_of_saying(const char *says)
{
	const struct refrain lines[] = {
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "back", LEVEL_INFO, 6, "shelf read", 0, 0 },
		{ "front", LEVEL_ERROR, 7, says, 60, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	double points = case_of(&s, "front")->parts[PART_PROBLEMS];
	close_stage(&s);
	return points;
}

/* Its patience with its own pool ends: a complaint of nobody else. */
static void test_who_waits_for_its_own_pool_waits_for_nobody(void **state)
{
	(void)state;
	static const char *const says[] = {
		"pool - connection is not available, request timed out after 30000ms",
		"QueuePool limit of size 9 overflow 3 reached, connection timed out",
		"Timeout acquiring a connection. The pool is probably full",
		"pool timed out while waiting for an open connection"
	};
	double torn = points_of_saying("order is torn");
	for (size_t i = 0; i < countof(says); i++)
		assert_true(points_of_saying(says[i]) > torn * 0.9);
}

/* Java calls threads after pools. */
static void test_the_name_of_a_thread_is_no_pool(void **state)
{
	(void)state;
	double torn = points_of_saying("order is torn");
	assert_true(points_of_saying("[pool-2-thread-7] the other side timed out") < torn * 0.5);
	assert_true(points_of_saying("[pool-2-thread-7] pool-2 - connection is not available, "
				     "request timed out") > torn * 0.9);
}

/* What a warning with a duration is worth: once a minute before, each second now. */
static double told_by_warnings(const char *slowly, const char *quickly)
{
	const struct refrain lines[] = {
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "store", LEVEL_INFO, 6, "checkpoint written", 0, 10 },
		{ "store", LEVEL_WARNING, 7, quickly, 0, 25 },
		{ "store", LEVEL_WARNING, 8, slowly, 120, 0 },
	};
	struct stage s;
	open_stage(&s);
	say_refrains(&s, 240, lines, countof(lines));
	judge_stage(&s, 120, 240);
	double part = case_of(&s, "store")->parts[PART_PROBLEMS];
	close_stage(&s);
	return part;
}

static void test_a_log_of_slow_statements_measures_what_is_slow(void **state)
{
	(void)state;
	double measured = told_by_warnings(
		"statement of shelf took 5012 ms", "statement of shelf took 312 ms");
	assert_true(measured > 7);
	assert_true(told_by_warnings("statement of shelf took 5012 ms",
			    "statement of shelf took 3 ms") < measured * 0.8);
}

/* It began half a second after the whole one that is all that the host's lines tell. */
static void test_a_coarse_stamp_of_the_second_told_belongs_to_the_incident(void **state)
{
	(void)state;
	static const struct refrain lines[] = {
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "front", LEVEL_INFO, 17, "order complete", 0, 0 },
		{ "host", LEVEL_INFO, 0, "session opened", 0, 2 },
	};
	struct stage s;
	open_stage(&s);
	say_refrains(&s, 60, lines, countof(lines));
	say(&s, "host", LEVEL_ERROR, 60 * 1000, 0, "link is down");
	for (int64_t i = 60; i < 120; i++) {
		say(&s, "front", LEVEL_INFO, i * 1000 + 5, (uint64_t)i, "order received");
		say(&s, "front", LEVEL_ERROR, i * 1000 + 730, (uint64_t)i, "order is torn");
	}
	s.settings.incident_from_ns = START + 60 * NS_PER_S + 500 * NS_PER_MS;
	s.settings.incident_to_ns = START + 120 * NS_PER_S;
	judge_stage(&s, -1, -1);
	assert_true(case_of(&s, "host")->parts[PART_PROBLEMS] > 1);
	close_stage(&s);
}

/* What fails first at the start that was told, beside a log of fine stamps without requests. */
static double order_at_told_start(const char *other)
{
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		say(&s, "front", LEVEL_INFO, i * 1000 + 5, (uint64_t)i + 1, "order received");
		if (i % 7 == 3)
			say(&s, other, LEVEL_INFO, i * 1000 + 210, 0, "floor swept");
		if (i >= 60)
			say(&s, "back", LEVEL_ERROR, i * 1000 + 540, (uint64_t)i + 1,
				"shelf is torn");
		say(&s, "front", i >= 60 ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + 700,
			(uint64_t)i + 1, i >= 60 ? "order is lost" : "order complete");
	}
	s.settings.incident_from_ns = START + 60 * NS_PER_S + 530 * NS_PER_MS;
	s.settings.incident_to_ns = START + 120 * NS_PER_S;
	judge_stage(&s, -1, -1);
	double part = case_of(&s, "back")->parts[PART_ORDER];
	close_stage(&s);
	return part;
}

static void test_who_is_in_no_request_makes_no_told_start_coarse(void **state)
{
	(void)state;
	assert_true(fabs(order_at_told_start("janitor") - order_at_told_start("front")) < 0.1);
}

/* Both fail in the same seconds from then on; front's stamps are cut off at the second or not. */
static double order_gained_by_stamps(int64_t front_ms)
{
	const struct refrain lines[] = {
		{ "front", LEVEL_INFO, front_ms, "order received", 0, 0 },
		{ "back", LEVEL_INFO, 540, "shelf read", 0, 0 },
		{ "mail", LEVEL_INFO, 610, "letter sent", 0, 0 },
		{ "front", LEVEL_ERROR, front_ms, "order is torn", 60, 0 },
		{ "back", LEVEL_ERROR, 550, "shelf has collapsed", 60, 0 },
		{ "mail", LEVEL_ERROR, 620, "letter went astray", 65, 0 },
	};
	struct stage s;
	open_stage(&s);
	say_refrains(&s, 120, lines, countof(lines));
	judge_stage(&s, -1, -1);
	double gained =
		case_of(&s, "front")->parts[PART_ORDER] - case_of(&s, "back")->parts[PART_ORDER];
	close_stage(&s);
	return gained;
}

static void test_who_stamps_whole_seconds_is_not_first_within_one(void **state)
{
	(void)state;
	assert_true(order_gained_by_stamps(3) > 0.5);
	assert_true(fabs(order_gained_by_stamps(0)) < 0.01);
}

/*
 * Each second a call is answered, and hung up 20 to 39 seconds later, as long as the log goes on;
 * of those that are lost from some second on it never is.
 */
static double lost_when_calls_end_late(int64_t lost_from_s)
{
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 600; i++) {
		uint64_t n = (uint64_t)i + 1;
		int64_t end_s = i + 20 + i * 7 % 20;
		say(&s, "switch", LEVEL_INFO, i * 1000 + 5, n, "call is answered");
		if (end_s < 600 && i < lost_from_s)
			say(&s, "switch", LEVEL_INFO, end_s * 1000 + 5, n, "call is hung up");
	}
	judge_stage(&s, 480, 600);
	double part = case_of(&s, "switch")->parts[PART_FLOW];
	close_stage(&s);
	return part;
}

static void test_what_is_still_to_come_when_the_log_ends_is_not_missing(void **state)
{
	(void)state;
	assert_true(lost_when_calls_end_late(600) == 0);
	assert_true(lost_when_calls_end_late(520) > 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_name_without_a_number_names_all_instances),
		cmocka_unit_test(test_a_name_with_its_number_names_one_instance),
		cmocka_unit_test(test_how_often_one_is_called_is_no_step_of_its_own),
		cmocka_unit_test(test_who_is_in_as_many_requests_has_not_stopped),
		cmocka_unit_test(test_who_comes_after_one_that_fails_is_not_called),
		cmocka_unit_test(test_who_waits_for_its_own_pool_waits_for_nobody),
		cmocka_unit_test(test_the_name_of_a_thread_is_no_pool),
		cmocka_unit_test(test_a_coarse_stamp_of_the_second_told_belongs_to_the_incident),
		cmocka_unit_test(test_who_is_in_no_request_makes_no_told_start_coarse),
		cmocka_unit_test(test_who_stamps_whole_seconds_is_not_first_within_one),
		cmocka_unit_test(test_what_is_still_to_come_when_the_log_ends_is_not_missing),
		cmocka_unit_test(test_a_log_of_slow_statements_measures_what_is_slow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
