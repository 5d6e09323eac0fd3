/* SPDX-License-Identifier: MIT */
/*
 * Whose work a line tells of: trace, span and request ids, as views into the line. Known are W3C
 * trace context (traceparent), B3, keys such as trace_id, TraceID:, spanId, x-request-id,
 * correlation_id in JSON, key=value and text, OpenStack's req-<uuid>, and UUIDs that stand alone,
 * as do 16 or 32 hexadecimal digits in brackets; where a line has none of these, what a short word
 * tells (req-1a2b3c4d, rid=1a2b3c4d, txn: 417). Pure; any thread.
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

/* ids_worded.c: the id that a short word tells; empty. */
struct str ids_worded(struct str line);

/* What is not there stays empty. */
void ids_read(struct str line, struct line_ids *);

#endif
