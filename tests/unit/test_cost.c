/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/cost_reasons.h"
#include "lineup/rules_load.h"

static void measure(
	struct rule_set *set, struct rule_cost *costs, const char *const *patterns, size_t count)
{
	static const struct matcher_options options = { .use_cache = false };
	struct matcher *matcher;
	struct error err;
	struct buf text = BUF_INIT(0);
	double together_s;
	for (size_t i = 0; i < count; i++)
		rules_load_pattern(set, str_from(patterns[i]), (unsigned)i + 1);
	rule_set_finish(set);
	for (int i = 0; i < 2000; i++)
		buf_printf(&text, "2026-03-01T10:00:00Z worker %d: quux done in %d ms\n", i, i % 7);
	struct cost_corpus corpus = { buf_str(&text), 2000 };
	for (size_t i = 0; i < count; i++)
		costs[i] = (struct rule_cost){ .rule = &set->rules[i] };
	assert_int_equal(matcher_create(&matcher, set, &options, &err), 0);
	assert_int_equal(
		cost_measure(set, matcher, &corpus, costs, count, &together_s, NULL, &err), 0);
	assert_true(together_s > 0);
	matcher_destroy(matcher);
	buf_release(&text);
}

static const struct rule_cost *cost_of(const struct rule_cost *costs, size_t count,
	const char *pattern, const struct rule_set *set)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal(set->terms[costs[i].rule->terms[0]].text, str_from(pattern)))
			return &costs[i];
	fail_msg("%s: not measured", pattern);
	return NULL;
}

static void test_looks_in_vain_are_dear_and_told(void **state)
{
	(void)state;
	static const char *const patterns[] = { "quux (?=failed)", "never said", "quux done in 3",
		"(\\w)\\1{5} nowhere" };
	struct rule_set set = { 0 };
	struct rule_cost costs[4];
	measure(&set, costs, patterns, countof(patterns));
	const struct rule_cost *vain = cost_of(costs, 4, patterns[0], &set);
	const struct rule_cost *rare = cost_of(costs, 4, patterns[1], &set);
	const struct rule_cost *hits = cost_of(costs, 4, patterns[2], &set);
	assert_true(hits->hit_share > 0.13 && hits->hit_share < 0.16);
	assert_true(rare->hit_share == 0 && rare->seconds_per_gib < hits->seconds_per_gib);

	struct rule_cost made = *vain;
	struct buf why = BUF_INIT(0);
	made.vain_share = 0.25;
	cost_reasons(&set, &made, false, &why);
	assert_true(str_find(buf_str(&why), STR("25.00 % of the lines")) >= 0);
	buf_clear(&why);
	made.vain_share = 0;
	cost_reasons(&set, &made, false, &why);
	assert_true(str_find(buf_str(&why), STR("in vain")) < 0);
	buf_release(&why);
	rule_set_release(&set);
}

static void test_a_rule_for_every_line_costs_more_than_others(void **state)
{
	(void)state;
	static const char *const patterns[] = { "never said", "(?=.*quux)(?!.*ms)x?", "nor this" };
	struct rule_set set = { 0 };
	struct rule_cost costs[3];
	measure(&set, costs, patterns, countof(patterns));
	double dear = cost_of(costs, 3, patterns[1], &set)->seconds_per_gib;
	assert_true(dear > 10 * cost_of(costs, 3, patterns[0], &set)->seconds_per_gib);
	assert_true(dear > 10 * cost_of(costs, 3, patterns[2], &set)->seconds_per_gib);
	rule_set_release(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looks_in_vain_are_dear_and_told),
		cmocka_unit_test(test_a_rule_for_every_line_costs_more_than_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
