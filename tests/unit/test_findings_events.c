/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/findings.h"

#define EVENTS 400

/* Of how many requests, and how many lines in all; in which order they are counted, and by how many
 * who take turns. */
struct way {
	uint64_t requests;
	uint64_t events;
	uint64_t stride;
	unsigned workers;
};

static struct tally_event event_of(struct tally *t, uint64_t i, uint64_t requests)
{
	static const char *const services[] = { "gamma", "alpha", "beta" };
	return (struct tally_event){ .request = (i * 7919 % requests + 1) << 32,
		.template_id = i % 5,
		/* whole seconds: many of one instant, of several requests and services */
		.time_ns = (int64_t)(1700000000 + i * 31 % 40) * NS_PER_S,
		.service = tally_service(t, str_from(services[i % 3])),
		.input = (uint32_t)(i % 2),
		.sequence = (uint32_t)(i / 7 % 3),
		.line = i };
}

static void build(struct findings *f, const struct rule_set *rules, struct way way)
{
	struct tally tallies[4], *items[4];
	for (unsigned i = 0; i < way.workers; i++) {
		tally_init(&tallies[i], &tally_limits_default);
		items[i] = &tallies[i];
	}
	for (uint64_t i = 0; i < way.events; i++) {
		struct tally *t = items[i / 50 % way.workers];
		struct tally_event event = event_of(t, i * way.stride % way.events, way.requests);
		tally_event(t, &event);
	}
	findings_build(f, &(struct tallies){ items, way.workers, way.workers }, rules);
	for (unsigned i = 0; i < way.workers; i++)
		tally_release(&tallies[i]);
}

static void test_requests_stand_as_they_begin_and_their_lines_in_order(void **state)
{
	(void)state;
	struct rule_set rules = { 0 };
	struct findings f;
	build(&f, &rules, (struct way){ 23, EVENTS, 1, 1 });
	assert_int_equal(f.event_count, EVENTS);
	const struct request_event *begin = &f.events[0];
	for (size_t i = 1; i < f.event_count; i++) {
		const struct request_event *x = &f.events[i - 1], *y = &f.events[i];
		if (x->request == y->request) {
			assert_true(x->time_ns <= y->time_ns);
			if (x->time_ns == y->time_ns)
				assert_true(x->service <= y->service);
			continue;
		}
		assert_true(begin->time_ns < y->time_ns ||
			    (begin->time_ns == y->time_ns && begin->request < y->request));
		begin = y;
		for (size_t k = 0; k < i; k++)
			assert_true(f.events[k].request != y->request);
	}
	findings_release(&f);
}

static void test_the_order_does_not_depend_on_who_counted_what(void **state)
{
	(void)state;
	struct rule_set rules = { 0 };
	static const struct way ways[] = { { 23, EVENTS, 243, 1 }, { 23, EVENTS, 1, 3 },
		/* many of one request, instant, service and input */
		{ 2, EVENTS, 243, 1 }, { 2, EVENTS, 1, 3 }, { 2003, 30011, 1, 1 },
		{ 2003, 30011, 11, 2 }, { 2003, 30011, 7, 4 } };
	for (size_t n = 0; n < countof(ways); n++) {
		struct findings a, b;
		build(&a, &rules, (struct way){ ways[n].requests, ways[n].events, 1, 1 });
		build(&b, &rules, ways[n]);
		assert_int_equal(a.event_count, ways[n].events);
		assert_int_equal(b.event_count, ways[n].events);
		for (size_t i = 0; i < a.event_count; i++) {
			assert_int_equal(a.events[i].request, b.events[i].request);
			assert_int_equal(a.events[i].line, b.events[i].line);
			assert_int_equal(a.events[i].service, b.events[i].service);
		}
		findings_release(&a);
		findings_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests_stand_as_they_begin_and_their_lines_in_order),
		cmocka_unit_test(test_the_order_does_not_depend_on_who_counted_what),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
