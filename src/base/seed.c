/* SPDX-License-Identifier: MIT */
#include "lineup/seed.h"

#include <string.h>
#include <sys/auxv.h>

/* What stands here is used where the kernel gives nothing. */
uint64_t seed_words[SEED_WORDS] = { 0x9ae16a3b2f90404fULL };

/* SplitMix64 (G. L. Steele, D. Lea, C. H. Flood): any state makes well mixed numbers. */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ULL;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/*
 * Linux hands every program 16 random bytes at its start, without a call that could fail. The C
 * library takes the first half for its stack guards, so both halves go through a function that
 * cannot be turned back to them from a few of its results.
 */
__attribute__((constructor)) static void fill(void)
{
	uint64_t drawn[2] = { seed_words[0], 0 };
	const void *given = (const void *)getauxval(AT_RANDOM);
	if (given != NULL)
		memcpy(drawn, given, sizeof(drawn));
	for (size_t i = 0; i < SEED_WORDS; i++)
		seed_words[i] = next(&drawn[0]) ^ next(&drawn[1]);
}
