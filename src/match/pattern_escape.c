/* SPDX-License-Identifier: MIT */
#include <ctype.h>

#include "src/match/pattern_parts.h"

static uint32_t parse_hex(struct parser *p)
{
	uint32_t value = 0;
	if (p->at < p->end && *p->at == '{') {
		const unsigned char *first = ++p->at;
		while (p->at < p->end && isxdigit(*p->at) && p->at - first < 8)
			value = value << 4 |
				(uint32_t)(isdigit(*p->at) ? *p->at - '0'
							   : (*p->at | 0x20) - 'a' + 10),
			p->at++;
		if (p->at == first || p->at >= p->end || *p->at != '}')
			p->opaque = true;
		else
			p->at++;
		return value;
	}
	for (int digits = 0; digits < 2 && p->at < p->end && isxdigit(*p->at); digits++, p->at++)
		value = value << 4 |
			(uint32_t)(isdigit(*p->at) ? *p->at - '0' : (*p->at | 0x20) - 'a' + 10);
	return value;
}

static uint32_t parse_octal(struct parser *p, int most_digits)
{
	uint32_t value = 0;
	for (int i = 0; i < most_digits && p->at < p->end && *p->at >= '0' && *p->at <= '7'; i++)
		value = value * 8 + (uint32_t)(*p->at++ - '0');
	return value;
}

uint32_t parse_character_escape(struct parser *p, bool in_class)
{
	if (p->at >= p->end) {
		p->opaque = true;
		return 0;
	}
	if (*p->at >= 0x80)
		return next_character(p);
	unsigned char letter = *p->at++;
	switch (letter) {
	case 'a':
		return '\a';
	case 'b':
		p->opaque |= !in_class;
		return '\b';
	case 'e':
		return 0x1b;
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case '0':
		return parse_octal(p, 2);
	case 'x':
		return parse_hex(p);
	case 'c':
		if (p->at >= p->end || *p->at < 0x20 || *p->at > 0x7e) {
			p->opaque = true;
			return 0;
		}
		return (uint32_t)toupper(*p->at++) ^ 0x40u;
	default:
		/* \1 in a class and other letters: too rare to be worth knowing. */
		p->opaque |= isalnum(letter) != 0;
		return letter;
	}
}

/* \g and \k: which text they stand for is known only when matching. */
static struct node *parse_reference(struct parser *p)
{
	unsigned char open = p->at < p->end ? *p->at : 0;
	if (open == '{' || open == '<' || open == '\'') {
		p->at++;
		parser_skip_past(p, open == '{' ? '}' : open == '<' ? '>' : '\'');
		return parser_any_text(p);
	}
	if (open == '+' || open == '-')
		p->at++;
	uint32_t number = 0;
	return parse_number(p, &number) ? parser_any_text(p) : parser_gives_up(p);
}

/* Any one character that is no line end. */
static struct node *any_character(struct parser *p)
{
	struct characters set = { .bytes = byte_set_line(), .high = true };
	if (p->utf)
		set.bytes.words[2] = set.bytes.words[3] = 0;
	return characters_node(p, set);
}

/* A line end; PCRE2 takes nothing back from the `.*` of `.*\R`, so it may match less than this. */
static struct node *line_end(struct parser *p)
{
	struct characters set = { .unknown_high = p->utf };
	byte_set_add_range(&set.bytes, '\v', '\r');
	if (!p->utf)
		byte_set_add(&set.bytes, 0x85);
	p->exact = false;
	return characters_node(p, set);
}

/* An edge of a word; what a word is under UCP only PCRE2 knows. */
static struct node *word_edge(struct parser *p, enum node_kind kind)
{
	if (!p->ucp)
		return node_new(p->arena, kind);
	p->exact = false;
	return parser_empty(p);
}

/* The letters that stand for no character or set of their own, with *p->at behind the letter.
 * False: it is none of these, and nothing was done. *node is NULL where nothing is to be matched.
 */
static bool parse_letter(struct parser *p, unsigned char letter, struct node **node)
{
	*node = NULL;
	switch (letter) {
	case 'A':
	case 'G':
		*node = node_new(p->arena, NODE_LINE_START);
		break;
	case 'z':
	case 'Z':
		*node = node_new(p->arena, NODE_LINE_END);
		break;
	case 'b':
	case 'B':
		*node = word_edge(p, letter == 'b' ? NODE_WORD_EDGE : NODE_NO_WORD_EDGE);
		break;
	case 'K':
		*node = parser_empty(p);
		break;
	case 'Q':
		p->quoting = true;
		if (parser_at(p, "\\E"))
			*node = parser_gives_up(p);
		break;
	case 'E':
		break;
	case 'N': /* but \N{U+41} and the like */
		*node = p->at < p->end && *p->at == '{' &&
					!(p->end - p->at >= 2 && isdigit(p->at[1]))
				? parser_gives_up(p)
				: any_character(p);
		break;
	case 'C':
		p->exact = p->exact && !p->utf;
		*node = node_set(p->arena, byte_set_line());
		break;
	case 'R':
		*node = line_end(p);
		break;
	case 'X':
		p->exact = false;
		*node = node_repeat(
			p->arena, node_set(p->arena, byte_set_line()), 1, REPEAT_ENDLESS);
		break;
	case 'g':
	case 'k':
		*node = parse_reference(p);
		break;
	default:
		return false;
	}
	return true;
}

struct node *parse_escape(struct parser *p, unsigned flags)
{
	struct characters set;
	struct node *node;
	if (p->at >= p->end)
		return parser_gives_up(p);
	unsigned char letter = *p->at++;
	uint32_t number = 0;
	if (parse_letter(p, letter, &node))
		return node;
	p->at--;
	if (letter >= '1' && letter <= '9') {
		/* From 10 on it may be octal, depending on how many groups there are. */
		if (!parse_number(p, &number) || number > 9)
			return parser_gives_up(p);
		return parser_any_text(p);
	}
	if (parse_set_escape(p, &set))
		return characters_node(p, set);
	return literal_node(p, parse_character_escape(p, false), flags);
}
