/* SPDX-License-Identifier: MIT */
/* Rules of several terms fire as RULES.md says, case by case. */
#include "tests/unit/fire_stage.h"

static void test_a_set_fires_in_any_order_within_its_window(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s", "A1 B5", "1-5");
	check("all: [A, B], window: 10s", "B1 A5", "1-5");
	check("all: [A, B], window: 10s", "A1 B11", "1-11");
	check("all: [A, B], window: 10s", "A1 B11.1", "");
	check("all: [A, B, C], window: 10s", "C3 A1 B2", "1-3");
	check("all: [A, B, C], window: 10s", "A1 B2", "");
	check("all: [A, B]", "A1 B100000", "1-100000");
}

static void test_a_set_gives_up_what_is_too_old(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s", "A1 A30 B35", "30-35");
	check("all: [A, B, C], window: 10s", "A1 B9 C15 A16", "9-16");
}

static void test_one_line_may_serve_several_terms_of_a_set(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s", "AB4", "4-4");
	check("all: [A, B], window: 10s", "AB4 AB5", "4-4 5-5");
}

static void test_a_fire_uses_up_the_oldest_line_of_each_term(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s", "A1 A2 B3 B4", "1-3 2-4");
	check("all: [A, B], window: 10s", "A1 B2 B3 B4", "1-2");
	check("all: [A, B], window: 10s", "A1 B2 A3 B4", "1-2 3-4");
	check("sequence: [A, B], window: 10s", "A1 A2 B3 B4", "1-3 2-4");
	check("sequence: [A, B], window: 10s", "A1 B2 B3 A4 B5", "1-2 4-5");
}

static void test_a_sequence_wants_its_order(void **state)
{
	(void)state;
	check("sequence: [A, B], window: 10s", "A1 B5", "1-5");
	check("sequence: [A, B], window: 10s", "B1 A5", "");
	check("sequence: [A, B, C], window: 10s", "A1 C2 B3 C4", "1-4");
	check("sequence: [A, B, C], window: 10s", "B1 A2 C3", "");
	check("sequence: [A, B, A], window: 10s", "A1 B2 A3", "1-3");
	check("sequence: [A, B, A], window: 10s", "A1 B2", "");
	check("sequence: [A, B], window: 10s", "A1 B12", "");
	check("sequence: [A, B], window: 10s", "A1 A8 B12", "8-12");
}

static void test_equal_times_count_as_in_order(void **state)
{
	(void)state;
	check("sequence: [A, B], window: 10s", "A5 B5", "5-5");
	check("sequence: [A, B], window: 10s", "B5 A5", "5-5");
	check("sequence: [A, B, C], window: 0s", "C5 B5 A5", "5-5");
}

static void test_a_line_takes_one_place_of_a_sequence(void **state)
{
	(void)state;
	check("sequence: [A, B], window: 10s", "AB5", "");
	check("sequence: [A, B], window: 10s", "AB5 B6", "5-6");
	check("sequence: [A, B], window: 10s", "A4 AB5 B6", "4-5 5-6");
}

static void test_a_count_is_so_many_lines(void **state)
{
	(void)state;
	check("match: A, count: 3, window: 10s", "A1 A2", "");
	check("match: A, count: 3, window: 10s", "A1 A2 A3", "1-3");
	check("match: A, count: 3, window: 10s", "A1 A2 A3 A4 A5 A6 A7", "1-3 4-6");
	check("match: A, count: 3, window: 10s", "A1 A9 A18 A19", "9-19");
	check("match: A, count: 2", "A1 A1", "1-1");
	check("sequence: [{match: A, count: 2}, B], window: 9s", "A1 B2 A3 B4", "1-4");
	check("all: [{match: A, count: 2}, B], window: 9s", "A1 B2 A3 B4", "1-3");
	check("sequence: [A, {match: B, count: 2}], window: 9s", "B1 A2 B3", "");
}

static void test_a_negative_within_the_match_forbids_it(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s, not: [N]", "A1 N2 B3", "");
	check("all: [A, B], window: 10s, not: [N]", "N0 A1 B3 N4", "1-3");
	check("all: [A, B], window: 10s, not: [N]", "A1 N1 B3", "");
	check("all: [A, B], window: 10s, not: [N]", "A1 B3 N3", "");
	check("sequence: [A, B], window: 10s, not: [N]", "A1 N2 B3", "");
	check("match: A, not: [N]", "A1 N2 A3", "1-1 3-3");
	check("match: A, not: [N]", "AN1 A3", "3-3");
}

static void test_a_negative_takes_the_anchor_away_and_the_rest_may_fire(void **state)
{
	(void)state;
	check("sequence: [A, B], window: 10s, not: [N]", "A1 N2 A3 B4", "3-4");
	check("all: [A, B], window: 10s, not: [N]", "A1 N2 A3 B4", "3-4");
	check("sequence: [A, B], window: 20s, not: [{match: N, anchor: 1, window: 1s, "
	      "absolute: true}]",
		"A1 B5 N6 B9", "1-9");
}

static void test_a_window_lengthens_the_span_of_a_negative(void **state)
{
	(void)state;
	check("match: A, not: [{match: N, window: 5s}]", "A1 N6", "");
	check("match: A, not: [{match: N, window: 5s}]", "A1 N6.1", "1-1");
	check("match: A, not: [{match: N, window: 5s}]", "A1", "1-1");
	check("all: [A, B], window: 10s, not: [{match: N, window: 5s}]", "A1 B3 N8", "");
	check("all: [A, B], window: 10s, not: [{match: N, window: 5s}]", "A1 B3 N9", "1-3");
}

static void test_absolute_makes_the_window_the_whole_span(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s, not: [{match: N, window: 5s, absolute: true}]", "A1 B8 N7",
		"1-8");
	check("all: [A, B], window: 10s, not: [{match: N, window: 5s, absolute: true}]", "A1 B8 N6",
		"");
}

static void test_slide_moves_the_start_of_the_span(void **state)
{
	(void)state;
	check("match: A, not: [{match: N, slide: -5s, window: 5s}]", "N5 A10", "");
	check("match: A, not: [{match: N, slide: -5s, window: 5s}]", "N4 A10", "10-10");
	check("match: A, not: [{match: N, slide: -5s, window: 5s}]", "A10 N11", "10-10");
	check("match: A, not: [{match: N, slide: 5s, window: 2s}]", "A10 N12 N18", "10-10");
	check("match: A, not: [{match: N, slide: 5s, window: 2s}]", "A10 N16", "");
}

static void test_an_anchor_starts_the_span_at_a_later_term(void **state)
{
	(void)state;
	check("sequence: [A, B], window: 20s, not: [{match: N, anchor: 1}]", "A1 N3 B5", "1-5");
	/* As long as the match, from the second term on. */
	check("sequence: [A, B], window: 20s, not: [{match: N, anchor: 1}]", "A1 B5 N9", "");
	check("sequence: [A, B], window: 20s, not: [{match: N, anchor: 1}]", "A1 B5 N10", "1-5");
	/* In a set the anchor counts in order of time, not as the terms are written. */
	check("all: [A, B], window: 20s, not: [{match: N, anchor: 1, window: 1s, "
	      "absolute: true}]",
		"B1 N2 A5", "1-5");
	check("all: [A, B], window: 20s, not: [{match: N, anchor: 1, window: 1s, "
	      "absolute: true}]",
		"B1 A5 N6", "");
}

static void test_every_negative_counts(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s, not: [M, N]", "A1 N2 B3", "");
	check("all: [A, B], window: 10s, not: [M, N]", "A1 M2 B3", "");
	check("all: [A, B], window: 10s, not: [M, N]", "A1 B3", "1-3");
}

static void test_services_do_not_complete_each_other(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s", "A1@web B2@db", "");
	check("all: [A, B], window: 10s", "A1@web B2@db B3@web", "1-3");
	check("all: [A, B], window: 10s, not: [N]", "A1@web N2@db B3@web", "1-3");
}

static void test_a_service_is_another_one_in_each_tree(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s", "A1@web+1 B2@web+2 B3@web+1", "1-3");
	check("all: [A, B], window: 10s, by: host", "A1@web%h1+1 B2@db%h1+2", "1-2");
	check("all: [A, B], window: 10s, by: host", "A1@web+1 B2@web+2", "");
}

static void test_a_rule_may_be_kept_by_host_or_request(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s, by: host", "A1@web%h1 B2@db%h1", "1-2");
	check("all: [A, B], window: 10s, by: host", "A1@web%h1 B2@web%h2", "");
	check("all: [A, B], window: 10s, by: request", "A1@web#r1 B2@db#r1", "1-2");
	check("all: [A, B], window: 10s, by: request", "A1@web#r1 B2@web#r2", "");
	/* Without the id, the service stands in. */
	check("all: [A, B], window: 10s, by: request", "A1@web B2@web B3@db", "1-2");
}

static void test_lines_of_one_service_in_two_members_go_together(void **state)
{
	(void)state;
	check("sequence: [A, B], window: 10s", "B5/2 A1/1", "1-5");
}

static void test_lines_that_arrive_unsorted_are_sorted(void **state)
{
	(void)state;
	check("sequence: [A, B], window: 10s", "B9 A8 B5 A4", "4-5 8-9");
}

static void test_undated_lines_are_at_one_time_and_in_order_of_lines(void **state)
{
	(void)state;
	check("all: [A, B], window: 1s", "B? A?", "?");
	check("sequence: [A, B], window: 1s", "A? B?", "?");
	check("sequence: [A, B], window: 1s", "B? A?", "");
	check("match: A, count: 2, window: 1s", "A? A? A?", "?");
	check("all: [A, B], window: 1s, not: [N]", "A? B? N?", "");
	check("all: [A, B], window: 1s", "A?/1 B?/2", "");
	check("all: [A, B], window: 1s", "A? B5", "");
}

static void test_a_fire_shows_its_lines(void **state)
{
	(void)state;
	static struct log log;
	struct rule_set set = { 0 };
	struct fires fires;
	read_rule(&set, "sequence: [{match: A, count: 2}, B], window: 10s");
	read_log(&log, "A1 X2 A3 B4");
	run_log(&set, &log, &fires);
	assert_int_equal(fires.count, 1);
	assert_int_equal(fires.items[0].line_count, 2);
	assert_int_equal(fires.items[0].lines[0].line, 1);
	assert_int_equal(fires.items[0].lines[1].line, 4);
	assert_int_equal(fires.items[0].lines[1].offset, 400);
	assert_true(str_equal(fires.items[0].lines[1].text, STR("B")));
	assert_true(str_equal(fires.items[0].lines[1].place, STR("app.log")));
	assert_true(str_equal(fires.items[0].service, STR("app")));
	fires_release(&fires);
	rule_set_release(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_set_fires_in_any_order_within_its_window),
		cmocka_unit_test(test_a_set_gives_up_what_is_too_old),
		cmocka_unit_test(test_one_line_may_serve_several_terms_of_a_set),
		cmocka_unit_test(test_a_fire_uses_up_the_oldest_line_of_each_term),
		cmocka_unit_test(test_a_sequence_wants_its_order),
		cmocka_unit_test(test_equal_times_count_as_in_order),
		cmocka_unit_test(test_a_line_takes_one_place_of_a_sequence),
		cmocka_unit_test(test_a_count_is_so_many_lines),
		cmocka_unit_test(test_a_negative_within_the_match_forbids_it),
		cmocka_unit_test(test_a_negative_takes_the_anchor_away_and_the_rest_may_fire),
		cmocka_unit_test(test_a_window_lengthens_the_span_of_a_negative),
		cmocka_unit_test(test_absolute_makes_the_window_the_whole_span),
		cmocka_unit_test(test_slide_moves_the_start_of_the_span),
		cmocka_unit_test(test_an_anchor_starts_the_span_at_a_later_term),
		cmocka_unit_test(test_every_negative_counts),
		cmocka_unit_test(test_services_do_not_complete_each_other),
		cmocka_unit_test(test_a_service_is_another_one_in_each_tree),
		cmocka_unit_test(test_a_rule_may_be_kept_by_host_or_request),
		cmocka_unit_test(test_lines_of_one_service_in_two_members_go_together),
		cmocka_unit_test(test_lines_that_arrive_unsorted_are_sorted),
		cmocka_unit_test(test_undated_lines_are_at_one_time_and_in_order_of_lines),
		cmocka_unit_test(test_a_fire_shows_its_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
