/* SPDX-License-Identifier: MIT */
#include "src/input/journal_entries.h"

#include "lineup/little_endian.h"

/* Of the header, in bytes from the start. */
enum {
	HEADER_INCOMPATIBLE = 12, /* flags: 4 bytes */
	HEADER_SIZE = 88,	  /* this and what follows: 8 bytes */
	HEADER_TAIL_OBJECT = 136,
	HEADER_BYTES_MIN = 208, /* of the oldest version */
};

#define INCOMPATIBLE_COMPACT 16U
#define INCOMPATIBLE_KNOWN   31U /* xz, lz4, keyed hashes, zstd, compact */

/* Objects begin at multiples of eight, with type, flags, six bytes of zero and the size. */
enum {
	OBJECT_UNUSED = 0,
	OBJECT_DATA = 1,
	OBJECT_ENTRY = 3,
	OBJECT_TYPE_MAX = 7,
	OBJECT_HEAD_BYTES = 16,
	ENTRY_REALTIME = 24,
	ENTRY_ITEMS = 64,
	DATA_PAYLOAD = 64,
	DATA_PAYLOAD_COMPACT = 72,
	ITEM_BYTES = 16,
	ITEM_BYTES_COMPACT = 4,
};

struct object {
	unsigned type;
	unsigned flags;
	size_t size; /* with its head */
};

/* A flag of the object for each; the numbers are those of the format. */
enum packing {
	PACKING_XZ,
	PACKING_LZ4,
	PACKING_ZSTD,
};

static const struct decoder_format *const formats[JOURNAL_PACKINGS] = {
	[PACKING_XZ] = &decode_xz,
	[PACKING_LZ4] = &decode_lz4_legacy, /* its blocks are bare, as those here */
	[PACKING_ZSTD] = &decode_zstd,
};

bool journal_starts(struct str head)
{
	return str_starts(head, STR("LPKSHHRH"));
}

static uint64_t number_at(const struct journal_entries *e, size_t at, size_t bytes)
{
	return little_endian(e->file.ptr + at, bytes);
}

int journal_entries_begin(
	struct journal_entries *e, struct str file, enum trouble_kind *kind, struct error *err)
{
	*e = (struct journal_entries){ .file = file };
	*kind = TROUBLE_DAMAGED;
	if (file.len < HEADER_BYTES_MIN)
		return error_set(err, "systemd journal: ends within its header");
	uint64_t flags = number_at(e, HEADER_INCOMPATIBLE, 4);
	if ((flags & ~(uint64_t)INCOMPATIBLE_KNOWN) != 0) {
		*kind = TROUBLE_UNREADABLE;
		return error_set(err, "systemd journal: of a newer kind than is known here; "
				      "export it with journalctl --file");
	}
	uint64_t header_bytes = number_at(e, HEADER_SIZE, 8);
	if (header_bytes < HEADER_BYTES_MIN || header_bytes % 8 != 0)
		return error_set(err, "systemd journal: its header makes no sense");
	e->compact = (flags & INCOMPATIBLE_COMPACT) != 0;
	e->at = header_bytes < file.len ? (size_t)header_bytes : file.len;
	e->tail = (size_t)number_at(e, HEADER_TAIL_OBJECT, 8);
	return 0;
}

/* False when no whole object can stand there. */
static bool object_at(const struct journal_entries *e, uint64_t at, struct object *o)
{
	if (at % 8 != 0 || at > e->file.len || e->file.len - at < OBJECT_HEAD_BYTES)
		return false;
	uint64_t size = number_at(e, at + 8, 8);
	*o = (struct object){ .type = (unsigned char)e->file.ptr[at],
		.flags = (unsigned char)e->file.ptr[at + 1],
		.size = (size_t)size };
	return o->type != OBJECT_UNUSED && o->type <= OBJECT_TYPE_MAX &&
	       number_at(e, at + 2, 6) == 0 && size >= OBJECT_HEAD_BYTES &&
	       size <= e->file.len - at;
}

static size_t behind(const struct journal_entries *e, const struct object *o)
{
	return size_min((e->at + o->size + 7) / 8 * 8, e->file.len);
}

/* Space that was laid out and is not written yet: the rest of a journal that is in use. */
static bool rest_is_unused(const struct journal_entries *e)
{
	return e->at > e->tail &&
	       (e->file.len - e->at < OBJECT_HEAD_BYTES || number_at(e, e->at, 8) == 0);
}

static void damage(struct journal_entries *e, size_t at)
{
	if (e->damaged++ == 0)
		e->damaged_at = at;
}

bool journal_entries_cut(const struct journal_entries *e)
{
	return e->file.len < OBJECT_HEAD_BYTES || e->tail > e->file.len - OBJECT_HEAD_BYTES ||
	       number_at(e, e->tail + 8, 8) > e->file.len - e->tail;
}

/* An object, with another behind it unless it is the last one. */
static bool object_in_row(const struct journal_entries *e)
{
	struct object o;
	struct object next;
	return object_at(e, e->at, &o) &&
	       (behind(e, &o) > e->tail || object_at(e, behind(e, &o), &next));
}

/* To the next object past what is none; false: there is none. The end of a file that was cut off
 * is no damage. */
static bool pass_damage(struct journal_entries *e)
{
	size_t from = e->at;
	do
		e->at += 8;
	while (e->at < e->file.len && !object_in_row(e));
	bool found = e->at < e->file.len;
	if (found || !journal_entries_cut(e))
		damage(e, from);
	return found;
}

static bool begin_entry(struct journal_entries *e, const struct object *o)
{
	size_t each = e->compact ? ITEM_BYTES_COMPACT : ITEM_BYTES;
	if (o->size <= ENTRY_ITEMS) {
		damage(e, e->at);
		return false;
	}
	e->time_us = number_at(e, e->at + ENTRY_REALTIME, 8);
	e->items_at = e->at + ENTRY_ITEMS;
	e->item_count = (o->size - ENTRY_ITEMS) / each;
	return true;
}

bool journal_entries_next(struct journal_entries *e)
{
	while (e->at < e->file.len) {
		struct object o;
		if (!object_at(e, e->at, &o)) {
			if (rest_is_unused(e) || !pass_damage(e))
				return false;
			continue;
		}
		bool entry = o.type == OBJECT_ENTRY && begin_entry(e, &o);
		e->at = behind(e, &o);
		if (entry)
			return true;
	}
	return false;
}

/* What is told of an lz4 block is told before the others by their own heads. */
static struct str head_of_block(struct str *packed, uint8_t head[8])
{
	static const uint8_t magic[] = { 0x02, 0x21, 0x4c, 0x18 };
	memcpy(head, magic, sizeof(magic));
	*packed = str_skip(*packed, 8); /* the size when unpacked */
	for (size_t i = 0; i < 4; i++)
		head[4 + i] = (uint8_t)(packed->len >> 8 * i);
	return str_of((const char *)head, 8);
}

/* Steps through these bytes; false at damage. */
static bool step(struct journal_entries *e, enum packing p, struct str bytes, size_t limit)
{
	struct decoder_io io = { .in = (const uint8_t *)bytes.ptr, .in_len = bytes.len };
	struct error err;
	while (e->unpacked.len < limit) {
		size_t room = size_min(limit - e->unpacked.len, (size_t)64 << 10);
		if (!buf_reserve(&e->unpacked, room))
			return false;
		io.out = (uint8_t *)e->unpacked.ptr + e->unpacked.len;
		io.out_len = room;
		enum decoder_step done = formats[p]->step(e->packings[p], &io, &err);
		e->unpacked.len += room - io.out_len;
		if (done != DECODER_MORE)
			return done == DECODER_STREAM_END;
		if (io.out_len == room && io.in_len == 0)
			return true;
	}
	return true;
}

static struct str unpack(struct journal_entries *e, enum packing p, struct str packed, size_t limit)
{
	struct error err;
	if (e->packings[p] == NULL)
		e->packings[p] = formats[p]->create();
	buf_clear(&e->unpacked);
	uint8_t head[8];
	struct str before = p == PACKING_LZ4 ? head_of_block(&packed, head) : STR("");
	if (!formats[p]->start(e->packings[p], &err) ||
		(before.len > 0 && !step(e, p, before, limit)) || !step(e, p, packed, limit))
		buf_clear(&e->unpacked);
	return buf_str(&e->unpacked);
}

static struct str payload(struct journal_entries *e, uint64_t at, size_t limit)
{
	struct object o;
	size_t head = e->compact ? DATA_PAYLOAD_COMPACT : DATA_PAYLOAD;
	if (!object_at(e, at, &o) || o.type != OBJECT_DATA || o.size <= head)
		return STR("");
	struct str bytes = str_of(e->file.ptr + at + head, o.size - head);
	if (o.flags == 0)
		return str_head(bytes, limit);
	for (size_t p = 0; p < JOURNAL_PACKINGS; p++) {
		if (o.flags == 1U << p)
			return unpack(e, (enum packing)p, bytes, limit);
	}
	return STR("");
}

struct str journal_entries_item(struct journal_entries *e, size_t item, size_t limit)
{
	size_t each = e->compact ? ITEM_BYTES_COMPACT : ITEM_BYTES;
	size_t at = e->items_at + item * each;
	/* The number is first in either kind of item. */
	struct str data = payload(e, number_at(e, at, e->compact ? 4 : 8), limit);
	if (data.len == 0)
		damage(e, at);
	return data;
}

void journal_entries_end(struct journal_entries *e)
{
	for (size_t p = 0; p < JOURNAL_PACKINGS; p++) {
		if (e->packings[p] != NULL)
			formats[p]->destroy(e->packings[p]);
	}
	buf_release(&e->unpacked);
}
