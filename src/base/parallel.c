/* SPDX-License-Identifier: MIT */
#include "lineup/parallel.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "lineup/mem.h"

/*
 * Threads are made for each call and gone after it, which takes some 20 microseconds each. None is
 * left over that waits for the next call: those of OpenMP look for it for milliseconds, all the
 * while that the main thread works alone.
 */
struct team {
	void (*work)(void *context, size_t index);
	void *context;
	size_t count;
	atomic_size_t next;
};

static void *take_part(void *context)
{
	struct team *team = context;
	for (;;) {
		/* relaxed: making and joining threads orders all that they read and write */
		size_t i = atomic_fetch_add_explicit(&team->next, 1, memory_order_relaxed);
		if (i >= team->count)
			return NULL;
		team->work(team->context, i);
	}
}

/* As many of the wanted ones as can be had. Signals are for the thread that knows of them. */
static size_t start_threads(pthread_t *threads, size_t wanted, struct team *team)
{
	sigset_t all, before;
	size_t count = 0;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (count < wanted && pthread_create(&threads[count], NULL, take_part, team) == 0)
		count++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return count;
}

void parallel_each(
	unsigned threads, size_t count, void (*work)(void *context, size_t index), void *context)
{
	struct team team = { .work = work, .context = context, .count = count };
	size_t wanted = size_min(threads, count);
	if (wanted <= 1) {
		for (size_t i = 0; i < count; i++)
			work(context, i);
		return;
	}
	pthread_t *others = mem_alloc((wanted - 1) * sizeof(*others));
	atomic_init(&team.next, 0);
	size_t made = start_threads(others, wanted - 1, &team);
	take_part(&team);
	for (size_t i = 0; i < made; i++)
		pthread_join(others[i], NULL);
	free(others);
}
