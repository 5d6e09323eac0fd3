/* SPDX-License-Identifier: MIT */
/*
 * Whose work a line tells of: trace, span and request ids, as views into the line. Known are W3C
 * trace context (traceparent), B3, keys such as trace_id, TraceID:, spanId, x-request-id,
 * correlation_id in JSON, key=value and text, OpenStack's req-<uuid>, and UUIDs that stand alone,
 * as do 16 or 32 hexadecimal digits in brackets; where a line has none of these, what a short word
 * tells (req-1a2b3c4d, rid=1a2b3c4d, txn: 417). What may be an id or not, a log's lines show by how
 * its values come and go (ids_learn.c). Pure; any thread.
 */
#ifndef LINEUP_IDS_H
#define LINEUP_IDS_H

#include "lineup/str.h"

struct line_ids {
	struct str trace;
	struct str span;
	struct str request;
	/*
	 * Lines of the same masked form (line_mask.h) may have their ids elsewhere: a key with a
	 * digit was met, or an id that says nothing. Without it, they have them in the same places,
	 * as far as all of these say something.
	 */
	bool digits_matter;
};

/* An id says nothing when it is empty, a dash, null, or all zeros. */
bool ids_says_something(struct str id);

/* One request is one, whether written req-<id>, request-<id> or <id>:
 * the id without that prefix. */
struct str ids_canonical(struct str id);

/* What is an id only in logs whose lines show it; bits. */
enum ids_kind {
	IDS_NUMBERS = 1, /* rid=4711: of a request, or of a row or a client */
	IDS_WORK = 2,	 /* order_id=, job=, msg_id=: what is worked on, of many or one for all */
	IDS_ALONE = 4,	 /* [1a2b3c4d]: of a request, or of a thread */
};
#define IDS_KINDS 3

/* ids_worded.c: the id that a short word tells, or one of these kinds; empty. */
struct str ids_worded(struct str line, unsigned kinds);

/* ids_learn.c: how the values of each kind come and go. Zeroed is ready. */
#define IDS_LEARNED 64
struct ids_of_kind {
	size_t lines;  /* that have one */
	size_t values; /* different ones; of the first of them: */
	uint64_t hashes[IDS_LEARNED];
	uint32_t first[IDS_LEARNED]; /* of these lines, */
	uint32_t last[IDS_LEARNED];  /* and the last one */
};
struct ids_evidence {
	struct ids_of_kind kinds[IDS_KINDS];
};
void ids_learn(struct ids_evidence *, struct str line);
unsigned ids_learned(const struct ids_evidence *);

/* What is not there stays empty. `kinds` count beside what is an id everywhere. */
void ids_read(struct str line, unsigned kinds, struct line_ids *);

#endif
