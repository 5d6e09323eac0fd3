/* SPDX-License-Identifier: MIT */
/*
 * The promise of the matcher: for every pattern the lines that it hits are those that PCRE2 says
 * line by line, whatever the chunks. Patterns: a list by hand and many from a grammar; lines: like
 * those of logs, and hostile ones; all from seeds.
 */
#include <stdio.h>
#include <stdlib.h>

#include "lineup/buf.h"
#include "lineup/matcher.h"
#include "tests/unit/exactness_corpus.h"
#include "tests/unit/exactness_reference.h"

/* Under the sanitizers, which are slow, it looks for faults; the proof is the ordinary build's. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LINE_COUNT 4000
#else
#define LINE_COUNT 50000
#endif
#define GENERATED_COUNT 720
#define DIGIT_PATTERNS	300

/* How the matcher is asked: over all bytes, or by the masked forms of the lines. */
struct way {
	const struct matcher *matcher;
	struct matcher_scratch *scratch;
	struct line_memo *memo; /* NULL: over all bytes */
	size_t chunk_bytes;
	uint64_t recalled; /* out: lines whose form was known */
};

static void scan_one(struct way *way, struct str chunk, struct hits *hits)
{
	struct error err;
	struct scan_lines lines = { .items = NULL };
	uint64_t fresh = way->memo != NULL ? way->memo->fresh : 0;
	if (way->memo == NULL || !line_memo_find(way->memo, chunk, &lines)) {
		assert_int_equal(matcher_scan(way->matcher, way->scratch, chunk, hits, &err), 0);
		return;
	}
	way->recalled += lines.count - (way->memo->fresh > fresh ? way->memo->fresh - fresh : 0);
	assert_int_equal(matcher_scan_lines(
				 way->matcher, way->scratch, chunk, &lines, way->memo, hits, &err),
		0);
	scan_lines_release(&lines);
}

/* Scans in chunks of whole lines of about this size; a longer line is a chunk of its own. */
static void count_by_matcher(struct way *way, struct str text, struct reference *counts)
{
	struct hits hits = { .items = NULL };
	size_t chunk_bytes = way->chunk_bytes;
	for (size_t start = 0; start < text.len;) {
		size_t end = size_min(start + chunk_bytes, text.len);
		ptrdiff_t cut = str_rfind_byte(str_of(text.ptr + start, end - start), '\n');
		if (cut >= 0)
			end = start + (size_t)cut + 1;
		else
			end = start + (size_t)str_find_byte(str_skip(text, start), '\n') + 1;
		scan_one(way, str_of(text.ptr + start, end - start), &hits);
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
	/* As plain texts too: most are found nowhere, these everywhere. */
	const struct str texts[] = { STR("error"), STR("connection refused"), STR(" a(b"),
		STR("[0-9]+"), STR("level=error msg"), STR("\t"), STR("e"), STR("id=1") };
	for (size_t i = 0; exactness_patterns[i].ptr != NULL; i += 5)
		if (exactness_patterns[i].len > 0)
			rule_set_term(rules, TERM_LITERAL, exactness_patterns[i], nowhere);
	for (size_t i = 0; i < countof(texts); i++)
		rule_set_term(rules, TERM_LITERAL, texts[i], nowhere);
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

static size_t count_differences(struct way *way, const struct rule_set *rules, struct str text,
	const struct reference *wanted)
{
	struct reference got = { mem_zalloc(rules->term_count, 4),
		mem_zalloc(rules->term_count, 8) };
	size_t different = 0;
	count_by_matcher(way, text, &got);
	for (size_t term = 0; term < rules->term_count; term++) {
		if (wanted->lines[term] == NOT_KNOWN ||
			(got.lines[term] == wanted->lines[term] &&
				got.places[term] == wanted->places[term]))
			continue;
		different++;
		print_message("chunks of %zu: %u lines instead of %u: %.*s\n", way->chunk_bytes,
			got.lines[term], wanted->lines[term], STR_ARG(rules->terms[term].text));
	}
	free(got.lines);
	free(got.places);
	return different;
}

/* Returns how many terms hit other lines than wanted, which it tells. */
static size_t compare(struct rule_set *rules, bool whole_patterns, struct str text,
	const struct reference *wanted)
{
	struct matcher_options options = { .use_cache = false, .whole_patterns = whole_patterns };
	struct matcher *m = NULL;
	struct matcher_scratch *scratch = NULL;
	struct error err;
	assert_int_equal(matcher_create(&m, rules, &options, &err), 0);
	assert_int_equal(matcher_scratch_create(&scratch, m, &err), 0);
	const struct matcher_stats *stats = matcher_stats(m);
	printf("%zu patterns: %zu scanned, %zu confirmed, %zu slow\n", rules->term_count,
		stats->terms_scanned, stats->terms_confirmed, stats->terms_slow);
	static const size_t chunk_sizes[] = { 64, 4 * 1024, 512 * 1024 };
	size_t different = 0;
	for (size_t i = 0; i < countof(chunk_sizes); i++) {
		struct way way = { m, scratch, NULL, chunk_sizes[i], 0 };
		different += count_differences(&way, rules, text, wanted);
	}
	for (uint32_t term = 0; term < rules->term_count; term++)
		assert_int_equal(matcher_scratch_gave_up(scratch, term), 0);
	matcher_scratch_destroy(scratch);
	matcher_destroy(m);
	return different;
}

static void test_every_pattern_hits_the_lines_that_pcre2_says_at_every_chunk_size(void **state)
{
	(void)state;
	struct rule_set rules = { .term_count = 0 };
	add_patterns(&rules);
	assert_true(rules.term_count >= 1000);
	struct buf text = BUF_INIT(0);
	exactness_lines(LINE_COUNT, &text);
	struct reference wanted = count_all(&rules, buf_str(&text));
	/* Looked for as they are, and by their rarest texts. */
	size_t different = compare(&rules, true, buf_str(&text), &wanted);
	different += compare(&rules, false, buf_str(&text), &wanted);
	assert_int_equal(different, 0);
	free(wanted.lines);
	free(wanted.places);
	rule_set_release(&rules);
	buf_release(&text);
}

/* ---- by masked forms ---- */

/* Patterns that ask for some digits, and for words that an id may end, begin or be. */
static const char *const digit_patterns[] = { "40[0-9] ", "\\b50[234]\\b", "code 1[0-9]{2}$",
	"^[0-9]+ ", " \\d+$", "e\\d+ ", "bad", " bad\\b", "(?:be|fed) \\d", "[a-f]+\\d",
	"\\b[a-f]+\\b", "\\b\\d+\\b", " [\\d.]+ ", "[\\d.]+", "(?:a|1) ", "0x[0-9a-f]+",
	"[0-9a-f]{8}", "-[0-9a-f]{4}-", "\\bd[0-9]", "fa(?:iled|de)", "(?i)dead", "x509|s3|1e5",
	"[b-z]+[1-8]", "\\D\\d\\D", "=\\w+ ", "id=[^ ]*[a-c]", "[[:xdigit:]]+-[[:xdigit:]]+",
	"d[\\d.]+a", "(?<=\\d)ms", "took \\d+(?!\\d)", "[\\w.]+:\\d", "\\d-\\d", "a|b|c|d", "_\\d+",
	"\\B1" };

/* Pieces of words, marks and groups of both, of which an id may hold some and hang on others. */
static void random_digit_pattern(struct random *r, struct buf *pattern)
{
	static const char *const items[] = { "d", "a", "e", "s", "0", "[\\d.]+", "[\\d:.]*", "\\d+",
		"\\w+", "[a-f]+", "-", "\\.", " ", "(?:ed)?", "(?:a|s)", "(?:bad|fail|e)", "[b-z]+",
		"=", "(?:\\d\\.)+", "\\b", "(?:took|code|HTTP)", "(?:i?d|[xe])", "(?:s|_)?",
		"(?:\\d|e)+", "[\\d/]" };
	for (size_t left = 2 + random_below(r, 4); left > 0; left--)
		buf_append(pattern, str_from(items[random_below(r, countof(items))]));
}

static void add_digit_patterns(struct rule_set *rules)
{
	struct rule_place nowhere = { .line = 0 };
	struct random r = { 11 };
	struct buf pattern = BUF_INIT(0);
	for (size_t i = 0; i < countof(digit_patterns); i++)
		rule_set_term(rules, TERM_REGEX, str_from(digit_patterns[i]), nowhere);
	for (size_t i = 0; i < DIGIT_PATTERNS; i++) {
		buf_clear(&pattern);
		random_digit_pattern(&r, &pattern);
		rule_set_term(rules, TERM_REGEX, buf_str(&pattern), nowhere);
	}
	buf_release(&pattern);
}

static void add_words(struct random *r, struct buf *line)
{
	static const char *const words[] = { "bad", "be", "fed", "took 15 ms", "code 137",
		"HTTP 503", "id=", "e12", "s3", "x509:", "10.0.0.1", "failed", "dead-beef", "_7",
		"0x1f2e3d4c", "1e5", "-1-" };
	for (size_t words_left = 1 + random_below(r, 5); words_left > 0; words_left--) {
		if (random_below(r, 3) > 0)
			buf_append_byte(line, " =:-/._"[random_below(r, 7)]);
		if (random_below(r, 2) > 0)
			buf_append(line, str_from(words[random_below(r, countof(words))]));
		else
			for (size_t n = 1 + random_below(r, 20); n > 0; n--)
				buf_append_byte(line, "0123456789abcdef-"[random_below(r, 17)]);
	}
}

/* A line of the same masked form with other digits,
 * or the line itself when that is hard to find. */
static void change_line(struct random *r, struct str line, struct buf *out)
{
	char masked[LINE_MASK_BYTES + LINE_MASK_PADDING], other[sizeof(masked)];
	size_t from = out->len;
	buf_append(out, line);
	if (line.len > LINE_MASK_BYTES)
		return;
	line_mask_portable(line, masked);
	for (size_t i = 0; i < line.len; i++) {
		char *c = out->ptr + from + i;
		if (masked[i] == LINE_MASK_ID)
			*c = "0123456789abcdef"[random_below(r, 16)];
		else if (*c >= '0' && *c <= '9')
			*c = (char)('0' + random_below(r, 10));
	}
	line_mask_portable(str_of(out->ptr + from, line.len), other);
	if (memcmp(masked, other, line.len) != 0)
		memcpy(out->ptr + from, line.ptr, line.len);
}

/* Every line five times, four of them with other digits; some with words and ids put to them. */
static void repeated_lines(size_t count, struct buf *text)
{
	struct random r = { 7 };
	struct buf base = BUF_INIT(0), line = BUF_INIT(0);
	exactness_lines(count, &base);
	for (struct str rest = buf_str(&base); rest.len > 0;) {
		buf_clear(&line);
		buf_append(&line, str_cut(&rest, '\n'));
		if (random_below(&r, 2) > 0)
			add_words(&r, &line);
		for (int i = 0; i < 5; i++) {
			if (i == 0)
				buf_append(text, buf_str(&line));
			else
				change_line(&r, buf_str(&line), text);
			buf_append_byte(text, '\n');
		}
	}
	buf_release(&base);
	buf_release(&line);
}

static size_t compare_forms(struct rule_set *rules, bool whole_patterns, size_t chunk_bytes,
	struct str text, const struct reference *wanted)
{
	struct matcher_options options = {
		.use_cache = false, .with_forms = true, .whole_patterns = whole_patterns
	};
	struct matcher *m = NULL;
	struct matcher_scratch *scratch = NULL;
	struct error err;
	struct line_memo memo;
	assert_int_equal(matcher_create(&m, rules, &options, &err), 0);
	assert_int_equal(matcher_scratch_create(&scratch, m, &err), 0);
	line_memo_init(&memo);
	struct way way = { m, scratch, &memo, chunk_bytes, 0 };
	size_t different = count_differences(&way, rules, text, wanted);
	printf("chunks of %zu: %llu lines recalled\n", chunk_bytes,
		(unsigned long long)way.recalled);
	assert_true(way.recalled > LINE_COUNT / 10);
	line_memo_release(&memo);
	matcher_scratch_destroy(scratch);
	matcher_destroy(m);
	return different;
}

static void test_hits_by_masked_forms_are_the_lines_that_pcre2_says(void **state)
{
	(void)state;
	struct rule_set rules = { .term_count = 0 };
	add_patterns(&rules);
	add_digit_patterns(&rules);
	struct buf text = BUF_INIT(0);
	repeated_lines(LINE_COUNT / 25, &text);
	assert_true(buf_reserve(&text, LINE_MASK_PADDING));
	struct reference wanted = count_all(&rules, buf_str(&text));
	size_t unknown = 0;
	for (size_t term = 0; term < rules.term_count; term++)
		unknown += wanted.lines[term] == NOT_KNOWN;
	assert_true(unknown < 5);
	size_t different = compare_forms(&rules, false, 300, buf_str(&text), &wanted);
	different += compare_forms(&rules, false, 64 * 1024, buf_str(&text), &wanted);
	different += compare_forms(&rules, true, 64 * 1024, buf_str(&text), &wanted);
	assert_int_equal(different, 0);
	free(wanted.lines);
	free(wanted.places);
	rule_set_release(&rules);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_every_pattern_hits_the_lines_that_pcre2_says_at_every_chunk_size),
		cmocka_unit_test(test_hits_by_masked_forms_are_the_lines_that_pcre2_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
