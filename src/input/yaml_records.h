/* SPDX-License-Identifier: MIT */
/* What of a YAML text is a record, by its lines alone. Pure; any thread. */
#ifndef LINEUP_YAML_RECORDS_H
#define LINEUP_YAML_RECORDS_H

#include "lineup/str.h"

enum yaml_records {
	YAML_RECORDS_NONE,
	YAML_RECORDS_ITEMS,	/* of a list: `- time: ...`, and what is further in */
	YAML_RECORDS_DOCUMENTS, /* each behind a line `---` */
};

/*
 * Which are they in a text that begins so? Documents or items are records when at least two of them
 * have a member that is a time, of their own and not further in: a list of pods has none.
 */
enum yaml_records yaml_records_learn(struct str head);

/* Does an item of a list begin in this line? *indent gets the blanks in front of it. */
bool yaml_begins_item(struct str line, size_t *indent);

/* Does a document begin in this line? */
bool yaml_begins_document(struct str line);

#endif
