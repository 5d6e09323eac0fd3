/* SPDX-License-Identifier: MIT */
/*
 * Parts that are decoded ahead by several threads give what one thread gives that reads one byte
 * behind the other: whole, cut off anywhere, with any byte wrong, with anything behind.
 */
#include <unistd.h>

#include "lineup/reader.h"
#include "src/input/ahead.h"
#include "src/input/source.h"
#include "tests/unit/ahead_packings.h"

static char folder[] = "/tmp/lineup-ahead-XXXXXX";
static char file[64];

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

/* Of what many frames give, none of which alone passes the limit. */
static void test_a_bomb_of_many_frames_ends_at_the_same_byte(void **state)
{
	(void)state;
	struct bytes lines = { 0 };
	for (size_t at = 0; at < (size_t)90 << 20; at += 64)
		add(&lines,
			"2026-11-20T17:00:00Z ERROR the very same line again and again...\n" + 1,
			64);
	struct bytes bomb = pack_zstd(lines, (size_t)3 << 20, true, false);
	flow_tuning.part_bytes = (size_t)1 << 20;
	struct result r = assert_alike("frames", bomb.ptr, bomb.len);
	assert_true(r.counts.bytes > (size_t)64 << 20 && r.counts.bytes < lines.len);
	assert_non_null(strstr(r.reasons.ptr, "--max-ratio"));
	release(&r);
	free(lines.ptr);
	free(bomb.ptr);
}

/* Of what is no text nothing is wanted; a file that is left in its middle counts whole. */
static void test_what_is_left_before_its_end_counts_alike(void **state)
{
	(void)state;
	struct bytes noise = make_log(400000);
	for (size_t i = 0; i < noise.len; i++)
		noise.ptr[i] = (char)(noise.ptr[i] * 37 + (int)(i % 251));
	struct bytes packed = pack_zstd(noise, 90000, true, false);
	struct result r = assert_alike("noise", packed.ptr, packed.len);
	assert_int_equal(r.counts.bytes_encoded, 0);
	release(&r);
	/* Binary data in a second layer: the first has been taken from. */
	struct bytes twice = pack_zstd(packed, 30000, true, false);
	r = assert_alike("noise in two layers", twice.ptr, twice.len);
	assert_int_equal(r.counts.bytes_encoded, twice.len);
	release(&r);
	free(noise.ptr);
	free(packed.ptr);
	free(twice.ptr);
}

/* Of so many each is looked at once, and not again for every one before it. */
static void test_a_million_skippable_frames_are_passed_at_once(void **state)
{
	(void)state;
	struct bytes log = make_log(5000), packed = { 0 };
	for (unsigned i = 0; i < 1000000; i++)
		add(&packed, "\x50\x2a\x4d\x18\0\0\0\0", 8);
	struct bytes frame = pack_zstd(log, log.len, true, false);
	add(&packed, frame.ptr, frame.len);
	struct result r = assert_alike("skippable", packed.ptr, packed.len);
	assert_int_equal(r.counts.bytes, log.len);
	assert_string_equal(r.reasons.ptr, "");
	release(&r);
	free(log.ptr);
	free(packed.ptr);
	free(frame.ptr);
}

static void test_blocks_of_xz_are_told_alike_whole_cut_and_damaged(void **state)
{
	(void)state;
	struct packing xz = { .name = "blocks of xz" };
	struct bytes log = make_log(300000), packed = pack_xz_blocks(log);
	struct result r = assert_alike(xz.name, packed.ptr, packed.len);
	assert_string_equal(r.reasons.ptr, "");
	assert_int_equal(r.counts.bytes_encoded, packed.len);
	release(&r);
	check_cuts(&xz, log, packed);
	check_wrong_bytes(&xz, log, packed);
	free(packed.ptr);
	for (size_t i = 0; i < log.len; i++)
		log.ptr[i] = (char)(log.ptr[i] * 37 + (int)(i % 251));
	packed = pack_xz_blocks(log);
	r = assert_alike("blocks of xz that are no text", packed.ptr, packed.len);
	assert_int_equal(r.counts.bytes_encoded, 0);
	release(&r);
	free(log.ptr);
	free(packed.ptr);
}

/* A part that gives nothing needs no room, and has some all the same. */
static void test_members_without_data_are_a_part_too(void **state)
{
	(void)state;
	struct bytes packed = { 0 };
	for (unsigned i = 0; i < 1000; i++)
		add(&packed, "\x1f\x8b\x08\0\0\0\0\0\0\xff\3\0\0\0\0\0\0\0\0\0", 20);
	struct result r = assert_alike("empty members", packed.ptr, packed.len);
	assert_int_equal(r.counts.bytes, 0);
	assert_string_equal(r.reasons.ptr, "");
	release(&r);
	free(packed.ptr);
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
		cmocka_unit_test(test_a_bomb_of_many_frames_ends_at_the_same_byte),
		cmocka_unit_test(test_what_is_left_before_its_end_counts_alike),
		cmocka_unit_test(test_a_million_skippable_frames_are_passed_at_once),
		cmocka_unit_test(test_blocks_of_xz_are_told_alike_whole_cut_and_damaged),
		cmocka_unit_test(test_members_without_data_are_a_part_too),
	};
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(file, sizeof(file), "%s/input", folder);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file);
	rmdir(folder);
	return failed;
}
