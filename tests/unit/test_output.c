/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lineup/changes.h"
#include "lineup/output.h"
#include "lineup/progress.h"

static char folder[] = "/tmp/lineup-test-XXXXXX";

static int make_folder(void **state UNUSED)
{
	return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state UNUSED)
{
	return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void expect_file(const char *name, const char *text)
{
	char got[256];
	FILE *f = fopen(name, "r");
	assert_non_null(f);
	got[fread(got, 1, sizeof(got) - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(got, text);
}

static void test_a_report_appears_only_when_it_is_whole(void **state UNUSED)
{
	struct output o;
	struct error err;
	assert_int_equal(output_open(&o, STR("a.txt"), &err), 0);
	fputs("half", o.stream);
	fflush(o.stream);
	assert_int_not_equal(access("a.txt", F_OK), 0);
	assert_int_equal(output_commit(&o, &err), 0);
	expect_file("a.txt", "half");
	unlink("a.txt");
}

static void test_a_report_given_up_leaves_the_old_one(void **state UNUSED)
{
	struct output o;
	struct error err;
	write_file("a.txt", "old");
	assert_int_equal(output_open(&o, STR("a.txt"), &err), 0);
	fputs("new", o.stream);
	output_discard(&o);
	expect_file("a.txt", "old");
	assert_int_equal(unlink("a.txt"), 0);
}

static void test_a_link_is_written_through_and_rights_are_kept(void **state UNUSED)
{
	struct output o;
	struct error err;
	struct stat s;
	write_file("real.txt", "old");
	assert_int_equal(chmod("real.txt", 0640), 0);
	assert_int_equal(symlink("real.txt", "link.txt"), 0);
	assert_int_equal(output_open(&o, STR("link.txt"), &err), 0);
	fputs("new", o.stream);
	assert_int_equal(output_commit(&o, &err), 0);
	expect_file("real.txt", "new");
	assert_int_equal(lstat("link.txt", &s), 0);
	assert_true(S_ISLNK(s.st_mode));
	assert_int_equal(stat("real.txt", &s), 0);
	assert_int_equal(s.st_mode & 0777, 0640);
	unlink("link.txt");
	unlink("real.txt");
}

static void test_a_full_disk_is_said(void **state UNUSED)
{
	struct output o;
	struct error err = { "" };
	if (access("/dev/full", W_OK) != 0)
		skip();
	assert_int_equal(output_open(&o, STR("/dev/full"), &err), 0);
	fputs("text", o.stream);
	assert_int_equal(output_commit(&o, &err), -1);
	assert_non_null(strstr(err.text, "No space left"));
}

static void test_a_folder_that_is_not_there_is_refused_before_the_work(void **state UNUSED)
{
	struct error err = { "" };
	assert_int_equal(output_check(STR("no/such/a.txt"), &err), -1);
	assert_non_null(strstr(err.text, "No such file"));
	assert_int_equal(output_check(STR("/"), &err), -1);
	assert_int_equal(output_check(STR(""), &err), 0);
	assert_int_equal(output_check(STR("a.txt"), &err), 0);
}

static void test_changes_are_read_from_csv_and_json_lines(void **state UNUSED)
{
	struct changes c = { 0 };
	struct error err = { "" };
	write_file("c", "service,change,time\n"
			"shop,\"deploy \"\"2\"\", slowly\",2026-01-02T00:00:00Z\n"
			"# a remark\n"
			"\n"
			",config,2026-01-01 00:00\n");
	assert_int_equal(changes_load(&c, STR("c"), STR(""), 0, &err), 0);
	assert_int_equal(c.count, 2);
	assert_true(str_equal(c.items[0].text, STR("config")));
	assert_true(str_equal(c.items[1].text, STR("deploy \"2\", slowly")));
	assert_true(str_equal(c.items[1].service, STR("shop")));
	changes_release(&c);
	write_file("c", "{\"time\": \"@5\", \"service\": \"a\", \"change\": \"b\"}\n");
	assert_int_equal(changes_load(&c, STR("c"), STR(""), 0, &err), 0);
	assert_int_equal(c.count, 1);
	assert_true(c.items[0].time_ns == 5 * NS_PER_S);
	changes_release(&c);
	unlink("c");
}

static void test_a_bad_change_is_named_by_its_line(void **state UNUSED)
{
	static const char *const texts[] = { "2026-01-01,a,b\nnoon,a,b\n",
		"2026-01-01,a,b\n{\"time\": 5}\n", "2026-01-01,a,b\nalone\n" };
	for (size_t i = 0; i < countof(texts); i++) {
		struct changes c = { 0 };
		struct error err = { "" };
		write_file("c", texts[i]);
		assert_int_equal(changes_load(&c, STR("c"), STR(""), 0, &err), -1);
		assert_non_null(strstr(err.text, "c:2: "));
		changes_release(&c);
	}
	unlink("c");
}

static void expect_line(unsigned width, uint64_t done, uint64_t total, uint64_t decoded,
	double seconds, const char *line)
{
	char text[128];
	progress_line(text, sizeof(text), width, done, total, decoded, seconds);
	assert_string_equal(text, line);
}

static void test_progress_tells_part_rate_and_time_left(void **state UNUSED)
{
	uint64_t gb = UINT64_C(1) << 30;
	expect_line(80, gb, 4 * gb, 2 * gb, 2.0, " 25%  1.0 GB of 4.0 GB, 1.0 GB/s, 6s left");
	expect_line(80, gb, 0, gb, 1.0, "1.0 GB read, 1.0 GB/s");
	expect_line(80, 0, gb, 0, 0.0, "  0%  0 B of 1.0 GB, 0 B/s");
	expect_line(10, gb, 4 * gb, 2 * gb, 2.0, " 25%  1.0 ");
	expect_line(80, gb, 4 * gb, gb, 30.0, " 25%  1.0 GB of 4.0 GB, 34 MB/s, 1m30s left");
	expect_line(80, gb, 100 * gb, gb, 60.0, "  1%  1.0 GB of 100 GB, 17 MB/s, 1h39m left");
	/* A file that grew. */
	expect_line(80, 5 * gb, 4 * gb, gb, 1.0, "100%  5.0 GB of 5.0 GB, 1.0 GB/s, 0s left");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_report_appears_only_when_it_is_whole),
		cmocka_unit_test(test_a_report_given_up_leaves_the_old_one),
		cmocka_unit_test(test_a_link_is_written_through_and_rights_are_kept),
		cmocka_unit_test(test_a_full_disk_is_said),
		cmocka_unit_test(test_a_folder_that_is_not_there_is_refused_before_the_work),
		cmocka_unit_test(test_changes_are_read_from_csv_and_json_lines),
		cmocka_unit_test(test_a_bad_change_is_named_by_its_line),
		cmocka_unit_test(test_progress_tells_part_rate_and_time_left),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
