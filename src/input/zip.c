/* SPDX-License-Identifier: MIT */
/* Source of the format: PKWARE, APPNOTE.TXT 6.3.10. */
#include "src/input/zip.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "lineup/little_endian.h"
#include "lineup/mem.h"
#include "src/input/decoder.h"
#include "src/input/zip_ahead.h"
#include "src/input/zip_directory.h"
#include "src/input/zip_scan.h"

struct zip {
	struct flow *file;
	struct zip_directory directory;
	size_t at; /* in the directory: behind the last entry */
	/* Of all members that were read to their end: more than the file has means that they
	 * overlap. */
	uint64_t packed_bytes;
	bool scanning; /* the directory is missing or does not fit */
	bool damaged;  /* the member that is closed just now is */
	bool finished; /* it was read to its end */
	struct zip_scan scan;
	struct zip_ahead *ahead; /* NULL: members are decoded as they are read */
};

static const struct decoder_format *method_format(unsigned method)
{
	switch (method) {
	case ZIP_DEFLATED:
		return &decode_deflate;
	case ZIP_BZIP2:
		return &decode_bzip2;
	case ZIP_ZSTD:
		return &decode_zstd;
	case ZIP_XZ:
		return &decode_xz;
	default:
		return NULL;
	}
}

static bool known_method(unsigned method)
{
	return method == ZIP_STORED || method_format(method) != NULL;
}

static bool has_header(struct zip *z, uint64_t at)
{
	return flow_seek(z->file, at) && zip_local_bytes(flow_peek(z->file, ZIP_LOCAL_BYTES)) > 0;
}

/*
 * Bytes that came in between move the directory away from the first members; and where one archive
 * was put behind another, its directory lists its own members alone.
 */
static void choose_way(struct zip *z, bool known)
{
	struct zip_entry first;
	size_t at = 0;
	struct str directory = known ? zip_directory_view(&z->directory) : STR("");
	z->scanning = !known || !z->directory.fits;
	if (!z->scanning && z->directory.base > 0 && zip_entry_read(directory, &at, &first)) {
		bool at_its_place = has_header(z, z->directory.base + first.offset);
		z->scanning = !at_its_place || has_header(z, 0);
		if (at_its_place)
			directory = STR("");
	}
	if (z->scanning)
		zip_scan_begin(&z->scan, z->file, directory);
}

struct zip *zip_open(struct flow *file)
{
	struct zip *z = mem_zalloc(1, sizeof(*z));
	z->file = file;
	choose_way(z, zip_directory_load(&z->directory, file));
	struct zip_entry e;
	for (size_t at = 0;
		!z->scanning && zip_entry_read(zip_directory_view(&z->directory), &at, &e);) {
		if (!known_method(e.method) && (e.flags & 1) == 0) {
			zip_close(z);
			return NULL;
		}
	}
	unsigned threads = file->budget->limits->threads;
	if (!z->scanning && threads > 1)
		z->ahead = zip_ahead_create(
			file, zip_directory_view(&z->directory), z->directory.base, threads);
	return z;
}

const char *zip_fault(const struct zip *z)
{
	if (!z->scanning)
		return NULL;
	return z->scan.directory.len > 0
		       ? "zip archive whose directory does not fit its members: bytes are missing"
			 " or came in between"
		       : "zip archive without a whole directory: members may be missing";
}

void zip_close(struct zip *z)
{
	if (z == NULL)
		return;
	zip_ahead_destroy(z->ahead);
	zip_scan_release(&z->scan);
	free(z->directory.bytes);
	free(z);
}

/* ---- A member's packed bytes: a part of the file ---- */

struct part {
	struct zip *zip;
	uint64_t start;
	uint64_t at;
	uint64_t left;
	unsigned method;
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
	struct zip *z = p->zip;
	uint64_t end = p->at + p->left;
	if (p->unsized || end > z->file->size_bytes)
		end = p->start + f->taken;
	/* Where bytes were lost the next member begins before the said end. What looks like its
	 * header may be that of an archive in the archive, whose members were read by now: but not
	 * in data of bzip2, nor where the directory knows the name. */
	if (z->damaged && p->method != ZIP_STORED) {
		bool sure = p->method == ZIP_BZIP2 || z->scan.directory.len > 0;
		end = sure ? p->start : size_min(end, p->start + f->taken);
	}
	/* What an entry says of it may be wrong, and must not cost all members behind it. */
	if (z->finished)
		z->packed_bytes += f->taken;
	z->damaged = z->finished = false;
	if (end > z->scan.at)
		z->scan.at = end;
	free(p);
}

static const struct flow_kind part_kind = {
	.read = part_read,
	.destroy = part_destroy,
};

/* ---- A member's own bytes, checked at the end ---- */

struct checked {
	struct zip *zip;
	struct flow *part;
	uint64_t data_at;
	uint32_t crc;
	uint32_t want_crc;
	uint64_t size;
	uint64_t want_size;
	bool unsized;
	bool end_lost;
};

/*
 * Behind the data stand its checksum and sizes, with or without a mark, of 32 or 64 bits. The lower
 * half of a length of 64 bits is one of 32 too: then the other length tells which they are.
 */
static bool read_description(struct checked *c)
{
	struct flow *file = c->zip->file;
	if (!flow_seek(file, c->data_at + c->part->taken))
		return false;
	struct str bytes = flow_peek(file, 24);
	if (str_starts(bytes, STR("PK\7\10")))
		bytes = str_skip(bytes, 4);
	bool found = false;
	for (size_t width = 4; width <= 8; width += 4) {
		if (bytes.len < 4 + 2 * width ||
			little_endian(bytes.ptr + 4, width) != c->part->taken)
			continue;
		uint64_t size = little_endian(bytes.ptr + 4 + width, width);
		if (found && size != c->size)
			continue;
		c->want_crc = (uint32_t)little_endian(bytes.ptr, 4);
		c->want_size = size;
		found = true;
	}
	return found;
}

static size_t checked_read(struct flow *f, char *out, size_t capacity)
{
	struct checked *c = f->state;
	size_t n = flow_read(f->upstream, out, capacity);
	c->size += n;
	c->crc = decoder_crc32(c->crc, out, n);
	if (n > 0 || flow_fault(f->upstream) != NULL)
		return n;
	if (c->end_lost || (c->unsized && !read_description(c)))
		return flow_fail(f, TROUBLE_DAMAGED,
			"its length and checksum, which stood behind it, are lost");
	if (c->size != c->want_size)
		return flow_fail(f, TROUBLE_DAMAGED, "size differs from what the zip archive says");
	if (c->crc != c->want_crc)
		return flow_fail(
			f, TROUBLE_DAMAGED, "checksum differs from what the zip archive says");
	return 0;
}

static void checked_destroy(struct flow *f)
{
	struct checked *c = f->state;
	c->zip->damaged = flow_fault(f) != NULL;
	c->zip->finished = f->ended;
	free(c);
}

static const struct flow_kind checked_kind = {
	.read = checked_read,
	.destroy = checked_destroy,
};

/* `place`: of the entry in the directory. */
static struct flow *open_member(
	struct zip *z, const struct zip_entry *e, size_t place, uint64_t data_at)
{
	struct flow_budget *budget = z->file->budget;
	struct part *p = mem_alloc(sizeof(*p));
	*p = (struct part){
		.zip = z,
		.start = data_at,
		.at = data_at,
		.left = e->packed,
		.method = e->method,
		.unsized = e->unsized,
	};
	struct flow *part = flow_create(&part_kind, p, NULL, budget);
	struct flow *flow = part;
	const struct decoder_format *format = method_format(e->method);
	if (!z->scanning && zip_ahead_suits(e, budget->limits))
		flow = zip_ahead_open(z->ahead, place, e, flow);
	else if (format != NULL)
		flow = decoder_open(format, flow, true);
	struct checked *c = mem_alloc(sizeof(*c));
	*c = (struct checked){
		.zip = z,
		.part = part,
		.data_at = data_at,
		.want_crc = e->crc,
		.want_size = e->size,
		.unsized = e->unsized,
		.end_lost = e->end_lost,
	};
	return flow_create(&checked_kind, c, flow, budget);
}

/* Where the data of the entry starts: behind its local header. */
static bool find_data(struct zip *z, const struct zip_entry *e, uint64_t *data_at)
{
	uint64_t at = z->directory.base + e->offset;
	if (at >= z->file->size_bytes || !flow_seek(z->file, at))
		return false;
	struct str head = flow_peek(z->file, ZIP_LOCAL_BYTES);
	*data_at = at + zip_header_bytes(head);
	return *data_at > at;
}

static bool is_file(const struct zip_entry *e)
{
	if ((e->mode & S_IFMT) != 0 && !S_ISREG(e->mode))
		return false;
	return !str_ends(e->name, STR("/"));
}

/* Data that was read as a part of another member is a bomb's way to be read often. */
static void refuse_overlap(
	const struct zip *z, const struct zip_entry *e, uint64_t data_at, struct flow *flow)
{
	/* Behind a damage the next member may begin within the one before it, but no third one. */
	uint64_t size = z->scanning ? z->file->size_bytes : z->directory.at;
	uint64_t most = z->scanning && size < UINT64_MAX / 2 ? 2 * size : size;
	/* What only its end tells of is as long as it turns out to be, and no other begins there.
	 * What is said to be longer than the file is not. */
	uint64_t left = size - (data_at < size ? data_at : size);
	uint64_t own = e->unsized ? 0 : e->packed < left ? e->packed : left;
	if (z->packed_bytes + own > most)
		flow_fail(flow, TROUBLE_LIMITED,
			"members overlap in the zip archive, as in a decompression bomb");
}

static struct flow *open_scanned(struct zip *z, const struct zip_entry *e, uint64_t data_at)
{
	struct flow *flow = open_member(z, e, 0, data_at);
	if (!known_method(e->method))
		flow_fail(flow, TROUBLE_UNREADABLE,
			"packed in a way that is not read without a directory");
	refuse_overlap(z, e, data_at, flow);
	return flow;
}

static struct flow *open_listed(struct zip *z, const struct zip_entry *e, size_t place)
{
	uint64_t data_at = 0;
	bool found = find_data(z, e, &data_at);
	struct flow *flow = open_member(z, e, place, data_at);
	if (!found)
		flow_fail(
			flow, TROUBLE_DAMAGED, "no member where the zip archive's directory says");
	refuse_overlap(z, e, data_at, flow);
	return flow;
}

bool zip_next(struct zip *z, struct container_entry *out)
{
	struct zip_entry e;
	uint64_t data_at = 0;
	size_t place = z->at;
	if (z->scanning ? !zip_scan_next(&z->scan, &e, &data_at)
			: !zip_entry_read(zip_directory_view(&z->directory), &z->at, &e))
		return false;
	*out = (struct container_entry){
		.name = e.name.len > 0 ? e.name : STR("(no name)"),
		.modified_ns = e.modified_ns,
		.encrypted = (e.flags & 1) != 0,
	};
	if (is_file(&e))
		out->flow = z->scanning ? open_scanned(z, &e, data_at) : open_listed(z, &e, place);
	return true;
}
