/* SPDX-License-Identifier: MIT */
#include "src/input/decoder.h"

#include <bzlib.h>
#include <stdlib.h>

#include "lineup/mem.h"

static bool bzip2_starts(struct str head)
{
	if (head.len < 10 || !str_starts(head, STR("BZh")) || head.ptr[3] < '1' ||
		head.ptr[3] > '9')
		return false;
	/* The first block, or the end of a stream without any. */
	return memcmp(head.ptr + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0 ||
	       memcmp(head.ptr + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0;
}

struct bzip2 {
	bz_stream stream;
	bool begun;
};

static void *bzip2_create(void)
{
	return mem_zalloc(1, sizeof(struct bzip2));
}

static bool bzip2_start(void *state, struct error *err)
{
	struct bzip2 *b = state;
	if (b->begun)
		BZ2_bzDecompressEnd(&b->stream);
	*b = (struct bzip2){ 0 };
	b->begun = BZ2_bzDecompressInit(&b->stream, 0, 0) == BZ_OK;
	if (!b->begun)
		error_set(err, "no memory for a decoder");
	return b->begun;
}

static enum decoder_step bzip2_step(void *state, struct decoder_io *io, struct error *err)
{
	struct bzip2 *b = state;
	unsigned in_len = (unsigned)size_min(io->in_len, UINT32_MAX / 2);
	unsigned out_len = (unsigned)size_min(io->out_len, UINT32_MAX / 2);
	b->stream.next_in = (char *)(uintptr_t)io->in;
	b->stream.avail_in = in_len;
	b->stream.next_out = (char *)io->out;
	b->stream.avail_out = out_len;
	int code = BZ2_bzDecompress(&b->stream);
	size_t taken = in_len - b->stream.avail_in;
	size_t given = out_len - b->stream.avail_out;
	io->in += taken;
	io->in_len -= taken;
	io->out += given;
	io->out_len -= given;
	switch (code) {
	case BZ_OK:
		return DECODER_MORE;
	case BZ_STREAM_END:
		return DECODER_STREAM_END;
	case BZ_MEM_ERROR:
		error_set(err, "no memory for a decoder");
		return DECODER_LIMITED;
	default:
		error_set(err, "corrupt");
		return DECODER_DAMAGED;
	}
}

static void bzip2_destroy(void *state)
{
	struct bzip2 *b = state;
	if (b->begun)
		BZ2_bzDecompressEnd(&b->stream);
	free(b);
}

const struct decoder_format decode_bzip2 = {
	.name = "bzip2",
	.magic_bytes = 10,
	.starts = bzip2_starts,
	.zero_padding = true,
	.create = bzip2_create,
	.start = bzip2_start,
	.step = bzip2_step,
	.destroy = bzip2_destroy,
};
