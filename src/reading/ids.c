/* SPDX-License-Identifier: MIT */
/*
 * One walk in blocks of 64 bytes. Every `=` and `:` is a candidate for a key, and what stands
 * before it must end in "id" (or be traceparent, b3), which its last bytes mostly rule out. Where
 * no key tells, ids_bare.c looks for ids that stand without one.
 */
#include "lineup/ids.h"

#include "src/reading/ids_parts.h"

#define ID_MAX	   128
#define SCAN_LIMIT 8192
#define KEY_MAX	   40

enum id_kind { ID_NONE, ID_TRACE, ID_SPAN, ID_REQUEST, ID_PARENT, ID_B3, ID_ROOT };

#define H (HEX | WORD | VALUE)
#define W (WORD | VALUE)
#define V VALUE
#define A AROUND
const uint8_t ids_classes[256] = {
	/* clang-format off */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	A, 0, A, 0, 0, 0, 0, A, 0, 0, 0, V, 0, W, W, V,
	H, H, H, H, H, H, H, H, H, H, V, 0, 0, V, 0, 0,
	V, H, H, H, H, H, H, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, 0, A, 0, 0, W,
	0, H, H, H, H, H, H, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, 0,
	/* clang-format on */
};
#undef H
#undef W
#undef V
#undef A

/* "trace":{"id":...}: the object that the key id at `start` is the first of. */
static enum id_kind kind_of_object(struct str line, size_t start)
{
	static const struct {
		struct str end;
		enum id_kind kind;
	} objects[] = { { { "\"trace\":{\"", 10 }, ID_TRACE }, { { "\"span\":{\"", 9 }, ID_SPAN },
		{ { "\"request\":{\"", 12 }, ID_REQUEST } };
	char plain[16];
	size_t len = sizeof(plain);
	/* Backwards, without blanks. */
	for (size_t i = start; i > 0 && len > 0; i--)
		if (line.ptr[i - 1] != ' ')
			plain[--len] = line.ptr[i - 1];
	struct str before = str_of(plain + len, sizeof(plain) - len);
	for (size_t i = 0; i < countof(objects); i++) {
		if (str_ends(before, objects[i].end))
			return objects[i].kind;
	}
	return ID_NONE;
}

static bool key_ends(const char *key, size_t len, struct str end)
{
	return len >= end.len && memcmp(key + len - end.len, end.ptr, end.len) == 0;
}

static enum id_kind classify(struct str word)
{
	char key[KEY_MAX];
	size_t len = 0;
	if (word.len > KEY_MAX)
		word = str_skip(word, word.len - KEY_MAX);
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];
		if (c != '_' && c != '-' && c != '.')
			key[len++] = (char)(c | 32);
	}
	if (key_ends(key, len, STR("traceid")) || key_ends(key, len, STR("trace")))
		return ID_TRACE;
	if (key_ends(key, len, STR("parentspanid")))
		return ID_NONE;
	if (key_ends(key, len, STR("spanid")))
		return ID_SPAN;
	if (key_ends(key, len, STR("requestid")) || key_ends(key, len, STR("reqid")) ||
		key_ends(key, len, STR("correlationid")) || key_ends(key, len, STR("corrid")) ||
		key_ends(key, len, STR("operationid")) || key_ends(key, len, STR("opid")) ||
		key_ends(key, len, STR("transactionid")))
		return ID_REQUEST;
	if (key_ends(key, len, STR("traceparent")))
		return ID_PARENT;
	if (len == 4 && key_ends(key, len, STR("root")))
		return ID_ROOT;
	return len == 2 && memcmp(key, "b3", 2) == 0 ? ID_B3 : ID_NONE;
}

/* The value behind a key's separator: from quotes, or to the next blank, comma or bracket. */
static struct str value_at(struct str line, size_t at)
{
	while (at < line.len &&
		(line.ptr[at] == ' ' || line.ptr[at] == '"' || line.ptr[at] == '\\' ||
			line.ptr[at] == '\'' || line.ptr[at] == '['))
		at++;
	size_t end = at;
	while (end < line.len && end - at <= ID_MAX &&
		(ids_classes[(unsigned char)line.ptr[end]] & VALUE) != 0)
		end++;
	while (end > at &&
		(line.ptr[end - 1] == ':' || line.ptr[end - 1] == '.' || line.ptr[end - 1] == '='))
		end--;
	return end - at > ID_MAX ? STR_NONE : str_of(line.ptr + at, end - at);
}

/* 00-<32>-<16>-01 (W3C, version 00); *end gets its end. */
static bool take_traceparent(struct str s, struct line_ids *ids)
{
	if (s.len < 53 || hex_run(s, 0) != 2 || s.ptr[2] != '-' || hex_run(s, 3) != 32 ||
		s.ptr[35] != '-' || hex_run(s, 36) != 16)
		return false;
	ids->trace = str_of(s.ptr + 3, 32);
	ids->span = str_of(s.ptr + 36, 16);
	return true;
}

/* 1-<8>-<24> of AWS */
static bool take_root(struct str value, struct line_ids *ids)
{
	if (value.len < 35 || !is_digit(value.ptr[0]) || value.ptr[1] != '-' ||
		hex_run(value, 2) != 8 || value.ptr[10] != '-' || hex_run(value, 11) != 24)
		return false;
	ids->trace = str_head(value, 35);
	return true;
}

/*
 * <trace>:<span>:<parent>:<flags> of Jaeger, Root=1-<8>-<24> of AWS; a traceparent, where the key
 * says trace. What is none of them is an id when it begins with hexadecimal digits.
 */
static void take_trace(struct str value, struct line_ids *ids)
{
	ptrdiff_t path = str_find(value, STR("/traces/")); /* projects/<name>/traces/<trace> */
	value = path > 0 ? str_skip(value, (size_t)path + 8) : value;
	if (take_root(str_skip(value, str_starts(value, STR("Root=")) ? 5 : 0), ids))
		return;
	size_t trace = hex_run(value, 0);
	if (take_traceparent(value, ids) || trace < 8)
		return;
	size_t span = trace < value.len && value.ptr[trace] == ':' ? hex_run(value, trace + 1) : 0;
	ids->trace = span > 0 ? str_head(value, trace) : value;
	if (span > 0 && ids->span.len == 0)
		ids->span = str_of(value.ptr + trace + 1, span);
}

/* <32 or 16>-<16>[-1[-parent]] */
static void take_b3(struct str s, struct line_ids *ids)
{
	size_t trace = hex_run(s, 0);
	if ((trace != 32 && trace != 16) || s.len < trace + 17 || s.ptr[trace] != '-' ||
		hex_run(s, trace + 1) != 16)
		return;
	ids->trace = str_of(s.ptr, trace);
	ids->span = str_of(s.ptr + trace + 1, 16);
}

/*
 * The last three letters of the keys: id behind e, n, t, q, r or p (traceid, spanid, requestid,
 * reqid, corrid, opid), ent of traceparent, ace of trace, oot of Root, b3, @tr and @sp of CLEF.
 * Looked up, a bit for each, so that what is none is refused by one branch that is guessed right.
 */
enum { KEY_ID = 1, KEY_NT = 2, KEY_CE = 4, KEY_B3 = 8, KEY_OT = 16, KEY_ANY = 31 };
enum { KEY_TR = 32, KEY_SP = 64 };
static const uint8_t last_letters[256] = { ['d'] = KEY_ID,
	['D'] = KEY_ID,
	['t'] = KEY_NT | KEY_OT,
	['T'] = KEY_NT,
	['e'] = KEY_CE,
	['E'] = KEY_CE,
	['3'] = KEY_B3,
	['r'] = KEY_TR,
	['p'] = KEY_SP };
static const uint8_t second_letters[256] = { ['t'] = KEY_TR,
	['s'] = KEY_SP,
	['i'] = KEY_ID,
	['I'] = KEY_ID,
	['n'] = KEY_NT,
	['N'] = KEY_NT,
	['c'] = KEY_CE,
	['C'] = KEY_CE,
	['o'] = KEY_OT,
	['b'] = KEY_B3,
	['B'] = KEY_B3 };
static const uint8_t third_letters[256] = { ['@'] = KEY_TR | KEY_SP,
	['e'] = KEY_ID | KEY_NT,
	['E'] = KEY_ID | KEY_NT,
	['n'] = KEY_ID,
	['N'] = KEY_ID,
	['t'] = KEY_ID,
	['T'] = KEY_ID,
	['q'] = KEY_ID,
	['Q'] = KEY_ID,
	['r'] = KEY_ID,
	['R'] = KEY_ID,
	['p'] = KEY_ID,
	['P'] = KEY_ID,
	['o'] = KEY_OT,
	['a'] = KEY_CE,
	['A'] = KEY_CE,
	['"'] = KEY_ID,
	['_'] = KEY_ANY,
	['-'] = KEY_ANY,
	['.'] = KEY_ANY };

/* Could a key that ends before `end` be one of ours? */
static bool could_be_key(struct str line, size_t end)
{
	if (end < 2)
		return false;
	const unsigned char *p = (const unsigned char *)line.ptr + end;
	unsigned kinds = last_letters[p[-1]] & second_letters[p[-2]];
	return kinds != 0 &&
	       ((kinds & KEY_B3) != 0 || (end > 2 && (kinds & third_letters[p[-3]]) != 0));
}

static void take_key(struct str line, size_t separator, struct line_ids *ids)
{
	size_t end = separator;
	while (end > 0 && (ids_classes[(unsigned char)line.ptr[end - 1]] & AROUND) != 0)
		end--;
	/* b3, the one key with a digit */
	if (end > 1 && (line.ptr[end - 2] | 32) == 'b' &&
		(unsigned char)(line.ptr[end - 1] - '0') < 10)
		ids->digits_matter = true;
	if (!could_be_key(line, end))
		return;
	size_t start = end;
	while (start > 0 && end - start < KEY_MAX && ids_is_word(line.ptr[start - 1]))
		start--;
	bool is_short = end - start == 2,
	     is_clef = is_short && start > 0 && line.ptr[start - 1] == '@';
	enum id_kind kind = is_clef ? (line.ptr[start] == 't' ? ID_TRACE : ID_SPAN)
			    : is_short && (line.ptr[start] | 32) == 'i'
				    ? kind_of_object(line, start)
				    : classify(str_of(line.ptr + start, end - start));
	if (kind == ID_NONE)
		return;
	struct str value = value_at(line, separator + 1);
	if (!ids_says_something(value)) {
		ids->digits_matter = true;
		return;
	}
	if (kind == ID_TRACE && ids->trace.len == 0)
		take_trace(value, ids);
	else if (kind == ID_SPAN && ids->span.len == 0)
		ids->span = value;
	else if (kind == ID_REQUEST && ids->request.len == 0)
		ids->request = value;
	else if (kind == ID_PARENT)
		take_traceparent(value, ids);
	else if (kind == ID_B3)
		take_b3(value, ids);
	else if (kind == ID_ROOT && ids->trace.len == 0)
		take_root(value, ids);
}

static void read_worded(struct str line, unsigned kinds, struct line_ids *ids)
{
	struct str id = ids_worded(line, kinds);
	bool says = ids_says_something(id);
	ids->digits_matter |= id.len > 0 && !says;
	if (says)
		ids->request = id;
}

void ids_read(struct str line, unsigned kinds, struct line_ids *ids)
{
	*ids = (struct line_ids){ 0 };
	line = str_head(line, SCAN_LIMIT);
	uint64_t before = 0, before_bare = 0;
	size_t bare_at = line.len;
	for (size_t at = 0; at < line.len; at += BLOCK_BYTES) {
		struct byte_block block = byte_block_load(line, at);
		uint64_t dashes = byte_block_equal(&block, '-');
		if (bare_at == line.len && ids_last_dashes(dashes, before) != 0) {
			bare_at = at;
			before_bare = before;
		}
		before = dashes;
		for (uint64_t bits = byte_block_either(&block, '=', ':'); bits != 0;
			bits &= bits - 1)
			take_key(line, at + (size_t)__builtin_ctzll(bits), ids);
	}
	if (ids->trace.len == 0)
		ids_read_bracketed(line, ids);
	if (ids->request.len == 0 && ids->trace.len == 0)
		ids_read_uuid(line, bare_at, before_bare, ids);
	if (ids->request.len == 0 && ids->trace.len == 0)
		ids_read_lone(line, ids);
	if (ids->request.len == 0 && ids->trace.len == 0)
		read_worded(line, kinds, ids);
}
