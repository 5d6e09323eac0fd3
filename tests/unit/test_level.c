/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "lineup/level.h"

static enum level level(const char *line)
{
	size_t end;
	bool digits_matter = false;
	return level_find(str_from(line), 0, &end, &digits_matter);
}

static void test_every_word_of_the_table_is_found_by_its_letter(void **state)
{
	(void)state;
	static const char *const words[] = { "ALERT", "crit", "Critical", "debug", "DBG", "dpanic",
		"emerg", "Emergency", "err", "ERROR", "failure", "fatal", "FINE", "finer", "FINEST",
		"inf", "info", "Information", "log", "note", "NOTICE", "panic", "SEVERE",
		"statement", "TRACE", "verbose", "warn", "Warning", "wrn", "E", "w" };
	for (size_t i = 0; i < countof(words); i++)
		assert_int_not_equal(level_of_word(str_from(words[i])), LEVEL_NONE);
	assert_int_equal(level_of_word(STR("information!")), LEVEL_NONE);
	assert_int_equal(level_of_word(STR("errors")), LEVEL_NONE);
	assert_int_equal(level_of_word(STR("")), LEVEL_NONE);
}

static void test_levels_stand_in_capitals_brackets_bars_or_before_a_colon(void **state)
{
	(void)state;
	assert_int_equal(level(" ERROR [pool-1] com.example.A - boom"), LEVEL_ERROR);
	assert_int_equal(level("[warn] 7#7: x"), LEVEL_WARNING);
	assert_int_equal(level("[core:error] [pid 7] x"), LEVEL_ERROR);
	assert_int_equal(level("|Info|Auth|x"), LEVEL_INFO);
	assert_int_equal(level("host sshd: error: no key"), LEVEL_ERROR);
	assert_int_equal(level(" info vpxd x"), LEVEL_INFO);
	assert_int_equal(level(" local.ERROR: x"), LEVEL_ERROR);
	assert_int_equal(level("level=warning msg=x"), LEVEL_WARNING);
	assert_int_equal(level("level=\"error\" msg=x"), LEVEL_ERROR);
	assert_int_equal(level(" 1702  2395 D Tag: x"), LEVEL_DEBUG);
	assert_int_equal(level("%ASA-4-106023: Deny"), LEVEL_WARNING);
	assert_int_equal(level("%SYS-2-MALLOC: x"), LEVEL_CRITICAL);
	assert_int_equal(level(" IFNET/3/LINK_DOWN: x"), LEVEL_ERROR);
	assert_int_equal(level(" Ifnet/3/LINK_DOWN: x"), LEVEL_NONE);
	assert_int_equal(level("[10:00:00] [Server thread/WARN]: x"), LEVEL_WARNING);
	assert_int_equal(level(": INFO/MainProcess] x"), LEVEL_INFO);
	assert_int_equal(level(" warning/Checker: x"), LEVEL_WARNING);
	assert_int_equal(level(" [ info] [engine] x"), LEVEL_INFO);
	assert_int_equal(level("=ERROR REPORT==== x"), LEVEL_ERROR);
	assert_int_equal(level("\tinfo\tproxy\tx"), LEVEL_INFO);
	assert_int_equal(level("at=error code=H12"), LEVEL_ERROR);
	assert_int_equal(level(" \x1b[32mINFO\x1b[0m x"), LEVEL_INFO);
}

static void test_words_of_the_message_are_no_level(void **state)
{
	(void)state;
	assert_int_equal(level("finished without an error in the end"), LEVEL_NONE);
	assert_int_equal(level("GET /error.html"), LEVEL_NONE);
	assert_int_equal(level("wrote ERROR.log and info.txt"), LEVEL_NONE);
	assert_int_equal(level("total=error of mean"), LEVEL_NONE);
	assert_int_equal(level("error/log missing"), LEVEL_NONE);
	assert_int_equal(level(""), LEVEL_NONE);
}

/* Words are looked for in blocks of 64 bytes, and over 200 bytes and 20 words. */
static void test_levels_are_found_wherever_they_stand_in_a_block(void **state)
{
	(void)state;
	for (int before = 0; before < 190; before++) {
		for (int behind = 0; behind < 70; behind += 7) {
			char line[400];
			size_t end;
			bool digits_matter = false;
			int len = snprintf(
				line, sizeof(line), "%*s WARNING %*s", before, "", behind, "");
			assert_int_equal(
				level_find(str_of(line, (size_t)len), 0, &end, &digits_matter),
				LEVEL_WARNING);
			assert_int_equal(end, (size_t)before + 8);
			len = snprintf(line, sizeof(line), "%.*s ERROR", before,
				"a_word_that_goes_on_and_on_over_the_end_of_a_block_and_of_the_"
				"next_one_"
				"and_that_does_so_until_there_is_no_more_room_in_the_head_of_the_"
				"line_that_"
				"is_looked_at_for_a_level_at_all_so_to_say");
			assert_int_equal(
				level_find(str_of(line, (size_t)len), 0, &end, &digits_matter),
				LEVEL_ERROR);
		}
	}
	assert_int_equal(level("ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ERROR"),
		LEVEL_ERROR);
	assert_int_equal(level("ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ERROR"),
		LEVEL_NONE);
}

static void test_numbers_are_those_of_syslog_or_of_pino(void **state)
{
	(void)state;
	assert_int_equal(level_of_value(STR("3")), LEVEL_ERROR);
	assert_int_equal(level_of_value(STR("6")), LEVEL_INFO);
	assert_int_equal(level_of_value(STR("50")), LEVEL_ERROR);
	assert_int_equal(level_of_value(STR("60")), LEVEL_CRITICAL);
	assert_int_equal(level_of_value(STR("warn")), LEVEL_WARNING);
	assert_int_equal(level_of_syslog(11), LEVEL_ERROR);
	assert_int_equal(level_of_http(STR("502")), LEVEL_ERROR);
	assert_int_equal(level_of_http(STR("404")), LEVEL_NONE);
	assert_int_equal(level_of_http(STR("5021")), LEVEL_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_word_of_the_table_is_found_by_its_letter),
		cmocka_unit_test(test_levels_stand_in_capitals_brackets_bars_or_before_a_colon),
		cmocka_unit_test(test_words_of_the_message_are_no_level),
		cmocka_unit_test(test_levels_are_found_wherever_they_stand_in_a_block),
		cmocka_unit_test(test_numbers_are_those_of_syslog_or_of_pino),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
