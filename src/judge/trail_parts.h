/* SPDX-License-Identifier: MIT */
/*
 * What the finding of trails is cut into: the lines that complain and what they may complain of
 * (trail_complaints.c), and the trails of these things (trail.c). One thread.
 */
#ifndef LINEUP_JUDGE_TRAIL_PARTS_H
#define LINEUP_JUDGE_TRAIL_PARTS_H

#include "lineup/table.h"
#include "src/judge/trail.h"

#define COMPLAINTS_MAX 64
#define IDS_A_LINE     16
#define IDS_A_REQUEST  64

/* One kept line that complains, and what it may complain of. */
struct complaint {
	const struct evidence *line;
	uint32_t subject;
	uint64_t request; /* 0: none is known */
	uint64_t own[IDS_A_LINE];
	size_t own_count;
	uint64_t ids[IDS_A_REQUEST];	/* of all kept lines of its service in the request, */
	size_t in_lines[IDS_A_REQUEST]; /* and in how many of them */
	size_t id_count;
	size_t line_count;
};

struct complaints {
	struct complaint items[COMPLAINTS_MAX]; /* by subject */
	size_t count;
};

/* All of the scene, each with its request and with the ids in it. */
void complaints_find(const struct scene *, struct complaints *);

/* Does it stand in all lines of the request, as what all of them are marked with? */
bool complaint_has_context(const struct complaint *, uint64_t id);

/* Puts a place into a table, for trail_find_requests. */
void trail_put_place(struct table *places, const struct evidence *);

/* Of each place in the table the request whose line stands there. */
void trail_find_requests(const struct scene *, struct table *places);

/* What the table has of the line's place. */
const uint64_t *trail_of_place(const struct table *places, const struct evidence *);

#endif
