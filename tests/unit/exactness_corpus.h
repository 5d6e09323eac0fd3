/* SPDX-License-Identifier: MIT */
/*
 * Patterns and lines for test_exactness, the same in every run: a list of patterns by hand, a
 * grammar that makes more, and lines like those of logs with hostile ones among them.
 */
#ifndef TESTS_UNIT_EXACTNESS_CORPUS_H
#define TESTS_UNIT_EXACTNESS_CORPUS_H

#include "lineup/buf.h"

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

#define P(text)                                                                                    \
	{                                                                                          \
		"" text, sizeof(text) - 1                                                          \
	}

static const struct str exactness_patterns[] = {
	/* anchors and empty matches */
	P(""),
	P("^"),
	P("$"),
	P("^$"),
	P("a*"),
	P("x?"),
	P("(?:)"),
	P("^\\s*$"),
	P("\\A\\z"),
	P("\\b"),
	P("\\B"),
	P("^\\B$"),
	P("(^|x)$"),
	P("(?:^a|b$|^$)"),
	P("^ERROR"),
	P("closed$"),
	P("^.*$"),
	P(".*"),
	P(".+"),
	P("^.+$"),
	P("^.$"),
	P(".{3}$"),
	P("\\Aerror"),
	P("refused\\Z"),
	P("refused\\z"),
	P("\\Gkernel"),
	P("a^b"),
	P("a$b"),
	P("$^"),
	P("^^ERROR$|refused$$"),
	P("(?m)^ERROR|closed$"),
	P("(?s)error.refused"),
	P("(?s).*timeout.*"),
	P("(?m)^$"),
	P("\\A\\s*\\z"),
	P("^\\W*$"),
	P("^(?:\\s|\\r)*$"),
	P("^[^a-z]*$"),
	P("(\\s*$)"),
	P("^(a|b|)$"),
	P("(?:^)*error"),
	/* what could cross a line feed */
	P("\\s+$"),
	P("error\\s"),
	P("error\\s+\\S"),
	P("[^x]$"),
	P("^[^x]"),
	P("closed[^a]"),
	P("refused\\W"),
	P("\\D\\D\\D$"),
	P("refused\\R"),
	P("refused\\v"),
	P("refused\\V"),
	P("refused\\h"),
	P("refused\\H"),
	P("refused\\N"),
	P("refused\\C"),
	P("refused\\s*\\S"),
	P("\\n"),
	P("a\\nb|refused"),
	P("[\\n]"),
	P("[\\n\\r]"),
	P("[a\\n]+b"),
	P("refused\\x0a"),
	P("refused[\\x00-\\x1f]"),
	P("error[[:space:]]+conn"),
	P("[[:^alpha:]]{12}"),
	P("[^[:print:]]"),
	P("[^\\S ]"),
	P("[^\\w\\s]{4}"),
	P("[\\s\\S]"),
	P("[\\s\\S]{200}"),
	P("^[\\s\\S]*refused"),
	P("[\\d\\D]+$"),
	P("(?s)^.{100,}$"),
	P("\\r$"),
	P("\\r"),
	P("[^\\n]"),
	P("\\x00"),
	P("[\\x80-\\xff]{2}"),
	P("\\xff"),
	P("[^\\x00-\\x7f]"),
	P("[]a]x"),
	P("[^]a]x"),
	P("[a-]1"),
	P("[\\d-]1"),
	P("[a\\-z]1"),
	P("[--0]1"),
	P("[\\b]"),
	P("[\\]\\[]"),
	P("[[a]]"),
	P("[[:alpha]"),
	P("[\\x2d-\\x39]{6}"),
	P("[\\0-\\x20]e"),
	P("[\\e\\f\\a\\t]"),
	P("\\e\\[[0-9;]*m"),
	P("\\cA"),
	P("\\t"),
	/* case, flags and where they end */
	P("(?i)error"),
	P("(?i:err)or"),
	P("err(?i)OR"),
	P("(?i)a|b(?-i)c"),
	P("(a(?i)b|c)D"),
	P("(?i)[a-f]{4}"),
	P("(?i)[^a-z]{9}"),
	P("(?i)[[:upper:]]{9}"),
	P("(?i)[[:lower:]]{9}z"),
	P("(?i)k\\s?s"),
	P("(?-i)Error"),
	P("(?x) err or # a comment\n | refused"),
	P("(?x) [ ] error \\  x"),
	P("(?xx) [ e ] r r"),
	P("(?x: a b ) c"),
	P("(?#note)error(?#another)+"),
	P("(?i)(?-i:ERROR)x|conn"),
	P("(?^i:ERROR) c"),
	P("(?U)error.*conn"),
	P("(?sx) error . conn"),
	P("(?i)\\x45rror"),
	P("(?J)(?<a>x)|(?<a>conn)"),
	P("(?n)(error)"),
	P("(?i)^w[a-z]+:"),
	P("(?i)timeout|timed?\\s*out"),
	P("(?i)\\Qa.b*c\\E"),
	/* quoting and escapes */
	P("\\Qa.b*c\\E"),
	P("\\Q[x]\\E+"),
	P("a\\.b"),
	P("\\/var\\/log"),
	P("\\[\\d+\\]:"),
	P("\\x41"),
	P("\\x{41}"),
	P("\\0"),
	P("\\012"),
	P("\\101"),
	P("\\o{101}"),
	P("\\x4"),
	P("a{,3}"),
	P("a{1"),
	P("{x}"),
	P("x{"),
	P("a{1,b}"),
	P("\\ error"),
	P("\\-\\-"),
	P("\\_"),
	P("\\~"),
	P("100%"),
	P("\\$\\d"),
	P("a\\E*b"),
	P("\\Eerror"),
	/* quantifiers */
	P("e{2}"),
	P("[0-9]{1,3}(\\.[0-9]{1,3}){3}"),
	P("\\d{4}-\\d{2}-\\d{2}"),
	P("(ab){2,}"),
	P("(?:a|b)+c"),
	P("(a+)+b"),
	P("(a*)*b"),
	P("(?:a?){3}b"),
	P("x*y+?z??"),
	P("a{0}b"),
	P("(?:a{0,2}){2}b"),
	P("\\d++:"),
	P("\\w++d"),
	P("(?>a+)b"),
	P("(?>error|err)or"),
	P("[^:]++:"),
	P(".*+x"),
	P("a?+a"),
	P("(?:ab?+)+c"),
	P("\\d{1,300}ms"),
	P(".{0,50}refused"),
	P("error.{0,20}refused"),
	P("(?:[a-z]{1,20}\\s){3}"),
	P("(?:a{2}){3}"),
	P("(?:error.*){2}"),
	P("(foo|bar|)baz"),
	P("(|a)+b"),
	P("(?:^|,)x(?:,|$)"),
	P("(?:a{1,40}b{1,40}){1,40}c"),
	P("(?:\\w{1,30}\\.){1,30}local"),
	P(".{1000}"),
	P("^.{0,40}$"),
	/* edges that are trimmed */
	P(".*error"),
	P("error.*"),
	P(".*?error.*?"),
	P("^.*error.*$"),
	P("^.*?(\\d+)ms$"),
	P("\\s*error\\s*"),
	P("error(?:.*)?"),
	P("(.*)error(.*)"),
	P("error\\d*"),
	P("error\\d+"),
	P("\\d+error"),
	P("(?:x|.*)error"),
	P("error(?: .*|\\d+|)"),
	P("^.+error"),
	P("error.+$"),
	P("error.*\\b"),
	P("\\b.*error"),
	P("^.*$|zzz"),
	P(".*\\.go:\\d+.*"),
	P("(?:.*error)+"),
	P("a.*b.*c"),
	P("^.*^error"),
	P("error$.*"),
	P("(?s)^.*error.*\\z"),
	/* look-around, atomic groups, back references, recursion, conditions */
	P("error(?= conn)"),
	P("error(?! conn)"),
	P("(?<=user )root"),
	P("(?<!user )root"),
	P("(?=.*error)(?=.*conn)"),
	P("^(?=.*timeout)(?!.*retry).*$"),
	P("^(?!.*error)"),
	P("(?!error)"),
	P("(?=error)"),
	P("(?<=error)"),
	P("(?<=^)error"),
	P("error(?=$)"),
	P("(?<!\\d)\\d{3}(?!\\d)"),
	P("(\\w)\\1"),
	P("(\\w+) \\1"),
	P("(?<q>['\"]).*?\\k<q>"),
	P("(?P<a>x|y)(?P=a)"),
	P("(a)|b\\1"),
	P("\\((?:[^()]|(?R))*\\)"),
	P("(\\((?:[^()]|(?1))*\\))"),
	P("(?<p>\\d)(?&p)(?P>p)"),
	P("(a)?(?(1)b|c)"),
	P("(?(?=e)error|conn)"),
	P("(?(DEFINE)(?<n>\\d+))id=(?&n)"),
	P("(?|a(b)|c(d))\\1"),
	P("error\\K conn"),
	P("(?<=a|bc)d"),
	P("(?<=\\s)-(?=\\s)"),
	P("(?!)"),
	P("(*FAIL)|error"),
	P("a(*SKIP)b|c"),
	P("(?:a(*PRUNE)b|ac)"),
	P("(?=(a+))\\1b"),
	P("(?=a)*error"),
	P("(?:(?=e)){2}error"),
	P("x(?=y)|error(?=:)"),
	P("(?<=x)y(?=z)"),
	P("(?s)(?<=.)error"),
	P("(?=error).{9}"),
	P("\\d(?=\\s*$)"),
	P("(?*error)"),
	P("(*pla:error)e"),
	P("\\X"),
	P("\\Xx"),
	P("\\g1(error)?"),
	P("(e)\\g{-1}"),
	P("(?<!^)error"),
	P("(?C1)error"),
	P("\\R"),
	P("\\10(a)"),
	/* words */
	P("\\berror\\b"),
	P("\\Berror"),
	P("error\\B"),
	P("\\bOOM\\b"),
	P("\\w+\\b:"),
	P("\\b\\d+\\b"),
	P("^\\b"),
	P("\\b$"),
	P("\\b\\B"),
	P("[[:<:]]error[[:>:]]"),
	P("\\b-"),
	P("-\\B-"),
	/* characters beyond ASCII */
	P("é"),
	P("[é]"),
	P("é+"),
	P("(?i)É"),
	P("(?i)É|é"),
	P("ü|日本"),
	P("日本.*失敗"),
	P("caf."),
	P("caf..$"),
	P("(*UTF)é"),
	P("(*UTF)caf.$"),
	P("(*UTF)[é]"),
	P("(*UTF)[^é]"),
	P("(*UTF)(?i)É"),
	P("(*UTF)(?i)[à-ý]x"),
	P("(*UTF)\\x{e9}"),
	P("(*UTF)\\x{65e5}\\x{672c}"),
	P("(*UTF)^.{4}$"),
	P("(*UTF)日本+"),
	P("(*UTF)\\w+é"),
	P("(*UTF)(*UCP)\\w+é\\b"),
	P("(*UTF)(*UCP)^\\w+$"),
	P("(*UCP)\\w\\xe9"),
	P("(*UCP)(?i)\\xe9"),
	P("(*UTF)\\p{Lu}\\p{Ll}+"),
	P("(*UTF)\\P{L}"),
	P("\\p{Lu}{5}"),
	P("[\\p{Nd}x]{4}"),
	P("(*UTF)(?i)k"),
	P("(*UTF)(?i)[s]"),
	P("(*UTF)error"),
	P("(*UTF)^"),
	P("(*UTF)\\Wé"),
	P("(*UTF)\\h"),
	P("(*UTF)[^a]$"),
	P("(*UTF)\\X$"),
	P("(*UTF)\\C\\C\\C\\C$"),
	P("(*UTF)\\s"),
	P("(*UTF)a|\\R"),
	P("(*UTF)[\\x{80}-\\x{10ffff}]"),
	P("(*UTF)😀"),
	P("(*UTF)[😀-😂]+"),
	P("(*ANYCRLF)refused$"),
	P("(*CRLF)refused$"),
	P("(*CR)^x"),
	P("(*ANY)^.*$"),
	P("(*BSR_ANYCRLF)\\R"),
	P("(*NO_START_OPT)error"),
	P("(*LIMIT_MATCH=1000000)error"),
	P("(*LF)closed$"),
	P("(*UCP)[[:punct:]]"),
	/* as rules have them */
	P("sshd\\[\\d+\\]: Failed password for (?:invalid user )?(?<user>\\S+) from (?<ip>\\S+)"),
	P("kernel: \\[\\s*\\d+\\.\\d+\\] Out of memory"),
	P("(?i)connection (?:refused|reset by peer|timed out)"),
	P("^\\w{3} [ :0-9]{11} [._[:alnum:]-]+ kernel: "),
	P("HTTP/1\\.[01]\" (?:4|5)\\d\\d "),
	P("\\b(?:5\\d\\d)\\b"),
	P("level=(?:error|fatal)\\b"),
	P("\"level\":\\s*\"(?:error|fatal)\""),
	P("panic: .* \\[recovered\\]"),
	P("goroutine \\d+ \\[[a-z ]+(?:, \\d+ minutes)?\\]:"),
	P("^\\s+at [\\w.$]+\\([^)]*\\)$"),
	P("Caused by: [\\w.]+Exception"),
	P("(?:[0-9a-f]{2}:){5}[0-9a-f]{2}"),
	P("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
	P("pool (\\d+)/\\1\\b"),
	P("took (?:[1-9]\\d{3,}|[5-9]\\d\\d)ms"),
	P("^(?:\\S+ ){2}ERROR"),
	P("exit(?:ed)? (?:code|status)[ =:]+[1-9]"),
	{ NULL, 0 },
};

#undef P

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
