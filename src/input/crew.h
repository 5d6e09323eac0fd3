/* SPDX-License-Identifier: MIT */
/*
 * Threads that decode pieces ahead of the one that needs them. Pieces are decoded in any order, and
 * asked for in that in which they were added.
 *
 * A job is a piece and the memory for it. The crew has as many as it needs and hands out those that
 * are spare; between crew_add and crew_wait a job is its threads'. The memory of spare jobs is kept
 * for the next ones up to CREW_KEPT_BYTES in all. One thread at a time calls; `work` runs in
 * others, and touches nothing but its job and state.
 */
#ifndef LINEUP_CREW_H
#define LINEUP_CREW_H

#include "src/input/decoder.h"

#define CREW_JOBS_MAX	64
#define CREW_KEPT_BYTES ((size_t)64 << 20)

enum job_state { JOB_WAITING, JOB_BUSY, JOB_GOOD, JOB_BAD };

/* The first field of what a job is about. */
struct crew_job {
	enum job_state state;
	struct decoder_room packed; /* what is decoded */
	struct decoder_room room;   /* what comes out */
};

struct crew_kind {
	size_t job_bytes;			      /* a crew_job and what stands behind it */
	void *(*create)(const void *context);	      /* what one thread works with */
	bool (*work)(void *state, struct crew_job *); /* did it succeed? */
	void (*destroy)(const void *context, void *state);
};

struct crew;

/* The threads are started once there are two jobs; the context is the caller's and stays. */
struct crew *crew_create(const struct crew_kind *, const void *context, unsigned threads);

/* Are there enough jobs at hand for the threads? */
bool crew_full(const struct crew *);

/* Of a crew that is not full: a job to be filled and added, with empty rooms. */
struct crew_job *crew_spare(struct crew *);

/* Behind all others; what crew_spare gave. */
void crew_add(struct crew *, struct crew_job *);

/* The first of those that were added and not dropped; NULL: none. */
struct crew_job *crew_first(struct crew *);

/* Did the work on the first job succeed? Waits for it, and does it where there are no threads. */
bool crew_wait(struct crew *);

/* The first job is through: waits for it if a thread is at it. */
void crew_drop(struct crew *);

/* Drops all jobs. */
void crew_forget(struct crew *);

/* Drops all jobs and ends the threads. NULL is fine. */
void crew_destroy(struct crew *);

#endif
