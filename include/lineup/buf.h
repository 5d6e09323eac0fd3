/* SPDX-License-Identifier: MIT */
/*
 * A growing run of bytes with a ceiling: appending past the ceiling is refused, so that no input
 * can make it eat the memory. The caller owns it; one thread at a time.
 */
#ifndef LINEUP_BUF_H
#define LINEUP_BUF_H

#include "lineup/error.h"

struct buf {
	char *ptr;
	size_t len;
	size_t capacity;
	size_t ceiling; /* 0: none */
};

#define BUF_INIT(ceiling_bytes)                                                                    \
	{                                                                                          \
		NULL, 0, 0, (ceiling_bytes)                                                        \
	}

void buf_init(struct buf *, size_t ceiling);
void buf_release(struct buf *);

/* Makes room for `more` bytes behind len; false when that would pass the ceiling. */
MUST_USE bool buf_reserve(struct buf *, size_t more);

/* All of it or nothing: false when it would pass the ceiling. */
bool buf_append(struct buf *, struct str);
bool buf_append_byte(struct buf *, char byte);
bool buf_printf(struct buf *, const char *format, ...) PRINTF_LIKE(2, 3);

/* All of a file's bytes into a new buffer, released on failure; more than the limit is an error. */
MUST_USE int buf_read_file(struct buf *, const char *path, size_t limit_bytes, struct error *);

static inline struct str buf_str(const struct buf *b)
{
	return (struct str){ b->ptr, b->len };
}

static inline void buf_clear(struct buf *b)
{
	b->len = 0;
}

#endif
