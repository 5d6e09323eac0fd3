/* SPDX-License-Identifier: MIT */
#include <ctype.h>

#include "src/match/pattern_parts.h"

/* pcre2's built-in tables are those of the C locale. */
struct byte_range {
	unsigned char first;
	unsigned char last;
};

static const struct posix_class {
	const char *name;
	struct byte_range ranges[5];
} posix_classes[] = {
	{ "alpha", { { 'A', 'Z' }, { 'a', 'z' } } },
	{ "lower", { { 'a', 'z' } } },
	{ "upper", { { 'A', 'Z' } } },
	{ "alnum", { { '0', '9' }, { 'A', 'Z' }, { 'a', 'z' } } },
	{ "ascii", { { 1, 127 } } }, /* and NUL, see below */
	{ "blank", { { '\t', '\t' }, { ' ', ' ' } } },
	{ "cntrl", { { 1, 31 }, { 127, 127 } } },
	{ "digit", { { '0', '9' } } },
	{ "graph", { { '!', '~' } } },
	{ "print", { { ' ', '~' } } },
	{ "punct", { { '!', '/' }, { ':', '@' }, { '[', '`' }, { '{', '~' } } },
	{ "space", { { '\t', '\r' }, { ' ', ' ' } } },
	{ "word", { { '0', '9' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' } } },
	{ "xdigit", { { '0', '9' }, { 'A', 'F' }, { 'a', 'f' } } },
};

static void add_ranges(struct byte_set *set, const struct byte_range *ranges, size_t count)
{
	for (size_t i = 0; i < count && ranges[i].last != 0; i++)
		byte_set_add_range(set, ranges[i].first, ranges[i].last);
}

static bool add_posix(struct byte_set *set, struct str name)
{
	for (size_t i = 0; i < countof(posix_classes); i++) {
		const struct posix_class *c = &posix_classes[i];
		if (!str_equal(name, str_from(c->name)))
			continue;
		add_ranges(set, c->ranges, countof(c->ranges));
		if (str_equal(name, STR("ascii")) || str_equal(name, STR("cntrl")))
			byte_set_add(set, 0);
		return true;
	}
	return false;
}

/* Turns a set of bytes into all characters that are not in it. */
static void invert(const struct parser *p, struct characters *c)
{
	byte_set_invert(&c->bytes);
	if (p->utf) {
		struct byte_set ascii = { { UINT64_MAX, UINT64_MAX, 0, 0 } };
		for (size_t i = 0; i < countof(ascii.words); i++)
			c->bytes.words[i] &= ascii.words[i];
		c->high = true; /* even if some of them are out, others are in */
	}
}

static void join(struct characters *into, const struct characters *from)
{
	byte_set_join(&into->bytes, &from->bytes);
	into->high |= from->high;
	into->unknown_high |= from->unknown_high;
	into->unknown_all |= from->unknown_all;
}

uint32_t next_character(struct parser *p)
{
	uint32_t c = *p->at++;
	if (!p->utf || c < 0xc0)
		return c;
	unsigned more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
	c &= 0x3fu >> more;
	for (; more > 0 && p->at < p->end; more--)
		c = c << 6 | (*p->at++ & 0x3fu);
	return c;
}

/* \p{Name}, \pL and the like: which characters these are is left to PCRE2. */
static void skip_property(struct parser *p)
{
	if (p->at >= p->end) {
		p->opaque = true;
		return;
	}
	if (*p->at++ != '{')
		return;
	while (p->at < p->end && *p->at != '}')
		p->at++;
	if (p->at >= p->end)
		p->opaque = true;
	else
		p->at++;
}

bool parse_set_escape(struct parser *p, struct characters *c)
{
	static const struct byte_range digit[] = { { '0', '9' } };
	static const struct byte_range space[] = { { '\t', '\r' }, { ' ', ' ' } };
	static const struct byte_range word[] = { { '0', '9' }, { 'A', 'Z' }, { '_', '_' },
		{ 'a', 'z' } };
	static const struct byte_range blank[] = { { '\t', '\t' }, { ' ', ' ' } };
	static const struct byte_range vertical[] = { { '\n', '\r' } };

	*c = (struct characters){ .unknown_high = p->ucp };
	unsigned char letter = p->at < p->end ? *p->at : 0;
	switch (letter | 0x20) {
	case 'd':
		add_ranges(&c->bytes, digit, countof(digit));
		break;
	case 's':
		add_ranges(&c->bytes, space, countof(space));
		break;
	case 'w':
		add_ranges(&c->bytes, word, countof(word));
		break;
	case 'h':
	case 'v':
		if ((letter | 0x20) == 'h')
			add_ranges(&c->bytes, blank, countof(blank));
		else
			add_ranges(&c->bytes, vertical, countof(vertical));
		c->unknown_high = p->utf;
		if (!p->utf)
			byte_set_add(&c->bytes, (letter | 0x20) == 'h' ? 0xa0 : 0x85);
		break;
	case 'p':
		p->at++;
		skip_property(p);
		c->unknown_all = true;
		return true;
	default:
		return false;
	}
	p->at++;
	if (letter < 'a')
		invert(p, c);
	return true;
}

/* U+212A and U+017F are the other case of k and s. */
static bool has_high_case(uint32_t c)
{
	return c == 'k' || c == 'K' || c == 's' || c == 'S';
}

static void add_character(const struct parser *p, struct characters *set, uint32_t c, bool caseless)
{
	if (c >= 0x100 || (p->utf && c >= 0x80)) {
		set->high = true;
		set->unknown_high = true;
		set->unknown_all |= caseless;
		return;
	}
	byte_set_add(&set->bytes, c);
	if (!caseless)
		return;
	if (c < 0x80 && isalpha((int)c))
		byte_set_add(&set->bytes, c ^ 0x20u);
	set->unknown_high |= (p->utf && has_high_case(c)) || (p->ucp && c >= 0x80);
}

static void add_character_range(const struct parser *p, struct characters *set, uint32_t first,
	uint32_t last, bool caseless)
{
	if (last >= 0x80 && p->utf) {
		add_character(p, set, last, caseless);
		last = 0x7f;
	}
	for (uint32_t c = first; c <= last && c < 0x100; c++)
		add_character(p, set, c, caseless);
}

static struct node *high_node(struct arena *a)
{
	struct byte_set lead = { { 0 } };
	struct byte_set tail = { { 0 } };
	byte_set_add_range(&lead, 0xc2, 0xf4);
	byte_set_add_range(&tail, 0x80, 0xbf);
	struct node *n = node_new(a, NODE_SEQUENCE);
	node_add(a, n, node_set(a, lead));
	node_add(a, n, node_repeat(a, node_set(a, tail), 1, 3));
	return n;
}

struct node *characters_node(struct parser *p, struct characters c)
{
	if (c.unknown_all) {
		p->exact = false;
		byte_set_add_range(&c.bytes, 0, p->utf ? 0x7f : 0xff);
		c.high = true;
	} else if (c.unknown_high) {
		p->exact = false;
		if (!p->utf)
			byte_set_add_range(&c.bytes, 0x80, 0xff);
		c.high = true;
	}
	struct node *low = node_set(p->arena, c.bytes);
	if (!p->utf || !c.high)
		return low;
	struct node *n = node_new(p->arena, NODE_CHOICE);
	node_add(p->arena, n, low);
	node_add(p->arena, n, high_node(p->arena));
	return n;
}

/* The UTF-8 form of one character, as one thing that a quantifier may follow. */
static struct node *encoded_node(struct parser *p, uint32_t c)
{
	struct node *n = node_new(p->arena, NODE_SEQUENCE);
	unsigned more = c >= 0x10000 ? 3 : c >= 0x800 ? 2 : 1;
	static const unsigned lead[] = { 0, 0xc0, 0xe0, 0xf0 };
	node_add(p->arena, n, node_byte(p->arena, (lead[more] | c >> (6 * more)) & 0xffu));
	while (more-- > 0)
		node_add(p->arena, n, node_byte(p->arena, 0x80u | (c >> (6 * more) & 0x3fu)));
	return n;
}

struct node *literal_node(struct parser *p, uint32_t c, unsigned flags)
{
	bool caseless = (flags & PARSE_CASELESS) != 0;
	if (c < 0x80 && !caseless)
		return node_byte(p->arena, c);
	if (p->utf && c >= 0x80 && !caseless)
		return encoded_node(p, c);
	if (!p->utf && c >= 0x100) {
		p->opaque = true;
		return node_new(p->arena, NODE_EMPTY);
	}
	struct characters set = { .high = false };
	add_character(p, &set, c, caseless);
	if (set.unknown_all) { /* a letter beyond ASCII: its other cases are beyond too, or k, s */
		set.unknown_all = false;
		byte_set_add(&set.bytes, 'k');
		byte_set_add(&set.bytes, 'K');
		byte_set_add(&set.bytes, 's');
		byte_set_add(&set.bytes, 'S');
	}
	return characters_node(p, set);
}

/* As PCRE2's check_posix_syntax: is this `[:` the start of `[:name:]`? Returns behind it. */
static const unsigned char *posix_end(const struct parser *p)
{
	unsigned char mark = p->at[1];
	for (const unsigned char *at = p->at + 2; p->end - at >= 2; at++) {
		if (*at == '\\' && (at[1] == ']' || at[1] == '\\'))
			at++;
		else if ((*at == '[' && at[1] == mark) || *at == ']')
			return NULL;
		else if (*at == mark && at[1] == ']')
			return at + 2;
	}
	return NULL;
}

/* At `[:`; false when it is not a POSIX class but text. */
static bool parse_posix(struct parser *p, struct characters *set, unsigned flags)
{
	if (p->end - p->at < 2 || (p->at[1] != ':' && p->at[1] != '.' && p->at[1] != '='))
		return false;
	const unsigned char *behind = posix_end(p);
	if (behind == NULL)
		return false;
	const unsigned char *first = p->at + 2;
	bool negated = *first == '^';
	first += negated ? 1 : 0;
	struct str name = str_of((const char *)first, (size_t)(behind - 2 - first));
	if ((flags & PARSE_CASELESS) != 0 &&
		(str_equal(name, STR("lower")) || str_equal(name, STR("upper"))))
		name = STR("alpha");
	struct characters c = { .unknown_high = p->ucp || p->utf };
	if (p->at[1] != ':' || !add_posix(&c.bytes, name))
		p->opaque = true;
	/* With UCP the classes of ASCII punctuation and print differ too. */
	c.unknown_all = p->ucp;
	if (negated)
		invert(p, &c);
	join(set, &c);
	p->at = behind;
	return true;
}

/* A class item that is one character, which may start or end a range. */
static uint32_t class_character(struct parser *p)
{
	if (*p->at != '\\')
		return next_character(p);
	p->at++;
	if (p->at < p->end && (*p->at == 'Q' || *p->at == 'E')) {
		p->opaque = true;
		return 0;
	}
	return parse_character_escape(p, true);
}

static bool at_set_escape(const struct parser *p)
{
	return p->end - p->at >= 2 && p->at[0] == '\\' && p->at[1] < 0x80 &&
	       memchr("dDsSwWhHvVpP", p->at[1], 12) != NULL;
}

static void parse_class_item(struct parser *p, struct characters *set, unsigned flags)
{
	if (*p->at == '[' && parse_posix(p, set, flags))
		return;
	if (at_set_escape(p)) {
		struct characters c;
		p->at++;
		parse_set_escape(p, &c);
		join(set, &c);
		return;
	}
	uint32_t first = class_character(p);
	uint32_t last = first;
	bool blank = (flags & PARSE_EXTENDED_MORE) != 0;
	if (blank && p->end - p->at >= 2 && p->at[0] == ' ' && p->at[1] == '-')
		p->opaque = true;
	if (p->end - p->at >= 2 && p->at[0] == '-' && p->at[1] != ']') {
		const unsigned char *hyphen = p->at++;
		bool posix = *p->at == '[' && p->end - p->at >= 2 && p->at[1] == ':';
		if (blank && (*p->at == ' ' || *p->at == '\t'))
			p->opaque = true;
		if (at_set_escape(p) || posix)
			p->at = hyphen; /* the hyphen is text */
		else
			last = class_character(p);
	}
	if (last < first)
		p->opaque = true;
	else
		add_character_range(p, set, first, last, (flags & PARSE_CASELESS) != 0);
}

struct node *parse_class(struct parser *p, unsigned flags)
{
	struct characters set = { .high = false };
	bool negated = p->at < p->end && *p->at == '^';
	p->at += negated ? 1 : 0;
	/* [[:<:]] and [[:>:]] are tests, not sets. */
	if (p->end - p->at >= 4 && p->at[0] == '[' && p->at[1] == ':' &&
		(p->at[2] == '<' || p->at[2] == '>'))
		p->opaque = true;
	bool first = true;
	while (!p->opaque) {
		if (p->at >= p->end) {
			p->opaque = true;
			break;
		}
		if (*p->at == ']' && !first)
			break;
		bool skipped =
			(flags & PARSE_EXTENDED_MORE) != 0 && (*p->at == ' ' || *p->at == '\t');
		if (skipped)
			p->at++;
		else
			parse_class_item(p, &set, flags);
		first = first && skipped;
	}
	if (p->opaque)
		return node_new(p->arena, NODE_EMPTY);
	p->at++;
	if (negated)
		invert(p, &set);
	return characters_node(p, set);
}
