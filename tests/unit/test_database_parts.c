/* SPDX-License-Identifier: MIT */
#include "lineup/pattern_database.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lineup/arena.h"
#include "lineup/mem.h"

/* As many plain texts as are compiled by themselves, and more. */
#define MANY 6000

struct stage {
	struct arena arena;
	struct pattern_item *items;
	size_t count;
	struct pattern_database *database;
	struct pattern_scratch *scratch;
	unsigned *found; /* by id: how often */
	bool automata;	 /* for plain texts too */
	bool halves;
};

static void add(struct stage *s, const char *regex)
{
	struct pattern pattern;
	pattern_analyse(&s->arena, str_from(regex), &pattern);
	assert_int_equal(pattern.verdict, PATTERN_EXACT);
	struct pattern_item *item = &s->items[s->count];
	*item = (struct pattern_item){ .id = (uint32_t)s->count,
		.weight = pattern.weight,
		.literal_len = pattern.literal_len };
	item->texts = pattern_branches(&s->arena, &pattern, &item->text_count);
	s->count++;
}

static void begin(struct stage *s, size_t plain_texts)
{
	char text[64];
	*s = (struct stage){ .items = mem_zalloc(MANY + 64, sizeof(*s->items)) };
	s->found = mem_zalloc(MANY + 64, sizeof(*s->found));
	for (size_t i = 0; i < plain_texts; i++) {
		snprintf(text, sizeof(text), "text no %zu;", i);
		add(s, text);
	}
}

static void end(struct stage *s)
{
	pattern_scratch_destroy(s->scratch);
	pattern_database_destroy(s->database);
	arena_release(&s->arena);
	free(s->found);
	free(s->items);
}

static void compile(struct stage *s, unsigned threads, size_t parts)
{
	struct error err;
	struct pattern_job job = { s->items, s->count, &s->database, s->automata, s->halves };
	assert_int_equal(pattern_databases_create(&job, 1, threads, &err), 0);
	assert_int_equal(pattern_database_parts(s->database), parts);
}

/* As a later run has it. */
static void save_and_load(struct stage *s)
{
	struct buf bytes = BUF_INIT(0);
	struct error err;
	assert_int_equal(pattern_database_save(s->database, &bytes, &err), 0);
	pattern_database_destroy(s->database);
	assert_int_equal(pattern_database_load(&s->database, buf_str(&bytes), &err), 0);
	/* cut short it is refused */
	struct pattern_database *damaged = NULL;
	for (size_t cut = 1; cut < 32; cut++)
		assert_int_equal(pattern_database_load(&damaged,
					 str_head(buf_str(&bytes), bytes.len - cut), &err),
			-1);
	assert_null(damaged);
	buf_release(&bytes);
}

static int count_found(
	unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	struct stage *s = context;
	(void)from;
	(void)to;
	(void)flags;
	assert_true(id < s->count);
	s->found[id]++;
	return 0;
}

static void scan(struct stage *s, const char *chunk)
{
	struct error err;
	memset(s->found, 0, s->count * sizeof(*s->found));
	assert_int_equal(pattern_scratch_grow(&s->scratch, s->database, &err), 0);
	for (size_t i = 0; i < pattern_database_parts(s->database); i++)
		assert_int_equal(pattern_database_scan(s->database, i, s->scratch, str_from(chunk),
					 count_found, s, &err),
			0);
}

/* The ids from `first` on, as often as they are found; the others are not. */
static void expect(const struct stage *s, size_t first, const unsigned *counts, size_t count)
{
	for (size_t i = 0; i < s->count; i++)
		assert_int_equal(
			s->found[i], i >= first && i < first + count ? counts[i - first] : 0);
}

static void test_many_plain_texts_and_other_patterns_are_found_in_two_parts(void **state)
{
	(void)state;
	for (unsigned way = 0; way < 4; way++) {
		unsigned threads = 1 + way / 2;
		struct stage s;
		begin(&s, MANY);
		s.automata = way % 2 > 0;
		add(&s, "(?i)caseless \\[text\\]");
		add(&s, "[Ee]ither \\xe4\\x00!");
		add(&s, "number [0-9]+ of");
		add(&s, "^at the start|number 7");
		add(&s, "X(?i)tra large(?-i)Y");
		compile(&s, threads, 2);
		for (int loaded = 0; loaded < 2; loaded++) {
			scan(&s, "CaseLESS [TEXT], caseless (text)\nnumber 7 of\n"
				 "not at the start\nat the start\n"
				 "XtRA LargeY, xtra largeY, Xtra largey");
			expect(&s, MANY, (const unsigned[]){ 1, 0, 1, 2, 1 }, 5);
			scan(&s, "text no 4711;");
			assert_int_equal(s.found[4711], 1);
			if (!loaded)
				save_and_load(&s);
		}
		end(&s);
	}
}

/* Those that are no text by half and half, on request, where they are many. */
static void test_many_automata_beside_found_texts_are_two_parts(void **state)
{
	(void)state;
	for (unsigned way = 0; way < 3; way++) {
		size_t automata = way < 2 ? 30 : 8;
		struct stage s;
		char text[64];
		begin(&s, MANY);
		s.halves = way > 0;
		for (size_t i = 0; i < automata; i++) {
			snprintf(text, sizeof(text), i % 2 > 0 ? "K%zu[0-9]x" : "short%zu", i % 10);
			add(&s, text);
			snprintf(text, sizeof(text), "found by its text %zu|N%zu[0-9]x", i, i);
			add(&s, text);
		}
		compile(&s, 2, way == 1 ? 3 : 2);
		for (int loaded = 0; loaded < 2; loaded++) {
			scan(&s, "K35x short4 N77x K31x, found by its text 5, text no 7;");
			for (size_t i = 0; i < automata; i++) {
				unsigned one = i % 2 > 0 ? 2 * (i % 10 == 3) : i % 10 == 4;
				unsigned named = (unsigned)(i == 7) + (unsigned)(i == 5);
				assert_int_equal(s.found[MANY + 2 * i], one);
				assert_int_equal(s.found[MANY + 2 * i + 1], named);
			}
			assert_int_equal(s.found[7], 1);
			if (!loaded)
				save_and_load(&s);
		}
		end(&s);
	}
}

static void test_a_text_that_patterns_share_is_found_for_each(void **state)
{
	static const size_t plain[] = { 0, MANY, MANY };
	(void)state;
	for (size_t i = 0; i < countof(plain); i++) {
		struct stage s;
		begin(&s, plain[i]);
		s.automata = i == 1;
		add(&s, "shared text|one alone");
		add(&s, "shared text");
		add(&s, "another|shared text");
		add(&s, "of its own");
		add(&s, "ends [0-9]");
		add(&s, "ends [0-9]");
		compile(&s, 2, plain[i] > 0 ? 2 : 1);
		for (int loaded = 0; loaded < 2; loaded++) {
			scan(&s, "a shared text\nends 4");
			expect(&s, plain[i], (const unsigned[]){ 1, 1, 1, 0, 1, 1 }, 6);
			scan(&s, "another one alone of its own");
			expect(&s, plain[i], (const unsigned[]){ 1, 0, 1, 1, 0, 0 }, 6);
			if (!loaded)
				save_and_load(&s);
		}
		end(&s);
	}
}

/* Hyperscan takes no back reference. */
static void test_what_is_refused_takes_no_other_pattern_of_its_text_away(void **state)
{
	(void)state;
	struct stage s;
	begin(&s, 0);
	add(&s, "first");
	add(&s, "second");
	add(&s, "third");
	struct pattern_text refused[2] = { { .regex = "second" }, { .regex = "(a)\\1" } };
	s.items[1].texts = refused;
	s.items[1].text_count = 2;
	struct pattern_text shared[1] = { { .regex = "second" } };
	s.items[2].texts = shared;
	compile(&s, 1, 1);
	assert_false(s.items[0].refused);
	assert_true(s.items[1].refused);
	assert_false(s.items[2].refused);
	scan(&s, "first and second");
	expect(&s, 0, (const unsigned[]){ 1, 0, 1 }, 3);
	end(&s);
}

/* Its texts are plain and long enough for the finder, and one branch is for Hyperscan. */
static void test_what_is_refused_is_found_by_none_of_its_texts(void **state)
{
	(void)state;
	struct stage s;
	begin(&s, MANY);
	add(&s, "taken text");
	add(&s, "refused text|another refused one");
	struct pattern_text *texts = mem_zalloc(3, sizeof(*texts));
	memcpy(texts, s.items[MANY + 1].texts, 2 * sizeof(*texts));
	texts[2] = (struct pattern_text){ .regex = "(a)\\1" };
	s.items[MANY + 1].texts = texts;
	s.items[MANY + 1].text_count = 3;
	compile(&s, 1, 1);
	assert_false(s.items[MANY].refused);
	assert_true(s.items[MANY + 1].refused);
	scan(&s, "taken text, refused text, another refused one");
	expect(&s, MANY, (const unsigned[]){ 1, 0 }, 2);
	end(&s);
	free(texts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_plain_texts_and_other_patterns_are_found_in_two_parts),
		cmocka_unit_test(test_many_automata_beside_found_texts_are_two_parts),
		cmocka_unit_test(test_a_text_that_patterns_share_is_found_for_each),
		cmocka_unit_test(test_what_is_refused_takes_no_other_pattern_of_its_text_away),
		cmocka_unit_test(test_what_is_refused_is_found_by_none_of_its_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
