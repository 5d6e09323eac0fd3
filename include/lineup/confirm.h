/* SPDX-License-Identifier: MIT */
/*
 * The reference: PCRE2 on one line. Says whether a pattern is one, whether a line matches, and
 * what its named groups hold.
 *
 * In: the regex terms of a rule set. A struct confirm is shared by all workers; it compiles a
 * pattern at its first use, under a lock of its own, since most are never needed. A worker brings
 * a scratch of its own.
 */
#ifndef LINEUP_CONFIRM_H
#define LINEUP_CONFIRM_H

#include "lineup/buf.h"
#include "lineup/error.h"
#include "lineup/rules.h"

struct confirm;
struct confirm_scratch;

struct confirm_facts {
	bool has_names; /* named groups */
	size_t offset;	/* of the mistake, when there is one */
};

/* Is this a pattern? Fails with PCRE2's reason. */
MUST_USE int confirm_check(struct str pattern, struct confirm_facts *, struct error *);

/* For the terms of this rule set, which must outlive it. */
struct confirm *confirm_create(const struct rule_set *);
void confirm_destroy(struct confirm *);

struct confirm_scratch *confirm_scratch_create(const struct confirm *);
void confirm_scratch_destroy(struct confirm_scratch *);

/*
 * Does the line match this term, a regex or a literal? PCRE2's default options. A line that is not
 * valid UTF-8 matches no pattern that starts with (*UTF). A match that PCRE2 gives up at a limit
 * counts as none, and as given up; so do the lines behind it when there are many in one chunk.
 */
bool confirm_line(struct confirm *, struct confirm_scratch *, uint32_t term, struct str line);

typedef void confirm_capture_fn(void *context, struct str name, struct str value);

/* Calls back for each named group that took part in the first match, in order of name. */
void confirm_captures(struct confirm *, struct confirm_scratch *, uint32_t term, struct str line,
	confirm_capture_fn *, void *context);

/* The lines that follow are those of another chunk. */
void confirm_scratch_begin(struct confirm_scratch *);

/* On how many lines confirm_line asked PCRE2 for this term. */
uint64_t confirm_scratch_looks(const struct confirm_scratch *, uint32_t term);

/* On how many lines confirm_line gave this term up. */
uint64_t confirm_scratch_gave_up(const struct confirm_scratch *, uint32_t term);

/* Appends the library and its version, for the key of what is kept of it. */
void confirm_describe(struct buf *);

#endif
