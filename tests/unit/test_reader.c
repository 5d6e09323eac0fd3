/* SPDX-License-Identifier: MIT */
/*
 * One log in every wrapping gives the same lines; damage gives a prefix of them and a trouble.
 * The wrappings are made here with the libraries' own writers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <bzlib.h>
#include <fcntl.h>
#include <lz4.h>
#include <lz4frame.h>
#include <lzma.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <zstd.h>

#include "lineup/mem.h"
#include "lineup/reader.h"
#include "src/input/flow.h"

static char folder[] = "/tmp/lineup-reader-XXXXXX";
static char file[64];

/* ---- Wrapping ---- */

struct bytes {
	char *ptr;
	size_t len;
};

static struct bytes copy_of(const void *ptr, size_t len)
{
	struct bytes b = { mem_alloc(len), len };
	if (len > 0)
		memcpy(b.ptr, ptr, len);
	return b;
}

/* Not to be freed. */
static struct bytes view(const char *text)
{
	return (struct bytes){ (char *)(uintptr_t)text, strlen(text) };
}

static struct bytes joined(struct bytes a, struct bytes b)
{
	struct bytes all = { mem_alloc(a.len + b.len), a.len + b.len };
	memcpy(all.ptr, a.ptr, a.len);
	memcpy(all.ptr + a.len, b.ptr, b.len);
	free(a.ptr);
	free(b.ptr);
	return all;
}

static la_ssize_t collect(struct archive *a, void *context, const void *data, size_t len)
{
	(void)a;
	struct bytes *b = context;
	b->ptr = mem_realloc(b->ptr, b->len + len, 1);
	memcpy(b->ptr + b->len, data, len);
	b->len += len;
	return (la_ssize_t)len;
}

static struct archive *writer(const char *format, const char *filter, struct bytes *out)
{
	struct archive *a = archive_write_new();
	assert_int_equal(archive_write_set_format_by_name(a, format), ARCHIVE_OK);
	if (filter != NULL)
		assert_int_equal(archive_write_add_filter_by_name(a, filter), ARCHIVE_OK);
	archive_write_set_bytes_in_last_block(a, 1);
	assert_int_equal(archive_write_open(a, out, NULL, collect, NULL), ARCHIVE_OK);
	return a;
}

static void write_member(struct archive *a, const char *name, struct bytes data)
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

static struct bytes packed(
	struct bytes data, const char *format, const char *filter, const char *name)
{
	struct bytes out = { NULL, 0 };
	struct archive *a = writer(format, filter, &out);
	write_member(a, name, data);
	archive_write_close(a);
	archive_write_free(a);
	return out;
}

static struct bytes wrap_gzip(struct bytes d)
{
	return packed(d, "raw", "gzip", "data");
}

static struct bytes wrap_compress(struct bytes d)
{
	return packed(d, "raw", "compress", "data");
}

static struct bytes wrap_lzma(struct bytes d)
{
	return packed(d, "raw", "lzma", "data");
}

static struct bytes wrap_lzip(struct bytes d)
{
	return packed(d, "raw", "lzip", "data");
}

static struct bytes wrap_zstd(struct bytes d)
{
	struct bytes out = { mem_alloc(ZSTD_compressBound(d.len)), 0 };
	ZSTD_CCtx *ctx = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(ctx, ZSTD_c_checksumFlag, 1);
	out.len = ZSTD_compress2(ctx, out.ptr, ZSTD_compressBound(d.len), d.ptr, d.len);
	ZSTD_freeCCtx(ctx);
	assert_false(ZSTD_isError(out.len));
	return out;
}

static struct bytes wrap_xz(struct bytes d)
{
	size_t room = lzma_stream_buffer_bound(d.len);
	struct bytes out = { mem_alloc(room), 0 };
	assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, (uint8_t *)d.ptr, d.len,
				 (uint8_t *)out.ptr, &out.len, room),
		LZMA_OK);
	return out;
}

static struct bytes wrap_bzip2(struct bytes d)
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

static struct bytes wrap_lz4(struct bytes d)
{
	LZ4F_preferences_t how = { .frameInfo = {
					   .contentChecksumFlag = LZ4F_contentChecksumEnabled } };
	size_t room = LZ4F_compressFrameBound(d.len, &how);
	struct bytes out = { mem_alloc(room), 0 };
	out.len = LZ4F_compressFrame(out.ptr, room, d.ptr, d.len, &how);
	assert_false(LZ4F_isError(out.len));
	return out;
}

static struct bytes wrap_lz4_legacy(struct bytes d)
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

static struct bytes wrap_tar(struct bytes d)
{
	return packed(d, "pax", NULL, "var/log/app.log");
}

static struct bytes wrap_ustar(struct bytes d)
{
	return packed(d, "ustar", NULL, "var/log/app.log");
}

static struct bytes wrap_v7tar(struct bytes d)
{
	return packed(d, "v7tar", NULL, "var/log/app.log");
}

static struct bytes wrap_gnutar(struct bytes d)
{
	return packed(d, "gnutar", NULL, "var/log/app.log");
}

static struct bytes wrap_zip(struct bytes d)
{
	return packed(d, "zip", NULL, "var/log/app.log");
}

static struct bytes wrap_7zip(struct bytes d)
{
	return packed(d, "7zip", NULL, "var/log/app.log");
}

static struct bytes wrap_cpio(struct bytes d)
{
	return packed(d, "newc", NULL, "var/log/app.log");
}

static struct bytes wrap_cpio_odc(struct bytes d)
{
	return packed(d, "odc", NULL, "var/log/app.log");
}

static struct bytes wrap_ar(struct bytes d)
{
	return packed(d, "argnu", NULL, "app.log");
}

/* Two streams of half the data each, one behind the other. */
static struct bytes in_halves(struct bytes d, struct bytes (*wrap)(struct bytes))
{
	size_t half = d.len / 2;
	return joined(wrap((struct bytes){ d.ptr, half }),
		wrap((struct bytes){ d.ptr + half, d.len - half }));
}

static struct bytes wrap_gzips(struct bytes d)
{
	return in_halves(d, wrap_gzip);
}

static struct bytes wrap_gzip_padded(struct bytes d)
{
	static char zeros[700];
	return joined(wrap_gzip(d), copy_of(zeros, sizeof(zeros)));
}

static struct bytes wrap_zstds(struct bytes d)
{
	return in_halves(d, wrap_zstd);
}

static struct bytes wrap_zstd_skippable(struct bytes d)
{
	struct bytes skippable = copy_of("\x5a\x2a\x4d\x18\5\0\0\0other", 13);
	return joined(skippable, wrap_zstd(d));
}

static struct bytes wrap_xzs(struct bytes d)
{
	return in_halves(d, wrap_xz);
}

static struct bytes wrap_bzip2s(struct bytes d)
{
	return in_halves(d, wrap_bzip2);
}

static struct bytes wrap_lz4s(struct bytes d)
{
	return in_halves(d, wrap_lz4);
}

static struct bytes wrap_lzips(struct bytes d)
{
	return in_halves(d, wrap_lzip);
}

/* UTF-16 of the ASCII that the log is. */
static struct bytes utf16(struct bytes d, size_t low)
{
	struct bytes out = { mem_zalloc(d.len + 1, 2), 2 * d.len + 2 };
	out.ptr[low] = '\xff';
	out.ptr[1 - low] = '\xfe';
	for (size_t i = 0; i < d.len; i++)
		out.ptr[2 + 2 * i + low] = d.ptr[i];
	return out;
}

static struct bytes wrap_utf16le(struct bytes d)
{
	return utf16(d, 0);
}

static struct bytes wrap_utf16be(struct bytes d)
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

static struct bytes wrap(const struct wrapped *w, struct bytes data)
{
	struct bytes now = copy_of(data.ptr, data.len);
	for (size_t i = 0; i < LAYERS && w->layers[i] != NULL; i++) {
		struct bytes next = w->layers[i](now);
		free(now.ptr);
		now = next;
	}
	return now;
}

/* ---- The log, and what must come of it ---- */

/* LF and CR LF ends, empty lines, a line of 10 KB, a lone CR, no end behind the last one. */
static struct bytes make_log(void)
{
	struct bytes log = { mem_alloc(64 << 10), 0 };
	for (unsigned i = 0; i < 300; i++)
		log.len += (size_t)snprintf(log.ptr + log.len, 200,
			"2026-11-20T17:%02u:%02u app[%u]: request %u took %u ms%s", i / 60, i % 60,
			i * 7, i * i, i % 13,
			i % 3 == 0    ? "\r\n"
			: i % 41 == 0 ? "\n\n"
				      : "\n");
	memset(log.ptr + log.len, 'x', 10000);
	log.len += 10000;
	log.len += (size_t)snprintf(log.ptr + log.len, 100, "\nlone\rreturn\r\r\n\nlast line");
	return log;
}

struct result {
	struct bytes text;    /* the chunks' data one behind the other */
	uint64_t offset_sums; /* of the first byte of each line, weighed by its number */
	uint64_t lines;
	size_t members;
	char place[512];
	size_t troubles;
	struct trouble first;
	char reason[768];
	struct read_counts counts;
};

static void result_free(struct result *r)
{
	free(r->text.ptr);
}

static void add_chunk(struct result *r, const struct chunk *c)
{
	uint64_t line = c->first_line;
	size_t at = 0;
	while (at < c->len) {
		r->offset_sums += line * chunk_offset(c, at);
		const char *lf = memchr(c->data + at, '\n', c->len - at);
		at = lf == NULL ? c->len : (size_t)(lf - c->data) + 1;
		line++;
		r->lines++;
	}
	r->text.ptr = mem_realloc(r->text.ptr, r->text.len + c->len, 1);
	memcpy(r->text.ptr + r->text.len, c->data, c->len);
	r->text.len += c->len;
}

static struct result read_with(
	const char *path, const struct read_limits *limits, const struct selection *selection)
{
	struct result result = { 0 };
	struct input input = { .path = str_from(path), .index = 3, .modified_ns = TIME_NONE };
	struct reader *reader;
	struct error err;
	if (reader_open(&reader, &input, limits, selection, &err) != 0)
		fail_msg("%s: %s", path, err.text);
	struct chunk chunk = { 0 };
	bool open_member = false;
	uint64_t next_line = 1;
	while (reader_next(reader, &chunk) == 1) {
		assert_true(chunk.len > 0);
		assert_int_equal(chunk.member->input, 3);
		if (!open_member) {
			result.members++;
			next_line = 1;
			snprintf(result.place, sizeof(result.place), "%.*s",
				STR_ARG(chunk.member->place));
		}
		assert_int_equal(chunk.first_line, next_line);
		uint64_t before = result.lines;
		add_chunk(&result, &chunk);
		next_line += result.lines - before;
		open_member = !chunk.ends_member;
	}
	assert_false(open_member);
	chunk_release(&chunk);
	result.counts = *reader_counts(reader);
	assert_int_equal(result.counts.lines, result.lines);
	const struct troubles *troubles = reader_troubles(reader);
	result.troubles = troubles->count;
	if (troubles->count > 0) {
		result.first = troubles->items[0];
		snprintf(
			result.reason, sizeof(result.reason), "%.*s", STR_ARG(result.first.reason));
	}
	reader_close(reader);
	return result;
}

static void write_file(struct bytes data)
{
	/* A new file: writing over an old one makes some file systems wait for the disk. */
	unlink(file);
	FILE *f = fopen(file, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(data.ptr, 1, data.len, f), data.len);
	assert_int_equal(fclose(f), 0);
}

static struct result read_bytes(struct bytes data, const struct read_limits *limits)
{
	write_file(data);
	return read_with(file, limits, NULL);
}

static struct result read_text(const char *text, size_t len, const struct read_limits *limits)
{
	return read_bytes((struct bytes){ (char *)(uintptr_t)text, len }, limits);
}

static void set_tuning(size_t buffer_bytes, size_t read_bytes)
{
	flow_tuning.buffer_bytes = buffer_bytes;
	flow_tuning.read_bytes = read_bytes;
}

static void assert_same_text(const char *what, const struct result *got, const struct result *want)
{
	if (got->text.len != want->text.len ||
		memcmp(got->text.ptr, want->text.ptr, want->text.len) != 0)
		fail_msg("%s: text differs (%zu bytes, %zu wanted; trouble: %s)", what,
			got->text.len, want->text.len, got->reason);
}

static void check_wrapping(
	const struct wrapped *w, struct bytes log, const struct result *want, size_t chunk_bytes)
{
	struct read_limits limits = read_limits_default;
	limits.chunk_bytes = chunk_bytes;
	struct bytes data = wrap(w, log);
	struct result got = read_bytes(data, &limits);
	char place[600];
	snprintf(place, sizeof(place), "%s%s", file, w->place);
	if (got.troubles != 0)
		fail_msg("%s: %s", w->name, got.reason);
	assert_same_text(w->name, &got, want);
	assert_int_equal(got.lines, want->lines);
	assert_int_equal(got.offset_sums, want->offset_sums);
	assert_int_equal(got.members, 1);
	assert_string_equal(got.place, place);
	result_free(&got);
	free(data.ptr);
}

/* What the plain file must give, worked out by other means than the reader's. */
static struct result expected(struct bytes log)
{
	struct result want = { .text = { mem_alloc(log.len), 0 } };
	uint64_t line = 1;
	bool at_start = true;
	for (size_t i = 0; i < log.len; i++) {
		if (at_start) {
			want.offset_sums += line * i;
			want.lines++;
		}
		at_start = log.ptr[i] == '\n';
		line += at_start;
		if (log.ptr[i] == '\r' && i + 1 < log.len && log.ptr[i + 1] == '\n')
			continue;
		want.text.ptr[want.text.len++] = log.ptr[i];
	}
	return want;
}

static void test_one_log_in_every_wrapping_gives_the_same_lines(void **state)
{
	(void)state;
	static const size_t chunks[] = { 1, 64, 4096, 0 };
	struct bytes log = make_log();
	struct result want = expected(log);
	for (size_t i = 0; i < countof(wrappings); i++) {
		for (size_t k = 0; k < countof(chunks); k++)
			check_wrapping(&wrappings[i], log, &want,
				chunks[k] == 0 ? read_limits_default.chunk_bytes : chunks[k]);
	}
	result_free(&want);
	free(log.ptr);
}

static void test_buffers_and_reads_of_one_byte_change_nothing(void **state)
{
	(void)state;
	struct flow_tuning before = flow_tuning;
	struct bytes log = make_log();
	struct result want = expected(log);
	for (size_t i = 0; i < countof(wrappings); i++) {
		set_tuning(1, 1);
		check_wrapping(&wrappings[i], log, &want, 4096);
		set_tuning(7, 3);
		check_wrapping(&wrappings[i], log, &want, 64);
	}
	flow_tuning = before;
	result_free(&want);
	free(log.ptr);
}

/* ---- Damage ---- */

static bool is_prefix(const struct result *got, const struct result *want)
{
	size_t len = got->text.len;
	/* A cut between CR and LF leaves a CR; one in a UTF-16 unit leaves a U+FFFD. */
	if (len >= 3 && memcmp(got->text.ptr + len - 3, "\xef\xbf\xbd", 3) == 0)
		len -= 3;
	if (len > 0 && got->text.ptr[len - 1] == '\r')
		len--;
	return len <= want->text.len &&
	       (len == 0 || memcmp(got->text.ptr, want->text.ptr, len) == 0);
}

static void check_cuts(
	const struct wrapped *w, struct bytes log, const struct result *want, bool always_seen)
{
	struct bytes data = wrap(w, log);
	size_t step = size_max(1, data.len / 150);
	size_t header = w->place[0] == '\0' && w->layers[1] == NULL ? 20 : 2000;
	for (size_t cut = 1; cut < data.len; cut += step) {
		struct result got =
			read_bytes((struct bytes){ data.ptr, cut }, &read_limits_default);
		/* What is left of a header may be read as text. */
		if (cut > header && !is_prefix(&got, want))
			fail_msg("%s cut at %zu: not a prefix", w->name, cut);
		if (cut > 20 && always_seen && got.text.len < want->text.len && got.troubles == 0)
			fail_msg("%s cut at %zu: lines lost without a trouble", w->name, cut);
		result_free(&got);
	}
	free(data.ptr);
}

static void test_every_cut_gives_a_prefix_and_a_trouble(void **state)
{
	(void)state;
	struct bytes log = make_log();
	struct result want = expected(log);
	for (size_t i = 1; i < countof(wrappings); i++) {
		/* .Z and text have no end mark: a cut cannot be seen. */
		const char *name = wrappings[i].name;
		bool marked = strcmp(name, "compress") != 0 && strcmp(name, "utf-16le") != 0 &&
			      strcmp(name, "lz4 legacy") != 0;
		check_cuts(&wrappings[i], log, &want, marked);
	}
	result_free(&want);
	free(log.ptr);
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void test_flipped_bits_never_crash_and_are_noticed_where_there_is_a_checksum(void **state)
{
	(void)state;
	static const char *const checked[] = { "gzip", "zstd", "xz", "bzip2", "lz4", "lzip" };
	struct bytes log = make_log();
	struct result want = expected(log);
	uint64_t seed = 42;
	for (size_t i = 1; i < countof(wrappings); i++) {
		bool sum = false;
		for (size_t k = 0; k < countof(checked); k++)
			sum = sum || strcmp(wrappings[i].name, checked[k]) == 0;
		struct bytes data = wrap(&wrappings[i], log);
		for (int round = 0; round < 60; round++) {
			size_t at = next_random(&seed) % data.len;
			char bit = (char)(1 << next_random(&seed) % 8);
			data.ptr[at] ^= bit;
			struct result got = read_bytes(data, &read_limits_default);
			if (sum && got.troubles == 0)
				assert_same_text(wrappings[i].name, &got, &want);
			result_free(&got);
			data.ptr[at] ^= bit;
		}
		free(data.ptr);
	}
	result_free(&want);
	free(log.ptr);
}

static void test_what_stands_before_a_bad_checksum_is_read(void **state)
{
	(void)state;
	static const wrapping wraps[] = { wrap_gzip, wrap_zstd, wrap_lz4, wrap_xz };
	struct bytes log = make_log();
	struct result want = expected(log);
	for (size_t i = 0; i < countof(wraps); i++) {
		struct bytes data = wraps[i](log);
		data.ptr[data.len - 3] ^= 1;
		struct result got = read_bytes(data, &read_limits_default);
		assert_same_text("a bad checksum", &got, &want);
		assert_int_equal(got.troubles, 1);
		assert_int_equal(got.first.kind, TROUBLE_DAMAGED);
		result_free(&got);
		free(data.ptr);
	}
	result_free(&want);
	free(log.ptr);
}

static void test_garbage_behind_a_stream_is_named(void **state)
{
	(void)state;
	static const wrapping wraps[] = { wrap_gzip, wrap_zstd, wrap_xz, wrap_bzip2, wrap_lz4 };
	struct bytes log = make_log();
	struct result want = expected(log);
	for (size_t i = 0; i < countof(wraps); i++) {
		struct bytes data = joined(wraps[i](log), copy_of("surplus bytes", 13));
		struct result got = read_bytes(data, &read_limits_default);
		assert_same_text("garbage", &got, &want);
		assert_int_equal(got.troubles, 1);
		assert_int_equal(got.first.kind, TROUBLE_DAMAGED);
		assert_non_null(strstr(got.reason, "something else follows"));
		result_free(&got);
		free(data.ptr);
	}
	result_free(&want);
	free(log.ptr);
}

/* ---- Archives ---- */

static struct bytes pair(const char *format, struct bytes first, struct bytes second)
{
	struct bytes out = { NULL, 0 };
	struct archive *a = writer(format, NULL, &out);
	write_member(a, "first.log", first);
	write_member(a, "second.log", second);
	archive_write_close(a);
	archive_write_free(a);
	return out;
}

static void test_a_broken_member_does_not_hide_the_next_one(void **state)
{
	(void)state;
	static const char *const formats[] = { "pax", "zip", "newc" };
	struct bytes log = make_log();
	struct bytes damaged = wrap_gzip(log);
	memset(damaged.ptr + damaged.len / 2, 0x55, 40);
	for (size_t i = 0; i < countof(formats); i++) {
		struct bytes data = pair(formats[i], damaged, view("good line\n"));
		struct result got = read_bytes(data, &read_limits_default);
		assert_int_equal(got.members, 2);
		assert_memory_equal(got.text.ptr + got.text.len - 10, "good line\n", 10);
		assert_int_equal(got.troubles, 1);
		assert_int_equal(got.first.kind, TROUBLE_DAMAGED);
		result_free(&got);
		free(data.ptr);
	}
	free(damaged.ptr);
	free(log.ptr);
}

static void test_bytes_that_a_cpio_loses_are_named(void **state)
{
	(void)state;
	static const char *const formats[] = { "newc", "odc" };
	struct bytes log = make_log();
	for (size_t i = 0; i < countof(formats); i++) {
		struct bytes data = pair(formats[i], log, log);
		/* Without the magic of its header the second member is no more than bytes. */
		char *name = memmem(data.ptr, data.len, "second.log", 10);
		assert_non_null(name);
		memset(name - (i == 0 ? 110 : 76), 'x', 6);
		struct result got = read_bytes(data, &read_limits_default);
		assert_int_equal(got.members, 1);
		assert_int_equal(got.troubles, 1);
		assert_int_equal(got.first.kind, TROUBLE_DAMAGED);
		result_free(&got);
		free(data.ptr);
	}
	free(log.ptr);
}

static void test_a_zip_member_with_broken_data_does_not_hide_the_next_one(void **state)
{
	(void)state;
	struct bytes log = make_log();
	struct bytes data = pair("zip", log, view("good line\n"));
	memset(data.ptr + 300, 0xff, 60);
	struct result got = read_bytes(data, &read_limits_default);
	assert_true(got.text.len >= 10);
	assert_memory_equal(got.text.ptr + got.text.len - 10, "good line\n", 10);
	assert_int_equal(got.troubles, 1);
	assert_int_equal(got.first.kind, TROUBLE_DAMAGED);
	result_free(&got);
	free(data.ptr);
	free(log.ptr);
}

/* Members before the lost directory are found one by one, and it is said that some may miss. */
static void test_a_zip_without_its_directory_is_read_and_named(void **state)
{
	(void)state;
	struct bytes data = pair("zip", view("one\n"), view("two\n"));
	const char *directory = memmem(data.ptr, data.len, "PK\1\2", 4);
	assert_non_null(directory);
	data.len = (size_t)(directory - data.ptr);
	struct result got = read_bytes(data, &read_limits_default);
	assert_int_equal(got.text.len, 8);
	assert_memory_equal(got.text.ptr, "one\ntwo\n", 8);
	assert_true(got.troubles >= 1);
	assert_int_equal(got.first.kind, TROUBLE_DAMAGED);
	result_free(&got);
	free(data.ptr);
}

static void test_zip_members_that_overlap_are_no_way_around_the_limits(void **state)
{
	(void)state;
	struct bytes log = make_log();
	struct bytes data = pair("zip", log, log);
	/* Both entries of the directory point to the first member, and again. */
	char *first = memmem(data.ptr, data.len, "PK\1\2", 4);
	assert_non_null(first);
	size_t left = data.len - (size_t)(first + 4 - data.ptr);
	char *second = memmem(first + 4, left, "PK\1\2", 4);
	assert_non_null(second);
	memcpy(first + 20, "\xf0\x0f\0\0", 4);
	memset(second + 42, 0, 4);
	memcpy(second + 20, "\xf0\x1f\0\0", 4);
	struct result got = read_bytes(data, &read_limits_default);
	assert_true(got.troubles >= 1);
	assert_true(got.lines < 700);
	result_free(&got);
	free(data.ptr);
	free(log.ptr);
}

static void test_links_folders_and_devices_are_no_members(void **state)
{
	(void)state;
	struct bytes out = { NULL, 0 };
	struct archive *a = writer("pax", NULL, &out);
	static const struct {
		const char *name;
		unsigned type;
		const char *link;
		const char *hard;
	} entries[] = {
		{ "d/", AE_IFDIR, NULL, NULL },
		{ "soft", AE_IFLNK, "/etc/passwd", NULL },
		{ "dev", AE_IFCHR, NULL, NULL },
		{ "pipe", AE_IFIFO, NULL, NULL },
		{ "hard", AE_IFREG, NULL, "../../etc/shadow" },
	};
	write_member(a, "../../up.log", view("one\n"));
	for (size_t i = 0; i < countof(entries); i++) {
		struct archive_entry *e = archive_entry_new();
		archive_entry_set_pathname(e, entries[i].name);
		archive_entry_set_filetype(e, entries[i].type);
		archive_entry_set_perm(e, 0644);
		if (entries[i].link != NULL)
			archive_entry_set_symlink(e, entries[i].link);
		if (entries[i].hard != NULL)
			archive_entry_set_hardlink(e, entries[i].hard);
		archive_entry_set_size(e, 0);
		assert_true(archive_write_header(a, e) >= ARCHIVE_WARN);
		archive_entry_free(e);
	}
	write_member(a, "empty.log", (struct bytes){ NULL, 0 });
	write_member(a, "../../up.log", view("two\n"));
	archive_write_close(a);
	archive_write_free(a);
	struct result got = read_bytes(out, &read_limits_default);
	assert_int_equal(got.troubles, 0);
	assert_int_equal(got.members, 2);
	assert_int_equal(got.counts.members, 3);
	assert_int_equal(got.text.len, 8);
	assert_memory_equal(got.text.ptr, "one\ntwo\n", 8);
	result_free(&got);
	free(out.ptr);
}

static void test_names_keep_their_bytes(void **state)
{
	(void)state;
	struct bytes data = packed(view("x\n"), "ustar", NULL, "a\x1b[31m\xff\xfe.log");
	struct result got = read_bytes(data, &read_limits_default);
	char place[200];
	snprintf(place, sizeof(place), "%s!a\x1b[31m\xff\xfe.log", file);
	assert_string_equal(got.place, place);
	result_free(&got);
	free(data.ptr);
}

static void test_a_tar_cut_between_members_is_noticed(void **state)
{
	(void)state;
	struct bytes data = pair("ustar", view("first\n"), view("second\n"));
	struct result got = read_bytes((struct bytes){ data.ptr, 1024 }, &read_limits_default);
	assert_int_equal(got.lines, 1);
	assert_int_equal(got.troubles, 1);
	assert_non_null(strstr(got.reason, "end mark"));
	result_free(&got);
	free(data.ptr);
}

static void test_archives_one_behind_the_other_are_both_read(void **state)
{
	(void)state;
	struct bytes data = joined(
		pair("ustar", view("a\n"), view("b\n")), pair("ustar", view("c\n"), view("d\n")));
	struct result got = read_bytes(data, &read_limits_default);
	assert_int_equal(got.troubles, 0);
	assert_int_equal(got.lines, 4);
	result_free(&got);
	free(data.ptr);
}

/* ---- Limits ---- */

static void test_a_long_line_is_cut_at_the_limit_and_counted(void **state)
{
	(void)state;
	struct read_limits limits = read_limits_default;
	limits.line_bytes = 100;
	char text[2000];
	size_t len = 0;
	memset(text, 'a', sizeof(text));
	len = 500;
	text[len++] = '\n';
	memcpy(text + len, "short\n", 6);
	len += 6;
	memset(text + len, 'b', 100); /* just at the limit */
	len += 100;
	text[len++] = '\n';
	memset(text + len, 'c', 101);
	len += 101;
	text[len++] = '\n';
	memset(text + len, 'd', 300); /* without an end */
	len += 300;
	uint64_t sums = 0;
	static const size_t chunks[] = { 1, 64, 99, 100, 101, 4096 };
	for (size_t i = 0; i < countof(chunks); i++) {
		limits.chunk_bytes = chunks[i];
		struct result got = read_text(text, len, &limits);
		assert_int_equal(got.lines, 5);
		assert_int_equal(got.text.len, 101 + 6 + 101 + 101 + 100);
		assert_int_equal(got.troubles, 1);
		assert_int_equal(got.first.kind, TROUBLE_LIMITED);
		assert_non_null(strstr(got.reason, "3 lines longer than 100 bytes"));
		if (i == 0)
			sums = got.offset_sums;
		assert_int_equal(got.offset_sums, sums);
		result_free(&got);
	}
	assert_int_equal(sums, 2 * 501 + 3 * 507 + 4 * 608 + 5 * 710);
}

static void test_nesting_past_the_limit_is_said(void **state)
{
	(void)state;
	struct bytes data = copy_of("deep\n", 5);
	for (unsigned i = 0; i < read_limits_default.max_depth + 1; i++) {
		struct bytes next = wrap_gzip(data);
		free(data.ptr);
		data = next;
	}
	struct result got = read_bytes(data, &read_limits_default);
	assert_int_equal(got.lines, 0);
	assert_int_equal(got.troubles, 1);
	assert_int_equal(got.first.kind, TROUBLE_LIMITED);
	assert_non_null(strstr(got.reason, "--max-depth"));
	result_free(&got);
	free(data.ptr);
}

static void test_a_bomb_ends_at_the_ratio_and_the_size(void **state)
{
	(void)state;
	struct bytes even = { mem_alloc((size_t)400 << 20), (size_t)400 << 20 };
	memset(even.ptr, '\n', even.len);
	struct bytes data = wrap_zstd(even);
	free(even.ptr);
	struct read_limits limits = read_limits_default;
	struct result got = read_bytes(data, &limits);
	assert_true(got.text.len < (size_t)256 << 20);
	assert_int_equal(got.troubles, 1);
	assert_int_equal(got.first.kind, TROUBLE_LIMITED);
	assert_non_null(strstr(got.reason, "--max-ratio"));
	result_free(&got);

	limits.max_ratio = 0;
	limits.max_size_bytes = 1 << 20;
	got = read_bytes(data, &limits);
	assert_true(got.text.len < (size_t)4 << 20);
	assert_int_equal(got.first.kind, TROUBLE_LIMITED);
	assert_non_null(strstr(got.reason, "--max-size"));
	result_free(&got);
	free(data.ptr);
}

/* Headers may ask for any window; it counts when data has filled more than is allowed. */
static void test_a_window_past_the_limit_ends_the_stream(void **state)
{
	(void)state;
	struct bytes even = { mem_alloc((size_t)8 << 20), (size_t)8 << 20 };
	for (size_t i = 0; i < even.len; i++)
		even.ptr[i] = i % 64 == 63 ? '\n' : (char)('a' + i * i / 4096 % 26);
	struct bytes packed[] = { wrap_zstd(even), wrap_lzma(even) };
	for (size_t i = 0; i < countof(packed); i++) {
		struct read_limits limits = read_limits_default;
		struct result got = read_bytes(packed[i], &limits);
		assert_int_equal(got.troubles, 0);
		assert_int_equal(got.text.len, even.len);
		result_free(&got);

		limits.window_bytes = 1 << 20;
		got = read_bytes(packed[i], &limits);
		assert_int_equal(got.troubles, 1);
		assert_int_equal(got.first.kind, TROUBLE_LIMITED);
		assert_non_null(strstr(got.reason, "--max-window"));
		assert_true(got.text.len >= (1 << 20) && got.text.len < (2 << 20));
		result_free(&got);
		free(packed[i].ptr);
	}
	free(even.ptr);
}

static void test_too_many_members_end_the_input(void **state)
{
	(void)state;
	struct bytes out = { NULL, 0 };
	struct archive *a = writer("ustar", NULL, &out);
	for (int i = 0; i < 20; i++)
		write_member(a, "same.log", view("x\n"));
	archive_write_close(a);
	archive_write_free(a);
	struct read_limits limits = read_limits_default;
	limits.max_members = 7;
	struct result got = read_bytes(out, &limits);
	assert_int_equal(got.lines, 7);
	assert_int_equal(got.troubles, 1);
	assert_int_equal(got.first.kind, TROUBLE_LIMITED);
	result_free(&got);
	free(out.ptr);
}

/* ---- What is no log ---- */

#define BYTES(literal) (literal), sizeof(literal) - 1

static void test_binary_files_are_skipped_with_their_kind(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t len;
		const char *reason;
	} cases[] = {
		{ BYTES("LPKSHHRH\0\0\0\0\1\2\3\4"), "journalctl" },
		{ BYTES("\x7f"
			"ELF\2\1\1\0\0\0\0\0\0\0\0\0\4\0\x3e\0\1\0\0\0"),
			"core dump" },
		{ BYTES("\x7f"
			"ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\x3e\0\1\0\0\0"),
			"ELF" },
		{ BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "PNG" },
		{ BYTES("SQLite format 3\0\x10\0\1\1"), "SQLite" },
		{ BYTES("\1\2\3\4\5\6\0\1\2\3abc\0\0\1\2"), "binary" },
		{ BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "NUL" },
	};
	for (size_t i = 0; i < countof(cases); i++) {
		struct result got = read_text(cases[i].bytes, cases[i].len, &read_limits_default);
		assert_int_equal(got.lines, 0);
		assert_int_equal(got.troubles, 1);
		assert_int_equal(got.first.kind, TROUBLE_SKIPPED);
		if (strstr(got.reason, cases[i].reason) == NULL)
			fail_msg("case %zu: %s", i, got.reason);
		result_free(&got);
	}
}

static void test_text_of_any_kind_is_read_as_it_is(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t len;
		const char *text;
		size_t text_len;
	} cases[] = {
		{ BYTES("\xef\xbb\xbf"
			"marked\n"),
			BYTES("marked\n") },
		{ BYTES("caf\xe9 \xfc\xdf\n"), BYTES("caf\xe9 \xfc\xdf\n") },
		{ BYTES("a line with a \0 in it\nand more text here\n"),
			BYTES("a line with a \0 in it\nand more text here\n") },
		{ BYTES("\x1b[31mred\x1b[0m\n"), BYTES("\x1b[31mred\x1b[0m\n") },
		{ BYTES("070701 12:00:00 [Note] started\n"),
			BYTES("070701 12:00:00 [Note] started\n") },
		{ BYTES("\n"), BYTES("\n") },
		{ BYTES("x"), BYTES("x") },
		{ BYTES("\xff\xfe"
			"a\0\x3d\xd8\0\xde\x3d\xd8"
			"b\0"),
			BYTES("a\xf0\x9f\x98\x80\xef\xbf\xbd"
			      "b") },
		{ BYTES("\r\n\r\n\r"), BYTES("\n\n\r") },
	};
	for (size_t i = 0; i < countof(cases); i++) {
		struct result got = read_text(cases[i].bytes, cases[i].len, &read_limits_default);
		if (got.troubles != 0 || got.text.len != cases[i].text_len)
			fail_msg("case %zu: %zu bytes, %s", i, got.text.len, got.reason);
		assert_memory_equal(got.text.ptr, cases[i].text, cases[i].text_len);
		result_free(&got);
	}
}

static void test_text_with_something_else_among_it_is_read(void **state)
{
	(void)state;
	static const char line[] = "2026-03-01T10:00:00Z INFO a line of a log\n";
	struct buf text = BUF_INIT(0);
	for (size_t i = 0; i < 40; i++)
		buf_append(&text, str_from(line));
	uint64_t random = 1;
	for (size_t i = 0; i < 5000; i++) {
		random = random * 6364136223846793005ULL + 1442695040888963407ULL;
		buf_append_byte(&text, (char)(random >> 33));
	}
	buf_append_byte(&text, '\n');
	buf_append(&text, str_from(line));
	struct result got = read_text(text.ptr, text.len, &read_limits_default);
	assert_int_equal(got.troubles, 0);
	assert_int_equal(got.text.len, text.len);
	result_free(&got);
	/* A few lines before that are a header of something that is no log. */
	size_t few = 5 * (sizeof(line) - 1);
	memmove(text.ptr + few, text.ptr + 40 * (sizeof(line) - 1), 5000);
	got = read_text(text.ptr, few + 5000, &read_limits_default);
	assert_int_equal(got.lines, 0);
	assert_non_null(strstr(got.reason, "binary"));
	result_free(&got);
	buf_release(&text);
}

static void test_a_hole_before_the_first_line_is_passed_over(void **state)
{
	(void)state;
	struct bytes data = { mem_zalloc(100020, 1), 100020 };
	memcpy(data.ptr + 100000, "first line\nsecond l\n", 20);
	struct result got = read_bytes(data, &read_limits_default);
	assert_int_equal(got.lines, 2);
	assert_int_equal(got.offset_sums, 100000 + 2 * 100011);
	assert_int_equal(got.troubles, 1);
	assert_int_equal(got.first.kind, TROUBLE_SKIPPED);
	result_free(&got);
	free(data.ptr);
}

static void test_a_hole_of_a_terabyte_takes_no_time(void **state)
{
	(void)state;
	write_file(view(""));
	if (truncate(file, (off_t)1 << 40) != 0)
		skip(); /* a file system without sparse files */
	FILE *f = fopen(file, "ab");
	assert_non_null(f);
	fputs("behind it\n", f);
	fclose(f);
	struct result got = read_with(file, &read_limits_default, NULL);
	assert_int_equal(got.lines, 1);
	assert_int_equal(got.offset_sums, (uint64_t)1 << 40);
	result_free(&got);
}

static void test_an_empty_file_is_a_member_without_lines(void **state)
{
	(void)state;
	struct bytes nothing = { NULL, 0 };
	struct bytes data = wrap_gzip(nothing);
	struct result got = read_bytes(data, &read_limits_default);
	assert_int_equal(got.counts.members, 1);
	assert_int_equal(got.troubles, 0);
	result_free(&got);
	got = read_text("", 0, &read_limits_default);
	assert_int_equal(got.counts.members, 1);
	assert_int_equal(got.lines, 0);
	assert_int_equal(got.troubles, 0);
	result_free(&got);
	free(data.ptr);
}

/* ---- Selection, pipes ---- */

static void test_a_selection_chooses_members_and_leaves_whole_archives_out(void **state)
{
	(void)state;
	struct bytes data = pair("zip", view("one\n"), view("two\n"));
	write_file(data);
	struct str first = STR("first*");
	struct selection selection = { .include = &first, .include_count = 1 };
	struct result got = read_with(file, &read_limits_default, &selection);
	assert_int_equal(got.text.len, 4);
	assert_memory_equal(got.text.ptr, "one\n", 4);
	result_free(&got);
	selection = (struct selection){ .exclude = &first, .exclude_count = 1 };
	got = read_with(file, &read_limits_default, &selection);
	assert_memory_equal(got.text.ptr, "two\n", 4);
	result_free(&got);
	struct str whole = str_from(file);
	selection = (struct selection){ .exclude = &whole, .exclude_count = 1 };
	got = read_with(file, &read_limits_default, &selection);
	assert_int_equal(got.lines, 0);
	assert_int_equal(got.troubles, 0);
	result_free(&got);
	free(data.ptr);
}

static void test_a_pipe_gives_what_the_file_gives_even_to_a_zip(void **state)
{
	(void)state;
	struct bytes log = make_log();
	struct result want = expected(log);
	struct bytes data = wrap_zip(log);
	char path[80];
	snprintf(path, sizeof(path), "%s/pipe", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	pid_t child = fork();
	if (child == 0) {
		int fd = open(path, O_WRONLY);
		for (size_t at = 0; at < data.len;) {
			ssize_t n = write(fd, data.ptr + at, size_min(data.len - at, 1000));
			if (n <= 0)
				_exit(1);
			at += (size_t)n;
		}
		_exit(0);
	}
	struct result got = read_with(path, &read_limits_default, NULL);
	waitpid(child, NULL, 0);
	if (got.troubles != 0)
		fail_msg("%s", got.reason);
	assert_same_text("pipe", &got, &want);
	unlink(path);
	result_free(&got);
	result_free(&want);
	free(data.ptr);
	free(log.ptr);
}

static void test_what_cannot_be_opened_fails(void **state)
{
	(void)state;
	struct input input = { .path = STR("/nonexistent/file.log") };
	struct reader *reader;
	struct error err;
	assert_int_equal(reader_open(&reader, &input, &read_limits_default, NULL, &err), -1);
	assert_non_null(strstr(err.text, "No such file"));
}

/* As xz -T writes it: blocks that say their sizes. */
static struct bytes wrap_xz_blocks(struct bytes d)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	lzma_mt how = { .threads = 2, .block_size = 1000, .preset = 0, .check = LZMA_CHECK_CRC32 };
	struct bytes out = { mem_alloc(d.len * 2 + 4096), 0 };
	assert_int_equal(lzma_stream_encoder_mt(&stream, &how), LZMA_OK);
	stream.next_in = (const uint8_t *)d.ptr;
	stream.avail_in = d.len;
	stream.next_out = (uint8_t *)out.ptr;
	stream.avail_out = d.len * 2 + 4096;
	lzma_ret code = LZMA_OK;
	while (code == LZMA_OK)
		code = lzma_code(&stream, LZMA_FINISH);
	assert_int_equal(code, LZMA_STREAM_END);
	out.len = (size_t)stream.total_out;
	lzma_end(&stream);
	return out;
}

static void check_threads_agree(struct bytes packed_bytes)
{
	struct read_limits limits = read_limits_default;
	struct result one = read_bytes(packed_bytes, &limits);
	limits.threads = 4;
	struct result four = read_bytes(packed_bytes, &limits);
	assert_int_equal(one.text.len, four.text.len);
	if (one.text.len > 0)
		assert_memory_equal(one.text.ptr, four.text.ptr, one.text.len);
	assert_int_equal(one.troubles, four.troubles);
	assert_string_equal(one.reason, four.reason);
	result_free(&one);
	result_free(&four);
}

static void test_blocks_of_xz_read_alike_with_more_threads_whole_or_cut_off(void **state)
{
	(void)state;
	struct bytes log = make_log();
	struct bytes blocks = wrap_xz_blocks(log);
	struct read_limits limits = read_limits_default;
	limits.threads = 4;
	struct result whole = read_bytes(blocks, &limits);
	assert_int_equal(whole.troubles, 0);
	assert_true(whole.lines > 300);
	result_free(&whole);
	check_threads_agree(blocks);
	for (size_t len = 20; len < blocks.len; len += 61)
		check_threads_agree((struct bytes){ blocks.ptr, len });
	free(blocks.ptr);
	free(log.ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_log_in_every_wrapping_gives_the_same_lines),
		cmocka_unit_test(test_buffers_and_reads_of_one_byte_change_nothing),
		cmocka_unit_test(test_every_cut_gives_a_prefix_and_a_trouble),
		cmocka_unit_test(
			test_flipped_bits_never_crash_and_are_noticed_where_there_is_a_checksum),
		cmocka_unit_test(test_what_stands_before_a_bad_checksum_is_read),
		cmocka_unit_test(test_garbage_behind_a_stream_is_named),
		cmocka_unit_test(test_a_broken_member_does_not_hide_the_next_one),
		cmocka_unit_test(test_bytes_that_a_cpio_loses_are_named),
		cmocka_unit_test(test_a_zip_member_with_broken_data_does_not_hide_the_next_one),
		cmocka_unit_test(test_a_zip_without_its_directory_is_read_and_named),
		cmocka_unit_test(test_zip_members_that_overlap_are_no_way_around_the_limits),
		cmocka_unit_test(test_links_folders_and_devices_are_no_members),
		cmocka_unit_test(test_names_keep_their_bytes),
		cmocka_unit_test(test_a_tar_cut_between_members_is_noticed),
		cmocka_unit_test(test_archives_one_behind_the_other_are_both_read),
		cmocka_unit_test(test_a_long_line_is_cut_at_the_limit_and_counted),
		cmocka_unit_test(test_nesting_past_the_limit_is_said),
		cmocka_unit_test(test_a_bomb_ends_at_the_ratio_and_the_size),
		cmocka_unit_test(test_a_window_past_the_limit_ends_the_stream),
		cmocka_unit_test(test_too_many_members_end_the_input),
		cmocka_unit_test(test_binary_files_are_skipped_with_their_kind),
		cmocka_unit_test(test_text_of_any_kind_is_read_as_it_is),
		cmocka_unit_test(test_text_with_something_else_among_it_is_read),
		cmocka_unit_test(test_a_hole_before_the_first_line_is_passed_over),
		cmocka_unit_test(test_a_hole_of_a_terabyte_takes_no_time),
		cmocka_unit_test(test_an_empty_file_is_a_member_without_lines),
		cmocka_unit_test(test_a_selection_chooses_members_and_leaves_whole_archives_out),
		cmocka_unit_test(test_a_pipe_gives_what_the_file_gives_even_to_a_zip),
		cmocka_unit_test(test_what_cannot_be_opened_fails),
		cmocka_unit_test(test_blocks_of_xz_read_alike_with_more_threads_whole_or_cut_off),
	};
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(file, sizeof(file), "%s/input", folder);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file);
	rmdir(folder);
	return failed;
}
