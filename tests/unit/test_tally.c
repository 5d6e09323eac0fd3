/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lineup/tally_peers.h"
#include "tests/unit/tally_stage.h"

/* The n-th line of an imagined scan, counted into the tally; the same for the same n. */
static void count_line(struct tally *t, uint64_t n)
{
	static const char *const names[] = { "checkout", "payment", "inventory", "gateway" };
	static const char *const words[] = { "alpha", "beta", "gamma", "delta", "epsilon", "zeta",
		"eta", "theta", "iota", "kappa", "lambda", "mu" };
	uint64_t seed = n * 7919 + 13;
	char text[128];
	uint64_t a = next_random(&seed) % 12, b = next_random(&seed) % 12,
		 c = next_random(&seed) % 12;
	snprintf(text, sizeof(text), "%s %s %s took %d ms", words[a], words[b], words[c],
		(int)(seed % 977));
	struct imagined_line line = {
		.number = n, .text = str_from(text), .time_ns = TIME_NONE, .rule = UINT32_MAX
	};
	line.service = str_from(names[next_random(&seed) % 4]);
	line.level = next_random(&seed) % 5 == 0 ? LEVEL_ERROR : LEVEL_INFO;
	if (next_random(&seed) % 50 != 0)
		line.time_ns = (int64_t)(1700000000 + n / 3 + next_random(&seed) % 40) * NS_PER_S;
	if (next_random(&seed) % 4 == 0)
		line.rule = (uint32_t)(n % 5);
	line.pool = (double)(seed % 1000) / 7;
	line.request = (next_random(&seed) % 500) * 2654435761U + 1;
	count_imagined(t, &line);
}

/* The lines dealt to so many workers, block by block in a random way, and merged. */
static uint64_t scan_with(size_t workers, uint64_t lines, const struct tally_limits *limits,
	uint64_t seed, struct findings *f)
{
	struct tally tallies[8];
	struct tally_peers *peers = tally_peers_create(workers);
	for (size_t i = 0; i < workers; i++)
		tally_init(&tallies[i], limits);
	for (uint64_t block = 0; block < lines; block += 50) {
		size_t me = next_random(&seed) % workers;
		for (uint64_t n = block; n < block + 50 && n < lines; n++)
			count_line(&tallies[me], n);
		if (seed % 3 > 0) /* some hear of the others late */
			tally_peers_agree(peers, me, &tallies[me]);
	}
	tally_peers_destroy(peers);
	return build_merged(tallies, workers, f);
}

static void assert_same_for_all(uint64_t lines, const struct tally_limits *limits)
{
	struct findings f;
	uint64_t one = scan_with(1, lines, limits, 1, &f);
	findings_release(&f);
	for (size_t workers = 2; workers <= 8; workers *= 2) {
		for (uint64_t seed = 0; seed < 3; seed++) {
			uint64_t many = scan_with(workers, lines, limits, seed, &f);
			findings_release(&f);
			assert_int_equal(one, many);
		}
	}
}

static void test_findings_do_not_depend_on_who_counted(void **state)
{
	(void)state;
	assert_same_for_all(6000, &tally_limits_default);
}

static void test_nor_when_templates_are_thinned_out(void **state)
{
	(void)state;
	struct tally_limits limits = tally_limits_default;
	limits.templates = 300;
	struct findings f;
	scan_with(2, 6000, &limits, 1, &f);
	assert_true(f.template_sampling[0] > 0);
	assert_true(f.template_lines_dropped > 0);
	findings_release(&f);
	assert_same_for_all(6000, &limits);
}

static void test_nor_when_requests_are_thinned_out(void **state)
{
	(void)state;
	struct tally_limits limits = tally_limits_default;
	limits.requests = 700;
	struct findings f;
	scan_with(1, 6000, &limits, 1, &f);
	assert_true(f.event_sampling > 0);
	assert_true(f.event_count <= 700 && f.event_count > 100);
	findings_release(&f);
	assert_same_for_all(6000, &limits);
}

/* Four that count by turns hold what one would hold, give or take what a turn adds. */
static void test_all_together_hold_as_many_events_as_one(void **state)
{
	(void)state;
	enum { WORKERS = 4, TURN = 50 };
	struct tally_limits limits = tally_limits_default;
	limits.requests = 700;
	struct tally tallies[WORKERS];
	struct tally_peers *peers = tally_peers_create(WORKERS);
	for (size_t i = 0; i < WORKERS; i++)
		tally_init(&tallies[i], &limits);
	for (uint64_t n = 0; n < 6000; n += TURN) {
		size_t me = n / TURN % WORKERS, held = 0;
		for (uint64_t k = n; k < n + TURN; k++)
			count_line(&tallies[me], k);
		tally_peers_agree(peers, me, &tallies[me]);
		for (size_t i = 0; i < WORKERS; i++)
			held += tallies[i].event_count;
		assert_true(held <= limits.requests + WORKERS * TURN);
	}
	assert_true(tallies[0].event_sampling > 0);
	tally_peers_destroy(peers);
	for (size_t i = 0; i < WORKERS; i++)
		tally_release(&tallies[i]);
}

static void test_nor_when_cells_are_widened(void **state)
{
	(void)state;
	struct tally_limits limits = tally_limits_default;
	limits.cells = 9000;
	struct findings f;
	scan_with(4, 6000, &limits, 1, &f);
	assert_true(f.cell_ns > NS_PER_S);
	for (size_t i = 0; i < f.service_count; i++) {
		const struct series *lines = &f.services[i].lines;
		int64_t first_ns = lines->first_ns - lines->first_ns % NS_PER_MS;
		assert_true(lines->cell_count > 0);
		assert_int_equal(cell_first_ns(&lines->cells[0], f.cell_ns), first_ns);
	}
	findings_release(&f);
	assert_same_for_all(6000, &limits);
}

/* Templates that come all the time, and then many that come once: those that are thinned out in the
 * end take the room of the others for a while, or never, as the lines come. */
static void count_lively_or_single(struct tally *t, uint64_t n, uint64_t lively)
{
	static const char letters[] = "bcdfghklmnprstvz";
	uint64_t kind = n < lively ? n % 400 : n;
	char text[] = "the ______ says ______";
	for (size_t i = 0; i < 6; i++) {
		text[4 + i] = letters[kind >> (3 * i) & 7];
		text[16 + i] = letters[(kind * 2654435761U >> (4 * i)) & 15];
	}
	struct line_place line = { .time_ns = (int64_t)(1700000000 + n * 7) * NS_PER_S,
		.member = &members[n % 3],
		.line = n,
		.text = str_from(text) };
	uint32_t service = tally_service(t, STR("gateway"));
	enum level level = n % 3 == 0 ? LEVEL_ERROR : LEVEL_INFO;
	tally_line(t, service, line.time_ns, level, level == LEVEL_ERROR, false);
	tally_template(t, line.text, service, level, UINT32_MAX, &line, NULL);
}

static uint64_t scan_in_order(
	size_t workers, bool backwards, const struct tally_limits *limits, struct findings *f)
{
	enum { LINES = 12000, LIVELY = 8000, TURN = 40 };
	struct tally tallies[4];
	for (size_t i = 0; i < workers; i++)
		tally_init(&tallies[i], limits);
	for (uint64_t k = 0; k < LINES; k++) {
		uint64_t n = backwards ? LINES - 1 - k : k;
		count_lively_or_single(&tallies[k / TURN % workers], n, LIVELY);
	}
	return build_merged(tallies, workers, f);
}

static void test_nor_when_cells_are_widened_and_templates_thinned_out(void **state)
{
	(void)state;
	struct tally_limits limits = tally_limits_default;
	for (limits.cells = 250; limits.cells < 20000; limits.cells *= 4) {
		for (limits.templates = 40; limits.templates < 1000; limits.templates *= 3) {
			struct findings f, other;
			uint64_t first = scan_in_order(1, false, &limits, &f);
			for (size_t workers = 1; workers <= 4; workers++) {
				assert_int_equal(
					first, scan_in_order(workers, true, &limits, &other));
				findings_release(&other);
				assert_int_equal(
					first, scan_in_order(workers, false, &limits, &other));
				findings_release(&other);
			}
			size_t cells = 0;
			for (size_t i = 0; i < f.subject_count; i++)
				cells += f.subjects[i].series.cell_count;
			assert_true(cells <= size_max(limits.cells, f.subject_count));
			assert_true(f.template_sampling[0] > 0);
			findings_release(&f);
		}
	}
}

/* Cells in order but for a few, backwards, and in no order at all; halves of them are merged. */
static void test_cells_are_put_in_order_however_they_come(void **state)
{
	(void)state;
	enum { CELLS = 3000 };
	for (int way = 0; way < 3; way++) {
		struct cell_list whole = { 0 }, halves[2] = { { 0 }, { 0 } };
		for (int64_t i = 0; i < CELLS; i++) {
			int64_t second = way == 0   ? i - i % 9
					 : way == 1 ? CELLS - i / 2
						    : i * 1009 % CELLS / 3;
			struct cell cell = cell_at(0, second * NS_PER_S + i * NS_PER_MS % NS_PER_S);
			cell_list_add(&whole, cell);
			cell_list_add(&halves[i * 31 / 7 % 2], cell);
		}
		cell_list_compact(&whole, 1, NS_PER_S);
		cell_list_compact(&halves[0], 1, NS_PER_S);
		cell_list_compact(&halves[1], 1, NS_PER_S);
		cell_list_merge(&halves[0], &halves[1]);
		assert_int_equal(whole.count, halves[0].count);
		for (uint32_t i = 0; i < whole.count; i++) {
			const struct cell *x = &whole.items[i], *y = &halves[0].items[i];
			assert_true(i == 0 || whole.items[i - 1].index < x->index);
			assert_int_equal(x->index, y->index);
			assert_int_equal(x->count, y->count);
			assert_int_equal(x->first_ms, y->first_ms);
		}
		cell_list_release(&whole);
		cell_list_release(&halves[0]);
		cell_list_release(&halves[1]);
	}
}

/* The largest of both signs, in two orders: past 64 bits on the way, and nothing at the end. */
static void test_sums_of_numbers_do_not_depend_on_their_order(void **state)
{
	(void)state;
	enum { NUMBERS = 20001 };
	struct number_list by_turns = { 0 }, by_sign = { 0 };
	for (int i = 0; i < NUMBERS; i++) {
		number_list_add(&by_turns, 0, i % 2 == 0 ? 1e18 : -1e18);
		number_list_add(&by_sign, 0, i <= NUMBERS / 2 ? 1e18 : -1e18);
	}
	assert_int_equal(by_turns.count, 1);
	assert_true(by_turns.items[0].sum_milli == by_sign.items[0].sum_milli);
	assert_true(by_turns.items[0].sum_milli == INT64_C(1000000000000000));
	number_list_release(&by_turns);
	number_list_release(&by_sign);
}

/* A wider cell of a cell's is that of its time, whatever the time, and as many are counted. */
static void test_widened_cells_are_those_of_their_times(void **state)
{
	(void)state;
	static const int64_t times_ns[] = { INT64_MIN + 1, -NS_PER_S, -1, 0, 1, NS_PER_S - 1,
		NS_PER_S, 5 * NS_PER_S - 1, 5 * NS_PER_S, 86400 * NS_PER_S - 1, 86400 * NS_PER_S,
		INT64_C(1767225599999999999), INT64_C(1767225600000000000), INT64_MAX - 1 };
	for (unsigned from = 0; from < CELLS_STEPS; from++) {
		for (unsigned to = from + 1; to < CELLS_STEPS; to++) {
			int64_t factor = cells_width_ns(to) / cells_width_ns(from);
			struct cell_list list = { 0 };
			size_t wanted = 0;
			for (size_t i = 0; i < countof(times_ns); i++) {
				cell_list_add(&list, cell_at(from, times_ns[i]));
				wanted += i == 0 || cells_index(to, times_ns[i]) !=
							    cells_index(to, times_ns[i - 1]);
			}
			assert_int_equal(cell_list_count(&list, factor), wanted);
			cell_list_compact(&list, factor, cells_width_ns(from));
			assert_int_equal(list.count, wanted);
			size_t at = 0;
			for (size_t i = 0; i < countof(times_ns); i++) {
				struct cell cell = cell_at(to, times_ns[i]);
				if (i > 0 && cell.index != cells_index(to, times_ns[i - 1]))
					at++;
				assert_int_equal(list.items[at].index, cell.index);
				assert_true(list.items[at].first_ms <= cell.first_ms);
			}
			cell_list_release(&list);
		}
	}
}

static void test_a_count_stays_at_its_largest(void **state)
{
	(void)state;
	struct cell_list list = { 0 };
	cell_list_add(&list, (struct cell){ 4, UINT32_MAX - 1, 7 });
	cell_list_add(&list, (struct cell){ 9, 1, 0 });
	cell_list_add(&list, (struct cell){ 4, 5, 3 });
	cell_list_compact(&list, 1, NS_PER_S);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0].count, UINT32_MAX);
	assert_int_equal(list.items[0].first_ms, 3);
	assert_int_equal(list.items[1].count, 1);
	cell_list_release(&list);
}

static void test_counts_add_up(void **state)
{
	(void)state;
	struct findings f;
	scan_with(3, 6000, &tally_limits_default, 5, &f);
	uint64_t lines = 0, templates = 0, cells = 0;
	for (size_t i = 0; i < f.service_count; i++) {
		lines += f.services[i].lines.total;
		cells += f.services[i].lines.undated;
		for (size_t k = 0; k < f.services[i].lines.cell_count; k++)
			cells += f.services[i].lines.cells[k].count;
	}
	for (size_t i = 0; i < f.subject_count; i++)
		templates +=
			f.subjects[i].kind == SUBJECT_TEMPLATE ? f.subjects[i].series.total : 0;
	assert_int_equal(lines, 6000);
	assert_int_equal(cells, 6000);
	assert_int_equal(templates, 6000);
	findings_release(&f);
}

static void test_a_span_holds_its_begin_and_not_its_end(void **state)
{
	(void)state;
	struct cell cells[] = { { 1, 10, 0 }, { 2, 100, 0 }, { 4, 1000, 0 } };
	struct series s = { .cells = cells, .cell_count = 3 };
	assert_int_equal(series_count(&s, NS_PER_S, NS_PER_S, 4 * NS_PER_S), 110);
	assert_int_equal(series_count(&s, NS_PER_S, 2 * NS_PER_S, 4 * NS_PER_S + 1), 1100);
	assert_int_equal(series_count(&s, NS_PER_S, NS_PER_S + 1, 2 * NS_PER_S), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_findings_do_not_depend_on_who_counted),
		cmocka_unit_test(test_nor_when_templates_are_thinned_out),
		cmocka_unit_test(test_nor_when_requests_are_thinned_out),
		cmocka_unit_test(test_all_together_hold_as_many_events_as_one),
		cmocka_unit_test(test_nor_when_cells_are_widened),
		cmocka_unit_test(test_nor_when_cells_are_widened_and_templates_thinned_out),
		cmocka_unit_test(test_cells_are_put_in_order_however_they_come),
		cmocka_unit_test(test_sums_of_numbers_do_not_depend_on_their_order),
		cmocka_unit_test(test_widened_cells_are_those_of_their_times),
		cmocka_unit_test(test_a_count_stays_at_its_largest),
		cmocka_unit_test(test_counts_add_up),
		cmocka_unit_test(test_a_span_holds_its_begin_and_not_its_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
