/* SPDX-License-Identifier: MIT */
#include "src/input/decoder.h"

#include <lz4.h>
#include <lz4frame.h>
#include <stdlib.h>

#include "lineup/little_endian.h"
#include "lineup/mem.h"

/* The legacy format cuts its input into blocks of this size. */
#define LEGACY_BLOCK_BYTES ((size_t)8 << 20)
#define LEGACY_MAGIC	   "\x02\x21\x4c\x18"

static bool lz4_starts(struct str head)
{
	return decoder_behind_skippable(&head) || str_starts(head, STR("\x04\x22\x4d\x18"));
}

struct lz4 {
	LZ4F_dctx *ctx;
	size_t hint; /* input that the next block needs */
};

static void *lz4_create(void)
{
	struct lz4 *l = mem_zalloc(1, sizeof(*l));
	if (LZ4F_isError(LZ4F_createDecompressionContext(&l->ctx, LZ4F_VERSION)))
		l->ctx = NULL;
	return l;
}

static bool lz4_start(void *state, struct error *err)
{
	struct lz4 *l = state;
	if (l->ctx == NULL) {
		error_set(err, "no memory for a decoder");
		return false;
	}
	LZ4F_resetDecompressionContext(l->ctx);
	l->hint = LZ4F_HEADER_SIZE_MIN;
	return true;
}

/*
 * The library does not say how much came out of a call that fails, so it is given one block at a
 * time: what came out of the blocks before a broken one is kept.
 */
static enum decoder_step lz4_step(void *state, struct decoder_io *io, struct error *err)
{
	struct lz4 *l = state;
	size_t in_len = size_min(io->in_len, l->hint);
	size_t out_len = io->out_len;
	size_t code = LZ4F_decompress(l->ctx, io->out, &out_len, io->in, &in_len, NULL);
	if (LZ4F_isError(code)) {
		error_set(err, "%s", LZ4F_getErrorName(code));
		return DECODER_DAMAGED;
	}
	l->hint = code;
	io->in += in_len;
	io->in_len -= in_len;
	io->out += out_len;
	io->out_len -= out_len;
	return code == 0 ? DECODER_STREAM_END : DECODER_MORE;
}

static void lz4_destroy(void *state)
{
	struct lz4 *l = state;
	LZ4F_freeDecompressionContext(l->ctx);
	free(l);
}

const struct decoder_format decode_lz4 = {
	.name = "lz4",
	.magic_bytes = DECODER_MAGIC_BYTES,
	.starts = lz4_starts,
	.create = lz4_create,
	.start = lz4_start,
	.step = lz4_step,
	.destroy = lz4_destroy,
};

/*
 * Legacy (lz4 -l, Linux kernel images): the magic, then blocks of a 32-bit length and the data. It
 * has no end mark: the file ends, or a length that cannot be one is the next stream's magic.
 */
struct legacy {
	char *packed;
	char *block;
	size_t want; /* of the packed block; 0: its length comes next */
	size_t have; /* of what comes next */
	size_t at;   /* of block */
	size_t len;
	unsigned char length[4];
	bool magic_done;
};

static bool legacy_starts(struct str head)
{
	return str_starts(head, STR(LEGACY_MAGIC));
}

static void *legacy_create(void)
{
	struct legacy *l = mem_zalloc(1, sizeof(*l));
	l->packed = mem_alloc((size_t)LZ4_compressBound((int)LEGACY_BLOCK_BYTES));
	l->block = mem_alloc(LEGACY_BLOCK_BYTES);
	return l;
}

static bool legacy_start(void *state, struct error *err UNUSED)
{
	struct legacy *l = state;
	l->want = l->have = l->at = l->len = 0;
	l->magic_done = false;
	return true;
}

static bool take(struct decoder_io *io, void *to, size_t *have, size_t want)
{
	size_t n = size_min(io->in_len, want - *have);
	if (n > 0)
		memcpy((char *)to + *have, io->in, n);
	*have += n;
	io->in += n;
	io->in_len -= n;
	return *have == want;
}

/* The length of the next block: DECODER_MORE also when it is not all there. */
static enum decoder_step legacy_length(struct legacy *l, struct decoder_io *io, struct error *err)
{
	if (io->ended && l->have == 0)
		return DECODER_STREAM_END;
	if (!take(io, l->length, &l->have, 4))
		return DECODER_MORE;
	l->have = 0;
	if (memcmp(l->length, LEGACY_MAGIC, 4) == 0) {
		l->magic_done = true;
		return DECODER_MORE;
	}
	uint32_t size = (uint32_t)little_endian(l->length, 4);
	if (!l->magic_done || size == 0 ||
		size > (uint32_t)LZ4_compressBound((int)LEGACY_BLOCK_BYTES)) {
		error_set(err, "broken block length");
		return DECODER_DAMAGED;
	}
	l->want = size;
	return DECODER_MORE;
}

static enum decoder_step legacy_step(void *state, struct decoder_io *io, struct error *err)
{
	struct legacy *l = state;
	while (io->out_len > 0) {
		if (l->at < l->len) {
			size_t n = size_min(io->out_len, l->len - l->at);
			memcpy(io->out, l->block + l->at, n);
			l->at += n;
			io->out += n;
			io->out_len -= n;
			continue;
		}
		if (l->want == 0) {
			enum decoder_step step = legacy_length(l, io, err);
			if (step != DECODER_MORE || (l->want == 0 && io->in_len == 0))
				return step;
			continue;
		}
		if (!take(io, l->packed, &l->have, l->want))
			return DECODER_MORE;
		int len = LZ4_decompress_safe(
			l->packed, l->block, (int)l->want, (int)LEGACY_BLOCK_BYTES);
		l->want = l->have = l->at = l->len = 0;
		if (len < 0) {
			error_set(err, "corrupt");
			return DECODER_DAMAGED;
		}
		l->len = (size_t)len;
	}
	return DECODER_MORE;
}

static void legacy_destroy(void *state)
{
	struct legacy *l = state;
	free(l->packed);
	free(l->block);
	free(l);
}

const struct decoder_format decode_lz4_legacy = {
	.name = "lz4 (legacy)",
	.magic_bytes = 4,
	.starts = legacy_starts,
	.create = legacy_create,
	.start = legacy_start,
	.step = legacy_step,
	.destroy = legacy_destroy,
};
