/* SPDX-License-Identifier: MIT */
#include "src/input/decoder.h"

#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "lineup/little_endian.h"
#include "lineup/mem.h"

/*
 * `zstd --long=31` is read too. The window is that of the frame, and its pages are touched only as
 * far as data comes out, so a header alone cannot take the memory; decoder.c limits what data may.
 */
#define WINDOW_LOG_MAX 31

static uint32_t u32_of(const char *p)
{
	return (uint32_t)little_endian(p, 4);
}

/* A skippable frame comes first in seekable and parallel zstd files. */
static bool zstd_starts(struct str head)
{
	return decoder_behind_skippable(&head) ||
	       (head.len >= 4 && u32_of(head.ptr) == 0xfd2fb528U);
}

struct zstd {
	ZSTD_DCtx *ctx;
	size_t hint; /* input that the next block needs */
};

static void *zstd_create(void)
{
	struct zstd *z = mem_zalloc(1, sizeof(*z));
	z->ctx = ZSTD_createDCtx();
	if (z->ctx != NULL)
		ZSTD_DCtx_setParameter(z->ctx, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	return z;
}

static bool zstd_start(void *state, struct error *err)
{
	struct zstd *z = state;
	if (z->ctx == NULL) {
		error_set(err, "no memory for a decoder");
		return false;
	}
	z->hint = ZSTD_initDStream(z->ctx);
	return true;
}

/*
 * The library does not say how much came out of a call that fails, and decodes a small frame in one
 * call if it can; so it is given one block at a time: what came out of the blocks before a broken
 * one is kept.
 */
static enum decoder_step zstd_step(void *state, struct decoder_io *io, struct error *err)
{
	struct zstd *z = state;
	ZSTD_inBuffer in = { io->in, size_min(io->in_len, z->hint), 0 };
	ZSTD_outBuffer out = { io->out, io->out_len, 0 };
	size_t code = ZSTD_decompressStream(z->ctx, &out, &in);
	io->in += in.pos;
	io->in_len -= in.pos;
	io->out += out.pos;
	io->out_len -= out.pos;
	if (ZSTD_isError(code)) {
		/* The end of the block is where it is said to be, however it came in. */
		io->in += in.size - in.pos;
		io->in_len -= in.size - in.pos;
		error_set(err, "%s", ZSTD_getErrorName(code));
		switch (ZSTD_getErrorCode(code)) {
		case ZSTD_error_frameParameter_windowTooLarge:
		case ZSTD_error_memory_allocation:
			return DECODER_LIMITED;
		case ZSTD_error_dictionary_wrong:
			return DECODER_UNREADABLE;
		default:
			return DECODER_DAMAGED;
		}
	}
	z->hint = code;
	return code == 0 ? DECODER_STREAM_END : DECODER_MORE;
}

static uint64_t zstd_memory(void *state)
{
	return ZSTD_sizeof_DCtx(((struct zstd *)state)->ctx);
}

static void zstd_destroy(void *state)
{
	struct zstd *z = state;
	ZSTD_freeDCtx(z->ctx);
	free(z);
}

/* ---- Parts: whole frames, as of pzstd, of seekable files, of files one behind the other ---- */

/* A larger frame is decoded block by block. */
#define PART_BYTES_MAX ((uint64_t)32 << 20)
#define BLOCK_BYTES    ((uint64_t)128 << 10)

struct frame {
	uint64_t packed;
	uint64_t unpacked_max;
};

/* Source of the format: RFC 8878, 3.1.1. */
static enum decoder_cut find_blocks_end(struct str head, size_t at, bool checksum, struct frame *f)
{
	uint64_t unpacked = 0;
	for (bool last = false; !last;) {
		if (head.len < at + 3)
			return DECODER_CUT_MORE;
		uint64_t block = little_endian(head.ptr + at, 3);
		uint64_t size = block >> 3;
		unsigned type = (unsigned)(block >> 1 & 3);
		last = (block & 1) != 0;
		if (type == 3 || size > BLOCK_BYTES)
			return DECODER_CUT_NONE;
		unpacked += type == 2 ? BLOCK_BYTES : size;
		at += 3 + (type == 1 ? 1 : (size_t)size);
		if (unpacked > PART_BYTES_MAX && unpacked > f->unpacked_max)
			return DECODER_CUT_NONE;
	}
	f->packed = at + (checksum ? 4 : 0);
	f->unpacked_max = f->unpacked_max != 0 ? f->unpacked_max : unpacked;
	return f->packed <= head.len ? DECODER_CUT : DECODER_CUT_MORE;
}

static enum decoder_cut find_frame_end(struct str head, struct frame *f)
{
	static const unsigned char id_bytes[] = { 0, 1, 2, 4 };
	if (head.len < 18)
		return DECODER_CUT_MORE;
	unsigned flags = (unsigned char)head.ptr[4];
	bool single = (flags & 0x20) != 0;
	unsigned window = (unsigned char)head.ptr[5];
	size_t size_bytes = flags >> 6 != 0 ? (size_t)1 << (flags >> 6) : single ? 1 : 0;
	size_t at = (single ? 5 : 6) + (size_t)id_bytes[flags & 3];
	f->unpacked_max = little_endian(head.ptr + at, size_bytes) + (size_bytes == 2 ? 256 : 0);
	/* A dictionary is not there; a window that large is for the limits to judge. */
	if ((flags & 3) != 0 || (!single && window >> 3 > 17) || f->unpacked_max > PART_BYTES_MAX)
		return DECODER_CUT_NONE;
	return find_blocks_end(head, at + size_bytes, (flags & 4) != 0, f);
}

/*
 * Does a stream go on behind the skippable frame at the head? It is asked as it is where no parts
 * are cut, or by the next bytes alone at the end of what is to be seen.
 */
static bool goes_on_behind(struct str head)
{
	if (head.len >= DECODER_MAGIC_BYTES)
		return zstd_starts(str_of(head.ptr, DECODER_MAGIC_BYTES));
	struct str behind = str_skip(head, 8 + (size_t)u32_of(head.ptr + 4));
	return behind.len >= 4 && u32_of(behind.ptr) == 0xfd2fb528U;
}

static enum decoder_cut zstd_cut(
	struct decoder_cursor *cursor UNUSED, struct str bytes, struct decoder_part *part)
{
	uint64_t at = 0;
	enum decoder_cut cut = DECODER_CUT_MORE;
	while (part->unpacked_max < flow_tuning.part_bytes && bytes.len >= at + 8) {
		struct str head = str_skip(bytes, (size_t)at);
		struct frame f = { 0 };
		if (decoder_skippable(head)) {
			at += 8 + (uint64_t)u32_of(head.ptr + 4);
			if (at > bytes.len || !goes_on_behind(head))
				break;
			part->packed_bytes = part->advance = (size_t)at;
			continue;
		}
		cut = u32_of(head.ptr) == 0xfd2fb528U ? find_frame_end(head, &f) : DECODER_CUT_NONE;
		if (cut != DECODER_CUT || part->unpacked_max + f.unpacked_max > PART_BYTES_MAX)
			break;
		at += f.packed;
		part->packed_bytes = part->advance = (size_t)at;
		part->unpacked_max += (size_t)f.unpacked_max;
	}
	return part->advance > 0 ? DECODER_CUT : cut;
}

static bool zstd_decode(
	void *state, const struct decoder_part *part, uint8_t *packed, struct decoder_room *room)
{
	struct zstd *z = state;
	if (z->ctx == NULL)
		return false;
	size_t len = ZSTD_decompressDCtx(z->ctx, decoder_room(room, part->unpacked_max),
		part->unpacked_max, packed, part->packed_bytes);
	room->len = ZSTD_isError(len) ? 0 : len;
	return !ZSTD_isError(len);
}

static const struct decoder_parts zstd_parts = {
	.cut = zstd_cut,
	.decode = zstd_decode,
};

const struct decoder_format decode_zstd = {
	.name = "zstd",
	.magic_bytes = DECODER_MAGIC_BYTES,
	.starts = zstd_starts,
	.create = zstd_create,
	.start = zstd_start,
	.step = zstd_step,
	.destroy = zstd_destroy,
	.memory = zstd_memory,
	.parts = &zstd_parts,
	.sibling = &decode_lz4,
};
