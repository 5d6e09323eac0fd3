/* SPDX-License-Identifier: MIT */
#include "src/input/ahead.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "src/input/crew.h"

#define WINDOW_PACKED	((size_t)8 << 20)
#define WINDOW_UNPACKED ((size_t)64 << 20)
#define PART_PACKED_MAX ((size_t)8 << 20)
#define PEEK_BYTES	((size_t)128 << 10)

struct part {
	struct crew_job job;
	const struct decoder_format *format;
	struct decoder_part at;
	struct decoder_cursor begin; /* where the part begins */
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
	size_t handed_on; /* bytes of the first part */
};

static void *create_state(const void *format)
{
	return ((const struct decoder_format *)format)->create();
}

static void destroy_state(const void *format, void *state)
{
	((const struct decoder_format *)format)->destroy(state);
}

static bool decode_part(void *state, struct crew_job *job)
{
	const struct part *p = (const struct part *)job;
	return p->format->parts->decode(state, &p->at, (uint8_t *)job->packed.ptr, &job->room);
}

static const struct crew_kind decoding = {
	.job_bytes = sizeof(struct part),
	.create = create_state,
	.work = decode_part,
	.destroy = destroy_state,
};

struct ahead *ahead_create(const struct decoder_format *format, struct flow *in, unsigned threads)
{
	struct ahead *a = mem_zalloc(1, sizeof(*a));
	a->format = format;
	a->in = in;
	a->crew = crew_create(&decoding, format, threads);
	return a;
}

static struct part *first_part(struct ahead *a)
{
	return (struct part *)crew_first(a->crew);
}

static void add_part(struct ahead *a, const struct decoder_part *at,
	const struct decoder_cursor *begin, const char *packed)
{
	struct part *p = (struct part *)crew_spare(a->crew);
	size_t bytes = at->packed_bytes;
	p->format = a->format;
	p->at = *at;
	p->begin = *begin;
	memcpy(decoder_room(&p->job.packed, bytes + DECODER_PART_SPARE), packed, bytes);
	a->covered += at->advance;
	a->packed += bytes;
	a->unpacked += at->unpacked_max;
	crew_add(a->crew, &p->job);
}

/* Cuts parts off the upstream until the window is full or the next one is none. */
static void fill(struct ahead *a)
{
	size_t want = PEEK_BYTES;
	while (!a->dry && !crew_full(a->crew) && a->packed < WINDOW_PACKED &&
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
	const struct decoder_part *at = &first_part(a)->at;
	flow_take(a->in, at->advance);
	a->covered -= at->advance;
	a->packed -= at->packed_bytes;
	a->unpacked -= at->unpacked_max;
	a->handed_on = 0;
	a->passed = true;
	crew_drop(a->crew);
}

/* Forgets all parts; the upstream stands at the first of them. */
static void give_up(struct ahead *a)
{
	a->over = true;
	a->cursor = first_part(a)->begin;
	crew_forget(a->crew);
}

/*
 * Inside a part nobody knows which of its bytes gave what came out so far, and the limit on the
 * ratio must strike at the same byte for every number of threads. So what comes near it is left to
 * the decoder that reads one byte behind the other. A quarter: then the ratio of all that came
 * before the part keeps the limit too, even if nothing is counted for the part at hand.
 */
static bool nears_max_ratio(const struct ahead *a, const struct part *p)
{
	uint64_t max_ratio = a->in->budget->limits->max_ratio;
	if (max_ratio == 0)
		return false;
	return max_ratio < 4 || p->job.room.len / (max_ratio / 4) > p->at.packed_bytes;
}

size_t ahead_read(struct ahead *a, char *out, size_t capacity)
{
	while (!a->over) {
		const struct part *first = first_part(a);
		if (first != NULL && a->handed_on > 0 && a->handed_on == first->job.room.len)
			drop_first(a);
		if (first_part(a) == NULL)
			a->dry = false;
		fill(a);
		first = first_part(a);
		if (first == NULL)
			return 0;
		if (!crew_wait(a->crew) || (a->handed_on == 0 && nears_max_ratio(a, first))) {
			give_up(a);
			return 0;
		}
		const struct decoder_room *room = &first->job.room;
		size_t n = size_min(capacity, room->len - a->handed_on);
		if (n == 0) { /* an empty stream */
			drop_first(a);
			continue;
		}
		memcpy(out, room->ptr + a->handed_on, n);
		a->handed_on += n;
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
	free(a);
}
