/* SPDX-License-Identifier: MIT */
/*
 * What the reading of time, service and level costs a scan, side by side: the same scanner over the
 * same chunks, once as it is and once with what every line said handed to it from a list. All else
 * is the same, counting in cells of time and of services too. The calls are caught by the linker
 * (--wrap), so that the program itself has no switch for it.
 */
#include "bench/bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "lineup/intern.h"
#include "lineup/mem.h"
#include "lineup/reading.h"
#include "lineup/scanner.h"

/* What a line said, as small as it can be: the list is read in both a cold and a hot cache. */
struct told_line {
	int64_t time_ns;
	uint32_t message_at;
	uint16_t service;
	uint8_t basis;
	uint8_t level;
};

static struct {
	enum { READ, RECORD, REPLAY } mode;
	struct told_line *lines;
	size_t count;
	size_t capacity;
	size_t next;
	struct intern services;
} told;

/* The linker's names for the function that is caught, and for what stands in for it. */
void __real_line_read_form(
	struct line_cursor *, struct str line, struct line_form *, struct reading *);
void __wrap_line_read_form(
	struct line_cursor *, struct str line, struct line_form *, struct reading *);

void __wrap_line_read_form(
	struct line_cursor *c, struct str line, struct line_form *form, struct reading *r)
{
	if (told.mode == REPLAY) {
		const struct told_line *t = &told.lines[told.next++];
		*r = (struct reading){ .time_ns = t->time_ns,
			.basis = (enum time_basis)t->basis,
			.level = (enum level)t->level,
			.service = intern_name(&told.services, t->service),
			.message_at = t->message_at };
		return;
	}
	__real_line_read_form(c, line, form, r);
	if (told.mode != RECORD)
		return;
	mem_grow(&told.lines, told.count, &told.capacity);
	told.lines[told.count++] = (struct told_line){ .time_ns = r->time_ns,
		.service = (uint16_t)(intern_add(&told.services, r->service) & UINT16_MAX),
		.message_at = r->message_at,
		.basis = (uint8_t)r->basis,
		.level = (uint8_t)r->level };
}

static double scan(struct scan_plan *plan, const struct chunk *chunks, size_t count,
	struct chunk_reading *starts, bool pull)
{
	struct scanner scanner;
	struct error err;
	told.next = 0;
	if (scanner_init(&scanner, plan, &err) != 0)
		bench_die("scan", err.text);
	double begin = bench_thread_seconds();
	for (size_t i = 0; i < count; i++) {
		if (pull)
			reading_pull(plan->reading, &chunks[i], &starts[i]);
		if (scanner_scan(&scanner, &chunks[i], &starts[i], &err) != 0)
			bench_die("scan", err.text);
	}
	double seconds = bench_thread_seconds() - begin;
	scanner_release(&scanner);
	return seconds;
}

static void add_row(struct bench *b, const char *name, double *seconds, uint64_t bytes)
{
	struct bench_row *row = bench_add(b, name, seconds, b->rounds);
	row->bytes = bytes;
	row->lines = told.count;
}

void bench_reading_cost(
	struct bench *b, struct scan_plan *plan, const struct chunk *chunks, size_t count)
{
	double with[BENCH_ROUNDS_MAX], without[BENCH_ROUNDS_MAX];
	uint64_t bytes = 0;
	struct chunk_reading *starts = mem_zalloc(count, sizeof(*starts));
	for (size_t i = 0; i < count; i++)
		bytes += chunks[i].len;
	told.mode = RECORD;
	scan(plan, chunks, count, starts, true);
	for (unsigned round = 0; round < b->rounds; round++) {
		told.mode = READ;
		with[round] = scan(plan, chunks, count, starts, true);
		told.mode = REPLAY;
		without[round] = scan(plan, chunks, count, starts, false);
	}
	told.mode = READ;
	add_row(b, "scan/with_reading", with, bytes);
	add_row(b, "scan/without_reading", without, bytes);
	free(starts);
	free(told.lines);
	intern_release(&told.services);
	memset(&told, 0, sizeof(told));
}
