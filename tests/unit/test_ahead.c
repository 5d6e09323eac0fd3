/* SPDX-License-Identifier: MIT */
/*
 * Parts that are decoded ahead by several threads give what one thread gives that reads one byte
 * behind the other: whole, cut off anywhere, with any byte wrong, with anything behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <bzlib.h>
#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include "lineup/mem.h"
#include "lineup/reader.h"
#include "src/input/ahead.h"
#include "src/input/source.h"

static char folder[] = "/tmp/lineup-ahead-XXXXXX";
static char file[64];

struct bytes {
	char *ptr;
	size_t len;
	size_t capacity;
};

static char *room(struct bytes *b, size_t more)
{
	if (b->capacity - b->len < more) {
		b->capacity = 2 * (b->len + more);
		b->ptr = mem_realloc(b->ptr, b->capacity, 1);
	}
	return b->ptr + b->len;
}

static void add(struct bytes *b, const void *ptr, size_t len)
{
	memcpy(room(b, len), ptr, len);
	b->len += len;
}

/* Lines that do not pack too well, with long runs now and then. */
static struct bytes make_log(size_t size_bytes)
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

static struct bytes pack_zstd(struct bytes log, size_t frame_bytes, bool sized, bool skippable)
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

static struct bytes pack_zstd_frames(struct bytes log)
{
	return pack_zstd(log, 3000, true, false);
}

static struct bytes pack_zstd_unsized(struct bytes log)
{
	return pack_zstd(log, 150000, false, false);
}

static struct bytes pack_pzstd(struct bytes log)
{
	return pack_zstd(log, 5000, true, true);
}

static struct bytes pack_bgzf(struct bytes log)
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
static struct bytes pack_gzip_members(struct bytes log)
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

static struct bytes pack_bzip2(struct bytes log, size_t stream_bytes)
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

static struct bytes pack_bzip2_blocks(struct bytes log)
{
	return pack_bzip2(log, log.len);
}

static struct bytes pack_bzip2_streams(struct bytes log)
{
	return pack_bzip2(log, 50000);
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

/* ---- Reading ---- */

struct result {
	struct bytes text;
	struct bytes reasons;
	uint64_t places; /* of all chunks' first lines and offsets */
	struct read_counts counts;
};

static struct result read_with(const char *ptr, size_t len, unsigned threads)
{
	struct read_limits limits = read_limits_default;
	struct result r = { 0 };
	struct input input = { .path = str_from(file), .modified_ns = TIME_NONE };
	struct reader *reader;
	struct error err;
	struct chunk chunk = { 0 };
	unlink(file);
	FILE *f = fopen(file, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(ptr, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
	limits.threads = threads;
	limits.chunk_bytes = 50000;
	assert_int_equal(reader_open(&reader, &input, &limits, NULL, &err), 0);
	while (reader_next(reader, &chunk) == 1) {
		add(&r.text, chunk.data, chunk.len);
		r.places = r.places * 31 + chunk.first_line;
		r.places = r.places * 31 + chunk_offset(&chunk, chunk.len - 1);
	}
	const struct troubles *t = reader_troubles(reader);
	for (size_t i = 0; i < t->count; i++)
		add(&r.reasons, t->items[i].reason.ptr, t->items[i].reason.len);
	add(&r.reasons, "", 1);
	r.counts = reader_counts(reader);
	chunk_release(&chunk);
	reader_close(reader);
	return r;
}

static void release(struct result *r)
{
	free(r->text.ptr);
	free(r->reasons.ptr);
}

/* All that is decoded ahead, without the decoder that reads one byte behind the other. */
static size_t decoded_ahead(const struct bytes *packed)
{
	struct result r = read_with(packed->ptr, packed->len, 1); /* writes the file */
	struct read_limits limits = read_limits_default;
	struct flow_budget budget = { .limits = &limits };
	struct input input = { .path = str_from(file), .modified_ns = TIME_NONE };
	struct flow *flow;
	struct error err;
	int64_t modified_ns;
	static char text[100000];
	size_t total = 0;
	free(r.text.ptr);
	free(r.reasons.ptr);
	assert_int_equal(source_open(&flow, &input, &budget, &modified_ns, &err), 0);
	struct ahead *a = ahead_create(decoder_find(flow_peek(flow, DECODER_MAGIC_BYTES)), flow, 3);
	for (size_t n = 1; n > 0; total += n)
		n = ahead_read(a, text, sizeof(text));
	assert_true(ahead_passed(a));
	ahead_destroy(a);
	flow_destroy(flow);
	return total;
}

/* The one-threaded result, for whoever wants to look at it. */
static struct result assert_alike(const char *what, const char *ptr, size_t len)
{
	struct result one = read_with(ptr, len, 1), four = read_with(ptr, len, 4);
	if (strcmp(one.reasons.ptr, four.reasons.ptr) != 0)
		fail_msg("%s: '%s' by one thread, '%s' by four", what, one.reasons.ptr,
			four.reasons.ptr);
	if (one.text.len != four.text.len)
		fail_msg("%s: %zu bytes by one thread, %zu by four (%s)", what, one.text.len,
			four.text.len, one.reasons.ptr);
	if (one.text.len > 0)
		assert_memory_equal(one.text.ptr, four.text.ptr, one.text.len);
	assert_true(one.places == four.places);
	assert_memory_equal(&one.counts, &four.counts, sizeof(one.counts));
	release(&four);
	return one;
}

static void for_all(void (*check)(const struct packing *, struct bytes log, struct bytes packed))
{
	flow_tuning.part_bytes = 10000;
	for (size_t i = 0; i < countof(packings); i++) {
		struct bytes log = make_log(packings[i].log_bytes);
		struct bytes packed = packings[i].pack(log);
		check(&packings[i], log, packed);
		free(log.ptr);
		free(packed.ptr);
	}
}

static void check_whole(const struct packing *p, struct bytes log, struct bytes packed)
{
	struct result plain = read_with(log.ptr, log.len, 1);
	struct result r = assert_alike(p->name, packed.ptr, packed.len);
	assert_string_equal(r.reasons.ptr, "");
	assert_int_equal(r.text.len, plain.text.len);
	assert_memory_equal(r.text.ptr, plain.text.ptr, plain.text.len);
	assert_true(r.places == plain.places);
	assert_int_equal(r.counts.bytes_encoded, packed.len);
	size_t ahead = decoded_ahead(&packed);
	assert_in_range(ahead, log.len - p->untold, log.len);
	release(&plain);
	release(&r);
}

static void test_parts_are_read_like_one_stream(void **state)
{
	(void)state;
	for_all(check_whole);
	/* Also when all parts are small beside what is taken together. */
	flow_tuning.part_bytes = (size_t)1 << 20;
	struct bytes log = make_log(60000), packed = pack_zstd_frames(log);
	check_whole(&packings[0], log, packed);
	free(log.ptr);
	free(packed.ptr);
}

static void check_cuts(const struct packing *p, struct bytes log, struct bytes packed)
{
	(void)log;
	for (size_t len = 1; len < packed.len; len += packed.len / 97 + 1) {
		struct result r = assert_alike(p->name, packed.ptr, len);
		release(&r);
	}
	for (size_t len = packed.len - size_min(packed.len, 40); len < packed.len; len++) {
		struct result r = assert_alike(p->name, packed.ptr, len);
		release(&r);
	}
}

static void test_parts_cut_off_give_the_same_lines_and_troubles(void **state)
{
	(void)state;
	for_all(check_cuts);
}

static void check_wrong_bytes(const struct packing *p, struct bytes log, struct bytes packed)
{
	size_t troubled = 0;
	(void)log;
	for (size_t at = 20; at < packed.len; at += packed.len / 97 + 1) {
		packed.ptr[at] = (char)(packed.ptr[at] ^ 0x24);
		struct result r = assert_alike(p->name, packed.ptr, packed.len);
		packed.ptr[at] = (char)(packed.ptr[at] ^ 0x24);
		troubled += r.reasons.len > 1;
		release(&r);
	}
	assert_true(troubled > 50);
}

static void test_wrong_bytes_give_the_same_lines_and_troubles(void **state)
{
	(void)state;
	for_all(check_wrong_bytes);
}

static void check_tails(const struct packing *p, struct bytes log, struct bytes packed)
{
	static const char zeros[700];
	struct bytes all = { 0 };
	(void)log;
	add(&all, packed.ptr, packed.len);
	add(&all, zeros, sizeof(zeros));
	struct result padded = assert_alike(p->name, all.ptr, all.len);
	release(&padded);
	add(&all, "garbage that is no stream at all", 30);
	struct result garbage = assert_alike(p->name, all.ptr, all.len);
	assert_non_null(strstr(garbage.reasons.ptr, "something else follows"));
	release(&garbage);
	all.len = packed.len;
	add(&all, packed.ptr, packed.len);
	struct result twice = assert_alike(p->name, all.ptr, all.len);
	assert_string_equal(twice.reasons.ptr, "");
	release(&twice);
	free(all.ptr);
}

static void test_what_stands_behind_the_parts_is_told_alike(void **state)
{
	(void)state;
	for_all(check_tails);
}

/* A magic inside a block cuts it at a wrong place: the parts fail,
 * and the stream is read anyway. */
static void test_the_magic_of_a_block_inside_a_block_changes_nothing(void **state)
{
	(void)state;
	struct bytes log = make_log(300000), packed = pack_bzip2_blocks(log);
	static const char *const magics[] = { "\x31\x41\x59\x26\x53\x59",
		"\x17\x72\x45\x38\x50\x90" };
	for (size_t i = 0; i < countof(magics); i++) {
		memcpy(packed.ptr + packed.len / 2, magics[i], 6);
		struct result r = assert_alike(magics[i], packed.ptr, packed.len);
		assert_true(r.counts.lines > 100);
		release(&r);
	}
	free(log.ptr);
	free(packed.ptr);
}

/* A run of one byte makes a block of megabytes: too large for a part, and no trouble. */
static void test_blocks_that_unpack_to_much_are_read_to_their_end(void **state)
{
	(void)state;
	struct bytes log = make_log(250000), tail = make_log(250000);
	memset(room(&log, 12000000), ' ', 12000000);
	log.len += 12000000;
	add(&log, "\n", 1);
	add(&log, tail.ptr, tail.len);
	struct bytes packed = pack_bzip2_blocks(log);
	struct result r = assert_alike("runs", packed.ptr, packed.len);
	assert_string_equal(r.reasons.ptr, "");
	assert_true(r.counts.bytes == log.len);
	release(&r);
	free(log.ptr);
	free(tail.ptr);
	free(packed.ptr);
}

static void test_the_limit_on_the_ratio_strikes_at_the_same_byte(void **state)
{
	(void)state;
	struct bytes log = make_log(100000), zeros = { 0 };
	memset(room(&zeros, (size_t)90 << 20), 'x', (size_t)90 << 20);
	zeros.len = (size_t)90 << 20;
	struct bytes packed = pack_zstd(log, 3000, true, false);
	struct bytes bomb = pack_zstd(zeros, (size_t)90 << 20, false, false);
	add(&packed, bomb.ptr, bomb.len);
	add(&packed, packed.ptr, packed.len / 2);
	struct result r = assert_alike("bomb", packed.ptr, packed.len);
	release(&r);
	free(log.ptr);
	free(zeros.ptr);
	free(packed.ptr);
	free(bomb.ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts_are_read_like_one_stream),
		cmocka_unit_test(test_parts_cut_off_give_the_same_lines_and_troubles),
		cmocka_unit_test(test_wrong_bytes_give_the_same_lines_and_troubles),
		cmocka_unit_test(test_what_stands_behind_the_parts_is_told_alike),
		cmocka_unit_test(test_the_magic_of_a_block_inside_a_block_changes_nothing),
		cmocka_unit_test(test_blocks_that_unpack_to_much_are_read_to_their_end),
		cmocka_unit_test(test_the_limit_on_the_ratio_strikes_at_the_same_byte),
	};
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(file, sizeof(file), "%s/input", folder);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file);
	rmdir(folder);
	return failed;
}
