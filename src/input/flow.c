/* SPDX-License-Identifier: MIT */
#include "src/input/flow.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lineup/mem.h"

/* Files are fetched by buffers, so that much may have come in before it was counted here. */
#define RATIO_SLACK_BYTES ((uint64_t)128 << 10)

/*
 * The ratio is looked at whenever so many bytes came out, and not after every read: what a bomb
 * gives before it is ended must not hang on how much comes at a time.
 */
#define LOOK_BYTES ((uint64_t)1 << 20)

struct flow_tuning flow_tuning = {
	.buffer_bytes = (size_t)128 << 10, .read_bytes = SIZE_MAX, .part_bytes = (size_t)1 << 20
};

struct flow *flow_create(const struct flow_kind *kind, void *state, struct flow *upstream,
	struct flow_budget *budget)
{
	struct flow *f = mem_alloc(sizeof(*f));
	*f = (struct flow){ .kind = kind, .state = state, .upstream = upstream, .budget = budget };
	f->fetched_at_open = budget->fetched_bytes;
	f->taken_at_open = upstream != NULL ? upstream->taken : 0;
	return f;
}

void flow_destroy(struct flow *f)
{
	while (f != NULL) {
		struct flow *upstream = f->upstream;
		if (f->kind->destroy != NULL)
			f->kind->destroy(f);
		free(f->buffer);
		free(f);
		f = upstream;
	}
}

size_t flow_fail(struct flow *f, enum trouble_kind kind, const char *format, ...)
{
	f->ended = true;
	if (f->failed)
		return 0;
	f->failed = true;
	f->fault_kind = kind;
	va_list args;
	va_start(args, format);
	vsnprintf(f->fault.text, sizeof(f->fault.text), format, args);
	va_end(args);
	return 0;
}

const struct flow *flow_fault(const struct flow *f)
{
	const struct flow *found = NULL;
	for (; f != NULL; f = f->upstream) {
		if (f->failed)
			found = f;
	}
	return found;
}

/* What the flow took since it was opened. */
static uint64_t input_bytes(const struct flow *f)
{
	const struct flow *in = f->upstream;
	if (in != NULL && !in->kind->fetches)
		return in->taken - f->taken_at_open;
	if (f->reads_ahead && f->budget->file_bytes > 0)
		return f->budget->file_bytes;
	uint64_t fetched = f->budget->fetched_bytes - f->fetched_at_open;
	/* What is fetched and not taken says nothing, and is more where parts are decoded ahead. */
	uint64_t ready = in != NULL ? in->end - in->at : 0;
	return fetched - (ready < fetched ? ready : fetched);
}

/*
 * A bomb is told by what it gives for what it takes, of which many in each other would take what
 * the others give: so also by what it gives for the whole file.
 */
static void check_limits(struct flow *f)
{
	const struct read_limits *limits = f->budget->limits;
	if (f->produced > limits->max_size_bytes) {
		flow_fail(f, TROUBLE_LIMITED,
			"gives more than %" PRIu64 " bytes, the limit of decoded size (--max-size)",
			limits->max_size_bytes);
		return;
	}
	if (limits->max_ratio == 0 || f->produced <= READ_RATIO_FLOOR_BYTES ||
		f->produced % LOOK_BYTES != 0)
		return;
	uint64_t file_bytes = f->budget->file_bytes;
	uint64_t due = f->produced / limits->max_ratio;
	if (due > input_bytes(f) + RATIO_SLACK_BYTES ||
		(file_bytes > 0 && due > file_bytes + RATIO_SLACK_BYTES))
		flow_fail(f, TROUBLE_LIMITED,
			"gives more than %" PRIu64 " times the bytes that it takes, the limit "
			"against decompression bombs (--max-ratio)",
			limits->max_ratio);
}

/* No further than to the next look at the limits, and one byte past the largest size. */
static size_t until_look(const struct flow *f, size_t capacity)
{
	uint64_t left = f->budget->limits->max_size_bytes - f->produced;
	if (left < capacity)
		capacity = (size_t)left + 1;
	return size_min(capacity, (size_t)(LOOK_BYTES - f->produced % LOOK_BYTES));
}

static size_t produce(struct flow *f, char *out, size_t capacity)
{
	if (f->ended)
		return 0;
	if (f->kind->expands)
		capacity = until_look(f, capacity);
	size_t n = f->kind->read(f, out, size_min(capacity, flow_tuning.read_bytes));
	f->produced += n;
	if (n == 0)
		f->ended = true;
	else if (f->kind->expands)
		check_limits(f);
	return n;
}

size_t flow_read(struct flow *f, char *out, size_t capacity)
{
	size_t ready = f->end - f->at;
	size_t n;
	if (ready > 0) {
		n = size_min(ready, capacity);
		memcpy(out, f->buffer + f->at, n);
		f->at += n;
	} else {
		n = produce(f, out, capacity);
	}
	f->taken += n;
	return n;
}

/* Makes room for at least `want` bytes from f->at on. */
static void make_room(struct flow *f, size_t want)
{
	if (f->at > 0 && (f->at == f->end || f->capacity - f->at < want)) {
		memmove(f->buffer, f->buffer + f->at, f->end - f->at);
		f->end -= f->at;
		f->at = 0;
	}
	if (f->capacity >= size_max(want, 1))
		return;
	/* Twice what is wanted at once: who looks far ahead moves a byte once,
	 * not at every look. */
	size_t capacity = want > flow_tuning.buffer_bytes ? 2 * want : flow_tuning.buffer_bytes;
	/* Thousands of small files: no more than the file can fill, and a byte to see its end. */
	if (f->size_bytes > 0 && f->size_bytes < capacity && want <= f->size_bytes + 1)
		capacity = (size_t)f->size_bytes + 1;
	f->buffer = mem_realloc(f->buffer, capacity, 1);
	f->capacity = capacity;
}

struct str flow_peek(struct flow *f, size_t want)
{
	if (f->end - f->at < want && !f->ended)
		make_room(f, want);
	while (f->end - f->at < want && !f->ended) {
		size_t step = size_max(want - (f->end - f->at), flow_tuning.buffer_bytes);
		f->end += produce(f, f->buffer + f->end, size_min(f->capacity - f->end, step));
	}
	/* Nothing came out, so there may be no buffer yet. */
	if (f->at == f->end)
		return STR("");
	return str_of(f->buffer + f->at, f->end - f->at);
}

struct str flow_view(struct flow *f)
{
	return flow_peek(f, 1);
}

void flow_take(struct flow *f, size_t n)
{
	f->at += n;
	f->taken += n;
}

size_t flow_take_nuls(struct flow *f)
{
	size_t n = 0;
	if (f->at == f->end && f->kind->pass_hole != NULL)
		n = f->kind->pass_hole(f);
	if (n > 0) {
		f->taken += n;
		f->produced += n;
		return n;
	}
	struct str view = flow_view(f);
	uint64_t word;
	for (; view.len - n >= sizeof(word); n += sizeof(word)) {
		memcpy(&word, view.ptr + n, sizeof(word));
		if (word != 0)
			break;
	}
	while (n < view.len && view.ptr[n] == '\0')
		n++;
	flow_take(f, n);
	return n;
}

/* Some files of /proc and the like say no size and give hundreds of terabytes of zeros. */
#define ENDLESS_NULS ((uint64_t)256 << 20)

uint64_t flow_pass_nuls(struct flow *f, bool *endless)
{
	bool says_no_size = flow_can_seek(f) && f->size_bytes == 0;
	uint64_t nuls = 0;
	*endless = false;
	for (size_t n; !*endless && (n = flow_take_nuls(f)) > 0;) {
		nuls += n;
		*endless = says_no_size && nuls > ENDLESS_NULS;
	}
	return nuls;
}

bool flow_is_stopped(const struct flow *f)
{
	const atomic_bool *stop = f->budget->limits->stop;
	return stop != NULL && atomic_load_explicit(stop, memory_order_relaxed);
}

bool flow_can_seek(const struct flow *f)
{
	return f->kind->seek != NULL;
}

bool flow_seek(struct flow *f, uint64_t offset)
{
	if (f->kind->seek == NULL)
		return false;
	if (offset >= f->taken && offset - f->taken <= f->end - f->at) {
		flow_take(f, (size_t)(offset - f->taken));
		return true;
	}
	if (!f->kind->seek(f, offset))
		return false;
	f->at = f->end = 0;
	f->taken = offset;
	f->ended = f->failed;
	return true;
}
