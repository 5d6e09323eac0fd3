/* SPDX-License-Identifier: MIT */
#include "lineup/pipeline.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "lineup/fire.h"
#include "lineup/mem.h"
#include "lineup/notes.h"
#include "lineup/parallel.h"
#include "lineup/scanner.h"
#include "lineup/skew.h"

/*
 * Every worker owns a slot and keeps an input open in it as long as there are inputs; a worker
 * that finds none left helps with the slots of others. A slot's lock is held while one chunk is
 * pulled from its reader, and all that depends on the order of chunks happens under it. The locks
 * are none of OpenMP's: those of GCC spin for milliseconds, and a pull takes about one.
 */
struct slot {
	_Alignas(CACHE_LINE_BYTES) pthread_mutex_t lock;
	struct reader *reader; /* NULL: nothing open */
	const struct input *input;
	uint64_t counted_encoded; /* what the progress has seen of the reader */
	uint64_t counted_lines;
	uint64_t counted_bytes;
};

struct worker {
	_Alignas(CACHE_LINE_BYTES) struct scanner scanner;
	struct chunk chunk;
	struct troubles troubles;
	struct read_counts counts;
	double seconds_decode;
	bool failed;
	struct error error;
};

struct pipeline {
	const struct scan_settings *settings;
	struct scan_progress *progress;
	struct scan_plan plan;
	struct slot *slots;
	struct worker *workers;
	unsigned worker_count;
	pthread_mutex_t inputs_lock;
	size_t next_input;
};

static bool stopped(const struct pipeline *p)
{
	/* relaxed: a worker that sees it one chunk later does no harm */
	return atomic_load_explicit(&p->progress->stop, memory_order_relaxed);
}

static const struct input *claim_input(struct pipeline *p)
{
	const struct input *input = NULL;
	pthread_mutex_lock(&p->inputs_lock);
	if (p->next_input < p->settings->inputs->count && !stopped(p))
		input = &p->settings->inputs->items[p->next_input++];
	pthread_mutex_unlock(&p->inputs_lock);
	return input;
}

static void add_counts(struct read_counts *into, const struct read_counts *from)
{
	into->files += from->files;
	into->members += from->members;
	into->bytes_encoded += from->bytes_encoded;
	into->bytes += from->bytes;
	into->lines += from->lines;
}

/* Sums for the progress bar: relaxed, nothing is decided by them. */
static void report_progress(struct pipeline *p, struct slot *slot)
{
	const struct read_counts *now = reader_counts(slot->reader);
	atomic_fetch_add_explicit(&p->progress->bytes_encoded,
		now->bytes_encoded - slot->counted_encoded, memory_order_relaxed);
	atomic_fetch_add_explicit(
		&p->progress->bytes, now->bytes - slot->counted_bytes, memory_order_relaxed);
	atomic_fetch_add_explicit(
		&p->progress->lines, now->lines - slot->counted_lines, memory_order_relaxed);
	slot->counted_encoded = now->bytes_encoded;
	slot->counted_bytes = now->bytes;
	slot->counted_lines = now->lines;
}

/* With the slot's lock held: takes the reader's sums and closes it. */
static void close_slot(struct pipeline *p, struct slot *slot, struct worker *w, bool interrupted)
{
	report_progress(p, slot);
	if (interrupted)
		troubles_add(&w->troubles, TROUBLE_LIMITED, slot->input->index, UINT32_MAX,
			slot->input->path, "interrupted: the rest of it was not read");
	add_counts(&w->counts, reader_counts(slot->reader));
	troubles_join(&w->troubles, reader_troubles(slot->reader));
	reader_close(slot->reader);
	slot->reader = NULL;
	atomic_fetch_add_explicit(&p->progress->inputs_done, 1, memory_order_relaxed);
}

/*
 * Opens the next input that can be opened into the worker's own slot; false when none is left. The
 * slot is locked meanwhile, so that who finds no input left waits for this one and helps with it.
 */
static bool open_next(struct pipeline *p, struct slot *slot, struct worker *w)
{
	const struct input *input;
	bool opened = false;
	pthread_mutex_lock(&slot->lock);
	while (!opened && (input = claim_input(p)) != NULL) {
		struct error err;
		slot->counted_encoded = slot->counted_lines = slot->counted_bytes = 0;
		slot->input = input;
		opened = reader_open(&slot->reader, input, p->settings->limits,
				 p->settings->selection, &err) == 0;
		if (!opened) {
			slot->reader = NULL;
			troubles_add(&w->troubles, TROUBLE_UNREADABLE, input->index, 0, input->path,
				"%s", err.text);
			atomic_fetch_add_explicit(
				&p->progress->inputs_done, 1, memory_order_relaxed);
		}
	}
	pthread_mutex_unlock(&slot->lock);
	return opened;
}

/*
 * Takes one chunk from the slot into the worker. Returns 1; 0 when the slot is empty, or is now.
 */
static int pull(
	struct pipeline *p, struct slot *slot, struct worker *w, struct chunk_reading *reading)
{
	int got = 0;
	double begin = p->settings->timed ? clock_thread_seconds() : 0;
	pthread_mutex_lock(&slot->lock);
	if (slot->reader != NULL) {
		bool interrupted = stopped(p);
		got = interrupted ? 0 : reader_next(slot->reader, &w->chunk);
		if (got == 1) {
			reading_pull(p->settings->reading, &w->chunk, reading);
			report_progress(p, slot);
		} else {
			close_slot(p, slot, w, interrupted);
		}
	}
	pthread_mutex_unlock(&slot->lock);
	if (p->settings->timed)
		w->seconds_decode += clock_thread_seconds() - begin;
	return got;
}

static void scan(struct worker *w, const struct chunk_reading *reading)
{
	struct error err;
	if (scanner_scan(&w->scanner, &w->chunk, reading, &err) != 0)
		troubles_add(&w->troubles, TROUBLE_UNREADABLE, w->chunk.member->input,
			w->chunk.member->sequence, w->chunk.member->place,
			"a chunk from line %llu on could not be matched: %s",
			(unsigned long long)w->chunk.first_line, err.text);
}

/* Drains the worker's own slot, then helps with the others until all are empty. */
static void work(void *context, size_t me)
{
	struct pipeline *p = context;
	struct worker *w = &p->workers[me];
	struct chunk_reading reading;
	while (open_next(p, &p->slots[me], w)) {
		while (pull(p, &p->slots[me], w, &reading) == 1)
			scan(w, &reading);
	}
	for (size_t i = 1; i < p->worker_count; i++) {
		/* one slot after the other: whoever comes here waits on nothing but a pull */
		struct slot *other = &p->slots[(me + i) % p->worker_count];
		while (pull(p, other, w, &reading) == 1)
			scan(w, &reading);
	}
	/* here, where others may still scan, and not when all wait for one */
	tally_compact(&w->scanner.tally);
}

static int init_workers(struct pipeline *p, struct error *err)
{
	for (unsigned i = 0; i < p->worker_count; i++) {
		pthread_mutex_init(&p->slots[i].lock, NULL);
		if (scanner_init(&p->workers[i].scanner, &p->plan, err) != 0)
			return -1;
	}
	return 0;
}

static void note_unopened(struct pipeline *p, struct troubles *troubles)
{
	const struct inputs *inputs = p->settings->inputs;
	if (p->next_input < inputs->count) {
		const struct input *first = &inputs->items[p->next_input];
		troubles_add(troubles, TROUBLE_LIMITED, first->index, 0, first->path,
			"interrupted: this and %zu more inputs were not read",
			inputs->count - p->next_input - 1);
	}
}

/* Fires of larger rules count like hits of simple ones, with the lines they took as evidence. */
static void count_fires(struct tally *tally, const struct fires *fires)
{
	for (size_t i = 0; i < fires->count; i++) {
		const struct fire *fire = &fires->items[i];
		struct evidence lines[EXEMPLARS_MAX];
		size_t count = size_min(fire->line_count, EXEMPLARS_MAX);
		for (size_t k = 0; k < count; k++) {
			const struct fire_line *l = &fire->lines[k];
			lines[k] = (struct evidence){ l->time_ns, l->input, l->sequence, l->line,
				l->offset, l->place, l->text };
		}
		tally_fire(tally, fire->rule, fire->service, fire->first_ns, fire->last_ns, lines,
			count);
	}
}

/*
 * A pattern that was given up on a line may have matched it: that is told where the rule stands.
 * Without a number: how often a worker asks a pattern hangs on what it remembers of such lines.
 */
static void say_given_up(struct pipeline *p)
{
	const struct rule_set *rules = p->settings->rules;
	for (uint32_t term = 0; term < rules->term_count; term++) {
		bool given_up = false;
		for (unsigned i = 0; i < p->worker_count && !given_up; i++)
			given_up = matcher_scratch_gave_up(p->workers[i].scanner.scratch, term) > 0;
		if (!given_up)
			continue;
		const struct rule_place *place = &rules->terms[term].place;
		char line[32] = "";
		if (place->line > 0)
			snprintf(line, sizeof(line), "line %u: ", (unsigned)place->line);
		troubles_add(&p->workers[0].troubles, TROUBLE_LIMITED, UINT32_MAX - 1, term,
			place->path,
			"%sthe pattern takes too long on some lines, where it was given up; they "
			"count as not matched",
			line);
	}
}

/* Workers that are joined at the same time: each pair stands so far apart. */
struct joining {
	struct worker *workers;
	size_t step;
};

/* All that the second one of the pair has goes into the first. */
static void join_pair(void *context, size_t pair)
{
	const struct joining *j = context;
	struct worker *into = &j->workers[2 * j->step * pair], *from = into + j->step;
	into->seconds_decode += from->seconds_decode;
	into->scanner.seconds_match += from->scanner.seconds_match;
	into->scanner.seconds_read += from->scanner.seconds_read;
	tally_merge(&into->scanner.tally, &from->scanner.tally);
	tally_release(&from->scanner.tally);
	fire_events_merge(&into->scanner.events, &from->scanner.events);
	fire_events_release(&from->scanner.events);
	source_trusts_join(&into->scanner.trusts, &from->scanner.trusts);
	troubles_join(&into->troubles, &from->troubles);
	add_counts(&into->counts, &from->counts);
}

/*
 * Pair by pair, all pairs of a round at the same time: a tally takes about a tenth of a second, and
 * one behind the other would be seconds with 64 of them.
 */
static void join_all(struct pipeline *p)
{
	struct joining j = { p->workers, 1 };
	for (size_t count = p->worker_count; j.step < count; j.step *= 2) {
		size_t pairs = (count - j.step + 2 * j.step - 1) / (2 * j.step);
		parallel_each(p->worker_count, pairs, join_pair, &j);
	}
}

static void merge(struct pipeline *p, struct findings *out, struct scan_stats *stats)
{
	struct worker *first = &p->workers[0];
	for (unsigned i = 0; i < p->worker_count; i++) {
		const struct scanner *scanner = &p->workers[i].scanner;
		stats->peak_tally_bytes +=
			tally_bytes(&scanner->tally) + fire_events_bytes(&scanner->events);
	}
	join_all(p);
	stats->seconds_decode = first->seconds_decode;
	stats->seconds_match = first->scanner.seconds_match;
	stats->seconds_read = first->scanner.seconds_read;
	say_given_up(p);
	struct fires fires;
	fire_run(&fires, p->settings->rules, &first->scanner.events);
	count_fires(&first->scanner.tally, &fires);
	findings_build(out, &first->scanner.tally, p->settings->rules);
	note_unopened(p, &first->troubles);
	troubles_join(&out->troubles, &first->troubles);
	troubles_sort(&out->troubles);
	out->totals = (struct input_totals){ .files = first->counts.files,
		.members = first->counts.members,
		.bytes_read = first->counts.bytes_encoded,
		.bytes = first->counts.bytes,
		.lines = first->counts.lines };
	time_notes(out, &first->scanner.trusts);
	skew_notes(out);
	fire_note(out, &fires);
	fires_release(&fires);
}

static void release(struct pipeline *p)
{
	for (unsigned i = 0; i < p->worker_count; i++) {
		struct worker *w = &p->workers[i];
		pthread_mutex_destroy(&p->slots[i].lock);
		scanner_release(&w->scanner);
		chunk_release(&w->chunk);
		troubles_release(&w->troubles);
	}
	pthread_mutex_destroy(&p->inputs_lock);
	scan_plan_release(&p->plan);
	free(p->slots);
	free(p->workers);
}

int pipeline_scan(const struct scan_settings *settings, struct scan_progress *progress,
	struct findings *out, struct scan_stats *stats, struct error *err)
{
	*stats = (struct scan_stats){ 0 };
	int64_t begin_ns = clock_monotonic_ns();
	double begin_cpu = clock_cpu_seconds();
	struct pipeline p = { .settings = settings,
		.progress = progress,
		.worker_count = settings->jobs == 0 ? 1 : settings->jobs };
	p.slots = mem_zalloc_aligned(p.worker_count * sizeof(*p.slots));
	p.workers = mem_zalloc_aligned(p.worker_count * sizeof(*p.workers));
	pthread_mutex_init(&p.inputs_lock, NULL);
	scan_plan_init(&p.plan, settings->rules, settings->matcher, settings->reading);
	p.plan.since_ns = settings->since_ns;
	p.plan.until_ns = settings->until_ns;
	p.plan.with_templates = settings->with_templates;
	p.plan.timed = settings->timed;
	int result = init_workers(&p, err);
	if (result == 0) {
		parallel_each(p.worker_count, p.worker_count, work, &p);
		double before_merge = clock_cpu_seconds();
		merge(&p, out, stats);
		stats->seconds_merge = clock_cpu_seconds() - before_merge;
	}
	release(&p);
	stats->seconds_wall = (double)(clock_monotonic_ns() - begin_ns) / 1e9;
	stats->seconds_cpu = clock_cpu_seconds() - begin_cpu;
	return result;
}
