/* SPDX-License-Identifier: MIT */
/*
 * One log in every packing whose parts can be decoded ahead: frames of zstd, members of gzip,
 * blocks of bzip2. The bytes are the caller's to free.
 */
#ifndef LINEUP_TESTS_AHEAD_PACKINGS_H
#define LINEUP_TESTS_AHEAD_PACKINGS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <bzlib.h>
#include <isa-l/igzip_lib.h>
#include <lzma.h>
#include <zstd.h>

#include "lineup/mem.h"

struct bytes {
	char *ptr;
	size_t len;
	size_t capacity;
};

static inline char *room(struct bytes *b, size_t more)
{
	if (b->capacity - b->len < more) {
		b->capacity = 2 * (b->len + more);
		b->ptr = mem_realloc(b->ptr, b->capacity, 1);
	}
	return b->ptr + b->len;
}

static inline void add(struct bytes *b, const void *ptr, size_t len)
{
	memcpy(room(b, len), ptr, len);
	b->len += len;
}

/* Lines that do not pack too well, with long runs now and then. */
static inline struct bytes make_log(size_t size_bytes)
{
	struct bytes log = { 0 };
	uint64_t state = 88172645463325252U;
	for (unsigned i = 0; log.len < size_bytes; i++) {
		char line[256];
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		int len = snprintf(line, sizeof(line), "2026-11-20T17:%02u:%02u %016llx %*s%s",
			i / 60 % 60, i % 60, (unsigned long long)state,
			i % 37 == 0 ? 120 : (int)(state % 9), "", i % 5 == 0 ? "\r\n" : "\n");
		add(&log, line, (size_t)len);
	}
	return log;
}

/* ---- What writers of parts write ---- */

static inline struct bytes pack_zstd(
	struct bytes log, size_t frame_bytes, bool sized, bool skippable)
{
	struct bytes out = { 0 };
	ZSTD_CCtx *ctx = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(ctx, ZSTD_c_checksumFlag, 1);
	ZSTD_CCtx_setParameter(ctx, ZSTD_c_contentSizeFlag, sized);
	for (size_t at = 0; at < log.len; at += frame_bytes) {
		size_t n = size_min(frame_bytes, log.len - at);
		if (skippable)
			add(&out, "\x50\x2a\x4d\x18\4\0\0\0size", 12);
		size_t most = ZSTD_compressBound(n);
		out.len += ZSTD_compress2(ctx, room(&out, most), most, log.ptr + at, n);
	}
	ZSTD_freeCCtx(ctx);
	return out;
}

static inline struct bytes pack_zstd_frames(struct bytes log)
{
	return pack_zstd(log, 3000, true, false);
}

static inline struct bytes pack_zstd_unsized(struct bytes log)
{
	return pack_zstd(log, 150000, false, false);
}

static inline struct bytes pack_pzstd(struct bytes log)
{
	return pack_zstd(log, 5000, true, true);
}

static inline struct bytes pack_bgzf(struct bytes log)
{
	struct bytes out = { 0 };
	for (size_t at = 0; at <= log.len;
		at += 20000) { /* the last one is empty, as bgzip has it */
		uint8_t header[18] = "\x1f\x8b\x08\x04\0\0\0\0\0\xff\6\0BC\2";
		struct isal_zstream z;
		size_t n = size_min(20000, log.len - at);
		isal_deflate_stateless_init(&z);
		z.gzip_flag = IGZIP_GZIP_NO_HDR;
		z.end_of_stream = 1;
		z.next_in = (uint8_t *)log.ptr + at;
		z.avail_in = (uint32_t)n;
		char *to = room(&out, 40000);
		z.next_out = (uint8_t *)to + sizeof(header);
		z.avail_out = 30000;
		assert_int_equal(isal_deflate_stateless(&z), COMP_OK);
		size_t size = sizeof(header) + z.total_out - 1;
		header[16] = (uint8_t)size;
		header[17] = (uint8_t)(size >> 8);
		memcpy(to, header, sizeof(header));
		out.len += size + 1;
	}
	return out;
}

/* Members that do not say their size. Some are empty, and of some the data is not packed. */
static inline struct bytes pack_gzip_members(struct bytes log)
{
	struct bytes out = { 0 };
	for (size_t at = 0, member = 0; at < log.len; member++) {
		struct isal_zstream z;
		size_t n = member % 7 == 3 ? 0 : size_min(8000, log.len - at);
		if (member % 5 == 2)
			isal_deflate_stateless_init(&z);
		else
			isal_deflate_init(&z);
		z.gzip_flag = IGZIP_GZIP;
		z.end_of_stream = 1;
		z.next_in = (uint8_t *)log.ptr + at;
		z.avail_in = (uint32_t)n;
		z.next_out = (uint8_t *)room(&out, 20000);
		z.avail_out = 20000;
		assert_int_equal(
			member % 5 == 2 ? isal_deflate_stateless(&z) : isal_deflate(&z), COMP_OK);
		assert_int_equal(z.avail_in, 0);
		out.len += z.total_out;
		at += n;
	}
	return out;
}

static inline struct bytes pack_bzip2(struct bytes log, size_t stream_bytes)
{
	struct bytes out = { 0 };
	for (size_t at = 0; at < log.len; at += stream_bytes) {
		size_t n = size_min(stream_bytes, log.len - at);
		unsigned most = (unsigned)(n + n / 50 + 700);
		char *to = room(&out, most);
		assert_int_equal(
			BZ2_bzBuffToBuffCompress(to, &most, log.ptr + at, (unsigned)n, 1, 0, 0),
			BZ_OK);
		out.len += most;
	}
	return out;
}

static inline struct bytes pack_bzip2_blocks(struct bytes log)
{
	return pack_bzip2(log, log.len);
}

static inline struct bytes pack_bzip2_streams(struct bytes log)
{
	return pack_bzip2(log, 50000);
}

/* As `xz -T`: blocks that say their sizes, which liblzma decodes by threads of its own. */
static inline struct bytes pack_xz_blocks(struct bytes log)
{
	struct bytes out = { 0 };
	lzma_stream s = LZMA_STREAM_INIT;
	lzma_mt how = { .threads = 1, .block_size = 20000, .preset = 1, .check = LZMA_CHECK_CRC64 };
	assert_int_equal(lzma_stream_encoder_mt(&s, &how), LZMA_OK);
	s.next_in = (const uint8_t *)log.ptr;
	s.avail_in = log.len;
	lzma_ret code = LZMA_OK;
	while (code == LZMA_OK) {
		s.next_out = (uint8_t *)room(&out, 20000);
		s.avail_out = 20000;
		code = lzma_code(&s, LZMA_FINISH);
		out.len += 20000 - s.avail_out;
	}
	assert_int_equal(code, LZMA_STREAM_END);
	lzma_end(&s);
	return out;
}

static const struct packing {
	const char *name;
	struct bytes (*pack)(struct bytes);
	size_t log_bytes;
	size_t untold; /* bytes at the end that no part holds, since nothing says where they end */
} packings[] = {
	{ "zstd frames", pack_zstd_frames, 60000, 0 },
	{ "zstd frames that do not say their size", pack_zstd_unsized, 600000, 0 },
	{ "zstd frames as of pzstd", pack_pzstd, 60000, 0 },
	{ "BGZF", pack_bgzf, 200000, 0 },
	{ "gzip members", pack_gzip_members, 150000, 8000 },
	{ "blocks of one bzip2 stream", pack_bzip2_blocks, 450000, 0 },
	{ "bzip2 streams", pack_bzip2_streams, 230000, 0 },
};

#endif
