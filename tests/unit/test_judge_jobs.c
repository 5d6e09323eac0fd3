/* SPDX-License-Identifier: MIT */
/* Jobs whose only trace is that a run of theirs takes long. */
#include "tests/unit/judge_stage.h"

#define HOUR 3600

/* A run of tidy-job, which says that it begins and, unless it is cut off, that it ends. */
static void tell_run(struct stage *s, int64_t from_s, int64_t seconds)
{
	say(s, "tidy-job", LEVEL_INFO, from_s * 1000, 0, "tidying begins");
	if (seconds > 0)
		say(s, "tidy-job", LEVEL_INFO, (from_s + seconds) * 1000, 0, "tidying is done");
}

static void tell_runs(struct stage *s, int64_t from_s, int64_t late_s, int64_t seconds)
{
	for (int64_t i = from_s; i < 12 * HOUR; i += 10) {
		bool fails = i >= 10 * HOUR && i < 10 * HOUR + 1200;
		say(s, "front", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + 500, 0,
			fails ? "order is torn" : "order kept");
		if (i % HOUR == 0 && i != 10 * HOUR)
			tell_run(s, i, 30 + i / HOUR);
		if (i == 10 * HOUR + late_s)
			tell_run(s, i, seconds);
	}
}

/*
 * The points of tidy-job for being slow, which runs each hour for half a minute, the tenth time
 * from `late_s` seconds after the onset on and for so long (0: it never ends), while front fails
 * for twenty minutes. The logs begin at `from_s`; the onset is told by so many seconds too early
 * (-1: it is not).
 */
static double slow_part_from(int64_t from_s, int64_t late_s, int64_t seconds, int64_t early_s)
{
	struct stage s;
	open_stage(&s);
	tell_runs(&s, from_s, late_s, seconds);
	judge_stage(&s, early_s >= 0 ? 10 * HOUR - early_s : -1, 10 * HOUR + 1200);
	double part = case_of(&s, "tidy-job")->parts[PART_SLOW];
	close_stage(&s);
	return part;
}

static double slow_part(int64_t late_s, int64_t seconds, bool told)
{
	return slow_part_from(0, late_s, seconds, told ? 0 : -1);
}

static void test_a_run_that_takes_long_from_the_onset_on_is_suspected(void **state)
{
	(void)state;
	double told = slow_part(-20, 1230, true);
	assert_true(told > 4);
	assert_true(slow_part(-20, 0, true) > 4); /* it never ends */
	double found = slow_part(-20, 1230, false);
	assert_true(found > 2 && found < told);
}

static void test_a_run_that_is_no_cause_is_not_suspected(void **state)
{
	(void)state;
	assert_true(slow_part(-20, 45, true) == 0);   /* as ever */
	assert_true(slow_part(-20, 100, true) == 0);  /* hardly longer than others */
	assert_true(slow_part(-900, 700, true) == 0); /* over by then */
	assert_true(slow_part(300, 1200, true) == 0); /* in the midst of it, and because of it */
}

/* The onset is told with room: the job begins in it, and still before anything fails. */
static void test_a_run_that_begins_before_the_first_error_is_suspected(void **state)
{
	(void)state;
	assert_true(slow_part_from(0, -20, 1230, 400) > 3);
	assert_true(slow_part_from(0, -20, 1230, 400) < slow_part_from(0, -20, 1230, 0));
	assert_true(slow_part_from(0, 300, 1200, 400) == 0); /* because of it */
}

/* Two runs and the long one are few, but they are runs. */
static void test_a_job_that_runs_seldom_is_known_by_two_other_runs(void **state)
{
	(void)state;
	assert_true(slow_part_from(9 * HOUR, -20, 0, 0) > 2);
	assert_true(slow_part_from(10 * HOUR - 600, -20, 0, 0) == 0); /* one other is none */
}

/* Of a run that nothing ends nobody knows how long it takes. */
static void test_the_sentence_says_whether_the_run_ended(void **state)
{
	(void)state;
	for (int ends = 0; ends < 2; ends++) {
		struct stage s;
		struct verdict v;
		bool told = false;
		open_stage(&s);
		tell_runs(&s, 0, -20, ends ? 1230 : 0);
		judge_stage(&s, 10 * HOUR, 10 * HOUR + 1200);
		rank(&s.findings, &s.settings, &v);
		for (size_t i = 0; i < v.suspect_count; i++)
			told |= str_find(v.suspects[i].sentence,
					ends ? STR("comes to \"tidying is done\" only after 20m "
						   "30s")
					     : STR("has no \"tidying is done\" of its own")) > 0;
		assert_true(told);
		verdict_release(&v);
		close_stage(&s);
	}
}

/* All of it is nearly as short as the time in which a cause may begin. */
static void test_in_a_short_log_no_run_is_near_the_onset(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 800; i++) {
		say(&s, "front", i < 600 ? LEVEL_INFO : LEVEL_ERROR, i * 1000 + 500, 0,
			i < 600 ? "order kept" : "order is torn");
		if (i % 60 == 40 && i < 640)
			tell_run(&s, i, i < 600 - 60 ? 3 : 0);
	}
	judge_stage(&s, 600, 800);
	assert_true(case_of(&s, "tidy-job")->parts[PART_SLOW] == 0);
	close_stage(&s);
}

/* A service that speaks seldom is quiet between; that is no run. */
static void test_a_pause_is_no_run(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 12 * HOUR; i += 10) {
		bool fails = i >= 10 * HOUR && i < 10 * HOUR + 1200;
		say(&s, "front", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + 500, 0,
			fails ? "order is torn" : "order kept");
		if (i % 600 == 0 && (i < 10 * HOUR || i > 11 * HOUR))
			tell_run(&s, i, 30);
	}
	judge_stage(&s, 10 * HOUR, 10 * HOUR + 1200);
	assert_true(case_of(&s, "tidy-job")->parts[PART_SLOW] == 0);
	close_stage(&s);
}

/* A line of the scheduler, which this rule knows. */
static void schedule(struct stage *s, int64_t at_s, uint32_t rule, const char *text)
{
	uint32_t service = tally_service(&s->tally, STR("crond"));
	struct line_place place = { .time_ns = START + at_s * NS_PER_S,
		.member = &member,
		.line = ++s->line,
		.text = str_from(text) };
	tally_line(&s->tally, service, place.time_ns, LEVEL_INFO, false, rule != UINT32_MAX);
	if (rule != UINT32_MAX)
		tally_rule(&s->tally, rule, service, LEVEL_INFO, &place);
	tally_template(&s->tally, place.text, service, LEVEL_INFO, rule, &place, NULL);
}

/* What crond is worth for being slow, which begins two things each hour, once one of them alone. */
static double scheduler_part(uint32_t rule)
{
	static struct rule known = { .severity = SEVERITY_INFO, .event = RULE_EVENT_JOB };
	struct stage s;
	open_stage(&s);
	known.id = known.title = STR("begins");
	s.rules.rules = &known;
	s.rules.rule_count = 1;
	for (int64_t i = 0; i < 12 * HOUR; i += 10) {
		bool fails = i >= 10 * HOUR && i < 10 * HOUR + 1200;
		say(&s, "front", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + 500, 0,
			fails ? "order is torn" : "order kept");
		if (i % HOUR == 0)
			schedule(&s, i, rule, "begin tidying");
		if (i % HOUR == 300 && i / HOUR != 10)
			schedule(&s, i, rule, "begin baking");
	}
	judge_stage(&s, 10 * HOUR, 10 * HOUR + 1200);
	double part = case_of(&s, "crond")->parts[PART_SLOW];
	s.rules = (struct rule_set){ 0 };
	close_stage(&s);
	return part;
}

/* The points for being slow of who says one thing, and that only while front fails. */
static double part_of_one_at_it(const char *who)
{
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 12 * HOUR; i += 10) {
		bool fails = i >= 10 * HOUR && i < 10 * HOUR + 1200;
		say(&s, "front", fails ? LEVEL_ERROR : LEVEL_INFO, i * 1000 + 500, 0,
			fails ? "order is torn" : "order kept");
		if (i % 60 == 0)
			say(&s, who, LEVEL_NONE, i * 1000, 0,
				fails ? "metadata of a set:" : "kind of a set:");
	}
	judge_stage(&s, 10 * HOUR, 10 * HOUR + 1200);
	double part = case_of(&s, who)->parts[PART_SLOW];
	close_stage(&s);
	return part;
}

/* Its lines are stamped like what they describe; nobody is at work there. */
static void test_a_document_is_at_nothing(void **state)
{
	(void)state;
	assert_true(part_of_one_at_it("vacuum") > 2);
	assert_true(part_of_one_at_it("states.yaml") == 0);
}

static void test_what_a_scheduler_begins_next_ends_nothing(void **state)
{
	(void)state;
	assert_true(scheduler_part(UINT32_MAX) > 2);
	assert_true(scheduler_part(0) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_run_that_takes_long_from_the_onset_on_is_suspected),
		cmocka_unit_test(test_a_run_that_is_no_cause_is_not_suspected),
		cmocka_unit_test(test_a_pause_is_no_run),
		cmocka_unit_test(test_a_run_that_begins_before_the_first_error_is_suspected),
		cmocka_unit_test(test_a_job_that_runs_seldom_is_known_by_two_other_runs),
		cmocka_unit_test(test_the_sentence_says_whether_the_run_ended),
		cmocka_unit_test(test_in_a_short_log_no_run_is_near_the_onset),
		cmocka_unit_test(test_a_document_is_at_nothing),
		cmocka_unit_test(test_what_a_scheduler_begins_next_ends_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
