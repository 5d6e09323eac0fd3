/* SPDX-License-Identifier: MIT */
/* An incident that was given: exactly, a little late, with room, to the minute. */
#include "tests/unit/judge_stage.h"

static const struct refrain health[] = {
	{ "alpha", LEVEL_INFO, 5, "page shown", 0, 0 },
	{ "shelf", LEVEL_INFO, 6, "cup filled", 0, 0 },
};

/* Three minutes of health, in which the shelf fails from one second to another. */
static void say_failure(struct stage *s, int64_t from_s, int64_t to_s)
{
	open_stage(s);
	say_refrains(s, 220, health, countof(health));
	for (int64_t i = from_s; i < to_s; i++)
		say(s, "shelf", LEVEL_ERROR, i * 1000 + 500, 0, "cup is broken");
}

static bool how_holds(const struct stage *s, const char *text)
{
	return str_find(s->judgement.incident.how, str_from(text)) >= 0;
}

static void test_what_fails_just_before_the_start_that_was_given_is_seen(void **state)
{
	(void)state;
	struct stage s;
	say_failure(&s, 95, 99);
	judge_stage(&s, 101, 220);
	assert_string_equal(service_at(&s, 0), "shelf");
	assert_true(s.judgement.services[0].score > 2);
	assert_true(how_holds(&s, "begins 5.5 s before"));
	assert_int_equal(s.judgement.incident.spans[0].from_ns, START + 101 * NS_PER_S);
	close_stage(&s);
}

static void test_a_start_that_was_given_is_trusted(void **state)
{
	(void)state;
	struct stage s;
	say_failure(&s, 101, 220);
	say(&s, "alpha", LEVEL_ERROR, 80 * 1000, 0, "a slip of the pen");
	judge_stage(&s, 101, 220);
	assert_string_equal(service_at(&s, 0), "shelf");
	assert_true(str_equal(s.judgement.incident.how, STR("given")));
	close_stage(&s);
}

/* What the shelf loses by being late against a start that was told 60 s early, when alpha warns
 * before it, so often. */
static double order_of_late(unsigned slips)
{
	struct stage s;
	open_stage(&s);
	say_refrains(&s, 460, health, countof(health));
	for (unsigned i = 0; i < slips; i++)
		say(&s, "alpha", LEVEL_ERROR, (206 + i) * 1000, 0, "a slip of the pen");
	for (int64_t i = 265; i < 460; i += 7)
		say(&s, "shelf", LEVEL_ERROR, i * 1000 + 500, 0, "cup is broken");
	judge_stage(&s, 205, 460);
	double part = case_of(&s, "shelf")->parts[PART_ORDER];
	close_stage(&s);
	return part;
}

static void test_none_is_late_against_what_is_hardly_believed(void **state)
{
	(void)state;
	double late = order_of_late(30);
	assert_true(late < -2);
	assert_true(order_of_late(1) > late / 2);
	assert_true(order_of_late(0) == 0);
}

static void test_a_start_at_a_full_minute_may_lie_within_the_minute(void **state)
{
	(void)state;
	for (int64_t told_s = 100; told_s <= 101; told_s++) { /* 100 is a full one */
		struct stage s;
		say_failure(&s, 140, 220);
		judge_stage(&s, told_s, 220);
		assert_string_equal(service_at(&s, 0), "shelf");
		assert_int_equal(how_holds(&s, "begins 40.5 s later"), told_s == 100);
		close_stage(&s);
	}
}

/* What runs by the clock begins at a full minute, and what it does begins to fail a while later. */
/* A step that is slow from one second on, the start told before it. */
static void test_a_start_may_be_told_with_room(void **state)
{
	(void)state;
	for (int64_t told_s = 66; told_s <= 89; told_s += 23) {
		struct stage s;
		open_stage(&s);
		for (int64_t i = 0; i < 98; i++)
			tell_request(&s, (uint64_t)i + 1, i, i < 90 ? 5 + i % 3 : 230, true, false);
		judge_stage(&s, told_s, 98);
		assert_string_equal(service_at(&s, 0), "back");
		assert_int_equal(how_holds(&s, "s later"), told_s == 66);
		close_stage(&s);
	}
}

static void test_what_begins_at_the_full_minute_that_was_given_counts(void **state)
{
	(void)state;
	double points[2];
	for (int runs = 0; runs < 2; runs++) {
		struct stage s;
		say_failure(&s, 118, 220);
		for (int64_t i = 3; i < 220; i += 30)
			say(&s, "janitor", LEVEL_INFO, i * 1000, 0, "floor swept");
		if (runs)
			say(&s, "janitor", LEVEL_INFO, 100 * 1000, 0, "great wash begins");
		judge_stage(&s, 100, 220);
		size_t at = 0;
		while (!str_equal(
			s.findings.services[s.judgement.services[at].service].name, STR("janitor")))
			at++;
		points[runs] = s.judgement.services[at].parts[PART_ONSET];
		close_stage(&s);
	}
	assert_true(points[0] < 0.5);
	assert_true(points[1] > 1);
}

static void test_what_lies_in_a_baseline_that_was_given_is_normal(void **state)
{
	(void)state;
	struct stage s;
	say_failure(&s, 95, 99);
	s.settings.baseline_from_ns = START;
	s.settings.baseline_to_ns = START + 100 * NS_PER_S;
	judge_stage(&s, 101, 220);
	assert_true(str_equal(s.judgement.incident.how, STR("given")));
	assert_true(s.judgement.services[0].score < 1);
	close_stage(&s);
}

static void test_an_incident_that_lies_outside_of_all_that_was_read_shows_nothing(void **state)
{
	(void)state;
	static const int64_t from_s[] = { -5000, 4000 };
	for (size_t i = 0; i < countof(from_s); i++) {
		struct stage s;
		say_failure(&s, 95, 99);
		s.settings.incident_from_ns = START + from_s[i] * NS_PER_S;
		s.settings.incident_to_ns = START + (from_s[i] + 100) * NS_PER_S;
		judge_stage(&s, -1, -1);
		assert_true(s.judgement.services[0].score < 0.1);
		close_stage(&s);
	}
}

/* The whole of what was read is told, or a little more: with nothing beside it to compare. */
static void test_a_span_that_leaves_nothing_beside_it_is_searched(void **state)
{
	(void)state;
	static const int64_t told[][2] = { { 0, 220 }, { -100, 400 } };
	for (size_t i = 0; i < countof(told); i++) {
		struct stage s;
		say_failure(&s, 120, 220);
		say(&s, "alpha", LEVEL_ERROR, 3 * 1000, 0, "a slip of the pen");
		s.settings.incident_from_ns = START + told[i][0] * NS_PER_S;
		s.settings.incident_to_ns = START + told[i][1] * NS_PER_S;
		judge_stage(&s, -1, -1);
		assert_string_equal(service_at(&s, 0), "shelf");
		assert_true(s.judgement.incident.given);
		assert_true(how_holds(&s, "all that was read lies in it"));
		assert_int_equal(s.judgement.incident.spans[0].from_ns,
			START + 120 * NS_PER_S + 500 * NS_PER_MS);
		assert_true(s.judgement.incident.baseline_seconds > 100);
		close_stage(&s);
	}
}

static void test_a_span_that_leaves_nothing_and_shows_nothing_stays_as_it_was_told(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	say_refrains(&s, 220, health, countof(health));
	judge_stage(&s, 0, 220);
	assert_true(str_equal(s.judgement.incident.how, STR("given")));
	assert_int_equal(s.judgement.incident.spans[0].from_ns, START);
	assert_int_equal(s.judgement.incident.spans[0].to_ns, START + 220 * NS_PER_S);
	close_stage(&s);
}

/*
 * Yesterday all of them spoke each second. Today beta falls silent in the midst; gamma's log begins
 * late, and so may have been turned over; but at the time that is told neither was of use.
 */
static void test_silence_is_told_by_a_baseline_of_its_own(void **state)
{
	(void)state;
	static const char *const names[] = { "alpha", "beta", "gamma", "delta", "epsilon" };
	for (int told = 0; told < 2; told++) {
		struct stage base, s;
		open_stage(&base);
		open_stage(&s);
		for (int64_t i = 0; i < 600; i++) {
			for (size_t k = 0; k < countof(names); k++) {
				int64_t ms = i * 1000 + (int64_t)k;
				bool quiet = k == 1 ? i >= 200 : k == 2 && i < 400;
				say(&base, names[k], LEVEL_INFO, ms, 0, "tick");
				if (!quiet)
					say(&s, names[k], LEVEL_INFO, ms, 0, "tick");
			}
		}
		build_alone(&base.findings, &base.tally, &base.rules);
		s.settings.baseline = &base.findings;
		judge_stage(&s, told ? 150 : -1, told ? 500 : -1);
		assert_int_equal(s.judgement.incident.span_count, 1);
		assert_string_equal(service_at(&s, 0), "beta");
		assert_true(case_of(&s, "beta")->parts[PART_STOPPED] > 3);
		assert_true(case_of(&s, "gamma")->parts[PART_STOPPED] == 0);
		close_stage(&s);
		close_stage(&base);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_fails_just_before_the_start_that_was_given_is_seen),
		cmocka_unit_test(test_a_start_that_was_given_is_trusted),
		cmocka_unit_test(test_none_is_late_against_what_is_hardly_believed),
		cmocka_unit_test(test_a_start_at_a_full_minute_may_lie_within_the_minute),
		cmocka_unit_test(test_a_start_may_be_told_with_room),
		cmocka_unit_test(test_what_begins_at_the_full_minute_that_was_given_counts),
		cmocka_unit_test(test_what_lies_in_a_baseline_that_was_given_is_normal),
		cmocka_unit_test(test_silence_is_told_by_a_baseline_of_its_own),
		cmocka_unit_test(
			test_an_incident_that_lies_outside_of_all_that_was_read_shows_nothing),
		cmocka_unit_test(test_a_span_that_leaves_nothing_beside_it_is_searched),
		cmocka_unit_test(
			test_a_span_that_leaves_nothing_and_shows_nothing_stays_as_it_was_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
