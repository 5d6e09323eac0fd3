/* SPDX-License-Identifier: MIT */
#include "tests/unit/judge_stage.h"

static void test_a_new_error_puts_its_service_first(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		say(&s, "alpha", LEVEL_INFO, i * 1000 + 5, 0, "tick");
		say(&s, "beta", LEVEL_INFO, i * 1000 + 6, 0, "tock");
	}
	say(&s, "beta", LEVEL_ERROR, 70 * 1000, 0, "disk is on fire");
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "beta");
	assert_int_equal(s.judgement.deviations[0].kind, DEVIATION_NEW);
	assert_true(s.judgement.services[0].parts[PART_PROBLEMS] > 1);
	close_stage(&s);
}

static void test_an_error_of_all_day_is_no_suspect(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 240; i++) {
		say(&s, "alpha", LEVEL_ERROR, i * 1000 + 5, 0, "cache is cold");
		say(&s, "beta", LEVEL_INFO, i * 1000 + 6, 0, "tock");
	}
	judge_stage(&s, 120, 240);
	assert_true(s.judgement.services[0].parts[PART_PROBLEMS] < 0.5);
	close_stage(&s);
}

static void test_who_failed_first_in_the_requests_is_blamed(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 60; i++)
		tell_request(&s, (uint64_t)i + 1, i * 2, 4, true, i >= 30);
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "back");
	bool linked = false;
	for (size_t i = 0; i < s.judgement.blame_count; i++) {
		const struct blame *b = &s.judgement.blames[i];
		const struct deviation *effect = &s.judgement.deviations[b->effect];
		linked |= b->requests == 30 && b->of == 30 && effect->kind == DEVIATION_NEW;
	}
	assert_true(linked);
	close_stage(&s);
}

static void test_a_line_that_no_longer_comes_is_seen(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 60; i++)
		tell_request(&s, (uint64_t)i + 1, i * 2, 4, i < 30, false);
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "back");
	assert_true(s.judgement.services[0].parts[PART_FLOW] > 3);
	close_stage(&s);
}

static void test_a_slow_step_is_its_services_own(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 60; i++)
		tell_request(&s, (uint64_t)i + 1, i * 2, (i < 30 ? 4 : 700) + i % 3, true, false);
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "back");
	assert_true(s.judgement.services[0].parts[PART_SLOW] > 1);
	close_stage(&s);
}

/* middle stamps whole seconds, so that front seems to call back; middle fails before it does. */
static void test_who_is_called_by_a_coarse_service_has_not_stopped(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		bool fails = i >= 60 && i % 2 == 0;
		uint64_t n = (uint64_t)i + 1;
		say(&s, "front", LEVEL_INFO, i * 1000 + 107, n, "order received");
		say(&s, "middle", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000, n,
			fails ? "cannot plan the order" : "order planned");
		if (!fails)
			say(&s, "back", LEVEL_INFO, i * 1000 + 120, n, "lookup done");
		say(&s, "front", LEVEL_INFO, i * 1000 + 150, n, "order ended");
	}
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "middle");
	for (size_t i = 0; i < s.judgement.deviation_count; i++)
		assert_int_not_equal(s.judgement.deviations[i].kind, DEVIATION_STOPPED);
	close_stage(&s);
}

static void test_nothing_stands_out_when_all_is_as_always(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 300; i++)
		tell_request(&s, (uint64_t)i + 1, i * 2, 4 + i % 5, true, false);
	judge_stage(&s, -1, -1);
	assert_int_equal(s.judgement.incident.span_count, 0);
	assert_int_equal(s.judgement.deviation_count, 0);
	assert_int_equal(s.judgement.service_count, 2);
	close_stage(&s);
}

static void test_an_untold_onset_is_found(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 300; i++)
		tell_request(&s, (uint64_t)i + 1, i * 2, 4 + i % 5, true, i >= 200);
	judge_stage(&s, -1, -1);
	assert_int_equal(s.judgement.incident.span_count, 1);
	int64_t off_ns = s.judgement.incident.spans[0].from_ns - (START + 400 * NS_PER_S);
	assert_true(off_ns > -10 * NS_PER_S && off_ns < 10 * NS_PER_S);
	assert_string_equal(service_at(&s, 0), "back");
	close_stage(&s);
}

/*
 * The numbers tell the moment: the gate warned now and then before, and a stray error of another
 * kind stands before each of the times at which the incident did not begin.
 */
static void test_an_onset_is_where_the_numbers_rise_and_at_no_stray_error(void **state)
{
	(void)state;
	static const int64_t strays[] = { 100, 180, 260 };
	static const char *const errors[] = { "bell is lost", "rope is cut", "pan is hot" };
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 600; i++) {
		say(&s, "alpha", LEVEL_INFO, i * 1000 + 5, 0, "page shown");
		if (i >= 400 || i == 190 || i == 270)
			say(&s, "gate", LEVEL_WARNING, i * 1000 + 7, 0, "queue is full");
		if (i >= 400)
			say(&s, "clerk", LEVEL_WARNING, i * 1000 + 9, 0, "form is late");
		for (size_t k = 0; k < countof(strays); k++) {
			if (i == strays[k])
				say(&s, "beta", LEVEL_ERROR, i * 1000 + 8, 0, errors[k]);
		}
	}
	judge_stage(&s, -1, -1);
	assert_int_equal(s.judgement.incident.span_count, 1);
	int64_t off_ns = s.judgement.incident.spans[0].from_ns - (START + 400 * NS_PER_S);
	assert_true(off_ns > -10 * NS_PER_S && off_ns < 10 * NS_PER_S);
	close_stage(&s);
}

/* How many of eight services say something new, once each, at about the same time? */
static size_t spans_with_new_errors(int64_t services)
{
	static const char *const broken[] = { "shelf is torn", "no ink is left", "lamp is out",
		"key does not turn", "door is stuck", "bell is lost", "rope is cut", "pan is hot" };
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		for (int64_t k = 0; k < 8; k++) {
			char name[16];
			snprintf(name, sizeof(name), "part-%d", (int)k);
			say(&s, name, LEVEL_INFO, i * 1000 + 5 * k, 0, "all is well");
			if (k < services && i == 60 + k)
				say(&s, name, LEVEL_ERROR, i * 1000 + 7, 0, broken[k]);
		}
	}
	judge_stage(&s, -1, -1);
	size_t count = s.judgement.incident.span_count;
	close_stage(&s);
	return count;
}

static void test_one_new_error_is_luck_and_one_each_in_five_services_is_none(void **state)
{
	(void)state;
	assert_int_equal(spans_with_new_errors(1), 0);
	assert_int_equal(spans_with_new_errors(5), 1);
}

/* Of three lines the first is where it was chosen to be; two are no rate. */
static void test_a_line_that_came_thrice_begins_no_incident(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 1000; i++) {
		for (int64_t k = 0; k < 8; k++) {
			char name[16];
			snprintf(name, sizeof(name), "part-%d", (int)k);
			say(&s, name, LEVEL_INFO, i * 1000 + 5 * k, 0, "all is well");
		}
		if (i == 600 || i == 660 || i == 720)
			say(&s, "part-1", LEVEL_ERROR, i * 1000 + 900, 0, "bell is lost");
	}
	judge_stage(&s, -1, -1);
	assert_int_equal(s.judgement.incident.span_count, 0);
	close_stage(&s);
}

/* A baseline of its own makes no incident out of a day like any other. */
static void test_a_day_like_the_baselines_own_has_no_incident(void **state)
{
	(void)state;
	struct stage base, s;
	for (int bad = 0; bad < 2; bad++) {
		open_stage(&base);
		open_stage(&s);
		for (int64_t i = 0; i < 300; i++) {
			tell_request(&base, (uint64_t)i + 1, i * 2, 4 + i % 5, true, false);
			tell_request(&s, (uint64_t)i + 1, i * 2, 4 + i % 7, true, bad && i > 9);
		}
		say(&s, "back", LEVEL_WARNING, 70 * 1000, 0, "option is old");
		build_alone(&base.findings, &base.tally, &base.rules);
		s.settings.baseline = &base.findings;
		judge_stage(&s, -1, -1);
		assert_int_equal(s.judgement.incident.span_count, bad);
		close_stage(&s);
		close_stage(&base);
	}
}

static void test_what_comes_daily_is_one_incident_and_its_job_is_seen(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	int64_t midnight_s = 86400 - START / NS_PER_S % 86400;
	for (int64_t i = 0; i < 7 * 96; i++)
		say(&s, "alpha", LEVEL_INFO, (midnight_s + i * 900) * 1000 + 5, 0, "tick");
	for (int64_t day = 0; day < 7; day++) {
		int64_t five_ms = (midnight_s + day * 86400 + 17 * 3600) * 1000;
		say(&s, "job", LEVEL_INFO, five_ms + 1000, 0, "copying the whole table");
		for (int64_t i = 0; i < 100; i++)
			say(&s, "beta", LEVEL_ERROR, five_ms + 20000 + i * 60000, 0,
				"cannot get a lock");
	}
	judge_stage(&s, -1, -1);
	assert_true(s.judgement.incident.recurring);
	assert_int_equal(s.judgement.incident.span_count, 7);
	double job_order = 0, beta_order = 0, job_changed = 0;
	for (size_t i = 0; i < s.judgement.service_count; i++) {
		const struct service_case *c = &s.judgement.services[i];
		struct str name = s.findings.services[c->service].name;
		if (str_equal(name, STR("job"))) {
			job_order = c->parts[PART_ORDER];
			job_changed = c->parts[PART_CHANGED];
		} else if (str_equal(name, STR("beta"))) {
			beta_order = c->parts[PART_ORDER];
		}
	}
	assert_true(job_changed > 3);
	assert_true(job_order > beta_order + 1);
	assert_string_equal(service_at(&s, 0), "job");
	assert_int_equal(s.judgement.blame_count, 1);
	const struct blame *b = &s.judgement.blames[0];
	uint32_t cause = s.judgement.deviations[b->cause].service;
	assert_true(str_equal(s.findings.services[cause].name, STR("job")));
	assert_int_equal(b->episodes, 7);
	assert_int_equal(b->episodes_of, 7);
	assert_float_equal(b->lag_seconds, 19, 0.001);
	close_stage(&s);
}

/* Two jobs start in the same minute each night; one is done long before it stops hurting. */
static void test_of_two_jobs_the_one_that_lasts_is_the_cause(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	int64_t midnight_s = 86400 - START / NS_PER_S % 86400;
	for (int64_t i = 0; i < 7 * 96; i++)
		say(&s, "alpha", LEVEL_INFO, (midnight_s + i * 900) * 1000 + 5, 0, "tick");
	for (int64_t day = 0; day < 7; day++) {
		int64_t two_ms = (midnight_s + day * 86400 + 2 * 3600) * 1000;
		say(&s, "backup", LEVEL_INFO, two_ms, 0, "copying all files");
		say(&s, "backup", LEVEL_INFO, two_ms + 900000, 0, "all files copied");
		say(&s, "rollup", LEVEL_INFO, two_ms + 1000, 0, "summing up");
		say(&s, "rollup", LEVEL_INFO, two_ms + 7200000, 0, "summed up");
		for (int64_t i = 0; i < 119; i++)
			say(&s, "beta", LEVEL_ERROR, two_ms + 20000 + i * 60000, 0,
				"cannot get a lock");
	}
	judge_stage(&s, -1, -1);
	assert_true(s.judgement.incident.recurring);
	bool found = false;
	for (size_t i = 0; i < s.judgement.blame_count; i++) {
		const struct blame *b = &s.judgement.blames[i];
		uint32_t cause = s.judgement.deviations[b->cause].service;
		uint32_t effect = s.judgement.deviations[b->effect].service;
		if (!str_equal(s.findings.services[effect].name, STR("beta")))
			continue;
		assert_true(str_equal(s.findings.services[cause].name, STR("rollup")));
		found = true;
	}
	assert_true(found);
	close_stage(&s);
}

/* Two that deviate in the same second, so that a tie is broken, among requests and rare errors. */
static void say_for_threads(struct stage *s)
{
	for (int64_t i = 0; i < 300; i++) {
		tell_request(s, (uint64_t)i + 1, i * 2, 4 + i % 5, i % 7 != 0, i >= 200);
		if (i > 190 && i % 9 == 0)
			say(s, "alpha", LEVEL_ERROR, i * 2000 + i, 0, "queue of alpha is full");
		if (i > 190 && i % 9 == 0)
			say(s, "beta", LEVEL_ERROR, i * 2000 + i, 0, "queue of beta is full");
	}
}

static void test_all_numbers_of_threads_come_to_the_same(void **state)
{
	(void)state;
	struct stage one, many;
	open_stage(&one);
	say_for_threads(&one);
	judge_stage(&one, -1, -1);
	assert_true(one.judgement.deviation_count > 2);
	for (unsigned jobs = 2; jobs < 40; jobs += 9) {
		open_stage(&many);
		many.settings.jobs = jobs;
		say_for_threads(&many);
		judge_stage(&many, -1, -1);
		const struct judgement *a = &one.judgement, *b = &many.judgement;
		assert_true(a->incident.certainty == b->incident.certainty);
		assert_int_equal(a->incident.spans[0].from_ns, b->incident.spans[0].from_ns);
		assert_int_equal(a->deviation_count, b->deviation_count);
		for (size_t i = 0; i < a->deviation_count; i++) {
			assert_int_equal(a->deviations[i].subject, b->deviations[i].subject);
			assert_true(a->deviations[i].points == b->deviations[i].points);
		}
		for (size_t i = 0; i < a->service_count; i++) {
			assert_int_equal(a->services[i].service, b->services[i].service);
			assert_true(a->services[i].score == b->services[i].score);
		}
		assert_int_equal(a->blame_count, b->blame_count);
		close_stage(&many);
	}
	close_stage(&one);
}

static void test_undated_lines_and_empty_scans_are_judged_without_harm(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	judge_stage(&s, -1, -1);
	assert_int_equal(s.judgement.service_count, 0);
	close_stage(&s);
	open_stage(&s);
	say(&s, "alpha", LEVEL_ERROR, -1, 0, "no stamp here");
	judge_stage(&s, -1, -1);
	assert_int_equal(s.judgement.incident.span_count, 0);
	assert_int_equal(s.judgement.service_count, 1);
	close_stage(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_new_error_puts_its_service_first),
		cmocka_unit_test(test_an_error_of_all_day_is_no_suspect),
		cmocka_unit_test(test_who_failed_first_in_the_requests_is_blamed),
		cmocka_unit_test(test_a_line_that_no_longer_comes_is_seen),
		cmocka_unit_test(test_a_slow_step_is_its_services_own),
		cmocka_unit_test(test_who_is_called_by_a_coarse_service_has_not_stopped),
		cmocka_unit_test(test_nothing_stands_out_when_all_is_as_always),
		cmocka_unit_test(test_an_untold_onset_is_found),
		cmocka_unit_test(test_an_onset_is_where_the_numbers_rise_and_at_no_stray_error),
		cmocka_unit_test(test_one_new_error_is_luck_and_one_each_in_five_services_is_none),
		cmocka_unit_test(test_a_line_that_came_thrice_begins_no_incident),
		cmocka_unit_test(test_a_day_like_the_baselines_own_has_no_incident),
		cmocka_unit_test(test_what_comes_daily_is_one_incident_and_its_job_is_seen),
		cmocka_unit_test(test_of_two_jobs_the_one_that_lasts_is_the_cause),
		cmocka_unit_test(test_all_numbers_of_threads_come_to_the_same),
		cmocka_unit_test(test_undated_lines_and_empty_scans_are_judged_without_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
