/* SPDX-License-Identifier: MIT */
/*
 * Many patterns compiled into automata that are run over a chunk at once: all that the program
 * knows of Hyperscan. Patterns come from pattern_analyse and are sorted into parts of their own
 * kind; a part is one Hyperscan database, or a finder of plain texts (text_finder.h).
 *
 * A database is const once it is made and shared by all workers; a worker brings a scratch.
 */
#ifndef LINEUP_PATTERN_DATABASE_H
#define LINEUP_PATTERN_DATABASE_H

#include "lineup/buf.h"
#include "lineup/error.h"
#include "lineup/pattern.h"

struct pattern_item {
	/* A match of any of them is one of the pattern. Alternatives compile ten times faster apart
	 * than as one text. */
	const struct pattern_text *texts;
	size_t text_count;
	uint32_t id;
	uint32_t weight;
	size_t literal_len; /* of the longest plain text in every match */
	bool matches_empty;
	bool refused; /* out: Hyperscan does not take it */
};

struct pattern_database;
struct pattern_scratch;

/* A database to be made. */
struct pattern_job {
	struct pattern_item *items;
	size_t count;
	struct pattern_database **database; /* out */
	bool automata;			    /* for everything, however many plain texts there are */
	bool halves; /* the automata beside found texts: made in half the time, run in twice */
};

#define PATTERN_JOBS_MAX 3

/*
 * Compiles them on at most so many threads. Items that Hyperscan refuses are marked and left out.
 * Fails only when the machine cannot run Hyperscan; then there is no database.
 */
MUST_USE int pattern_databases_create(
	struct pattern_job *, size_t count, unsigned threads, struct error *);
void pattern_database_destroy(struct pattern_database *);

/* Appends the compiled form; it is good for the same library and kind of processor only. */
MUST_USE int pattern_database_save(const struct pattern_database *, struct buf *, struct error *);

/* The reverse; the bytes are copied. Fails when they are not of this library and processor. */
MUST_USE int pattern_database_load(struct pattern_database **, struct str bytes, struct error *);

/* Library and processor as text, on which the compiled form depends. */
void pattern_database_describe(struct buf *);

size_t pattern_database_bytes(const struct pattern_database *);
size_t pattern_database_parts(const struct pattern_database *);

/* Makes the scratch good for this database too; *scratch is NULL before the first. */
MUST_USE int pattern_scratch_grow(
	struct pattern_scratch **, const struct pattern_database *, struct error *);
void pattern_scratch_destroy(struct pattern_scratch *);

/* Pattern `id` matches some text that ends before byte `to` of the chunk; return 0 to go on. */
typedef int pattern_found_fn(
	unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context);

/* Runs one part over the chunk. Ends come in rising order, or in that of their lines. len < 2^31.
 */
MUST_USE int pattern_database_scan(const struct pattern_database *, size_t part,
	struct pattern_scratch *, struct str chunk, pattern_found_fn *, void *context,
	struct error *);

#endif
