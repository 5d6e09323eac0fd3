/* SPDX-License-Identifier: MIT */
/*
 * Threads that do jobs ahead of the one that needs them. Jobs are done in any order, and asked for
 * in that in which they were added.
 *
 * A job is the caller's, who leaves it alone from crew_add until crew_wait or crew_forget has come
 * back. One thread at a time calls; `work` runs in others, and touches nothing but its job and
 * state.
 */
#ifndef LINEUP_CREW_H
#define LINEUP_CREW_H

#include "lineup/base.h"

#define CREW_JOBS_MAX 64

enum job_state { JOB_WAITING, JOB_BUSY, JOB_GOOD, JOB_BAD };

/* The first field of what a job is about. */
struct crew_job {
	enum job_state state;
};

struct crew_kind {
	void *(*create)(const void *context); /* what one thread works with */
	bool (*work)(void *state, struct crew_job *);
	void (*destroy)(const void *context, void *state);
};

struct crew;

/* The threads are started once there are two jobs; the context is the caller's and stays. */
struct crew *crew_create(const struct crew_kind *, const void *context, unsigned threads);

/* One more, CREW_JOBS_MAX at the same time. */
void crew_add(struct crew *, struct crew_job *);

/* Did the work on the first job succeed? Waits for it, and does it where there are no threads. */
bool crew_wait(struct crew *);

/* The first job is through: waits for it if a thread is at it. */
void crew_drop(struct crew *);

/* Forgets all jobs, waiting for those that threads are at. */
void crew_forget(struct crew *);

/* Forgets all jobs and ends the threads. NULL is fine. */
void crew_destroy(struct crew *);

#endif
