/* SPDX-License-Identifier: MIT */
/*
 * How bad a line says it is: the words and numbers of the loggers, folded into five levels. Pure;
 * any thread.
 */
#ifndef LINEUP_LEVEL_H
#define LINEUP_LEVEL_H

#include "lineup/severity.h"

#define LEVEL_WORD_MAX 13 /* bytes of the longest of these words */

/* ERROR, warn, Info, SEVERE, E ...: the word as a whole, without regard to case; LEVEL_NONE. */
enum level level_of_word(struct str word);

/* A value of a level key: a word, syslog's 0 to 7 or the hundred-like numbers of bunyan
 * and pino. */
enum level level_of_value(struct str value);

/* syslog's priority or severity number: its last three bits. */
enum level level_of_syslog(unsigned number);

/* The number of an event of Windows: 1 critical, 2 error, 3 warning, 4 (and 0) information, 5
 * verbose. */
enum level level_of_windows(unsigned number);

/* The severityLevel of Application Insights: 0 verbose, 1 information, 2 warning, 3 error, 4
 * critical. */
enum level level_of_trace(unsigned number);

/* OpenTelemetry's severity number: 1 to 24, four for each level from trace to fatal. */
enum level level_of_otel(struct str number);

/* Python's: 10 to 50, from debug to critical. */
enum level level_of_python(struct str number);

/* The status of a request in an access log: an error where the server failed (500 to 599). */
enum level level_of_http(struct str status);

/*
 * The level in the head of a line's text, behind the stamp. A word counts when it stands alone in
 * capitals, in brackets or between bars, before a colon, or as level=; text further on in the
 * message says nothing. *end gets the place behind the word. *digits_matter is set when a digit's
 * value had a say; else any line of the same masked form (line_mask.h) has the same level.
 */
enum level level_find(struct str line, size_t from, size_t *end, bool *digits_matter);

#endif
