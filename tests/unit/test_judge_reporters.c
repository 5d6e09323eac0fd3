/* SPDX-License-Identifier: MIT */
/* Those who watch over others, and say in lines of their own what is wrong with them. */
#include "tests/unit/judge_stage.h"

/* Judged: what a watcher says, in turn the one line and the other, of two who go on quietly. */
static void watch(struct stage *s, const char *one, const char *other)
{
	const struct refrain lines[] = {
		{ "watcher", LEVEL_INFO, 5, "all apps looked at", 0, 0 },
		{ "rate1-svc", LEVEL_INFO, 6, "rate looked up", 0, 0 },
		{ "rate2-svc", LEVEL_INFO, 6, "rate looked up", 0, 0 },
		{ "watcher", LEVEL_ERROR, 8, one, 60, 0 },
		{ "watcher", LEVEL_ERROR, 7, other, 64, 4 },
	};
	stage_two_minutes(s, lines, countof(lines));
}

static double own_part(const char *one, const char *other)
{
	struct stage s;
	watch(&s, one, other);
	double part = case_of(&s, "watcher")->parts[PART_PROBLEMS];
	close_stage(&s);
	return part;
}

/* The share of its strongest line that is the watcher's own. */
static double kept_of(const char *line)
{
	struct stage s;
	double kept = -1;
	watch(&s, line, line);
	for (size_t i = 0; i < s.judgement.deviation_count && kept < 0; i++) {
		const struct deviation *d = &s.judgement.deviations[i];
		if (d->kind <= DEVIATION_MORE && d->service == case_of(&s, "watcher")->service)
			kept = d->kept;
	}
	close_stage(&s);
	return kept;
}

static double named_part(const char *line)
{
	struct stage s;
	watch(&s, line, line);
	double part = case_of(&s, "rate1-svc")->parts[PART_NAMED];
	close_stage(&s);
	return part;
}

/* None of them is accused by all the lines, but neither is it the watcher's own. */
static void test_who_reports_now_on_one_and_now_on_another_keeps_little(void **state)
{
	(void)state;
	double own = own_part("app rate1-svc is torn", "app rate2-svc is torn");
	assert_true(own_part("app rate1-svc is degraded", "app rate2-svc is degraded") < own * 0.3);
	assert_true(
		own_part("app rate1-svc is not ready", "app rate2-svc is not ready") < own * 0.3);
	/* a state of its own */
	assert_true(own_part("the book is degraded", "the book is degraded") > own * 0.9);
}

static void test_what_only_watchers_say_is_of_another(void **state)
{
	(void)state;
	static const char *const says[] = { "Cluster operator monitoring is degraded",
		"back-off 40s: Back-off restarting failed container=web pod=web-7_shop",
		"Server be_web/web1 is DOWN, reason: Layer4 timeout",
		"Readiness probe failed: HTTP", "Check is now critical: check=web",
		"SERVICE ALERT: web;HTTP;CRITICAL;HARD;3;refused",
		"target 10.0.0.9:80 failed its health check", "error contacting auth provider" };
	double own = own_part("the book is torn", "the book is torn");
	for (size_t i = 0; i < countof(says); i++)
		assert_true(own_part(says[i], says[i]) < own * 0.3);
	assert_true(own_part("PLEG is not healthy: last seen active 4m ago",
			    "PLEG is not healthy: last seen active 4m ago") > own * 0.9);
}

/* What a rule's severity adds to a line is shared as the line is. */
static void test_a_line_of_another_is_kept_in_part(void **state)
{
	(void)state;
	assert_true(kept_of("the book is torn") == 1);
	assert_true(kept_of("call to rate1-svc failed") == 0.25);
	assert_true(kept_of("no answer from upstream") == 0.25);
}

static void test_a_pod_is_of_its_service(void **state)
{
	(void)state;
	assert_true(
		named_part("Error syncing pod, skipping pod=\"shop/rate1-svc-7d9f8b6c5-x2x4z\"") >
		3);
	assert_true(
		named_part("Error syncing pod, skipping pod=\"shop/rate3-svc-7d9f8b6c5-x2x4z\"") ==
		0);
	/* short of disk is the node of it */
	assert_true(named_part("pod is evicted pod=\"shop/rate1-svc-7d9f8b6c5-x2x4z\"") == 0);
	assert_true(named_part("cannot sync rolebinding \"shop/rate1-svc\"") == 0);
	assert_true(named_part("acme.org/rate1-svc/list.go:101: cannot sync") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_reports_now_on_one_and_now_on_another_keeps_little),
		cmocka_unit_test(test_what_only_watchers_say_is_of_another),
		cmocka_unit_test(test_a_line_of_another_is_kept_in_part),
		cmocka_unit_test(test_a_pod_is_of_its_service),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
