/* SPDX-License-Identifier: MIT */
/* How far back the log of each service reaches, and what of it can be called new. */
#include "tests/unit/judge_stage.h"

#define BEGIN 7200 /* seconds: where most logs begin */
#define END   10800

/* All is well in front and back, which err every 200 seconds from the first hour on; `other`, of
 * the host, says something each minute from the start or from where they begin. */
static void tell_errors_of_every_day(struct stage *s, int64_t other_from_s)
{
	for (int64_t i = 0; i < END; i++) {
		if (i >= other_from_s && i % 60 == 0)
			say(s, "host-events", LEVEL_INFO, i * 1000, 0, "update service running");
		if (i < BEGIN)
			continue;
		say(s, "front", LEVEL_INFO, i * 1000 + 5, 0, "order received");
		say(s, "back", LEVEL_INFO, i * 1000 + 6, 0, "shelf read");
		if (i % 200 == 150)
			say(s, "front", LEVEL_ERROR, i * 1000 + 7, 0, "mail box is full");
		if (i % 200 == 170)
			say(s, "back", LEVEL_ERROR, i * 1000 + 7, 0, "image is torn");
	}
}

/* One log is older than all others, or printed in another zone: what they say is not new for that.
 */
static void test_nothing_is_new_because_one_log_reaches_further_back(void **state)
{
	(void)state;
	static const int64_t from_s[] = { 0, BEGIN };
	for (size_t i = 0; i < countof(from_s); i++) {
		struct stage s;
		open_stage(&s);
		tell_errors_of_every_day(&s, from_s[i]);
		judge_stage(&s, -1, -1);
		assert_int_equal(s.judgement.incident.span_count, 0);
		close_stage(&s);
	}
}

/* Points of back for an error each second of the last ten minutes, when its log goes back so far.
 */
static double points_of_back(int64_t back_from_s, int64_t others_from_s)
{
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < END; i++) {
		if (i % 60 == 0)
			say(&s, "host-events", LEVEL_INFO, i * 1000, 0, "update service running");
		if (i >= others_from_s)
			say(&s, "front", LEVEL_INFO, i * 1000 + 5, 0, "order received");
		if (i >= others_from_s)
			say(&s, "mail", LEVEL_INFO, i * 1000 + 5, 0, "message sent");
		if (i >= back_from_s)
			say(&s, "back", LEVEL_INFO, i * 1000 + 6, 0, "shelf read");
		if (i >= END - 600 && i % 300 == 0)
			say(&s, "back", LEVEL_ERROR, i * 1000 + 7, 0, "image is torn");
	}
	judge_stage(&s, END - 600, END);
	double points = case_of(&s, "back")->parts[PART_PROBLEMS];
	close_stage(&s);
	return points;
}

static void test_what_is_rare_is_held_against_its_own_log(void **state)
{
	(void)state;
	double whole = points_of_back(0, 0), own = points_of_back(END - 1300, 0);
	/* ten minutes without it, before ten with two of it, are less than three hours */
	assert_true(whole > own + 1);
	assert_true(own > 0);
}

static void test_who_has_just_come_is_held_against_the_logs_of_others(void **state)
{
	(void)state;
	double whole = points_of_back(0, 0);
	/* a job that begins with the trouble says something new all the same, */
	assert_true(points_of_back(END - 610, 0) > whole * 0.8);
	/* unless nobody's log is older */
	assert_true(points_of_back(END - 610, END - 610) < whole * 0.8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_new_because_one_log_reaches_further_back),
		cmocka_unit_test(test_what_is_rare_is_held_against_its_own_log),
		cmocka_unit_test(test_who_has_just_come_is_held_against_the_logs_of_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
