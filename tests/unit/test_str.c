/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/str.h"

static void test_views_are_compared_by_bytes_then_by_length(void **state UNUSED)
{
	assert_true(str_compare(STR("a"), STR("b")) < 0);
	assert_true(str_compare(STR("a"), STR("ab")) < 0);
	assert_true(str_compare(STR("\xff"), STR("a")) > 0);
	assert_int_equal(str_compare(STR(""), STR_NONE), 0);
	assert_true(str_equal(STR_NONE, STR("")));
	assert_true(str_equal_nocase(STR("Error"), STR("eRROR")));
	assert_false(str_equal_nocase(STR("\xc4"), STR("\xe4"))); /* of ASCII alone */
}

static void test_things_are_found_or_not(void **state UNUSED)
{
	assert_int_equal(str_find(STR("a needle in hay"), STR("needle")), 2);
	assert_int_equal(str_find(STR("short"), STR("longer than that")), -1);
	assert_int_equal(str_find(STR_NONE, STR("x")), -1);
	assert_int_equal(str_find(STR("any"), STR("")), 0);
	assert_int_equal(str_find_byte(STR("a/b/c"), '/'), 1);
	assert_int_equal(str_rfind_byte(STR("a/b/c"), '/'), 3);
	assert_int_equal(str_rfind_byte(STR_NONE, '/'), -1);
	assert_true(str_ends(STR("app.log"), STR(".log")));
	assert_false(str_ends(STR("g"), STR("log")));
}

static void test_cutting_gives_every_piece_once(void **state UNUSED)
{
	static const char *const pieces[] = { "a", "", "b", "" };
	size_t count = 0;
	for (struct str rest = STR("a,,b,"); rest.ptr != NULL;) {
		struct str piece = str_cut(&rest, ',');
		assert_true(count < countof(pieces));
		assert_true(str_equal(piece, str_from(pieces[count++])));
	}
	assert_int_equal(count, countof(pieces));
}

static void test_numbers_are_whole_and_fit(void **state UNUSED)
{
	uint64_t n;
	assert_true(str_to_u64(STR("18446744073709551615"), &n));
	assert_true(n == UINT64_MAX);
	assert_true(str_to_u64(STR("007"), &n));
	assert_int_equal(n, 7);
	static const char *const wrong[] = { "", "-1", "+1", " 1", "1x", "18446744073709551616" };
	for (size_t i = 0; i < countof(wrong); i++)
		assert_false(str_to_u64(str_from(wrong[i]), &n));
}

static void test_fractions_are_finite_and_nothing_else(void **state UNUSED)
{
	double x;
	assert_true(str_to_double(STR("-1.5e3"), &x));
	assert_true(x == -1500);
	assert_true(str_to_double(STR(".5"), &x));
	assert_true(x == 0.5);
	static const char *const wrong[] = { "", "inf", "nan", "1e999", "0x10", "1 ", "1.2.3",
		"+1" };
	for (size_t i = 0; i < countof(wrong); i++)
		assert_false(str_to_double(str_from(wrong[i]), &x));
}

static void test_sizes_are_read_with_and_without_a_unit(void **state UNUSED)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} cases[] = { { "300", 300 }, { "300B", 300 }, { "64K", 65536 }, { "64k", 65536 },
		{ "10M", 10 << 20 }, { "2GiB", UINT64_C(2) << 30 }, { "2GB", UINT64_C(2) << 30 },
		{ "1T", UINT64_C(1) << 40 } };
	uint64_t bytes;
	for (size_t i = 0; i < countof(cases); i++) {
		assert_true(str_to_size(str_from(cases[i].text), &bytes));
		assert_true(bytes == cases[i].bytes);
	}
	static const char *const wrong[] = { "", "K", "B", "-1K", "1.5G", "1KK", "17179869184G" };
	for (size_t i = 0; i < countof(wrong); i++)
		assert_false(str_to_size(str_from(wrong[i]), &bytes));
}

static void test_patterns_of_names_match_paths_as_a_shell_would(void **state UNUSED)
{
	assert_true(str_glob(STR("*.log"), STR("var/log/app.log")));
	assert_true(str_glob(STR("var/*.log"), STR("var/log/app.log"))); /* a star passes a slash */
	assert_true(str_glob(STR("app-[0-9].log"), STR("app-7.log")));
	assert_false(str_glob(STR("app-[!0-9].log"), STR("app-7.log")));
	assert_false(str_glob(STR("log/*.log"), STR("var/log/app.log"))); /* from the beginning */
	assert_false(str_glob(STR("log"), STR("var/log/app.log")));
	assert_true(str_glob(STR("a?c"), STR("abc")));
}

static void test_a_part_is_found_in_any_case_and_a_byte_behind_the_end_is_nul(void **state)
{
	(void)state;
	assert_true(str_holds_nocase(STR("no Space left"), STR("sPACE")));
	assert_true(str_holds_nocase(STR("no Space left"), STR("LEFT")));
	assert_false(str_holds_nocase(STR("no Space left"), STR("lefty")));
	assert_false(str_holds_nocase(STR(""), STR("a")));
	assert_int_equal(str_byte(STR("ab"), 1), 'b');
	assert_int_equal(str_byte(STR("ab"), 2), '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_part_is_found_in_any_case_and_a_byte_behind_the_end_is_nul),
		cmocka_unit_test(test_views_are_compared_by_bytes_then_by_length),
		cmocka_unit_test(test_things_are_found_or_not),
		cmocka_unit_test(test_cutting_gives_every_piece_once),
		cmocka_unit_test(test_numbers_are_whole_and_fit),
		cmocka_unit_test(test_fractions_are_finite_and_nothing_else),
		cmocka_unit_test(test_sizes_are_read_with_and_without_a_unit),
		cmocka_unit_test(test_patterns_of_names_match_paths_as_a_shell_would),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
