/* SPDX-License-Identifier: MIT */
#include "src/match/text_finder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lineup/mem.h"

#define TEXTS  400
#define CHUNKS 60

/* A sequence that is the same on every machine. */
static uint64_t state_of_chance = 1;

static size_t below(size_t n)
{
	state_of_chance = state_of_chance * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (size_t)(state_of_chance >> 33) % n;
}

static char *letters(size_t len, size_t kinds)
{
	static const char all[] = "abAB 0_@`{";
	char *bytes = mem_alloc(len + 1);
	for (size_t i = 0; i < len; i++)
		bytes[i] = all[below(kinds)];
	bytes[len] = '\0';
	return bytes;
}

static bool same(const struct finder_text *t, const char *at)
{
	for (size_t i = 0; i < t->len; i++) {
		char a = t->bytes[i], b = at[i];
		if (t->caseless && a >= 'A' && a <= 'Z')
			a = (char)(a + 32);
		if (t->caseless && b >= 'A' && b <= 'Z')
			b = (char)(b + 32);
		if (a != b)
			return false;
	}
	return true;
}

/* How often each text ends before each byte. */
struct ends {
	struct str chunk;
	unsigned *counts; /* by text and end */
	size_t stop_after;
};

static unsigned *count_of(struct ends *e, size_t text, size_t to)
{
	return &e->counts[text * (e->chunk.len + 1) + to];
}

static int found(
	unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	struct ends *e = context;
	(void)from;
	(void)flags;
	assert_true(id < TEXTS && to <= e->chunk.len);
	++*count_of(e, id, (size_t)to);
	return e->stop_after > 0 && --e->stop_after == 0;
}

static void expect_all(const struct text_finder *f, const struct finder_text *texts, size_t count,
	struct str chunk)
{
	finder_scan_fn *ways[FINDER_WAYS];
	size_t way_count = text_finder_ways(ways);
	for (size_t way = 0; way < way_count; way++) {
		struct ends e = { .chunk = chunk };
		e.counts = mem_zalloc(count * (chunk.len + 1), sizeof(*e.counts));
		ways[way](f, chunk, found, &e);
		for (size_t i = 0; i < count; i++) {
			for (size_t to = 0; to <= chunk.len; to++) {
				bool there = to >= texts[i].len &&
					     same(&texts[i], chunk.ptr + to - texts[i].len);
				if ((*count_of(&e, i, to) > 0) != there)
					fail_msg("text %zu '%s' at %zu of '%.*s'", i,
						texts[i].bytes, to, STR_ARG(chunk));
			}
		}
		free(e.counts);
	}
}

static void fill(struct finder_text *texts, size_t kinds)
{
	for (size_t i = 0; i < TEXTS; i++) {
		size_t len = FINDER_LEN_MIN + below(below(8) == 0 ? 250 : 9);
		len = len > FINDER_LEN_MAX ? FINDER_LEN_MAX : len;
		texts[i] = (struct finder_text){ letters(len, kinds), len, (uint32_t)i,
			below(4) == 0 };
	}
}

static void release(struct finder_text *texts)
{
	for (size_t i = 0; i < TEXTS; i++)
		free((void *)(uintptr_t)texts[i].bytes);
}

/* With letters that make texts alike, and texts put in, at every distance from either end. The
 * chunk has no byte to spare, so that a sanitizer sees who reads on. */
static void test_all_texts_are_found_wherever_they_stand(void **state)
{
	(void)state;
	struct finder_text texts[TEXTS];
	for (size_t kinds = 2; kinds <= 10; kinds += 4) {
		fill(texts, kinds);
		struct text_finder *f = text_finder_create(texts, TEXTS);
		for (size_t n = 0; n < CHUNKS; n++) {
			size_t len = n < 30 ? n : below(600);
			char *bytes = letters(len, kinds);
			char *chunk = mem_alloc(len + 1);
			const struct finder_text *put = &texts[below(TEXTS)];
			memcpy(chunk, bytes, len);
			chunk = mem_realloc(chunk, size_max(len, 1), 1);
			if (put->len <= len) {
				size_t room = len - put->len;
				size_t at = n % 3 == 0 ? 0 : n % 3 == 1 ? room : below(room + 1);
				memcpy(chunk + at, put->bytes, put->len);
			}
			expect_all(f, texts, TEXTS, str_of(chunk, len));
			free(chunk);
			free(bytes);
		}
		text_finder_destroy(f);
		release(texts);
	}
}

/* More than are gathered at a time. */
static void test_a_chunk_full_of_one_text_tells_each_place(void **state)
{
	(void)state;
	struct finder_text text = { "aaaaaaaaa", 9, 0, false };
	struct text_finder *f = text_finder_create(&text, 1);
	size_t len = 9001;
	char *chunk = mem_alloc(len);
	memset(chunk, 'a', len);
	expect_all(f, &text, 1, str_of(chunk, len));
	free(chunk);
	text_finder_destroy(f);
}

static void test_it_ends_when_it_is_told_to(void **state)
{
	(void)state;
	struct finder_text text = { "again and", 9, 0, false };
	struct text_finder *f = text_finder_create(&text, 1);
	struct str chunk = STR("again and again and again and again");
	struct ends e = { .chunk = chunk, .stop_after = 2 };
	e.counts = mem_zalloc(chunk.len + 1, sizeof(*e.counts));
	text_finder_scan(f, chunk, found, &e);
	unsigned sum = 0;
	for (size_t i = 0; i <= chunk.len; i++)
		sum += e.counts[i];
	assert_int_equal(sum, 2);
	free(e.counts);
	text_finder_destroy(f);
}

static void test_no_texts_are_found_nowhere(void **state)
{
	(void)state;
	struct text_finder *f = text_finder_create(NULL, 0);
	struct ends e = { .chunk = STR("nothing to be found in here") };
	text_finder_scan(f, e.chunk, found, &e);
	text_finder_destroy(f);
}

static void test_bytes_make_the_same_finder_and_damaged_ones_none(void **state)
{
	(void)state;
	struct finder_text texts[TEXTS];
	fill(texts, 6);
	struct text_finder *f = text_finder_create(texts, TEXTS);
	struct str bytes = text_finder_bytes(f);
	struct text_finder *again = text_finder_load(bytes);
	assert_non_null(again);
	struct str chunk = str_from(texts[7].bytes);
	expect_all(again, texts, TEXTS, chunk);
	text_finder_destroy(again);
	for (size_t cut = 1; cut < 64; cut++)
		assert_null(text_finder_load(str_head(bytes, bytes.len - cut)));
	char *damaged = mem_alloc(bytes.len);
	for (size_t n = 0; n < 2000; n++) {
		memcpy(damaged, bytes.ptr, bytes.len);
		size_t at = n < 64 ? n : below(bytes.len);
		damaged[at] = (char)(damaged[at] ^ (1 << below(8)));
		/* none, or one that reads nothing but its own */
		struct text_finder *other = text_finder_load(str_of(damaged, bytes.len));
		struct ends e = { .chunk = chunk };
		e.counts = mem_zalloc(TEXTS * (chunk.len + 1), sizeof(*e.counts));
		if (other != NULL && n >= 64 && at < bytes.len / 4)
			text_finder_scan(other, chunk, found, &e);
		free(e.counts);
		text_finder_destroy(other);
	}
	free(damaged);
	text_finder_destroy(f);
	release(texts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_texts_are_found_wherever_they_stand),
		cmocka_unit_test(test_a_chunk_full_of_one_text_tells_each_place),
		cmocka_unit_test(test_it_ends_when_it_is_told_to),
		cmocka_unit_test(test_no_texts_are_found_nowhere),
		cmocka_unit_test(test_bytes_make_the_same_finder_and_damaged_ones_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
