/* SPDX-License-Identifier: MIT */
#include "src/input/crew.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "lineup/mem.h"

#define HELPERS_MAX 64
/* Jobs for each thread: one at work, one that waits; more only take memory out of cache. */
#define JOBS_EACH 2

struct crew {
	const struct crew_kind *kind;
	const void *context;
	void *state;			       /* of the calling thread; made when it is needed */
	struct crew_job *spare[CREW_JOBS_MAX]; /* the last one used is the first to go: its memory
						* is in cache */
	size_t spare_count;
	size_t kept_bytes; /* of the rooms of spare ones */
	unsigned helpers_wanted;
	unsigned helper_count;
	pthread_t helpers[HELPERS_MAX];
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t work;
	pthread_cond_t done;
	size_t first;
	size_t count;
	bool stop;
	struct crew_job *queue[CREW_JOBS_MAX]; /* a ring: `count` from `first` on, in order */
};

struct crew *crew_create(const struct crew_kind *kind, const void *context, unsigned threads)
{
	struct crew *c = mem_zalloc(1, sizeof(*c));
	c->kind = kind;
	c->context = context;
	c->helpers_wanted = threads > HELPERS_MAX ? HELPERS_MAX : threads;
	c->spare_count = size_min(CREW_JOBS_MAX, (size_t)threads * JOBS_EACH);
	for (size_t i = 0; i < c->spare_count; i++)
		c->spare[i] = mem_zalloc(1, kind->job_bytes);
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->work, NULL);
	pthread_cond_init(&c->done, NULL);
	return c;
}

static size_t bytes_of(const struct crew_job *job)
{
	return job->packed.capacity + job->room.capacity;
}

static void release_rooms(struct crew_job *job)
{
	free(job->packed.ptr);
	free(job->room.ptr);
	job->packed = job->room = (struct decoder_room){ 0 };
}

bool crew_full(const struct crew *c)
{
	return c->spare_count == 0;
}

struct crew_job *crew_spare(struct crew *c)
{
	struct crew_job *job = c->spare[--c->spare_count];
	c->kept_bytes -= bytes_of(job);
	job->packed.len = job->room.len = 0;
	return job;
}

static void keep(struct crew *c, struct crew_job *job)
{
	if (bytes_of(job) > CREW_KEPT_BYTES - c->kept_bytes)
		release_rooms(job);
	c->kept_bytes += bytes_of(job);
	c->spare[c->spare_count++] = job;
}

static struct crew_job *job_at(struct crew *c, size_t i)
{
	return c->queue[(c->first + i) % CREW_JOBS_MAX];
}

/* With the lock held, which is let go meanwhile. */
static void do_job(struct crew *c, struct crew_job *job, void *state)
{
	job->state = JOB_BUSY;
	pthread_mutex_unlock(&c->lock);
	bool good = c->kind->work(state, job);
	pthread_mutex_lock(&c->lock);
	job->state = good ? JOB_GOOD : JOB_BAD;
	pthread_cond_signal(&c->done);
}

static struct crew_job *find_waiting(struct crew *c)
{
	for (size_t i = 0; i < c->count; i++) {
		if (job_at(c, i)->state == JOB_WAITING)
			return job_at(c, i);
	}
	return NULL;
}

static void *help(void *context)
{
	struct crew *c = context;
	void *state = c->kind->create(c->context);
	pthread_mutex_lock(&c->lock);
	while (!c->stop) {
		struct crew_job *job = find_waiting(c);
		if (job != NULL)
			do_job(c, job, state);
		else
			pthread_cond_wait(&c->work, &c->lock);
	}
	pthread_mutex_unlock(&c->lock);
	c->kind->destroy(c->context, state);
	return NULL;
}

/* Signals are for the threads that know of them. */
static void start_helpers(struct crew *c)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (c->helper_count < c->helpers_wanted &&
		pthread_create(&c->helpers[c->helper_count], NULL, help, c) == 0)
		c->helper_count++;
	c->helpers_wanted = c->helper_count;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void crew_add(struct crew *c, struct crew_job *job)
{
	job->state = JOB_WAITING;
	pthread_mutex_lock(&c->lock);
	c->queue[(c->first + c->count) % CREW_JOBS_MAX] = job;
	c->count++;
	pthread_cond_signal(&c->work);
	pthread_mutex_unlock(&c->lock);
	if (c->count > 1 && c->helper_count < c->helpers_wanted)
		start_helpers(c);
}

/* With the lock held. */
static void await(struct crew *c, const struct crew_job *job)
{
	while (job->state == JOB_BUSY)
		pthread_cond_wait(&c->done, &c->lock);
}

bool crew_wait(struct crew *c)
{
	struct crew_job *job = job_at(c, 0);
	pthread_mutex_lock(&c->lock);
	if (job->state == JOB_WAITING && c->helper_count == 0) {
		if (c->state == NULL)
			c->state = c->kind->create(c->context);
		do_job(c, job, c->state);
	}
	while (job->state == JOB_WAITING)
		pthread_cond_wait(&c->done, &c->lock);
	await(c, job);
	bool good = job->state == JOB_GOOD;
	pthread_mutex_unlock(&c->lock);
	return good;
}

struct crew_job *crew_first(struct crew *c)
{
	return c->count > 0 ? job_at(c, 0) : NULL; /* the calling thread alone changes these */
}

void crew_drop(struct crew *c)
{
	struct crew_job *job = job_at(c, 0);
	pthread_mutex_lock(&c->lock);
	await(c, job);
	c->first = (c->first + 1) % CREW_JOBS_MAX;
	c->count--;
	pthread_mutex_unlock(&c->lock);
	keep(c, job);
}

void crew_forget(struct crew *c)
{
	while (c->count > 0)
		crew_drop(c);
}

void crew_destroy(struct crew *c)
{
	if (c == NULL)
		return;
	crew_forget(c);
	pthread_mutex_lock(&c->lock);
	c->stop = true;
	pthread_cond_broadcast(&c->work);
	pthread_mutex_unlock(&c->lock);
	for (unsigned i = 0; i < c->helper_count; i++)
		pthread_join(c->helpers[i], NULL);
	if (c->state != NULL)
		c->kind->destroy(c->context, c->state);
	for (size_t i = 0; i < c->spare_count; i++) {
		release_rooms(c->spare[i]);
		free(c->spare[i]);
	}
	pthread_mutex_destroy(&c->lock);
	pthread_cond_destroy(&c->work);
	pthread_cond_destroy(&c->done);
	free(c);
}
