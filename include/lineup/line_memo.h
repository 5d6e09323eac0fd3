/* SPDX-License-Identifier: MIT */
/*
 * What a worker remembers of lines by their masked form (line_mask.h): which terms all lines of the
 * form hit, which each of them must be asked for, and what the scanner found of their reading and
 * counting. Exact: a form is kept whole, and each line held against it (line_fit.h).
 *
 * A cache: past its ceiling it is emptied and fills again, between two chunks. One memo a worker,
 * touched by that worker alone; what it knows never shows in the result.
 */
#ifndef LINEUP_LINE_MEMO_H
#define LINEUP_LINE_MEMO_H

#include "lineup/arena.h"
#include "lineup/line_fit.h"
#include "lineup/table.h"

/* Where the tally finds the template of a form again (tally.h): all lines of a form whose messages
 * start at one place have one template. */
struct template_slot {
	uint64_t epoch; /* of the tally when it was filled; 0: empty */
	uint64_t subject;
	uint32_t service;
	uint32_t message_at;
	uint32_t level;
};

/* Where the ids of a form are (ids.h). */
struct id_place {
	uint16_t start;
	uint16_t len; /* 0: there is none */
};

struct ids_slot {
	bool known;
	uint8_t kinds; /* that counted as ids in the member (enum ids_kind) */
	struct id_place trace;
	struct id_place span;
	struct id_place request;
};

/*
 * Where the head of a line is, and what it says (reading_plan.c): all but the stamp, which is read
 * of each line. Offsets are in the line. Of use for a line whose stamp has the shape of the one
 * that it was learned with.
 */
enum reading_slot_state {
	READING_SLOT_EMPTY,
	READING_SLOT_FILLED,
	READING_SLOT_VOID, /* what the head says depends on digits: each line is read in full */
};

enum slot_program { SLOT_PROGRAM_PLACE, SLOT_PROGRAM_JSON, SLOT_PROGRAM_KERNEL };

struct text_place {
	uint16_t start;
	uint16_t len;
	bool known; /* false: not in the line */
};

/* Of forms whose stamp is an ISO one, syslog's or an access log's, and hangs on no other digits
 * (reading_quick.c). */
struct quick_slot {
	bool known;
	bool is_head;
	bool is_first; /* the line's start tells that it has no wrapping */
	bool zone_is_assumed;
	bool is_syslog;
	bool is_clf;
	uint8_t zone_bytes;
	uint16_t zone_at;
	int32_t offset_seconds;
	char zone[8];
};

struct reading_slot {
	uint8_t state;
	uint8_t stamp_kind;
	uint8_t fraction_digits;
	uint8_t date_separator;
	char level_letter;
	bool found; /* a stamp, and next: one whose instant is known */
	bool stamped;
	bool is_syslog, is_named, is_column;
	bool is_json;
	bool prose_tags, names_parts, plain_names; /* of the member, as are these */
	uint8_t time_column;
	char separator;
	bool envelope_is_named;
	bool has_priority, level_is_priority;
	bool has_version, is_version_1;
	uint8_t envelope_level;
	uint8_t level;
	uint8_t program_kind;
	uint16_t stamp_start, stamp_end;
	uint16_t payload_at, text_at,
		head_end; /* text_at: behind wrapping, head_end: behind the head */
	uint16_t envelope_end;
	struct text_place time, level_number; /* values of JSON */
	struct text_place http_status;	      /* of an access log */
	struct text_place program, host;
	struct quick_slot quick;
};

/* What is remembered of one masked form; it stays where it is until line_memo_find or
 * line_memo_begin is called for the next chunk, or line_memo_clear. */
struct line_form {
	struct line_fit fit;
	struct line_form *other; /* with the same key */
	bool matched;		 /* the terms are known */
	bool pending;		 /* they are being found out */
	uint32_t sure_count;
	uint32_t check_count;
	const uint32_t *terms; /* sure ones, then those to check, each in rising order */
	struct template_slot slot;
	struct ids_slot ids;
	struct reading_slot reading;
};

/* A line of a chunk. */
struct scan_line {
	uint32_t start;
	uint32_t end;		/* without its LF */
	struct line_form *form; /* NULL: not remembered */
};

/* A growing array, reused from chunk to chunk; zeroed is ready. */
struct scan_lines {
	struct scan_line *items;
	size_t count;
	size_t capacity;
};

void scan_lines_release(struct scan_lines *);

/* The forms of a key that was asked for lately; none: NULL. */
struct recent_forms {
	uint64_t key;
	struct line_form *first;
};

#define LINE_MEMO_RECENT 256

struct line_memo {
	struct table forms;			      /* key -> struct line_form * */
	struct recent_forms recent[LINE_MEMO_RECENT]; /* by the last bits of the key */
	size_t form_count;
	struct arena arena;
	uint64_t asked; /* lines looked up since it was last weighed */
	uint64_t fresh; /* of these, lines whose form was new, or cannot be remembered */
	unsigned rest;	/* chunks for which it is left alone, since lines do not repeat */
	unsigned next_rest;
	char *masked; /* scratch */
};

void line_memo_init(struct line_memo *);
void line_memo_release(struct line_memo *);

/*
 * Cuts a chunk into its lines and finds the form of each, which is new (not yet matched) at first
 * sight. Every so often, when lines do not repeat, it rests for some chunks: false then, and the
 * lines are not filled. The chunk has LINE_MASK_PADDING readable bytes behind it.
 */
bool line_memo_find(struct line_memo *, struct str chunk, struct scan_lines *);

/*
 * The same for some lines of a chunk, one by one: first line_memo_begin, false when it rests; then
 * the form of each, or NULL.
 */
bool line_memo_begin(struct line_memo *);
struct line_form *line_memo_line(struct line_memo *, struct str line);

/* Remembers the terms of a form: `sure` of them first. Copied. */
void line_memo_set_terms(struct line_memo *, struct line_form *, const uint32_t *terms,
	size_t sure_count, size_t check_count);

/* Forgets all; forms found before are gone. */
void line_memo_clear(struct line_memo *);

#endif
