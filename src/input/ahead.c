/* SPDX-License-Identifier: MIT */
#include "src/input/ahead.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "lineup/mem.h"

#define SLOTS_MAX   64
#define HELPERS_MAX SLOTS_MAX
/* Parts ahead for each thread: one at work, one that waits; more only take memory out of cache. */
#define PARTS_EACH	2
#define WINDOW_PACKED	((size_t)8 << 20)
#define WINDOW_UNPACKED ((size_t)64 << 20)
#define PART_PACKED_MAX ((size_t)8 << 20)
#define PEEK_BYTES	((size_t)128 << 10)

enum slot_state { SLOT_WAITING, SLOT_BUSY, SLOT_GOOD, SLOT_BAD };

struct slot {
	enum slot_state state;
	struct decoder_part part;
	struct decoder_cursor begin; /* where the part begins */
	uint8_t *packed;
	size_t packed_capacity;
	struct decoder_room room;
	struct slot *next_free;
};

struct ahead {
	const struct decoder_format *format;
	struct flow *in;
	void *state; /* of the calling thread */
	bool over;   /* a part was not what it seemed: no more are cut */
	bool dry;    /* none can be cut until those at hand are through */
	bool passed;
	struct decoder_cursor cursor; /* behind the last part */
	size_t covered;		      /* bytes of the upstream that the parts at hand take */
	size_t packed;		      /* sums of the parts at hand */
	size_t unpacked;
	size_t at; /* bytes of the first part that were handed on */
	size_t slots_wanted;
	unsigned helpers_wanted;
	unsigned helper_count;
	pthread_t helpers[HELPERS_MAX];
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t work;
	pthread_cond_t done;
	size_t first;
	size_t count;
	unsigned busy;
	bool stop;
	struct slot *queue[SLOTS_MAX]; /* a ring: `count` from `first` on, in order */
	struct slot *free_slots;       /* the last one used first: its memory is in cache */
	struct slot slots[SLOTS_MAX];
};

struct ahead *ahead_create(const struct decoder_format *format, struct flow *in, unsigned threads)
{
	struct ahead *a = mem_zalloc(1, sizeof(*a));
	a->format = format;
	a->in = in;
	a->state = format->create();
	a->helpers_wanted = threads > HELPERS_MAX ? HELPERS_MAX : threads;
	a->slots_wanted = size_min(SLOTS_MAX, (size_t)threads * PARTS_EACH);
	for (size_t i = SLOTS_MAX; i-- > 0;) {
		a->slots[i].next_free = a->free_slots;
		a->free_slots = &a->slots[i];
	}
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->work, NULL);
	pthread_cond_init(&a->done, NULL);
	return a;
}

static struct slot *slot_at(struct ahead *a, size_t i)
{
	return a->queue[(a->first + i) % SLOTS_MAX];
}

/* With the lock held, which is let go meanwhile. */
static void decode_slot(struct ahead *a, struct slot *s, void *state)
{
	s->state = SLOT_BUSY;
	a->busy++;
	pthread_mutex_unlock(&a->lock);
	s->room.len = 0;
	bool good = a->format->parts->decode(state, &s->part, s->packed, &s->room);
	pthread_mutex_lock(&a->lock);
	s->state = good ? SLOT_GOOD : SLOT_BAD;
	a->busy--;
	pthread_cond_signal(&a->done);
}

static struct slot *find_waiting(struct ahead *a)
{
	for (size_t i = 0; i < a->count; i++) {
		if (slot_at(a, i)->state == SLOT_WAITING)
			return slot_at(a, i);
	}
	return NULL;
}

static void *help(void *context)
{
	struct ahead *a = context;
	void *state = a->format->create();
	pthread_mutex_lock(&a->lock);
	while (!a->stop) {
		struct slot *s = find_waiting(a);
		if (s != NULL)
			decode_slot(a, s, state);
		else
			pthread_cond_wait(&a->work, &a->lock);
	}
	pthread_mutex_unlock(&a->lock);
	a->format->destroy(state);
	return NULL;
}

/* Once there are two parts at hand. Signals are for the threads that know of them. */
static void start_helpers(struct ahead *a)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (a->helper_count < a->helpers_wanted &&
		pthread_create(&a->helpers[a->helper_count], NULL, help, a) == 0)
		a->helper_count++;
	a->helpers_wanted = a->helper_count;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void add_part(struct ahead *a, const struct decoder_part *part,
	const struct decoder_cursor *begin, const char *packed)
{
	struct slot *s = a->free_slots;
	a->free_slots = s->next_free;
	s->part = *part;
	s->begin = *begin;
	s->state = SLOT_WAITING;
	if (s->packed_capacity < part->packed_bytes + DECODER_PART_SPARE) {
		s->packed_capacity = part->packed_bytes + DECODER_PART_SPARE;
		s->packed = mem_realloc(s->packed, s->packed_capacity, 1);
	}
	memcpy(s->packed, packed, part->packed_bytes);
	a->covered += part->advance;
	a->packed += part->packed_bytes;
	a->unpacked += part->unpacked_max;
	pthread_mutex_lock(&a->lock);
	a->queue[(a->first + a->count) % SLOTS_MAX] = s;
	a->count++;
	pthread_cond_signal(&a->work);
	pthread_mutex_unlock(&a->lock);
	if (a->count > 1 && a->helper_count < a->helpers_wanted)
		start_helpers(a);
}

/* Cuts parts off the upstream until the window is full or the next one is none. */
static void fill(struct ahead *a)
{
	size_t want = PEEK_BYTES;
	while (!a->dry && a->count < a->slots_wanted && a->packed < WINDOW_PACKED &&
		a->unpacked < WINDOW_UNPACKED) {
		struct str view = str_skip(flow_peek(a->in, a->covered + want), a->covered);
		struct decoder_cursor begin = a->cursor;
		struct decoder_part part = { 0 };
		switch (a->format->parts->cut(&a->cursor, view, &part)) {
		case DECODER_CUT:
			add_part(a, &part, &begin, view.ptr);
			break;
		case DECODER_CUT_MORE:
			a->dry = view.len < want || view.len >= PART_PACKED_MAX;
			want *= 2;
			break;
		case DECODER_CUT_NONE:
			a->dry = true;
			break;
		}
	}
}

/* The first part is through. */
static void drop_first(struct ahead *a)
{
	struct slot *s = slot_at(a, 0);
	flow_take(a->in, s->part.advance);
	a->covered -= s->part.advance;
	a->packed -= s->part.packed_bytes;
	a->unpacked -= s->part.unpacked_max;
	a->at = 0;
	a->passed = true;
	pthread_mutex_lock(&a->lock);
	a->first = (a->first + 1) % SLOTS_MAX;
	a->count--;
	pthread_mutex_unlock(&a->lock);
	s->next_free = a->free_slots;
	a->free_slots = s;
}

/* Forgets all parts; the upstream stands at the first of them. */
static void give_up(struct ahead *a)
{
	a->over = true;
	a->cursor = slot_at(a, 0)->begin;
	pthread_mutex_lock(&a->lock);
	a->count = 0;
	while (a->busy > 0)
		pthread_cond_wait(&a->done, &a->lock);
	pthread_mutex_unlock(&a->lock);
}

/* The first part, decoded: by this thread, where there is no other one. */
static bool first_is_good(struct ahead *a)
{
	struct slot *s = slot_at(a, 0);
	pthread_mutex_lock(&a->lock);
	if (s->state == SLOT_WAITING && a->helper_count == 0)
		decode_slot(a, s, a->state);
	while (s->state == SLOT_WAITING || s->state == SLOT_BUSY)
		pthread_cond_wait(&a->done, &a->lock);
	bool good = s->state == SLOT_GOOD;
	pthread_mutex_unlock(&a->lock);
	return good;
}

size_t ahead_read(struct ahead *a, char *out, size_t capacity)
{
	while (!a->over) {
		if (a->count > 0 && a->at > 0 && a->at == slot_at(a, 0)->room.len)
			drop_first(a);
		if (a->count == 0)
			a->dry = false;
		fill(a);
		if (a->count == 0)
			return 0;
		if (!first_is_good(a)) {
			give_up(a);
			return 0;
		}
		const struct decoder_room *room = &slot_at(a, 0)->room;
		size_t n = size_min(capacity, room->len - a->at);
		if (n == 0) { /* an empty stream */
			drop_first(a);
			continue;
		}
		memcpy(out, room->ptr + a->at, n);
		a->at += n;
		return n;
	}
	return 0;
}

bool ahead_passed(const struct ahead *a)
{
	return a->passed;
}

bool ahead_resume(struct ahead *a, void *state)
{
	if (!a->cursor.inside) {
		a->cursor =
			(struct decoder_cursor){ 0 }; /* of the stream that the next part begins */
		return false;
	}
	struct str first = flow_view(a->in);
	bool took = false;
	bool ready = first.len > 0 &&
		     a->format->parts->resume(state, &a->cursor, (uint8_t)first.ptr[0], &took);
	if (took)
		flow_take(a->in, 1);
	a->cursor = (struct decoder_cursor){ 0 };
	return ready;
}

void ahead_destroy(struct ahead *a)
{
	if (a == NULL)
		return;
	pthread_mutex_lock(&a->lock);
	a->stop = true;
	pthread_cond_broadcast(&a->work);
	pthread_mutex_unlock(&a->lock);
	for (unsigned i = 0; i < a->helper_count; i++)
		pthread_join(a->helpers[i], NULL);
	for (size_t i = 0; i < SLOTS_MAX; i++) {
		free(a->slots[i].packed);
		free(a->slots[i].room.ptr);
	}
	pthread_mutex_destroy(&a->lock);
	pthread_cond_destroy(&a->work);
	pthread_cond_destroy(&a->done);
	a->format->destroy(a->state);
	free(a);
}

char *decoder_room(struct decoder_room *room, size_t bytes)
{
	if (room->capacity - room->len < bytes) {
		room->capacity = size_max(room->len + bytes, room->capacity * 2);
		room->ptr = mem_realloc(room->ptr, room->capacity, 1);
	}
	return room->ptr + room->len;
}
