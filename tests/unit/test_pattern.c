/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lineup/pattern.h"

struct example {
	const char *pattern;
	enum pattern_verdict verdict;
	const char *text; /* for Hyperscan; NULL: not looked at */
};

static void check(const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena arena = { .blocks = NULL };
		struct pattern pattern;
		pattern_analyse(&arena, str_from(examples[i].pattern), &pattern);
		if (pattern.verdict != examples[i].verdict)
			fail_msg("%s: verdict %d, not %d", examples[i].pattern,
				(int)pattern.verdict, (int)examples[i].verdict);
		if (examples[i].text != NULL &&
			!str_equal(pattern_write(&arena, &pattern), str_from(examples[i].text)))
			fail_msg("%s became %.*s, not %s", examples[i].pattern,
				STR_ARG(pattern_write(&arena, &pattern)), examples[i].text);
		arena_release(&arena);
	}
}

static void test_no_set_holds_the_line_feed(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{ "a\\s", PATTERN_EXACT, "a[\\x09\\x0b-\\x0d ]" },
		{ "a[^x]b", PATTERN_EXACT, "a[\\x00-\\x09\\x0b-wy-\\xff]b" },
		{ "a[\\s\\S]b", PATTERN_EXACT, "a.b" },
		{ "(?s)a.b", PATTERN_EXACT, "a.b" },
		{ "a\\nb", PATTERN_NEVER, NULL },
		{ "a[\\n]b|c", PATTERN_EXACT, "c" },
		{ "a\\n*b", PATTERN_EXACT, "ab" },
		{ "[\\x09-\\x0b]", PATTERN_EXACT, "[\\x09\\x0b]" },
	};
	check(examples, countof(examples));
}

static void test_flags_end_where_pcre2_ends_them(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{ "(?i)ab", PATTERN_EXACT, "(?i:AB)" },
		{ "a(?i)b", PATTERN_EXACT, "a(?i:B)" },
		{ "(?i:a)b", PATTERN_EXACT, "(?i:A)b" },
		{ "(a(?i)b|c)d", PATTERN_EXACT, "(?:a(?i:B)|[Cc])d" },
		{ "(?i)a(?-i)b", PATTERN_EXACT, "(?i:A)b" },
		{ "(?x) a b # c\n d", PATTERN_EXACT, "abd" },
		{ "(?i)[^a]", PATTERN_EXACT, "[\\x00-\\x09\\x0b-\\x40B-\\x60b-\\xff]" },
		{ "\\Qa.b\\E+", PATTERN_EXACT, "a\\x2eb" },
	};
	check(examples, countof(examples));
}

static void test_edges_that_ask_nothing_are_taken_off(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{ ".*error.*", PATTERN_EXACT, "error" },
		{ "^.*error.*$", PATTERN_EXACT, "error" },
		{ "^.+error", PATTERN_EXACT, ".error" },
		{ "error\\d+", PATTERN_EXACT, "error[0-9]" },
		{ "error(?: .*|x?)", PATTERN_EXACT, "error" },
		{ "^a.*b$", PATTERN_EXACT, "^a.*b$" },
		{ "(error)(.*)", PATTERN_EXACT, "error" },
		{ "x{3,9}", PATTERN_EXACT, "x{3}" },
	};
	check(examples, countof(examples));
}

static void test_what_cannot_be_said_exactly_is_said_more_broadly(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{ "(?<=user )root", PATTERN_EXACT, "user root" },
		{ "error(?= conn)", PATTERN_EXACT, "error conn" },
		{ "error(?! conn)", PATTERN_SUPERSET, "error" },
		{ "^(?=.*timeout)(?!.*retry).*", PATTERN_SUPERSET, NULL },
		{ "(\\w)x\\1y", PATTERN_SUPERSET, "[0-9A-Z_a-z]x.*y" },
		{ "a++b", PATTERN_SUPERSET, "ab" },
		{ "(?>ab|a)c", PATTERN_SUPERSET, "(?:ab|a)c" },
		{ "(*UTF)error", PATTERN_SUPERSET, "error" },
		{ "foo.{0,9000}bar", PATTERN_SUPERSET, "foo.*bar" },
		{ "^(?!.{0,200}probe).{0,900}timeout(?:.{0,40})$", PATTERN_SUPERSET, "timeout" },
		{ "[[:>:]]x", PATTERN_OPAQUE, NULL },
		{ "[[:<:]]x", PATTERN_OPAQUE, NULL },
		{ "[[:digit:]]x", PATTERN_EXACT, "[0-9]x" },
		{ "a(?(1)b|c)d", PATTERN_SUPERSET, "a(?:b|c|)d" },
		{ "(?:a)(*SKIP)b", PATTERN_OPAQUE, NULL },
		{ "(?!error)", PATTERN_OPAQUE, NULL },
		{ "\\b", PATTERN_OPAQUE, NULL },
	};
	check(examples, countof(examples));
}

static void test_patterns_that_match_the_empty_line_are_told_apart(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{ "", PATTERN_ALWAYS, NULL },
		{ "a*", PATTERN_ALWAYS, NULL },
		{ "^", PATTERN_ALWAYS, NULL },
		{ "$", PATTERN_ALWAYS, NULL },
		{ "^.*$", PATTERN_ALWAYS, NULL },
		{ "x|", PATTERN_ALWAYS, NULL },
		{ "^$", PATTERN_EXACT, "^$" },
		{ "^\\s*$", PATTERN_EXACT, "^[\\x09\\x0b-\\x0d ]*$" },
	};
	check(examples, countof(examples));
	struct arena arena = { .blocks = NULL };
	struct pattern pattern;
	pattern_analyse(&arena, STR("^\\s*$"), &pattern);
	assert_true(pattern.matches_empty);
	pattern_analyse(&arena, STR("^\\s+$"), &pattern);
	assert_false(pattern.matches_empty);
	arena_release(&arena);
}

static void test_a_literal_is_taken_by_its_bytes(void **state)
{
	(void)state;
	struct arena arena = { .blocks = NULL };
	struct pattern pattern;
	pattern_analyse_literal(&arena, STR("a.*\\d(\xff"), &pattern);
	assert_int_equal(pattern.verdict, PATTERN_EXACT);
	assert_true(str_equal(pattern_write(&arena, &pattern), STR("a\\x2e\\x2a\\x5cd\\x28\\xff")));
	pattern_analyse_literal(&arena, STR("a\nb"), &pattern);
	assert_int_equal(pattern.verdict, PATTERN_NEVER);
	pattern_analyse_literal(&arena, STR(""), &pattern);
	assert_int_equal(pattern.verdict, PATTERN_ALWAYS);
	arena_release(&arena);
}

static void test_patterns_of_any_shape_weigh_no_more_than_is_allowed(void **state)
{
	(void)state;
	static const char *const patterns[] = { "z(?:(?:a{1,250}b){1,250}c){1,250}d",
		"z(?:(?:(?:(?:x{9}){9}){9}){9}){9}y",
		"z((((a{0,99}b){0,99}c){0,99}d){0,99}e){0,99}f" };
	for (size_t i = 0; i < countof(patterns); i++) {
		struct arena arena = { .blocks = NULL };
		struct pattern pattern;
		pattern_analyse(&arena, str_from(patterns[i]), &pattern);
		if (pattern.verdict != PATTERN_OPAQUE) {
			assert_int_equal(pattern.verdict, PATTERN_SUPERSET);
			assert_true(pattern.weight <= PATTERN_WEIGHT_MAX);
		}
		arena_release(&arena);
	}
}

static void test_alternatives_come_apart_each_once(void **state)
{
	static const struct {
		const char *pattern;
		const char *branches; /* joined by blanks */
	} examples[] = {
		{ "plain", "plain" }, { "(?:b|a[0-9]|b|c)", "a[0-9] b c" },
		{ "b|(?:c|a)", "a b c" }, { "x(?:a|b)", "x(?:a|b)" },
		{ "[Ff]ailed [Tt]o", "Failed To Failed to failed To failed to" },
		{ "X(?i:abc)", "X(?i:ABC)" }, /* eight of it would be too many */
	};
	(void)state;
	for (size_t i = 0; i < countof(examples); i++) {
		struct arena arena = { .blocks = NULL };
		struct pattern pattern;
		struct buf joined = BUF_INIT(0);
		size_t count;
		pattern_analyse(&arena, str_from(examples[i].pattern), &pattern);
		const struct pattern_text *texts = pattern_branches(&arena, &pattern, &count);
		for (size_t k = 0; k < count; k++)
			buf_printf(&joined, k > 0 ? " %s" : "%s", texts[k].regex);
		assert_true(str_equal(buf_str(&joined), str_from(examples[i].branches)));
		buf_release(&joined);
		arena_release(&arena);
	}
}

static void test_a_plain_text_says_its_bytes(void **state)
{
	static const struct {
		const char *pattern;
		const char *plain; /* of the first alternative; NULL: it is none */
		size_t len;
		bool caseless;
	} examples[] = {
		{ "plain", "plain", 5, false },
		{ "\\x00\\xff", "\x00\xff", 2, false },
		{ "(?i)any 1", "any 1", 5, true },
		{ "[Ee]ither", "Either", 6, false },
		{ "1(?i:abc)!", "1abc!", 5, true },
		{ "X(?i:abc)", NULL, 0, false },
		{ "plai[mn]", NULL, 0, false },
		{ "^plain", NULL, 0, false },
	};
	(void)state;
	for (size_t i = 0; i < countof(examples); i++) {
		struct arena arena = { .blocks = NULL };
		struct pattern pattern;
		size_t count;
		pattern_analyse(&arena, str_from(examples[i].pattern), &pattern);
		const struct pattern_text *text = pattern_branches(&arena, &pattern, &count);
		assert_int_equal(text->plain != NULL, examples[i].plain != NULL);
		assert_int_equal(text->plain_len, examples[i].len);
		assert_int_equal(text->caseless, examples[i].caseless);
		if (text->plain != NULL)
			assert_memory_equal(text->plain, examples[i].plain, examples[i].len);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_set_holds_the_line_feed),
		cmocka_unit_test(test_flags_end_where_pcre2_ends_them),
		cmocka_unit_test(test_edges_that_ask_nothing_are_taken_off),
		cmocka_unit_test(test_what_cannot_be_said_exactly_is_said_more_broadly),
		cmocka_unit_test(test_patterns_that_match_the_empty_line_are_told_apart),
		cmocka_unit_test(test_a_literal_is_taken_by_its_bytes),
		cmocka_unit_test(test_alternatives_come_apart_each_once),
		cmocka_unit_test(test_a_plain_text_says_its_bytes),
		cmocka_unit_test(test_patterns_of_any_shape_weigh_no_more_than_is_allowed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
