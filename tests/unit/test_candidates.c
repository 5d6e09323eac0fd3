/* SPDX-License-Identifier: MIT */
/* Which periods are tried as the incident. */
#include "tests/unit/judge_stage.h"

#include "src/judge/search.h"

/* New kinds of problems at these milliseconds, of a service that speaks for ten minutes. */
static size_t first_starts(const int64_t *ms, const char *const *texts, size_t count, int64_t *out)
{
	struct stage s;
	struct frame frame;
	struct scene scene;
	struct arena arena = { 0 };
	struct candidate candidates[CANDIDATES_MAX];
	size_t starts = 0;
	open_stage(&s);
	for (int64_t i = 0; i < 600; i++)
		say(&s, "shop", LEVEL_INFO, i * 1000, 0, "order complete");
	for (size_t i = 0; i < count; i++)
		say(&s, "shop", LEVEL_ERROR, ms[i], 0, texts[i]);
	judge_stage(&s, -1, -1);
	frame_find(&s.findings, 0, &frame);
	scene_build(&scene, &s.findings, &s.settings, &frame);
	size_t found = candidates_find(&scene, &frame, &arena, candidates);
	for (size_t i = 0; i < found; i++) {
		if (candidates[i].kind == CANDIDATE_FIRST)
			out[starts++] = (candidates[i].spans[0].from_ns - START) / NS_PER_MS;
	}
	scene_release(&scene);
	arena_release(&arena);
	close_stage(&s);
	return starts;
}

static void test_each_new_kind_of_problem_may_begin_it(void **state)
{
	(void)state;
	static const int64_t ms[] = { 200100, 260200, 330300, 420000 };
	static const char *const texts[] = { "order is torn", "shelf is empty", "ink has dried",
		"order is torn" };
	int64_t starts[CANDIDATES_MAX];
	assert_int_equal(first_starts(ms, texts, 4, starts), 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(starts[i], ms[i]);
}

static void test_those_of_one_second_are_one_event(void **state)
{
	(void)state;
	static const int64_t ms[] = { 200100, 200700, 201100, 201101 };
	static const char *const texts[] = { "order is torn", "shelf is empty", "ink has dried",
		"pen is lost" };
	int64_t starts[CANDIDATES_MAX];
	assert_int_equal(first_starts(ms, texts, 4, starts), 2);
	assert_int_equal(starts[0], 200100);
	assert_int_equal(starts[1], 201101);
}

/* What is there from the start is no event, however new. */
static void test_what_is_there_from_the_start_begins_nothing(void **state)
{
	(void)state;
	static const int64_t ms[] = { 10000, 300000 };
	static const char *const texts[] = { "order is torn", "shelf is empty" };
	int64_t starts[CANDIDATES_MAX];
	assert_int_equal(first_starts(ms, texts, 2, starts), 1);
	assert_int_equal(starts[0], 300000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_new_kind_of_problem_may_begin_it),
		cmocka_unit_test(test_those_of_one_second_are_one_event),
		cmocka_unit_test(test_what_is_there_from_the_start_begins_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
