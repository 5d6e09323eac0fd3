/* SPDX-License-Identifier: MIT */
#include "lineup/tally_peers.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/scan/tally_parts.h"

/* How thinly requests are followed (the upper half) and how many events that has given so far. */
struct peer {
	_Alignas(CACHE_LINE_BYTES) atomic_uint_fast64_t held;
};

struct tally_peers {
	size_t count;
	atomic_uint sampling; /* the thinnest that any has come to */
	struct peer *peers;
};

struct tally_peers *tally_peers_create(size_t count)
{
	struct tally_peers *p = mem_zalloc(1, sizeof(*p));
	p->count = count;
	p->peers = mem_zalloc_aligned(count * sizeof(*p->peers));
	atomic_init(&p->sampling, 0);
	for (size_t i = 0; i < count; i++)
		atomic_init(&p->peers[i].held, 0);
	return p;
}

void tally_peers_destroy(struct tally_peers *p)
{
	if (p == NULL)
		return;
	free(p->peers);
	free(p);
}

/* All atomics here are relaxed: each is a fact of its own that stays true, and who hears of it one
 * chunk later only holds some events longer. */

static void say(struct tally_peers *p, size_t me, const struct tally *t)
{
	uint64_t held = (uint64_t)t->event_sampling << 32 | t->event_count;
	atomic_store_explicit(&p->peers[me].held, held, memory_order_relaxed);
	unsigned known = atomic_load_explicit(&p->sampling, memory_order_relaxed);
	while (known < t->event_sampling &&
		!atomic_compare_exchange_weak_explicit(&p->sampling, &known, t->event_sampling,
			memory_order_relaxed, memory_order_relaxed))
		;
}

/* At least so many events does the scan have at this sampling: who samples less says nothing. */
static uint64_t sum_of(const struct tally_peers *p, unsigned sampling)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < p->count; i++) {
		uint64_t held = atomic_load_explicit(&p->peers[i].held, memory_order_relaxed);
		sum += held >> 32 >= sampling ? held & UINT32_MAX : 0;
	}
	return sum;
}

void tally_peers_agree(struct tally_peers *p, size_t me, struct tally *t)
{
	tally_thin_events(t, atomic_load_explicit(&p->sampling, memory_order_relaxed));
	say(p, me, t);
	if (sum_of(p, t->event_sampling) <= t->limits.requests)
		return;
	tally_thin_events(t, t->event_sampling + 1);
	say(p, me, t);
}
