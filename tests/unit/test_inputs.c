/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "lineup/inputs.h"

static char folder[] = "/tmp/lineup-inputs-XXXXXX";

static struct str in_folder(char path[256], const char *name)
{
	snprintf(path, 256, "%s/%s", folder, name);
	return str_from(path);
}

static void make_file(const char *name, const char *text)
{
	char path[256];
	in_folder(path, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int make_tree(void **state)
{
	(void)state;
	char path[256];
	char other[256];
	if (mkdtemp(folder) == NULL)
		return -1;
	static const char *const folders[] = { "b", "b/c", "a" };
	for (size_t i = 0; i < countof(folders); i++)
		mkdir(in_folder(path, folders[i]).ptr, 0700);
	make_file("z.log", "zz\n");
	make_file("a/one.log", "1\n");
	make_file("b/c/two.log", "22\n");
	in_folder(path, "b/loop");
	in_folder(other, "b");
	if (symlink(other, path) != 0 || symlink("nowhere", in_folder(path, "b/dangling").ptr) != 0)
		return -1;
	in_folder(path, "b/hard.log");
	in_folder(other, "a/one.log");
	return link(other, path) != 0 || mkfifo(in_folder(path, "b/pipe").ptr, 0600) != 0;
}

static int remove_tree(void **state)
{
	(void)state;
	char path[256];
	static const char *const files[] = { "z.log", "a/one.log", "b/c/two.log", "b/loop",
		"b/dangling", "b/hard.log", "b/pipe", "b/c", "b", "a" };
	for (size_t i = 0; i < countof(files); i++)
		remove(in_folder(path, files[i]).ptr);
	return rmdir(folder);
}

static void assert_path(const struct inputs *inputs, size_t i, const char *name)
{
	char path[256];
	assert_true(i < inputs->count);
	assert_string_equal(inputs->items[i].path.ptr, in_folder(path, name).ptr);
	assert_int_equal(inputs->items[i].index, i);
}

static void test_a_folder_gives_its_files_sorted_and_follows_no_links(void **state)
{
	(void)state;
	struct inputs inputs = { 0 };
	struct troubles troubles = { 0 };
	inputs_add(&inputs, str_from(folder), &troubles);
	inputs_finish(&inputs, &troubles);
	assert_int_equal(inputs.count, 3);
	assert_path(&inputs, 0, "a/one.log");
	assert_path(&inputs, 1, "b/c/two.log");
	assert_path(&inputs, 2, "z.log");
	assert_int_equal(inputs.size_bytes, 2 + 3 + 3);
	assert_int_equal(inputs.items[1].size_bytes, 3);
	assert_true(inputs.items[1].modified_ns > 0);
	assert_int_equal(inputs.items[1].top, strlen(folder));
	/* The pipe, which would wait for ever, and the link to nothing; the other leads to what is
	 * read anyway. */
	assert_int_equal(troubles.count, 2);
	assert_int_equal(troubles.items[0].kind, TROUBLE_SKIPPED);
	assert_int_equal(troubles.items[1].kind, TROUBLE_SKIPPED);
	assert_false(troubles.incomplete);
	troubles_release(&troubles);
	inputs_release(&inputs);
}

static void test_the_order_of_arguments_and_doubles_do_not_show(void **state)
{
	(void)state;
	char path[256];
	struct inputs inputs = { 0 };
	struct troubles troubles = { 0 };
	inputs_add(&inputs, in_folder(path, "z.log"), &troubles);
	inputs_add(&inputs, in_folder(path, "b/hard.log"), &troubles);
	inputs_add(&inputs, str_from(folder), &troubles);
	inputs_add(&inputs, in_folder(path, "b/loop/c/two.log"), &troubles);
	inputs_add(&inputs, in_folder(path, "z.log"), &troubles);
	inputs_finish(&inputs, &troubles);
	for (size_t i = 0; i < inputs.count; i++) /* the folder is not the only one given */
		assert_int_equal(inputs.items[i].top, 0);
	assert_int_equal(inputs.count, 3);
	assert_path(&inputs, 0, "a/one.log");
	assert_path(&inputs, 1, "b/c/two.log");
	assert_path(&inputs, 2, "z.log");
	troubles_release(&troubles);
	inputs_release(&inputs);
}

static void test_a_link_to_what_is_not_read_is_said(void **state)
{
	(void)state;
	char path[256];
	char link[256];
	struct inputs inputs = { 0 };
	struct troubles troubles = { 0 };
	in_folder(link, "a/link");
	assert_int_equal(symlink("../z.log", link), 0);
	inputs_add(&inputs, in_folder(path, "a"), &troubles);
	inputs_finish(&inputs, &troubles);
	size_t said = 0;
	for (size_t i = 0; i < troubles.count; i++)
		said += strcmp(troubles.items[i].path.ptr, link) == 0 &&
			strstr(troubles.items[i].reason.ptr, "not followed") != NULL;
	unlink(link);
	assert_int_equal(said, 1);
	assert_false(troubles.incomplete);
	troubles_release(&troubles);
	inputs_release(&inputs);
}

static void test_what_cannot_be_read_is_a_trouble(void **state)
{
	(void)state;
	char path[256];
	struct inputs inputs = { 0 };
	struct troubles troubles = { 0 };
	assert_int_equal(inputs_add(&inputs, in_folder(path, "missing"), &troubles), 0);
	assert_int_equal(inputs_add(&inputs, STR("/dev/zero"), &troubles), 0);
	inputs_finish(&inputs, &troubles);
	assert_int_equal(inputs.count, 0);
	assert_int_equal(troubles.count, 2);
	assert_true(troubles.incomplete);
	assert_non_null(strstr(troubles.items[0].reason.ptr, "No such file"));
	assert_non_null(strstr(troubles.items[1].reason.ptr, "device"));
	troubles_release(&troubles);
	inputs_release(&inputs);
}

static void test_a_folder_too_deep_to_name_is_a_trouble_and_all_others_are_read(void **state)
{
	(void)state;
	char path[256], name[201];
	struct inputs inputs = { 0 };
	struct troubles troubles = { 0 };
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	int home = open(".", O_RDONLY | O_DIRECTORY);
	assert_int_equal(mkdir(in_folder(path, "deep").ptr, 0700), 0);
	make_file("deep/near.log", "1\n");
	assert_int_equal(chdir(path), 0);
	for (int i = 0; i < 25; i++) {
		assert_int_equal(mkdir(name, 0700), 0);
		assert_int_equal(chdir(name), 0);
	}
	assert_int_equal(fchdir(home), 0);
	assert_int_equal(inputs_add(&inputs, in_folder(path, "deep"), &troubles), 1);
	inputs_finish(&inputs, &troubles);
	assert_int_equal(inputs.count, 1);
	assert_int_equal(troubles.count, 1);
	assert_non_null(strstr(troubles.items[0].reason.ptr, "too long"));
	troubles_release(&troubles);
	inputs_release(&inputs);
	/* From within: its whole name is one that rm -r by name could not use either. */
	assert_int_equal(chdir(path), 0);
	int depth = 0;
	for (; chdir(name) == 0; depth++)
		;
	for (; depth > 0; depth--)
		assert_true(chdir("..") == 0 && rmdir(name) == 0);
	assert_int_equal(unlink("near.log"), 0);
	assert_int_equal(fchdir(home), 0);
	assert_int_equal(rmdir(path), 0);
	close(home);
}

static bool is_read(const char *given, const char *output)
{
	char path[256];
	struct inputs inputs = { 0 };
	struct troubles troubles = { 0 };
	inputs_set_output(&inputs, in_folder(path, output));
	inputs_add(&inputs, in_folder(path, given), &troubles);
	inputs_finish(&inputs, &troubles);
	bool is = inputs_hold_output(&inputs);
	troubles_release(&troubles);
	inputs_release(&inputs);
	return is;
}

static void test_a_file_is_the_output_by_what_it_is_and_not_by_its_name(void **state)
{
	(void)state;
	assert_true(is_read("z.log", "z.log"));
	assert_true(is_read("a/one.log", "b/hard.log")); /* a link */
	assert_false(is_read("a/one.log", "z.log"));
	assert_false(is_read("z.log", "nowhere.log"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_folder_gives_its_files_sorted_and_follows_no_links),
		cmocka_unit_test(test_the_order_of_arguments_and_doubles_do_not_show),
		cmocka_unit_test(test_a_link_to_what_is_not_read_is_said),
		cmocka_unit_test(test_a_file_is_the_output_by_what_it_is_and_not_by_its_name),
		cmocka_unit_test(test_what_cannot_be_read_is_a_trouble),
		cmocka_unit_test(
			test_a_folder_too_deep_to_name_is_a_trouble_and_all_others_are_read),
	};
	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
