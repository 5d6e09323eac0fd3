/* SPDX-License-Identifier: MIT */
/*
 * The promise of the matcher: for every pattern the lines that it hits are those that PCRE2 says
 * line by line, whatever the chunks. Patterns: a list by hand and many from a grammar; lines: like
 * those of logs, and hostile ones; all from seeds.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <pcre2.h>

#include "lineup/buf.h"
#include "lineup/matcher.h"
#include "lineup/mem.h"
#include "tests/unit/exactness_corpus.h"

/* Under the sanitizers, which are slow, it looks for faults; the proof is the ordinary build's. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LINE_COUNT 4000
#else
#define LINE_COUNT 100000
#endif
#define GENERATED_COUNT 720

struct reference {
	uint32_t *lines;  /* by term: how many lines match */
	uint64_t *places; /* by term: sum over the matching lines, so that which ones shows too */
};

static uint64_t place_key(size_t start)
{
	return (start + 1) * UINT64_C(0x9e3779b97f4a7c15) >> 7;
}

static void count_by_pcre2(struct str pattern, struct str text, uint32_t *lines, uint64_t *places)
{
	int code = 0;
	size_t offset = 0;
	pcre2_code *program =
		pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len, 0, &code, &offset, NULL);
	assert_non_null(program);
	pcre2_jit_compile(program, PCRE2_JIT_COMPLETE);
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(program, NULL);
	*lines = 0;
	*places = 0;
	for (size_t start = 0; start < text.len;) {
		size_t end = start + (size_t)str_find_byte(str_skip(text, start), '\n');
		if (pcre2_match(program, (PCRE2_SPTR)text.ptr + start, end - start, 0, 0, data,
			    NULL) >= 0) {
			++*lines;
			*places += place_key(start);
		}
		start = end + 1;
	}
	pcre2_match_data_free(data);
	pcre2_code_free(program);
}

/* Scans in chunks of whole lines of about this size; a longer line is a chunk of its own. */
static void count_by_matcher(const struct matcher *m, struct matcher_scratch *scratch,
	struct str text, size_t chunk_bytes, struct reference *counts)
{
	struct hits hits = { .items = NULL };
	struct error err;
	for (size_t start = 0; start < text.len;) {
		size_t end = size_min(start + chunk_bytes, text.len);
		ptrdiff_t cut = str_rfind_byte(str_of(text.ptr + start, end - start), '\n');
		if (cut >= 0)
			end = start + (size_t)cut + 1;
		else
			end = start + (size_t)str_find_byte(str_skip(text, start), '\n') + 1;
		assert_int_equal(matcher_scan(m, scratch, str_of(text.ptr + start, end - start),
					 &hits, &err),
			0);
		for (size_t i = 0; i < hits.count; i++) {
			const struct hit *hit = &hits.items[i];
			if (i > 0) {
				const struct hit *before = &hits.items[i - 1];
				assert_true(
					before->start < hit->start ||
					(before->start == hit->start && before->term < hit->term));
			}
			assert_int_equal(text.ptr[start + hit->end], '\n');
			counts->lines[hit->term]++;
			counts->places[hit->term] += place_key(start + hit->start);
		}
		start = end;
	}
	hits_release(&hits);
}

static bool is_valid(struct str pattern)
{
	int code = 0;
	size_t offset = 0;
	pcre2_code *program =
		pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len, 0, &code, &offset, NULL);
	pcre2_code_free(program);
	return program != NULL;
}

/* Does PCRE2 itself take few steps on some lines? Others make the reference take for ever. */
static bool is_tame(struct str pattern, struct str sample)
{
	int code = 0;
	size_t offset = 0;
	pcre2_code *program =
		pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len, 0, &code, &offset, NULL);
	if (program == NULL)
		return false;
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(program, NULL);
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(context, 400);
	bool tame = true;
	for (size_t start = 0; start < sample.len && tame;) {
		size_t end = start + (size_t)str_find_byte(str_skip(sample, start), '\n');
		tame = pcre2_match(program, (PCRE2_SPTR)sample.ptr + start, end - start, 0, 0, data,
			       context) != PCRE2_ERROR_MATCHLIMIT;
		start = end + 1;
	}
	pcre2_match_context_free(context);
	pcre2_match_data_free(data);
	pcre2_code_free(program);
	return tame;
}

static void add_patterns(struct rule_set *rules)
{
	struct rule_place nowhere = { .line = 0 };
	for (size_t i = 0; exactness_patterns[i].ptr != NULL; i++) {
		struct str pattern = exactness_patterns[i];
		if (!is_valid(pattern))
			fail_msg("pattern of the list is refused by PCRE2: %.*s", STR_ARG(pattern));
		rule_set_term(rules, TERM_REGEX, pattern, nowhere);
	}
	size_t wanted = rules->term_count + GENERATED_COUNT;
	const char *seed_text = getenv("EXACTNESS_SEED");
	struct random random = { seed_text != NULL ? strtoull(seed_text, NULL, 10) : 1 };
	struct buf pattern = BUF_INIT(0);
	struct buf sample = BUF_INIT(0);
	exactness_sample(&sample);
	while (rules->term_count < wanted) {
		buf_clear(&pattern);
		exactness_random_pattern(&random, &pattern);
		if (is_tame(buf_str(&pattern), buf_str(&sample)))
			rule_set_term(rules, TERM_REGEX, buf_str(&pattern), nowhere);
	}
	buf_release(&pattern);
	buf_release(&sample);
}

static void test_every_pattern_hits_the_lines_that_pcre2_says_at_every_chunk_size(void **state)
{
	(void)state;
	struct rule_set rules = { .term_count = 0 };
	add_patterns(&rules);
	assert_true(rules.term_count >= 1000);
	struct buf text = BUF_INIT(0);
	exactness_lines(LINE_COUNT, &text);

	struct matcher_options options = { .use_cache = false };
	struct matcher *m = NULL;
	struct matcher_scratch *scratch = NULL;
	struct error err;
	assert_int_equal(matcher_create(&m, &rules, &options, &err), 0);
	assert_int_equal(matcher_scratch_create(&scratch, m, &err), 0);
	const struct matcher_stats *stats = matcher_stats(m);
	printf("%zu patterns: %zu scanned, %zu confirmed, %zu slow\n", rules.term_count,
		stats->terms_scanned, stats->terms_confirmed, stats->terms_slow);

	struct reference wanted = { mem_zalloc(rules.term_count, 4),
		mem_zalloc(rules.term_count, 8) };
	for (size_t term = 0; term < rules.term_count; term++)
		count_by_pcre2(rules.terms[term].text, buf_str(&text), &wanted.lines[term],
			&wanted.places[term]);
	static const size_t chunk_sizes[] = { 64, 4 * 1024, 512 * 1024 };
	size_t different = 0;
	for (size_t i = 0; i < countof(chunk_sizes); i++) {
		struct reference got = { mem_zalloc(rules.term_count, 4),
			mem_zalloc(rules.term_count, 8) };
		count_by_matcher(m, scratch, buf_str(&text), chunk_sizes[i], &got);
		for (size_t term = 0; term < rules.term_count; term++) {
			if (got.lines[term] == wanted.lines[term] &&
				got.places[term] == wanted.places[term])
				continue;
			different++;
			print_message("chunks of %zu: %u lines instead of %u: %.*s\n",
				chunk_sizes[i], got.lines[term], wanted.lines[term],
				STR_ARG(rules.terms[term].text));
		}
		free(got.lines);
		free(got.places);
	}
	assert_int_equal(different, 0);
	assert_int_equal(matcher_scratch_gave_up(scratch), 0);

	free(wanted.lines);
	free(wanted.places);
	matcher_scratch_destroy(scratch);
	matcher_destroy(m);
	rule_set_release(&rules);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_every_pattern_hits_the_lines_that_pcre2_says_at_every_chunk_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
