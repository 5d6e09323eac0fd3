/* SPDX-License-Identifier: MIT */
/* Numbers as most file formats store them: the lowest byte first, at any address. Pure. */
#ifndef LINEUP_LITTLE_ENDIAN_H
#define LINEUP_LITTLE_ENDIAN_H

#include "lineup/base.h"

/* Of `bytes` bytes, 8 at most. */
static inline uint64_t little_endian(const void *p, size_t bytes)
{
	const unsigned char *b = (const unsigned char *)p;
	uint64_t n = 0;
	for (size_t i = bytes; i > 0; i--)
		n = n << 8 | b[i - 1];
	return n;
}

#endif
