/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lineup/mem.h"
#include "lineup/recurrence.h"
#include "lineup/verdict.h"

#define HOUR_NS (3600 * NS_PER_S)
#define DAY_NS	(24 * HOUR_NS)

/* A series in cells of one second that the tests fill in order of time. */
struct made {
	struct series series;
	size_t capacity;
};

static void add(struct made *m, int64_t time_ns, uint64_t count)
{
	mem_grow(&m->series.cells, m->series.cell_count, &m->capacity);
	m->series.cells[m->series.cell_count++] =
		(struct cell){ time_ns / NS_PER_S, (uint32_t)count, 0 };
	m->series.total += count;
}

static struct frame frame_of_days(int64_t first_day, int days)
{
	return (struct frame){ first_day * DAY_NS, (first_day + days) * DAY_NS, HOUR_NS, NS_PER_S,
		0, (first_day + days) * DAY_NS };
}

/* 2026-11-09 is a Monday. */
static int64_t monday(void)
{
	return clock_days(2026, 11, 9);
}

static void assert_found(
	struct made *m, const struct frame *f, const char *text, unsigned seen, unsigned of)
{
	struct recurrence_found found;
	recurrence_find(&m->series, f, &found);
	if (text == NULL) {
		assert_false(found.known);
	} else {
		assert_true(found.known);
		assert_string_equal(found.text, text);
		assert_int_equal(found.seen, seen);
		assert_int_equal(found.of, of);
	}
	free(m->series.cells);
}

static void test_hours_of_the_day_are_found(void **state)
{
	(void)state;
	struct made m = { 0 };
	struct frame f = frame_of_days(monday(), 7);
	for (int day = 0; day < 7; day++)
		for (int minute = 0; minute < 120; minute += 3)
			add(&m, (monday() + day) * DAY_NS + 17 * HOUR_NS + minute * 60 * NS_PER_S,
				2);
	assert_found(&m, &f, "daily 17:00-19:00", 7, 7);
}

/* Too few to fill the quarters between them; at random they would not stay within two hours. */
static void test_few_lines_in_the_same_hours_are_a_habit(void **state)
{
	static const int minutes[7][2] = { { 3, 70 }, { 40, 119 }, { 12, 95 }, { 55, 62 },
		{ 1, 110 }, { 33, 80 }, { 21, 104 } };
	(void)state;
	struct made m = { 0 };
	struct frame f = frame_of_days(monday(), 7);
	for (int day = 0; day < 7; day++)
		for (int i = 0; i < 2; i++)
			add(&m,
				(monday() + day) * DAY_NS + 17 * HOUR_NS +
					minutes[day][i] * 60 * NS_PER_S,
				1);
	assert_found(&m, &f, "daily 17:00-19:00", 7, 7);
}

static void test_few_lines_at_any_hour_are_none(void **state)
{
	static const int hours[7] = { 2, 13, 21, 8, 17, 5, 23 };
	(void)state;
	struct made m = { 0 };
	struct frame f = frame_of_days(monday(), 7);
	for (int day = 0; day < 7; day++)
		add(&m, (monday() + day) * DAY_NS + hours[day] * HOUR_NS, 1);
	assert_found(&m, &f, NULL, 0, 0);
}

static void test_hours_across_midnight_are_one_habit(void **state)
{
	(void)state;
	struct made m = { 0 };
	struct frame f = frame_of_days(monday(), 6);
	for (int day = 0; day < 6; day++) {
		for (int minute = 0; minute < 60; minute += 5)
			add(&m, (monday() + day) * DAY_NS + minute * 60 * NS_PER_S, 1);
		for (int minute = 0; minute < 60; minute += 5)
			add(&m, (monday() + day) * DAY_NS + 23 * HOUR_NS + minute * 60 * NS_PER_S,
				1);
	}
	struct recurrence_found found;
	recurrence_find(&m.series, &f, &found);
	assert_true(found.known);
	assert_string_equal(found.text, "daily 23:00-01:00");
	free(m.series.cells);
}

static void test_one_weekday_is_named(void **state)
{
	(void)state;
	struct made m = { 0 };
	struct frame f = frame_of_days(monday(), 28);
	for (int week = 0; week < 4; week++)
		for (int minute = 0; minute < 60; minute += 2)
			add(&m,
				(monday() + 7 * week) * DAY_NS + 9 * HOUR_NS +
					minute * 60 * NS_PER_S,
				1);
	assert_found(&m, &f, "Mondays 09:00-10:00", 4, 4);
}

static void test_a_steady_period_is_found(void **state)
{
	(void)state;
	struct made m = { 0 };
	struct frame f = frame_of_days(monday(), 2);
	for (int n = 0; n < 7; n++)
		for (int second = 0; second < 120; second += 4)
			add(&m, monday() * DAY_NS + n * 7 * HOUR_NS + second * NS_PER_S, 1);
	assert_found(&m, &f, "every 7h", 7, 7);
}

/* Six bursts, half an hour apart, and then nothing for two days. */
static void test_a_few_bursts_close_together_do_not_recur(void **state)
{
	(void)state;
	struct made m = { 0 };
	struct frame f = frame_of_days(monday(), 2);
	for (int n = 0; n < 6; n++)
		for (int second = 0; second < 60; second += 4)
			add(&m, monday() * DAY_NS + n * 1800 * NS_PER_S + second * NS_PER_S, 1);
	assert_found(&m, &f, NULL, 0, 0);
}

static void test_what_is_there_all_day_does_not_recur(void **state)
{
	(void)state;
	struct made m = { 0 };
	struct frame f = frame_of_days(monday(), 7);
	uint64_t seed = 7;
	for (int64_t minute = 0; minute < 7 * 24 * 60; minute += 5) {
		seed = seed * 6364136223846793005ULL + 1;
		add(&m, monday() * DAY_NS + (minute * 60 + (int64_t)(seed >> 60)) * NS_PER_S, 1);
	}
	assert_found(&m, &f, NULL, 0, 0);
}

static void test_what_came_once_does_not_recur(void **state)
{
	(void)state;
	struct made m = { 0 };
	struct frame f = frame_of_days(monday(), 7);
	for (int minute = 0; minute < 90; minute++)
		add(&m, (monday() + 3) * DAY_NS + 17 * HOUR_NS + minute * 60 * NS_PER_S, 5);
	assert_found(&m, &f, NULL, 0, 0);
}

static void test_a_stray_year_does_not_stretch_the_frame(void **state)
{
	(void)state;
	struct made m = { 0 };
	add(&m, 5 * NS_PER_S, 1); /* 1970 */
	for (int64_t second = 0; second < 7200; second++)
		add(&m, monday() * DAY_NS + second * NS_PER_S, 1);
	struct service_findings service = { .name = STR("a"), .lines = m.series };
	struct findings findings = {
		.cell_ns = NS_PER_S, .services = &service, .service_count = 1
	};
	struct frame f;
	frame_find(&findings, 0, &f);
	assert_int_equal(f.from_ns, monday() * DAY_NS);
	assert_int_equal(f.to_ns, monday() * DAY_NS + 2 * HOUR_NS);
	assert_int_equal(f.window_ns, 300 * NS_PER_S);
	assert_int_equal(f.lines_outside, 1);
	struct arena arena = { 0 };
	struct histogram_bar *bars;
	assert_int_equal(frame_histogram(&f, &m.series, &arena, &bars), 24);
	assert_int_equal(bars[0].count, 300);
	arena_release(&arena);
	free(m.series.cells);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hours_of_the_day_are_found),
		cmocka_unit_test(test_few_lines_in_the_same_hours_are_a_habit),
		cmocka_unit_test(test_few_lines_at_any_hour_are_none),
		cmocka_unit_test(test_hours_across_midnight_are_one_habit),
		cmocka_unit_test(test_one_weekday_is_named),
		cmocka_unit_test(test_a_steady_period_is_found),
		cmocka_unit_test(test_a_few_bursts_close_together_do_not_recur),
		cmocka_unit_test(test_what_is_there_all_day_does_not_recur),
		cmocka_unit_test(test_what_came_once_does_not_recur),
		cmocka_unit_test(test_a_stray_year_does_not_stretch_the_frame),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
