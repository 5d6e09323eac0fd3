/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/evidence.h"
#include "src/judge/scene_events.h"
#include "src/judge/scene_seconds.h"

enum { CELLS_MAX = 40, STRETCHES_MAX = 9, ROUNDS = 20000 };

static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return *seed >> 33;
}

/* Cell by cell, as scene.h says it: a cell in which the side changes is where its middle is. */
static void count_one_by_one(const struct period *p, const struct series *s, int64_t cell_ns,
	uint64_t cells[SIDE_COUNT + 1])
{
	for (size_t i = 0; i < s->cell_count; i++) {
		int64_t from_ns = s->cells[i].index * cell_ns;
		enum side first = period_side(p, from_ns),
			  last = period_side(p, from_ns + cell_ns - 1);
		cells[first == last ? first : period_side(p, from_ns + cell_ns / 2)]++;
	}
}

/* Stretches shorter and longer than cells, side by side and apart. */
static void test_cells_are_counted_on_the_side_they_are_on(void **state)
{
	uint64_t seed = 1, seen[SIDE_COUNT + 1] = { 0 };
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct cell items[CELLS_MAX];
		struct stretch stretches[STRETCHES_MAX];
		struct subject subject = { .kind = SUBJECT_TEMPLATE };
		struct scene_subject of = { .subject = &subject };
		int64_t cell_ns = 1 + (int64_t)(next_random(&seed) % 9), at = -5;
		struct findings f = { .cell_ns = cell_ns };
		struct scene s = { .findings = &f, .subjects = &of, .subject_count = 1 };
		struct period p = { .items = stretches };
		subject.series.cells = items;
		subject.series.cell_count = next_random(&seed) % CELLS_MAX;
		for (size_t i = 0; i < subject.series.cell_count; i++) {
			at += 1 + (int64_t)(next_random(&seed) % 3);
			items[i] = (struct cell){ at, 1, 0 };
		}
		int64_t time_ns = (int64_t)(next_random(&seed) % 60) - 60;
		for (p.count = 0; p.count < next_random(&seed) % STRETCHES_MAX; p.count++) {
			int64_t from_ns = time_ns + (int64_t)(next_random(&seed) % 3) * 7;
			time_ns = from_ns + 1 + (int64_t)(next_random(&seed) % 50);
			stretches[p.count] = (struct stretch){ from_ns, time_ns,
				(enum side)(next_random(&seed) % SIDE_COUNT) };
		}
		uint64_t wanted[SIDE_COUNT + 1] = { 0 }, cells[SIDE_COUNT];
		count_one_by_one(&p, &subject.series, cell_ns, wanted);
		scene_cells(&s, &p, 0, cells);
		for (int side = 0; side < SIDE_COUNT; side++) {
			assert_int_equal(cells[side], wanted[side]);
			seen[side] += cells[side];
		}
	}
	assert_true(seen[SIDE_BASE] > ROUNDS && seen[SIDE_INCIDENT] > ROUNDS);
}

enum { EVENTS = 50000, LINES_EACH = 7, OUTSIDE_NS = 40000 };

/* Requests of a few lines: of some the last two are one line, in two files; some are outside. */
static struct request_event event_at(uint64_t i)
{
	uint64_t request = i / LINES_EACH, line = i % LINES_EACH;
	bool twice = request % 5 == 0 && line == LINES_EACH - 1;
	return (struct request_event){ .request = request + 1,
		.time_ns = 1 + (int64_t)(i - twice) + (request % 2 == 0 ? NS_PER_S : 0),
		.service = (uint32_t)(request % 2),
		.subject = UINT32_MAX,
		.input = twice };
}

static void test_events_are_those_in_the_frame_without_doubles(void **state)
{
	static struct request_event events[EVENTS];
	struct service_findings services[2] = { { .ahead_ns = 0 } };
	struct findings f = {
		.events = events, .event_count = EVENTS, .services = services, .service_count = 2
	};
	struct frame frame = { .from_ns = 0, .to_ns = NS_PER_S + OUTSIDE_NS };
	(void)state;
	for (uint64_t i = 0; i < EVENTS; i++)
		events[i] = event_at(i);
	for (unsigned jobs = 1; jobs <= 3; jobs++) {
		struct rank_settings settings = { .jobs = jobs };
		struct scene s = { .findings = &f, .settings = &settings, .service_count = 2 };
		struct joined_baseline none = { NULL, NULL, 10 };
		size_t kept = 0;
		scene_add_events(&s, &frame, &none);
		for (size_t i = 0; i < EVENTS; i++) {
			bool twice = i > 0 && events[i].request == events[i - 1].request &&
				     events[i].time_ns == events[i - 1].time_ns;
			if (twice || events[i].time_ns >= frame.to_ns)
				continue;
			assert_true(kept < s.event_count);
			assert_int_equal(s.events[kept].request, events[i].request);
			assert_int_equal(s.events[kept].time_ns, events[i].time_ns);
			assert_int_equal(s.events[kept++].subject, 10 + events[i].service);
		}
		assert_int_equal(kept, s.event_count);
		assert_true(kept < EVENTS - EVENTS / LINES_EACH / 5);
		arena_release(&s.arena);
	}
}

/* The called one's clock is 50 ms behind, so that it seems to have spoken first. */
static void test_requests_are_in_order_by_one_clock(void **state)
{
	struct request_event events[] = {
		{ .request = 1, .time_ns = 960 * NS_PER_MS, .service = 1 },
		{ .request = 1, .time_ns = 980 * NS_PER_MS, .service = 1 },
		{ .request = 1, .time_ns = 1000 * NS_PER_MS },
		{ .request = 1, .time_ns = 1040 * NS_PER_MS },
		{ .request = 2, .time_ns = 1010 * NS_PER_MS },
	};
	static const uint32_t wanted[] = { 0, 1, 1, 0, 0 };
	struct service_findings services[2] = { [1] = { .ahead_ns = -50 * NS_PER_MS } };
	struct findings f = { .events = events,
		.event_count = countof(events),
		.services = services,
		.service_count = 2 };
	struct frame frame = { .from_ns = 0, .to_ns = 2 * NS_PER_S };
	struct rank_settings settings = { .jobs = 1 };
	struct scene s = { .findings = &f, .settings = &settings, .service_count = 2 };
	struct joined_baseline none = { NULL, NULL, 10 };
	(void)state;
	scene_add_events(&s, &frame, &none);
	assert_int_equal(s.event_count, countof(events));
	for (size_t i = 0; i < countof(wanted); i++)
		assert_int_equal(s.events[i].service, wanted[i]);
	assert_int_equal(s.events[1].time_ns, 1010 * NS_PER_MS);
	assert_int_equal(s.events[4].request, 2);
	arena_release(&s.arena);
}

/*
 * back (service 0) answers front (service 1) within a second, in which front opens, waits and goes
 * on; its last line is of the next. And once a second has ended before back's last line.
 */
static void test_who_waits_speaks_first_and_again_when_it_is_answered(void **state)
{
	enum { ASKED, READ, RECEIVED, CHECKED, COMPLETE, SUBJECTS };
	static const struct {
		uint32_t subject;
		int64_t second;
	} said[] = { { ASKED, 0 }, { READ, 0 }, { RECEIVED, 0 }, { CHECKED, 0 }, { COMPLETE, 1 },
		{ ASKED, 0 }, { RECEIVED, 0 }, { READ, 1 }, { CHECKED, 1 }, { COMPLETE, 2 } };
	static const uint32_t wanted[] = { RECEIVED, ASKED, READ, CHECKED, COMPLETE, RECEIVED,
		ASKED, READ, CHECKED, COMPLETE };
	struct scene_event events[countof(said)];
	(void)state;
	for (size_t i = 0; i < countof(said); i++)
		events[i] = (struct scene_event){ .request = 1 + i / SUBJECTS,
			.time_ns = said[i].second * NS_PER_S,
			.service = said[i].subject >= RECEIVED,
			.subject = said[i].subject };
	struct scene s = { .events = events,
		.event_count = countof(events),
		.subject_count = SUBJECTS,
		.service_count = 2 };
	scene_order_seconds(&s);
	for (size_t i = 0; i < countof(wanted); i++)
		assert_int_equal(events[i].subject, wanted[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells_are_counted_on_the_side_they_are_on),
		cmocka_unit_test(test_events_are_those_in_the_frame_without_doubles),
		cmocka_unit_test(test_requests_are_in_order_by_one_clock),
		cmocka_unit_test(test_who_waits_speaks_first_and_again_when_it_is_answered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
