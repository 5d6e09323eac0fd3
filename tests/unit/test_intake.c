/* SPDX-License-Identifier: MIT */
/*
 * Every chunk of every input comes to exactly one worker, with the time that the lines before it
 * leave it, however many workers there are, and whether they scan faster or slower than one of them
 * decodes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "lineup/intake.h"
#include "lineup/mem.h"
#include "lineup/parallel.h"

#define FILES	    3
#define LINES	    20000
#define WORKERS_MAX 8

static char folder[] = "/tmp/lineup-intake-XXXXXX";

/*
 * The first file is long, so that all workers end up at it and read it in pieces, until a line is
 * longer than one; the others have some chunks each.
 */
static void write_files(struct inputs *inputs, struct troubles *troubles)
{
	char path[64];
	assert_non_null(mkdtemp(folder));
	for (unsigned k = 0; k < FILES; k++) {
		snprintf(path, sizeof(path), "%s/%u.log", folder, k);
		FILE *f = fopen(path, "w");
		assert_non_null(f);
		for (unsigned n = 0; n < LINES / (k * 7 + 1); n++)
			fprintf(f, "%s%u line %u of file %u%*s\n",
				n % 3 == 0 ? "2026-11-20T12:00:00Z " : " ", n, n, k,
				n == LINES / 2 ? 9000 : 0, "");
		fclose(f);
		inputs_add(inputs, str_from(path), troubles);
	}
	inputs_finish(inputs, troubles);
	assert_int_equal(inputs->count, FILES);
}

static void remove_files(void)
{
	char path[64];
	for (unsigned k = 0; k < FILES; k++) {
		snprintf(path, sizeof(path), "%s/%u.log", folder, k);
		unlink(path);
	}
	rmdir(folder);
}

/* What workers made of their chunks: sums, which do not hang on who had which. */
struct handed_out {
	struct intake *intake;
	bool slow;
	struct intake_worker workers[WORKERS_MAX];
	uint64_t chunks[WORKERS_MAX];
	uint64_t sums[WORKERS_MAX];
};

static void take_all(void *context, size_t me)
{
	struct handed_out *h = context;
	struct chunk chunk = { .data = NULL };
	struct chunk_reading reading;
	h->workers[me].me = (unsigned)me;
	while (intake_next(h->intake, &h->workers[me], &chunk, &reading)) {
		uint64_t hash = 0;
		for (int i = 0; i < (h->slow ? 200 : 1); i++)
			hash ^= str_hash(str_of(chunk.data, chunk.len)) + (uint64_t)i;
		hash += (uint64_t)reading.inherited_ns + reading.header_seen;
		h->chunks[me]++;
		h->sums[me] += (hash ^ chunk.first_line) * 31 + chunk.member->input;
	}
	chunk_release(&chunk);
}

static uint64_t hand_out(const struct scan_settings *settings, unsigned workers, bool slow,
	uint64_t *chunks, uint64_t *lines)
{
	struct scan_progress progress = { .stop = false };
	struct handed_out *h = mem_zalloc(1, sizeof(*h));
	uint64_t sum = 0;
	h->slow = slow;
	h->intake = intake_create(settings, &progress, workers);
	parallel_each(workers, workers, take_all, h);
	*chunks = *lines = 0;
	for (unsigned i = 0; i < workers; i++) {
		sum += h->sums[i];
		*chunks += h->chunks[i];
		*lines += h->workers[i].counts.lines;
		troubles_release(&h->workers[i].troubles);
	}
	assert_int_equal(progress.inputs_done, FILES);
	assert_int_equal(progress.lines, *lines);
	intake_destroy(h->intake);
	free(h);
	return sum;
}

static void test_each_chunk_comes_to_one_worker(void **state)
{
	(void)state;
	struct inputs inputs = { 0 };
	struct troubles troubles = { 0 };
	struct reading_options *options;
	struct reading_settings how = { .now_ns = TIME_NONE };
	struct error err;
	struct read_limits limits = read_limits_default;
	const struct selection all = { .include = NULL };
	write_files(&inputs, &troubles);
	assert_int_equal(reading_options_create(&options, &how, &err), 0);
	limits.chunk_bytes = 4096;
	struct scan_settings settings = {
		.inputs = &inputs, .reading = options, .limits = &limits, .selection = &all
	};
	uint64_t chunks, lines, expected_chunks, expected_lines;
	uint64_t expected = hand_out(&settings, 1, false, &expected_chunks, &expected_lines);
	assert_int_equal(expected_lines, LINES + LINES / 8 + LINES / 15);
	assert_true(expected_chunks > 100);
	uint64_t expected_slow = hand_out(&settings, 1, true, &chunks, &lines);
	for (unsigned workers = 2; workers <= WORKERS_MAX; workers *= 2) {
		for (int slow = 0; slow < 2; slow++) {
			uint64_t sum = hand_out(&settings, workers, slow != 0, &chunks, &lines);
			assert_int_equal(chunks, expected_chunks);
			assert_int_equal(lines, expected_lines);
			assert_int_equal(sum, slow != 0 ? expected_slow : expected);
		}
	}
	reading_options_destroy(options);
	inputs_release(&inputs);
	troubles_release(&troubles);
	remove_files();
}

static void assert_unopened(size_t count, const char *told)
{
	struct input items[] = { { .path = { "a", 1 } }, { .path = { "b", 1 } },
		{ .path = { "c", 1 } } };
	struct inputs inputs = { .items = items, .count = count };
	struct scan_settings settings = { .inputs = &inputs };
	struct scan_progress progress = { .stop = true };
	struct troubles troubles = { 0 };
	struct intake *in = intake_create(&settings, &progress, 1);
	intake_note_unopened(in, &troubles);
	assert_int_equal(troubles.count, told != NULL);
	if (told != NULL)
		assert_true(str_equal(troubles.items[0].reason, str_from(told)));
	troubles_release(&troubles);
	intake_destroy(in);
}

static void test_what_was_not_opened_is_counted(void **state)
{
	(void)state;
	assert_unopened(0, NULL);
	assert_unopened(1, "interrupted: this input was not read");
	assert_unopened(2, "interrupted: this and 1 more input were not read");
	assert_unopened(3, "interrupted: this and 2 more inputs were not read");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_chunk_comes_to_one_worker),
		cmocka_unit_test(test_what_was_not_opened_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
