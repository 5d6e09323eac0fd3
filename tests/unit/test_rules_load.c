/* SPDX-License-Identifier: MIT */
/* Rules from where they are kept: files, folders, plain patterns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lineup/buf.h"
#include "tests/unit/rules_stage.h"

static void test_a_folder_is_read_in_order_and_the_first_of_two_ids_wins(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	load(&set, "tests/golden/rules");
	assert_int_equal(find(&set, "CRE-9999-0101")->severity, SEVERITY_MEDIUM);
	for (size_t i = 1; i < set.rule_count; i++)
		assert_true(str_compare(set.rules[i - 1].id, set.rules[i].id) < 0);
	rule_set_release(&set);
}

#define ONE_RULE "pack: own\nrules: [{id: own/r, title: t, severity: low, match: abcd}]\n"

/* A folder of a test's own; what is put into it is taken out by drop_folder. */
static void make_folder(char path[64])
{
	snprintf(path, 64, "/tmp/lineup-rules-XXXXXX");
	assert_non_null(mkdtemp(path));
}

static void write_rule(const char *folder, const char *name)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *f = fopen(path, "wbe");
	assert_non_null(f);
	assert_true(fputs(ONE_RULE, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void drop(const char *folder, const char *name)
{
	char path[128];
	snprintf(path, sizeof(path), "%s%s%s", folder, name[0] != '\0' ? "/" : "", name);
	assert_int_equal(remove(path), 0);
}

/* As a volume of a pod shows its files: links to where the files of today are. */
static void test_links_to_rule_files_are_read_and_links_to_folders_are_not(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	char folder[64], other[64], link[128];
	make_folder(folder);
	make_folder(other);
	write_rule(folder, ".hidden.yaml");
	snprintf(link, sizeof(link), "%s/shown.yaml", folder);
	assert_int_equal(symlink(".hidden.yaml", link), 0);
	write_rule(other, "elsewhere.yaml");
	snprintf(link, sizeof(link), "%s/other.yaml", folder);
	assert_int_equal(symlink(other, link), 0);
	load(&set, folder);
	assert_int_equal(set.rule_count, 1);
	assert_int_equal(set.complaint_count, 0);
	assert_true(str_ends(find(&set, "own/r")->place.path, STR("/shown.yaml")));
	rule_set_release(&set);
	/* one that was named is followed */
	load(&set, link);
	assert_int_equal(set.rule_count, 1);
	rule_set_release(&set);
	/* and a hidden folder, but not one within the folder named */
	char hidden[128];
	snprintf(hidden, sizeof(hidden), "%s/.own", folder);
	assert_int_equal(mkdir(hidden, 0700), 0);
	write_rule(hidden, "own.yaml");
	load(&set, hidden);
	assert_int_equal(set.rule_count, 1);
	rule_set_release(&set);
	load(&set, folder);
	assert_int_equal(set.rule_count, 1);
	assert_int_equal(set.complaint_count, 0);
	rule_set_release(&set);
	drop(hidden, "own.yaml");
	drop(hidden, "");
	drop(folder, "other.yaml");
	drop(folder, "shown.yaml");
	drop(folder, ".hidden.yaml");
	drop(other, "elsewhere.yaml");
	drop(folder, "");
	drop(other, "");
}

static void test_a_folder_that_cannot_be_read_is_said(void **state)
{
	(void)state;
	if (geteuid() == 0) /* who may read all */
		skip();
	struct rule_set set = { 0 };
	char folder[64], inner[128];
	make_folder(folder);
	write_rule(folder, "a.yaml");
	snprintf(inner, sizeof(inner), "%s/inner", folder);
	assert_int_equal(mkdir(inner, 0), 0);
	load(&set, folder);
	assert_int_equal(set.rule_count, 1);
	assert_int_equal(set.complaint_count, 1);
	assert_true(set.complaints[0].rejected);
	assert_text(set.complaints[0].reason, "read folder: Permission denied");
	rule_set_release(&set);
	drop(folder, "inner");
	drop(folder, "a.yaml");
	drop(folder, "");
}

static void test_what_stands_alone_where_a_list_is_wanted_is_a_list_of_one(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	load_text(&set, "pack: own\nrules:\n"
			"- {id: own/a, title: t, severity: low, match: pump, not: stop}\n"
			"- {id: own/b, title: t, severity: low, match: pump, "
			"not: {literal: halt, window: 5s}}\n"
			"---\nrules: {cre: {id: OWN-1, severity: 1}, "
			"rule: {set: {match: {value: leak}, negate: shut}}}\n");
	assert_int_equal(set.complaint_count, 0);
	const struct rule *a = find(&set, "own/a"), *b = find(&set, "own/b");
	const struct rule *c = find(&set, "OWN-1");
	assert_int_equal(a->negative_count, 1);
	assert_text(set.terms[a->negatives[0].term].text, "stop");
	assert_int_equal(b->negative_count, 1);
	assert_text(set.terms[b->negatives[0].term].text, "halt");
	assert_int_equal(c->term_count, 1);
	assert_text(set.terms[c->negatives[0].term].text, "shut");
	rule_set_release(&set);
}

static void test_the_line_feed_of_a_block_is_no_part_of_a_pattern(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	load_text(&set, "pack: own\nrules:\n- id: own/a\n  title: t\n  severity: low\n"
			"  match: |\n    pump stopped\n"
			"- id: own/b\n  title: t\n  severity: low\n"
			"  match: |\n    (?x) valve\n    shut\n"
			"- id: own/c\n  title: t\n  severity: low\n  match: \"\\n\"\n");
	assert_text(set.terms[find(&set, "own/a")->terms[0]].text, "pump stopped");
	assert_text(set.terms[find(&set, "own/b")->terms[0]].text, "(?x) valve\nshut");
	assert_null(rule_set_find(&set, STR("own/c")));
	assert_int_equal(set.complaint_count, 3); /* of a, of c, and that c is empty then */
	rule_set_release(&set);
}

/* Quoted or not, no pattern of a list is cut off where the list grows too long. */
static void test_a_list_of_patterns_that_is_too_long_is_refused(void **state)
{
	(void)state;
	static const char *const kinds[] = { "match", "literal" };
	for (size_t k = 0; k < countof(kinds); k++) {
		struct rule_set set = { 0 };
		struct buf text = BUF_INIT(0);
		buf_printf(&text,
			"pack: own\nrules:\n- id: own/r\n  title: t\n  severity: low\n  %s:\n",
			kinds[k]);
		for (size_t i = 0; i < 40000; i++)
			buf_printf(&text, "  - 'pump number %zu has stopped at once'\n", i);
		buf_append_byte(&text, '\0');
		load_text(&set, text.ptr);
		assert_int_equal(set.rule_count, 0);
		assert_int_equal(set.complaint_count, 1);
		assert_int_equal(set.complaints[0].place.line, 7);
		assert_text(set.complaints[0].reason,
			"the patterns of this list are longer than 1 MiB together");
		buf_release(&text);
		rule_set_release(&set);
	}
}

static void test_plain_patterns_are_rules_of_their_own(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	struct error err;
	char path[] = "/tmp/lineup-test-XXXXXX";
	int file = mkstemp(path);
	FILE *stream = fdopen(file, "w");
	fputs("first\r\n\nthi rd\n", stream);
	fclose(stream);
	rules_load_pattern(&set, STR("a.b"), 1);
	assert_int_equal(rules_load_pattern_file(&set, str_from(path), &err), 0);
	remove(path);
	rule_set_finish(&set);
	assert_int_equal(set.rule_count, 3);
	assert_text(find(&set, "regexp:1")->title, "a.b");
	assert_int_equal(find(&set, "regexp:1")->severity, SEVERITY_MEDIUM);
	char id[64];
	snprintf(id, sizeof(id), "%s:1", path);
	assert_text(set.terms[find(&set, id)->terms[0]].text, "first");
	snprintf(id, sizeof(id), "%s:3", path);
	assert_text(find(&set, id)->title, "thi rd");
	rule_set_release(&set);
}

static void test_a_path_that_is_not_there_is_an_error(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	struct error err;
	assert_int_equal(rules_load_path(&set, STR("/nowhere/rules"), NULL, &err), -1);
	assert_string_equal(err.text, "open rules '/nowhere/rules': No such file or directory");
	assert_int_equal(rules_load_pattern_file(&set, STR("/nowhere/f"), &err), -1);
	rule_set_release(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_folder_is_read_in_order_and_the_first_of_two_ids_wins),
		cmocka_unit_test(test_links_to_rule_files_are_read_and_links_to_folders_are_not),
		cmocka_unit_test(test_a_folder_that_cannot_be_read_is_said),
		cmocka_unit_test(test_what_stands_alone_where_a_list_is_wanted_is_a_list_of_one),
		cmocka_unit_test(test_the_line_feed_of_a_block_is_no_part_of_a_pattern),
		cmocka_unit_test(test_a_list_of_patterns_that_is_too_long_is_refused),
		cmocka_unit_test(test_plain_patterns_are_rules_of_their_own),
		cmocka_unit_test(test_a_path_that_is_not_there_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
