/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include <unistd.h>

#include "lineup/nearest.h"
#include "lineup/options.h"

#define NOW	  (INT64_C(1790000000) * NS_PER_S)
#define WORDS_MAX 32

/* Parses a command line given as words with blanks between. */
static int parse(struct options *o, const char *line, struct error *err)
{
	static char text[1024];
	char *argv[WORDS_MAX] = { text };
	int argc = 1;
	snprintf(text, sizeof(text), "lineup %s", line);
	for (char *c = text; *c != '\0'; c++) {
		if (*c == ' ') {
			*c = '\0';
			argv[argc++] = c + 1;
		}
	}
	err->text[0] = '\0';
	return options_parse(o, argc, argv, NOW, err);
}

static void refuse(const char *line, const char *part)
{
	struct options o;
	struct error err;
	assert_int_equal(parse(&o, line, &err), -1);
	if (strstr(err.text, part) == NULL)
		fail_msg("'%s' lacks '%s'", err.text, part);
	options_release(&o);
}

static void test_options_and_paths_may_be_mixed(void **state UNUSED)
{
	struct options o;
	struct error err;
	assert_int_equal(parse(&o, "scan a -j4 b --top=3 -qv -n 7 -- -x", &err), 0);
	assert_string_equal(o.command->name, "scan");
	assert_int_equal(o.arguments.count, 3);
	assert_true(str_equal(o.arguments.items[2], STR("-x")));
	assert_int_equal(o.jobs, 4);
	assert_int_equal(o.top, 7);
	assert_true(o.quiet && o.verbose);
	options_release(&o);
}

static void test_a_dash_is_a_path(void **state UNUSED)
{
	struct options o;
	struct error err;
	assert_int_equal(parse(&o, "scan -", &err), 0);
	assert_int_equal(o.arguments.count, 1);
	options_release(&o);
}

static void test_arguments_may_begin_with_a_dash(void **state UNUSED)
{
	struct options o;
	struct error err;
	assert_int_equal(parse(&o, "scan --tz -04:00 -s -2h -e -x a", &err), 0);
	assert_true(str_equal(o.zone, STR("-04:00")));
	assert_true(o.since_ns == NOW - 7200 * NS_PER_S);
	assert_true(str_equal(o.regexps.items[0], STR("-x")));
	options_release(&o);
}

static void test_the_zone_counts_wherever_it_stands(void **state UNUSED)
{
	struct options o;
	struct error err;
	assert_int_equal(parse(&o, "scan -s 2026-01-01T00:00 --tz +01:00 a", &err), 0);
	assert_true(o.since_ns == (INT64_C(1767225600) - 3600) * NS_PER_S);
	options_release(&o);
}

static void test_a_baseline_is_a_span_or_a_path(void **state UNUSED)
{
	struct options o;
	struct error err;
	assert_int_equal(parse(&o, "scan --baseline 10:00..11:00 a", &err), 0);
	assert_true(o.baseline_to_ns - o.baseline_from_ns == 3600 * NS_PER_S);
	assert_int_equal(o.baseline_path.len, 0);
	options_release(&o);
	assert_int_equal(parse(&o, "scan --baseline ../yesterday a", &err), 0);
	assert_true(str_equal(o.baseline_path, STR("../yesterday")));
	assert_true(o.baseline_from_ns == TIME_NONE);
	options_release(&o);
}

static void test_limits_are_read_with_their_units(void **state UNUSED)
{
	struct options o;
	struct error err;
	assert_int_equal(
		parse(&o, "scan --max-size 2G --max-line 64K --max-depth 3 --max-ratio 0 a", &err),
		0);
	assert_true(o.limits.max_size_bytes == UINT64_C(2) << 30);
	assert_int_equal(o.limits.line_bytes, 65536);
	assert_int_equal(o.limits.max_depth, 3);
	assert_true(o.limits.max_ratio == 0);
	options_release(&o);
}

static void test_what_is_misspelt_is_answered_with_the_nearest(void **state UNUSED)
{
	refuse("scna a", "did you mean 'scan'");
	refuse("scan --formt json a", "did you mean '--format'");
	refuse("scan --min a", "did you mean '--min-severity'");
	refuse("scan --colour never a", "did you mean '--color'");
	refuse("scan --zzzzzz a", "unknown option '--zzzzzz'");
	refuse("scan -Z a", "unknown option '-Z'");
}

static void test_an_option_of_another_command_is_named_as_such(void **state UNUSED)
{
	refuse("lines --top 3 a", "belongs to 'scan', not to 'lines'");
	refuse("lines -n 3 a", "belongs to 'scan', not to 'lines'");
}

static void test_bad_arguments_are_refused_with_their_option(void **state UNUSED)
{
	refuse("scan -j 0 a", "--jobs '0'");
	refuse("scan -j a", "--jobs 'a'");
	refuse("scan a -j", "'-j' needs N");
	refuse("scan --top", "'--top' needs N");
	refuse("scan --quiet=yes a", "takes no argument");
	refuse("scan --window 5 a --window x", "--window 'x'");
	refuse("scan --since noon a", "--since");
	refuse("scan --incident 17:00 a", "--incident");
	refuse("scan --fail-on bad a", "--fail-on 'bad'");
	refuse("scan --tz Nowhere/Land a", "--tz");
	refuse("scan --max-line 4G a", "--max-line '4G'");
	refuse("scan -s 12:00 -u 11:00 a", "--until is not after --since");
	refuse("scan -s 12:00 -u 12:00 a", "--until is not after --since");
}

static void test_every_letter_and_name_stands_once_for_a_command(void **state UNUSED)
{
	const struct option_row *a, *b;
	for (size_t i = 0; (a = option_at(i)) != NULL; i++) {
		for (size_t k = i + 1; (b = option_at(k)) != NULL; k++) {
			if ((a->commands & b->commands) == 0)
				continue;
			assert_true(a->letter == '\0' || a->letter != b->letter);
			assert_string_not_equal(a->name, b->name);
		}
	}
}

static const char *help_of(const char *name)
{
	const struct option_row *row;
	for (size_t i = 0; (row = option_at(i)) != NULL; i++) {
		if (strcmp(row->name, name) == 0)
			return row->help;
	}
	return "";
}

static void test_help_quotes_the_limits_that_hold(void **state UNUSED)
{
	const struct read_limits *l = &read_limits_default;
	char text[64];
	snprintf(text, sizeof(text), "(default: %u)", l->max_depth);
	assert_non_null(strstr(help_of("max-depth"), text));
	snprintf(text, sizeof(text), "(default: %lluG)",
		(unsigned long long)l->max_size_bytes >> 30);
	assert_non_null(strstr(help_of("max-size"), text));
	snprintf(text, sizeof(text), "(default: %llu)", (unsigned long long)l->max_ratio);
	assert_non_null(strstr(help_of("max-ratio"), text));
	snprintf(text, sizeof(text), "(default: %llu)", (unsigned long long)l->max_members);
	assert_non_null(strstr(help_of("max-members"), text));
	snprintf(text, sizeof(text), "(default: %lluG)", (unsigned long long)l->window_bytes >> 30);
	assert_non_null(strstr(help_of("max-window"), text));
	snprintf(text, sizeof(text), "(default: %zuM)", l->line_bytes >> 20);
	assert_non_null(strstr(help_of("max-line"), text));
}

static void test_nearest_prefers_the_fewest_slips(void **state UNUSED)
{
	static const char *const names[] = { "since", "service", "stats", "strict" };
	assert_string_equal(nearest_name(STR("servcie"), names, 4), "service");
	assert_string_equal(nearest_name(STR("stat"), names, 4), "stats");
	/* Of equally near ones the first. */
	assert_string_equal(
		nearest_name(STR("str"), (const char *const[]){ "strict", "strong" }, 2), "strict");
	assert_string_equal(
		nearest_name(STR("bat"), (const char *const[]){ "cat", "hat" }, 2), "cat");
	/* Two that changed places are one slip, and not none. */
	assert_string_equal(
		nearest_name(STR("abdc"), (const char *const[]){ "abdx", "abcd" }, 2), "abdx");
	assert_null(nearest_name(STR("output"), names, 4));
	assert_null(nearest_name(STR(""), names, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options_and_paths_may_be_mixed),
		cmocka_unit_test(test_a_dash_is_a_path),
		cmocka_unit_test(test_arguments_may_begin_with_a_dash),
		cmocka_unit_test(test_the_zone_counts_wherever_it_stands),
		cmocka_unit_test(test_a_baseline_is_a_span_or_a_path),
		cmocka_unit_test(test_limits_are_read_with_their_units),
		cmocka_unit_test(test_what_is_misspelt_is_answered_with_the_nearest),
		cmocka_unit_test(test_an_option_of_another_command_is_named_as_such),
		cmocka_unit_test(test_bad_arguments_are_refused_with_their_option),
		cmocka_unit_test(test_every_letter_and_name_stands_once_for_a_command),
		cmocka_unit_test(test_help_quotes_the_limits_that_hold),
		cmocka_unit_test(test_nearest_prefers_the_fewest_slips),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
