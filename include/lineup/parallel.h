/* SPDX-License-Identifier: MIT */
/*
 * The same work for every index, on several threads at the same time.
 *
 * In: a function, what all its calls share, how often. Each call writes only what is its index's
 * own and reads what nobody writes meanwhile; then what comes out is the same for every number of
 * threads. Called by any thread; by the work itself with the threads that it leaves alone, if any.
 */
#ifndef LINEUP_PARALLEL_H
#define LINEUP_PARALLEL_H

#include "lineup/base.h"

/*
 * Calls work(context, i) once for each i below count, on at most so many threads (0 counts as 1),
 * and returns when all are done. Indices are handed out in order, the next one to whoever is free:
 * put dear ones first. One thread is the caller's own, in order.
 */
void parallel_each(
	unsigned threads, size_t count, void (*work)(void *context, size_t index), void *context);

#endif
