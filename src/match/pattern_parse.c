/* SPDX-License-Identifier: MIT */
#include <ctype.h>

#include "src/match/pattern_parts.h"

#define LENGTH_MAX  (64 * 1024)
#define REPEATS_MAX 16 /* a{2}{3}{4}... */

bool parser_at(const struct parser *p, const char *text)
{
	return str_starts(str_of((const char *)p->at, (size_t)(p->end - p->at)), str_from(text));
}

struct node *parser_empty(struct parser *p)
{
	return node_new(p->arena, NODE_EMPTY);
}

struct node *parser_gives_up(struct parser *p)
{
	p->opaque = true;
	return parser_empty(p);
}

struct node *parser_any_text(struct parser *p)
{
	p->exact = false;
	return node_repeat(p->arena, node_set(p->arena, byte_set_line()), 0, REPEAT_ENDLESS);
}

void parser_skip_past(struct parser *p, unsigned char last)
{
	while (p->at < p->end && *p->at != last)
		p->at++;
	if (p->at >= p->end)
		p->opaque = true;
	else
		p->at++;
}

bool parse_number(struct parser *p, uint32_t *value)
{
	const unsigned char *first = p->at;
	*value = 0;
	while (p->at < p->end && isdigit(*p->at) && p->at - first < 6)
		*value = *value * 10 + (uint32_t)(*p->at++ - '0');
	return p->at > first;
}

/* What may stand between an item and its quantifier and says nothing. */
static void skip_ignored(struct parser *p, unsigned flags)
{
	while (p->at < p->end && !p->opaque) {
		if (parser_at(p, "\\E")) {
			p->at += 2;
		} else if (parser_at(p, "(?#")) {
			parser_skip_past(p, ')');
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
	if (p->quoting && parser_at(p, "\\E")) {
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

/* NULL when what was consumed asks nothing of the line and cannot be quantified. */
static struct node *parse_item(struct parser *p, unsigned *flags)
{
	struct characters any = { .bytes = byte_set_line(), .high = true };
	if (p->quoting) {
		if (!parser_at(p, "\\E"))
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
		return parser_gives_up(p); /* a quantifier of nothing */
	default:
		return literal_node(p, next_character(p), *flags);
	}
}

struct node *parse_branches(struct parser *p, unsigned flags)
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
	while (parser_at(p, "(*") && !p->opaque) {
		if (parser_at(p, "(*UTF)"))
			p->utf = true;
		else if (parser_at(p, "(*UCP)"))
			p->ucp = true;
		else if (!parser_at(p, "(*NO_START_OPT)") && !parser_at(p, "(*NO_AUTO_POSSESS)") &&
			 !parser_at(p, "(*NO_JIT)") && !parser_at(p, "(*NO_DOTSTAR_ANCHOR)") &&
			 !parser_at(p, "(*LF)"))
			p->opaque = true;
		if (!p->opaque)
			parser_skip_past(p, ')');
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
	/* A line that is not valid UTF-8 does not match at all:
	 * another thing that PCRE2 must tell. */
	p.exact = !p.utf && !p.opaque;
	*tree = parse_branches(&p, 0);
	*exact = p.exact;
	return !p.opaque && p.at == p.end;
}
