/* SPDX-License-Identifier: MIT */
#include "src/input/zip_ahead.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "src/input/crew.h"
#include "src/input/decoder.h"
#include "src/input/source.h"

/*
 * What is larger is decoded for less chunk by chunk, each hot in the cache; and of such members too
 * few would be at hand to keep the threads at work.
 */
#define MEMBER_PACKED_MAX ((uint64_t)2 << 20)
#define MEMBER_BYTES_MAX  ((uint64_t)8 << 20)
#define WINDOW_PACKED	  ((uint64_t)8 << 20)
#define WINDOW_BYTES	  ((uint64_t)64 << 20)

/* Where more are passed over than read, as pictures are, decoding ahead is work for nothing. */
#define UNREAD_MAX 8

struct ready {
	struct crew_job job;
	const struct flow *file;
	uint64_t header_at;
	struct zip_entry entry;
	size_t place; /* of the entry in the directory */
	size_t used;  /* packed bytes up to where the data ends */
};

struct zip_ahead {
	const struct flow *file;
	struct str directory;
	uint64_t base;
	struct crew *crew;
	size_t at;	 /* in the directory: behind the last entry that was looked at */
	uint64_t packed; /* sums of the members at hand */
	uint64_t bytes;
	uint64_t read; /* members of those decoded ahead */
	uint64_t unread;
};

/* ---- by the threads ---- */

static void *create_state(const void *context UNUSED)
{
	return decode_deflate.create();
}

static void destroy_state(const void *context UNUSED, void *state)
{
	decode_deflate.destroy(state);
}

static bool read_packed(struct ready *s)
{
	char head[ZIP_LOCAL_BYTES];
	size_t len = (size_t)s->entry.packed;
	if (source_read_some(s->file, s->header_at, head, sizeof(head)) != sizeof(head))
		return false;
	size_t header_bytes = zip_header_bytes(str_of(head, sizeof(head)));
	return header_bytes > 0 && source_read_some(s->file, s->header_at + header_bytes,
					   decoder_room(&s->job.packed, len), len) == len;
}

static bool decode_member(void *state, struct crew_job *job)
{
	struct ready *s = (struct ready *)job;
	if (!read_packed(s))
		return false;
	size_t size = (size_t)s->entry.size;
	struct decoder_io io = { .in = (const uint8_t *)job->packed.ptr,
		.in_len = (size_t)s->entry.packed,
		.out = (uint8_t *)decoder_room(&job->room, size + 1), /* one more: it ends there */
		.out_len = size + 1 };
	struct error ignored;
	enum decoder_step step = DECODER_MORE;
	if (!decode_deflate.start(state, &ignored))
		return false;
	for (size_t left = 1; step == DECODER_MORE && left > 0 && io.out_len > 0;) {
		left = io.in_len;
		step = decode_deflate.step(state, &io, &ignored);
	}
	job->room.len = size + 1 - io.out_len;
	s->used = (size_t)s->entry.packed - io.in_len;
	return step == DECODER_STREAM_END && job->room.len == size;
}

static const struct crew_kind decoding = {
	.job_bytes = sizeof(struct ready),
	.create = create_state,
	.work = decode_member,
	.destroy = destroy_state,
};

/* ---- what is at hand ---- */

struct zip_ahead *zip_ahead_create(
	struct flow *file, struct str directory, uint64_t base, unsigned threads)
{
	struct zip_ahead *a = mem_zalloc(1, sizeof(*a));
	a->file = file;
	a->directory = directory;
	a->base = base;
	a->crew = crew_create(&decoding, NULL, threads);
	return a;
}

bool zip_ahead_suits(const struct zip_entry *e, const struct read_limits *limits)
{
	return e->method == ZIP_DEFLATED && (e->flags & 1) == 0 && !e->unsized && e->packed > 0 &&
	       e->packed <= MEMBER_PACKED_MAX && e->size <= MEMBER_BYTES_MAX &&
	       e->size <= limits->max_size_bytes;
}

static struct ready *first_of(struct zip_ahead *a)
{
	return (struct ready *)crew_first(a->crew);
}

static void add_member(struct zip_ahead *a, size_t place, const struct zip_entry *e)
{
	struct ready *s = (struct ready *)crew_spare(a->crew);
	s->file = a->file;
	s->entry = *e;
	s->header_at = a->base + e->offset;
	s->place = place;
	a->packed += e->packed;
	a->bytes += e->size;
	crew_add(a->crew, &s->job);
}

static void fill(struct zip_ahead *a, const struct read_limits *limits)
{
	struct zip_entry e;
	size_t place = a->at;
	while (!crew_full(a->crew) && a->packed <= WINDOW_PACKED - MEMBER_PACKED_MAX &&
		a->bytes <= WINDOW_BYTES - MEMBER_BYTES_MAX &&
		zip_entry_read(a->directory, &a->at, &e)) {
		if (zip_ahead_suits(&e, limits))
			add_member(a, place, &e);
		place = a->at;
	}
}

static void drop_first(struct zip_ahead *a)
{
	const struct zip_entry *e = &first_of(a)->entry;
	a->packed -= e->packed;
	a->bytes -= e->size;
	crew_drop(a->crew);
}

void zip_ahead_destroy(struct zip_ahead *a)
{
	if (a == NULL)
		return;
	crew_destroy(a->crew);
	free(a);
}

/* ---- the flow of a member ---- */

struct inflated {
	struct zip_ahead *ahead; /* NULL: none, or not of this one; its first member is this one */
	size_t packed_bytes;
	size_t at;
	bool begun;
	bool here; /* the upstream is a decoder by now */
};

/* Takes the packed bytes; then what was decoded ahead is there, or a decoder. */
static void begin(struct flow *f, struct inflated *m)
{
	m->begun = true;
	flow_peek(f->upstream, m->packed_bytes);
	if (m->ahead != NULL && crew_wait(m->ahead->crew)) {
		flow_take(f->upstream,
			size_min(flow_view(f->upstream).len, first_of(m->ahead)->used));
		return;
	}
	m->here = true;
	f->upstream = decoder_open(&decode_deflate, f->upstream, true);
}

static size_t inflated_read(struct flow *f, char *out, size_t capacity)
{
	struct inflated *m = f->state;
	if (!m->begun)
		begin(f, m);
	if (m->here)
		return flow_read(f->upstream, out, capacity);
	const struct decoder_room *room = &first_of(m->ahead)->job.room;
	size_t n = size_min(capacity, room->len - m->at);
	memcpy(out, room->ptr + m->at, n);
	m->at += n;
	return n;
}

static void inflated_destroy(struct flow *f)
{
	struct inflated *m = f->state;
	if (m->ahead != NULL) {
		m->ahead->read += m->begun;
		m->ahead->unread += !m->begun;
		drop_first(m->ahead);
	}
	free(m);
}

static const struct flow_kind inflated_kind = {
	.read = inflated_read,
	.destroy = inflated_destroy,
};

struct flow *zip_ahead_open(
	struct zip_ahead *a, size_t place, const struct zip_entry *e, struct flow *packed)
{
	struct inflated *m = mem_alloc(sizeof(*m));
	*m = (struct inflated){ .packed_bytes = (size_t)e->packed };
	if (a != NULL) {
		while (first_of(a) != NULL && first_of(a)->place < place) /* links and the like */
			drop_first(a);
		a->at = size_max(a->at, place);
		if (a->unread <= a->read + UNREAD_MAX)
			fill(a, packed->budget->limits);
		m->ahead = first_of(a) != NULL && first_of(a)->place == place ? a : NULL;
	}
	return flow_create(&inflated_kind, m, packed, packed->budget);
}
