/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/frame.h"

enum { SERVICES = 3, CELLS_MAX = 4000 };

/* Lines of some services, one or more a cell of a second. */
struct stage {
	struct findings findings;
	struct service_findings services[SERVICES];
	struct cell cells[SERVICES][CELLS_MAX];
};

static struct stage stage;

static void clear(void)
{
	stage.findings = (struct findings){
		.services = stage.services, .service_count = SERVICES, .cell_ns = NS_PER_S
	};
	for (size_t i = 0; i < SERVICES; i++)
		stage.services[i] =
			(struct service_findings){ .lines = { .cells = stage.cells[i] } };
}

/* Behind all that the service has. */
static void add(size_t service, int64_t second, uint32_t lines)
{
	struct series *s = &stage.services[service].lines;
	s->cells[s->cell_count++] = (struct cell){ second, lines, 0 };
	s->total += lines;
}

/* A thousand lines of each service, from this second on, in no step with one another. */
static void add_body(int64_t from)
{
	for (int64_t i = 0; i < 1000; i++) {
		for (size_t service = 0; service < SERVICES; service++)
			add(service, from + 3 * i + (int64_t)service, 1);
	}
}

static void assert_frame(int64_t from, int64_t to, uint64_t outside)
{
	struct frame frame;
	frame_find(&stage.findings, NS_PER_S, &frame);
	assert_int_equal(frame.from_ns, from * NS_PER_S);
	assert_int_equal(frame.to_ns, to * NS_PER_S);
	assert_int_equal(frame.read_to_ns, to * NS_PER_S);
	assert_int_equal(frame.lines_outside, outside);
}

#define DAY	   INT64_C(86400)
#define BODY_BEGIN (20000 * DAY)
#define BODY_END   (BODY_BEGIN + 3000)

static void test_no_line_is_no_frame(void **state)
{
	struct frame frame;
	(void)state;
	clear();
	frame_find(&stage.findings, 0, &frame);
	assert_int_equal(frame.from_ns, 0);
	assert_int_equal(frame.to_ns, 0);
}

static void test_lines_near_one_another_are_one_frame(void **state)
{
	(void)state;
	clear();
	add_body(BODY_BEGIN);
	assert_frame(BODY_BEGIN, BODY_END, 0);
	clear();
	add(1, BODY_BEGIN, 7);
	assert_frame(BODY_BEGIN, BODY_BEGIN + 1, 0);
}

static void test_few_lines_far_away_are_outside(void **state)
{
	(void)state;
	clear();
	add(0, 0, 5); /* at the epoch, */
	add(2, 1, 4);
	add(2, BODY_BEGIN - DAY, 1); /* a day early, */
	add_body(BODY_BEGIN);
	add(1, BODY_BEGIN + 365 * DAY, 3); /* and a year late */
	assert_frame(BODY_BEGIN, BODY_END, 13);
}

static void test_an_hour_or_two_are_not_far(void **state)
{
	(void)state;
	clear();
	add(0, BODY_BEGIN - 3600, 1);
	add_body(BODY_BEGIN);
	add(2, BODY_END + 2 * 3600, 1);
	assert_frame(BODY_BEGIN - 3600, BODY_END + 2 * 3600 + 1, 0);
}

/* The body is 50 minutes long. */
static void test_stamps_of_another_zone_do_not_stretch_a_short_log(void **state)
{
	(void)state;
	clear();
	add(0, BODY_BEGIN - 6 * 3600, 2);
	add_body(BODY_BEGIN);
	add(2, BODY_END + 4 * 3600, 3);
	assert_frame(BODY_BEGIN, BODY_END, 5);
}

/* One line in a hundred at either end may be a stray. */
static void test_many_lines_far_away_are_none(void **state)
{
	(void)state;
	clear();
	add(0, BODY_BEGIN - 200 * DAY, 29);
	add_body(BODY_BEGIN);
	add(1, BODY_BEGIN + 40 * DAY, 32);
	assert_frame(BODY_BEGIN, BODY_BEGIN + 40 * DAY + 1, 29);
	clear();
	add(0, BODY_BEGIN - 40 * DAY, 32);
	add_body(BODY_BEGIN);
	assert_frame(BODY_BEGIN - 40 * DAY, BODY_END, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_line_is_no_frame),
		cmocka_unit_test(test_lines_near_one_another_are_one_frame),
		cmocka_unit_test(test_few_lines_far_away_are_outside),
		cmocka_unit_test(test_an_hour_or_two_are_not_far),
		cmocka_unit_test(test_stamps_of_another_zone_do_not_stretch_a_short_log),
		cmocka_unit_test(test_many_lines_far_away_are_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
