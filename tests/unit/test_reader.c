/* SPDX-License-Identifier: MIT */
/* One log in every wrapping gives the same lines, however it is read. */
#include <fcntl.h>
#include <sys/wait.h>

#include "tests/unit/reader_stage.h"

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
	/* A folder can be opened, and not read: nothing of it stays open. */
	int before = dup(0);
	assert_int_equal(close(before), 0);
	input.path = str_from(folder);
	assert_int_equal(reader_open(&reader, &input, &read_limits_default, NULL, &err), -1);
	assert_non_null(strstr(err.text, "Is a directory"));
	int after = dup(0);
	assert_int_equal(close(after), 0);
	assert_int_equal(after, before);
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
		cmocka_unit_test(test_a_selection_chooses_members_and_leaves_whole_archives_out),
		cmocka_unit_test(test_a_pipe_gives_what_the_file_gives_even_to_a_zip),
		cmocka_unit_test(test_what_cannot_be_opened_fails),
		cmocka_unit_test(test_blocks_of_xz_read_alike_with_more_threads_whole_or_cut_off),
	};
	return cmocka_run_group_tests(tests, open_stage, close_stage);
}
