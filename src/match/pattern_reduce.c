/* SPDX-License-Identifier: MIT */
#include "lineup/pattern_tree.h"

#include <string.h>

/* Matches the empty string wherever it stands. */
static bool is_optional(const struct node *n)
{
	return (tree_nullable(n) & 1u) != 0;
}

static bool is_any_run(const struct node *n)
{
	if (n->kind != NODE_REPEAT || n->max != REPEAT_ENDLESS || n->items[0]->kind != NODE_SET)
		return false;
	struct byte_set line = byte_set_line();
	return memcmp(&n->items[0]->set, &line, sizeof(line)) == 0;
}

/* Look-around where nothing better is known: left out, so that more matches. */
static struct node *drop_lookaround(struct arena *a, struct node *n, bool *exact)
{
	if (n->kind == NODE_AHEAD || n->kind == NODE_BEHIND) {
		*exact = false;
		return node_new(a, NODE_EMPTY);
	}
	for (size_t i = 0; i < n->count; i++)
		n->items[i] = drop_lookaround(a, n->items[i], exact);
	return n;
}

/*
 * A line that matches prefix(?=X)rest holds prefix X; where the rest says nothing (it is optional)
 * that is the better thing to look for. Mirrored for prefix(?<=X)rest.
 */
static struct node *resolve_in_sequence(struct arena *a, struct node *n, bool *exact)
{
	for (size_t i = 0; i < n->count; i++) {
		if (n->items[i]->kind != NODE_AHEAD)
			continue;
		struct node *rest = node_part(a, n, i + 1, n->count);
		if (!is_optional(rest))
			continue;
		if (rest->count > 0)
			*exact = false;
		n->items[i] = n->items[i]->items[0];
		n = node_part(a, n, 0, i + 1);
		break;
	}
	for (size_t i = n->count; i-- > 0;) {
		if (n->items[i]->kind != NODE_BEHIND)
			continue;
		struct node *before = node_part(a, n, 0, i);
		if (!is_optional(before))
			continue;
		if (before->count > 0)
			*exact = false;
		n->items[i] = n->items[i]->items[0];
		n = node_part(a, n, i, n->count);
		break;
	}
	return drop_lookaround(a, n, exact);
}

struct node *tree_resolve_lookaround(struct arena *a, struct node *n, bool *exact)
{
	if (n->kind == NODE_AHEAD || n->kind == NODE_BEHIND)
		return drop_lookaround(a, n->items[0], exact);
	if (n->kind == NODE_SEQUENCE)
		return resolve_in_sequence(a, n, exact);
	if (n->kind == NODE_CHOICE) {
		for (size_t i = 0; i < n->count; i++)
			n->items[i] = tree_resolve_lookaround(a, n->items[i], exact);
		return n;
	}
	return drop_lookaround(a, n, exact);
}

static struct node *trim_edge(struct arena *a, struct node *n, bool right);

/* `^.*` and `.*$` ask only for what `.` asks; the edge is what lies beyond. */
static struct node *trim_sequence(struct arena *a, struct node *n, bool right)
{
	enum node_kind border = right ? NODE_LINE_END : NODE_LINE_START;
	size_t from = 0;
	size_t to = n->count;
	while (from < to) {
		size_t outer = right ? to - 1 : from;
		struct node *item = n->items[outer];
		if (item->kind == border) {
			if (to - from < 2)
				break;
			const struct node *run = n->items[right ? outer - 1 : outer + 1];
			if (!is_any_run(run))
				break;
		} else if (!is_optional(item)) {
			n->items[outer] = trim_edge(a, item, right);
			break;
		}
		if (right)
			to--;
		else
			from++;
	}
	return node_part(a, n, from, to);
}

static struct node *trim_edge(struct arena *a, struct node *n, bool right)
{
	if (is_optional(n))
		return node_new(a, NODE_EMPTY);
	switch (n->kind) {
	case NODE_SEQUENCE:
		return trim_sequence(a, n, right);
	case NODE_CHOICE: {
		struct node *choice = node_new(a, NODE_CHOICE);
		for (size_t i = 0; i < n->count; i++)
			node_add(a, choice, trim_edge(a, n->items[i], right));
		return choice;
	}
	case NODE_REPEAT:
		if (n->min == 1)
			return trim_edge(a, n->items[0], right);
		return node_repeat(a, n->items[0], n->min, n->min);
	default:
		return n;
	}
}

struct node *tree_trim(struct arena *a, struct node *n)
{
	n = tree_simplify(a, trim_edge(a, n, true));
	return tree_simplify(a, trim_edge(a, n, false));
}

struct node *tree_loosen(
	struct arena *a, struct node *n, uint32_t largest_min, uint32_t largest_max, bool *exact)
{
	for (size_t i = 0; i < n->count; i++)
		n->items[i] = tree_loosen(a, n->items[i], largest_min, largest_max, exact);
	if (n->kind != NODE_REPEAT)
		return n;
	bool large_max = n->max != REPEAT_ENDLESS && n->max > largest_max && n->max > n->min;
	bool large_min = n->min > largest_min;
	if (!large_max && !large_min)
		return n;
	*exact = false;
	return node_repeat(a, n->items[0], large_min ? largest_min : n->min, REPEAT_ENDLESS);
}

static bool is_plain(unsigned byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= 'a' && byte <= 'z') || byte == ' ' || byte == '_' || byte == '/';
}

static bool is_letter(unsigned byte)
{
	return (byte | 0x20u) >= 'a' && (byte | 0x20u) <= 'z';
}

static void write_byte(unsigned byte, struct buf *out)
{
	static const char hex[] = "0123456789abcdef";
	if (is_plain(byte))
		buf_append_byte(out, (char)byte);
	else
		buf_append(out, str_of((char[]){ '\\', 'x', hex[byte >> 4], hex[byte & 15] }, 4));
}

/* The two cases of one letter, and nothing else. */
static bool is_letter_pair(const struct node *n)
{
	return node_is_character(n) && node_small(n) != node_great(n);
}

/* May stand within (?i:...) without a change of meaning. */
static bool is_caseless(const struct node *n)
{
	return is_letter_pair(n) ||
	       (node_is_character(n) && node_small(n) < 0x80 && !is_letter(node_small(n)));
}

static void write_set(const struct node *n, struct buf *out)
{
	if (node_is_character(n) && !is_letter_pair(n)) {
		write_byte(node_small(n), out);
		return;
	}
	if (byte_set_count(&n->set) == 255) {
		buf_append_byte(out, '.');
		return;
	}
	buf_append_byte(out, '[');
	for (unsigned byte = 0; byte < 256; byte++) {
		if (!byte_set_has(&n->set, byte))
			continue;
		unsigned last = byte;
		while (last < 255 && byte_set_has(&n->set, last + 1))
			last++;
		write_byte(byte, out);
		if (last > byte) {
			buf_append_byte(out, '-');
			write_byte(last, out);
		}
		byte = last;
	}
	buf_append_byte(out, ']');
}

static void write_sequence(const struct node *n, struct buf *out)
{
	size_t i = 0;
	while (i < n->count) {
		if (!is_letter_pair(n->items[i])) {
			tree_write(n->items[i++], out);
			continue;
		}
		buf_append(out, STR("(?i:"));
		for (; i < n->count && is_caseless(n->items[i]); i++)
			write_byte(node_great(n->items[i]), out);
		buf_append_byte(out, ')');
	}
}

static void write_repeat(const struct node *n, struct buf *out)
{
	bool group = n->items[0]->kind != NODE_SET;
	if (group)
		buf_append(out, STR("(?:"));
	tree_write(n->items[0], out);
	if (group)
		buf_append_byte(out, ')');
	if (n->max == REPEAT_ENDLESS && n->min <= 1)
		buf_append_byte(out, n->min == 0 ? '*' : '+');
	else if (n->max == REPEAT_ENDLESS)
		buf_printf(out, "{%u,}", n->min);
	else if (n->min == 0 && n->max == 1)
		buf_append_byte(out, '?');
	else if (n->min == n->max)
		buf_printf(out, "{%u}", n->min);
	else
		buf_printf(out, "{%u,%u}", n->min, n->max);
}

void tree_write(const struct node *n, struct buf *out)
{
	switch (n->kind) {
	case NODE_SET:
		write_set(n, out);
		break;
	case NODE_SEQUENCE:
		write_sequence(n, out);
		break;
	case NODE_CHOICE:
		buf_append(out, STR("(?:"));
		for (size_t i = 0; i < n->count; i++) {
			if (i > 0)
				buf_append_byte(out, '|');
			tree_write(n->items[i], out);
		}
		buf_append_byte(out, ')');
		break;
	case NODE_REPEAT:
		write_repeat(n, out);
		break;
	case NODE_LINE_START:
		buf_append_byte(out, '^');
		break;
	case NODE_LINE_END:
		buf_append_byte(out, '$');
		break;
	case NODE_WORD_EDGE:
		buf_append(out, STR("\\b"));
		break;
	case NODE_NO_WORD_EDGE:
		buf_append(out, STR("\\B"));
		break;
	default: /* empty; the others do not get here */
		break;
	}
}
