/* SPDX-License-Identifier: MIT */
/*
 * For tests: journals as systemd writes them, but without the hash tables and arrays that only
 * searching needs. One thread.
 */
#ifndef LINEUP_TESTS_JOURNAL_WRITER_H
#define LINEUP_TESTS_JOURNAL_WRITER_H

#include "tests/unit/reader_wrappings.h"

enum {
	JOURNAL_HEADER_BYTES = 264,
	JOURNAL_ITEMS_MAX = 16,
	JOURNAL_BYTES_MAX = 1 << 20,
};

enum journal_pack {
	PACK_NONE = 0,
	PACK_XZ = 1,
	PACK_LZ4 = 2,
	PACK_ZSTD = 4,
};

struct journal_writer {
	uint8_t *bytes;
	size_t len;
	bool compact;
	uint64_t sequence;
	size_t items[JOURNAL_ITEMS_MAX]; /* of the entry that is being written */
	size_t item_count;
};

static inline void put_le(struct journal_writer *w, size_t at, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		w->bytes[at + i] = (uint8_t)(value >> 8 * i);
}

static inline struct journal_writer journal_begin(bool compact, uint32_t incompatible)
{
	struct journal_writer w = { .bytes = mem_zalloc(JOURNAL_BYTES_MAX, 1), .compact = compact };
	memcpy(w.bytes, "LPKSHHRH", 8);
	put_le(&w, 12, incompatible | (compact ? 16U : 0U), 4);
	put_le(&w, 88, JOURNAL_HEADER_BYTES, 8);
	w.len = JOURNAL_HEADER_BYTES;
	return w;
}

static inline size_t put_object(
	struct journal_writer *w, unsigned type, unsigned flags, size_t size)
{
	size_t at = w->len;
	assert_true(at + size < JOURNAL_BYTES_MAX);
	w->bytes[at] = (uint8_t)type;
	w->bytes[at + 1] = (uint8_t)flags;
	put_le(w, at + 8, size, 8);
	put_le(w, 136, at, 8); /* the last object */
	w->len = (at + size + 7) / 8 * 8;
	put_le(w, 96, w->len - JOURNAL_HEADER_BYTES, 8);
	return at;
}

static inline struct bytes packed_field(struct bytes text, enum journal_pack pack)
{
	size_t room = text.len + text.len / 2 + 1024;
	struct bytes out = { mem_zalloc(room, 1), 0 };
	if (pack == PACK_ZSTD) {
		out.len = ZSTD_compress(out.ptr, room, text.ptr, text.len, 3);
	} else if (pack == PACK_LZ4) {
		for (size_t i = 0; i < 8; i++)
			out.ptr[i] = (char)(text.len >> 8 * i);
		out.len = 8 + (size_t)LZ4_compress_default(
				      text.ptr, out.ptr + 8, (int)text.len, (int)room - 8);
	} else if (pack == PACK_XZ) {
		lzma_ret done = lzma_easy_buffer_encode(1, LZMA_CHECK_NONE, NULL,
			(const uint8_t *)text.ptr, text.len, (uint8_t *)out.ptr, &out.len, room);
		assert_int_equal(done, LZMA_OK);
	} else {
		memcpy(out.ptr, text.ptr, text.len);
		out.len = text.len;
	}
	return out;
}

/* An object that an entry can refer to; where it stands. */
static inline size_t journal_data(
	struct journal_writer *w, const char *text, enum journal_pack pack)
{
	size_t head = w->compact ? 72 : 64;
	struct bytes packed = packed_field(view(text), pack);
	size_t at = put_object(w, 1, pack, head + packed.len);
	memcpy(w->bytes + at + head, packed.ptr, packed.len);
	free(packed.ptr);
	return at;
}

static inline void journal_item(struct journal_writer *w, size_t data)
{
	assert_true(w->item_count < JOURNAL_ITEMS_MAX);
	w->items[w->item_count++] = data;
}

static inline void journal_field(struct journal_writer *w, const char *text)
{
	journal_item(w, journal_data(w, text, PACK_NONE));
}

/* An entry of the items since the last one; where it stands. */
static inline size_t journal_entry(struct journal_writer *w, uint64_t time_us)
{
	size_t each = w->compact ? 4 : 16;
	size_t at = put_object(w, 3, 0, 64 + w->item_count * each);
	put_le(w, at + 16, ++w->sequence, 8);
	put_le(w, at + 24, time_us, 8);
	for (size_t i = 0; i < w->item_count; i++)
		put_le(w, at + 64 + i * each, w->items[i], w->compact ? 4 : 8);
	w->item_count = 0;
	return at;
}

/* The caller's to free; space behind the last object is laid out and not used. */
static inline struct bytes journal_end(struct journal_writer *w)
{
	return (struct bytes){ (char *)w->bytes, size_min(w->len + 4096, JOURNAL_BYTES_MAX) };
}

#endif
