/* SPDX-License-Identifier: MIT */
/*
 * Zip archives by their directory, over a flow that can seek: each member stands alone, so broken
 * data of one does not touch the next, and deflate goes through the fast decoder. Where the
 * directory is lost or does not fit, members are looked for one behind the other (zip_scan.c).
 * container.c takes archives with rare methods to libarchive. Used by one thread at a time, as the
 * flow is; zip_ahead.h brings the threads that decode ahead.
 */
#ifndef LINEUP_ZIP_H
#define LINEUP_ZIP_H

#include "src/input/container.h"

struct zip;

/* Borrows the flow. NULL: a member is packed in a way that is not known here. */
struct zip *zip_open(struct flow *);

/* What is wrong with the archive as a whole, to be said at its end; NULL: nothing. */
const char *zip_fault(const struct zip *);

/* The next entry; false at the end. Its flow is the caller's; NULL: a folder or a link. */
bool zip_next(struct zip *, struct container_entry *);

/* NULL is fine. */
void zip_close(struct zip *);

#endif
