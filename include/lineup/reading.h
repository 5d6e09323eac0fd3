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
#include "lineup/line_memo.h"
#include "lineup/severity.h"

enum time_basis {
	TIME_BASIS_NONE,      /* no stamp in the member so far */
	TIME_BASIS_INHERITED, /* the last stamp before this line */
	TIME_BASIS_STAMP,     /* its own */
};

/* All views point into the line or into the member's source_reading; empty when not there. */
struct reading {
	int64_t time_ns;   /* TIME_NONE with TIME_BASIS_NONE */
	int64_t uptime_ns; /* since a boot that is not known, which gives no time; else 0 */
	enum time_basis basis;
	enum level level;
	struct str service;
	struct str host;
	struct str trace;
	struct str span;
	struct str request;
	unsigned id_kinds;   /* what counts as an id in this member's lines (enum ids_kind) */
	uint32_t message_at; /* where the text behind stamp, wrapper, tag and level starts */
};

struct reading_options;

struct reading_settings {
	struct str zone;	    /* --tz; empty: UTC */
	int year;		    /* --year; 0: from modification times */
	const struct str *services; /* --service regexes */
	size_t service_count;
	const struct str *layouts; /* own stamp layouts, strptime-like, tried first */
	size_t layout_count;
	int64_t now_ns; /* to see stamps of the future; TIME_NONE: do not look */
};

/* Fails on an unknown zone, a bad regex or layout. */
MUST_USE int reading_options_create(
	struct reading_options **, const struct reading_settings *, struct error *);
void reading_options_destroy(struct reading_options *);

/*
 * Shows the first bytes of a file that will be read: the year that it says is taken for files whose
 * stamps have none and whose modification time cannot be theirs. Before the first member is
 * learned, by one thread, in any order.
 */
void reading_options_see(struct reading_options *, struct str head);

/*
 * The same, of a file at that place: docker's config.v2.json says what the container is called
 * whose logs lie in its folder. False: it is another file.
 */
bool reading_options_see_container(struct reading_options *, struct str place, struct str head);

struct source_reading;

#define READING_SAMPLE_BYTES  (64 * 1024)
#define READING_SERVICE_BYTES 104
#define READING_HOST_BYTES    64

/*
 * Where a chunk starts in the order of its member. Plain data, copied out at the pull. What a line
 * reads as depends on the line, on what the member's sample taught and on these, which say the same
 * wherever the chunk was cut.
 */
struct chunk_reading {
	const struct source_reading *source;
	int64_t inherited_ns; /* the last stamp before the chunk, or TIME_NONE */
	enum level inherited_level;
	bool header_seen; /* a line before this chunk had its stamp in its head */
	uint32_t inherited_service_len;
	uint32_t inherited_host_len;
	char inherited_service[READING_SERVICE_BYTES];
	char inherited_host[READING_HOST_BYTES];
	uint32_t section_len;
	char section[READING_SERVICE_BYTES]; /* the program that the lines are of */
};

/*
 * What cannot be told from one line (day or month first, the year, a column of bare seconds, the
 * time of boot) is learned once from the first READING_SAMPLE_BYTES of the member, and only from
 * these, so that it is the same for every size of chunks. Makes member->context. Optional: the
 * first reading_pull takes the head of the first chunk, which is the same when chunks are no
 * smaller.
 */
void reading_learn(const struct reading_options *, struct member *, struct str sample);

/*
 * At the pull, under the lock, for each chunk in order: says where this one starts, and moves the
 * state on to its end. Cheap: looks back from the end for the last stamp. Reads all of a chunk only
 * until the member's first stamp and within the hour that a clock shows twice.
 */
void reading_pull(const struct reading_options *, const struct chunk *, struct chunk_reading *);

/*
 * The same for who may never read a line of the chunk: where the chunk is all of its member, what
 * is to be learned of that is left to the worker that gets it. True when it was, and the source is
 * NULL: reading_pull is then for that worker to call, without a lock, before it reads a line.
 */
bool reading_put_off(const struct chunk *, struct chunk_reading *);

/* What was assumed for a member, and how far its stamps can be trusted; for the time notes. */
struct reading_trust {
	uint64_t undated_lines;	   /* before the first stamp, or no stamp at all */
	uint64_t disordered_lines; /* stamped earlier than the line before, by more than a second */
	uint64_t future_lines;	   /* after now */
	uint64_t gap_lines; /* at a time that the zone's clock left out when it was put forward */
	uint64_t repeated_lines; /* at a time that it showed twice; told apart by order */
	bool year_assumed;	 /* stamps carry no year */
	bool zone_assumed;	 /* stamps carry no zone */
	int year;		 /* what was taken, of the first stamp */
};

/* The minute that the last ISO stamp lay in, and of syslog's and access logs'; zeroed: none. */
struct minute_memo {
	char text[16];
	int64_t wall_seconds;
	char clf[18];
	int64_t clf_seconds;
	char syslog[12];
	int syslog_year;
	int64_t syslog_seconds;
};

/* A worker's walk over one chunk. */
struct line_cursor {
	const struct source_reading *source;
	const struct reading_options *options;
	int64_t last_ns; /* the last stamp, for lines that inherit */
	enum level last_level;
	bool header_seen;
	struct str last_service; /* of the last stamped line; empty: the member's */
	struct str last_host;	 /* of the last stamped line */
	struct str section;	 /* of the line before that names who follows */
	/* What these look at before the first such line. */
	char service[READING_SERVICE_BYTES];
	char host[READING_HOST_BYTES];
	char section_before[READING_SERVICE_BYTES];
	struct minute_memo minute;
	struct reading_trust trust; /* summed over the lines read; the caller adds them up */
};

void line_cursor_start(
	struct line_cursor *, const struct reading_options *, const struct chunk_reading *);

/*
 * Reads the next line of the chunk; lines must come in order and all of them, since lines inherit.
 * `with_ids` false leaves the ids out (they cost more than the rest).
 */
void line_read(struct line_cursor *, struct str line, bool with_ids, struct reading *);

/*
 * The same without ids, for a line whose masked form is remembered (NULL: it is not): what all
 * lines of the form have in common is read once. The result is that of line_read.
 */
void line_read_form(struct line_cursor *, struct str line, struct line_form *, struct reading *);

/*
 * A one-line note for the report on what was assumed of a member ("no year in stamps, 2025 taken
 * from the modification time"); empty: nothing.
 */
struct str source_reading_note(const struct source_reading *);

#endif
