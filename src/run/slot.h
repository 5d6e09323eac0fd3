/* SPDX-License-Identifier: MIT */
/*
 * One worker's open reader, with the chunks of it that lie ready for others, and the pieces of it
 * that are being read. Used by the intake alone. All functions but the first two are called with
 * the slot's lock held.
 */
#ifndef LINEUP_SLOT_H
#define LINEUP_SLOT_H

#include <pthread.h>

#include "lineup/intake.h"

/* Chunks that are ready for others, at most. */
#define READY_MAX 64

struct ready;

/*
 * `lock` guards all but what the puller alone touches: while `pulling` is set the reader, and what
 * was counted of it, are the puller's. While pieces are being read they are those of the worker
 * whose piece has its turn.
 */
struct slot {
	_Alignas(CACHE_LINE_BYTES) pthread_mutex_t lock;
	pthread_cond_t changed;
	atomic_uint changes; /* counts what `changed` tells, for those who look before they sleep */
	unsigned waiting;
	unsigned users; /* workers that take chunks here */
	bool pulling;
	unsigned puller;     /* who pulled last */
	size_t first, count; /* of the ring */
	struct ready *ring[READY_MAX];
	struct ready *spare;   /* the last one used is the first to go: its memory is in cache */
	struct reader *reader; /* NULL: nothing open */
	const struct input *input;
	struct pieces pieces;	  /* that nobody has yet */
	uint64_t pieces_given;	  /* to workers: the next one's turn */
	uint64_t pieces_taken;	  /* the turn that it is */
	bool pieces_void;	  /* all that are given and not taken */
	uint64_t counted_encoded; /* what the progress has seen of the reader */
	uint64_t counted_lines;
	uint64_t counted_bytes;
	/* Of late, on the threads' own clocks, so that waiting for a pipe is no work: how long a
	 * pull takes, and what is done with a chunk. */
	double pull_seconds;
	double scan_seconds;
};

void slot_init(struct slot *);
void slot_release(struct slot *);

/* Something changed: tells one who waits, or all. */
void slot_tell(struct slot *, bool all);

/* Waits until something changed, or may have. The lock is let go meanwhile. */
void slot_await(struct slot *);

/* Moves the mean of what was measured of late. */
void slot_note(double *mean_seconds, double from, double to);

/* Are there chunks that this worker takes, and does not rather pull more? */
bool slot_has_enough(const struct slot *, unsigned worker);

/* Lays a chunk by for others; false when there are enough. */
bool slot_lay_by(struct slot *, struct chunk *, const struct chunk_reading *);

/* Takes the first that was laid by. */
void slot_take(struct slot *, struct chunk *, struct chunk_reading *);

bool slot_has_piece(const struct slot *);

/* The next piece; returns its turn. */
uint64_t slot_give_piece(struct slot *, struct piece *);

/* The piece that had its turn is through; was it made a chunk? */
void slot_took_piece(struct slot *, bool made);

#endif
