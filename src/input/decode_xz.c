/* SPDX-License-Identifier: MIT */
#include "src/input/decoder.h"

#include <lzma.h>
#include <stdlib.h>

#include "lineup/little_endian.h"
#include "lineup/mem.h"

/* xz -9 takes 65 MiB; the format allows 4 GiB. As much as the largest window of zstd; what of it
 * data may fill is limited in decoder.c. */
#define MEMORY_LIMIT_BYTES ((uint64_t)2200 << 20)

/* Of blocks that are decoded at the same time: xz -6 -T0 writes blocks of 24 MiB. */
#define THREADS_MEMORY_BYTES ((uint64_t)160 << 20)

static bool xz_starts(struct str head)
{
	return str_starts(head, str_of("\xfd"
				       "7zXZ\0",
					6));
}

static bool lzip_starts(struct str head)
{
	return head.len >= 6 && str_starts(head, STR("LZIP")) &&
	       (head.ptr[4] == 0 || head.ptr[4] == 1);
}

/*
 * .lzma has no magic: properties byte, dictionary size (2^n or 2^n + 2^(n-1), as all encoders
 * write), decoded size (unknown, or below 256 GiB), and a range coder that starts with a zero.
 */
static bool lzma_starts(struct str head)
{
	if (head.len < 14)
		return false;
	const unsigned char *b = (const unsigned char *)head.ptr;
	if (b[0] >= 225 || b[13] != 0)
		return false;
	uint32_t dictionary = (uint32_t)little_endian(b + 1, 4);
	if (dictionary < 4096)
		return false;
	if (dictionary != UINT32_MAX) {
		uint32_t high = UINT32_C(1) << (31 - __builtin_clz(dictionary));
		if (dictionary != high && dictionary != (high | high >> 1))
			return false;
	}
	uint64_t size = little_endian(b + 5, 8);
	return size == UINT64_MAX || size < UINT64_C(1) << 38;
}

struct lzma_state {
	lzma_stream stream;
	unsigned threads;
};

static void *lzma_create(void)
{
	struct lzma_state *s = mem_alloc(sizeof(*s));
	*s = (struct lzma_state){ .stream = LZMA_STREAM_INIT, .threads = 1 };
	return s;
}

static void xz_spread(void *state, unsigned threads)
{
	((struct lzma_state *)state)->threads = threads;
}

static lzma_stream *stream_of(void *state)
{
	return &((struct lzma_state *)state)->stream;
}

static bool begun(lzma_ret code, struct error *err)
{
	if (code != LZMA_OK)
		error_set(err, "no memory for a decoder");
	return code == LZMA_OK;
}

static bool xz_start(void *state, struct error *err)
{
	const struct lzma_state *s = state;
	if (s->threads <= 1)
		return begun(lzma_stream_decoder(stream_of(state), MEMORY_LIMIT_BYTES, 0), err);
	/* Blocks that do not fit, or say no sizes, are decoded one after the other. */
	lzma_mt how = { .threads = s->threads,
		.memlimit_threading = THREADS_MEMORY_BYTES,
		.memlimit_stop = MEMORY_LIMIT_BYTES };
	return begun(lzma_stream_decoder_mt(stream_of(state), &how), err);
}

static bool lzip_start(void *state, struct error *err)
{
	return begun(lzma_lzip_decoder(stream_of(state), MEMORY_LIMIT_BYTES, 0), err);
}

static bool lzma_start(void *state, struct error *err)
{
	return begun(lzma_alone_decoder(stream_of(state), MEMORY_LIMIT_BYTES), err);
}

static enum decoder_step lzma_step(void *state, struct decoder_io *io, struct error *err)
{
	lzma_stream *s = stream_of(state);
	s->next_in = io->in;
	s->avail_in = io->in_len;
	s->next_out = io->out;
	s->avail_out = io->out_len;
	lzma_ret code = lzma_code(s, io->ended ? LZMA_FINISH : LZMA_RUN);
	io->in = s->next_in;
	io->in_len = s->avail_in;
	io->out = s->next_out;
	io->out_len = s->avail_out;
	switch (code) {
	case LZMA_OK:
	case LZMA_BUF_ERROR: /* no progress: the caller sees whether that is the end */
		return DECODER_MORE;
	case LZMA_STREAM_END:
		return DECODER_STREAM_END;
	case LZMA_MEMLIMIT_ERROR:
	case LZMA_MEM_ERROR:
		error_set(err, "needs more memory than the limit allows");
		return DECODER_LIMITED;
	case LZMA_OPTIONS_ERROR:
		error_set(err, "options that are not supported");
		return DECODER_UNREADABLE;
	default:
		error_set(err, "corrupt");
		return DECODER_DAMAGED;
	}
}

static uint64_t lzma_memory(void *state)
{
	return lzma_memusage(stream_of(state));
}

static void lzma_destroy(void *state)
{
	lzma_end(stream_of(state));
	free(state);
}

const struct decoder_format decode_xz = {
	.name = "xz",
	.magic_bytes = 6,
	.starts = xz_starts,
	.zero_padding = true,
	.create = lzma_create,
	.spread = xz_spread,
	.start = xz_start,
	.step = lzma_step,
	.destroy = lzma_destroy,
	.memory = lzma_memory,
};

const struct decoder_format decode_lzip = {
	.name = "lzip",
	.magic_bytes = 6,
	.starts = lzip_starts,
	.create = lzma_create,
	.start = lzip_start,
	.step = lzma_step,
	.destroy = lzma_destroy,
	.memory = lzma_memory,
};

const struct decoder_format decode_lzma = {
	.name = "lzma",
	.magic_bytes = 14,
	.starts = lzma_starts,
	.create = lzma_create,
	.start = lzma_start,
	.step = lzma_step,
	.destroy = lzma_destroy,
	.memory = lzma_memory,
};
