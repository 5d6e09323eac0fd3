/* SPDX-License-Identifier: MIT */
/*
 * Whose work a line tells of: trace, span and request ids, as views into the line. Known are W3C
 * trace context (traceparent), B3, keys such as trace_id, TraceID:, spanId, x-request-id,
 * correlation_id in JSON, key=value and text, OpenStack's req-<uuid>, and UUIDs that stand alone.
 * Pure; any thread.
 */
#ifndef LINEUP_IDS_H
#define LINEUP_IDS_H

#include "lineup/str.h"

struct line_ids {
	struct str trace;
	struct str span;
	struct str request;
};

/* What is not there stays empty. */
void ids_read(struct str line, struct line_ids *);

#endif
