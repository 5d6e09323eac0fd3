/* SPDX-License-Identifier: MIT */
/* Source of the format: PKWARE, APPNOTE.TXT 6.3.10; Info-ZIP's extra fields. */
#include "src/input/zip.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "lineup/mem.h"
#include "src/input/decoder.h"

#define END_BYTES	 ((size_t)22)
#define END_64_BYTES	 ((size_t)56)
#define LOCATOR_64_BYTES ((size_t)20)
#define ENTRY_BYTES	 ((size_t)46)
#define LOCAL_BYTES	 ((size_t)30)
#define COMMENT_MAX	 ((size_t)65535)

/* A million members with long names; what is larger is no directory. */
#define DIRECTORY_MAX_BYTES ((uint64_t)512 << 20)

struct zip {
	struct flow *file;
	char *directory;
	size_t len;
	size_t at;
	uint64_t base; /* what stands before the archive in its file */
	uint64_t
		packed_bytes; /* of all members so far: more than the file has means they overlap */
	bool scanning;	      /* without a directory: the next member is looked for here on */
	uint64_t scan_at;
	char *scan_name;
};

struct entry {
	struct str name;
	struct str extra;
	unsigned flags;
	unsigned method;
	uint32_t crc;
	uint64_t packed;
	uint64_t size;
	uint64_t offset;
	bool unsized; /* sizes and checksum stand behind the data, where only its end leads */
	mode_t mode;  /* 0: not said */
	int64_t modified_ns;
};

static uint64_t number(const char *p, size_t bytes)
{
	uint64_t n = 0;
	for (size_t i = bytes; i > 0; i--)
		n = n << 8 | (unsigned char)p[i - 1];
	return n;
}

static bool known_method(unsigned method)
{
	return method == 0 || method == 8 || method == 12 || method == 93 || method == 95;
}

static const struct decoder_format *method_format(unsigned method)
{
	switch (method) {
	case 8:
		return &decode_deflate;
	case 12:
		return &decode_bzip2;
	case 93:
		return &decode_zstd;
	case 95:
		return &decode_xz;
	default:
		return NULL;
	}
}

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
static void read_extra(struct entry *e)
{
	struct str extra = e->extra;
	while (extra.len >= 4) {
		uint64_t id = number(extra.ptr, 2);
		struct str field = str_head(str_skip(extra, 4), (size_t)number(extra.ptr + 2, 2));
		if (id == 1) {
			uint64_t *const values[] = { &e->size, &e->packed, &e->offset };
			struct str rest = field;
			for (size_t i = 0; i < countof(values); i++) {
				if (*values[i] == UINT32_MAX && rest.len >= 8) {
					*values[i] = number(rest.ptr, 8);
					rest = str_skip(rest, 8);
				}
			}
		} else if (id == 0x5455 && field.len >= 5 && (field.ptr[0] & 1) != 0) {
			e->modified_ns = (int64_t)(int32_t)number(field.ptr + 1, 4) * NS_PER_S;
		}
		extra = str_skip(extra, 4 + field.len);
	}
}

/* The entry at *at; false when there is none. */
static bool read_entry(const struct zip *z, size_t *at, struct entry *e)
{
	if (z->len - *at < ENTRY_BYTES || memcmp(z->directory + *at, "PK\1\2", 4) != 0)
		return false;
	const char *p = z->directory + *at;
	size_t name_len = (size_t)number(p + 28, 2);
	size_t extra_len = (size_t)number(p + 30, 2);
	size_t total = ENTRY_BYTES + name_len + extra_len + (size_t)number(p + 32, 2);
	if (z->len - *at < total)
		return false;
	*e = (struct entry){
		.name = str_of(p + ENTRY_BYTES, name_len),
		.extra = str_of(p + ENTRY_BYTES + name_len, extra_len),
		.flags = (unsigned)number(p + 8, 2),
		.method = (unsigned)number(p + 10, 2),
		.crc = (uint32_t)number(p + 16, 4),
		.packed = number(p + 20, 4),
		.size = number(p + 24, 4),
		.offset = number(p + 42, 4),
		.modified_ns = dos_time((unsigned)number(p + 14, 2), (unsigned)number(p + 12, 2)),
	};
	/* Made on Unix: the file's mode is in the upper half of the attributes. */
	if (p[5] == 3 || p[5] == 19)
		e->mode = (mode_t)number(p + 40, 2);
	read_extra(e);
	*at += total;
	return true;
}

/* Finds the end record, which says where the directory is. */
static bool find_directory(struct zip *z, uint64_t *offset, uint64_t *size, uint64_t *count)
{
	struct flow *file = z->file;
	size_t tail_len = (size_t)(file->size_bytes < END_BYTES + COMMENT_MAX + LOCATOR_64_BYTES
					   ? file->size_bytes
					   : END_BYTES + COMMENT_MAX + LOCATOR_64_BYTES);
	uint64_t tail_at = file->size_bytes - tail_len;
	if (tail_len < END_BYTES || !flow_seek(file, tail_at))
		return false;
	struct str tail = flow_peek(file, tail_len);
	if (tail.len < tail_len)
		return false;
	size_t at = tail_len - END_BYTES;
	while (memcmp(tail.ptr + at, "PK\5\6", 4) != 0) {
		if (at == 0)
			return false;
		at--;
	}
	const char *end = tail.ptr + at;
	*count = number(end + 10, 2);
	*size = number(end + 12, 4);
	*offset = number(end + 16, 4);
	uint64_t behind = tail_at + at; /* where the directory ends */
	if (at >= LOCATOR_64_BYTES && memcmp(end - LOCATOR_64_BYTES, "PK\6\7", 4) == 0) {
		uint64_t at_64 = number(end - LOCATOR_64_BYTES + 8, 8);
		if (at_64 > file->size_bytes || !flow_seek(file, at_64))
			return false;
		struct str end_64 = flow_peek(file, END_64_BYTES);
		if (end_64.len < END_64_BYTES || memcmp(end_64.ptr, "PK\6\6", 4) != 0)
			return false;
		*count = number(end_64.ptr + 32, 8);
		*size = number(end_64.ptr + 40, 8);
		*offset = number(end_64.ptr + 48, 8);
		behind = at_64;
	}
	if (*size > DIRECTORY_MAX_BYTES || *size > behind || *offset > behind - *size)
		return false;
	z->base = behind - *size - *offset;
	return true;
}

static bool load_directory(struct zip *z)
{
	uint64_t offset;
	uint64_t size;
	uint64_t count;
	if (!find_directory(z, &offset, &size, &count) || !flow_seek(z->file, z->base + offset))
		return false;
	z->directory = mem_alloc((size_t)size);
	while (z->len < size) {
		size_t n = flow_read(z->file, z->directory + z->len, (size_t)size - z->len);
		if (n == 0)
			return false;
		z->len += n;
	}
	/* All entries must be there before it is believed. */
	uint64_t found = 0;
	struct entry e;
	for (size_t at = 0; read_entry(z, &at, &e);)
		found++;
	/* Writers without zip64 count modulo 65536. */
	return found == count || (count <= UINT16_MAX && (found & UINT16_MAX) == count);
}

struct zip *zip_open(struct flow *file)
{
	struct zip *z = mem_zalloc(1, sizeof(*z));
	z->file = file;
	z->scanning = !load_directory(z);
	struct entry e;
	for (size_t at = 0; !z->scanning && read_entry(z, &at, &e);) {
		if (!known_method(e.method) && (e.flags & 1) == 0) {
			zip_close(z);
			return NULL;
		}
	}
	return z;
}

bool zip_lacks_directory(const struct zip *z)
{
	return z->scanning;
}

void zip_close(struct zip *z)
{
	if (z == NULL)
		return;
	free(z->directory);
	free(z->scan_name);
	free(z);
}

/* ---- A member's packed bytes: a part of the file ---- */

struct part {
	struct zip *zip;
	uint64_t start;
	uint64_t at;
	uint64_t left;
	bool unsized;
};

static size_t part_read(struct flow *f, char *out, size_t capacity)
{
	struct part *p = f->state;
	if (p->left == 0)
		return 0;
	struct flow *file = p->zip->file;
	if (file->taken != p->at && !flow_seek(file, p->at))
		return flow_fail(f, TROUBLE_DAMAGED, "the member lies outside of the zip archive");
	if (capacity > p->left)
		capacity = (size_t)p->left;
	size_t n = flow_read(file, out, capacity);
	p->at += n;
	p->left -= n;
	if (n == 0)
		flow_fail(f, TROUBLE_DAMAGED, "the zip archive ends within the member");
	return n;
}

/* A scan goes on behind the data: where that was said, or where it turned out to end. */
static void part_destroy(struct flow *f)
{
	struct part *p = f->state;
	uint64_t end = p->at + p->left;
	if (p->unsized || end > p->zip->file->size_bytes)
		end = p->start + f->taken;
	if (end > p->zip->scan_at)
		p->zip->scan_at = end;
	free(p);
}

static const struct flow_kind part_kind = {
	.read = part_read,
	.destroy = part_destroy,
};

/* ---- A member's own bytes, checked at the end ---- */

struct checked {
	uint32_t crc;
	uint32_t want_crc;
	uint64_t size;
	uint64_t want_size;
	bool unsized;
};

static size_t checked_read(struct flow *f, char *out, size_t capacity)
{
	struct checked *c = f->state;
	size_t n = flow_read(f->upstream, out, capacity);
	c->size += n;
	c->crc = decoder_crc32(c->crc, out, n);
	if (n > 0 || c->unsized || flow_fault(f->upstream) != NULL)
		return n;
	if (c->size != c->want_size)
		return flow_fail(f, TROUBLE_DAMAGED, "size differs from what the zip archive says");
	if (c->crc != c->want_crc)
		return flow_fail(
			f, TROUBLE_DAMAGED, "checksum differs from what the zip archive says");
	return 0;
}

static void checked_destroy(struct flow *f)
{
	free(f->state);
}

static const struct flow_kind checked_kind = {
	.read = checked_read,
	.destroy = checked_destroy,
};

static struct flow *open_member(struct zip *z, const struct entry *e, uint64_t data_at)
{
	struct flow_budget *budget = z->file->budget;
	struct part *p = mem_alloc(sizeof(*p));
	*p = (struct part){
		.zip = z,
		.start = data_at,
		.at = data_at,
		.left = e->packed,
		.unsized = e->unsized,
	};
	struct flow *flow = flow_create(&part_kind, p, NULL, budget);
	const struct decoder_format *format = method_format(e->method);
	if (format != NULL)
		flow = decoder_open(format, flow);
	struct checked *c = mem_alloc(sizeof(*c));
	*c = (struct checked){
		.want_crc = e->crc,
		.want_size = e->size,
		.unsized = e->unsized,
	};
	return flow_create(&checked_kind, c, flow, budget);
}

/* Where the data of the entry starts: behind its local header. */
static bool find_data(struct zip *z, const struct entry *e, uint64_t *data_at)
{
	uint64_t at = z->base + e->offset;
	if (at >= z->file->size_bytes || !flow_seek(z->file, at))
		return false;
	struct str head = flow_peek(z->file, LOCAL_BYTES);
	if (head.len < LOCAL_BYTES || memcmp(head.ptr, "PK\3\4", 4) != 0)
		return false;
	*data_at = at + LOCAL_BYTES + number(head.ptr + 26, 2) + number(head.ptr + 28, 2);
	return true;
}

static bool is_file(const struct entry *e)
{
	if ((e->mode & S_IFMT) != 0 && !S_ISREG(e->mode))
		return false;
	return !str_ends(e->name, STR("/"));
}

/* ---- Without a directory ---- */

/* The place of the next local header from scan_at on; false when there is none. */
static bool find_local(struct zip *z)
{
	struct flow *file = z->file;
	if (!flow_seek(file, z->scan_at))
		return false;
	for (;;) {
		struct str view = flow_peek(file, LOCAL_BYTES);
		if (view.len < LOCAL_BYTES)
			return false;
		const char *found = memmem(view.ptr, view.len, "PK\3\4", 4);
		/* The last bytes may be the start of a header. */
		size_t pass = found != NULL ? (size_t)(found - view.ptr) : view.len - 3;
		flow_take(file, pass);
		if (found != NULL)
			return true;
	}
}

/* The header there; false when it is none, but bytes that look like its first ones. */
static bool read_local(struct zip *z, struct entry *e, uint64_t *data_at)
{
	struct str head = flow_peek(z->file, LOCAL_BYTES);
	if (head.len < LOCAL_BYTES)
		return false;
	size_t name_len = (size_t)number(head.ptr + 26, 2);
	size_t extra_len = (size_t)number(head.ptr + 28, 2);
	unsigned version = (unsigned)number(head.ptr + 4, 1);
	size_t total = LOCAL_BYTES + name_len + extra_len;
	if (name_len == 0 || name_len > 4096 || version > 63)
		return false;
	head = flow_peek(z->file, total);
	if (head.len < total)
		return false;
	z->scan_name = mem_realloc(z->scan_name, name_len, 1);
	memcpy(z->scan_name, head.ptr + LOCAL_BYTES, name_len);
	*e = (struct entry){
		.name = str_of(z->scan_name, name_len),
		.extra = str_of(head.ptr + LOCAL_BYTES + name_len, extra_len),
		.flags = (unsigned)number(head.ptr + 6, 2),
		.method = (unsigned)number(head.ptr + 8, 2),
		.crc = (uint32_t)number(head.ptr + 14, 4),
		.packed = number(head.ptr + 18, 4),
		.size = number(head.ptr + 22, 4),
		.modified_ns = dos_time(
			(unsigned)number(head.ptr + 12, 2), (unsigned)number(head.ptr + 10, 2)),
	};
	read_extra(e);
	*data_at = z->file->taken + total;
	if ((e->flags & 8) != 0) {
		e->unsized = true;
		e->packed = z->file->size_bytes - *data_at;
	}
	return true;
}

static bool next_scanned(struct zip *z, struct entry *e, uint64_t *data_at)
{
	while (find_local(z)) {
		z->scan_at = z->file->taken + 1;
		if (read_local(z, e, data_at))
			return true;
	}
	return false;
}

static struct flow *open_scanned(struct zip *z, const struct entry *e, uint64_t data_at)
{
	struct flow *flow = open_member(z, e, data_at);
	if (!known_method(e->method))
		flow_fail(flow, TROUBLE_UNREADABLE,
			"packed in a way that is not read without a directory");
	else if (e->unsized && e->method == 0)
		flow_fail(flow, TROUBLE_DAMAGED, "its length was in the directory, which is lost");
	return flow;
}

static struct flow *open_listed(struct zip *z, const struct entry *e)
{
	uint64_t data_at = 0;
	bool found = find_data(z, e, &data_at);
	struct flow *flow = open_member(z, e, data_at);
	if (!found)
		flow_fail(
			flow, TROUBLE_DAMAGED, "no member where the zip archive's directory says");
	z->packed_bytes += e->packed < z->file->size_bytes ? e->packed : z->file->size_bytes;
	if (z->packed_bytes > z->file->size_bytes)
		flow_fail(flow, TROUBLE_LIMITED,
			"members overlap in the zip archive, as in a decompression bomb");
	return flow;
}

bool zip_next(struct zip *z, struct container_entry *out)
{
	struct entry e;
	uint64_t data_at = 0;
	if (z->scanning ? !next_scanned(z, &e, &data_at) : !read_entry(z, &z->at, &e))
		return false;
	*out = (struct container_entry){
		.name = e.name.len > 0 ? e.name : STR("(no name)"),
		.modified_ns = e.modified_ns,
		.encrypted = (e.flags & 1) != 0,
	};
	if (is_file(&e))
		out->flow = z->scanning ? open_scanned(z, &e, data_at) : open_listed(z, &e);
	return true;
}
