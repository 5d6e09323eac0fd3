/* SPDX-License-Identifier: MIT */
/*
 * Reads off a line when, where, how bad and for whom: its time, service, host, level and request
 * ids. The one door to timestamp, zone, service, level and ids for the scanner and for `lines`.
 *
 * Three lifetimes. `reading_options` is the run's, const. A `source_reading` belongs to a member
 * (member->context): what its first bytes and its path taught (stamp layout, wrapper, service) and
 * the running state that depends on order; it is touched only at the pull, under the reader's lock.
 * A `line_cursor` belongs to a worker and walks one chunk from its `chunk_reading`, so that the
 * result of a line does not depend on which worker reads it.
 */
#ifndef LINEUP_READING_H
#define LINEUP_READING_H

#include "lineup/chunk.h"
#include "lineup/error.h"
#include "lineup/severity.h"

enum time_basis {
	TIME_BASIS_NONE,      /* no stamp in the member so far */
	TIME_BASIS_INHERITED, /* the last stamp before this line */
	TIME_BASIS_STAMP,     /* its own */
};

/* All views point into the line or into the member's source_reading; empty when not there. */
struct reading {
	int64_t time_ns; /* TIME_NONE with TIME_BASIS_NONE */
	enum time_basis basis;
	enum level level;
	struct str service;
	struct str host;
	struct str trace;
	struct str span;
	struct str request;
	uint32_t message_at; /* where the text behind stamp, wrapper, tag and level starts */
};

struct reading_options;

struct reading_settings {
	struct str zone;                 /* --tz; empty: UTC */
	int year;                        /* --year; 0: from modification times */
	const struct str *services;      /* --service regexes */
	size_t service_count;
	const struct str *layouts;       /* own stamp layouts, strptime-like, tried first */
	size_t layout_count;
	int64_t now_ns;                  /* to see stamps of the future; TIME_NONE: do not look */
};

/* Fails on an unknown zone, a bad regex or layout. */
MUST_USE int reading_options_create(struct reading_options **, const struct reading_settings *,
	struct error *);
void reading_options_destroy(struct reading_options *);

struct source_reading;

/* Where a chunk starts in the order of its member. Plain data, copied out at the pull. */
struct chunk_reading {
	const struct source_reading *source;
	int64_t inherited_ns; /* the last stamp before the chunk, or TIME_NONE */
	int64_t base_ns;      /* what stamps without a year (or a day) are resolved near to */
	uint32_t layout;      /* the learned layout, at this point of the member */
	enum level inherited_level;
};

/*
 * At the pull, under the lock, for each chunk in order: learns from the first chunk, says where
 * this one starts, and moves the state on to its end. Makes member->context at the first call.
 */
void reading_pull(const struct reading_options *, const struct chunk *, struct chunk_reading *);

/* What was assumed for a member, and how far its stamps can be trusted; for the time notes. */
struct reading_trust {
	uint64_t undated_lines;    /* before the first stamp, or no stamp at all */
	uint64_t disordered_lines; /* stamped earlier than the line before, by more than a second */
	uint64_t future_lines;     /* after now */
	bool year_assumed;         /* stamps carry no year */
	bool zone_assumed;         /* stamps carry no zone */
	int year;                  /* what was taken, of the first stamp */
};

#define LINE_MEMO_BYTES 64

/* A worker's walk over one chunk. */
struct line_cursor {
	const struct source_reading *source;
	const struct reading_options *options;
	int64_t last_ns;  /* the last stamp, for lines that inherit */
	int64_t base_ns;
	uint32_t layout;
	enum level last_level;
	struct str last_service;         /* of the last stamped line */
	char memo[LINE_MEMO_BYTES];      /* the stamp text read last, so that an equal one is free */
	uint32_t memo_len;
	int64_t memo_ns;
	struct reading_trust trust;      /* summed over the lines read; the caller adds them up */
};

void line_cursor_start(struct line_cursor *, const struct reading_options *,
	const struct chunk_reading *);

/*
 * Reads the next line of the chunk; lines must come in order and all of them, since lines inherit.
 * `with_ids` false leaves the ids out (they cost more than the rest).
 */
void line_read(struct line_cursor *, struct str line, bool with_ids, struct reading *);

/*
 * What a member taught: service by its path (may be empty), a one-line note for the report when
 * something was assumed ("no year in stamps, 2025 taken from the modification time"), or empty.
 */
struct str source_reading_service(const struct source_reading *);
struct str source_reading_note(const struct source_reading *);

#endif
