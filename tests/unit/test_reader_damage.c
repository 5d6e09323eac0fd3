/* SPDX-License-Identifier: MIT */
/* Damage gives a prefix of the lines and a trouble. */
#include "tests/unit/reader_stage.h"
#include "src/input/decoder.h"

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
		/* Text has no end mark, and in .Z only a code cut in two is seen. */
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

/* Decodes into pieces of memory that held `fill` before. */
static struct bytes inflate_into(struct bytes packed, char fill, size_t piece, size_t room)
{
	struct bytes out = { mem_alloc(room), 0 };
	char *part = mem_alloc(piece);
	struct error err = { "" };
	void *state = decode_gzip.create();
	assert_true(decode_gzip.start(state, &err));
	struct decoder_io io = { .in = (const uint8_t *)packed.ptr, .in_len = packed.len };
	for (enum decoder_step step = DECODER_MORE; step == DECODER_MORE;) {
		memset(part, fill, piece);
		io.out = (uint8_t *)part;
		io.out_len = piece;
		step = decode_gzip.step(state, &io, &err);
		size_t given = piece - io.out_len;
		assert_true(given <= room - out.len);
		memcpy(out.ptr + out.len, part, given);
		out.len += given;
		if (given == 0 && io.in_len == 0)
			break;
	}
	decode_gzip.destroy(state);
	free(part);
	return out;
}

/* Lines that pack by a third, so that a stream has many blocks of codes of their own. */
static struct bytes make_odd_log(uint64_t *random)
{
	struct bytes log = { mem_alloc(3000 * 80), 0 };
	for (unsigned i = 0; i < 3000; i++)
		log.len += (size_t)snprintf(log.ptr + log.len, 80,
			"2026-03-01T10:%02u:%02u.%05u line of service1 %024llx\n", i / 60, i % 60,
			(unsigned)(next_random(random) % 100000),
			(unsigned long long)next_random(random));
	return log;
}

static void test_what_memory_held_before_never_comes_out_of_damaged_gzip(void **state)
{
	(void)state;
	uint64_t random = 7;
	struct bytes log = make_odd_log(&random);
	struct bytes packed = wrap_gzip(log);
	for (size_t round = 0; round < 1500; round++) {
		struct bytes damaged = copy_of(packed.ptr, packed.len);
		size_t at = 20 + next_random(&random) % (packed.len - 320);
		for (size_t i = 0; i < 300; i++)
			damaged.ptr[at + i] = (char)next_random(&random);
		struct bytes zeros = inflate_into(damaged, 0, 1 << 19, log.len * 20);
		struct bytes letters = inflate_into(damaged, 'A', 1 << 19, log.len * 20);
		assert_int_equal(zeros.len, letters.len);
		assert_memory_equal(zeros.ptr, letters.ptr, zeros.len);
		free(zeros.ptr);
		free(letters.ptr);
		free(damaged.ptr);
	}
	free(packed.ptr);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_cut_gives_a_prefix_and_a_trouble),
		cmocka_unit_test(
			test_flipped_bits_never_crash_and_are_noticed_where_there_is_a_checksum),
		cmocka_unit_test(test_what_stands_before_a_bad_checksum_is_read),
		cmocka_unit_test(test_what_memory_held_before_never_comes_out_of_damaged_gzip),
		cmocka_unit_test(test_garbage_behind_a_stream_is_named),
	};
	return cmocka_run_group_tests(tests, open_stage, close_stage);
}
