/* SPDX-License-Identifier: MIT */
#include <ctype.h>

#include "src/match/pattern_parts.h"

/* PCRE2 has the same limit. */
#define DEPTH_MAX 250

static struct node *parse_group_body(struct parser *p, unsigned flags)
{
	struct node *body = parse_branches(p, flags);
	if (p->at >= p->end || *p->at != ')')
		return parser_gives_up(p);
	p->at++;
	return body;
}

/* Behind `(?(`: what the condition asks is not known, so both ways are open. */
static struct node *parse_conditional(struct parser *p, unsigned flags)
{
	p->exact = false;
	bool define = parser_at(p, "DEFINE)");
	if (p->at < p->end && *p->at == '*')
		return parser_gives_up(p);
	if (p->at < p->end && *p->at == '?') {
		p->at++;
		if (p->at < p->end && *p->at == '<')
			p->at++;
		if (p->at >= p->end || (*p->at != '=' && *p->at != '!'))
			return parser_gives_up(p);
		p->at++;
		parse_group_body(p, flags);
	} else {
		parser_skip_past(p, ')');
	}
	struct node *body = parse_group_body(p, flags);
	if (define)
		return parser_empty(p);
	struct node *choice = node_new(p->arena, NODE_CHOICE);
	node_add(p->arena, choice, body);
	node_add(p->arena, choice, parser_empty(p));
	return choice;
}

/* Behind `(?` at letters: sets flags to the end of the group, or for a group of its own. */
static struct node *parse_inline_flags(struct parser *p, unsigned *flags)
{
	unsigned changed = *flags;
	bool on = true;
	if (p->at < p->end && *p->at == '^') {
		changed = 0;
		p->at++;
	}
	for (; p->at < p->end && *p->at != ')' && *p->at != ':'; p->at++) {
		unsigned flag = 0;
		switch (*p->at) {
		case '-':
			on = false;
			continue;
		case 'i':
			flag = PARSE_CASELESS;
			break;
		case 'x':
			flag = PARSE_EXTENDED;
			if (!on)
				flag |= PARSE_EXTENDED_MORE;
			else if (p->end - p->at >= 2 && p->at[1] == 'x')
				flag |= PARSE_EXTENDED_MORE;
			else
				changed &= ~(unsigned)PARSE_EXTENDED_MORE;
			if (p->end - p->at >= 2 && p->at[1] == 'x')
				p->at++;
			break;
		case 'm': /* on one line these make no difference to whether it matches */
		case 's':
		case 'n':
		case 'J':
		case 'U':
			break;
		default:
			return parser_gives_up(p);
		}
		changed = on ? changed | flag : changed & ~flag;
	}
	if (p->at >= p->end)
		return parser_gives_up(p);
	if (*p->at++ == ':')
		return parse_group_body(p, changed);
	*flags = changed;
	return NULL;
}

/* Negative look-around is left to the confirmation. */
static struct node *parse_look(struct parser *p, unsigned flags, enum node_kind kind, bool negative)
{
	struct node *body = parse_group_body(p, flags);
	if (!negative)
		return node_wrap(p->arena, kind, body);
	p->exact = false;
	return parser_empty(p);
}

/* Behind `(?`. NULL when it was only a change of flags. */
static struct node *parse_special_group(struct parser *p, unsigned *flags)
{
	if (p->at >= p->end)
		return parser_gives_up(p);
	unsigned char kind = *p->at;
	unsigned char second = p->end - p->at >= 2 ? p->at[1] : 0;
	switch (kind) {
	case ':':
	case '|':
		p->at++;
		return parse_group_body(p, *flags);
	case '>':
		p->at++;
		p->exact = false;
		return parse_group_body(p, *flags);
	case '=':
	case '!':
		p->at++;
		return parse_look(p, *flags, NODE_AHEAD, kind == '!');
	case '\'':
		p->at++;
		parser_skip_past(p, '\'');
		return parse_group_body(p, *flags);
	case '<':
		p->at++;
		if (second == '=' || second == '!') {
			p->at++;
			return parse_look(p, *flags, NODE_BEHIND, second == '!');
		}
		parser_skip_past(p, '>');
		return parse_group_body(p, *flags);
	case 'P':
		if (second == '<') {
			p->at += 2;
			parser_skip_past(p, '>');
			return parse_group_body(p, *flags);
		}
		parser_skip_past(p, ')'); /* (?P=name) and (?P>name) */
		return parser_any_text(p);
	case '(':
		p->at++;
		return parse_conditional(p, *flags);
	case 'R':
	case '&':
		parser_skip_past(p, ')');
		return parser_any_text(p);
	default:
		if (isdigit(kind) || ((kind == '+' || kind == '-') && isdigit(second))) {
			parser_skip_past(p, ')');
			return parser_any_text(p);
		}
		return parse_inline_flags(p, flags);
	}
}

struct node *parse_group(struct parser *p, unsigned *flags)
{
	if (++p->depth > DEPTH_MAX)
		return parser_gives_up(p);
	struct node *n = NULL;
	if (p->at < p->end && *p->at == '*') {
		n = parser_gives_up(p); /* verbs such as (*SKIP), (*ACCEPT) and (*pla:...) */
	} else if (p->at < p->end && *p->at == '?') {
		p->at++;
		n = parse_special_group(p, flags);
	} else {
		n = parse_group_body(p, *flags);
	}
	p->depth--;
	return n;
}
