/* SPDX-License-Identifier: MIT */
#include "lineup/pattern_class.h"

#include <ctype.h>

/* PCRE2 has the same limit. */
#define DEPTH_MAX   250
#define LENGTH_MAX  (64 * 1024)
#define REPEATS_MAX 16 /* a{2}{3}{4}... */

static struct node *parse_branches(struct parser *p, unsigned flags);

static bool at_text(const struct parser *p, const char *text)
{
	return str_starts(str_of((const char *)p->at, (size_t)(p->end - p->at)), str_from(text));
}

static struct node *empty(struct parser *p)
{
	return node_new(p->arena, NODE_EMPTY);
}

static struct node *not_understood(struct parser *p)
{
	p->opaque = true;
	return empty(p);
}

/* Some text that is known only when matching: back references, recursion. */
static struct node *any_text(struct parser *p)
{
	p->exact = false;
	return node_repeat(p->arena, node_set(p->arena, byte_set_line()), 0, REPEAT_ENDLESS);
}

static void skip_past(struct parser *p, unsigned char last)
{
	while (p->at < p->end && *p->at != last)
		p->at++;
	if (p->at >= p->end)
		p->opaque = true;
	else
		p->at++;
}

/* What may stand between an item and its quantifier and says nothing. */
static void skip_ignored(struct parser *p, unsigned flags)
{
	while (p->at < p->end && !p->opaque) {
		if (at_text(p, "\\E")) {
			p->at += 2;
		} else if (at_text(p, "(?#")) {
			skip_past(p, ')');
		} else if ((flags & PARSE_EXTENDED) != 0 && *p->at == '#') {
			while (p->at < p->end && *p->at++ != '\n')
				;
		} else if ((flags & PARSE_EXTENDED) != 0 &&
			   (*p->at == ' ' || (*p->at >= '\t' && *p->at <= '\r'))) {
			p->at++;
		} else if ((flags & PARSE_EXTENDED) != 0 && p->utf && *p->at >= 0x80) {
			/* Unicode has white space of its own. */
			p->opaque = true;
		} else {
			break;
		}
	}
}

static bool parse_number(struct parser *p, uint32_t *value)
{
	const unsigned char *first = p->at;
	*value = 0;
	while (p->at < p->end && isdigit(*p->at) && p->at - first < 6)
		*value = *value * 10 + (uint32_t)(*p->at++ - '0');
	return p->at > first;
}

/* At `{`: consumes {n}, {n,} or {n,m}; false when the brace is text. */
static bool parse_braces(struct parser *p, uint32_t *min, uint32_t *max)
{
	const unsigned char *start = p->at++;
	/* {,n} and blanks within are text in old versions of PCRE2 and quantifiers in new ones. */
	const unsigned char *at = p->at;
	while (at < p->end && (isdigit(*at) || *at == ',' || *at == ' ' || *at == '\t'))
		at++;
	bool doubtful = at < p->end && *at == '}' && at > p->at;
	bool counted = parse_number(p, min);
	*max = *min;
	if (counted && p->at < p->end && *p->at == ',') {
		p->at++;
		if (!parse_number(p, max))
			*max = REPEAT_ENDLESS;
	}
	if (counted && p->at < p->end && *p->at == '}') {
		p->at++;
		return true;
	}
	p->opaque |= doubtful;
	p->at = start;
	return false;
}

static struct node *parse_quantifier(struct parser *p, unsigned flags, struct node *item)
{
	if (p->quoting && at_text(p, "\\E")) {
		p->at += 2;
		p->quoting = false;
	}
	if (p->quoting)
		return item;
	for (int repeats = 0;; repeats++) {
		skip_ignored(p, flags);
		p->opaque |= repeats > REPEATS_MAX;
		if (p->at >= p->end || p->opaque)
			return item;
		uint32_t min = 0;
		uint32_t max = REPEAT_ENDLESS;
		if (*p->at == '{') {
			if (!parse_braces(p, &min, &max))
				return item;
		} else if (*p->at == '*' || *p->at == '+' || *p->at == '?') {
			min = *p->at == '+' ? 1 : 0;
			max = *p->at == '?' ? 1 : REPEAT_ENDLESS;
			p->at++;
		} else {
			return item;
		}
		if (p->at < p->end && *p->at == '+') {
			p->exact = false; /* possessive: gives nothing back */
			p->at++;
		} else if (p->at < p->end && *p->at == '?') {
			p->at++;
		}
		item = node_repeat(p->arena, item, min, max);
	}
}

static struct node *parse_group_body(struct parser *p, unsigned flags)
{
	struct node *body = parse_branches(p, flags);
	if (p->at >= p->end || *p->at != ')')
		return not_understood(p);
	p->at++;
	return body;
}

/* Behind `(?(`: what the condition asks is not known, so both ways are open. */
static struct node *parse_conditional(struct parser *p, unsigned flags)
{
	p->exact = false;
	bool define = at_text(p, "DEFINE)");
	if (p->at < p->end && *p->at == '*')
		return not_understood(p);
	if (p->at < p->end && *p->at == '?') {
		p->at++;
		if (p->at < p->end && *p->at == '<')
			p->at++;
		if (p->at >= p->end || (*p->at != '=' && *p->at != '!'))
			return not_understood(p);
		p->at++;
		parse_group_body(p, flags);
	} else {
		skip_past(p, ')');
	}
	struct node *body = parse_group_body(p, flags);
	if (define)
		return empty(p);
	struct node *choice = node_new(p->arena, NODE_CHOICE);
	node_add(p->arena, choice, body);
	node_add(p->arena, choice, empty(p));
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
			return not_understood(p);
		}
		changed = on ? changed | flag : changed & ~flag;
	}
	if (p->at >= p->end)
		return not_understood(p);
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
	return empty(p);
}

/* Behind `(?`. NULL when it was only a change of flags. */
static struct node *parse_special_group(struct parser *p, unsigned *flags)
{
	if (p->at >= p->end)
		return not_understood(p);
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
		skip_past(p, '\'');
		return parse_group_body(p, *flags);
	case '<':
		p->at++;
		if (second == '=' || second == '!') {
			p->at++;
			return parse_look(p, *flags, NODE_BEHIND, second == '!');
		}
		skip_past(p, '>');
		return parse_group_body(p, *flags);
	case 'P':
		if (second == '<') {
			p->at += 2;
			skip_past(p, '>');
			return parse_group_body(p, *flags);
		}
		skip_past(p, ')'); /* (?P=name) and (?P>name) */
		return any_text(p);
	case '(':
		p->at++;
		return parse_conditional(p, *flags);
	case 'R':
	case '&':
		skip_past(p, ')');
		return any_text(p);
	default:
		if (isdigit(kind) || ((kind == '+' || kind == '-') && isdigit(second))) {
			skip_past(p, ')');
			return any_text(p);
		}
		return parse_inline_flags(p, flags);
	}
}

static struct node *parse_group(struct parser *p, unsigned *flags)
{
	if (++p->depth > DEPTH_MAX)
		return not_understood(p);
	struct node *n = NULL;
	if (p->at < p->end && *p->at == '*') {
		n = not_understood(p); /* verbs such as (*SKIP), (*ACCEPT) and (*pla:...) */
	} else if (p->at < p->end && *p->at == '?') {
		p->at++;
		n = parse_special_group(p, flags);
	} else {
		n = parse_group_body(p, *flags);
	}
	p->depth--;
	return n;
}

/* \g and \k: which text they stand for is known only when matching. */
static struct node *parse_reference(struct parser *p)
{
	unsigned char open = p->at < p->end ? *p->at : 0;
	if (open == '{' || open == '<' || open == '\'') {
		p->at++;
		skip_past(p, open == '{' ? '}' : open == '<' ? '>' : '\'');
		return any_text(p);
	}
	if (open == '+' || open == '-')
		p->at++;
	uint32_t number = 0;
	return parse_number(p, &number) ? any_text(p) : not_understood(p);
}

/* Behind the backslash. NULL when it asks nothing. */
static struct node *parse_escape(struct parser *p, unsigned flags)
{
	struct characters set;
	if (p->at >= p->end)
		return not_understood(p);
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
			return empty(p);
		}
		return node_new(p->arena, letter == 'b' ? NODE_WORD_EDGE : NODE_NO_WORD_EDGE);
	case 'K':
		p->at++;
		return empty(p);
	case 'Q':
		p->at++;
		p->quoting = true;
		if (at_text(p, "\\E"))
			return not_understood(p);
		return NULL;
	case 'E':
		p->at++;
		return NULL;
	case 'N':
		p->at++;
		if (p->at < p->end && *p->at == '{' && !(p->end - p->at >= 2 && isdigit(p->at[1])))
			return not_understood(p);
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
		/* PCRE2 takes nothing back from the `.*` of `.*\R`, so it may match less than this. */
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
			return not_understood(p);
		return any_text(p);
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

/* NULL when what was consumed asks nothing of the line and cannot be quantified. */
static struct node *parse_item(struct parser *p, unsigned *flags)
{
	struct characters any = { .bytes = byte_set_line(), .high = true };
	if (p->quoting) {
		if (!at_text(p, "\\E"))
			return literal_node(p, next_character(p), *flags);
		p->at += 2;
		p->quoting = false;
		return NULL;
	}
	switch (*p->at) {
	case '^':
		p->at++;
		return node_new(p->arena, NODE_LINE_START);
	case '$':
		p->at++;
		return node_new(p->arena, NODE_LINE_END);
	case '.':
		p->at++;
		if (p->utf)
			any.bytes.words[2] = any.bytes.words[3] = 0;
		return characters_node(p, any);
	case '[':
		p->at++;
		return parse_class(p, *flags);
	case '(':
		p->at++;
		return parse_group(p, flags);
	case '\\':
		p->at++;
		return parse_escape(p, *flags);
	case '*':
	case '+':
	case '?':
		return not_understood(p); /* a quantifier of nothing */
	default:
		return literal_node(p, next_character(p), *flags);
	}
}

static struct node *parse_branches(struct parser *p, unsigned flags)
{
	struct node *choice = node_new(p->arena, NODE_CHOICE);
	struct node *branch = node_new(p->arena, NODE_SEQUENCE);
	while (!p->opaque) {
		if (!p->quoting)
			skip_ignored(p, flags);
		if (p->at >= p->end || (!p->quoting && *p->at == ')'))
			break;
		if (!p->quoting && *p->at == '|') {
			p->at++;
			node_add(p->arena, choice, branch);
			branch = node_new(p->arena, NODE_SEQUENCE);
			continue;
		}
		struct node *item = parse_item(p, &flags);
		if (item != NULL && !p->opaque)
			node_add(p->arena, branch, parse_quantifier(p, flags, item));
	}
	node_add(p->arena, choice, branch);
	return choice;
}

/* Settings such as (*UTF) at the very start. */
static void parse_settings(struct parser *p)
{
	while (at_text(p, "(*") && !p->opaque) {
		if (at_text(p, "(*UTF)"))
			p->utf = true;
		else if (at_text(p, "(*UCP)"))
			p->ucp = true;
		else if (!at_text(p, "(*NO_START_OPT)") && !at_text(p, "(*NO_AUTO_POSSESS)") &&
			 !at_text(p, "(*NO_JIT)") && !at_text(p, "(*NO_DOTSTAR_ANCHOR)") &&
			 !at_text(p, "(*LF)"))
			p->opaque = true;
		if (!p->opaque)
			skip_past(p, ')');
	}
}

bool pattern_parse(struct arena *arena, struct str text, struct node **tree, bool *exact)
{
	struct parser p = { .arena = arena, .exact = true };
	p.at = (const unsigned char *)text.ptr;
	p.end = p.at + text.len;
	if (text.len > LENGTH_MAX)
		return false;
	if (text.len > 0)
		parse_settings(&p);
	/* A line that is not valid UTF-8 does not match at all: another thing that PCRE2 must tell. */
	p.exact = !p.utf && !p.opaque;
	*tree = parse_branches(&p, 0);
	*exact = p.exact;
	return !p.opaque && p.at == p.end;
}
