/* SPDX-License-Identifier: MIT */
/* Who called whom, and whose it is when a call fails, is not made or is late. */
#include "tests/unit/judge_stage.h"

/* back breaks off without a word; front says so later, and does not say why. */
static void test_who_called_does_not_explain_a_step_that_breaks_off(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i += 4) {
		uint64_t n = (uint64_t)i + 1;
		bool fails = i >= 120 && i % 8 == 0;
		say(&s, "front", LEVEL_INFO, i * 1000 + 5, n, "order received");
		say(&s, "back", LEVEL_INFO, i * 1000 + 7, n, "shelf asked for");
		if (!fails)
			say(&s, "back", LEVEL_INFO, i * 1000 + 27, n, "shelf read");
		say(&s, "front", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + 40, n,
			fails ? "order is lost" : "order complete");
	}
	judge_stage(&s, 120, 240);
	assert_true(case_of(&s, "back")->parts[PART_FLOW] > 3);
	assert_string_equal(service_at(&s, 0), "back");
	close_stage(&s);
}

/*
 * front asks price, then stock, and says little. In the incident front fails so many milliseconds
 * after price is done; stock is mostly there after eight.
 */
static void play_two_calls(struct stage *s, int64_t fails_after_ms)
{
	open_stage(s);
	for (int64_t i = 0; i < 240; i += 4) {
		uint64_t n = (uint64_t)i + 1;
		int64_t at_ms = i * 1000;
		bool fails = i >= 120;
		say(s, "front", LEVEL_INFO, at_ms, n, "order received");
		say(s, "price", LEVEL_INFO, at_ms + 10, n, "list asked for");
		say(s, "price", LEVEL_INFO, at_ms + 20, n, "list read");
		if (fails) {
			say(s, "front", LEVEL_ERROR, at_ms + 20 + fails_after_ms, n,
				"order is torn");
			continue;
		}
		say(s, "stock", LEVEL_INFO, at_ms + 28, n, "shelf asked for");
		say(s, "stock", LEVEL_INFO, at_ms + 40, n, "shelf read");
		say(s, "front", LEVEL_INFO, at_ms + 50, n, "order complete");
	}
	judge_stage(s, 120, 240);
}

static void test_who_fails_before_it_calls_explains_that_it_did_not(void **state)
{
	(void)state;
	struct stage s;
	play_two_calls(&s, 4);
	assert_true(case_of(&s, "stock")->parts[PART_STOPPED] < 1);
	assert_string_equal(service_at(&s, 0), "front");
	close_stage(&s);
}

static void test_who_fails_after_it_should_have_called_does_not(void **state)
{
	(void)state;
	struct stage s;
	play_two_calls(&s, 30);
	assert_true(case_of(&s, "stock")->parts[PART_STOPPED] > 3);
	assert_string_equal(service_at(&s, 0), "stock");
	close_stage(&s);
}

/* It waited for a lock, be it said or not, and never came to call. */
static void test_who_fails_long_after_that_waited_for_something_else(void **state)
{
	(void)state;
	struct stage s;
	play_two_calls(&s, 2000);
	assert_true(case_of(&s, "stock")->parts[PART_STOPPED] < 1);
	assert_string_equal(service_at(&s, 0), "front");
	close_stage(&s);
}

/*
 * front has an order noted by audit and reads a map of zone's, all in a tenth of a second, and
 * stamps are of whole seconds. In the incident zone's answer is a second on its way. By the names
 * of services front would be done before zone begins, whenever both are in one second: no step from
 * zone's answer to front's last line would be known of healthy times.
 */
static void test_whole_seconds_make_no_calls_by_name(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i += 2) {
		uint64_t n = (uint64_t)i + 1;
		int64_t at_ms = i * 1000 + i * 137 % 1000, more_ms = i >= 120 ? 1000 : 0;
		say(&s, "front", LEVEL_INFO, at_ms / 1000 * 1000, n, "order received");
		at_ms += 25;
		say(&s, "audit", LEVEL_INFO, at_ms / 1000 * 1000, n, "order noted");
		at_ms += 25;
		say(&s, "zone", LEVEL_INFO, at_ms / 1000 * 1000, n, "map asked for");
		at_ms += 25;
		say(&s, "zone", LEVEL_INFO, at_ms / 1000 * 1000, n, "map read");
		at_ms += 25 + more_ms;
		say(&s, "front", LEVEL_INFO, at_ms / 1000 * 1000, n, "order complete");
	}
	judge_stage(&s, 120, 240);
	assert_true(case_of(&s, "zone")->parts[PART_SLOW] > 3);
	assert_string_equal(service_at(&s, 0), "zone");
	close_stage(&s);
}

/* Between one call and the next it is front that takes its time. */
static void test_time_between_two_calls_is_that_of_who_makes_them(void **state)
{
	static const char *const called[] = { "price", "stock", "tax", "post", "bank" };
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i += 2) {
		uint64_t n = (uint64_t)i + 1;
		int64_t at_ms = i * 1000, pause_ms = 4 + i % 3;
		say(&s, "front", LEVEL_INFO, at_ms, n, "order received");
		for (size_t k = 0; k < countof(called); k++) {
			at_ms += i >= 120 && k > 0 ? 10 * pause_ms : pause_ms;
			say(&s, called[k], LEVEL_INFO, at_ms, n, "asked for");
			say(&s, called[k], LEVEL_INFO, at_ms += 3, n, "told");
		}
		say(&s, "front", LEVEL_INFO, at_ms + 5, n, "order complete");
	}
	judge_stage(&s, 120, 240);
	assert_true(case_of(&s, "front")->parts[PART_SLOW] > 3);
	assert_string_equal(service_at(&s, 0), "front");
	close_stage(&s);
}

/* One of three instances of back is slow: the middle of all is not. */
static void test_a_slow_third_is_slow(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i++) {
		uint64_t n = (uint64_t)i + 1;
		int64_t took_ms = i >= 120 && i % 3 == 0 ? 300 : 10;
		say(&s, "front", LEVEL_INFO, i * 1000, n, "order received");
		say(&s, "back", LEVEL_INFO, i * 1000 + 5, n, "shelf asked for");
		say(&s, "back", LEVEL_INFO, i * 1000 + 5 + took_ms, n, "shelf read");
		say(&s, "front", LEVEL_INFO, i * 1000 + 10 + took_ms, n, "order complete");
	}
	judge_stage(&s, 120, 240);
	assert_true(case_of(&s, "back")->parts[PART_SLOW] > 3);
	assert_string_equal(service_at(&s, 0), "back");
	close_stage(&s);
}

/* How slow back is held to be, whose step takes 2 ms and then 6, in requests of this length. */
static double part_of_four_ms(int64_t request_ms)
{
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i++) {
		uint64_t n = (uint64_t)i + 1;
		int64_t took_ms = i < 120 ? 2 : 6;
		say(&s, "front", LEVEL_INFO, i * 1000, n, "order received");
		say(&s, "back", LEVEL_INFO, i * 1000 + 1, n, "shelf asked for");
		say(&s, "back", LEVEL_INFO, i * 1000 + 1 + took_ms, n, "shelf read");
		say(&s, "front", LEVEL_INFO, i * 1000 + took_ms + request_ms, n, "order complete");
	}
	judge_stage(&s, 120, 240);
	double part = case_of(&s, "back")->parts[PART_SLOW];
	close_stage(&s);
	return part;
}

static void test_a_step_hurts_by_what_its_requests_feel_of_it(void **state)
{
	(void)state;
	double felt = part_of_four_ms(20);
	assert_true(felt > 3);
	assert_true(part_of_four_ms(900) < felt / 4);
}

/* back reads two shelves within a millisecond, in the incident one; a copy of its log may lie
 * beside it. */
static double part_of_second_shelf(bool is_copied)
{
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i += 4) {
		uint64_t n = (uint64_t)i + 1;
		size_t first = s.tally.event_count;
		say(&s, "back", LEVEL_INFO, i * 1000 + 7, n, "shelf read");
		if (i < 120 && !is_copied)
			say(&s, "back", LEVEL_INFO, i * 1000 + 7, n, "shelf read");
		say(&s, "back", LEVEL_INFO, i * 1000 + 27, n, "order packed");
		size_t end = s.tally.event_count;
		for (size_t k = first; k < end && i < 120 && is_copied; k++) {
			struct tally_event copy = s.tally.events[k];
			copy.input = 1;
			tally_event(&s.tally, &copy);
		}
	}
	judge_stage(&s, 120, 240);
	double part = case_of(&s, "back")->parts[PART_FLOW];
	close_stage(&s);
	return part;
}

static void test_what_is_said_twice_within_a_millisecond_was_said_twice(void **state)
{
	(void)state;
	assert_true(part_of_second_shelf(false) > 5);
	assert_true(part_of_second_shelf(true) < 1);
}

/* door hands on visits and, from so many seconds on, orders, for which desk has lines of its own.
 */
static double changed_part(int64_t orders_from_s, const char *said_of_visits)
{
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i++) {
		uint64_t n = (uint64_t)i + 1;
		bool order = i >= orders_from_s && i % 2 == 0;
		say(&s, "door", LEVEL_INFO, i * 1000 + 5, n, order ? "an order" : "a visit");
		say(&s, "desk", LEVEL_INFO, i * 1000 + 9, n, "desk is asked");
		if (order)
			say(&s, "desk", LEVEL_INFO, i * 1000 + 12, n, "wood is counted");
		else if (i >= 120)
			say(&s, "desk", LEVEL_INFO, i * 1000 + 12, n, said_of_visits);
		say(&s, "door", LEVEL_INFO, i * 1000 + 20, n, "door is shut");
	}
	judge_stage(&s, 120, 240);
	double part = case_of(&s, "desk")->parts[PART_CHANGED];
	close_stage(&s);
	return part;
}

static void test_what_only_a_new_kind_of_request_brings_is_no_change(void **state)
{
	(void)state;
	assert_true(changed_part(120, "desk is asked") < 0.5);
	assert_true(changed_part(0, "wood is gone") > 2);
}

/* front calls mid, and mid inner; then front fails before it calls, and nobody speaks behind it. */
static void test_who_is_not_called_by_one_that_is_not_called_is_no_culprit(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 600; i++) {
		uint64_t n = (uint64_t)i + 1;
		int64_t at = i * 1000;
		say(&s, "gate", LEVEL_INFO, at, n, "page asked for");
		say(&s, "front", LEVEL_INFO, at + 5, n, "order received");
		say(&s, "front", i < 300 ? LEVEL_INFO : LEVEL_ERROR, at + 9, n,
			i < 300 ? "order is whole" : "order is torn");
		if (i < 300) {
			say(&s, "mid", LEVEL_INFO, at + 15, n, "shelf asked for");
			say(&s, "inner", LEVEL_INFO, at + 25, n, "row asked for");
			say(&s, "inner", LEVEL_INFO, at + 35, n, "row read");
			say(&s, "mid", LEVEL_INFO, at + 45, n, "shelf read");
			say(&s, "front", LEVEL_INFO, at + 55, n, "order complete");
		}
		say(&s, "gate", LEVEL_INFO, at + 65, n, "page shown");
	}
	judge_stage(&s, 300, 600);
	assert_string_equal(service_at(&s, 0), "front");
	assert_true(case_of(&s, "mid")->parts[PART_STOPPED] < 1);
	assert_true(case_of(&s, "inner")->parts[PART_STOPPED] < 1);
	close_stage(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_is_not_called_by_one_that_is_not_called_is_no_culprit),
		cmocka_unit_test(test_who_called_does_not_explain_a_step_that_breaks_off),
		cmocka_unit_test(test_who_fails_before_it_calls_explains_that_it_did_not),
		cmocka_unit_test(test_who_fails_after_it_should_have_called_does_not),
		cmocka_unit_test(test_who_fails_long_after_that_waited_for_something_else),
		cmocka_unit_test(test_whole_seconds_make_no_calls_by_name),
		cmocka_unit_test(test_time_between_two_calls_is_that_of_who_makes_them),
		cmocka_unit_test(test_a_slow_third_is_slow),
		cmocka_unit_test(test_a_step_hurts_by_what_its_requests_feel_of_it),
		cmocka_unit_test(test_what_is_said_twice_within_a_millisecond_was_said_twice),
		cmocka_unit_test(test_what_only_a_new_kind_of_request_brings_is_no_change),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
