/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/duration.h"
#include "lineup/mask.h"

static void check(const char *line, size_t count, double first)
{
	double seconds[DURATIONS_MAX] = { 0 };
	assert_int_equal(durations_read(str_from(line), seconds), count);
	if (count > 0)
		assert_true(fabs(seconds[0] - first) < 1e-9);
}

static void test_a_number_with_a_unit_is_a_duration(void **state)
{
	(void)state;
	check("stock looked up, took 5012 ms", 1, 5.012);
	check("GET /shelf 200 in 15ms", 1, 0.015);
	check("done (3.2s)", 1, 3.2);
	check("waited 7 seconds for 250us", 2, 7);
}

static void test_a_number_behind_the_name_of_a_duration_is_one(void **state)
{
	(void)state;
	check("{\"duration_ms\": 12, \"shelf\": 9}", 1, 0.012);
	check("status: 200 len: 354 time: 0.245", 1, 0.245);
	check("tookMs=12 request_time=0.2 port=80", 2, 0.012);
	check("latency=31", 1, 0.031);
}

static void test_stamps_counts_and_names_are_no_durations(void **state)
{
	(void)state;
	check("2026-03-07 20:08:04 sent", 0, 0);
	check("20:08:04.123 s", 0, 0);
	check("10.0.0.12 step-5 sends 12 messages", 0, 0);
	check("rs5ms v1.2 s3://shelf", 0, 0);
	check("", 0, 0);
}

static bool may_tell(const char *line)
{
	struct buf text = BUF_INIT(0);
	mask_text(str_from(line), &text);
	bool is = duration_is_likely(buf_str(&text));
	buf_release(&text);
	return is;
}

static void test_a_template_shows_that_its_lines_may_tell_a_duration(void **state)
{
	(void)state;
	assert_true(may_tell("stock looked up, took 5012 ms"));
	assert_true(may_tell("GET /shelf 200 in 15ms"));
	assert_true(may_tell("{\"duration_ms\": 12}"));
	assert_false(may_tell("order 17 received from shop 4"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_number_with_a_unit_is_a_duration),
		cmocka_unit_test(test_a_number_behind_the_name_of_a_duration_is_one),
		cmocka_unit_test(test_stamps_counts_and_names_are_no_durations),
		cmocka_unit_test(test_a_template_shows_that_its_lines_may_tell_a_duration),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
