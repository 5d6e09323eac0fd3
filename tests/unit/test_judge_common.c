/* SPDX-License-Identifier: MIT */
/* Whose trouble is what several say, or one of several. */
#include "tests/unit/judge_stage.h"

/* What is said of the store when two callers run out of time, of two services that name nobody. */
static double part_of_store(const char *store, const char *says, const char *second)
{
	const struct refrain lines[] = {
		{ store, LEVEL_INFO, 4, "checkpoint complete", 0, 10 },
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "rate-svc", LEVEL_INFO, 6, "rate looked up", 0, 0 },
		{ "stock-svc", LEVEL_INFO, 6, "stock kept", 0, 0 },
		{ store, LEVEL_ERROR, 7, says, 60, 0 },
		{ "front", LEVEL_ERROR, 8, "call to rate-svc timed out", 62, 0 },
		{ "front", LEVEL_ERROR, 9, second, 63, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	double part = case_of(&s, store)->parts[PART_NAMED];
	close_stage(&s);
	return part;
}

static void test_several_that_are_late_at_once_have_an_ailing_store_in_common(void **state)
{
	(void)state;
	static const char late[] = "call to stock-svc timed out";
	assert_true(part_of_store("orders-db", "write took 40 s", late) > 3);
	/* it waits itself, as all do */
	assert_true(part_of_store("orders-db", "delivery to mail failed: timed out", late) == 0);
	/* no store; one end alone; a call that was answered was not kept waiting */
	assert_true(part_of_store("mail-svc", "write took 40 s", late) == 0);
	assert_true(part_of_store("orders-db", "write took 40 s", "order is torn") == 0);
	assert_true(part_of_store("orders-db", "write took 40 s",
			    "call to stock-svc failed with status 500") == 0);
}

/* What front keeps of an error that says now this and now that; of one form, digits apart. */
static double kept_by_front(const char *odd, const char *even)
{
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		say(&s, "front", LEVEL_INFO, i * 1000, 0, "order received");
		say(&s, "rate1-svc", LEVEL_INFO, i * 1000 + 6, 0, "rate looked up");
		say(&s, "stock2-svc", LEVEL_INFO, i * 1000 + 6, 0, "rate looked up");
		if (i >= 60)
			say(&s, "front", LEVEL_ERROR, i * 1000 + 8, 0, i % 2 == 0 ? even : odd);
	}
	judge_stage(&s, 60, 120);
	double points = case_of(&s, "front")->parts[PART_PROBLEMS];
	close_stage(&s);
	return points;
}

static void test_a_call_that_fails_now_to_one_and_now_to_another_is_of_another(void **state)
{
	(void)state;
	double own = kept_by_front("shelf disc1 is torn", "shelf disc2 is torn");
	assert_true(own > 4);
	assert_true(kept_by_front("call to rate1-svc is torn", "call to stock2-svc is torn") <
		    own * 0.4);
	assert_true(kept_by_front("POST http://rate1-svc/v1 is torn",
			    "POST http://stock2-svc/v1 is torn") < own * 0.4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_several_that_are_late_at_once_have_an_ailing_store_in_common),
		cmocka_unit_test(
			test_a_call_that_fails_now_to_one_and_now_to_another_is_of_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
