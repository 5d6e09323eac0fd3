/* SPDX-License-Identifier: MIT */
#include "lineup/nearest.h"

#define WORD_MAX 32

/*
 * Letters inserted, left out, changed or swapped with their neighbour to make one word of the other
 * (optimal string alignment: the usual table by rows, three of which are enough).
 */
static size_t distance(struct str a, struct str b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0], *above = rows[1], *here = rows[2];
	for (size_t j = 0; j <= b.len; j++)
		above[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		here[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t changed = above[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);
			size_t best = size_min(changed, size_min(above[j], here[j - 1]) + 1);
			if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
				a.ptr[i - 2] == b.ptr[j - 1])
				best = size_min(best, before[j - 2] + 1);
			here[j] = best;
		}
		size_t *free_row = before;
		before = above;
		above = here;
		here = free_row;
	}
	return above[b.len];
}

const char *nearest_name(struct str word, const char *const *names, size_t count)
{
	const char *nearest = NULL;
	size_t least = size_max(1, word.len / 3) + 1;
	if (word.len == 0 || word.len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		struct str name = str_from(names[i]);
		if (name.len > WORD_MAX)
			continue;
		/* A beginning is the likeliest slip of all: --min for --min-severity. */
		size_t far = word.len >= 3 && str_starts(name, word) ? 0 : distance(word, name);
		if (far < least) {
			least = far;
			nearest = names[i];
		}
	}
	return nearest;
}
