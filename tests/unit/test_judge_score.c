/* SPDX-License-Identifier: MIT */
#include "tests/unit/judge_stage.h"

#include "lineup/suspects.h"

/* A caller's lines name the one that does not answer; that one writes nothing of it. */
static void test_who_is_named_by_failing_callers_comes_first(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		say(&s, "cart-svc", LEVEL_INFO, i * 1000 + 5, 0, "cart opened");
		say(&s, "shop-svc", LEVEL_INFO, i * 1000 + 6, 0, "page shown");
		say(&s, "rate-svc", LEVEL_INFO, i * 1000 + 7, 0, "rate looked up");
		if (i < 60)
			continue;
		/* cart failed because rate did; shop failed because cart did */
		say(&s, "cart-svc", LEVEL_ERROR, i * 1000 + 8, 0,
			"no answer from http://rate-svc:80/v1");
		say(&s, "cart-svc", LEVEL_ERROR, i * 1000 + 9, 0, "cart is lost");
		say(&s, "shop-svc", LEVEL_ERROR, i * 1000 + 10, 0, "call to cart-svc failed");
	}
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "rate-svc");
	assert_true(s.judgement.services[0].parts[PART_NAMED] > 3);
	bool shown = false;
	for (size_t i = 0; i < s.judgement.deviation_count; i++)
		shown |= s.judgement.deviations[i].kind == DEVIATION_NAMED &&
			 s.judgement.deviations[i].service == s.judgement.services[0].service;
	assert_true(shown);
	close_stage(&s);
}

static bool has_reason(const struct suspect *s, const char *what)
{
	for (size_t i = 0; i < s->reason_count; i++) {
		if (str_equal(s->reasons[i].what, str_from(what)))
			return true;
	}
	return false;
}

/* It shows something itself: then what is said of it is one reason more, and no suspect of its own. */
static void test_what_is_said_of_a_service_stands_with_what_it_shows(void **state)
{
	(void)state;
	struct stage s;
	struct verdict v;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		say(&s, "cart-svc", LEVEL_INFO, i * 1000 + 5, 0, "cart opened");
		say(&s, "rate-svc", LEVEL_INFO, i * 1000 + 7, 0, "rate looked up");
		if (i >= 60)
			say(&s, "rate-svc", LEVEL_ERROR, i * 1000 + 8, 0, "book is torn");
		if (i >= 60)
			say(&s, "cart-svc", LEVEL_ERROR, i * 1000 + 9, 0, "rate-svc is down");
	}
	judge_stage(&s, 60, 120);
	rank(&s.findings, &s.settings, &v);
	assert_int_equal(v.suspect_count, 2);
	assert_true(str_equal(v.suspects[0].service, STR("rate-svc")));
	assert_true(has_reason(&v.suspects[0], "new") && has_reason(&v.suspects[0], "named"));
	assert_false(has_reason(&v.suspects[1], "named"));
	verdict_release(&v);
	close_stage(&s);
}

static size_t named_parts(const char *line)
{
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		say(&s, "shop", LEVEL_INFO, i * 1000 + 5, 0, "page shown");
		say(&s, "order", LEVEL_INFO, i * 1000 + 6, 0, "order kept");
		say(&s, "stock-svc", LEVEL_INFO, i * 1000 + 7, 0, "stock kept");
		say(&s, "rate-svc", LEVEL_INFO, i * 1000 + 7, 0, "rate kept");
		if (i >= 60)
			say(&s, "shop", LEVEL_ERROR, i * 1000 + 8, 0, line);
	}
	judge_stage(&s, 60, 120);
	size_t count = 0;
	for (size_t i = 0; i < s.judgement.service_count; i++)
		count += s.judgement.services[i].parts[PART_NAMED] > 0;
	close_stage(&s);
	return count;
}

static void test_a_name_is_taken_only_where_a_name_is_due(void **state)
{
	(void)state;
	assert_int_equal(named_parts("stock-svc is down"), 1);
	assert_int_equal(named_parts("StockClient: gave up"), 1);
	assert_int_equal(named_parts("call to order failed"), 1);
	assert_int_equal(named_parts("POST order:8080/v1 gave up"), 1);
	assert_int_equal(named_parts("cannot put the order in its place"), 0);
	assert_int_equal(named_parts("up: stock-svc, rate-svc"), 0); /* a list */
	assert_int_equal(named_parts("shop gave up"), 0);	     /* itself */
	assert_int_equal(named_parts("restock-svc2 gave up"), 0);
}

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

/* No ids, no errors; the lines of both say how long it took, and the caller's time holds the other's. */
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

/* What the problems of `front` are worth that says this, beside `back`, which says what it has. */
static double worth_of(const char *line)
{
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		say(&s, "front", LEVEL_INFO, i * 1000 + 5, 0, "order received");
		say(&s, "back", LEVEL_INFO, i * 1000 + 6, 0, "shelf read");
		if (i >= 60) {
			say(&s, "back", LEVEL_ERROR, i * 1000 + 8, 0, "shelf is torn");
			say(&s, "front", LEVEL_ERROR, i * 1000 + 7, 0, line);
		}
	}
	judge_stage(&s, 60, 120);
	double worth = case_of(&s, "front")->parts[PART_PROBLEMS];
	close_stage(&s);
	return worth;
}

static void test_who_waited_for_another_keeps_half_of_what_it_says(void **state)
{
	(void)state;
	double own = worth_of("order is torn");
	assert_true(worth_of("call timed out") < own * 0.6);
	assert_true(worth_of("upstream returned 500") < own * 0.6);
	assert_true(worth_of("GET /order 503") < own * 0.6);
	assert_true(worth_of("order of 503.5 kg is torn") == own);
	assert_true(worth_of("send(timeout=timeout) is torn") == own);
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
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		say(&s, "front", LEVEL_INFO, i * 1000 + 5, 0, "order received");
		say(&s, "back", LEVEL_INFO, i * 1000 + 6, 0, "shelf read");
		if (i >= 60)
			say(&s, "back", LEVEL_WARNING, i * 1000 + 8, 0, "queue is full");
		if (i == 60)
			say(&s, "front", LEVEL_WARNING, i * 1000 + 7, 0, "option is old");
	}
	judge_stage(&s, 60, 120);
	assert_true(case_of(&s, "back")->parts[PART_PROBLEMS] > 4.2);
	assert_true(case_of(&s, "front")->parts[PART_PROBLEMS] < 3);
	close_stage(&s);
}

/* It stands beside a count of all lines, so what was counted instead is said. */
static void test_a_burst_counts_once_a_second_and_says_so(void **state)
{
	(void)state;
	struct stage s;
	struct verdict v;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		say(&s, "back", LEVEL_INFO, i * 1000 + 6, 0, "shelf read");
		for (int64_t k = 0; i >= 60 && k < 3; k++)
			say(&s, "back", LEVEL_ERROR, i * 1000 + 8 + k, 0, "shelf is torn");
	}
	judge_stage(&s, 60, 120);
	rank(&s.findings, &s.settings, &v);
	assert_int_equal(v.suspects[0].count, 180);
	struct str detail = v.suspects[0].reasons[0].detail;
	assert_true(str_find(detail, STR(" different seconds of the incident")) > 0);
	assert_true(str_ends(detail, STR("(180 lines)")));
	verdict_release(&v);
	close_stage(&s);
}

/* Six say the same at once, one says another thing. */
static void test_what_many_say_at_once_is_of_something_that_they_share(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		for (int64_t k = 0; k < 6; k++) {
			char name[16];
			snprintf(name, sizeof(name), "part-%d", (int)k);
			say(&s, name, LEVEL_INFO, i * 1000 + k, 0, "all is well");
			if (i >= 60)
				say(&s, name, LEVEL_ERROR, i * 1000 + 20 + k, 0, "cannot write");
		}
		say(&s, "store", LEVEL_INFO, i * 1000 + 9, 0, "block written");
		if (i >= 60)
			say(&s, "store", LEVEL_ERROR, i * 1000 + 30, 0, "no block is left");
	}
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "store");
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
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		say(&s, "alpha", LEVEL_INFO, i * 1000 + 5, 0, "tick");
		say(&s, "beta", LEVEL_INFO, i * 1000 + 6, 0, "tock");
		if (i >= 60) {
			say(&s, "alpha", LEVEL_ERROR, i * 1000 + 502, 0, "shelf is empty");
			say(&s, "beta", LEVEL_ERROR, i * 1000 + 500, 0, "page is empty");
		}
	}
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "beta");
	assert_true(
		case_of(&s, "beta")->parts[PART_ORDER] > case_of(&s, "alpha")->parts[PART_ORDER]);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_is_named_by_failing_callers_comes_first),
		cmocka_unit_test(test_what_is_said_of_a_service_stands_with_what_it_shows),
		cmocka_unit_test(test_a_name_is_taken_only_where_a_name_is_due),
		cmocka_unit_test(test_a_step_is_slow_also_when_its_caller_has_given_up),
		cmocka_unit_test(test_a_service_whose_lines_tell_of_longer_times_is_slow),
		cmocka_unit_test(test_who_waited_for_another_keeps_half_of_what_it_says),
		cmocka_unit_test(test_the_row_begins_with_the_service_that_most_speaks_for),
		cmocka_unit_test(test_a_new_warning_given_often_is_worth_more_than_one_given_once),
		cmocka_unit_test(test_a_burst_counts_once_a_second_and_says_so),
		cmocka_unit_test(test_what_many_say_at_once_is_of_something_that_they_share),
		cmocka_unit_test(test_a_service_that_falls_silent_is_missed),
		cmocka_unit_test(test_less_traffic_makes_nothing_more_frequent),
		cmocka_unit_test(test_who_fails_first_leads_also_within_the_second_told),
		cmocka_unit_test(test_a_new_error_surprises_less_where_new_ones_are_usual),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
