/* SPDX-License-Identifier: MIT */
/* Source of the format: PKWARE, APPNOTE.TXT 6.3.10; Info-ZIP's extra fields. */
#include "src/input/zip_entry.h"

#include "lineup/clock.h"
#include "lineup/little_endian.h"

#define ENTRY_BYTES ((size_t)46)

static int64_t dos_time(unsigned date, unsigned time)
{
	int month = (int)(date >> 5 & 15);
	int day = (int)(date & 31);
	if (month < 1 || month > 12 || day < 1)
		return TIME_NONE;
	int64_t days = clock_days(1980 + (int64_t)(date >> 9), month, day);
	int64_t seconds = (int64_t)(time >> 11) * 3600 + (time >> 5 & 63) * 60 + (time & 31) * 2;
	return (days * 86400 + seconds) * NS_PER_S;
}

/* Sizes of 64 bits and the time in UTC stand in extra fields. */
static void read_extra(struct zip_entry *e)
{
	struct str extra = e->extra;
	while (extra.len >= 4) {
		uint64_t id = little_endian(extra.ptr, 2);
		struct str field =
			str_head(str_skip(extra, 4), (size_t)little_endian(extra.ptr + 2, 2));
		if (id == 1) {
			uint64_t *const values[] = { &e->size, &e->packed, &e->offset };
			struct str rest = field;
			for (size_t i = 0; i < countof(values); i++) {
				if (*values[i] == UINT32_MAX && rest.len >= 8) {
					*values[i] = little_endian(rest.ptr, 8);
					rest = str_skip(rest, 8);
				}
			}
		} else if (id == 0x5455 && field.len >= 5 && (field.ptr[0] & 1) != 0) {
			e->modified_ns =
				(int64_t)(int32_t)little_endian(field.ptr + 1, 4) * NS_PER_S;
		}
		extra = str_skip(extra, 4 + field.len);
	}
}

bool zip_entry_read(struct str directory, size_t *at, struct zip_entry *e)
{
	if (directory.len - *at < ENTRY_BYTES || memcmp(directory.ptr + *at, "PK\1\2", 4) != 0)
		return false;
	const char *p = directory.ptr + *at;
	size_t name_len = (size_t)little_endian(p + 28, 2);
	size_t extra_len = (size_t)little_endian(p + 30, 2);
	size_t total = ENTRY_BYTES + name_len + extra_len + (size_t)little_endian(p + 32, 2);
	if (directory.len - *at < total)
		return false;
	*e = (struct zip_entry){
		.name = str_of(p + ENTRY_BYTES, name_len),
		.extra = str_of(p + ENTRY_BYTES + name_len, extra_len),
		.flags = (unsigned)little_endian(p + 8, 2),
		.method = (unsigned)little_endian(p + 10, 2),
		.crc = (uint32_t)little_endian(p + 16, 4),
		.packed = little_endian(p + 20, 4),
		.size = little_endian(p + 24, 4),
		.offset = little_endian(p + 42, 4),
		.modified_ns = dos_time(
			(unsigned)little_endian(p + 14, 2), (unsigned)little_endian(p + 12, 2)),
	};
	/* Made on Unix: the file's mode is in the upper half of the attributes. */
	if (p[5] == 3 || p[5] == 19)
		e->mode = (mode_t)little_endian(p + 40, 2);
	read_extra(e);
	*at += total;
	return true;
}

size_t zip_header_bytes(struct str head)
{
	if (head.len < ZIP_LOCAL_BYTES || memcmp(head.ptr, "PK\3\4", 4) != 0)
		return 0;
	return ZIP_LOCAL_BYTES + little_endian(head.ptr + 26, 2) + little_endian(head.ptr + 28, 2);
}

size_t zip_local_bytes(struct str head)
{
	size_t bytes = zip_header_bytes(head);
	if (bytes == 0)
		return 0;
	size_t name_len = (size_t)little_endian(head.ptr + 26, 2);
	unsigned version = (unsigned)little_endian(head.ptr + 4, 1);
	unsigned method = (unsigned)little_endian(head.ptr + 8, 2);
	/* What no archive has is no header, but data that looks like the start of one. */
	if (name_len == 0 || name_len > 4096 || version > 63 || method > 99)
		return 0;
	return bytes;
}

void zip_local_read(struct str head, struct zip_entry *e)
{
	const char *p = head.ptr;
	size_t name_len = (size_t)little_endian(p + 26, 2);
	*e = (struct zip_entry){
		.name = str_of(p + ZIP_LOCAL_BYTES, name_len),
		.extra = str_of(p + ZIP_LOCAL_BYTES + name_len, (size_t)little_endian(p + 28, 2)),
		.flags = (unsigned)little_endian(p + 6, 2),
		.method = (unsigned)little_endian(p + 8, 2),
		.crc = (uint32_t)little_endian(p + 14, 4),
		.packed = little_endian(p + 18, 4),
		.size = little_endian(p + 22, 4),
		.modified_ns = dos_time(
			(unsigned)little_endian(p + 12, 2), (unsigned)little_endian(p + 10, 2)),
	};
	e->unsized = (e->flags & 8) != 0;
	read_extra(e);
}
