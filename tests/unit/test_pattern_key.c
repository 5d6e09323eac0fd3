/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "lineup/line_holds.h"
#include "lineup/pattern.h"
#include "lineup/pattern_beside.h"
#include "lineup/pattern_key.h"
#include "lineup/text_model_image.h"

struct example {
	const char *pattern;
	const char *text; /* what is looked for */
	enum pattern_verdict verdict;
};

static void make_model(struct text_model *model)
{
	*model = (struct text_model){ .counts = NULL };
	text_model_learn(model, STR("2026-03-01T10:00:00Z error: connection to server failed"), 50);
	text_model_learn(model, STR("2026-03-01T10:00:01Z server started, connection open"), 50);
}

static void narrow(struct arena *arena, const struct text_model *model, struct pattern *pattern)
{
	static struct text_memo memo;
	text_memo_init(&memo, model);
	pattern_narrow(arena, &memo, pattern);
}

static void check(const struct text_model *model, const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena arena = { .blocks = NULL };
		struct pattern pattern;
		pattern_analyse(&arena, str_from(examples[i].pattern), &pattern);
		narrow(&arena, model, &pattern);
		if (pattern.verdict != examples[i].verdict ||
			!str_equal(pattern_write(&arena, &pattern), str_from(examples[i].text)))
			fail_msg("%s: %.*s (verdict %d)", examples[i].pattern,
				STR_ARG(pattern_write(&arena, &pattern)), (int)pattern.verdict);
		arena_release(&arena);
	}
}

static void test_the_rarest_text_stands_for_a_pattern(void **state)
{
	(void)state;
	struct text_model model;
	make_model(&model);
	const struct example examples[] = {
		{ "connection to server quux77 .* failed", "rver quu", PATTERN_SUPERSET },
		{ "error: \\d+ xylophones? missing", " xylopho", PATTERN_SUPERSET },
		{ "error.*(zither|quux77)+ .* failed", "(?:zither |quux77 )", PATTERN_SUPERSET },
		{ "server.*zither|connection \\d+ lute", "(?:zither| lute)", PATTERN_SUPERSET },
	};
	check(&model, examples, countof(examples));
	text_model_release(&model);
}

static void test_a_text_is_as_long_as_makes_it_rare(void **state)
{
	(void)state;
	struct text_model model;
	make_model(&model);
	text_model_learn(&model, STR("a kettle boils over at noon"), 2);
	const struct example examples[] = {
		/* its last eight are met as often as all of it */
		{ "[0-9]a kettle boils over at noon[0-9]", "tle boils over a", PATTERN_SUPERSET },
		{ "[0-9]a kettle boils over at dusk[0-9]", " at dusk", PATTERN_SUPERSET },
		/* what holds another one finds no line more */
		{ "[0-9]xylop[0-9]|[0-9]my xylophone[0-9]|[0-9]lute", "(?:xylop|lute)",
			PATTERN_SUPERSET },
	};
	check(&model, examples, countof(examples));
	text_model_release(&model);
}

static void test_texts_go_on_into_what_stands_beside_them(void **state)
{
	(void)state;
	struct text_model model;
	make_model(&model);
	const struct example examples[] = {
		/* ahead, alternatives that go on differently */
		{ "server (?:zi[0-9]|qu[0-9]+x) ?", "(?:erver zi|erver qu)", PATTERN_SUPERSET },
		/* behind, what they end with */
		{ "(?:[0-9]zi|[0-9]+qu) server.*", "(?:zi serve|qu serve)", PATTERN_SUPERSET },
		/* an end that may be left out ends nothing */
		{ "[0-9](?:zi[0-9])? connection to quux", "n to quu", PATTERN_SUPERSET },
	};
	check(&model, examples, countof(examples));
	text_model_release(&model);
}

static void test_a_text_that_need_not_be_cut_stays_exact(void **state)
{
	(void)state;
	struct text_model model;
	make_model(&model);
	const struct example examples[] = {
		{ "quux77", "quux77", PATTERN_EXACT },
		{ "server quux77", "server quux77", PATTERN_EXACT },
		{ "quux77|zither", "(?:quux77|zither)", PATTERN_EXACT },
	};
	check(&model, examples, countof(examples));
	text_model_release(&model);
}

static void test_what_has_no_text_stays_as_it_is(void **state)
{
	(void)state;
	struct text_model model;
	make_model(&model);
	const struct example examples[] = {
		{ "\\d+ ms", "[0-9] ms", PATTERN_EXACT },
		{ "zither|[0-9]x[0-9]", "(?:zither|[0-9]x[0-9])", PATTERN_EXACT },
		{ "^$", "^$", PATTERN_EXACT },
		/* as long as the text that it ends with, and more */
		{ "zitherx{3}", "zitherx", PATTERN_SUPERSET },
		{ "(?:zither)?[0-9]x", "[0-9]x", PATTERN_EXACT },
	};
	check(&model, examples, countof(examples));
	text_model_release(&model);
}

static void test_words_that_are_asked_for_are_not_rare(void **state)
{
	(void)state;
	struct text_model model;
	struct arena arena = { .blocks = NULL };
	struct pattern pattern;
	make_model(&model);
	double before = text_model_bits(&model, STR("zither"));
	pattern_analyse(&arena, STR("[0-9]zither|x(?:zither)+"), &pattern);
	for (int i = 0; i < 10; i++)
		tree_learn(&model, pattern.tree);
	assert_true(text_model_bits(&model, STR("zither")) < before - 8);
	arena_release(&arena);
	text_model_release(&model);
}

static void test_a_model_knows_what_is_common(void **state)
{
	(void)state;
	struct text_model model;
	make_model(&model);
	double common = text_model_bits(&model, STR("connection"));
	assert_true(common < 12);
	assert_true(text_model_bits(&model, STR("connectiox")) > common + 4);
	/* one number is as rare as another, and rarer than that there is one */
	assert_true(text_model_bits(&model, STR("10:00")) == text_model_bits(&model, STR("93:27")));
	assert_true(text_model_bits(&model, STR("T10:00")) > text_model_bits(&model, STR("T10:")));
	text_model_release(&model);
	struct text_model empty = { .counts = NULL };
	assert_true(text_model_bits(&empty, STR("connection")) == TEXT_MODEL_BITS_MAX);
}

static void test_the_end_of_a_text_is_as_probable_as_it_is_alone(void **state)
{
	static const char text[] = "connection to 10.1.2.3 lost; zither";
	(void)state;
	struct text_model model;
	static struct text_memo memo;
	double chances[sizeof(text)], tails[sizeof(text)];
	make_model(&model);
	text_memo_init(&memo, &model);
	/* what other texts left in the memo, and its own, changes nothing */
	text_model_chances(&memo, str_from("lost connection to 10.1"), chances, tails);
	text_model_chances(&memo, str_from(text), chances, tails);
	text_model_chances(&memo, str_from(text), chances, tails);
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		size_t from = i + 1 > TEXT_MODEL_TAIL ? i + 1 - TEXT_MODEL_TAIL : 0;
		double whole = text_model_bits(&model, str_of(text, i + 1));
		double tail = text_model_bits(&model, str_of(text + from, i + 1 - from));
		assert_true(fabs(-log2(chances[i]) - whole) < 1e-6);
		assert_true(fabs(-log2(tails[i]) - tail) < 1e-6);
	}
	text_model_release(&model);
}

static void test_models_are_joined_as_if_one_had_learned_it_all(void **state)
{
	(void)state;
	struct text_model one = { 0 }, all = { 0 }, empty = { 0 };
	text_model_learn(&all, STR("connection lost"), 3);
	text_model_learn(&all, STR("zither player"), 1);
	text_model_learn(&one, STR("zither player"), 1);
	struct text_model joined = { 0 }, first = { 0 };
	text_model_learn(&first, STR("connection lost"), 3);
	text_model_join(&joined, &first);
	text_model_join(&joined, &one);
	text_model_join(&joined, &empty);
	static const char *const texts[] = { "connection", "zither", "player lost", "unheard of" };
	for (size_t i = 0; i < countof(texts); i++)
		assert_true(text_model_bits(&joined, str_from(texts[i])) ==
			    text_model_bits(&all, str_from(texts[i])));
	assert_true(
		text_model_bits(&first, STR("zither")) > text_model_bits(&joined, STR("zither")));
	text_model_release(&one);
	text_model_release(&all);
	text_model_release(&first);
	text_model_release(&joined);
}

static void expect_same_counts(const struct text_model *a, const struct text_model *b)
{
	assert_true(a->total == b->total);
	assert_memory_equal(a->counts, b->counts, TEXT_MODEL_SLOTS * sizeof(*a->counts));
}

static void test_a_model_and_its_image_know_the_same(void **state)
{
	(void)state;
	static const uint32_t weights[] = { 1, 0x7f, 0x80, 0x3fff, 0x4000, UINT32_MAX };
	struct text_model model = { 0 };
	for (size_t i = 0; i < countof(weights); i++)
		text_model_learn(&model, str_of("abcdef" + i, 1), weights[i]);
	text_model_learn(&model, STR("a connection is lost"), 3);
	struct buf image = BUF_INIT(0);
	assert_true(text_model_write(&model, &image));
	struct text_model again = { 0 };
	assert_true(text_model_read(&again, buf_str(&image)));
	expect_same_counts(&model, &again);
	text_model_release(&again);
	/* one that ends too early is read as far as it goes, or not at all */
	for (size_t len = 0; len < image.len; len += len < 16 ? 1 : image.len / 3) {
		struct text_model cut = { 0 };
		bool read = text_model_read(&cut, str_head(buf_str(&image), len));
		assert_true(read == (cut.counts != NULL));
		text_model_release(&cut);
	}
	buf_release(&image);
	text_model_release(&model);
}

/* The build's image is not stale, and what all systems write is in it. */
static void test_the_linked_model_is_that_of_healthy_lines_and_more(void **state)
{
	(void)state;
	const struct rule_set none = { .rules = NULL };
	struct text_model builtin = { 0 }, healthy = { 0 };
	text_model_builtin(&builtin);
	text_model_of_logs(&healthy, &none);
	assert_true(builtin.total > healthy.total && healthy.total > 0);
	for (size_t i = 0; i < TEXT_MODEL_SLOTS; i++)
		assert_true(builtin.counts[i] >= healthy.counts[i]);
	text_model_release(&builtin);
	text_model_release(&healthy);
}

static int count_followed(const struct follow *f, struct str found, struct str chunk)
{
	int passed = 0;
	for (size_t at = found.len; at <= chunk.len; at++)
		if (memcmp(chunk.ptr + at - found.len, found.ptr, found.len) == 0)
			passed += follow_holds(f, chunk, at);
	return passed;
}

/*
 * The pattern's text in a chunk: how many of its ends go on as a match does? At the end of the
 * chunk, and where enough stands behind it to look at all bytes at once.
 */
static void check_follow(const char *text, const char *key, const char *chunk, int expected)
{
	struct arena arena = { .blocks = NULL };
	struct text_model model;
	struct pattern pattern;
	char longer[100];
	make_model(&model);
	pattern_analyse(&arena, str_from(text), &pattern);
	narrow(&arena, &model, &pattern);
	if (!str_equal(pattern_write(&arena, &pattern), str_from(key)))
		fail_msg("%s: %.*s", text, STR_ARG(pattern_write(&arena, &pattern)));
	struct str found = str_from(key);
	assert_int_equal(count_followed(&pattern.follow, found, str_from(chunk)), expected);
	snprintf(longer, sizeof(longer), "%s\n                ", chunk);
	assert_int_equal(count_followed(&pattern.follow, found, str_from(longer)), expected);
	arena_release(&arena);
	text_model_release(&model);
}

static void test_a_text_must_go_on_as_the_pattern_does(void **state)
{
	(void)state;
	const char *four = "zither[0-9]{4,} ms";
	check_follow(four, "zither", "zither12 ms\n", 0);
	check_follow(four, "zither", "zither1234 ms\n", 1);
	check_follow(four, "zither", "zither12 zither4321\n", 1);
	/* the line ends before, and so does the chunk */
	check_follow(four, "zither", "zither12\n34\n", 0);
	check_follow(four, "zither", "zither123", 0);
	/* what may be left out is not looked for, nor what is behind it */
	check_follow("zither[0-9]?x[0-9]", "zither", "zither?\n", 1);
	check_follow("zither[0-9]+x", "zither", "zither1?\nzitherx\n", 1);
	/* one of several: what all of them have room for, and what is behind them if they are as
	 * long */
	const char *either = "zither (?:ab|fgh)[0-9]";
	check_follow(either, "zither ", "zither ab1 zither fgh2\n", 2);
	check_follow(either, "zither ", "zither zz1\nzither az\nzither a", 0);
	check_follow(either, "zither ", "zither fb\n", 1);
	check_follow("zither (?:ab|fg)[0-9]", "zither ", "zither ab1 zither fg\n", 1);
	check_follow("zither (?:ab|[fg]h){2,}x", "zither ", "zither abgh zither abi\n", 1);
	check_follow("zither (?:ab|)[0-9]", "zither ", "zither ?\n", 1);
	check_follow("zither \\b[0-9]", "zither ", "zither 1 zither a\n", 1);
}

static void check_digits(const char *text, const char *digits)
{
	struct arena arena = { .blocks = NULL };
	struct text_model model;
	struct pattern pattern;
	make_model(&model);
	pattern_analyse(&arena, str_from(text), &pattern);
	narrow(&arena, &model, &pattern);
	struct str found = str_of(pattern.digits.text, pattern.digits.len);
	if (!str_equal(found, str_from(digits)))
		fail_msg("%s: '%.*s'", text, STR_ARG(found));
	arena_release(&arena);
	text_model_release(&model);
}

static void test_lines_of_a_form_are_told_apart_by_digits(void **state)
{
	(void)state;
	check_digits("zither[0-9.]+ 50[234] [0-9]+", " 50");
	check_digits("zither 7 of [a-z]+ 12", " 12");
	check_digits("zither x12: .*error 404 here", " error 404 here" + 1);
	/* of either case, left out or one of several they are not in every match */
	check_digits("zither (?:12|13)(?: 14)?", "");
	check_digits("zither 12|zither 13", "");
	check_digits("zither", "");
}

static void check_needle(const char *text, const char *needle)
{
	struct arena arena = { .blocks = NULL };
	struct text_model model;
	struct pattern pattern;
	make_model(&model);
	pattern_analyse(&arena, str_from(text), &pattern);
	narrow(&arena, &model, &pattern);
	struct str found = str_of(pattern.needle.text, pattern.needle.len);
	if (!str_equal(found, str_from(needle)))
		fail_msg("%s: '%.*s' besides %.*s", text, STR_ARG(found),
			STR_ARG(pattern_write(&arena, &pattern)));
	arena_release(&arena);
	text_model_release(&model);
}

static void test_a_line_must_hold_another_text_too(void **state)
{
	(void)state;
	check_needle("zither.*lute", "lute");
	check_needle("(?:zither|quux77).* connection", " connection");
	/* the end of a long one */
	check_needle("zither quux77.*connection to server", "ction to server");
	/* of either case, optional, or one of several: none must be there */
	check_needle("zither quux77.*(?i)error", "");
	check_needle("zither quux77.*(?:lute)?[0-9]", "");
	check_needle("zither quux77.*(?:lute|harp)", "");
	check_needle("zither.*lute|quux77.*lute", "");
}

static void test_a_line_holds_a_text_wherever_it_is(void **state)
{
	(void)state;
	char bytes[80];
	for (size_t len = 0; len < sizeof(bytes); len++) {
		for (size_t size = 1; size <= 15 && size <= len; size++) {
			struct str text = str_of("abcdefghijklmno", size);
			for (size_t at = 0; at + size <= len; at++) {
				memset(bytes, 'a', len);
				memcpy(bytes + at, text.ptr, size);
				assert_true(line_holds(str_of(bytes, len), text));
				bytes[at + size - 1] = 'x';
				assert_true(line_holds(str_of(bytes, len), text) ==
					    (size == 1 && len > 1));
			}
		}
	}
	assert_true(line_holds(STR(""), STR("")) && line_holds(STR("abc"), STR("")));
}

static void test_a_pattern_too_large_for_an_automaton_may_have_a_text(void **state)
{
	(void)state;
	struct text_model model;
	make_model(&model);
	struct buf text = BUF_INIT(0);
	for (int i = 0; i < 3000; i++)
		buf_append(&text, STR("[a-f][0-9]"));
	buf_append(&text, STR("zither"));
	struct arena arena = { .blocks = NULL };
	struct pattern pattern;
	pattern_analyse(&arena, buf_str(&text), &pattern);
	assert_int_equal(pattern.verdict, PATTERN_OPAQUE);
	narrow(&arena, &model, &pattern);
	assert_int_equal(pattern.verdict, PATTERN_SUPERSET);
	assert_true(str_equal(pattern_write(&arena, &pattern), STR("zither")));
	arena_release(&arena);
	buf_release(&text);
	text_model_release(&model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_rarest_text_stands_for_a_pattern),
		cmocka_unit_test(test_a_text_is_as_long_as_makes_it_rare),
		cmocka_unit_test(test_texts_go_on_into_what_stands_beside_them),
		cmocka_unit_test(test_a_text_that_need_not_be_cut_stays_exact),
		cmocka_unit_test(test_what_has_no_text_stays_as_it_is),
		cmocka_unit_test(test_words_that_are_asked_for_are_not_rare),
		cmocka_unit_test(test_a_model_knows_what_is_common),
		cmocka_unit_test(test_the_end_of_a_text_is_as_probable_as_it_is_alone),
		cmocka_unit_test(test_models_are_joined_as_if_one_had_learned_it_all),
		cmocka_unit_test(test_a_model_and_its_image_know_the_same),
		cmocka_unit_test(test_the_linked_model_is_that_of_healthy_lines_and_more),
		cmocka_unit_test(test_a_text_must_go_on_as_the_pattern_does),
		cmocka_unit_test(test_lines_of_a_form_are_told_apart_by_digits),
		cmocka_unit_test(test_a_line_must_hold_another_text_too),
		cmocka_unit_test(test_a_line_holds_a_text_wherever_it_is),
		cmocka_unit_test(test_a_pattern_too_large_for_an_automaton_may_have_a_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
