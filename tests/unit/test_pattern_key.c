/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/pattern.h"

struct example {
	const char *pattern;
	const char *text; /* what is looked for */
	enum pattern_verdict verdict;
};

static void make_model(struct key_model *model)
{
	*model = (struct key_model){ .counts = NULL };
	key_model_add(model, STR("2026-03-01T10:00:00Z error: connection to server failed"), 100);
	key_model_add(model, STR("2026-03-01T10:00:01Z server started, connection opened"), 100);
}

static void check(const struct key_model *model, const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena arena = { .blocks = NULL };
		struct pattern pattern;
		pattern_analyse(&arena, str_from(examples[i].pattern), &pattern);
		pattern_narrow(&arena, model, &pattern);
		if (pattern.verdict != examples[i].verdict ||
			!str_equal(pattern.text, str_from(examples[i].text)))
			fail_msg("%s: %.*s (verdict %d)", examples[i].pattern,
				STR_ARG(pattern.text), (int)pattern.verdict);
		arena_release(&arena);
	}
}

static void test_the_rarest_text_stands_for_a_pattern(void **state)
{
	(void)state;
	struct key_model model;
	make_model(&model);
	const struct example examples[] = {
		{ "connection to server quux77 failed", "connection to server quux77",
			PATTERN_SUPERSET },
		{ "error: \\d+ xylophones? missing", " xylopho", PATTERN_SUPERSET },
		{ "(?:xylophone|zither) failed", "(?:xylophon|zither f)", PATTERN_SUPERSET },
		{ "error.*(zither|quux77)+ .* failed", "(?:zither|quux77)", PATTERN_SUPERSET },
		{ "zither broken|xylophone \\d+ broken", "(?:zither broken|xylophon)",
			PATTERN_SUPERSET },
	};
	check(&model, examples, countof(examples));
	key_model_release(&model);
}

static void test_a_text_that_need_not_be_cut_stays_exact(void **state)
{
	(void)state;
	struct key_model model;
	make_model(&model);
	const struct example examples[] = {
		{ "quux77", "quux77", PATTERN_EXACT },
		{ "server quux77", "server quux77", PATTERN_EXACT },
		{ "quux77|zither", "(?:quux77|zither)", PATTERN_EXACT },
	};
	check(&model, examples, countof(examples));
	key_model_release(&model);
}

static void test_what_has_no_text_stays_as_it_is(void **state)
{
	(void)state;
	struct key_model model;
	make_model(&model);
	const struct example examples[] = {
		{ "\\d+ ms", "[0-9] ms", PATTERN_EXACT },
		{ "zither|[0-9]x[0-9]", "(?:zither|[0-9]x[0-9])", PATTERN_EXACT },
		{ "^$", "^$", PATTERN_EXACT },
		{ "(?:zither)?[0-9]x", "[0-9]x", PATTERN_EXACT },
	};
	check(&model, examples, countof(examples));
	key_model_release(&model);
}

static void test_a_text_that_many_share_is_left_for_another(void **state)
{
	(void)state;
	struct key_model model;
	struct arena arena = { .blocks = NULL };
	struct pattern pattern;
	make_model(&model);
	const struct example before = { "zither\\d+ broken by quux77", " broken by quux77",
		PATTERN_SUPERSET };
	check(&model, &before, 1);
	for (int i = 0; i < 1000; i++) {
		pattern_analyse(&arena, STR("\\d by quux77\\d"), &pattern);
		pattern_narrow(&arena, &model, &pattern);
		key_model_note(&model, pattern.tree);
	}
	pattern_analyse(&arena, str_from(before.pattern), &pattern);
	pattern_narrow(&arena, &model, &pattern);
	assert_false(str_equal(pattern.text, str_from(before.text)));
	assert_int_equal(pattern.verdict, PATTERN_SUPERSET);
	arena_release(&arena);
	key_model_release(&model);
}

static void test_a_pattern_too_large_for_an_automaton_may_have_a_text(void **state)
{
	(void)state;
	struct key_model model;
	make_model(&model);
	struct buf text = BUF_INIT(0);
	for (int i = 0; i < 3000; i++)
		buf_append(&text, STR("[a-f][0-9]"));
	buf_append(&text, STR("zither"));
	struct arena arena = { .blocks = NULL };
	struct pattern pattern;
	pattern_analyse(&arena, buf_str(&text), &pattern);
	assert_int_equal(pattern.verdict, PATTERN_OPAQUE);
	pattern_narrow(&arena, &model, &pattern);
	assert_int_equal(pattern.verdict, PATTERN_SUPERSET);
	assert_true(str_equal(pattern.text, STR("zither")));
	arena_release(&arena);
	buf_release(&text);
	key_model_release(&model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_rarest_text_stands_for_a_pattern),
		cmocka_unit_test(test_a_text_that_need_not_be_cut_stays_exact),
		cmocka_unit_test(test_what_has_no_text_stays_as_it_is),
		cmocka_unit_test(test_a_text_that_many_share_is_left_for_another),
		cmocka_unit_test(test_a_pattern_too_large_for_an_automaton_may_have_a_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
