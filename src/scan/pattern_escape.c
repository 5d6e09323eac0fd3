/* SPDX-License-Identifier: MIT */
#include <ctype.h>

#include "src/scan/pattern_parts.h"

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

struct node *parse_escape(struct parser *p, unsigned flags)
{
	struct characters set;
	if (p->at >= p->end)
		return parser_gives_up(p);
	unsigned char letter = *p->at;
	uint32_t number = 0;
	switch (letter) {
	case 'A':
	case 'G':
		p->at++;
		return node_new(p->arena, NODE_LINE_START);
	case 'z':
	case 'Z':
		p->at++;
		return node_new(p->arena, NODE_LINE_END);
	case 'b':
	case 'B':
		p->at++;
		if (p->ucp) { /* what a word is, only PCRE2 knows then */
			p->exact = false;
			return parser_empty(p);
		}
		return node_new(p->arena, letter == 'b' ? NODE_WORD_EDGE : NODE_NO_WORD_EDGE);
	case 'K':
		p->at++;
		return parser_empty(p);
	case 'Q':
		p->at++;
		p->quoting = true;
		if (parser_at(p, "\\E"))
			return parser_gives_up(p);
		return NULL;
	case 'E':
		p->at++;
		return NULL;
	case 'N':
		p->at++;
		if (p->at < p->end && *p->at == '{' && !(p->end - p->at >= 2 && isdigit(p->at[1])))
			return parser_gives_up(p);
		goto any_character;
	case 'C':
		p->at++;
		if (p->utf)
			p->exact = false;
		return node_set(p->arena, byte_set_line());
	case 'R':
		p->at++;
		set = (struct characters){ .unknown_high = p->utf };
		byte_set_add_range(&set.bytes, '\v', '\r');
		if (!p->utf)
			byte_set_add(&set.bytes, 0x85);
		/* PCRE2 takes nothing back from the `.*` of `.*\R`,
		 * so it may match less than this. */
		p->exact = false;
		return characters_node(p, set);
	case 'X':
		p->at++;
		p->exact = false;
		return node_repeat(
			p->arena, node_set(p->arena, byte_set_line()), 1, REPEAT_ENDLESS);
	case 'g':
	case 'k':
		p->at++;
		return parse_reference(p);
	default:
		break;
	}
	if (letter >= '1' && letter <= '9') {
		/* From 10 on it may be octal, depending on how many groups there are. */
		if (!parse_number(p, &number) || number > 9)
			return parser_gives_up(p);
		return parser_any_text(p);
	}
	if (parse_set_escape(p, &set))
		return characters_node(p, set);
	return literal_node(p, parse_character_escape(p, false), flags);

any_character:
	set = (struct characters){ .bytes = byte_set_line(), .high = true };
	if (p->utf)
		set.bytes.words[2] = set.bytes.words[3] = 0;
	return characters_node(p, set);
}
