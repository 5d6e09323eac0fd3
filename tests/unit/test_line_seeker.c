/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lineup/line_seeker.h"
#include "lineup/mem.h"

#define LINES 400

static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return *seed >> 33;
}

/* Around the hour that clocks in Berlin show twice; some lines carry no stamp, some tell of one. */
static void write_line(struct buf *out, uint64_t *seed, unsigned n, unsigned first_stamp)
{
	unsigned minute = n / 2;
	uint64_t kind = next_random(seed) % 8;
	if (n < first_stamp || kind < 2)
		buf_printf(out, "\tat shop.Cart.add(Cart.java:%u)\n", n);
	else if (kind == 2)
		buf_printf(out, "Caused by: restarted at 2026-10-25 01:0%u:00 by hand\n", n % 10);
	else if (kind == 3)
		buf_printf(out, "\n");
	else
		buf_printf(out, "2026-10-25 %02u:%02u:%02u %s [worker] cart-%u: took %u ms\n",
			1 + minute / 60, minute % 60, n % 60, kind == 4 ? "ERROR" : "INFO", n % 3,
			n);
}

struct expected {
	size_t start;
	struct str line;
	struct reading reading;
};

static void check_readings_equal(const struct reading *a, const struct reading *b)
{
	assert_true(a->time_ns == b->time_ns);
	assert_int_equal(a->basis, b->basis);
	assert_int_equal(a->level, b->level);
	assert_int_equal(a->message_at, b->message_at);
	assert_true(str_equal(a->service, b->service));
	assert_true(str_equal(a->host, b->host));
}

/* Reads some of the lines of one chunk after `skipped` others, as they are read when all are. */
static void check_some_lines(uint64_t seed, unsigned first_stamp, uint64_t one_in)
{
	struct buf text = BUF_INIT(0);
	struct reading_options *options;
	struct error err;
	struct reading_settings settings = { .zone = STR("Europe/Berlin"), .now_ns = TIME_NONE };
	assert_int_equal(reading_options_create(&options, &settings, &err), 0);
	struct member *member = mem_zalloc(1, sizeof(*member));
	member->place = STR("shop/cart.log");
	member->modified_ns = INT64_C(1793000000) * NS_PER_S;
	atomic_init(&member->references, 1);
	size_t middle = 0;
	for (unsigned n = 0; n < LINES; n++) {
		if (n == LINES / 4)
			middle = text.len;
		write_line(&text, &seed, n, first_stamp);
	}
	size_t end = text.len;
	for (size_t i = 0; i < CHUNK_PADDING; i++)
		buf_append_byte(&text, '\0');
	struct chunk head = { .data = text.ptr, .len = middle, .member = member, .first_line = 1 };
	struct chunk tail = { .data = text.ptr + middle,
		.len = end - middle,
		.member = member,
		.first_line = LINES / 4 + 1,
		.ends_member = true };
	struct chunk_reading at;
	reading_pull(options, &head, &at);
	reading_pull(options, &tail, &at);

	struct line_cursor cursor;
	struct line_seeker seeker;
	struct reading all, one;
	struct line_memo memo;
	line_memo_init(&memo);
	line_cursor_start(&cursor, options, &at);
	line_seeker_start(&seeker, options, &at, &tail);
	struct str rest = str_of(tail.data, tail.len);
	for (uint64_t number = tail.first_line; rest.len > 0; number++) {
		size_t start = (size_t)(rest.ptr - tail.data);
		struct str line = str_cut(&rest, '\n');
		line_read(&cursor, line, false, &all);
		if (next_random(&seed) % one_in != 0)
			continue;
		assert_int_equal(
			line_seeker_read(&seeker, start, line, line_memo_line(&memo, line), &one),
			number);
		check_readings_equal(&all, &one);
	}
	line_memo_release(&memo);
	member_drop(member);
	reading_options_destroy(options);
	buf_release(&text);
}

static void test_a_line_reads_alike_whether_or_not_the_lines_before_it_were_read(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		for (uint64_t one_in = 1; one_in <= 27; one_in *= 3)
			check_some_lines(seed, 0, one_in);
	}
}

static void test_lines_before_the_first_stamp_of_a_member_read_alike(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		check_some_lines(seed, LINES / 4 + 20, 3);
		check_some_lines(seed, LINES / 4 + 90, 9);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_a_line_reads_alike_whether_or_not_the_lines_before_it_were_read),
		cmocka_unit_test(test_lines_before_the_first_stamp_of_a_member_read_alike),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
