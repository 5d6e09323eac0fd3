/* SPDX-License-Identifier: MIT */
/* What is longer, deeper or larger than allowed is cut and said. */
#include "tests/unit/reader_stage.h"

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

static void test_what_unpacks_to_the_limit_is_read_whole(void **state)
{
	(void)state;
	struct bytes log = make_log();
	struct bytes data = wrap_zstd(log);
	struct read_limits limits = read_limits_default;
	for (size_t less = 0; less < 2; less++) {
		limits.max_size_bytes = log.len - less;
		struct result got = read_bytes(data, &limits);
		assert_int_equal(got.troubles, less); /* said once */
		result_free(&got);
	}
	free(data.ptr);
	free(log.ptr);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_long_line_is_cut_at_the_limit_and_counted),
		cmocka_unit_test(test_nesting_past_the_limit_is_said),
		cmocka_unit_test(test_a_bomb_ends_at_the_ratio_and_the_size),
		cmocka_unit_test(test_what_unpacks_to_the_limit_is_read_whole),
		cmocka_unit_test(test_a_window_past_the_limit_ends_the_stream),
		cmocka_unit_test(test_too_many_members_end_the_input),
	};
	return cmocka_run_group_tests(tests, open_stage, close_stage);
}
