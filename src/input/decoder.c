/* SPDX-License-Identifier: MIT */
#include "src/input/decoder.h"

#include <inttypes.h>
#include <stdlib.h>

#include "lineup/little_endian.h"
#include "lineup/mem.h"
#include "src/input/ahead.h"

struct decoder {
	const struct decoder_format *format;
	void *state;
	struct ahead *ahead; /* NULL: all is decoded here, one stream behind the other */
	bool parts;	     /* the format it was opened with has some */
	bool single;	     /* what stands behind a stream is not its business */
	bool inside;	     /* a stream is begun and not ended */
	uint64_t streams;
};

static const struct decoder_format *const formats[] = {
	&decode_gzip,
	&decode_zstd,
	&decode_xz,
	&decode_bzip2,
	&decode_lz4,
	&decode_lz4_legacy,
	&decode_compress,
	&decode_lzip,
	&decode_lzma,
};

const struct decoder_format *decoder_find(struct str head)
{
	for (size_t i = 0; i < countof(formats); i++) {
		if (formats[i]->starts(head))
			return formats[i];
	}
	return NULL;
}

/* False: there is nothing. */
static bool hand_on(struct decoder_output *o, struct decoder_io *io)
{
	size_t n = size_min(io->out_len, o->text.len - o->at);
	if (n == 0)
		return false;
	memcpy(io->out, o->text.ptr + o->at, n);
	o->at += n;
	io->out += n;
	io->out_len -= n;
	return true;
}

enum decoder_step decoder_make(struct decoder_output *o, struct decoder_io *io,
	const struct decoder_maker *maker, void *state)
{
	while (io->out_len > 0) {
		if (hand_on(o, io))
			continue;
		o->at = 0;
		buf_clear(&o->text);
		if (io->in_len > 0) {
			maker->take(state, io);
		} else if (!io->ended) {
			return DECODER_MORE;
		} else if (o->ended) {
			return DECODER_STREAM_END;
		} else {
			o->ended = true;
			maker->end(state);
		}
	}
	return DECODER_MORE;
}

bool decoder_skippable(struct str head)
{
	return head.len >= 4 && (little_endian(head.ptr, 4) & 0xfffffff0U) == 0x184d2a50U;
}

bool decoder_behind_skippable(struct str *head)
{
	while (decoder_skippable(*head)) {
		uint64_t frame = head->len < 8 ? 8 : 8 + little_endian(head->ptr + 4, 4);
		if (head->len < frame + 4)
			return true;
		*head = str_skip(*head, (size_t)frame);
	}
	return false;
}

/* Nothing came out so far: what was taken for one format's may be another's. */
static bool turn_to_sibling(const struct flow *f, struct decoder *d, struct str head)
{
	const struct decoder_format *sibling = d->format->sibling;
	if (sibling == NULL || f->produced > 0 || !sibling->starts(head))
		return false;
	ahead_destroy(d->ahead);
	d->ahead = NULL;
	d->format->destroy(d->state);
	d->format = sibling;
	d->state = sibling->create();
	return true;
}

/* Between streams: begins the next one, or ends the flow. */
static bool begin_stream(struct flow *f, struct decoder *d)
{
	struct flow *in = f->upstream;
	if (d->streams > 0 && d->single)
		return false;
	if (d->streams > 0) {
		while (d->format->zero_padding && flow_take_nuls(in) > 0)
			;
		struct str head = flow_peek(in, d->format->magic_bytes);
		if (head.len == 0)
			return false;
		head.len = size_min(head.len, d->format->magic_bytes);
		bool starts = d->format->starts != NULL && d->format->starts(head);
		if (!starts && !turn_to_sibling(f, d, head)) {
			flow_fail(f, TROUBLE_DAMAGED,
				"something else follows the %s data at byte %" PRIu64,
				d->format->name, in->taken);
			return false;
		}
	}
	struct error err = { "" };
	if (d->format->start != NULL && !d->format->start(d->state, &err)) {
		flow_fail(f, TROUBLE_UNREADABLE, "%s: %s", d->format->name, err.text);
		return false;
	}
	d->inside = true;
	return true;
}

static void fail_step(struct flow *f, const struct decoder *d, enum decoder_step step,
	uint64_t given, const struct error *err)
{
	enum trouble_kind kind = step == DECODER_LIMITED      ? TROUBLE_LIMITED
				 : step == DECODER_UNREADABLE ? TROUBLE_UNREADABLE
							      : TROUBLE_DAMAGED;
	if (f->reads_ahead)
		flow_fail(f, kind, "%s data: %s (behind what gave %" PRIu64 " bytes)",
			d->format->name, err->text, given);
	else
		flow_fail(f, kind, "%s data: %s (near byte %" PRIu64 ")", d->format->name,
			err->text, f->upstream->taken);
}

/*
 * A header that asks for gigabytes takes none: memory is taken as data fills it. So a window is
 * refused when it is larger than allowed and more came out than is allowed, and not before.
 */
static bool window_filled(struct flow *f, const struct decoder *d)
{
	uint64_t limit = f->budget->limits->window_bytes;
	if (likely(f->produced <= limit) || d->format->memory == NULL ||
		d->format->memory(d->state) <= limit)
		return false;
	flow_fail(f, TROUBLE_LIMITED,
		"%s data looks back over more than %" PRIu64
		" bytes, which must be kept in memory; that is the limit (--max-window)",
		d->format->name, limit);
	return true;
}

/* Between streams: what was decoded ahead. 0: go on here, with a stream that may be begun. */
static size_t read_ahead(struct decoder *d, struct decoder_io *io)
{
	size_t n = ahead_read(d->ahead, (char *)io->out, io->out_len);
	io->out += n;
	io->out_len -= n;
	if (d->streams == 0 && ahead_passed(d->ahead))
		d->streams = 1;
	if (n == 0)
		d->inside = ahead_resume(d->ahead, d->state);
	return n;
}

static size_t decoder_read(struct flow *f, char *out, size_t capacity)
{
	struct decoder *d = f->state;
	struct flow *in = f->upstream;
	struct decoder_io io = { .out = (uint8_t *)out, .out_len = capacity };
	while (io.out_len == capacity) {
		if (!d->inside && d->ahead != NULL && read_ahead(d, &io) > 0)
			break;
		if ((!d->inside && !begin_stream(f, d)) || window_filled(f, d))
			break;
		struct str view = flow_view(in);
		io.in = (const uint8_t *)view.ptr;
		io.in_len = view.len;
		io.ended = view.len == 0;
		struct error err = { "" };
		enum decoder_step step = d->format->step(d->state, &io, &err);
		flow_take(in, view.len - io.in_len);
		if (step == DECODER_STREAM_END) {
			d->inside = false;
			d->streams++;
		} else if (step != DECODER_MORE) {
			fail_step(f, d, step, f->produced + (capacity - io.out_len), &err);
			break;
		} else if (io.out_len == capacity && io.in_len == view.len) {
			/* Nothing taken, nothing given: it waits for bytes that are not there. */
			flow_fail(f, TROUBLE_DAMAGED, "%s data %s at byte %" PRIu64,
				d->format->name, view.len == 0 ? "ends early" : "makes no sense",
				in->taken);
			break;
		}
	}
	return capacity - io.out_len;
}

/*
 * How much of a file is decoded ahead hangs on threads, and what is counted must not: of a stream
 * that is left before its end nothing was read where nothing of it was wanted, else all of it.
 */
static void settle_count(const struct flow *f)
{
	const struct decoder *d = f->state;
	const struct flow *in = f->upstream;
	bool ahead = f->reads_ahead || (d->parts && in->kind->fetches);
	/* At damage parts are left to the decoder that reads no byte too much. */
	bool exact =
		f->ended && (!f->failed || (!f->reads_ahead && f->fault_kind != TROUBLE_LIMITED));
	if (!ahead || exact || in->size_bytes == 0 || flow_is_stopped(f))
		return;
	f->budget->encoded_bytes += (f->taken == 0 ? 0 : in->size_bytes) - in->taken;
}

static void decoder_destroy(struct flow *f)
{
	struct decoder *d = f->state;
	settle_count(f);
	ahead_destroy(d->ahead);
	d->format->destroy(d->state);
	free(d);
}

static const struct flow_kind decoder_kind = {
	.read = decoder_read,
	.destroy = decoder_destroy,
	.expands = true,
};

char *decoder_room(struct decoder_room *room, size_t bytes)
{
	if (room->ptr == NULL || room->capacity - room->len < bytes) {
		room->capacity = size_max(size_max(room->len + bytes, room->capacity * 2), 1);
		room->ptr = mem_realloc(room->ptr, room->capacity, 1);
	}
	return room->ptr + room->len;
}

struct flow *decoder_open(const struct decoder_format *format, struct flow *upstream, bool single)
{
	struct decoder *d = mem_alloc(sizeof(*d));
	*d = (struct decoder){ .format = format,
		.state = format->create(),
		.parts = format->parts != NULL,
		.single = single || format->single };
	/* By several threads only right over a file: elsewhere the limit on the ratio has nothing
	 * to count by but what this decoder takes, which must not hang on them. */
	unsigned threads = upstream->kind->fetches ? upstream->budget->limits->threads : 1;
	if (format->spread != NULL && threads > 1)
		format->spread(d->state, threads);
	if (format->parts != NULL && threads > 1)
		d->ahead = ahead_create(format, upstream, threads);
	struct flow *f = flow_create(&decoder_kind, d, upstream, upstream->budget);
	f->reads_ahead = format->spread != NULL && upstream->kind->fetches;
	return f;
}
