/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/answer.h"

static void test_a_number_of_milliseconds_tells_of_a_request(void **state)
{
	(void)state;
	assert_true(answer_tells_request(STR("read 12ms")));
	assert_true(answer_tells_request(STR("read 12 ms, and more")));
	assert_false(answer_tells_request(STR("read 12 msgs")));
	assert_false(answer_tells_request(STR("read 12ms7")));
	assert_false(answer_tells_request(STR("read 12ms_a")));
	assert_false(answer_tells_request(STR("read ms")));
	/* the second of two may be the one */
	assert_true(answer_tells_request(STR("12 msgs in 5ms")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_number_of_milliseconds_tells_of_a_request),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
