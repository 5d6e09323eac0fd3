/* SPDX-License-Identifier: MIT */
/*
 * Patterns and lines for test_exactness, the same in every run: a grammar that makes more patterns
 * than are listed by hand (exactness_patterns.h), and lines like those of logs with hostile ones
 * among them.
 */
#ifndef TESTS_UNIT_EXACTNESS_CORPUS_H
#define TESTS_UNIT_EXACTNESS_CORPUS_H

#include "lineup/buf.h"
#include "tests/unit/exactness_patterns.h"

/* A small generator of its own (SplitMix64), so that seeds mean the same everywhere. */
struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *r)
{
	uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static inline size_t random_below(struct random *r, size_t limit)
{
	return (size_t)(random_next(r) % limit);
}

static const char *const exactness_words[] = { "error", "conn", "refused", "closed", "timeout",
	"retry", "kernel", "sshd", "pool", "OOM", "user root", "level=error", "ab", "a", "b", "x",
	"ms", "ERROR", "caf\xc3\xa9", "\xe6\x97\xa5\xe6\x9c\xac", "id=", ":", " ", "=", "e", "o",
	"er", "re" };
static const char *const exactness_sets[] = { "\\d", "\\s", "\\w", "\\S", "\\W", "\\D", "\\h",
	"\\H", "\\v", "\\V", "\\N", "\\R", ".", "[a-f]", "[^a]", "[^a-z ]", "[0-9a-f]", "[^\\s]",
	"[^\\d\\n]", "[\\s\\d]", "[[:alpha:]]", "[^[:space:]]", "[[:^digit:]]", "[\\x80-\\xff]",
	"[^\\x00-\\x7f]", "[\\W_]", "[\\r\\n]", "[\\n-\\x20]", "[\"']", "[.:]", "[]x]", "[^]x]",
	"[a-]", "\\r", "\\t", "\\n", "\\x00", "\\x20" };
static const char *const exactness_quantifiers[] = { "*", "+", "?", "*?", "+?", "??", "{2}",
	"{1,3}", "{0,2}", "{2,}", "{3,5}?", "++", "*+", "?+", "{1,20}" };
static const char *const exactness_tests[] = { "^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z" };
static const char *const exactness_openers[] = { "(", "(?:", "(?i:", "(?s:", "(?m:", "(?-i:", "(?>",
	"(?=", "(?!", "(?<=", "(?<!", "(?x: ", "(?<n>", "(?:", "(", "(?|" };
static const char *const exactness_flags[] = { "(?i)", "(?s)", "(?m)", "(?-i)", "(?U)", "(?x)",
	"(?is)" };

#define PICK(r, list) buf_append(out, str_from((list)[random_below((r), countof(list))]))

static inline void exactness_branches(struct random *r, unsigned depth, struct buf *out);

static inline void exactness_item(struct random *r, unsigned depth, struct buf *out)
{
	size_t kind = random_below(r, 100);
	if (kind < 40) {
		PICK(r, exactness_words);
	} else if (kind < 62) {
		PICK(r, exactness_sets);
	} else if (kind < 68) {
		PICK(r, exactness_tests);
		return;
	} else if (kind < 71) {
		PICK(r, exactness_flags);
		return;
	} else if (kind < 73) {
		buf_append(out, STR("\\1"));
	} else if (kind < 77) {
		buf_append(out, STR(".*"));
		return;
	} else if (depth > 0) {
		PICK(r, exactness_openers);
		exactness_branches(r, depth - 1, out);
		buf_append_byte(out, ')');
	}
	if (random_below(r, 4) == 0)
		PICK(r, exactness_quantifiers);
}

static inline void exactness_branches(struct random *r, unsigned depth, struct buf *out)
{
	size_t branches = random_below(r, 3) == 0 ? 1 + random_below(r, 3) : 1;
	for (size_t i = 0; i < branches; i++) {
		if (i > 0)
			buf_append_byte(out, '|');
		for (size_t items = random_below(r, 20) == 0 ? 0 : 1 + random_below(r, 4);
			items > 0; items--)
			exactness_item(r, depth, out);
	}
}

/* Appends one pattern of the grammar; not all are valid. */
static inline void exactness_random_pattern(struct random *r, struct buf *out)
{
	if (random_below(r, 25) == 0)
		buf_append(out, STR("(*UTF)"));
	exactness_branches(r, 3, out);
}

/* Each # becomes a number. */
static const char *const exactness_templates[] = {
	"2026-03-0# 1#:00:0# ERROR [pool-#] connection refused: 10.0.#.#:5432",
	"Mar # 10:#:0# web-# sshd[#]: Failed password for root from 10.1.0.#",
	"Mar # 10:#:0# web-# kernel: [#.#] Out of memory: Killed process 17 (java)",
	"level=error msg=\"conn timeout\" retry=# took=#ms user=u# id=# pool 50/# a=#",
	"{\"level\":\"error\",\"n\":#,\"msg\":\"closed "
	"(x(y)z)\",\"took\":#,\"b\":#,\"c\":#,\"d\":#,\"e\":#}",
	"\tat com.shop.Pool#.take(Pool.java:#) ~[x#-#.jar:#] #",
	"10.0.0.# - root [0#] \"GET /a# HTTP/1.1\" 50# # #",
	"warn: caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac \xe5\xa4\xb1\xe6\x95\x97 # # ok #, #; #: #",
	"user root closed error error conn conn # # # # # #",
	"x# aab ab# ERROR: Err0r a.b*c # # ms# refused#",
	"dc:a#:63:04:0#:b# id=3f#-1 'abba#' \"q#\"",
};
static const char *const exactness_odd_lines[] = { "", " ", "\t", "\r", "a", "x", "\xff", "\xc3",
	"error", "ERROR", "refused", "error\r", "refused\r", "closed\v", "\xc3\xa9", "\xc3\xa9\xff",
	"caf\xc3\xa9", "a\rb", "error\rrefused", "  error", "error  ", "...",
	"aaaaaaaaaaaaaaaaaaaaaaaa", "\xe2\x84\xaa", "\xc5\xbf", "\xc2\x85", "\x85", "\xa0", "e",
	"ab", "baz", "\x1b[31merror\x1b[0m", "\xf0\x9f\x98\x80", "\xed\xa0\x80",
	"error \xe2\x80\xa8 conn" };

static inline void exactness_noise(struct random *r, size_t len, struct buf *out)
{
	static const char letters[] = "aabbex:. 0123-_er\"'()[]{}=\\/\t\r\xc3\xa9\xff\x00\x7f\x80";
	for (; len > 0; len--)
		buf_append_byte(out, letters[random_below(r, sizeof(letters) - 1)]);
}

/* Appends that many lines, each with its LF. */
static inline void exactness_lines(size_t count, struct buf *out)
{
	struct random r = { 42 };
	for (size_t i = 0; i < count; i++) {
		size_t kind = random_below(&r, 100);
		if (i % 20000 == 7) {
			exactness_noise(&r, 2000 + random_below(&r, 8000), out);
		} else if (kind < 8) {
			PICK(&r, exactness_odd_lines);
		} else if (kind < 18) {
			exactness_noise(&r, random_below(&r, 40), out);
		} else if (kind < 28) {
			for (size_t words = 1 + random_below(&r, 5); words > 0; words--) {
				PICK(&r, exactness_words);
				if (random_below(&r, 2) == 0)
					buf_append_byte(out, ' ');
			}
		} else {
			const char *shape =
				exactness_templates[random_below(&r, countof(exactness_templates))];
			for (; *shape != '\0'; shape++)
				if (*shape == '#')
					buf_printf(out, "%zu",
						random_below(
							&r, random_below(&r, 2) == 0 ? 10 : 5000));
				else
					buf_append_byte(out, *shape);
		}
		buf_append_byte(out, '\n');
	}
}

/* Appends a few lines on which greedy patterns show how many steps they take. */
static inline void exactness_sample(struct buf *out)
{
	struct random r = { 7 };
	exactness_lines(60, out);
	for (size_t i = 0; i < 5; i++) {
		exactness_noise(&r, 300, out);
		buf_append_byte(out, '\n');
	}
}

#undef PICK

#endif
