/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lineup/notes.h"

/* The only note on sources of so many undated lines each, and on others behind them. */
static void assert_note(const uint64_t *undated, size_t count, uint64_t others, const char *wanted)
{
	static const char *const places[] = { "c.log", "a.log", "b.log" };
	struct source_trusts trusts = { .others.undated_lines = others };
	struct findings f = { .first_ns = TIME_NONE };
	uint64_t total = others;
	for (uint32_t i = 0; i < count; i++) {
		struct source_trust one = {
			.input = i, .place = str_from(places[i]), .trust.undated_lines = undated[i]
		};
		source_trusts_add(&trusts, &one);
		total += undated[i];
	}
	source_trusts_finish(&trusts);
	time_notes(&f, &trusts);
	assert_int_equal(f.note_count, 1);
	assert_true(str_starts(f.notes[0], str_from(wanted)));
	ptrdiff_t first = str_find(f.notes[0], STR("; the first is "));
	assert_int_equal(first >= 0, str_find(str_from(wanted), STR("source")) > 0);
	if (first >= 0)
		assert_true(str_equal(str_skip(f.notes[0], (size_t)first),
			undated[1] > 0 ? STR("; the first is a.log")
				       : STR("; the first is c.log")));
	assert_int_equal(f.totals.undated_lines, total);
	findings_release(&f);
	source_trusts_release(&trusts);
}

static void test_a_note_names_its_source_or_counts_them_and_names_the_first(void **state UNUSED)
{
	assert_note((uint64_t[]){ 0, 1, 0 }, 3, 0, "a.log: 1 line carries no time");
	assert_note((uint64_t[]){ 2, 1, 0 }, 3, 0, "2 sources: 3 lines carry no time");
	assert_note((uint64_t[]){ 2, 0, 4 }, 1, 0, "c.log: 2 lines carry no time");
}

static void test_lines_of_sources_that_are_not_told_apart_are_counted(void **state UNUSED)
{
	assert_note((uint64_t[]){ 2, 1, 1 }, 3, 10, "3 sources and others: 14 lines");
	assert_note((uint64_t[]){ 2, 0, 0 }, 1, 10, "1 source and others: 12 lines");
	assert_note((uint64_t[]){ 0, 0, 0 }, 3, 10, "sources that are not told apart: 10 lines");
}

static void test_sources_of_the_same_words_share_a_note(void **state UNUSED)
{
	static const char *const said[][2] = { { "c.log", "no year" }, { "a.log", "no zone" },
		{ "b.log", "no year" }, { "d.log", "" } };
	struct source_trusts trusts = { .limit = 0 };
	struct findings f = { .first_ns = TIME_NONE };
	for (uint32_t i = 0; i < countof(said); i++) {
		struct source_trust one = {
			.input = i, .place = str_from(said[i][0]), .note = str_from(said[i][1])
		};
		source_trusts_add(&trusts, &one);
	}
	source_trusts_finish(&trusts);
	time_notes(&f, &trusts);
	assert_int_equal(f.note_count, 2);
	assert_true(str_equal(f.notes[0], STR("2 sources: no year; the first is b.log")));
	assert_true(str_equal(f.notes[1], STR("a.log: no zone")));
	findings_release(&f);
	source_trusts_release(&trusts);
}

static void test_what_was_sampled_is_said(void **state UNUSED)
{
	struct findings f = {
		.service_sampling = 1, .template_sampling = { 0, 3 }, .event_sampling = 2
	};
	sampling_notes(&f);
	assert_int_equal(f.note_count, 3);
	assert_true(str_find(f.notes[0], STR("services: one in 2 ")) > 0);
	assert_true(str_find(f.notes[1], STR("problem lines one in 8 ")) > 0);
	assert_true(str_find(f.notes[2], STR("requests: one in 4 ")) > 0);
	findings_release(&f);
	f = (struct findings){ .first_ns = TIME_NONE };
	sampling_notes(&f);
	assert_int_equal(f.note_count, 0);
	findings_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_note_names_its_source_or_counts_them_and_names_the_first),
		cmocka_unit_test(test_lines_of_sources_that_are_not_told_apart_are_counted),
		cmocka_unit_test(test_sources_of_the_same_words_share_a_note),
		cmocka_unit_test(test_what_was_sampled_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
