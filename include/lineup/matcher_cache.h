/* SPDX-License-Identifier: MIT */
/*
 * Compiled matchers kept on disk from run to run: bytes found again by a key, which holds all that
 * they depend on.
 *
 * A file is written under a temporary name and renamed, so two runs at once and a run that is
 * killed do no harm. It is believed only when it belongs to this user, nobody else may write it,
 * and magic, lengths, checksum and the whole key are right; otherwise it is as if it were not
 * there. Only the newest few are kept. Calls keep no state; any thread.
 */
#ifndef LINEUP_MATCHER_CACHE_H
#define LINEUP_MATCHER_CACHE_H

#include "lineup/error.h"

#define MATCHER_CACHE_FILES_MAX 16

/* A file in memory; payload points into it. */
struct matcher_cache_entry {
	struct str payload;
	char *file;
};

/* False when there is nothing that can be believed under this key. */
bool matcher_cache_load(struct str dir, struct str key, struct matcher_cache_entry *);

/* What a file that is in memory already says it holds; false where it cannot be one of ours. That
 * nothing in it has changed since it was written is for the caller to know. */
bool matcher_cache_parse(struct str file, struct str *key, struct str *payload);

void matcher_cache_release(struct matcher_cache_entry *);

/* Writes an entry and removes the oldest beyond the limit; makes the folder (mode 0700). */
MUST_USE int matcher_cache_store(
	struct str dir, struct str key, struct str payload, struct error *);

/* $XDG_CACHE_HOME/lineup or ~/.cache/lineup into path; false when neither is known. */
bool matcher_cache_default_dir(char *path, size_t size);

#endif
