/* SPDX-License-Identifier: MIT */
/*
 * Members of a zip archive whose directory is missing, or does not fit since bytes were lost or
 * came in between: their local headers are looked for one behind the other. Where the directory's
 * entries are known, only headers with their names count, and sizes that are not before the data
 * are taken from there. One thread at a time.
 */
#ifndef LINEUP_ZIP_SCAN_H
#define LINEUP_ZIP_SCAN_H

#include "lineup/table.h"
#include "src/input/flow.h"
#include "src/input/zip_entry.h"

struct zip_scan {
	struct flow *file; /* borrowed */
	uint64_t at;	   /* the next header is looked for from here on */
	uint64_t left;	   /* bytes that may still be passed over in search of ends */
	char *header;	   /* that of the entry given last */
	struct str directory;
	struct table names; /* hash of a name -> 1 + the place of its next entry in the directory */
};

/* The directory's entries may be none; they and the flow must outlive it. */
void zip_scan_begin(struct zip_scan *, struct flow *file, struct str directory);

/* The next member and where its data starts; false when there is none. The entry's views live
 * until the next call. */
bool zip_scan_next(struct zip_scan *, struct zip_entry *, uint64_t *data_at);

void zip_scan_release(struct zip_scan *);

#endif
