/* SPDX-License-Identifier: MIT */
/* What is a log, what is text of another kind, and what is neither. */
#include <fcntl.h>

#include "tests/unit/reader_stage.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

static void test_binary_files_are_skipped_with_their_kind(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t len;
		const char *reason;
	} cases[] = {
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

/* The text in units of two bytes, without a mark: ASCII as it is, any other byte for a letter of
 * Cyrillic. */
static struct str in_units(struct buf *out, const char *text, bool big)
{
	buf_clear(out);
	for (; *text != '\0'; text++) {
		bool foreign = (unsigned char)*text >= 128;
		char low = foreign ? (char)((unsigned char)*text - 0x80) : *text;
		buf_append_byte(out, big ? (foreign ? 4 : 0) : low);
		buf_append_byte(out, big ? low : (foreign ? 4 : 0));
	}
	return buf_str(out);
}

static void test_utf16_without_a_mark_is_told_by_its_units(void **state)
{
	(void)state;
	static const char latin[] = "10:00 a line of it\n10:01 and more\n";
	static const char mixed[] = "10:00:01 ERROR \xb0\xb1\xb2\xb3\xb4\xb5\xb6\xb7 x\n10:00:02 "
				    "INFO \xb0\xb1\xb2\xb3\xb4\xb5\xb6\xb7\xb8\n";
	struct buf units = BUF_INIT(0);
	for (int big = 0; big <= 1; big++) {
		struct str text = in_units(&units, latin, big);
		struct result got = read_text(text.ptr, text.len, &read_limits_default);
		assert_int_equal(got.troubles, 0);
		assert_true(str_equal(str_of(got.text.ptr, got.text.len), str_from(latin)));
		result_free(&got);
		text = in_units(&units, mixed, big);
		got = read_text(text.ptr, text.len, &read_limits_default);
		assert_int_equal(got.troubles, 0);
		assert_true(str_starts(str_of(got.text.ptr, got.text.len),
			STR("10:00:01 ERROR \xd0\xb0\xd0\xb1")));
		result_free(&got);
	}
	buf_release(&units);
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

static void test_a_mail_is_read_and_its_attachments_are_said_to_be_not(void **state)
{
	(void)state;
	static const char mail[] = "From: a@example.org\nMIME-Version: 1.0\nContent-Type: "
				   "multipart/mixed; boundary=b\n"
				   "\n--b\n\n2026-03-01T10:00:00Z ERROR pasted\n"
				   "--b\nContent-Transfer-Encoding: base64\n\nH4sIAAAA\n--b--\n";
	struct result got = read_text(mail, sizeof(mail) - 1, &read_limits_default);
	assert_int_equal(got.lines, 12);
	assert_int_equal(got.troubles, 1);
	assert_int_equal(got.first.kind, TROUBLE_UNREADABLE);
	assert_non_null(strstr(got.reason, "attached"));
	result_free(&got);
	/* Where nothing is left out nothing is said. */
	got = read_text(
		mail, (size_t)(strstr(mail, "Content-Transfer") - mail), &read_limits_default);
	assert_int_equal(got.lines, 8);
	assert_int_equal(got.troubles, 0);
	result_free(&got);
	/* A log that shows a mail is none. */
	got = read_text(mail + 1, sizeof(mail) - 2, &read_limits_default);
	assert_int_equal(got.troubles, 0);
	result_free(&got);
}

static void test_an_office_document_is_named(void **state)
{
	(void)state;
	static const char document[] = "PK\3\4\24\0\6\0\10\0\0\0\41\0\1\2\3\4\5\1\0\0\5\1\0\0"
				       "\23\0\0\0[Content_Types].xml\1\2\3";
	struct result got = read_text(document, sizeof(document) - 1, &read_limits_default);
	assert_int_equal(got.lines, 0);
	assert_int_equal(got.first.kind, TROUBLE_UNREADABLE);
	assert_non_null(strstr(got.reason, "save it as text"));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_binary_files_are_skipped_with_their_kind),
		cmocka_unit_test(test_text_of_any_kind_is_read_as_it_is),
		cmocka_unit_test(test_utf16_without_a_mark_is_told_by_its_units),
		cmocka_unit_test(test_text_with_something_else_among_it_is_read),
		cmocka_unit_test(test_a_hole_before_the_first_line_is_passed_over),
		cmocka_unit_test(test_a_hole_of_a_terabyte_takes_no_time),
		cmocka_unit_test(test_a_mail_is_read_and_its_attachments_are_said_to_be_not),
		cmocka_unit_test(test_an_office_document_is_named),
		cmocka_unit_test(test_an_empty_file_is_a_member_without_lines),
	};
	return cmocka_run_group_tests(tests, open_stage, close_stage);
}
