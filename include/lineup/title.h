/* SPDX-License-Identifier: MIT */
/*
 * Names for people: what a subject is called in a report, and what a line says behind its stamp.
 * Only what frames the message goes: loggers, threads, keys of ids, wrappers of JSON and logfmt.
 * Pure.
 */
#ifndef LINEUP_TITLE_H
#define LINEUP_TITLE_H

#include "lineup/findings.h"

/* The rule's title, or the template's message, shortened; in the arena or the findings. */
struct str subject_title(const struct findings *, const struct subject *, struct arena *);

/* The beginning of a text, of at most so many bytes, that can be read out: whole words, and where
 * it can be whole clauses. All of it, if it is no longer. */
struct str title_head(struct str text, size_t bytes);

/* The message inside a template's text: "reserved in <*> ms" of
 * `unit=reserve msg="reserved in <*> ms" trace_id=<*>`; a part of the text, or "(no message)" when
 * there is none. */
struct str template_message(struct str text);

/* Is it a line of an access log, whose message is the request? A problem of it is a status of 5xx,
 * which no message says. */
bool template_is_request(struct str text);
#define TITLE_OF_FAILURE " fails (5xx)"

/*
 * Is it called after a file that is no log: YAML, HTML, XML, configuration? Support bundles hold
 * hundreds of these, copies of states and of events, whose lines came when someone asked for them.
 * A log that happens to be JSON has lost its suffix on becoming a service.
 */
bool names_document(struct str service);

/* Is it the service of lines that name none and came in a file without a name, as from a pipe? */
bool names_nothing(struct str service);

/* The line without the stamp that it begins with. */
struct str line_behind_stamp(struct str line);

#endif
