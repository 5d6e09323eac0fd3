/* SPDX-License-Identifier: MIT */
/*
 * From a wall clock to an instant: IANA zones, fixed offsets, zone names in stamps. A zone is a
 * table of its changes of offset, made once at the start and const from then on; looking up is pure
 * and for any thread. Only zone_parse touches the process's environment (TZ, for a moment): call it
 * before threads start.
 */
#ifndef LINEUP_ZONE_H
#define LINEUP_ZONE_H

#include "lineup/error.h"

struct zone_change {
	int64_t at_seconds; /* UTC, the first second of the new offset */
	int32_t offset_seconds;
};

struct zone {
	struct zone_change *changes; /* rising; the first stands for all time before it */
	size_t count;
	bool is_named; /* an IANA zone, whose local names (CST, IST) mean what they mean there */
	char names[4][8];
	int32_t name_offsets[4];
};

enum zone_fit {
	ZONE_FIT_ONE,
	ZONE_FIT_GAP,	 /* the clock was put forward over this time: read as before the change */
	ZONE_FIT_REPEAT, /* the clock showed this time twice */
};

/* `Europe/Berlin`, `UTC`, `Z`, `+02:00`, `-0530`, `+2`; empty is UTC. Fails on anything else. */
MUST_USE int zone_parse(struct zone *, struct str name, struct error *);
void zone_release(struct zone *);

struct zone_time {
	int64_t seconds; /* UTC; for a repeat the first of two */
	enum zone_fit fit;
	int64_t second_seconds; /* of a repeat, the other */
	int64_t change_seconds; /* of a repeat, the change between them */
};

/* When did the clock of the zone show this wall time (given in seconds as if it were UTC)? */
struct zone_time zone_instant(const struct zone *, int64_t wall_seconds);

/*
 * Offset of a zone name as it stands in stamps (CEST, EST, PDT ...). Names that several parts of
 * the world share mean what they mean in `home`, if it knows them. False when it is no such name.
 */
bool zone_name_offset(const struct zone *home, struct str name, int32_t *offset_seconds);

/*
 * zone_iana.c: a zone that a stamp names in full, such as Europe/Berlin; only the common ones are
 * known. The offset is that of a wall time; of one that the clock shows twice, the first.
 */
bool zone_iana_known(struct str name);
bool zone_iana_offset(struct str name, int64_t wall_seconds, int32_t *offset_seconds);

/* zone_words.c: `Central European Summer Time` at the start of the text; its length, 0. */
size_t zone_words_read(struct str text, int32_t *offset_seconds);

#endif
