/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lineup/chunk.h"
#include "lineup/mem.h"
#include "lineup/reader.h"
#include "lineup/troubles.h"

static void test_offsets_count_the_returns_that_were_dropped(void **state)
{
	(void)state;
	/* "ab\r\nc\r\nd" became "ab\nc\nd". */
	uint32_t dropped[] = { 2, 4 };
	struct chunk c = { .offset = 100, .dropped = dropped, .dropped_count = 2 };
	static const uint64_t want[] = { 100, 101, 102, 104, 105, 107 };
	for (size_t i = 0; i < countof(want); i++)
		assert_int_equal(chunk_offset(&c, i), want[i]);
}

static void test_an_empty_line_begins_at_its_return(void **state)
{
	(void)state;
	/* "\r\nx" became "\nx". */
	uint32_t dropped[] = { 0 };
	struct chunk c = { .offset = 100, .dropped = dropped, .dropped_count = 1 };
	assert_int_equal(chunk_offset(&c, 0), 100);
	assert_int_equal(chunk_offset(&c, 1), 102);
}

static int destroyed;

static void on_destroy(void *context)
{
	destroyed += *(int *)context;
}

static void test_the_last_reference_frees_the_member_and_its_context(void **state)
{
	(void)state;
	int seven = 7;
	struct member *m = member_create(STR("app.log"));
	m->context = &seven;
	m->context_destroy = on_destroy;
	member_hold(m);
	member_drop(m);
	assert_int_equal(destroyed, 0);
	struct chunk c = { .member = m };
	chunk_release(&c);
	assert_int_equal(destroyed, 7);
	member_drop(NULL);
}

static void test_reserving_keeps_the_data_and_pads_it(void **state)
{
	(void)state;
	struct chunk c = { 0 };
	chunk_reserve(&c, 4);
	memcpy(c.data, "abcd", 4);
	chunk_reserve(&c, 100000);
	assert_memory_equal(c.data, "abcd", 4);
	for (size_t i = 0; i < CHUNK_PADDING; i++)
		assert_int_equal(c.data[100000 + i], 0);
	chunk_release(&c);
	assert_null(c.data);
}

static void test_data_may_begin_within_the_room(void **state)
{
	(void)state;
	struct chunk c = { 0 };
	chunk_begin(&c, 100, 4);
	memcpy(c.data, "abcd", 4);
	assert_int_equal(c.data - c.room, 100);
	assert_int_equal(chunk_capacity(&c), 4);
	chunk_reserve(&c, 100000);
	assert_memory_equal(c.data, "abcd", 4);
	assert_true(chunk_capacity(&c) >= 100000);
	chunk_begin(&c, 0, 10);
	assert_ptr_equal(c.data, c.room);
	chunk_release(&c);
}

static void fill(struct troubles *t, uint32_t input, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		troubles_add(t, TROUBLE_SKIPPED, input, i, STR("p"), "number %u", i);
}

/* Equal whatever the order of joining, also past the limit. */
static void test_troubles_are_sorted_and_bounded_the_same_in_any_order(void **state)
{
	(void)state;
	struct troubles parts[4] = { 0 };
	for (uint32_t i = 0; i < countof(parts); i++)
		fill(&parts[i], i, i == 2 ? 1500 : 700);
	troubles_add(&parts[3], TROUBLE_DAMAGED, 3, 9, STR("q"), "cut");
	struct troubles forward = { 0 };
	struct troubles backward = { 0 };
	for (size_t i = 0; i < countof(parts); i++) {
		troubles_join(&forward, &parts[i]);
		troubles_join(&backward, &parts[countof(parts) - 1 - i]);
		troubles_sort(&forward); /* in between it may be shown, too */
	}
	troubles_sort(&forward);
	troubles_sort(&backward);
	assert_int_equal(forward.count, 1002);
	assert_int_equal(backward.count, forward.count);
	for (size_t i = 0; i < forward.count; i++) {
		assert_int_equal(forward.items[i].input, backward.items[i].input);
		assert_int_equal(forward.items[i].sequence, backward.items[i].sequence);
		assert_true(str_equal(forward.items[i].reason, backward.items[i].reason));
	}
	assert_true(forward.incomplete);
	assert_int_equal(forward.items[999].input, 1);
	assert_int_equal(forward.items[1000].kind, TROUBLE_DAMAGED);
	assert_string_equal(forward.items[1001].reason.ptr, "2600 more, counted but not listed");
	assert_int_equal(forward.items[1001].kind, TROUBLE_SKIPPED);
	assert_string_equal(trouble_kind_name(TROUBLE_DAMAGED), "damaged");
	troubles_release(&forward);
	troubles_release(&backward);
	for (size_t i = 0; i < countof(parts); i++)
		troubles_release(&parts[i]);
}

static void test_globs_meet_the_place_the_member_and_its_last_part(void **state)
{
	(void)state;
	static const struct {
		struct str pattern;
		struct str place;
		bool takes;
	} cases[] = {
		{ { "*.log", 5 }, { "dir/app.log", 11 }, true },
		{ { "*.log", 5 }, { "a.tar!app.log", 13 }, true },
		{ { "app*", 4 }, { "a.tar!var/app.log", 17 }, true },
		{ { "var/*", 5 }, { "a.tar!var/app.log", 17 }, true },
		{ { "app*", 4 }, { "app.tar!other.txt", 17 }, true },
		{ { "other*", 6 }, { "app.tar!x/that.txt", 18 }, false },
		{ { "*.gz", 4 }, { "dir/app.log", 11 }, false },
		{ { "dir", 3 }, { "dir/app.log", 11 }, true },
		{ { "dir/", 4 }, { "dir/app.log", 11 }, true },
		{ { "d*", 2 }, { "dir/app.log", 11 }, false },
		{ { "d*/", 3 }, { "dir/app.log", 11 }, true },
		{ { "ir", 2 }, { "dir/app.log", 11 }, false },
		{ { "dir", 3 }, { "a.tar!./x/dir/app.log", 21 }, true },
		{ { "x/dir", 5 }, { "a.tar!./x/dir/app.log", 21 }, true },
		{ { "x/*.log", 7 }, { "/var/x/app.log", 14 }, true },
		{ { "x/*.log", 7 }, { "/var/xx/app.log", 15 }, false },
		{ { "dir/app.log", 11 }, { "./dir/app.log", 13 }, true },
		{ { "a.tar", 5 }, { "in/a.tar!app.log", 16 }, true },
	};
	for (size_t i = 0; i < countof(cases); i++) {
		struct selection include = { .include = &cases[i].pattern, .include_count = 1 };
		struct selection exclude = { .exclude = &cases[i].pattern, .exclude_count = 1 };
		assert_int_equal(selection_takes(&include, cases[i].place), cases[i].takes);
		assert_int_equal(selection_takes(&exclude, cases[i].place), !cases[i].takes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offsets_count_the_returns_that_were_dropped),
		cmocka_unit_test(test_an_empty_line_begins_at_its_return),
		cmocka_unit_test(test_the_last_reference_frees_the_member_and_its_context),
		cmocka_unit_test(test_reserving_keeps_the_data_and_pads_it),
		cmocka_unit_test(test_data_may_begin_within_the_room),
		cmocka_unit_test(test_troubles_are_sorted_and_bounded_the_same_in_any_order),
		cmocka_unit_test(test_globs_meet_the_place_the_member_and_its_last_part),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
