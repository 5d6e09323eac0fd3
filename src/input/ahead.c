/* SPDX-License-Identifier: MIT */
#include "src/input/ahead.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "src/input/crew.h"

/* Parts ahead for each thread: one at work, one that waits; more only take memory out of cache. */
#define PARTS_EACH	2
#define WINDOW_PACKED	((size_t)8 << 20)
#define WINDOW_UNPACKED ((size_t)64 << 20)
#define PART_PACKED_MAX ((size_t)8 << 20)
#define PEEK_BYTES	((size_t)128 << 10)

struct slot {
	struct crew_job job;
	const struct decoder_format *format;
	struct decoder_part part;
	struct decoder_cursor begin; /* where the part begins */
	uint8_t *packed;
	size_t packed_capacity;
	struct decoder_room room;
	struct slot *next; /* of those at hand, or of the free ones */
};

struct ahead {
	const struct decoder_format *format;
	struct flow *in;
	struct crew *crew;
	bool over; /* a part was not what it seemed: no more are cut */
	bool dry;  /* none can be cut until those at hand are through */
	bool passed;
	struct decoder_cursor cursor; /* behind the last part */
	size_t covered;		      /* bytes of the upstream that the parts at hand take */
	size_t packed;		      /* sums of the parts at hand */
	size_t unpacked;
	size_t at; /* bytes of the first part that were handed on */
	size_t slots_wanted;
	size_t count;
	struct slot *first; /* of those at hand, in order */
	struct slot *last;
	struct slot *free_slots; /* the last one used first: its memory is in cache */
	struct slot slots[CREW_JOBS_MAX];
};

static void *create_state(const void *format)
{
	return ((const struct decoder_format *)format)->create();
}

static void destroy_state(const void *format, void *state)
{
	((const struct decoder_format *)format)->destroy(state);
}

static bool decode_slot(void *state, struct crew_job *job)
{
	struct slot *s = (struct slot *)job;
	s->room.len = 0;
	return s->format->parts->decode(state, &s->part, s->packed, &s->room);
}

static const struct crew_kind decoding = {
	.create = create_state,
	.work = decode_slot,
	.destroy = destroy_state,
};

struct ahead *ahead_create(const struct decoder_format *format, struct flow *in, unsigned threads)
{
	struct ahead *a = mem_zalloc(1, sizeof(*a));
	a->format = format;
	a->in = in;
	a->crew = crew_create(&decoding, format, threads);
	a->slots_wanted = size_min(CREW_JOBS_MAX, (size_t)threads * PARTS_EACH);
	for (size_t i = CREW_JOBS_MAX; i-- > 0;) {
		a->slots[i].format = format;
		a->slots[i].next = a->free_slots;
		a->free_slots = &a->slots[i];
	}
	return a;
}

static void add_part(struct ahead *a, const struct decoder_part *part,
	const struct decoder_cursor *begin, const char *packed)
{
	struct slot *s = a->free_slots;
	a->free_slots = s->next;
	s->next = NULL;
	s->part = *part;
	s->begin = *begin;
	if (s->packed_capacity < part->packed_bytes + DECODER_PART_SPARE) {
		s->packed_capacity = part->packed_bytes + DECODER_PART_SPARE;
		s->packed = mem_realloc(s->packed, s->packed_capacity, 1);
	}
	memcpy(s->packed, packed, part->packed_bytes);
	a->covered += part->advance;
	a->packed += part->packed_bytes;
	a->unpacked += part->unpacked_max;
	if (a->count++ == 0)
		a->first = s;
	else
		a->last->next = s;
	a->last = s;
	crew_add(a->crew, &s->job);
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
	struct slot *s = a->first;
	flow_take(a->in, s->part.advance);
	a->covered -= s->part.advance;
	a->packed -= s->part.packed_bytes;
	a->unpacked -= s->part.unpacked_max;
	a->at = 0;
	a->passed = true;
	crew_drop(a->crew);
	a->first = s->next;
	a->count--;
	s->next = a->free_slots;
	a->free_slots = s;
}

/* Forgets all parts; the upstream stands at the first of them. */
static void give_up(struct ahead *a)
{
	a->over = true;
	a->cursor = a->first->begin;
	a->count = 0;
	crew_forget(a->crew);
}

size_t ahead_read(struct ahead *a, char *out, size_t capacity)
{
	while (!a->over) {
		if (a->count > 0 && a->at > 0 && a->at == a->first->room.len)
			drop_first(a);
		if (a->count == 0)
			a->dry = false;
		fill(a);
		if (a->count == 0)
			return 0;
		if (!crew_wait(a->crew)) {
			give_up(a);
			return 0;
		}
		const struct decoder_room *room = &a->first->room;
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
	crew_destroy(a->crew);
	for (size_t i = 0; i < CREW_JOBS_MAX; i++) {
		free(a->slots[i].packed);
		free(a->slots[i].room.ptr);
	}
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
