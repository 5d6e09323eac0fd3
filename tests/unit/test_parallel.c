/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/parallel.h"

#define COUNT 1000

struct seen {
	unsigned times[COUNT];
	size_t order[COUNT];
	size_t calls;
};

static void see(void *context, size_t i)
{
	struct seen *s = context;
	s->times[i]++;
}

static void see_in_order(void *context, size_t i)
{
	struct seen *s = context;
	s->order[s->calls++] = i;
}

static void test_each_index_is_worked_on_once(void **state)
{
	(void)state;
	static const unsigned threads[] = { 0, 1, 2, 7, 2000 };
	for (size_t k = 0; k < countof(threads); k++) {
		static struct seen s;
		s = (struct seen){ 0 };
		parallel_each(threads[k], COUNT, see, &s);
		for (size_t i = 0; i < COUNT; i++)
			assert_int_equal(s.times[i], 1);
	}
}

static void test_one_thread_goes_in_order_and_nothing_is_nothing(void **state)
{
	(void)state;
	static struct seen s;
	parallel_each(4, 0, see_in_order, &s);
	assert_int_equal(s.calls, 0);
	parallel_each(1, COUNT, see_in_order, &s);
	assert_int_equal(s.calls, COUNT);
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(s.order[i], i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_index_is_worked_on_once),
		cmocka_unit_test(test_one_thread_goes_in_order_and_nothing_is_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
