/* SPDX-License-Identifier: MIT */
/*
 * What all fuzz targets share. Each target is one function that takes any bytes; libFuzzer calls
 * it with bytes that it invents (`make fuzz`), replay.c with those of the seeds (`make test`).
 * A broken promise ends the process, so that both see it.
 */
#ifndef LINEUP_FUZZ_H
#define LINEUP_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "lineup/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);    \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* Is the view empty, or all within the text? */
static inline bool lies_within(struct str view, struct str text)
{
	return view.len == 0 || (view.ptr >= text.ptr && view.len <= text.len &&
					(size_t)(view.ptr - text.ptr) <= text.len - view.len);
}

/*
 * A copy that ends where its memory ends, with `padding` readable bytes behind: what reads past it
 * is seen by the address sanitizer. The caller frees it.
 */
static inline char *exact_copy(struct str text, size_t padding)
{
	char *copy = malloc(text.len + padding + (text.len + padding == 0));
	if (copy == NULL)
		exit(1);
	if (text.len > 0)
		memcpy(copy, text.ptr, text.len);
	if (padding > 0)
		memset(copy + text.len, 0, padding);
	return copy;
}

#endif
