/* SPDX-License-Identifier: MIT */
/*
 * Tables with a heading (reading_table.c): which of a member's columns say what, and what a row
 * says by it. The columns are learned once, by value, and const afterwards; what is read is views
 * into the line. Any thread.
 */
#ifndef LINEUP_TABLE_COLUMNS_H
#define LINEUP_TABLE_COLUMNS_H

#include "lineup/str.h"

struct line_head;
struct source_reading;
struct stamp;

/* Which columns of a table say what, counted from 1; 0: none does. */
struct table_columns {
	char separator; /* '\0': it is no table */
	uint8_t time;	/* of several, that whose name says best when the line was logged */
	uint8_t service;
	uint8_t labels; /* an object of JSON, of which one member may be the service */
	uint8_t level;
	uint8_t message;
	uint8_t status;	      /* of a request */
	bool level_is_word;   /* a number there is another's, as that of a request */
	bool level_is_traced; /* a number there is level_of_trace's */
	bool service_is_path; /* of a log, or it names nothing */
	bool service_is_stream; /* of a container, or the same */
};

/* Sets source->table by the heading in the first line of a sample; without one it is left. */
void reading_learn_table(struct source_reading *, struct str sample);
/* What a row says besides its time; fields that it does not say are left. */
void reading_table(const struct table_columns *, struct str line, struct line_head *);

/* The stamp in the column of the time; false when there is none with a day. */
bool reading_table_stamp(const struct source_reading *, struct str line, struct stamp *);

#endif
