/* SPDX-License-Identifier: MIT */
#include "src/run/slot.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"

/* So many chunks lie ready for each of the others. */
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

void slot_init(struct slot *slot)
{
	pthread_mutex_init(&slot->lock, NULL);
	pthread_cond_init(&slot->changed, NULL);
	atomic_init(&slot->changes, 0);
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

void slot_release(struct slot *slot)
{
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

/* ---- waiting ---- */

/* Tells the processor that a loop waits. */
static void pause_thread(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

void slot_tell(struct slot *slot, bool all)
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

void slot_await(struct slot *slot)
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

/* ---- chunks laid by ---- */

/*
 * How many chunks are laid by for the others. A chunk is scanned for less where it was pulled, hot
 * in that core's cache; so none is laid by as long as pulling is cheap and all users together take
 * longer to scan than one does to pull for them. But what a decoder looks back at, megabytes of it,
 * wants to be hot too: where decoding takes a tenth of the scan or more, moving it from core to
 * core costs more than moving the chunks (measured: a seventh of zstd's time against a hundredth of
 * the scan's). So who pulls goes on pulling for all, whichever of the two is the reason.
 */
#define PULL_IS_DEAR 10.0

static size_t wanted(const struct slot *slot)
{
	double others = slot->users - 1;
	if (slot->pull_seconds * fmax(others, PULL_IS_DEAR) <= slot->scan_seconds)
		return 0;
	return size_min((slot->users - 1) * READY_EACH, READY_MAX);
}

void slot_note(double *mean_seconds, double from, double to)
{
	*mean_seconds += (to - from - *mean_seconds) / 4;
}

static void swap_chunks(struct chunk *a, struct chunk *b)
{
	struct chunk kept = *a;
	*a = *b;
	*b = kept;
}

bool slot_lay_by(struct slot *slot, struct chunk *chunk, const struct chunk_reading *reading)
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
	slot_tell(slot, false);
	return true;
}

void slot_take(struct slot *slot, struct chunk *chunk, struct chunk_reading *reading)
{
	struct ready *ready = pop_ready(slot);
	swap_chunks(&ready->chunk, chunk);
	*reading = ready->reading;
	keep_spare(slot, ready);
}

bool slot_has_enough(const struct slot *slot, unsigned worker)
{
	return slot->count > 0 && (slot->pulling || slot->puller != worker ||
					  slot->reader == NULL || slot->count * 2 > wanted(slot));
}

/* ---- pieces ---- */

bool slot_has_piece(const struct slot *slot)
{
	return slot->pieces.next < slot->pieces.end;
}

uint64_t slot_give_piece(struct slot *slot, struct piece *piece)
{
	*piece = (struct piece){ .offset = slot->pieces.next, .len = slot->pieces.bytes };
	slot->pieces.next += piece->len;
	return slot->pieces_given++;
}

void slot_took_piece(struct slot *slot, bool made)
{
	if (!made) {
		slot->pieces_void = true;
		slot->pieces.next = slot->pieces.end;
	}
	if (++slot->pieces_taken == slot->pieces_given)
		slot->pieces_void = false;
	slot_tell(slot, true);
}
