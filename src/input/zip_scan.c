/* SPDX-License-Identifier: MIT */
#include "src/input/zip_scan.h"

#include <stdlib.h>

#include "lineup/little_endian.h"
#include "lineup/mem.h"

/* How often the file may be passed over in search of ends: broken headers must not make it
 * quadratic. */
#define SEARCHES_MAX 16

void zip_scan_begin(struct zip_scan *s, struct flow *file, struct str directory)
{
	*s = (struct zip_scan){ .file = file, .directory = directory };
	s->left = file->size_bytes < UINT64_MAX / SEARCHES_MAX ? file->size_bytes * SEARCHES_MAX
							       : UINT64_MAX;
	struct zip_entry e;
	size_t at = 0;
	for (size_t start = 0; zip_entry_read(directory, &at, &e); start = at) {
		uint64_t *place = table_put(&s->names, str_hash_of_run(e.name));
		if (*place == 0)
			*place = start + 1;
	}
}

void zip_scan_release(struct zip_scan *s)
{
	free(s->header);
	table_release(&s->names);
}

/* Does a local header stand here that may be one of this archive? Its length, or 0. */
static size_t header_at(struct zip_scan *s, uint64_t at)
{
	if (!flow_seek(s->file, at))
		return 0;
	size_t len = zip_local_bytes(flow_peek(s->file, ZIP_LOCAL_BYTES));
	struct str head = len > 0 ? flow_peek(s->file, len) : STR("");
	if (len == 0 || head.len < len)
		return 0;
	struct zip_entry e;
	zip_local_read(str_head(head, len), &e);
	if (s->directory.len > 0 && table_get(&s->names, str_hash_of_run(e.name)) == NULL)
		return 0;
	return len;
}

/* The next place from `at` on, and before `end`, where "PK" and a byte below 16 stand; or `end`. */
static uint64_t find_mark(struct zip_scan *s, uint64_t at, uint64_t end)
{
	if (!flow_seek(s->file, at))
		return end;
	while (at < end) {
		struct str view = flow_peek(s->file, 4);
		if (view.len < 4)
			return end;
		const char *found = memmem(view.ptr, view.len - 1, "PK", 2);
		/* The last bytes may be the start of a mark. */
		size_t pass = found != NULL ? (size_t)(found - view.ptr) : view.len - 3;
		bool mark = found != NULL && (unsigned char)found[2] < 16;
		flow_take(s->file, pass + (found != NULL && !mark));
		at += pass;
		if (mark)
			break;
		at += found != NULL;
	}
	return at < end ? at : end;
}

/* The same, with what it costs: `end` when no more may be searched. */
static uint64_t search_mark(struct zip_scan *s, uint64_t at, uint64_t end)
{
	if (s->left == 0)
		return end;
	uint64_t found = find_mark(s, at, end);
	s->left -= found - at < s->left ? found - at : s->left;
	return found;
}

/* The bytes at a place; fewer at the end of the file. */
static struct str bytes_at(struct zip_scan *s, uint64_t at, size_t len)
{
	if (!flow_seek(s->file, at))
		return STR("");
	return str_head(flow_peek(s->file, len), len);
}

static bool is_mark(struct str bytes, const char *kind)
{
	return str_starts(bytes, STR("PK")) && bytes.len >= 4 &&
	       memcmp(bytes.ptr + 2, kind, 2) == 0;
}

/* A header of the archive's own: where one stands, the data before it has ended. */
static bool ends_data(struct zip_scan *s, uint64_t at)
{
	struct str bytes = bytes_at(s, at, 4);
	return is_mark(bytes, "\1\2") || (is_mark(bytes, "\3\4") && header_at(s, at) > 0);
}

/* Does what stands at `at` say that `packed` bytes of stored data end here? With or without its
 * mark, with sizes of 32 or 64 bits. */
static bool describes(struct zip_scan *s, uint64_t at, uint64_t packed, struct zip_entry *e)
{
	struct str bytes = bytes_at(s, at, 24);
	if (is_mark(bytes, "\7\10"))
		bytes = str_skip(bytes, 4);
	for (size_t width = 4; width <= 8; width += 4) {
		if (bytes.len < 4 + 2 * width || little_endian(bytes.ptr + 4, width) != packed ||
			little_endian(bytes.ptr + 4 + width, width) != packed)
			continue;
		e->crc = (uint32_t)little_endian(bytes.ptr, 4);
		e->packed = e->size = packed;
		e->unsized = false;
		return true;
	}
	return false;
}

/* The end of stored data whose length stands behind it. */
static void find_described_end(struct zip_scan *s, struct zip_entry *e, uint64_t data_at)
{
	uint64_t end = s->file->size_bytes;
	uint64_t first_header = end;
	for (uint64_t at = search_mark(s, data_at, end); at < end;
		at = search_mark(s, at + 1, end)) {
		if (is_mark(bytes_at(s, at, 4), "\7\10") && describes(s, at, at - data_at, e))
			return;
		/* A description without a mark of its own stands before the next header. */
		for (uint64_t len = 12; len <= 20; len += 8)
			if (at - data_at >= len && ends_data(s, at) &&
				describes(s, at - len, at - len - data_at, e))
				return;
		if (first_header == end && ends_data(s, at))
			first_header = at;
	}
	e->end_lost = true;
	e->unsized = false;
	e->packed = first_header - data_at;
}

/* Stored data that is not followed by a header lost bytes, if one stands within it: there it ends,
 * lest the bytes behind are read as those of two members. */
static void check_end(struct zip_scan *s, struct zip_entry *e, uint64_t data_at)
{
	uint64_t size = s->file->size_bytes;
	uint64_t end = e->packed < size - data_at ? data_at + e->packed : size;
	struct str behind = bytes_at(s, end, 4);
	if (end < size && str_starts(behind, STR("PK")))
		return;
	/* Without a directory the headers of an archive in the archive would be taken for
	 * its own. */
	if (s->directory.len == 0 && is_mark(bytes_at(s, data_at, 4), "\3\4"))
		return;
	for (uint64_t at = search_mark(s, data_at, end); at < end;
		at = search_mark(s, at + 1, end)) {
		if (ends_data(s, at)) {
			e->packed = at - data_at;
			return;
		}
	}
}

/* What the directory says of the member: sizes and checksum, wherever its data is. */
static void look_up(struct zip_scan *s, struct zip_entry *e)
{
	uint64_t *place = table_get(&s->names, str_hash_of_run(e->name));
	if (place == NULL)
		return;
	size_t start = (size_t)*place - 1;
	struct zip_entry listed;
	for (size_t at = start; s->left > 0 && zip_entry_read(s->directory, &at, &listed);) {
		if (!str_equal(listed.name, e->name)) {
			/* A name that stands here more often than in the directory. */
			s->left -= size_min(at - start, (size_t)s->left);
			start = at;
			continue;
		}
		e->crc = listed.crc;
		e->size = listed.size;
		e->packed = listed.packed;
		e->mode = listed.mode;
		e->unsized = false;
		/* Another one of this name comes after it. */
		*place = at + 1;
		return;
	}
}

bool zip_scan_next(struct zip_scan *s, struct zip_entry *e, uint64_t *data_at)
{
	uint64_t end = s->file->size_bytes;
	size_t len = 0;
	uint64_t at = s->at;
	while ((at = find_mark(s, at, end)) < end && (len = header_at(s, at)) == 0)
		at++;
	s->at = at + 1;
	if (at >= end)
		return false;
	struct str head = str_head(flow_peek(s->file, len), len);
	s->header = mem_realloc(s->header, len, 1);
	memcpy(s->header, head.ptr, len);
	zip_local_read(str_of(s->header, len), e);
	*data_at = at + len;
	if (e->unsized)
		look_up(s, e);
	if (!e->unsized && e->method == ZIP_STORED)
		check_end(s, e, *data_at);
	else if (e->unsized && e->method == ZIP_STORED)
		find_described_end(s, e, *data_at);
	else if (e->unsized)
		e->packed = end - *data_at;
	return true;
}
