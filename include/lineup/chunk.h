/* SPDX-License-Identifier: MIT */
/*
 * A run of whole lines in memory, the unit that is scanned, and the member that it comes from.
 * Every line ends with LF but the last one of a member, which may have none.
 *
 * A chunk's storage is reused: one chunk a worker, filled by reader_next, scanned, filled again.
 * It belongs to one worker at a time. A member is made by the reader and counted by reference (the
 * reader and every chunk that holds lines of it), so that its name is there as long as anyone may
 * show it; all of it but the count is const once its first chunk is out.
 */
#ifndef LINEUP_CHUNK_H
#define LINEUP_CHUNK_H

#include <stdatomic.h>

#include "lineup/clock.h"

struct member {
	struct str place;  /* "bundle.tar.zst!var/log/app.log.gz": path given, then a `!` a level */
	size_t top;	   /* input.top */
	uint32_t input;	   /* index of the input among all inputs, in their sorted order */
	uint32_t tree;	   /* of input.tree, or of the archive that it is in */
	uint32_t sequence; /* number of the member within its input, from 0 */
	int64_t modified_ns; /* its own modification time, else its container's; TIME_NONE */
	void *context; /* of the reading room: how its lines are read; set at the first pull */
	void (*context_destroy)(void *);
	atomic_uint references;
};

/* With a copy of its name and one reference, the caller's; all else is zero. */
struct member *member_create(struct str place);

/* Takes one more reference. */
struct member *member_hold(struct member *);

/* Gives one back; the last one frees the member and its context. NULL is fine. */
void member_drop(struct member *);

struct chunk {
	char *data; /* CHUNK_PADDING readable bytes stand behind len */
	size_t len;
	char *room; /* what data stands in, and the bytes of it, without the padding */
	size_t room_bytes;
	struct member *member; /* a reference of the chunk's own */
	uint64_t first_line;   /* number of its first line in the member, from 1 */
	uint64_t offset;       /* of data[0] in the member, decoded and as lines were made of it */
	bool ends_member;      /* nothing of the member follows */
	/*
	 * Line ends are stored as LF alone. Where CR LF stood, the place of that LF in data is
	 * listed here in rising order, so that offsets can be given as they are in the member.
	 */
	uint32_t *dropped;
	size_t dropped_count;
	size_t dropped_capacity;
};

/* Vector code may read, not use, this many bytes past the end. */
#define CHUNK_PADDING 64

void chunk_release(struct chunk *);

/* Empties it: data begins so many bytes within the room, with room for `bytes`. */
void chunk_begin(struct chunk *, size_t within, size_t bytes);

/* Room for this many bytes plus the padding; what data holds is kept. */
void chunk_reserve(struct chunk *, size_t bytes);

/* How many bytes fit into data. */
static inline size_t chunk_capacity(const struct chunk *c)
{
	return c->room_bytes - (size_t)(c->data - c->room);
}

/*
 * Offset in the member of the byte at `at` in data; of an LF where CR LF stood, that of the CR, so
 * that an empty line begins where it does in the member. O(log dropped_count).
 */
uint64_t chunk_offset(const struct chunk *, size_t at);

#endif
