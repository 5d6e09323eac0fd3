/* SPDX-License-Identifier: MIT */
/* Source of the format: PKWARE, APPNOTE.TXT 6.3.10. */
#include "src/input/zip_directory.h"

#include "lineup/little_endian.h"
#include "lineup/mem.h"
#include "src/input/zip_entry.h"

#define END_BYTES	 ((size_t)22)
#define END_64_BYTES	 ((size_t)56)
#define LOCATOR_64_BYTES ((size_t)20)
#define COMMENT_MAX	 ((size_t)65535)

/* A million members with long names; what is larger is no directory. */
#define DIRECTORY_MAX_BYTES ((uint64_t)512 << 20)

/*
 * The end record, whose mark may stand in its comment too: the last whose own comment goes on to
 * the end of the file, or else the last, since something may be behind the archive.
 */
static bool find_end_record(struct str tail, size_t *found)
{
	bool any = false;
	for (size_t at = tail.len - END_BYTES + 1; at-- > 0;) {
		if (memcmp(tail.ptr + at, "PK\5\6", 4) != 0)
			continue;
		bool fits = at + END_BYTES + little_endian(tail.ptr + at + 20, 2) == tail.len;
		if (!any || fits)
			*found = at;
		any = true;
		if (fits)
			return true;
	}
	return any;
}

/* Finds the end record, which says where the directory is. */
static bool find(struct zip_directory *d, struct flow *file, uint64_t *size, uint64_t *count)
{
	size_t tail_len = (size_t)(file->size_bytes < END_BYTES + COMMENT_MAX + LOCATOR_64_BYTES
					   ? file->size_bytes
					   : END_BYTES + COMMENT_MAX + LOCATOR_64_BYTES);
	uint64_t tail_at = file->size_bytes - tail_len;
	if (tail_len < END_BYTES || !flow_seek(file, tail_at))
		return false;
	struct str tail = flow_peek(file, tail_len);
	if (tail.len < tail_len)
		return false;
	size_t at;
	if (!find_end_record(tail, &at))
		return false;
	const char *end = tail.ptr + at;
	*count = little_endian(end + 10, 2);
	*size = little_endian(end + 12, 4);
	uint64_t offset = little_endian(end + 16, 4);
	uint64_t behind = tail_at + at; /* where the directory ends */
	if (at >= LOCATOR_64_BYTES && memcmp(end - LOCATOR_64_BYTES, "PK\6\7", 4) == 0) {
		uint64_t at_64 = little_endian(end - LOCATOR_64_BYTES + 8, 8);
		if (at_64 > file->size_bytes || !flow_seek(file, at_64))
			return false;
		struct str end_64 = flow_peek(file, END_64_BYTES);
		if (end_64.len < END_64_BYTES || memcmp(end_64.ptr, "PK\6\6", 4) != 0)
			return false;
		*count = little_endian(end_64.ptr + 32, 8);
		*size = little_endian(end_64.ptr + 40, 8);
		offset = little_endian(end_64.ptr + 48, 8);
		behind = at_64;
	}
	if (*size > DIRECTORY_MAX_BYTES || *size > behind)
		return false;
	/* What stands before the archive moved all offsets; what was lost within it, some. */
	d->at = behind - *size;
	d->fits = offset <= d->at;
	d->base = d->fits ? d->at - offset : 0;
	return true;
}

bool zip_directory_load(struct zip_directory *d, struct flow *file)
{
	uint64_t size;
	uint64_t count;
	if (!find(d, file, &size, &count) || !flow_seek(file, d->at))
		return false;
	d->bytes = mem_alloc((size_t)size);
	while (d->len < size) {
		size_t n = flow_read(file, d->bytes + d->len, (size_t)size - d->len);
		if (n == 0)
			return false;
		d->len += n;
	}
	/* All entries must be there before it is believed. */
	uint64_t found = 0;
	struct zip_entry e;
	for (size_t at = 0; zip_entry_read(zip_directory_view(d), &at, &e);)
		found++;
	/* One of nothing, where a member is, stands in a comment or was made up. */
	if (found == 0 && flow_seek(file, 0) && str_starts(flow_peek(file, 4), STR("PK\3\4")))
		return false;
	/* Writers without zip64 count modulo 65536. */
	return found == count || (count <= UINT16_MAX && (found & UINT16_MAX) == count);
}
