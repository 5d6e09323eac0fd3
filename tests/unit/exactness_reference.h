/* SPDX-License-Identifier: MIT */
/*
 * What PCRE2 says: on which lines of a text each term of a set of rules matches, each line tried by
 * itself. The counts are the caller's to free.
 */
#ifndef LINEUP_TESTS_EXACTNESS_REFERENCE_H
#define LINEUP_TESTS_EXACTNESS_REFERENCE_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pcre2.h>

#include "lineup/mem.h"
#include "lineup/rules.h"

/* PCRE2 did not come to an end on some line. */
#define NOT_KNOWN UINT32_MAX

struct reference {
	uint32_t *lines;  /* by term: how many lines match */
	uint64_t *places; /* by term: sum over the matching lines, so that which ones shows too */
};

static inline uint64_t place_key(size_t start)
{
	return (start + 1) * UINT64_C(0x9e3779b97f4a7c15) >> 7;
}

static inline void count_by_pcre2(
	struct str pattern, struct str text, uint32_t *lines, uint64_t *places)
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
	bool gave_up = false;
	for (size_t start = 0; start < text.len;) {
		size_t end = start + (size_t)str_find_byte(str_skip(text, start), '\n');
		int rc = pcre2_match(
			program, (PCRE2_SPTR)text.ptr + start, end - start, 0, 0, data, NULL);
		if (rc >= 0) {
			++*lines;
			*places += place_key(start);
		}
		gave_up |= rc == PCRE2_ERROR_MATCHLIMIT;
		start = end + 1;
	}
	if (gave_up)
		*lines = NOT_KNOWN;
	pcre2_match_data_free(data);
	pcre2_code_free(program);
}

static inline void count_literally(
	struct str wanted, struct str text, uint32_t *lines, uint64_t *places)
{
	*lines = 0;
	*places = 0;
	for (size_t start = 0; start < text.len;) {
		size_t end = start + (size_t)str_find_byte(str_skip(text, start), '\n');
		if (str_find(str_of(text.ptr + start, end - start), wanted) >= 0) {
			++*lines;
			*places += place_key(start);
		}
		start = end + 1;
	}
}

/* By PCRE2 where the term is a regex. */
static inline struct reference count_all(const struct rule_set *rules, struct str text)
{
	struct reference r = { mem_zalloc(rules->term_count, 4), mem_zalloc(rules->term_count, 8) };
	for (size_t i = 0; i < rules->term_count; i++) {
		const struct term *term = &rules->terms[i];
		if (term->kind == TERM_LITERAL)
			count_literally(term->text, text, &r.lines[i], &r.places[i]);
		else
			count_by_pcre2(term->text, text, &r.lines[i], &r.places[i]);
	}
	return r;
}

#endif
