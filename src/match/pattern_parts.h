/* SPDX-License-Identifier: MIT */
/*
 * The parser of PCRE2's syntax, by recursive descent: branches, items and quantifiers
 * (pattern_parse.c), what parentheses say (pattern_group.c), what a backslash says
 * (pattern_escape.c), and sets of characters: classes, letters in any case (pattern_class.c). All
 * move the parser's `at`. One that meets what it does not understand sets `opaque`, on which
 * everybody stops; one that can only say more than was meant clears `exact`. One thread at a time.
 */
#ifndef LINEUP_PATTERN_PARTS_H
#define LINEUP_PATTERN_PARTS_H

#include "lineup/pattern_tree.h"

enum parse_flag {
	PARSE_CASELESS = 1,
	PARSE_EXTENDED = 2,
	PARSE_EXTENDED_MORE = 4,
};

struct parser {
	struct arena *arena;
	const unsigned char *at;
	const unsigned char *end;
	bool utf;    /* characters, not bytes */
	bool ucp;    /* \w and such ask Unicode */
	bool exact;  /* no construct so far was taken for more than it is */
	bool opaque; /* a construct was not understood: stop */
	bool quoting;
	unsigned depth;
};

/*
 * Characters: the bytes below 0x80 one by one, those above one by one too when patterns match
 * bytes. With UTF, characters from U+0080 on are not told apart: high means "some of them".
 */
struct characters {
	struct byte_set bytes;
	bool high;
	bool unknown_high; /* which ones from 0x80 on is not known here */
	bool unknown_all;
};

/* Does the pattern go on with this text? Nothing is consumed. */
bool parser_at(const struct parser *, const char *text);

struct node *parser_empty(struct parser *);

/* Sets opaque; the node is there so that callers need not ask. */
struct node *parser_gives_up(struct parser *);

/* Some text that is known only when matching: back references, recursion. */
struct node *parser_any_text(struct parser *);

/* To behind the next `last`; opaque when there is none. */
void parser_skip_past(struct parser *, unsigned char last);

/* Decimal digits, six at most. False when there are none. */
bool parse_number(struct parser *, uint32_t *value);

/* To the end of the pattern, or to the `)` that ends its group. */
struct node *parse_branches(struct parser *, unsigned flags);

/* Behind the `(`. NULL when it was only a change of the flags. */
struct node *parse_group(struct parser *, unsigned *flags);

/* Behind the backslash, outside of a class. NULL when it asks nothing. */
struct node *parse_escape(struct parser *, unsigned flags);

/* Behind the backslash, of an escape that stands for one character: \n, \x41, \. */
uint32_t parse_character_escape(struct parser *, bool in_class);

/* After the backslash of an escape that stands for a set: \d, \S, \h, \p{...}. False when it is
 * another one; then nothing is consumed. */
bool parse_set_escape(struct parser *, struct characters *);

/* After the `[`, to behind the `]`. */
struct node *parse_class(struct parser *, unsigned flags);

/* One character of the pattern that stands for itself. */
struct node *literal_node(struct parser *, uint32_t character, unsigned flags);

/* The tree of a set; notes in the parser where it is more than was meant. */
struct node *characters_node(struct parser *, struct characters);

/* The character at `at`, which moves behind it. */
uint32_t next_character(struct parser *);

#endif
