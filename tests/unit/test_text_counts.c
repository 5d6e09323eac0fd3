/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lineup/text_counts.h"

static void assert_grouped(const char *sentence, const char *wanted)
{
	struct buf out = BUF_INIT(0);
	text_group_counts(&out, str_from(sentence));
	buf_append(&out, str_of("", 1));
	assert_string_equal(out.ptr, wanted);
	buf_release(&out);
}

static void test_counts_in_sentences_are_grouped(void **state UNUSED)
{
	assert_grouped("753957 lines are of documents (YAML; 1755 names)",
		"753,957 lines are of documents (YAML; 1,755 names)");
	assert_grouped("2192 sources: 35628 lines carry no time",
		"2,192 sources: 35,628 lines carry no time");
	assert_grouped("in 17268 of 17268 requests outside it, in 2074 of 2552 during it",
		"in 17,268 of 17,268 requests outside it, in 2,074 of 2,552 during it");
	assert_grouped("in 1234 requests (1234567 lines)", "in 1,234 requests (1,234,567 lines)");
	assert_grouped(
		"5000 times in all, 999 times before", "5,000 times in all, 999 times before");
}

static void test_what_is_no_count_stays(void **state UNUSED)
{
	static const char *const sentences[] = {
		"",
		"  ",
		"no year in stamps, 2026 taken from the modification time",
		"first at 2026-11-09 17:00:01",
		"it tells of 5000 ms during the incident",
		"a says \"took 5000 times 7000 lines\" in 3 of 7 incidents",
		"5.0 of 1000x lines; port 15432.",
		"of 2026",
	};
	for (size_t i = 0; i < countof(sentences); i++)
		assert_grouped(sentences[i], sentences[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_in_sentences_are_grouped),
		cmocka_unit_test(test_what_is_no_count_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
