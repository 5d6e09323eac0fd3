/* SPDX-License-Identifier: MIT */
/*
 * What could not be read, and why: one list a reader, joined at the end. Nothing that was left
 * unread stays unsaid, so every early end of a member leaves an entry here.
 *
 * The list copies its text and is bounded for each kind, so that a thousand pictures do not hide
 * the one log that was cut off: past the limit entries are counted, not kept, and an entry at the
 * end says how many more there were. One thread at a time.
 */
#ifndef LINEUP_TROUBLES_H
#define LINEUP_TROUBLES_H

#include "lineup/arena.h"

enum trouble_kind {
	TROUBLE_SKIPPED,    /* not a log: a picture, a database; the scan is whole without it */
	TROUBLE_DAMAGED,    /* cut off or corrupt: read up to the damage */
	TROUBLE_LIMITED,    /* a limit (depth, size, ratio, line length) ended it */
	TROUBLE_UNREADABLE, /* could not be opened or read at all */
	TROUBLE_KINDS,
};

/* An input number behind all inputs: of what is no input, or none yet. */
#define TROUBLE_OF_NO_INPUT (UINT32_MAX - 1)

struct trouble {
	enum trouble_kind kind;
	uint32_t input; /* for the order of the report: input, then member, then arrival */
	uint32_t sequence;
	struct str path;   /* the place: outer!inner */
	struct str reason; /* one sentence without the path */
};

struct troubles {
	struct arena arena;
	struct trouble *items;
	size_t count;
	size_t capacity;
	size_t kept[TROUBLE_KINDS];	/* of items, summaries left out */
	uint64_t beyond[TROUBLE_KINDS]; /* counted alone */
	bool incomplete; /* any entry of a kind other than TROUBLE_SKIPPED: exit status 3 */
};

void troubles_release(struct troubles *);

void troubles_add(struct troubles *, enum trouble_kind, uint32_t input, uint32_t sequence,
	struct str path, const char *format, ...) PRINTF_LIKE(6, 7);

/* Appends all of `from`; sorts by input, sequence, then path and reason. */
void troubles_join(struct troubles *into, const struct troubles *from);
void troubles_sort(struct troubles *);

/* "skipped", "damaged", "limited", "unreadable". */
const char *trouble_kind_name(enum trouble_kind);

#endif
