/* SPDX-License-Identifier: MIT */
/* What the parts of a trial share: findings by service. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/judge/trial.h"

#define FINDINGS 300
#define SERVICES 3

struct stage {
	struct finding findings[FINDINGS];
	bool wanted[FINDINGS];
	struct scene scene;
	struct trial trial;
};

/* Of three services in turn; those of service 0 weigh as much as their place in it, turned round.
 */
static void open_stage(struct stage *s)
{
	*s = (struct stage){ .scene = { .service_count = SERVICES } };
	s->trial = (struct trial){ .scene = &s->scene, .findings = s->findings, .count = FINDINGS };
	for (uint32_t i = 0; i < FINDINGS; i++) {
		s->findings[i].d.service = i % SERVICES;
		s->findings[i].d.raw = i % SERVICES == 0 ? FINDINGS - i : 1;
		s->wanted[i] = i % SERVICES != 1 || i < 10;
	}
}

static void test_findings_stand_by_service_and_in_order(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	struct by_service all = trial_by_service(&s.trial, s.wanted);
	assert_int_equal(all.first[0], 0);
	assert_int_equal(all.first[2] - all.first[1], 3); /* 1, 4 and 7 */
	assert_int_equal(all.items[all.first[1]], 1);
	assert_int_equal(all.items[all.first[1] + 2], 7);
	for (size_t k = 0; k < SERVICES; k++) {
		for (size_t i = all.first[k]; i < all.first[k + 1]; i++) {
			assert_int_equal(all.items[i] % SERVICES, k);
			assert_true(i == all.first[k] || all.items[i - 1] < all.items[i]);
		}
	}
	by_service_release(&all);
}

static void test_of_many_those_that_weigh_most_stay(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	s.findings[FINDINGS - SERVICES].d.raw = FINDINGS + 1;
	struct by_service all = trial_by_service(&s.trial, s.wanted);
	size_t kept = all.first[1];
	assert_true(kept > 1 && kept < FINDINGS / SERVICES);
	/* the heaviest are the first ones and the last one; of equals, as in service 2, the first
	 */
	for (size_t i = 0; i + 1 < kept; i++)
		assert_int_equal(all.items[i], i * SERVICES);
	assert_int_equal(all.items[kept - 1], FINDINGS - SERVICES);
	assert_int_equal(all.first[3] - all.first[2], kept);
	for (size_t i = 0; i < kept; i++)
		assert_int_equal(all.items[all.first[2] + i], 2 + i * SERVICES);
	by_service_release(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_findings_stand_by_service_and_in_order),
		cmocka_unit_test(test_of_many_those_that_weigh_most_stay),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
