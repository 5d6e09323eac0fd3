/* SPDX-License-Identifier: MIT */
/*
 * What a zip archive says of a member: in its directory, and in the local header before the data.
 * Pure; any thread.
 */
#ifndef LINEUP_ZIP_ENTRY_H
#define LINEUP_ZIP_ENTRY_H

#include <sys/types.h>

#include "lineup/str.h"

/* The methods that are read here; others are libarchive's. */
enum zip_method {
	ZIP_STORED = 0,
	ZIP_DEFLATED = 8,
	ZIP_BZIP2 = 12,
	ZIP_ZSTD = 93,
	ZIP_XZ = 95,
};

/* Views are of the bytes that were read. */
struct zip_entry {
	struct str name;
	struct str extra;
	unsigned flags;
	unsigned method; /* enum zip_method, or another */
	uint32_t crc;
	uint64_t packed;
	uint64_t size;
	uint64_t offset;
	bool unsized;  /* sizes and checksum stand behind the data, where only its end leads */
	bool end_lost; /* nor is that found: the data ends where the next member begins */
	mode_t mode;   /* 0: not said */
	int64_t modified_ns;
};

#define ZIP_LOCAL_BYTES ((size_t)30)

/* The directory's entry at *at, which then is behind it; false when there is none. */
bool zip_entry_read(struct str directory, size_t *at, struct zip_entry *);

/* Where data stands behind the start of its local header; 0: `head` is not the start of one. */
size_t zip_header_bytes(struct str head);

/* The same where a header is looked for: so many bytes a local header has that begins so; 0 when it
 * is none, or not all of ZIP_LOCAL_BYTES are there. */
size_t zip_local_bytes(struct str head);

/* The local header in `head`, which holds all of it. */
void zip_local_read(struct str head, struct zip_entry *);

#endif
