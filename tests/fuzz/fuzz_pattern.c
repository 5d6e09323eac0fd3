/* SPDX-License-Identifier: MIT */
/*
 * The first line is a pattern, the rest is text. Whatever way the matcher takes (Hyperscan, with
 * PCRE2 behind it, PCRE2 alone), its hits are the lines that PCRE2 matches one by one.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lineup/chunk.h"
#include "lineup/matcher.h"
#include "tests/fuzz/fuzz.h"

#define PATTERN_MAX 160
#define TEXT_MAX    2000

/* 1: the line matches, 0: it does not, -1: too many steps to tell. */
static int says(const pcre2_code *program, pcre2_match_data *data, pcre2_match_context *context,
	struct str line)
{
	int rc = pcre2_match(program, (PCRE2_SPTR)line.ptr, line.len, 0, 0, data, context);
	bool bad_text = rc <= PCRE2_ERROR_UTF8_ERR1 && rc >= PCRE2_ERROR_UTF8_ERR21;
	return rc >= 0 ? 1 : rc == PCRE2_ERROR_NOMATCH || bad_text ? 0 : -1;
}

static void compare(const struct hits *hits, const pcre2_code *program, struct str text)
{
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(program, NULL);
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(context, 20000);
	size_t at = 0;
	for (struct str rest = text; rest.ptr != NULL && rest.len > 0;) {
		struct str line = str_cut(&rest, '\n');
		uint32_t start = (uint32_t)(line.ptr - text.ptr);
		bool hit = at < hits->count && hits->items[at].start == start;
		at += hit;
		int said = says(program, data, context, line);
		if (said >= 0 && hit != (said == 1)) {
			fprintf(stderr, "line of %zu bytes at %u: hit %d, PCRE2 %d\n", line.len,
				start, hit, said);
			PROMISE(!"hits are those of PCRE2");
		}
	}
	PROMISE(at == hits->count);
	pcre2_match_context_free(context);
	pcre2_match_data_free(data);
}

static void scan(struct rule_set *rules, struct str text, const pcre2_code *program)
{
	struct matcher_options options = { .use_cache = false };
	struct matcher *matcher = NULL;
	struct matcher_scratch *scratch = NULL;
	struct hits hits = { .items = NULL };
	struct error err;
	PROMISE(matcher_create(&matcher, rules, &options, &err) == 0);
	PROMISE(matcher_scratch_create(&scratch, matcher, &err) == 0);
	char *copy = exact_copy(text, CHUNK_PADDING);
	PROMISE(matcher_scan(matcher, scratch, str_of(copy, text.len), &hits, &err) == 0);
	bool gave_up = matcher_scratch_gave_up(scratch, 0) > 0;
	if (program == NULL)
		PROMISE(hits.count == 0 && matcher_rejects(matcher, 0));
	else if (!gave_up && !matcher_rejects(matcher, 0))
		compare(&hits, program, str_of(copy, text.len));
	free(copy);
	hits_release(&hits);
	matcher_scratch_destroy(scratch);
	matcher_destroy(matcher);
}

/* By masked forms: the text, and the text again with other digits,
 * whose forms are known by then. */
static void scan_forms(struct rule_set *rules, struct str text, const pcre2_code *program)
{
	struct matcher_options options = { .use_cache = false, .with_forms = true };
	struct matcher *matcher = NULL;
	struct matcher_scratch *scratch = NULL;
	struct hits hits = { .items = NULL };
	struct scan_lines lines = { .items = NULL };
	struct line_memo memo;
	struct error err;
	char *copy = exact_copy(text, CHUNK_PADDING);
	struct str chunk = str_of(copy, text.len);
	PROMISE(matcher_create(&matcher, rules, &options, &err) == 0);
	PROMISE(matcher_scratch_create(&scratch, matcher, &err) == 0);
	line_memo_init(&memo);
	for (int round = 0; round < 2; round++) {
		PROMISE(line_memo_find(&memo, chunk, &lines));
		PROMISE(matcher_scan_lines(matcher, scratch, chunk, &lines, &memo, &hits, &err) ==
			0);
		if (matcher_scratch_gave_up(scratch, 0) > 0)
			break;
		compare(&hits, program, chunk);
		for (size_t i = 0; i < text.len; i++)
			if (copy[i] >= '0' && copy[i] <= '9')
				copy[i] = (char)('0' + (copy[i] - '0' + 3) % 10);
	}
	line_memo_release(&memo);
	scan_lines_release(&lines);
	hits_release(&hits);
	matcher_scratch_destroy(scratch);
	matcher_destroy(matcher);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size_min(size, TEXT_MAX));
	struct str pattern = str_cut(&text, '\n');
	if (pattern.len > PATTERN_MAX)
		return 0;
	if (text.ptr == NULL)
		text = STR("");
	int code = 0;
	size_t offset = 0;
	struct rule_set rules = { .term_count = 0 };
	struct rule_place nowhere = { .line = 0 };
	pcre2_code *program = pcre2_compile((PCRE2_SPTR)(pattern.len > 0 ? pattern.ptr : ""),
		pattern.len, PCRE2_DUPNAMES, &code, &offset, NULL);
	rule_set_term(&rules, TERM_REGEX, pattern, nowhere);
	scan(&rules, text, program);
	if (program != NULL)
		scan_forms(&rules, text, program);
	pcre2_code_free(program);
	rule_set_release(&rules);
	return 0;
}
