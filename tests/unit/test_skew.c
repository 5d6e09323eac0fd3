/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "lineup/skew.h"

#define EVENTS_MAX 1024
#define START	   (INT64_C(1700000000) * NS_PER_S)

enum service { CART, GATE, PAY, STOCK, SERVICE_COUNT };

/* Requests whose lines are said one by one. */
struct stage {
	struct findings findings;
	struct service_findings services[SERVICE_COUNT];
	struct request_event events[EVENTS_MAX];
	int64_t skew_ms[SERVICE_COUNT];
};

static void open_stage(struct stage *s)
{
	static const char *const names[] = { "cart", "gate", "pay", "stock" };
	*s = (struct stage){ .findings = { .event_count = 0 } };
	for (int i = 0; i < SERVICE_COUNT; i++)
		s->services[i].name = str_from(names[i]);
	s->findings.services = s->services;
	s->findings.service_count = SERVICE_COUNT;
	s->findings.events = s->events;
}

static void line(struct stage *s, uint64_t request, enum service service, int64_t at_ms)
{
	assert_true(s->findings.event_count < EVENTS_MAX);
	s->events[s->findings.event_count++] = (struct request_event){ .request = request,
		.service = (uint32_t)service,
		.time_ns = START + (int64_t)request * NS_PER_S +
			   (at_ms + s->skew_ms[service]) * NS_PER_MS };
}

/* As the findings have them: by request, then time. */
static void sort_lines(struct stage *s)
{
	struct request_event *e = s->events;
	for (size_t i = 1; i < s->findings.event_count; i++) {
		for (size_t j = i; j > 0 && e[j].request == e[j - 1].request &&
				   e[j].time_ns < e[j - 1].time_ns;
			j--) {
			struct request_event swapped = e[j];
			e[j] = e[j - 1];
			e[j - 1] = swapped;
		}
	}
}

/* gate calls cart, cart calls pay and stock; every call takes its own time. */
static void tell_calls(struct stage *s, int requests)
{
	for (int i = 1; i <= requests; i++) {
		uint64_t r = (uint64_t)i;
		line(s, r, GATE, 0);
		line(s, r, CART, 20 + i % 7);
		line(s, r, PAY, 40 + i % 5);
		line(s, r, PAY, 90 + i % 11);
		line(s, r, STOCK, 110 + i % 3);
		line(s, r, CART, 130 + i % 13);
		line(s, r, GATE, 170 + i % 17);
	}
	sort_lines(s);
}

#define assert_notes(s, ...)                                                                       \
	do {                                                                                       \
		const char *const expected[] = { __VA_ARGS__, NULL };                              \
		size_t count = 0;                                                                  \
		skew_notes(&(s)->findings);                                                        \
		for (; expected[count] != NULL; count++) {                                         \
			assert_true(count < (s)->findings.note_count);                             \
			char note[512];                                                            \
			snprintf(note, sizeof(note), "%.*s", STR_ARG((s)->findings.notes[count])); \
			assert_string_equal(note, expected[count]);                                \
		}                                                                                  \
		assert_int_equal((s)->findings.note_count, count);                                 \
		arena_release(&(s)->findings.arena);                                               \
	} while (0)

static void test_clocks_that_agree_are_not_spoken_of(void **state)
{
	(void)state;
	static struct stage s;
	open_stage(&s);
	s.skew_ms[PAY] = 900; /* stamps of whole seconds do as much */
	tell_calls(&s, 40);
	assert_notes(&s, NULL);
}

static void test_a_clock_that_is_ahead_is_said_with_its_uncertainty(void **state)
{
	(void)state;
	static struct stage s;
	open_stage(&s);
	s.skew_ms[PAY] = 7000;
	tell_calls(&s, 40);
	assert_notes(&s, "pay: its clock is 7.0 s ahead of that of cart, gate, stock, give or take "
			 "0.0 s, by "
			 "40 requests that both tell of; times are left as they were read");
}

static void test_hours_may_be_a_zone(void **state)
{
	(void)state;
	static struct stage s;
	open_stage(&s);
	s.skew_ms[GATE] = -8 * 3600 * 1000;
	tell_calls(&s, 40);
	assert_notes(&s,
		"gate: its clock is 8.00 h behind that of cart, pay, stock, give or take 0.0 s, by "
		"40 "
		"requests that both tell of; it may be a zone that its stamps leave out; times are "
		"left as they were read");
}

static void test_work_that_is_done_later_is_no_skew(void **state)
{
	(void)state;
	static struct stage s;
	open_stage(&s);
	for (int i = 1; i <= 60; i++) {
		uint64_t r = (uint64_t)i;
		int64_t delay = 2000 + i * 7919 % 30000;
		line(&s, r, CART, 0);
		line(&s, r, CART, 30);
		line(&s, r, STOCK, delay);
		line(&s, r, STOCK, delay + 50);
	}
	assert_notes(&s, NULL);
}

static void test_few_requests_prove_nothing(void **state)
{
	(void)state;
	static struct stage s;
	open_stage(&s);
	s.skew_ms[PAY] = 7000;
	tell_calls(&s, 9);
	assert_notes(&s, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clocks_that_agree_are_not_spoken_of),
		cmocka_unit_test(test_a_clock_that_is_ahead_is_said_with_its_uncertainty),
		cmocka_unit_test(test_hours_may_be_a_zone),
		cmocka_unit_test(test_work_that_is_done_later_is_no_skew),
		cmocka_unit_test(test_few_requests_prove_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
