/* SPDX-License-Identifier: MIT */
/*
 * The parts of PCRE2's syntax that stand for one character: escapes, classes, caseless letters.
 * Used by pattern_parse alone, which says with what state; one thread at a time.
 */
#ifndef LINEUP_PATTERN_CLASS_H
#define LINEUP_PATTERN_CLASS_H

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

/* After the backslash of an escape that stands for a set: \d, \S, \h, \p{...}. False when it is
 * another one; then nothing is consumed. */
bool parse_set_escape(struct parser *, struct characters *);

/* After the backslash of an escape that stands for one character: \n, \x41, \. ; sets opaque. */
uint32_t parse_character_escape(struct parser *, bool in_class);

/* After the `[`, to behind the `]`. */
struct node *parse_class(struct parser *, unsigned flags);

/* One character of the pattern that stands for itself. */
struct node *literal_node(struct parser *, uint32_t character, unsigned flags);

/* The tree of a set; notes in the parser where it is more than was meant. */
struct node *characters_node(struct parser *, struct characters);

/* The character at `at`, which moves behind it. */
uint32_t next_character(struct parser *);

#endif
