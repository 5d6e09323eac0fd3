/* SPDX-License-Identifier: MIT */
/* Clocks that are a little off, by requests alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "src/findings/clocks.h"

#define EVENTS_MAX 4096
#define START	   (INT64_C(1700000000) * NS_PER_S)
#define US	   INT64_C(1000)

enum service { CART, GATE, PAY, STOCK, RATE, SERVICE_COUNT };

/* What each says first and last, and before and after the calls that it makes. */
enum said {
	CART_IN,
	CART_PAYS,
	CART_PAID,
	CART_OUT,
	GATE_IN,
	GATE_OUT,
	PAY_IN,
	PAY_OUT,
	STOCK_IN,
	STOCK_OUT,
	RATE_IN,
	RATE_OUT
};

struct stage {
	struct findings findings;
	struct service_findings services[SERVICE_COUNT];
	struct request_event events[EVENTS_MAX];
	int64_t ahead_us[SERVICE_COUNT];
};

static void open_stage(struct stage *s)
{
	*s = (struct stage){ .findings = { .event_count = 0 } };
	s->findings.services = s->services;
	s->findings.service_count = SERVICE_COUNT;
	s->findings.events = s->events;
}

static void line(
	struct stage *s, uint64_t request, enum service service, enum said subject, int64_t at_us)
{
	struct request_event *e = s->events;
	size_t at = s->findings.event_count++;
	assert_true(at < EVENTS_MAX);
	e[at] = (struct request_event){ .request = request,
		.span = (uint64_t)service + 1,
		.service = (uint32_t)service,
		.subject = (uint32_t)subject,
		.time_ns = START + 77 * US + (int64_t)request * NS_PER_S +
			   (at_us + s->ahead_us[service]) * US };
	for (; at > 0 && e[at - 1].request == request && e[at - 1].time_ns > e[at].time_ns; at--) {
		struct request_event swapped = e[at];
		e[at] = e[at - 1];
		e[at - 1] = swapped;
	}
}

/* gate calls cart, cart calls pay and then stock; each takes its own time, on a way of 1 ms. */
static void tell_calls(struct stage *s, int requests)
{
	for (int i = 1; i <= requests; i++) {
		uint64_t r = (uint64_t)i;
		int64_t at = 0, pay = 5000 + i * 7919 % 40000, stock = 3000 + i * 104729 % 20000;
		line(s, r, GATE, GATE_IN, at);
		line(s, r, CART, CART_IN, at += 1000 + i % 7 * 100);
		line(s, r, PAY, PAY_IN, at += 1000 + i % 5 * 100);
		line(s, r, PAY, PAY_OUT, at += pay);
		line(s, r, CART, CART_PAYS, at += 1000 + i % 3 * 100);
		line(s, r, CART, CART_PAID, at += 10 + i * 31 % 9000);
		line(s, r, STOCK, STOCK_IN, at += 1000 + i % 4 * 100);
		line(s, r, STOCK, STOCK_OUT, at += stock);
		line(s, r, CART, CART_OUT, at += 1000 + i % 6 * 100);
		line(s, r, GATE, GATE_OUT, at += 1000 + i % 8 * 100);
	}
}

static void test_clocks_that_agree_are_left_alone(void **state)
{
	(void)state;
	static struct stage s;
	open_stage(&s);
	tell_calls(&s, 60);
	clocks_find(&s.findings);
	for (int i = 0; i < SERVICE_COUNT; i++)
		assert_int_equal(s.services[i].ahead_ns, 0);
}

static void test_a_clock_that_is_off_is_known_to_the_way_of_a_call(void **state)
{
	(void)state;
	static const int64_t off_us[] = { 143000, -80000 };
	for (size_t i = 0; i < 2; i++) {
		static struct stage s;
		open_stage(&s);
		s.ahead_us[PAY] = off_us[i];
		tell_calls(&s, 60);
		clocks_find(&s.findings);
		assert_int_equal(s.services[CART].ahead_ns, 0);
		assert_int_equal(s.services[GATE].ahead_ns, 0);
		assert_int_equal(s.services[STOCK].ahead_ns, 0);
		int64_t wrong_ns = s.services[PAY].ahead_ns - off_us[i] * US;
		assert_true(wrong_ns > -2 * NS_PER_MS && wrong_ns < 2 * NS_PER_MS);
	}
}

static void test_beside_clocks_that_are_far_apart_nothing_is_put_right(void **state)
{
	(void)state;
	static struct stage s;
	open_stage(&s);
	s.ahead_us[PAY] = 7000000;
	s.ahead_us[STOCK] = 143000;
	tell_calls(&s, 60);
	clocks_find(&s.findings);
	for (int i = 0; i < SERVICE_COUNT; i++)
		assert_int_equal(s.services[i].ahead_ns, 0);
}

static void test_few_requests_say_nothing(void **state)
{
	(void)state;
	static struct stage s;
	open_stage(&s);
	s.ahead_us[PAY] = 143000;
	tell_calls(&s, 5);
	clocks_find(&s.findings);
	assert_int_equal(s.services[PAY].ahead_ns, 0);
}

/* Some visits allow of up to 10 ms, all others of that and more. */
static void test_bounds_that_leave_one_point_say_nothing(void **state)
{
	(void)state;
	static struct stage s;
	open_stage(&s);
	for (int i = 1; i <= 60; i++) {
		uint64_t r = (uint64_t)i;
		line(&s, r, STOCK, STOCK_IN, 0);
		line(&s, r, STOCK, STOCK_OUT, 20000);
		line(&s, r, PAY, PAY_IN, i % 2 ? 10000 : 18000);
		line(&s, r, PAY, PAY_OUT, i % 2 ? 12000 : 30000);
	}
	clocks_find(&s.findings);
	assert_int_equal(s.services[PAY].ahead_ns, 0);
	assert_int_equal(s.services[STOCK].ahead_ns, 0);
}

/* pay is always called 20 ms after stock has answered, and would fit into a step of it if it had
 * been so much earlier; nobody else tells of both. */
static void test_who_comes_later_each_time_is_not_late_by_his_clock(void **state)
{
	(void)state;
	static struct stage s;
	open_stage(&s);
	for (int i = 1; i <= 60; i++) {
		uint64_t r = (uint64_t)i;
		line(&s, r, STOCK, STOCK_IN, 0);
		line(&s, r, STOCK, STOCK_OUT, 9000 + i % 3 * 100);
		line(&s, r, PAY, PAY_IN, 29000 + i % 5 * 100);
		line(&s, r, PAY, PAY_OUT, 31000 + i % 5 * 100);
	}
	clocks_find(&s.findings);
	assert_int_equal(s.services[PAY].ahead_ns, 0);
	assert_int_equal(s.services[STOCK].ahead_ns, 0);
}

/* gate calls all, one after the other: rate would fit into steps of cart and of pay, had it been 40
 * ms earlier, but the time from gate's first line to its last holds it as it is. */
static void test_who_fits_where_he_stands_is_left_alone(void **state)
{
	(void)state;
	static struct stage s;
	open_stage(&s);
	for (int i = 1; i <= 60; i++) {
		uint64_t r = (uint64_t)i;
		int64_t at = i % 7 * 100;
		line(&s, r, GATE, GATE_IN, 0);
		line(&s, r, CART, CART_IN, at + 2000);
		line(&s, r, CART, CART_PAYS, at + 14000);
		line(&s, r, CART, CART_OUT, at + 26000);
		line(&s, r, PAY, PAY_IN, at + 3000);
		line(&s, r, PAY, PAY_OUT, at + 13000);
		line(&s, r, STOCK, STOCK_IN, at + 15000 + i % 9 * 100);
		line(&s, r, STOCK, STOCK_OUT, at + 25000);
		line(&s, r, RATE, RATE_IN, at + 55000 + i % 5 * 100);
		line(&s, r, RATE, RATE_OUT, at + 58000 + i % 3 * 100);
		line(&s, r, GATE, GATE_OUT, at + 90000 + i * 7919 % 40000);
	}
	clocks_find(&s.findings);
	for (int i = 0; i < SERVICE_COUNT; i++)
		assert_int_equal(s.services[i].ahead_ns, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_fits_where_he_stands_is_left_alone),
		cmocka_unit_test(test_clocks_that_agree_are_left_alone),
		cmocka_unit_test(test_a_clock_that_is_off_is_known_to_the_way_of_a_call),
		cmocka_unit_test(test_beside_clocks_that_are_far_apart_nothing_is_put_right),
		cmocka_unit_test(test_few_requests_say_nothing),
		cmocka_unit_test(test_bounds_that_leave_one_point_say_nothing),
		cmocka_unit_test(test_who_comes_later_each_time_is_not_late_by_his_clock),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
