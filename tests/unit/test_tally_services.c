/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/unit/tally_stage.h"

enum { LINES = 9000, LASTING = 40, WORKERS_MOST = 5 };

/* Some services speak all the time, and more and more others once or twice. */
static struct str name_of(uint64_t n, char *room, size_t room_bytes)
{
	uint64_t seed = n * 7919 + 13;
	uint64_t number = next_random(&seed) % 2 == 0 ? next_random(&seed) % LASTING
						      : LASTING + n / 2 % (n / 8 + 1);
	snprintf(room, room_bytes, "service-%llu", (unsigned long long)number);
	return str_from(room);
}

static void count_line(struct tally *t, uint64_t n)
{
	static const char *const texts[] = { "alpha says so", "beta says so", "gamma says so",
		"delta took long", "epsilon took long", "zeta took long" };
	uint64_t seed = n * 104729 + 7;
	char name[32];
	struct imagined_line line = { .number = n,
		.service = name_of(n, name, sizeof(name)),
		.time_ns = (int64_t)(1700000000 + n * 11) * NS_PER_S,
		.rule = UINT32_MAX };
	line.level = next_random(&seed) % 5 == 0 ? LEVEL_ERROR : LEVEL_INFO;
	if (next_random(&seed) % 4 == 0)
		line.rule = (uint32_t)(n % 3);
	line.pool = (double)(seed % 1000) / 7;
	line.text = str_from(texts[next_random(&seed) % 6]);
	line.request = next_random(&seed) % 500 + 1;
	count_imagined(t, &line);
}

static uint64_t scan(
	size_t workers, bool backwards, const struct tally_limits *limits, struct findings *f)
{
	enum { TURN = 30 };
	struct tally tallies[WORKERS_MOST];
	for (size_t i = 0; i < workers; i++)
		tally_init(&tallies[i], limits);
	for (uint64_t k = 0; k < LINES; k++)
		count_line(&tallies[k / TURN % workers], backwards ? LINES - 1 - k : k);
	/* a rule of several terms is counted when all is merged: here by the first of the workers
	 */
	for (uint64_t n = 0; n < LINES; n += 400) {
		char name[32];
		tally_fire(&tallies[0], 3, name_of(n, name, sizeof(name)), NS_PER_S, NS_PER_S, NULL,
			0);
	}
	return build_merged(tallies, workers, f);
}

static const struct tally_limits few_services = {
	.cells = 700 * 1000, .templates = 24 * 1000, .requests = 400 * 1000, .services = 100
};

static const struct service_findings *find(const struct findings *f, const char *name)
{
	for (size_t i = 0; i < f->service_count; i++) {
		if (str_equal(f->services[i].name, str_from(name)))
			return &f->services[i];
	}
	return NULL;
}

static void test_which_services_are_kept_does_not_depend_on_who_counted(void **state)
{
	(void)state;
	struct findings f, other;
	uint64_t one = scan(1, false, &few_services, &f);
	assert_true(f.service_sampling > 0);
	assert_true(f.service_count > 25 && f.service_count <= 101);
	findings_release(&f);
	for (size_t workers = 1; workers <= WORKERS_MOST; workers++) {
		for (int backwards = 0; backwards < 2; backwards++) {
			assert_int_equal(one, scan(workers, backwards != 0, &few_services, &other));
			findings_release(&other);
		}
	}
}

/* Cells are widened and templates thinned out for services that do not stay, or would be. */
static void test_nor_do_the_widths_and_templates_of_those_that_are(void **state)
{
	(void)state;
	struct tally_limits limits = few_services;
	unsigned widened = 0, thinned = 0;
	for (limits.cells = 300; limits.cells < 30000; limits.cells *= 3) {
		for (limits.templates = 60; limits.templates < 4000; limits.templates *= 4) {
			struct findings f, other;
			uint64_t one = scan(1, false, &limits, &f);
			widened += f.cell_ns > NS_PER_S;
			thinned += f.template_sampling[0] > 0;
			findings_release(&f);
			for (size_t workers = 1; workers <= WORKERS_MOST; workers += 2) {
				for (int backwards = 0; backwards < 2; backwards++) {
					assert_int_equal(one,
						scan(workers, backwards != 0, &limits, &other));
					findings_release(&other);
				}
			}
		}
	}
	assert_true(widened > 0 && thinned > 0);
}

static void test_lines_and_hits_of_the_others_are_counted_all_the_same(void **state)
{
	(void)state;
	struct findings all, few;
	scan(2, false, &tally_limits_default, &all);
	scan(2, false, &few_services, &few);
	uint64_t lines = 0;
	for (size_t i = 0; i < few.service_count; i++)
		lines += few.services[i].lines.total;
	assert_int_equal(lines, LINES);
	const struct service_findings *others = find(&few, "(other services)");
	assert_non_null(others);
	assert_null(find(&all, "(other services)"));
	assert_true(others->lines.total > LINES / 4);
	assert_int_equal(others->lines.cell_count, 0);
	assert_int_equal(all.detection_count, 4);
	assert_int_equal(few.detection_count, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(all.detections[i].count, few.detections[i].count);
		assert_int_equal(all.detections[i].first_ns, few.detections[i].first_ns);
		assert_int_equal(all.detections[i].last_ns, few.detections[i].last_ns);
	}
	findings_release(&all);
	findings_release(&few);
}

static void test_a_log_may_say_the_name_of_the_others(void **state)
{
	(void)state;
	assert_true(str_equal(tally_name(STR("(other services)")), STR("other services")));
	assert_true(str_equal(tally_name(STR_NONE), STR("unknown")));
	assert_true(str_equal(tally_name(STR("gateway")), STR("gateway")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_which_services_are_kept_does_not_depend_on_who_counted),
		cmocka_unit_test(test_nor_do_the_widths_and_templates_of_those_that_are),
		cmocka_unit_test(test_lines_and_hits_of_the_others_are_counted_all_the_same),
		cmocka_unit_test(test_a_log_may_say_the_name_of_the_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
