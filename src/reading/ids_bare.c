/* SPDX-License-Identifier: MIT */
/*
 * Ids that no key tells: UUIDs, and hexadecimal digits in brackets. A UUID has dashes 5, 10 and 15
 * bytes behind its first one, which next to nothing else has, so a mask of dashes and its shifts
 * leave hardly a candidate.
 */
#include "src/reading/ids_parts.h"

#define BRACKET_LIMIT  256 /* how far into a line ids in brackets are looked for */
#define LONE_LEAST     8
#define UUID_LAST_DASH 23 /* the others are 8, 13 and 18 */

/* Is there a UUID whose first group of eight starts here? */
static bool is_uuid(struct str line, size_t start)
{
	static const uint8_t groups[] = { 8, 4, 4, 4, 12 };
	size_t at = start;
	for (size_t g = 0; g < countof(groups); g++) {
		if (hex_run(line, at) != groups[g])
			return false;
		at += groups[g];
		if (g + 1 < countof(groups) && (at >= line.len || line.ptr[at++] != '-'))
			return false;
	}
	return true;
}

static bool stands_alone(struct str line, size_t start)
{
	char before = start > 0 ? line.ptr[start - 1] : ' ';
	char after = start + 36 < line.len ? line.ptr[start + 36] : ' ';
	/* a quoted word among others, as in Envoy's access log */
	if (before == '"' && after == '"' && start > 1 && line.ptr[start - 2] == ' ')
		return start + 37 >= line.len || line.ptr[start + 37] == ' ';
	return (before == ' ' || before == '[' || before == '(' || before == '|' ||
		       (before == '\t' && after == '\t')) &&
	       memchr(" ])|,\t", after, 6) != NULL;
}

/* The UUID whose last dash is at `at`. */
static bool take_uuid(struct str line, size_t at, struct line_ids *ids)
{
	size_t start = at - UUID_LAST_DASH;
	if (at < UUID_LAST_DASH || (start > 0 && ids_is_hex(line.ptr[start - 1])) ||
		!is_uuid(line, start))
		return false;
	if (start >= 4 && memcmp(line.ptr + start - 4, "req-", 4) == 0)
		ids->request = str_of(line.ptr + start - 4, 40);
	else if (stands_alone(line, start))
		ids->request = str_of(line.ptr + start, 36);
	return ids->request.len > 0;
}

void ids_read_uuid(struct str line, size_t at, uint64_t before, struct line_ids *ids)
{
	for (; at < line.len; at += BLOCK_BYTES) {
		struct byte_block block = byte_block_load(line, at);
		uint64_t dashes = byte_block_equal(&block, '-');
		for (uint64_t bits = ids_last_dashes(dashes, before); bits != 0; bits &= bits - 1) {
			if (take_uuid(line, at + (size_t)__builtin_ctzll(bits), ids))
				return;
		}
		before = dashes;
	}
}

void ids_read_bracketed(struct str line, struct line_ids *ids)
{
	struct str head = str_head(line, BRACKET_LIMIT);
	for (size_t at = 0; at < head.len; at++) {
		ptrdiff_t open = str_find_byte(str_skip(head, at), '[');
		if (open < 0)
			return;
		at += (size_t)open;
		size_t start = at + 1;
		if (hex_run(line, start) != 32) {
			while (start < line.len && ids_is_word(line.ptr[start]))
				start++;
			start += start < line.len && line.ptr[start] == ',';
		}
		size_t trace = hex_run(line, start), end = start + trace;
		char between = end < line.len ? line.ptr[end] : '\0';
		if ((trace != 32 && (trace != 16 || between != ',')) ||
			(between != ',' && between != '-') || hex_run(line, end + 1) != 16)
			continue;
		ids->trace = str_of(line.ptr + start, trace);
		ids->span = str_of(line.ptr + end + 1, 16);
		break;
	}
}

/*
 * [<trace>] or (<request>) of a pattern that prints the id and no key, in the line's head: 32 or 16
 * digits of base 16, some of each kind. Shorter ones are places in memory, commits or sums.
 */
static bool take_lone(struct str line, size_t start, char close, struct line_ids *ids)
{
	size_t len = hex_run(line, start), letters = 0;
	if (len < LONE_LEAST || start + len >= line.len || line.ptr[start + len] != close)
		return false;
	ids->digits_matter = true;
	for (size_t i = start; i < start + len; i++)
		letters += !is_digit(line.ptr[i]);
	if ((len != 16 && len != 32) || letters == 0 || letters == len)
		return false;
	struct str id = str_of(line.ptr + start, len);
	if (len == 32)
		ids->trace = id;
	else
		ids->request = id;
	return true;
}

void ids_read_lone(struct str line, struct line_ids *ids)
{
	struct str head = str_head(line, BRACKET_LIMIT);
	for (size_t at = 1; at + 1 < head.len; at++) {
		char open = head.ptr[at], before = head.ptr[at - 1];
		if ((open != '[' && open != '(') ||
			(before != ' ' && before != ']' && before != '\t'))
			continue;
		if (take_lone(line, at + 1, open == '[' ? ']' : ')', ids))
			return;
	}
}
