/* SPDX-License-Identifier: MIT */
#include "lineup/intake.h"

#include <pthread.h>
#include <stdlib.h>

#include "lineup/mem.h"

/* Chunks that are ready for others, at most, and for each of them. */
#define READY_MAX  64
#define READY_EACH 2

/*
 * Who waits looks so many times before it sleeps: a pull of a plain file takes less than falling
 * asleep and being woken.
 */
#define LOOKS 400

struct ready {
	struct chunk chunk;
	struct chunk_reading reading;
	struct ready *next; /* of those that are spare */
};

/*
 * `lock` guards all but what the puller alone touches: while `pulling` is set the reader, and what
 * was counted of it, are the puller's.
 */
struct slot {
	_Alignas(CACHE_LINE_BYTES) pthread_mutex_t lock;
	pthread_cond_t changed;
	atomic_uint changes; /* counts what `changed` tells, for those who look before they sleep */
	unsigned waiting;
	unsigned users; /* workers that take chunks here */
	bool pulling;
	size_t first, count; /* of the ring */
	struct ready *ring[READY_MAX];
	struct ready *spare;   /* the last one used is the first to go: its memory is in cache */
	struct reader *reader; /* NULL: nothing open */
	const struct input *input;
	uint64_t counted_encoded; /* what the progress has seen of the reader */
	uint64_t counted_lines;
	uint64_t counted_bytes;
	/* Of late, on the threads' own clocks, so that waiting for a pipe is no work: how long a
	 * pull takes, and what is done with a chunk. */
	double pull_seconds;
	double scan_seconds;
};

struct intake {
	const struct scan_settings *settings;
	struct scan_progress *progress;
	struct slot *slots;
	unsigned slot_count;
	pthread_mutex_t inputs_lock;
	size_t next_input;
};

struct intake *intake_create(
	const struct scan_settings *settings, struct scan_progress *progress, unsigned worker_count)
{
	struct intake *in = mem_zalloc(1, sizeof(*in));
	in->settings = settings;
	in->progress = progress;
	in->slot_count = worker_count;
	in->slots = mem_zalloc_aligned(worker_count * sizeof(*in->slots));
	pthread_mutex_init(&in->inputs_lock, NULL);
	for (unsigned i = 0; i < worker_count; i++) {
		pthread_mutex_init(&in->slots[i].lock, NULL);
		pthread_cond_init(&in->slots[i].changed, NULL);
		atomic_init(&in->slots[i].changes, 0);
	}
	return in;
}

static struct ready *pop_ready(struct slot *slot)
{
	struct ready *ready = slot->ring[slot->first];
	slot->first = (slot->first + 1) % READY_MAX;
	slot->count--;
	return ready;
}

static void keep_spare(struct slot *slot, struct ready *ready)
{
	ready->next = slot->spare;
	slot->spare = ready;
}

void intake_destroy(struct intake *in)
{
	for (unsigned i = 0; i < in->slot_count; i++) {
		struct slot *slot = &in->slots[i];
		while (slot->count > 0)
			keep_spare(slot, pop_ready(slot));
		for (struct ready *ready; (ready = slot->spare) != NULL;) {
			slot->spare = ready->next;
			chunk_release(&ready->chunk);
			free(ready);
		}
		pthread_mutex_destroy(&slot->lock);
		pthread_cond_destroy(&slot->changed);
	}
	pthread_mutex_destroy(&in->inputs_lock);
	free(in->slots);
	free(in);
}

static bool stopped(const struct intake *in)
{
	/* relaxed: a worker that sees it one chunk later does no harm */
	return atomic_load_explicit(&in->progress->stop, memory_order_relaxed);
}

void intake_note_unopened(const struct intake *in, struct troubles *troubles)
{
	const struct inputs *inputs = in->settings->inputs;
	if (in->next_input < inputs->count) {
		const struct input *first = &inputs->items[in->next_input];
		troubles_add(troubles, TROUBLE_LIMITED, first->index, 0, first->path,
			"interrupted: this and %zu more inputs were not read",
			inputs->count - in->next_input - 1);
	}
}

/* ---- the reader of a slot, by who pulls ---- */

static const struct input *claim_input(struct intake *in)
{
	const struct input *input = NULL;
	pthread_mutex_lock(&in->inputs_lock);
	if (in->next_input < in->settings->inputs->count && !stopped(in))
		input = &in->settings->inputs->items[in->next_input++];
	pthread_mutex_unlock(&in->inputs_lock);
	return input;
}

/* Sums for the progress bar: relaxed, nothing is decided by them. */
static void report_progress(struct intake *in, struct slot *slot)
{
	const struct read_counts now = reader_counts(slot->reader);
	atomic_fetch_add_explicit(&in->progress->bytes_encoded,
		now.bytes_encoded - slot->counted_encoded, memory_order_relaxed);
	atomic_fetch_add_explicit(
		&in->progress->bytes, now.bytes - slot->counted_bytes, memory_order_relaxed);
	atomic_fetch_add_explicit(
		&in->progress->lines, now.lines - slot->counted_lines, memory_order_relaxed);
	slot->counted_encoded = now.bytes_encoded;
	slot->counted_bytes = now.bytes;
	slot->counted_lines = now.lines;
}

/* Takes the reader's sums and closes it. */
static void close_reader(
	struct intake *in, struct slot *slot, struct intake_worker *w, bool interrupted)
{
	const struct read_counts counts = reader_counts(slot->reader);
	report_progress(in, slot);
	if (interrupted)
		troubles_add(&w->troubles, TROUBLE_LIMITED, slot->input->index, UINT32_MAX,
			slot->input->path, "interrupted: the rest of it was not read");
	read_counts_add(&w->counts, &counts);
	troubles_join(&w->troubles, reader_troubles(slot->reader));
	reader_close(slot->reader);
	slot->reader = NULL;
	atomic_fetch_add_explicit(&in->progress->inputs_done, 1, memory_order_relaxed);
}

/* Opens the next input that can be opened; false when none is left. */
static bool open_reader(struct intake *in, struct slot *slot, struct intake_worker *w)
{
	const struct input *input;
	while ((input = claim_input(in)) != NULL) {
		struct error err;
		slot->counted_encoded = slot->counted_lines = slot->counted_bytes = 0;
		slot->input = input;
		if (reader_open(&slot->reader, input, in->settings->limits, in->settings->selection,
			    &err) == 0)
			return true;
		slot->reader = NULL;
		troubles_add(&w->troubles, TROUBLE_UNREADABLE, input->index, 0, input->path, "%s",
			err.text);
		atomic_fetch_add_explicit(&in->progress->inputs_done, 1, memory_order_relaxed);
	}
	return false;
}

/* One chunk from the reader, which is closed when it is through. */
static bool pull(struct intake *in, struct slot *slot, struct intake_worker *w, struct chunk *chunk,
	struct chunk_reading *reading)
{
	bool interrupted = stopped(in);
	bool got = !interrupted && reader_next(slot->reader, chunk) == 1;
	if (got) {
		if (in->settings->with_templates || !reading_put_off(chunk, reading))
			reading_pull(in->settings->reading, chunk, reading);
		report_progress(in, slot);
	} else {
		close_reader(in, slot, w, interrupted);
	}
	return got;
}

/* ---- with the slot's lock held ---- */

/* Tells the processor that a loop waits. */
static void pause_thread(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

static void tell(struct slot *slot, bool all)
{
	/* release: who looks without the lock takes it then, so nothing else hangs on the order */
	atomic_fetch_add_explicit(&slot->changes, 1, memory_order_release);
	if (slot->waiting == 0)
		return;
	if (all)
		pthread_cond_broadcast(&slot->changed);
	else
		pthread_cond_signal(&slot->changed);
}

/* Until something changed, or may have. The lock is let go meanwhile. */
static void await_change(struct slot *slot)
{
	unsigned seen = atomic_load_explicit(&slot->changes, memory_order_relaxed);
	pthread_mutex_unlock(&slot->lock);
	for (unsigned i = 0; i < LOOKS; i++) {
		if (atomic_load_explicit(&slot->changes, memory_order_acquire) != seen)
			break;
		pause_thread();
	}
	pthread_mutex_lock(&slot->lock);
	slot->waiting++;
	while (atomic_load_explicit(&slot->changes, memory_order_relaxed) == seen)
		pthread_cond_wait(&slot->changed, &slot->lock);
	slot->waiting--;
}

/*
 * How many chunks are laid by: none as long as all users together take longer to scan than one does
 * to pull for them, since a chunk is scanned for less where it was pulled, hot in that core's
 * cache.
 */
static size_t wanted(const struct slot *slot)
{
	size_t others = slot->users - 1;
	if (slot->pull_seconds * (double)others <= slot->scan_seconds)
		return 0;
	return size_min(others * READY_EACH, READY_MAX);
}

static void note_time(double *mean_seconds, double from, double to)
{
	*mean_seconds += (to - from - *mean_seconds) / 4;
}

static void swap_chunks(struct chunk *a, struct chunk *b)
{
	struct chunk kept = *a;
	*a = *b;
	*b = kept;
}

/* Lays a chunk by for others; false when there are enough. */
static bool lay_by(struct slot *slot, struct chunk *chunk, const struct chunk_reading *reading)
{
	if (slot->count >= wanted(slot))
		return false;
	struct ready *ready = slot->spare;
	if (ready != NULL)
		slot->spare = ready->next;
	else
		ready = mem_zalloc(1, sizeof(*ready));
	swap_chunks(&ready->chunk, chunk);
	ready->reading = *reading;
	slot->ring[(slot->first + slot->count) % READY_MAX] = ready;
	slot->count++;
	tell(slot, false);
	return true;
}

static void take_ready(struct slot *slot, struct chunk *chunk, struct chunk_reading *reading)
{
	struct ready *ready = pop_ready(slot);
	swap_chunks(&ready->chunk, chunk);
	*reading = ready->reading;
	keep_spare(slot, ready);
}

/* Are there chunks that this worker takes, and does not rather pull more? */
static bool has_enough(const struct slot *slot)
{
	return slot->count > 0 &&
	       (slot->pulling || slot->reader == NULL || slot->count * 2 > wanted(slot));
}

/* Of the thread. One worker alone has nobody to pull for, and asking is a system call. */
static double seconds_now(const struct intake *in)
{
	return in->slot_count > 1 || in->settings->timed ? clock_thread_seconds() : 0;
}

/* Pulls for those who wait, then for itself. */
static bool pull_for_all(struct intake *in, struct slot *slot, struct intake_worker *w,
	struct chunk *chunk, struct chunk_reading *reading)
{
	bool got;
	slot->pulling = true;
	do {
		pthread_mutex_unlock(&slot->lock);
		double begin = seconds_now(in);
		got = pull(in, slot, w, chunk, reading);
		double end = seconds_now(in);
		pthread_mutex_lock(&slot->lock);
		note_time(&slot->pull_seconds, begin, end);
		w->seconds_pull += end - begin;
	} while (got && lay_by(slot, chunk, reading));
	slot->pulling = false;
	tell(slot, !got);
	return got;
}

/* A chunk of this slot; false when there is none any more. */
static bool next_of_slot(struct intake *in, struct slot *slot, struct intake_worker *w,
	struct chunk *chunk, struct chunk_reading *reading)
{
	bool got = false, more = true;
	pthread_mutex_lock(&slot->lock);
	if (w->attached)
		note_time(&slot->scan_seconds, w->left_seconds, seconds_now(in));
	slot->users += !w->attached;
	w->attached = true;
	while (more && !got) {
		if (has_enough(slot)) {
			take_ready(slot, chunk, reading);
			got = true;
		} else if (slot->pulling) {
			await_change(slot);
		} else if (slot->reader != NULL) {
			got = pull_for_all(in, slot, w, chunk, reading);
		} else {
			more = false;
		}
	}
	if (!got) {
		w->attached = false;
		slot->users--;
	}
	pthread_mutex_unlock(&slot->lock);
	w->left_seconds = seconds_now(in);
	return got;
}

/*
 * The next input into the worker's own slot; false when none is left. The slot is being pulled from
 * meanwhile, so that who finds no input left waits for this one and helps with it.
 */
static bool open_next(struct intake *in, struct slot *slot, struct intake_worker *w)
{
	pthread_mutex_lock(&slot->lock);
	slot->pulling = true;
	pthread_mutex_unlock(&slot->lock);
	bool opened = open_reader(in, slot, w);
	pthread_mutex_lock(&slot->lock);
	slot->pulling = false;
	tell(slot, true);
	pthread_mutex_unlock(&slot->lock);
	return opened;
}

bool intake_next(struct intake *in, struct intake_worker *w, struct chunk *chunk,
	struct chunk_reading *reading)
{
	while (w->step < in->slot_count) {
		struct slot *slot = &in->slots[(w->me + w->step) % in->slot_count];
		if (next_of_slot(in, slot, w, chunk, reading))
			return true;
		if (w->step > 0 || !open_next(in, slot, w))
			w->step++;
	}
	return false;
}
