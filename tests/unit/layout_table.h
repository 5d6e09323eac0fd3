/* SPDX-License-Identifier: MIT */
/* The table of layouts, a row a file of some known software, for the tests that go through it. */
#ifndef LINEUP_TESTS_LAYOUT_TABLE_H
#define LINEUP_TESTS_LAYOUT_TABLE_H

#include "lineup/str.h"

#define LAYOUT_TABLE "tests/golden/layouts.tsv"

/* The text of a row with \n, \t and \e resolved and a line feed at the end; out has room for
 * text.len + 1. */
static inline size_t layout_unescape(struct str text, char *out)
{
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '\\' && i + 1 < text.len) {
			c = text.ptr[++i];
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'e' ? '\x1b' : c;
		}
		out[len++] = c;
	}
	out[len++] = '\n';
	return len;
}

#endif
