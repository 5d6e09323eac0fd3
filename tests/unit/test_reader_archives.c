/* SPDX-License-Identifier: MIT */
/* Members of archives: broken, odd, hidden. */
#include <locale.h>

#include <fcntl.h>
#include <sys/stat.h>

#include "tests/unit/reader_stage.h"

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

static void test_a_zip_member_is_held_to_what_the_directory_says(void **state)
{
	(void)state;
	static const struct {
		size_t at; /* in an entry of the directory */
		const char *says;
	} fields[] = { { 16, "checksum differs" }, { 24, "size differs" } };
	for (size_t i = 0; i < countof(fields); i++) {
		struct bytes data = pair("zip", view("one\n"), view("two\n"));
		char *entry = memmem(data.ptr, data.len, "PK\1\2", 4);
		assert_non_null(entry);
		entry[fields[i].at] ^= 1;
		struct result got = read_bytes(data, &read_limits_default);
		assert_int_equal(got.lines, 2);
		assert_int_equal(got.troubles, 1);
		assert_int_equal(got.first.kind, TROUBLE_DAMAGED);
		assert_non_null(strstr(got.reason, fields[i].says));
		result_free(&got);
		free(data.ptr);
	}
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

static void test_a_zip_member_that_is_listed_twice_is_told(void **state)
{
	(void)state;
	struct bytes log = make_log();
	struct bytes data = pair("zip", log, view("x\n"));
	char *first = memmem(data.ptr, data.len, "PK\1\2", 4);
	assert_non_null(first);
	char *second = memmem(first + 4, data.len - (size_t)(first + 4 - data.ptr), "PK\1\2", 4);
	assert_non_null(second);
	memcpy(second + 10, first + 10, 18); /* method, checksum, sizes */
	memcpy(second + 42, first + 42, 4);  /* and place */
	struct result got = read_bytes(data, &read_limits_default);
	assert_int_equal(got.troubles, 1);
	assert_int_equal(got.first.kind, TROUBLE_LIMITED);
	assert_non_null(strstr(got.reason, "members overlap"));
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
	locale_t before = uselocale((locale_t)0);
	struct result got = read_bytes(data, &read_limits_default);
	/* libarchive had one of its own. */
	assert_ptr_equal(uselocale((locale_t)0), before);
	assert_int_equal(got.troubles, 0);
	assert_int_equal(got.lines, 4);
	result_free(&got);
	free(data.ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_broken_member_does_not_hide_the_next_one),
		cmocka_unit_test(test_bytes_that_a_cpio_loses_are_named),
		cmocka_unit_test(test_a_zip_member_with_broken_data_does_not_hide_the_next_one),
		cmocka_unit_test(test_a_zip_without_its_directory_is_read_and_named),
		cmocka_unit_test(test_a_zip_member_is_held_to_what_the_directory_says),
		cmocka_unit_test(test_zip_members_that_overlap_are_no_way_around_the_limits),
		cmocka_unit_test(test_a_zip_member_that_is_listed_twice_is_told),
		cmocka_unit_test(test_links_folders_and_devices_are_no_members),
		cmocka_unit_test(test_names_keep_their_bytes),
		cmocka_unit_test(test_a_tar_cut_between_members_is_noticed),
		cmocka_unit_test(test_archives_one_behind_the_other_are_both_read),
	};
	return cmocka_run_group_tests(tests, open_stage, close_stage);
}
