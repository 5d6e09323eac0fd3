/* SPDX-License-Identifier: MIT */
/*
 * Hands the chunks of all inputs to the workers. Every worker keeps an input open in a slot of its
 * own as long as there are inputs; one that finds none left helps with the slots of others.
 *
 * A reader is pulled by one worker at a time, and all that depends on the order of chunks happens
 * there. Pieces of a large plain file are read side by side, and take turns for that part alone.
 * Where decoding is what all wait for, who pulls goes on pulling while there are too few chunks
 * ready for the others, so that a decoder and what it looks back at stay in the cache of one core.
 * Which worker gets which chunk is open; no result hangs on it.
 *
 * In: settings and progress, which outlive it. Threads: each worker calls with a struct of its own.
 */
#ifndef LINEUP_INTAKE_H
#define LINEUP_INTAKE_H

#include "lineup/pipeline.h"

struct intake;

/* One worker's part; zeroed but for `me` it is ready. */
struct intake_worker {
	unsigned me; /* below the number of workers */
	unsigned step;
	bool attached;
	double left_seconds; /* on its own clock, when it got its last chunk */
	struct troubles troubles;
	struct read_counts counts;
	double seconds_pull; /* of the thread's CPU */
};

struct intake *intake_create(
	const struct scan_settings *, struct scan_progress *, unsigned worker_count);
void intake_destroy(struct intake *);

/*
 * Fills the chunk, and says where in its member it starts. False when nothing is left for this
 * worker. Waits only while another worker pulls and has nothing ready yet.
 */
bool intake_next(struct intake *, struct intake_worker *, struct chunk *, struct chunk_reading *);

/* When all workers are through: says which inputs were never opened, since the run was to stop. */
void intake_note_unopened(const struct intake *, struct troubles *);

#endif
