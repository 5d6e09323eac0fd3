/* SPDX-License-Identifier: MIT */
/*
 * What went wrong, as text in a fixed buffer of the caller: no allocation, nothing to free. The
 * origin says what it tried on what (`open 'a.zst': No such file or directory`); callers wrap only
 * when that adds something. Functions that fail return -1 and fill it. One thread at a time.
 */
#ifndef LINEUP_ERROR_H
#define LINEUP_ERROR_H

#include "lineup/str.h"

struct error {
	char text[768];
};

/* Sets the text and returns -1, so that `return error_set(err, ...)` ends a function. err may be
 * NULL. Text that does not fit is cut. */
int error_set(struct error *, const char *format, ...) PRINTF_LIKE(2, 3);

/* The same with `: ` and the meaning of this errno behind it. */
int error_errno(struct error *, int error_number, const char *format, ...) PRINTF_LIKE(3, 4);

/* Puts `prefix: ` in front of the text; returns -1. */
int error_wrap(struct error *, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
