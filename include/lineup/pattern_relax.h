/* SPDX-License-Identifier: MIT */
/*
 * What a term asks of a line when one may only see the line's masked form (line_mask.h), in which
 * digits and the digits of ids cannot be told apart.
 *
 * In: a term. Out: a pattern for Hyperscan that says the same of all lines of one masked form, and
 * yes to every line that the term matches. So a no of it is a no for all of these lines. Where the
 * term itself is blind to the mask, which is proven from the pattern and never guessed, what one
 * line says holds for all of them too. Text is owned by the arena. Pure; any thread.
 */
#ifndef LINEUP_PATTERN_RELAX_H
#define LINEUP_PATTERN_RELAX_H

#include "lineup/pattern.h"
#include "lineup/rules.h"

struct relaxed_pattern {
	struct pattern pattern; /* as of pattern_analyse; OPAQUE when nothing is known */
	bool blind;		/* all lines of one masked form match the term, or none does */
	size_t literal_len; /* of the longest plain text in every match; of a blind one not told */
};

/*
 * `as_meant` is what pattern_analyse says of the term: the pattern of a blind one is that, tree and
 * all.
 */
void pattern_relax(struct arena *, const struct term *, const struct pattern *as_meant,
	struct relaxed_pattern *);

#endif
