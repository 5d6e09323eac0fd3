/* SPDX-License-Identifier: MIT */
/*
 * The directory at the end of a zip archive, found by its end record and read whole. One thread at
 * a time.
 */
#ifndef LINEUP_ZIP_DIRECTORY_H
#define LINEUP_ZIP_DIRECTORY_H

#include "src/input/flow.h"

struct zip_directory {
	char *bytes; /* the owner's to free; NULL: not found */
	size_t len;
	uint64_t at;   /* in the file */
	uint64_t base; /* what stands before the archive in its file */
	bool fits;     /* its offsets may be right */
};

/*
 * Into a directory of zeros, from a file that can be seeked in: false when there is none, or not
 * all of its entries; what could be read of it is there all the same.
 */
bool zip_directory_load(struct zip_directory *, struct flow *file);

static inline struct str zip_directory_view(const struct zip_directory *d)
{
	return str_of(d->bytes != NULL ? d->bytes : "", d->len);
}

#endif
