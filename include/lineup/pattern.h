/* SPDX-License-Identifier: MIT */
/*
 * What a pattern asks of a line, said again in the small part of regular expressions on which
 * PCRE2 and Hyperscan agree, so that it may be tried on many lines at once.
 *
 * In: one pattern in PCRE2's syntax that PCRE2 has accepted. Out: a verdict and, where Hyperscan
 * can help, a pattern for it (flags: HS_FLAG_MULTILINE; HS_FLAG_ALLOWEMPTY with matches_empty)
 * that never consumes a line feed, has no flags, captures or greed, and matches within a chunk
 * exactly in the lines where the pattern matches the line alone (PATTERN_EXACT), or in those and
 * some more (PATTERN_SUPERSET). All text is owned by the arena. Pure; any thread.
 */
#ifndef LINEUP_PATTERN_H
#define LINEUP_PATTERN_H

#include "lineup/pattern_beside.h"

enum pattern_verdict {
	PATTERN_EXACT,
	PATTERN_SUPERSET, /* hits must be confirmed */
	PATTERN_ALWAYS,	  /* every line matches, the empty one too */
	PATTERN_NEVER,	  /* no line can match: it wants a line feed, for example */
	PATTERN_OPAQUE,	  /* not understood, or too large: only PCRE2 can tell, line by line */
};

struct pattern {
	enum pattern_verdict verdict;
	bool matches_empty;   /* the empty line is among its lines */
	uint32_t weight;      /* about how many states it needs */
	size_t literal_len;   /* of the longest plain text in every match */
	struct node *tree;    /* what to look for; NULL: not known */
	struct follow follow; /* a match of `tree` that is not followed so is none of the pattern */
	struct needle needle; /* and no line without this text, */
	struct needle digits; /* nor without this one */
};

/*
 * Heavier patterns than the goal have their large repeats made endless, which is looked for faster
 * and confirmed at the hit; what then is still heavier than the most is opaque.
 */
#define PATTERN_WEIGHT_GOAL 150
#define PATTERN_WEIGHT_MAX  6000

void pattern_analyse(struct arena *, struct str text, struct pattern *);

/* The pattern for Hyperscan, NUL-terminated, of EXACT and SUPERSET; of others empty. */
struct str pattern_write(struct arena *, const struct pattern *);

/* The same for a substring; never opaque but when it is longer than the weight allows. */
void pattern_analyse_literal(struct arena *, struct str text, struct pattern *);

/*
 * Says it by rare texts instead, where there are such: a superset that is found faster in company,
 * at the price of a confirmation. One that was too large to be said may become one that is not.
 */
void pattern_narrow(struct arena *, struct text_memo *, struct pattern *);

/* An alternative, for Hyperscan. */
struct pattern_text {
	const char *regex; /* NUL-terminated */
	const char *plain; /* the bytes that it stands for, when it is one plain text; else NULL */
	size_t plain_len;
	bool caseless; /* of a plain text: each letter may be small or great */
};

/* The alternatives of a pattern that has a text, none twice, in order of their bytes; they and the
 * list are the arena's. */
const struct pattern_text *pattern_branches(struct arena *, const struct pattern *, size_t *count);

#endif
