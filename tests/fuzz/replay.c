/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzz target without a fuzzer: over every file of a folder, and over some changes of each
 * that come from a fixed seed. usage: fuzz_NAME FOLDER
 * REPLAY_KEEP=FILE keeps there what is about to be run, to find the one that broke.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lineup/str.h"
#include "tests/fuzz/fuzz.h"

#define SIZE_MAX_BYTES (1 << 20)
#define CHANGES	       24

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* In memory of its own, so that the sanitizer sees what reads past it. */
static void run_exactly(const uint8_t *data, size_t size)
{
	const char *kept = getenv("REPLAY_KEEP");
	FILE *file = kept != NULL ? fopen(kept, "wb") : NULL;
	if (file != NULL) {
		fwrite(data, 1, size, file);
		fclose(file);
	}
	char *copy = exact_copy(str_of((const char *)data, size), 0);
	LLVMFuzzerTestOneInput((const uint8_t *)copy, size);
	free(copy);
}

static void change_and_run(uint8_t *data, size_t size, uint64_t seed)
{
	uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	uint64_t kind = next_random(&state) % 4;
	size_t at = size == 0 ? 0 : (size_t)(next_random(&state) % size);
	if (size == 0)
		return;
	if (kind == 0) {
		run_exactly(data, at);
		return;
	}
	if (kind == 1) {
		run_exactly(data + at, size - at);
		return;
	}
	uint8_t kept = data[at];
	if (kind == 2)
		data[at] = (uint8_t)(kept ^ (1U << next_random(&state) % 8));
	else
		data[at] = (uint8_t)next_random(&state);
	run_exactly(data, size);
	data[at] = kept;
}

static bool run_file(const char *folder, const char *name, uint8_t *data)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "rb");
	if (file == NULL) {
		perror(path);
		return false;
	}
	size_t size = fread(data, 1, SIZE_MAX_BYTES, file);
	fclose(file);
	run_exactly(data, size);
	for (uint64_t i = 0; i < CHANGES; i++)
		change_and_run(data, size, i + 1 + 1000 * size);
	return true;
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	struct dirent **names = NULL;
	int count = scandir(argv[1], &names, NULL, alphasort);
	uint8_t *data = malloc(SIZE_MAX_BYTES);
	int done = 0;
	for (int i = 0; i < count; i++) {
		if (names[i]->d_name[0] != '.' && data != NULL &&
			run_file(argv[1], names[i]->d_name, data))
			done++;
		free(names[i]);
	}
	free(names);
	free(data);
	printf("%d seeds\n", done);
	return done > 0 ? 0 : 1;
}
