/* SPDX-License-Identifier: MIT */
/* In whatever order and by however many workers events are collected, the fires are the same. */
#include "tests/unit/fire_stage.h"

static void run_shared(const struct rule_set *set, const struct log *log, size_t workers,
	size_t budget, struct fires *fires)
{
	struct fire_plan plan;
	struct fire_events parts[8] = { 0 };
	size_t *order = mem_alloc(log->count * sizeof(*order));
	fire_plan_create(&plan, set);
	for (size_t i = 0; i < log->count; i++)
		order[i] = i;
	for (size_t i = log->count; i > 1 && workers > 1; i--) {
		size_t k = random_below((uint32_t)i);
		size_t swap = order[i - 1];
		order[i - 1] = order[k];
		order[k] = swap;
	}
	for (size_t w = 0; w < workers; w++)
		parts[w].budget = budget;
	for (size_t i = 0; i < log->count; i++)
		add_line(&parts[random_below((uint32_t)workers)], &plan, &log->lines[order[i]]);
	for (size_t w = 1; w < workers; w++) {
		fire_events_merge(&parts[0], &parts[w]);
		fire_events_release(&parts[w]);
	}
	fire_run(fires, set, &parts[0]);
	fire_events_release(&parts[0]);
	fire_plan_release(&plan);
	free(order);
}

static void assert_same_fires(const struct fires *a, const struct fires *b)
{
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->events_dropped, b->events_dropped);
	for (size_t i = 0; i < a->count; i++) {
		assert_int_equal(a->items[i].first_ns, b->items[i].first_ns);
		assert_int_equal(a->items[i].last_ns, b->items[i].last_ns);
		assert_int_equal(a->items[i].line, b->items[i].line);
		assert_true(str_equal(a->items[i].service, b->items[i].service));
		assert_int_equal(a->items[i].line_count, b->items[i].line_count);
		for (size_t k = 0; k < a->items[i].line_count; k++) {
			assert_int_equal(a->items[i].lines[k].line, b->items[i].lines[k].line);
			assert_true(
				str_equal(a->items[i].lines[k].text, b->items[i].lines[k].text));
		}
	}
}

static void spread_log(struct log *log)
{
	static const char *const services[] = { "web", "db", "cache" };
	random_log(log, LINES_MAX);
	for (size_t i = 0; i < log->count; i++) {
		struct line *line = &log->lines[i];
		snprintf(line->service, sizeof(line->service), "%s", services[random_below(3)]);
		snprintf(line->request, sizeof(line->request), "r%u", random_below(500));
		line->sequence = random_below(4);
		if (random_below(10) == 0)
			line->time_ns = TIME_NONE;
	}
}

static void test_arrival_and_workers_do_not_show(void **state)
{
	(void)state;
	static struct log log;
	static const char *const conditions[] = {
		"all: [A, B, C], window: 3s, not: [N]",
		"sequence: [A, {match: B, count: 2}], window: 4s",
		"all: [A, B], window: 3s, by: request",
	};
	static const size_t budgets[] = { 0, 2000, 600, 100, 20 };
	for (size_t i = 0; i < countof(conditions); i++) {
		struct rule_set set = { 0 };
		read_rule(&set, conditions[i]);
		random_state = (uint32_t)i;
		spread_log(&log);
		for (size_t k = 0; k < countof(budgets); k++) {
			struct fires one;
			struct fires many;
			run_shared(&set, &log, 1, budgets[k], &one);
			run_shared(&set, &log, 2 + k, budgets[k], &many);
			assert_same_fires(&one, &many);
			assert_true(k > 0 || (one.count > 20 && one.events_dropped == 0));
			assert_true(k == 0 || one.events_dropped > 0);
			fires_release(&one);
			fires_release(&many);
		}
		rule_set_release(&set);
	}
}

static void test_a_flood_still_fires_all_along_the_log(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	struct fires fires;
	struct fire_plan plan;
	struct fire_events events = { .budget = 500 };
	read_rule(&set, "all: [A, B], window: 5s");
	fire_plan_create(&plan, &set);
	struct line line = { .terms = "AB", .service = "app" };
	for (uint32_t i = 0; i < 100000; i++) {
		line.number = i + 1;
		line.time_ns = (int64_t)i * NS_PER_S / 10;
		add_line(&events, &plan, &line);
	}
	assert_true(events.piles[0].capacity < 4000);
	fire_run(&fires, &set, &events);
	assert_int_equal(fires.rules_limited, 1);
	assert_true(fires.events_dropped > 190000);
	assert_true(fires.count > 50);
	assert_true(fires.items[fires.count - 1].first_ns > 8000 * NS_PER_S);
	fires_release(&fires);
	fire_events_release(&events);
	fire_plan_release(&plan);
	rule_set_release(&set);
}

static void test_simple_rules_take_no_events(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	struct fire_plan plan;
	read_rule(&set, "match: A");
	fire_plan_create(&plan, &set);
	assert_false(fire_plan_wants(&plan, 0));
	fire_plan_release(&plan);
	rule_set_release(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arrival_and_workers_do_not_show),
		cmocka_unit_test(test_a_flood_still_fires_all_along_the_log),
		cmocka_unit_test(test_simple_rules_take_no_events),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
