/* SPDX-License-Identifier: MIT */
#include "lineup/intake.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "src/run/slot.h"

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
	for (unsigned i = 0; i < worker_count; i++)
		slot_init(&in->slots[i]);
	return in;
}

void intake_destroy(struct intake *in)
{
	for (unsigned i = 0; i < in->slot_count; i++)
		slot_release(&in->slots[i]);
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
	if (in->next_input == inputs->count)
		return;
	const struct input *first = &inputs->items[in->next_input];
	size_t more = inputs->count - in->next_input - 1;
	if (more == 0)
		troubles_add(troubles, TROUBLE_LIMITED, first->index, 0, first->path,
			"interrupted: this input was not read");
	else
		troubles_add(troubles, TROUBLE_LIMITED, first->index, 0, first->path,
			"interrupted: this and %zu more input%s were not read", more, plural(more));
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
	slot->pieces = (struct pieces){ 0, 0, 0 };
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

/* Settles where a chunk stands in the order of its member. */
static void place_chunk(struct intake *in, struct slot *slot, const struct chunk *chunk,
	struct chunk_reading *reading)
{
	if (in->settings->with_templates || !reading_put_off(chunk, reading))
		reading_pull(in->settings->reading, chunk, reading);
	report_progress(in, slot);
}

/* One chunk from the reader, which is closed when it is through. */
static bool pull(struct intake *in, struct slot *slot, struct intake_worker *w, struct chunk *chunk,
	struct chunk_reading *reading)
{
	bool interrupted = stopped(in);
	bool got = !interrupted && reader_next(slot->reader, chunk) == 1;
	if (got) {
		place_chunk(in, slot, chunk, reading);
		reader_pieces(slot->reader, &slot->pieces);
	} else {
		close_reader(in, slot, w, interrupted);
	}
	return got;
}

/* ---- with the slot's lock held ---- */

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
	slot->puller = w->me;
	do {
		pthread_mutex_unlock(&slot->lock);
		double begin = seconds_now(in);
		got = pull(in, slot, w, chunk, reading);
		double end = seconds_now(in);
		pthread_mutex_lock(&slot->lock);
		slot_note(&slot->pull_seconds, begin, end);
		w->seconds_pull += end - begin;
	} while (got && !slot_has_piece(slot) && slot_lay_by(slot, chunk, reading));
	slot->pulling = false;
	slot_tell(slot, !got);
	return got;
}

/*
 * A piece of a plain file: read beside the other workers, and made a chunk when it has its turn.
 * False when no chunk came of it.
 */
static bool pull_piece(struct intake *in, struct slot *slot, struct intake_worker *w,
	struct chunk *chunk, struct chunk_reading *reading)
{
	struct piece piece;
	uint64_t turn = slot_give_piece(slot, &piece);
	pthread_mutex_unlock(&slot->lock);
	double begin = seconds_now(in);
	reader_read_piece(slot->reader, &piece, chunk);
	pthread_mutex_lock(&slot->lock);
	while (slot->pieces_taken != turn)
		slot_await(slot);
	bool got = !slot->pieces_void;
	pthread_mutex_unlock(&slot->lock);
	if (got && (got = reader_take_piece(slot->reader, &piece, chunk)))
		place_chunk(in, slot, chunk, reading);
	w->seconds_pull += seconds_now(in) - begin;
	pthread_mutex_lock(&slot->lock);
	slot_took_piece(slot, got);
	return got;
}

/* A chunk of this slot; false when there is none any more. */
static bool next_of_slot(struct intake *in, struct slot *slot, struct intake_worker *w,
	struct chunk *chunk, struct chunk_reading *reading)
{
	bool got = false, more = true;
	pthread_mutex_lock(&slot->lock);
	if (w->attached)
		slot_note(&slot->scan_seconds, w->left_seconds, seconds_now(in));
	slot->users += !w->attached;
	w->attached = true;
	while (more && !got) {
		if (slot_has_enough(slot, w->me)) {
			slot_take(slot, chunk, reading);
			got = true;
		} else if (slot->pulling) {
			slot_await(slot);
		} else if (slot_has_piece(slot) && !stopped(in)) {
			got = pull_piece(in, slot, w, chunk, reading);
		} else if (slot->pieces_taken < slot->pieces_given) {
			slot_await(slot);
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
	slot_tell(slot, true);
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
