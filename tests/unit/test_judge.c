/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lineup/judgement.h"

/* A small imagined scan: lines are said, then judged. */
struct stage {
	struct tally tally;
	struct rule_set rules;
	struct findings findings;
	struct rank_settings settings;
	struct judgement judgement;
	uint64_t line;
};

#define START (INT64_C(1700000000) * NS_PER_S)

static struct member member = { .place = { "a.log", 5 } };

static void open_stage(struct stage *s)
{
	*s = (struct stage){ .settings = { .incident_from_ns = TIME_NONE,
				     .incident_to_ns = TIME_NONE,
				     .baseline_from_ns = TIME_NONE,
				     .baseline_to_ns = TIME_NONE,
				     .least = SEVERITY_INFO } };
	tally_init(&s->tally, &tally_limits_default);
}

static void say(struct stage *s, const char *service, enum level level, int64_t ms,
	uint64_t request, const char *text)
{
	uint32_t number = tally_service(&s->tally, str_from(service));
	struct line_place place = { .time_ns = ms < 0 ? TIME_NONE : START + ms * NS_PER_MS,
		.member = &member,
		.line = ++s->line,
		.text = str_from(text) };
	tally_line(&s->tally, number, place.time_ns, level, level >= LEVEL_WARNING, false);
	uint64_t id =
		tally_template(&s->tally, place.text, number, level, UINT32_MAX, &place, NULL);
	struct tally_event event = { .request = request << 20 | UINT64_C(1) << 63,
		.template_id = id,
		.time_ns = place.time_ns,
		.service = number,
		.line = place.line,
		.level = (uint8_t)level };
	if (request != 0)
		tally_event(&s->tally, &event);
}

static void judge_stage(struct stage *s, int64_t incident_from_s, int64_t incident_to_s)
{
	struct frame frame;
	findings_build(&s->findings, &s->tally, &s->rules);
	if (incident_from_s >= 0) {
		s->settings.incident_from_ns = START + incident_from_s * NS_PER_S;
		s->settings.incident_to_ns = START + incident_to_s * NS_PER_S;
	}
	frame_find(&s->findings, 0, &frame);
	judge(&s->findings, &s->settings, &frame, &s->judgement);
}

static void close_stage(struct stage *s)
{
	judgement_release(&s->judgement);
	findings_release(&s->findings);
	tally_release(&s->tally);
	rule_set_release(&s->rules);
}

static const char *service_at(const struct stage *s, size_t rank)
{
	static char name[64];
	struct str text = s->findings.services[s->judgement.services[rank].service].name;
	snprintf(name, sizeof(name), "%.*s", STR_ARG(text));
	return name;
}

/* front calls back and gets its answer, n-th request at this second. */
static void tell_request(
	struct stage *s, uint64_t n, int64_t second, int64_t back_ms, bool answers, bool fails)
{
	int64_t at = second * 1000 + 7;
	say(s, "front", LEVEL_INFO, at, n, "order received");
	say(s, "front", LEVEL_INFO, at + 3, n, "calling back");
	say(s, "back", LEVEL_INFO, at + 5, n, "lookup begins");
	if (answers)
		say(s, "back", LEVEL_INFO, at + 5 + back_ms, n, "lookup done");
	if (fails)
		say(s, "back", LEVEL_ERROR, at + 8 + back_ms, n, "cannot read the shelf");
	if (fails)
		say(s, "front", LEVEL_ERROR, at + 15 + back_ms, n, "order failed");
	else
		say(s, "front", LEVEL_INFO, at + 15 + back_ms, n, "order complete");
}

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
		cmocka_unit_test(test_who_is_named_by_failing_callers_comes_first),
		cmocka_unit_test(test_a_name_is_taken_only_where_a_name_is_due),
		cmocka_unit_test(test_a_step_is_slow_also_when_its_caller_has_given_up),
		cmocka_unit_test(test_nothing_stands_out_when_all_is_as_always),
		cmocka_unit_test(test_an_untold_onset_is_found),
		cmocka_unit_test(test_what_comes_daily_is_one_incident_and_its_job_is_seen),
		cmocka_unit_test(test_of_two_jobs_the_one_that_lasts_is_the_cause),
		cmocka_unit_test(test_undated_lines_and_empty_scans_are_judged_without_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
