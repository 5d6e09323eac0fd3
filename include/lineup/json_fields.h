/* SPDX-License-Identifier: MIT */
/*
 * The keys of a JSON line that matter: time, level, service, host and the message. One pass over
 * the text without a parse tree or allocation; text that is not quite JSON (cut off, badly escaped)
 * gives what stood before the damage. All views point into the text, escapes untouched. Any thread.
 */
#ifndef LINEUP_JSON_FIELDS_H
#define LINEUP_JSON_FIELDS_H

#include "lineup/str.h"

enum json_field {
	JSON_FIELD_TIME,
	JSON_FIELD_LEVEL,
	JSON_FIELD_SERVICE,
	JSON_FIELD_HOST,
	JSON_FIELD_MESSAGE,
	JSON_FIELD_COUNT,
};

/* Whose numbers a level is told by, where that is neither syslog's nor bunyan's. */
enum json_level_scale {
	JSON_SCALE_OTEL,   /* severityNumber */
	JSON_SCALE_PYTHON, /* levelno */
	JSON_SCALE_TRACE,  /* severityLevel of Application Insights */
};

struct json_value {
	struct str text; /* without its quotes */
	uint16_t weight; /* distance from the best key; of equal ones the first counts */
	bool is_string;
};

#define JSON_EVENT_IS_WINDOWS 3 /* event_facts: the event has an id, and a source of Windows */

struct json_fields {
	struct json_value values[JSON_FIELD_COUNT]; /* text.ptr NULL: not there */
	int64_t fraction_ns; /* of log4j's {"instant":{"epochSecond":..,"nanoOfSecond":..}} */
	struct str day;	     /* a date alone, where the time may be a time of day alone */
	/* Stamps with a fraction under any key at the top: one may be a finer copy of the time. */
	struct str finer[4];
	size_t finer_count;
	struct str part;	 /* of a program: "component", "subsystem" at the top */
	struct str scaled_level; /* a number on a scale of its own */
	enum json_level_scale level_scale;
	/* Of an event of Windows the level by Windows' own numbers. */
	struct str event_level;
	uint8_t event_facts;
	bool has_error_code;	/* a word under errorCode: what was asked for failed */
	struct str http_status; /* three digits under a key for it */
	/* A digit's value had a say in which value is taken, beyond the numbers that are levels: a
	 * line of the same masked form (line_mask.h) may have other fields. */
	bool digits_matter;
	unsigned level_numbers; /* numbers that were asked for being a level */
	size_t end; /* where the object ends in the text, or its length when it does not */
};

/* Text that begins with `{`. False when no key of it was understood. */
bool json_fields_read(struct str text, struct json_fields *);

#endif
