/* SPDX-License-Identifier: MIT */
#include "lineup/matcher_linked.h"

#include <stdlib.h>

#include "lineup/matcher_cache.h"
#include "lineup/mem.h"
#include "src/match/matcher_payload.h"

/* A file of the cache, made by the build; missing (weak) in the tests and where it was left out. It
 * is as true as the code beside it: no checksum is asked. */
extern const char lineup_matcher_image[] __attribute__((weak));
extern const char lineup_matcher_image_end[] __attribute__((weak));

struct matcher_linked *matcher_linked_load(unsigned threads)
{
	struct str payload;
	if (lineup_matcher_image == NULL || lineup_matcher_image_end == NULL)
		return NULL;
	size_t bytes =
		(size_t)((uintptr_t)lineup_matcher_image_end - (uintptr_t)lineup_matcher_image);
	struct matcher_linked *linked = mem_zalloc(1, sizeof(*linked));
	if (matcher_cache_parse(str_of(lineup_matcher_image, bytes), &linked->key, &payload) &&
		matcher_payload_parse(payload, &linked->payload) &&
		matcher_payload_load(&linked->payload, threads, linked->databases))
		return linked;
	matcher_linked_destroy(linked);
	return NULL;
}

void matcher_linked_destroy(struct matcher_linked *linked)
{
	if (linked == NULL)
		return;
	for (size_t i = 0; i < PAYLOAD_DATABASES; i++)
		pattern_database_destroy(linked->databases[i]);
	free(linked);
}
