/* SPDX-License-Identifier: MIT */
/*
 * Logs in every wrapping that the reader opens, made with the libraries' own writers. What is
 * returned is the caller's to free.
 */
#ifndef LINEUP_TESTS_READER_WRAPPINGS_H
#define LINEUP_TESTS_READER_WRAPPINGS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <bzlib.h>
#include <lz4.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zstd.h>

#include "lineup/mem.h"
#include "lineup/reader.h"

struct bytes {
	char *ptr;
	size_t len;
};

static inline struct bytes copy_of(const void *ptr, size_t len)
{
	struct bytes b = { mem_alloc(len), len };
	if (len > 0)
		memcpy(b.ptr, ptr, len);
	return b;
}

/* Not to be freed. */
static inline struct bytes view(const char *text)
{
	return (struct bytes){ (char *)(uintptr_t)text, strlen(text) };
}

static inline struct bytes joined(struct bytes a, struct bytes b)
{
	struct bytes all = { mem_alloc(a.len + b.len), a.len + b.len };
	memcpy(all.ptr, a.ptr, a.len);
	memcpy(all.ptr + a.len, b.ptr, b.len);
	free(a.ptr);
	free(b.ptr);
	return all;
}

static inline la_ssize_t collect(struct archive *a, void *context, const void *data, size_t len)
{
	(void)a;
	struct bytes *b = context;
	b->ptr = mem_realloc(b->ptr, b->len + len, 1);
	memcpy(b->ptr + b->len, data, len);
	b->len += len;
	return (la_ssize_t)len;
}

static inline struct archive *writer(const char *format, const char *filter, struct bytes *out)
{
	struct archive *a = archive_write_new();
	assert_int_equal(archive_write_set_format_by_name(a, format), ARCHIVE_OK);
	if (filter != NULL)
		assert_int_equal(archive_write_add_filter_by_name(a, filter), ARCHIVE_OK);
	archive_write_set_bytes_in_last_block(a, 1);
	assert_int_equal(archive_write_open(a, out, NULL, collect, NULL), ARCHIVE_OK);
	return a;
}

static inline void write_member(struct archive *a, const char *name, struct bytes data)
{
	struct archive_entry *e = archive_entry_new();
	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_mtime(e, 1700000000, 0);
	archive_entry_set_size(e, (la_int64_t)data.len);
	assert_true(archive_write_header(a, e) >= ARCHIVE_WARN);
	archive_write_data(a, data.ptr, data.len);
	archive_entry_free(e);
}

static inline struct bytes packed(
	struct bytes data, const char *format, const char *filter, const char *name)
{
	struct bytes out = { NULL, 0 };
	struct archive *a = writer(format, filter, &out);
	write_member(a, name, data);
	archive_write_close(a);
	archive_write_free(a);
	return out;
}

static inline struct bytes wrap_gzip(struct bytes d)
{
	return packed(d, "raw", "gzip", "data");
}

static inline struct bytes wrap_compress(struct bytes d)
{
	return packed(d, "raw", "compress", "data");
}

static inline struct bytes wrap_lzma(struct bytes d)
{
	return packed(d, "raw", "lzma", "data");
}

static inline struct bytes wrap_lzip(struct bytes d)
{
	return packed(d, "raw", "lzip", "data");
}

static inline struct bytes wrap_zstd(struct bytes d)
{
	struct bytes out = { mem_alloc(ZSTD_compressBound(d.len)), 0 };
	ZSTD_CCtx *ctx = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(ctx, ZSTD_c_checksumFlag, 1);
	out.len = ZSTD_compress2(ctx, out.ptr, ZSTD_compressBound(d.len), d.ptr, d.len);
	ZSTD_freeCCtx(ctx);
	assert_false(ZSTD_isError(out.len));
	return out;
}

static inline struct bytes wrap_xz(struct bytes d)
{
	size_t room = lzma_stream_buffer_bound(d.len);
	struct bytes out = { mem_alloc(room), 0 };
	assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, (uint8_t *)d.ptr, d.len,
				 (uint8_t *)out.ptr, &out.len, room),
		LZMA_OK);
	return out;
}

static inline struct bytes wrap_bzip2(struct bytes d)
{
	unsigned room = (unsigned)(d.len + d.len / 50 + 700);
	struct bytes out = { mem_alloc(room), 0 };
	char none = 0;
	assert_int_equal(BZ2_bzBuffToBuffCompress(out.ptr, &room, d.len > 0 ? d.ptr : &none,
				 (unsigned)d.len, 1, 0, 0),
		BZ_OK);
	out.len = room;
	return out;
}

static inline struct bytes wrap_lz4(struct bytes d)
{
	LZ4F_preferences_t how = { .frameInfo = {
					   .contentChecksumFlag = LZ4F_contentChecksumEnabled } };
	size_t room = LZ4F_compressFrameBound(d.len, &how);
	struct bytes out = { mem_alloc(room), 0 };
	out.len = LZ4F_compressFrame(out.ptr, room, d.ptr, d.len, &how);
	assert_false(LZ4F_isError(out.len));
	return out;
}

static inline struct bytes wrap_lz4_legacy(struct bytes d)
{
	int room = LZ4_compressBound((int)d.len);
	struct bytes out = { mem_alloc((size_t)room + 8), 8 };
	memcpy(out.ptr, "\x02\x21\x4c\x18", 4);
	uint32_t len = (uint32_t)LZ4_compress_default(d.ptr, out.ptr + 8, (int)d.len, room);
	for (int i = 0; i < 4; i++)
		out.ptr[4 + i] = (char)(len >> (8 * i));
	out.len = 8 + len;
	return out;
}

static inline struct bytes wrap_tar(struct bytes d)
{
	return packed(d, "pax", NULL, "var/log/app.log");
}

static inline struct bytes wrap_ustar(struct bytes d)
{
	return packed(d, "ustar", NULL, "var/log/app.log");
}

static inline struct bytes wrap_v7tar(struct bytes d)
{
	return packed(d, "v7tar", NULL, "var/log/app.log");
}

static inline struct bytes wrap_gnutar(struct bytes d)
{
	return packed(d, "gnutar", NULL, "var/log/app.log");
}

static inline struct bytes wrap_zip(struct bytes d)
{
	return packed(d, "zip", NULL, "var/log/app.log");
}

static inline struct bytes wrap_7zip(struct bytes d)
{
	return packed(d, "7zip", NULL, "var/log/app.log");
}

static inline struct bytes wrap_cpio(struct bytes d)
{
	return packed(d, "newc", NULL, "var/log/app.log");
}

static inline struct bytes wrap_cpio_odc(struct bytes d)
{
	return packed(d, "odc", NULL, "var/log/app.log");
}

static inline struct bytes wrap_ar(struct bytes d)
{
	return packed(d, "argnu", NULL, "app.log");
}

/* Two streams of half the data each, one behind the other. */
static inline struct bytes in_halves(struct bytes d, struct bytes (*wrap)(struct bytes))
{
	size_t half = d.len / 2;
	return joined(wrap((struct bytes){ d.ptr, half }),
		wrap((struct bytes){ d.ptr + half, d.len - half }));
}

static inline struct bytes wrap_gzips(struct bytes d)
{
	return in_halves(d, wrap_gzip);
}

static inline struct bytes wrap_gzip_padded(struct bytes d)
{
	static char zeros[700];
	return joined(wrap_gzip(d), copy_of(zeros, sizeof(zeros)));
}

static inline struct bytes wrap_zstds(struct bytes d)
{
	return in_halves(d, wrap_zstd);
}

static inline struct bytes wrap_zstd_skippable(struct bytes d)
{
	struct bytes skippable = copy_of("\x5a\x2a\x4d\x18\5\0\0\0other", 13);
	return joined(skippable, wrap_zstd(d));
}

static inline struct bytes wrap_xzs(struct bytes d)
{
	return in_halves(d, wrap_xz);
}

static inline struct bytes wrap_bzip2s(struct bytes d)
{
	return in_halves(d, wrap_bzip2);
}

static inline struct bytes wrap_lz4s(struct bytes d)
{
	return in_halves(d, wrap_lz4);
}

static inline struct bytes wrap_lzips(struct bytes d)
{
	return in_halves(d, wrap_lzip);
}

/* UTF-16 of the ASCII that the log is. */
static inline struct bytes utf16(struct bytes d, size_t low)
{
	struct bytes out = { mem_zalloc(d.len + 1, 2), 2 * d.len + 2 };
	out.ptr[low] = '\xff';
	out.ptr[1 - low] = '\xfe';
	for (size_t i = 0; i < d.len; i++)
		out.ptr[2 + 2 * i + low] = d.ptr[i];
	return out;
}

static inline struct bytes wrap_utf16le(struct bytes d)
{
	return utf16(d, 0);
}

static inline struct bytes wrap_utf16be(struct bytes d)
{
	return utf16(d, 1);
}

typedef struct bytes (*wrapping)(struct bytes);

#define LAYERS 6

struct wrapped {
	const char *name;
	wrapping layers[LAYERS]; /* innermost first */
	const char *place;	 /* behind the file's own path */
};

#define IN_APP "!var/log/app.log"

static const struct wrapped wrappings[] = {
	{ "plain", { NULL }, "" },
	{ "gzip", { wrap_gzip }, "" },
	{ "gzip members", { wrap_gzips }, "" },
	{ "gzip padded", { wrap_gzip_padded }, "" },
	{ "zstd", { wrap_zstd }, "" },
	{ "zstd frames", { wrap_zstds }, "" },
	{ "zstd skippable", { wrap_zstd_skippable }, "" },
	{ "xz", { wrap_xz }, "" },
	{ "xz streams", { wrap_xzs }, "" },
	{ "lzma", { wrap_lzma }, "" },
	{ "lzip", { wrap_lzip }, "" },
	{ "lzip members", { wrap_lzips }, "" },
	{ "bzip2", { wrap_bzip2 }, "" },
	{ "bzip2 streams", { wrap_bzip2s }, "" },
	{ "lz4", { wrap_lz4 }, "" },
	{ "lz4 frames", { wrap_lz4s }, "" },
	{ "lz4 legacy", { wrap_lz4_legacy }, "" },
	{ "compress", { wrap_compress }, "" },
	{ "tar", { wrap_tar }, IN_APP },
	{ "ustar", { wrap_ustar }, IN_APP },
	{ "v7 tar", { wrap_v7tar }, IN_APP },
	{ "gnu tar", { wrap_gnutar }, IN_APP },
	{ "zip", { wrap_zip }, IN_APP },
	{ "7zip", { wrap_7zip }, IN_APP },
	{ "cpio", { wrap_cpio }, IN_APP },
	{ "cpio odc", { wrap_cpio_odc }, IN_APP },
	{ "ar", { wrap_ar }, "!app.log" },
	{ "utf-16le", { wrap_utf16le }, "" },
	{ "utf-16be in gzip", { wrap_utf16be, wrap_gzip }, "" },
	{ "tar.gz", { wrap_tar, wrap_gzip }, IN_APP },
	{ "tar.zst", { wrap_tar, wrap_zstd }, IN_APP },
	{ "tar.xz", { wrap_tar, wrap_xz }, IN_APP },
	{ "tar.bz2", { wrap_tar, wrap_bzip2 }, IN_APP },
	{ "gz in tar.zst", { wrap_gzip, wrap_tar, wrap_zstd }, IN_APP },
	{ "gz in zip in tar.zst", { wrap_gzip, wrap_zip, wrap_tar, wrap_zstd }, IN_APP IN_APP },
	{ "7z in zip", { wrap_7zip, wrap_zip }, IN_APP IN_APP },
	{ "zip in zip", { wrap_zip, wrap_zip }, IN_APP IN_APP },
	{ "tar in tar in tar", { wrap_tar, wrap_ustar, wrap_gnutar }, IN_APP IN_APP IN_APP },
	{ "gz in gz in gz", { wrap_gzip, wrap_gzip, wrap_gzip }, "" },
	{ "xz in ar in lz4", { wrap_xz, wrap_ar, wrap_lz4 }, "!app.log" },
};

static inline struct bytes wrap(const struct wrapped *w, struct bytes data)
{
	struct bytes now = copy_of(data.ptr, data.len);
	for (size_t i = 0; i < LAYERS && w->layers[i] != NULL; i++) {
		struct bytes next = w->layers[i](now);
		free(now.ptr);
		now = next;
	}
	return now;
}

static inline struct bytes pair(const char *format, struct bytes first, struct bytes second)
{
	struct bytes out = { NULL, 0 };
	struct archive *a = writer(format, NULL, &out);
	write_member(a, "first.log", first);
	write_member(a, "second.log", second);
	archive_write_close(a);
	archive_write_free(a);
	return out;
}

#endif
