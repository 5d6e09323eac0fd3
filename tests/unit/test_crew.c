/* SPDX-License-Identifier: MIT */
/*
 * Jobs come back in the order in which they were added, whoever did them, and spare ones keep no
 * more memory than is said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/input/crew.h"

struct doubling {
	struct crew_job job;
	unsigned number;
	size_t bytes;
};

static void *no_state(const void *context)
{
	return (void *)(uintptr_t)context;
}

static void no_release(const void *context, void *state)
{
	(void)context;
	(void)state;
}

/* Of every seventh nothing comes. */
static bool work(void *state, struct crew_job *job)
{
	struct doubling *d = (struct doubling *)job;
	(void)state;
	decoder_room(&job->room, d->bytes);
	d->number *= 2;
	return d->number % 7 != 0;
}

static const struct crew_kind kind = {
	.job_bytes = sizeof(struct doubling),
	.create = no_state,
	.work = work,
	.destroy = no_release,
};

static void add(struct crew *c, unsigned number, size_t bytes)
{
	struct doubling *d = (struct doubling *)crew_spare(c);
	d->number = number;
	d->bytes = bytes;
	crew_add(c, &d->job);
}

static void test_jobs_come_back_in_their_order(void **state)
{
	(void)state;
	for (unsigned threads = 1; threads <= 8; threads *= 2) {
		struct crew *c = crew_create(&kind, "", threads);
		unsigned added = 0, done = 0;
		while (done < 1000) {
			while (!crew_full(c) && added < 1000)
				add(c, added++, 100);
			assert_true(crew_wait(c) == (2 * done % 7 != 0));
			assert_int_equal(((struct doubling *)crew_first(c))->number, 2 * done);
			crew_drop(c);
			done++;
		}
		assert_null(crew_first(c));
		crew_destroy(c);
	}
}

static void test_forgotten_jobs_are_spare_again(void **state)
{
	(void)state;
	struct crew *c = crew_create(&kind, "", 4);
	for (unsigned round = 0; round < 100; round++) {
		assert_false(crew_full(c));
		while (!crew_full(c))
			add(c, round, 1000);
		crew_forget(c);
		assert_null(crew_first(c));
	}
	crew_destroy(c);
}

/* Many large pieces, each in another job: their rooms would be a gigabyte. */
static void test_spare_jobs_keep_no_more_memory_than_is_said(void **state)
{
	(void)state;
	struct crew *c = crew_create(&kind, "", CREW_JOBS_MAX / 2);
	for (unsigned i = 0; i < CREW_JOBS_MAX; i++)
		add(c, 1, CREW_KEPT_BYTES / 4);
	for (; crew_first(c) != NULL; crew_drop(c))
		assert_true(crew_wait(c));
	size_t kept = 0;
	while (!crew_full(c)) {
		struct crew_job *job = crew_spare(c);
		kept += job->room.capacity;
		crew_add(c, job);
	}
	assert_in_range(kept, CREW_KEPT_BYTES / 4, CREW_KEPT_BYTES);
	crew_destroy(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_jobs_come_back_in_their_order),
		cmocka_unit_test(test_forgotten_jobs_are_spare_again),
		cmocka_unit_test(test_spare_jobs_keep_no_more_memory_than_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
