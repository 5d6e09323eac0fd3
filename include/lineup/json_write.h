/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON to a stream as it comes: commas, quotes, escapes and indentation are settled here, so
 * that what is written is valid whatever the text. Keys are the program's own words; values are
 * redacted when asked. Errors of the stream stay in the stream (ferror). One thread.
 */
#ifndef LINEUP_JSON_WRITE_H
#define LINEUP_JSON_WRITE_H

#include <stdio.h>

#include "lineup/buf.h"
#include "lineup/clock.h"
#include "lineup/redact.h"

#define JSON_DEPTH_MAX 16

struct emitter {
	FILE *out;
	struct redactor *redactor; /* NULL: texts are written as they are */
	unsigned pretty_depth;	   /* down to this depth every value has a line of its own */
	unsigned depth;
	bool filled[JSON_DEPTH_MAX]; /* does this level hold a value already? */
	struct buf text;
};

void emit_init(struct emitter *, FILE *, struct redactor *, unsigned pretty_depth);
void emit_release(struct emitter *);

/* A key of NULL is for values in an array and at the top. */
void emit_object(struct emitter *, const char *key);
void emit_array(struct emitter *, const char *key);
void emit_end_object(struct emitter *);
void emit_end_array(struct emitter *);

void emit_str(struct emitter *, const char *key, struct str);

/* The same; null where the text is empty, which is how what is not known is told. */
void emit_known(struct emitter *, const char *key, struct str);

/* Text of the program's own, never redacted: ids, slugs, names of severities. NULL gives null. */
void emit_word(struct emitter *, const char *key, struct str);

void emit_u64(struct emitter *, const char *key, uint64_t);
void emit_i64(struct emitter *, const char *key, int64_t);

/* A number with at most 6 digits of fraction; null when not finite. */
void emit_double(struct emitter *, const char *key, double);
void emit_bool(struct emitter *, const char *key, bool);
void emit_null(struct emitter *, const char *key);

/* RFC 3339 in UTC, or null for TIME_NONE. */
void emit_time(struct emitter *, const char *key, int64_t time_ns);

/* Ends the line after a whole value at the top. */
void emit_newline(struct emitter *);

#endif
