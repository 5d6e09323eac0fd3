/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lineup/buf.h"
#include "lineup/clock.h"
#include "lineup/jq_term.h"
#include "lineup/matcher.h"

struct bench {
	struct rule_set rules;
	struct matcher *matcher;
	struct matcher_scratch *scratch;
	struct hits hits;
};

static uint32_t add(struct bench *b, enum term_kind kind, struct str text)
{
	struct rule_place place = { .path = STR("rules.yaml"), .line = 7, .column = 10 };
	return rule_set_term(&b->rules, kind, text, place);
}

static void start(struct bench *b)
{
	struct error err;
	struct matcher_options options = { .use_cache = false };
	assert_int_equal(matcher_create(&b->matcher, &b->rules, &options, &err), 0);
	assert_int_equal(matcher_scratch_create(&b->scratch, b->matcher, &err), 0);
}

static void stop(struct bench *b)
{
	hits_release(&b->hits);
	matcher_scratch_destroy(b->scratch);
	matcher_destroy(b->matcher);
	rule_set_release(&b->rules);
}

static void scan(struct bench *b, struct str chunk)
{
	struct error err;
	assert_int_equal(matcher_scan(b->matcher, b->scratch, chunk, &b->hits, &err), 0);
}

static void assert_hit(
	const struct bench *b, size_t index, uint32_t start_at, uint32_t end_at, uint32_t term)
{
	assert_true(index < b->hits.count);
	assert_int_equal(b->hits.items[index].start, start_at);
	assert_int_equal(b->hits.items[index].end, end_at);
	assert_int_equal(b->hits.items[index].term, term);
}

static void test_a_line_counts_once_for_a_term(void **state)
{
	(void)state;
	struct bench b = { .matcher = NULL };
	add(&b, TERM_REGEX, STR("[a-z]"));
	add(&b, TERM_LITERAL, STR("ab"));
	start(&b);
	scan(&b, STR("abab\n1\nab"));
	assert_int_equal(b.hits.count, 4);
	assert_hit(&b, 0, 0, 4, 0);
	assert_hit(&b, 1, 0, 4, 1);
	assert_hit(&b, 2, 7, 9, 0);
	assert_hit(&b, 3, 7, 9, 1);
	stop(&b);
}

static void test_behind_the_last_line_feed_there_is_no_line(void **state)
{
	(void)state;
	struct bench b = { .matcher = NULL };
	add(&b, TERM_REGEX, STR("^$"));
	add(&b, TERM_REGEX, STR("x*"));
	start(&b);
	scan(&b, STR("a\n\n"));
	assert_int_equal(b.hits.count, 3);
	assert_hit(&b, 0, 0, 1, 1);
	assert_hit(&b, 1, 2, 2, 0);
	assert_hit(&b, 2, 2, 2, 1);
	scan(&b, STR(""));
	assert_int_equal(b.hits.count, 0);
	stop(&b);
}

static void test_terms_that_cannot_be_used_are_named_and_the_others_go_on(void **state)
{
	(void)state;
	struct bench b = { .matcher = NULL };
	uint32_t broken = add(&b, TERM_REGEX, STR("ab(c"));
	uint32_t good = add(&b, TERM_REGEX, STR("abc"));
	uint32_t broken_jq = add(&b, TERM_JQ, STR(".a |"));
	start(&b);
	assert_true(matcher_rejects(b.matcher, broken));
	assert_false(matcher_rejects(b.matcher, good));
	assert_true(matcher_rejects(b.matcher, broken_jq));
	assert_int_equal(b.rules.complaint_count, 2);
	assert_true(b.rules.complaints[0].rejected);
	assert_int_equal(b.rules.complaints[0].place.line, 7);
	assert_int_equal(b.rules.complaints[0].place.column, 14);
	assert_true(
		str_find(b.rules.complaints[0].reason, STR("missing closing parenthesis")) >= 0);
	scan(&b, STR("abc\n"));
	assert_int_equal(b.hits.count, 1);
	assert_hit(&b, 0, 0, 3, good);
	stop(&b);
}

static void test_jq_terms_see_through_what_a_runtime_puts_around(void **state)
{
	(void)state;
	struct bench b = { .matcher = NULL };
	uint32_t level = add(&b, TERM_JQ, STR(".level == \"error\""));
	uint32_t stream = add(&b, TERM_JQ, STR(".stream"));
	static const struct {
		const char *line;
		bool level;
		bool stream;
	} cases[] = {
		{ "2026-03-01T10:00:00.5Z stdout F {\"level\":\"error\"}", true, false },
		{ "2026-03-01T10:00:00.5+01:00 {\"level\":\"error\"}", true, false },
		{ "2026-03-01T10:00:00.5Z state {\"level\":\"error\"}", false, false },
		{ "{\"log\":\"{\\\"level\\\":\\\"error\\\"}\\n\",\"stream\":\"stderr\"}", true,
			false },
		{ "{\"log\":\"level error\",\"stream\":\"stderr\"}", false, true },
		{ "2026-03-01T10:00:00.500000Z", false, false },
	};
	start(&b);
	for (size_t i = 0; i < countof(cases); i++) {
		struct str line = str_from(cases[i].line);
		assert_int_equal(matcher_line(b.matcher, b.scratch, level, line), cases[i].level);
		assert_int_equal(matcher_line(b.matcher, b.scratch, stream, line), cases[i].stream);
	}
	stop(&b);
}

static void test_jq_terms_hit_lines_that_are_one_object_or_list(void **state)
{
	(void)state;
	struct bench b = { .matcher = NULL };
	uint32_t level = add(&b, TERM_JQ, STR(".level == \"error\""));
	uint32_t none = add(&b, TERM_JQ, STR("empty, null, false"));
	uint32_t fails = add(&b, TERM_JQ, STR(".a.b.c"));
	uint32_t second = add(&b, TERM_JQ, STR(".[1] == 2"));
	start(&b);
	scan(&b, STR("{\"level\":\"error\"}\n "
		     "[1]\n{\"level\":\"info\",\"a\":1}\n{\"level\":\"error\"} x\n"
		     " {\"level\":\"error\", \"a\": {\"b\": {\"c\": 0}}} \n{\"level\":\n\n"));
	assert_int_equal(b.hits.count, 3);
	assert_hit(&b, 0, 0, 17, level);
	assert_int_equal(b.hits.items[1].term, level);
	assert_int_equal(b.hits.items[2].term, fails);
	assert_false(matcher_line(b.matcher, b.scratch, none, STR("{}")));
	assert_true(matcher_line(b.matcher, b.scratch, level, STR("{\"level\":\"error\"}")));
	assert_true(matcher_line(b.matcher, b.scratch, second, STR("[1, 2]")));
	assert_false(matcher_line(b.matcher, b.scratch, second, STR("[1, 2] 3")));
	stop(&b);
}

struct captured {
	size_t count;
	struct buf text;
};

static void note_capture(void *context, struct str name, struct str value)
{
	struct captured *c = context;
	c->count++;
	buf_printf(&c->text, "%.*s=%.*s;", STR_ARG(name), STR_ARG(value));
}

static void test_named_groups_that_took_part_are_told(void **state)
{
	(void)state;
	struct bench b = { .matcher = NULL };
	uint32_t term =
		add(&b, TERM_REGEX, STR("pool (?<active>\\d+)/(?<limit>\\d+)(?: (?<note>x))?"));
	uint32_t plain = add(&b, TERM_REGEX, STR("(pool)"));
	start(&b);
	assert_true(matcher_has_captures(b.matcher, term));
	assert_false(matcher_has_captures(b.matcher, plain));
	struct captured c = { .count = 0 };
	matcher_captures(b.matcher, b.scratch, term, STR("the pool 49/50 is"), note_capture, &c);
	assert_true(str_equal(buf_str(&c.text), STR("active=49;limit=50;")));
	matcher_captures(b.matcher, b.scratch, term, STR("no"), note_capture, &c);
	assert_int_equal(c.count, 2);
	buf_release(&c.text);
	stop(&b);
}

static void test_a_match_without_end_is_given_up_and_counted(void **state)
{
	(void)state;
	struct bench b = { .matcher = NULL };
	add(&b, TERM_REGEX, STR("^(a+)+\\1?(?!x)b$"));
	start(&b);
	scan(&b, STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab \n"));
	assert_int_equal(b.hits.count, 0);
	assert_int_equal(matcher_scratch_gave_up(b.scratch, 0), 0); /* never asked */
	stop(&b);
	b = (struct bench){ .matcher = NULL };
	add(&b, TERM_REGEX, STR("(?!x)(a+)+\\1(?<!a)c"));
	start(&b);
	assert_false(matcher_line(
		b.matcher, b.scratch, 0, STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac")));
	assert_true(matcher_scratch_gave_up(b.scratch, 0) > 0);
	stop(&b);
}

static void test_many_lines_without_end_cost_no_more_than_some(void **state)
{
	(void)state;
	struct bench b = { .matcher = NULL };
	add(&b, TERM_REGEX, STR("(?=(a+)+c)a+c|(?<=x)y"));
	start(&b);
	struct buf text = BUF_INIT(0);
	for (int i = 0; i < 1000; i++)
		buf_append(&text, STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab xac\n"));
	double begin = clock_cpu_seconds();
	scan(&b, buf_str(&text));
	/* One takes some milliseconds; all of them would take that a thousand times. */
	assert_true(clock_cpu_seconds() - begin < 20);
	assert_int_equal(b.hits.count, 0);
	assert_int_equal(matcher_scratch_gave_up(b.scratch, 0), 1000);
	/* The next chunk is tried anew. */
	scan(&b, STR("xy\n"));
	assert_int_equal(b.hits.count, 1);
	buf_release(&text);
	stop(&b);
}

static void test_what_is_no_object_costs_jq_nothing(void **state)
{
	(void)state;
	struct bench b = { .matcher = NULL };
	add(&b, TERM_JQ, STR("true"));
	start(&b);
	static const struct {
		const char *line;
		bool hit;
	} lines[] = { { "{}", true }, { "{\"a\":[1,-2.5e+3,{}],\"b\\u00e9\\n\":null}", true },
		{ " {\"a\" : {\"b\":[ ]} }\t", true }, { "{\"a\":\"b\" \"c\"}", false },
		{ "{\"a\" 1}", false }, { "{\"a\":1,}", false }, { "{1:2}", false },
		{ "{\"a\":[1,]}", false }, { "{\"a\":[1}]", false }, { "{\"a\":\"\\x\"}", false },
		{ "{\"a\":nul}", false }, { "{\"a\":1.}", false }, { "{} {}", false },
		{ "{\"a\"", false }, { "{", false }, { "[]", true }, { "[{\"a\":1}, 2]", true },
		{ "[1,", false }, { "[1] x", false }, { "[1}", false }, { "12", false },
		{ "\"a\"", false } };
	for (size_t i = 0; i < countof(lines); i++)
		assert_int_equal(matcher_line(b.matcher, b.scratch, 0, str_from(lines[i].line)),
			lines[i].hit);
	struct buf deep = BUF_INIT(0);
	buf_append(&deep, STR("{\"a\":"));
	for (int i = 0; i < 100000; i++)
		buf_append_byte(&deep, '[');
	assert_false(matcher_line(b.matcher, b.scratch, 0, buf_str(&deep)));
	buf_release(&deep);
	/* Each of these lost memory, and copied all lines behind it. */
	struct buf text = BUF_INIT(0);
	for (int i = 0; i < 50000; i++)
		buf_append(&text, STR("{\"key\":\"value\" \"no\"}\n"));
	double begin = clock_cpu_seconds();
	scan(&b, buf_str(&text));
	assert_true(clock_cpu_seconds() - begin < 5);
	assert_int_equal(b.hits.count, 0);
	buf_release(&text);
	stop(&b);
}

static void test_jq_programs_that_do_not_end_are_stopped(void **state)
{
	(void)state;
	static const char *const endless[] = { "range(infinite) | select(. < 0)", "until(false; .)",
		"[repeat(.)] | length", "last(range(1e18))" };
	int64_t limit_ns = jq_term_limit_ns;
	jq_term_limit_ns = NS_PER_S / 50;
	for (size_t i = 0; i < countof(endless); i++) {
		struct bench b = { .matcher = NULL };
		uint32_t term = add(&b, TERM_JQ, str_from(endless[i]));
		uint32_t good = add(&b, TERM_JQ, STR(".a == 1"));
		start(&b);
		scan(&b, STR("{\"a\":1}\n{\"a\":1}\n"));
		assert_int_equal(b.hits.count, 2);
		assert_int_equal(b.hits.items[0].term, good);
		assert_int_equal(b.hits.items[1].term, good);
		assert_int_equal(matcher_scratch_gave_up(b.scratch, term), 2);
		assert_int_equal(matcher_scratch_gave_up(b.scratch, good), 0);
		stop(&b);
	}
	jq_term_limit_ns = limit_ns;
}

static void test_jq_programs_read_nothing_but_the_line(void **state)
{
	(void)state;
	static const char *const refused[] = { "input", "[inputs]", "env.HOME", "$ENV.HOME",
		"import \"a\" as a; .", "include \"a\"; .", "def f: f; f", ".a | debug",
		"\"\\(input)\"", "\"x\\(\"y\\(env)\")\"", "# \"\n input", "halt_error" };
	static const char *const allowed[] = { ".input", ".a.env == \"input\"",
		"\"\\(.a) input \\(.b)\" == \"env\"", "{input: 1}", ".[\"def\"]", "# env\n.a" };
	struct error err;
	for (size_t i = 0; i < countof(refused); i++)
		assert_int_equal(jq_term_check(str_from(refused[i]), &err), -1);
	for (size_t i = 0; i < countof(allowed); i++)
		assert_int_equal(jq_term_check(str_from(allowed[i]), &err), 0);
}

static void test_a_line_of_invalid_characters_hits_no_utf_term(void **state)
{
	(void)state;
	struct bench b = { .matcher = NULL };
	uint32_t characters = add(&b, TERM_REGEX, STR("(*UTF)caf.$"));
	uint32_t bytes = add(&b, TERM_REGEX, STR("caf..$"));
	start(&b);
	scan(&b, STR("caf\xc3\xa9\ncaf\xc3\xa9 \xff\n\xff caf\xc3\xa9\n"));
	assert_int_equal(b.hits.count, 3);
	assert_hit(&b, 0, 0, 5, characters);
	assert_hit(&b, 1, 0, 5, bytes);
	assert_hit(&b, 2, 14, 21, bytes);
	stop(&b);
}

static void test_a_range_of_characters_reaches_beyond_ascii(void **state)
{
	(void)state;
	struct bench b = { .matcher = NULL };
	uint32_t range = add(&b, TERM_REGEX, STR("(*UTF)unit [a-\xc3\xa4] lost"));
	uint32_t any_case = add(&b, TERM_REGEX, STR("(*UTF)(?i)disk [x-\xc3\xa4] gone"));
	start(&b);
	scan(&b, STR("unit \xc3\xa4 lost\nunit z lost\nunit A lost\ndisk \xc3\x84 gone\n"));
	assert_int_equal(b.hits.count, 3);
	assert_hit(&b, 0, 0, 12, range);
	assert_hit(&b, 1, 13, 24, range);
	assert_hit(&b, 2, 37, 49, any_case);
	stop(&b);
}

static void test_thousands_of_hits_on_one_line_are_in_order(void **state)
{
	(void)state;
	struct bench b = { .matcher = NULL };
	for (unsigned i = 0; i < 500; i++) {
		struct buf text = BUF_INIT(0);
		buf_printf(&text, "n%u;", (i * 263) % 500);
		add(&b, TERM_LITERAL, buf_str(&text));
		buf_release(&text);
	}
	start(&b);
	struct buf line = BUF_INIT(0);
	for (unsigned i = 0; i < 1000; i++)
		buf_printf(&line, "n%u;", i % 500);
	scan(&b, buf_str(&line));
	assert_int_equal(b.hits.count, 500);
	for (uint32_t i = 0; i < 500; i++)
		assert_hit(&b, i, 0, (uint32_t)line.len, i);
	buf_release(&line);
	stop(&b);
}

/* A rule that names dozens of messages is long and not dear: none is asked of each line. */
static void test_rules_of_many_messages_are_scanned_however_many_there_are(void **state)
{
	(void)state;
	enum { RULES = 150, MESSAGES = 40 };
	struct bench b = { .matcher = NULL };
	for (unsigned i = 0; i < RULES; i++) {
		struct buf text = BUF_INIT(0);
		for (unsigned k = 0; k < MESSAGES; k++)
			buf_printf(&text, "%sunit%uof%u failed \\w+ here", k > 0 ? "|" : "", k, i);
		add(&b, TERM_REGEX, buf_str(&text));
		buf_release(&text);
	}
	start(&b);
	assert_int_equal(matcher_stats(b.matcher)->terms_slow, 0);
	scan(&b, STR("unit39of149 failed all here\n"));
	assert_int_equal(b.hits.count, 1);
	assert_hit(&b, 0, 0, 27, RULES - 1);
	stop(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_line_counts_once_for_a_term),
		cmocka_unit_test(test_behind_the_last_line_feed_there_is_no_line),
		cmocka_unit_test(test_terms_that_cannot_be_used_are_named_and_the_others_go_on),
		cmocka_unit_test(test_jq_terms_hit_lines_that_are_one_object_or_list),
		cmocka_unit_test(test_what_is_no_object_costs_jq_nothing),
		cmocka_unit_test(test_jq_programs_that_do_not_end_are_stopped),
		cmocka_unit_test(test_jq_programs_read_nothing_but_the_line),
		cmocka_unit_test(test_many_lines_without_end_cost_no_more_than_some),
		cmocka_unit_test(test_jq_terms_see_through_what_a_runtime_puts_around),
		cmocka_unit_test(test_named_groups_that_took_part_are_told),
		cmocka_unit_test(test_a_match_without_end_is_given_up_and_counted),
		cmocka_unit_test(test_a_line_of_invalid_characters_hits_no_utf_term),
		cmocka_unit_test(test_a_range_of_characters_reaches_beyond_ascii),
		cmocka_unit_test(test_thousands_of_hits_on_one_line_are_in_order),
		cmocka_unit_test(test_rules_of_many_messages_are_scanned_however_many_there_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
