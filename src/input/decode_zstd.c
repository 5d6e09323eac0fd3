/* SPDX-License-Identifier: MIT */
#include "src/input/decoder.h"

#include <zstd.h>
#include <zstd_errors.h>

#include "lineup/mem.h"

/*
 * `zstd --long=31` is read too. The window is that of the frame, and its pages are touched only as
 * far as data comes out, so a header alone cannot take the memory.
 */
#define WINDOW_LOG_MAX 31

static uint32_t u32_of(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static bool is_skippable(uint32_t magic)
{
	return (magic & 0xfffffff0U) == 0x184d2a50U;
}

/*
 * A skippable frame comes first in seekable and parallel zstd files; lz4 has the same ones, so
 * what stands behind it decides where that can be seen.
 */
static bool zstd_starts(struct str head)
{
	while (head.len >= 8 && is_skippable(u32_of(head.ptr))) {
		uint32_t size = u32_of(head.ptr + 4);
		if (head.len - 8 < (size_t)size + 4)
			return true;
		head = str_skip(head, 8 + (size_t)size);
	}
	return head.len >= 4 && u32_of(head.ptr) == 0xfd2fb528U;
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

static void zstd_destroy(void *state)
{
	struct zstd *z = state;
	ZSTD_freeDCtx(z->ctx);
	free(z);
}

const struct decoder_format decode_zstd = {
	.name = "zstd",
	.magic_bytes = DECODER_MAGIC_BYTES,
	.starts = zstd_starts,
	.create = zstd_create,
	.start = zstd_start,
	.step = zstd_step,
	.destroy = zstd_destroy,
};
