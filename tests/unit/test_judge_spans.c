/* SPDX-License-Identifier: MIT */
/* What goes on as long as the trouble does, and what is then said of it. */
#include "tests/unit/judge_stage.h"

#define ONSET 600 /* seconds; the trouble ends with the logs */
#define END   900

struct scene_of {
	int64_t begins_s; /* what the backup service does */
	bool goes_on;
	const char *waits; /* what the database says, and two callers */
	const char *late_a, *late_b;
};

/* The points of a part of the backup service, which ends as the database's trouble does; what a
 * rule knows its copying for. */
static double part_of_known(
	const struct scene_of *of, enum rule_event known_as, int64_t ends_s, enum score_part part)
{
	struct rule copying = { .event = known_as, .severity = SEVERITY_INFO };
	struct stage s;
	open_stage(&s);
	s.rules = (struct rule_set){ .rules = &copying, .rule_count = 1 };
	for (int64_t i = 0; i < END; i++) {
		say(&s, "front", LEVEL_INFO, i * 1000, 0, "order received");
		say(&s, "back", LEVEL_INFO, i * 1000 + 5, 0, "order kept");
		say(&s, "stock-svc", LEVEL_INFO, i * 1000 + 6, 0, "stock looked up");
		say(&s, "rate-svc", LEVEL_INFO, i * 1000 + 7, 0, "rate looked up");
		if (i % 60 == 0)
			say(&s, "shopdb", LEVEL_INFO, i * 1000 + 9, 0, "checkpoint complete");
		if (i % 300 == 0)
			say(&s, "backup", LEVEL_INFO, i * 1000, 0, "scheduler heartbeat");
		if (i == of->begins_s)
			say_known_by(&s, 0, "backup", LEVEL_INFO, i * 1000, 0, "full copy begins");
		if (of->goes_on && i > of->begins_s && i < ends_s && i % 20 == 0)
			say_known_by(
				&s, 0, "backup", LEVEL_INFO, i * 1000 + 1, 0, "copying blocks");
		if (i >= ONSET && i < ends_s && of->waits != NULL)
			say(&s, "shopdb", LEVEL_ERROR, i * 1000 + 500, 0, of->waits);
		if (i >= ONSET && of->late_a != NULL)
			say(&s, "front", LEVEL_ERROR, i * 1000 + 600, 0, of->late_a);
		if (i >= ONSET && of->late_b != NULL)
			say(&s, "back", LEVEL_ERROR, i * 1000 + 600, 0, of->late_b);
	}
	judge_stage(&s, ONSET, END);
	double points = case_of(&s, "backup")->parts[part];
	s.rules = (struct rule_set){ 0 }; /* they are not the stage's */
	close_stage(&s);
	return points;
}

static double backup_part_until(const struct scene_of *of, int64_t ends_s, enum score_part part)
{
	return part_of_known(of, RULE_EVENT_JOB, ends_s, part);
}

static double backup_part(const struct scene_of *of, enum score_part part)
{
	return backup_part_until(of, END, part);
}

static const char lock[] = "process 4711 still waiting for ShareLock on transaction 12";

static void test_what_lasts_as_long_as_the_trouble_is_a_suspect(void **state)
{
	(void)state;
	assert_true(backup_part(&(struct scene_of){ 598, true, "cannot write", NULL, NULL },
			    PART_SLOW) > 1.5);
	/* over in a moment; begun when it hurt already; long before */
	assert_true(backup_part(&(struct scene_of){ 598, false, "cannot write", NULL, NULL },
			    PART_SLOW) == 0);
	assert_true(backup_part(&(struct scene_of){ 630, true, "cannot write", NULL, NULL },
			    PART_SLOW) == 0);
	assert_true(backup_part(&(struct scene_of){ 200, true, "cannot write", NULL, NULL },
			    PART_SLOW) == 0);
}

/* Who is elected again and again is at no work. */
static void test_what_a_rule_knows_for_a_moment_is_no_work(void **state)
{
	(void)state;
	const struct scene_of of = { 598, true, "cannot write", NULL, NULL };
	assert_true(part_of_known(&of, RULE_EVENT_JOB, END, PART_SLOW) > 1.5);
	assert_true(part_of_known(&of, RULE_EVENT_ELECTION, END, PART_SLOW) == 0);
}

static void test_the_trouble_lasts_from_its_first_line_to_its_last(void **state)
{
	(void)state;
	const struct scene_of of = { 598, true, "cannot write", NULL, NULL };
	assert_true(backup_part_until(&of, 750, PART_SLOW) > backup_part(&of, PART_SLOW));
}

static void test_it_probably_holds_the_lock_that_others_wait_for(void **state)
{
	(void)state;
	assert_true(backup_part(&(struct scene_of){ 598, true, lock, NULL, NULL }, PART_NAMED) > 3);
	assert_true(backup_part(&(struct scene_of){ 598, true, "cannot write", NULL, NULL },
			    PART_NAMED) == 0);
	assert_true(
		backup_part(&(struct scene_of){ 200, true, lock, NULL, NULL }, PART_NAMED) == 0);
}

static void test_it_is_what_several_that_are_late_have_in_common(void **state)
{
	(void)state;
	const char *stock = "call to stock-svc timed out", *rate = "call to rate-svc timed out";
	assert_true(
		backup_part(&(struct scene_of){ 598, true, NULL, stock, rate }, PART_NAMED) > 3);
	/* one that is late has its own reasons; who refuses had the time to do so */
	assert_true(
		backup_part(&(struct scene_of){ 598, true, NULL, stock, stock }, PART_NAMED) == 0);
	assert_true(backup_part(&(struct scene_of){ 598, true, NULL, "stock-svc refused the call",
					"rate-svc refused the call" },
			    PART_NAMED) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_lasts_as_long_as_the_trouble_is_a_suspect),
		cmocka_unit_test(test_what_a_rule_knows_for_a_moment_is_no_work),
		cmocka_unit_test(test_the_trouble_lasts_from_its_first_line_to_its_last),
		cmocka_unit_test(test_it_probably_holds_the_lock_that_others_wait_for),
		cmocka_unit_test(test_it_is_what_several_that_are_late_have_in_common),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
