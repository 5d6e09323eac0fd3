/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <dirent.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lineup/buf.h"
#include "lineup/rules_cache.h"

static char folder[PATH_MAX];
static char rules_path[PATH_MAX + 16];
static char cache_path[PATH_MAX + 16];

static void write_file(const char *name, struct str text)
{
	char path[PATH_MAX + 64];
	snprintf(path, sizeof(path), "%s/%s", rules_path, name);
	FILE *f = fopen(path, "wbe");
	assert_non_null(f);
	assert_int_equal(fwrite(text.ptr, 1, text.len, f), text.len);
	assert_int_equal(fclose(f), 0);
}

/* A pack of some hundred rules; `last` is in the title of the last one. */
static void write_pack(const char *last)
{
	struct buf text = BUF_INIT(0);
	buf_append(&text, STR("pack: pump\nrules:\n"));
	for (int i = 0; i < 500; i++)
		buf_printf(&text,
			"- id: pump/r%d\n  title: Rule %s\n  severity: high\n"
			"  all: ['pump %d stopped', {literal: alarm, count: 2}]\n"
			"  not: [{match: refilled, window: 10s, slide: -2s}]\n  window: 1m\n"
			"  cause: c\n  fix: f\n  references: [https://example.org/%d]\n"
			"  examples: [\"pump %d stopped\"]\n  unknown_key_%d: x\n",
			i, i == 499 ? last : "x", i, i, i, i);
	buf_append(&text, STR("- id: pump/broken\n  title: No condition\n"));
	write_file("pump.yaml", buf_str(&text));
	buf_release(&text);
	write_file("cre.yaml", STR("rules:\n- cre: {id: OWN-1, severity: 0, title: t}\n"
				   "  rule: {set: {match: [{regex: 'valve \\d+'}, alarm]}}\n"));
	write_file("bad.yaml", STR("rules: [\n"));
}

static int set_up(void **state)
{
	(void)state;
	const char *base = getenv("TMPDIR");
	snprintf(folder, sizeof(folder), "%s/lineup-rules-XXXXXX", base != NULL ? base : "/tmp");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(rules_path, sizeof(rules_path), "%s/rules", folder);
	snprintf(cache_path, sizeof(cache_path), "%s/cache", folder);
	if (mkdir(rules_path, 0700) != 0)
		return -1;
	write_pack("one");
	return 0;
}

/* Calls back for each file of the cache; returns how many there are. */
static size_t each_entry(void (*visit)(const char *path))
{
	DIR *listing = opendir(cache_path);
	size_t count = 0;
	if (listing == NULL)
		return 0;
	for (const struct dirent *e; (e = readdir(listing)) != NULL;) {
		char path[2 * PATH_MAX];
		if (e->d_name[0] == '.')
			continue;
		count++;
		snprintf(path, sizeof(path), "%s/%s", cache_path, e->d_name);
		if (visit != NULL)
			visit(path);
	}
	closedir(listing);
	return count;
}

static void remove_entry(const char *path)
{
	assert_int_equal(unlink(path), 0);
}

static void damage_entry(const char *path)
{
	FILE *f = fopen(path, "r+be");
	assert_non_null(f);
	assert_int_equal(fseek(f, -4000, SEEK_END), 0);
	assert_int_equal(fwrite("damaged", 1, 7, f), 7);
	assert_int_equal(fclose(f), 0);
}

static int tear_down(void **state)
{
	(void)state;
	static const char *const names[] = { "pump.yaml", "cre.yaml", "bad.yaml" };
	for (size_t i = 0; i < countof(names); i++) {
		char path[PATH_MAX + 64];
		snprintf(path, sizeof(path), "%s/%s", rules_path, names[i]);
		unlink(path);
	}
	each_entry(remove_entry);
	rmdir(cache_path);
	rmdir(rules_path);
	return rmdir(folder);
}

static void load(struct rule_set *set, bool use_cache, bool beside)
{
	/* what is read side by side is the same */
	struct rules_load_options how = { .threads = use_cache ? 3 : 1 };
	struct rules_cache_options cache = { use_cache, str_from(cache_path) };
	struct error err;
	*set = (struct rule_set){ 0 };
	if (beside)
		rules_load_pattern(set, STR("refilled"), 1);
	assert_int_equal(rules_cache_load_path(set, str_from(rules_path), &how, &cache, &err), 0);
	rule_set_finish(set);
}

static void assert_same_text(struct str a, struct str b)
{
	assert_true(str_equal(a, b));
}

static void assert_same_place(const struct rule_place *a, const struct rule_place *b)
{
	assert_same_text(a->path, b->path);
	assert_int_equal(a->line, b->line);
	assert_int_equal(a->column, b->column);
}

static void assert_same_rule(const struct rule *a, const struct rule *b)
{
	assert_same_text(a->id, b->id);
	assert_same_text(a->title, b->title);
	assert_same_place(&a->place, &b->place);
	assert_int_equal(a->severity, b->severity);
	assert_int_equal(a->source, b->source);
	assert_int_equal(a->window_ns, b->window_ns);
	assert_int_equal(a->term_count, b->term_count);
	for (size_t i = 0; i < a->term_count; i++)
		assert_int_equal(a->terms[i], b->terms[i]);
	assert_int_equal(a->negative_count, b->negative_count);
	for (size_t i = 0; i < a->negative_count; i++)
		assert_memory_equal(&a->negatives[i], &b->negatives[i], sizeof(a->negatives[i]));
	assert_int_equal(a->advice.reference_count, b->advice.reference_count);
	assert_int_equal(a->example_count, b->example_count);
	for (size_t i = 0; i < a->example_count; i++)
		assert_same_text(a->examples[i], b->examples[i]);
}

static void assert_same_set(const struct rule_set *a, const struct rule_set *b)
{
	assert_int_equal(a->rule_count, b->rule_count);
	for (size_t i = 0; i < a->rule_count; i++)
		assert_same_rule(&a->rules[i], &b->rules[i]);
	assert_int_equal(a->term_count, b->term_count);
	for (size_t i = 0; i < a->term_count; i++) {
		assert_int_equal(a->terms[i].kind, b->terms[i].kind);
		assert_int_equal(a->terms[i].builtin, b->terms[i].builtin);
		assert_same_text(a->terms[i].text, b->terms[i].text);
		assert_same_place(&a->terms[i].place, &b->terms[i].place);
	}
	assert_int_equal(a->complaint_count, b->complaint_count);
	for (size_t i = 0; i < a->complaint_count; i++) {
		assert_same_place(&a->complaints[i].place, &b->complaints[i].place);
		assert_same_text(a->complaints[i].rule_id, b->complaints[i].rule_id);
		assert_same_text(a->complaints[i].reason, b->complaints[i].reason);
		assert_int_equal(a->complaints[i].rejected, b->complaints[i].rejected);
	}
}

static void assert_loads_as_from_yaml(bool beside)
{
	struct rule_set plain;
	struct rule_set cached;
	load(&plain, false, beside);
	load(&cached, true, beside);
	assert_int_equal(plain.rule_count, 501 + (beside ? 1 : 0));
	assert_true(plain.complaint_count >= 502);
	assert_same_set(&plain, &cached);
	rule_set_release(&plain);
	rule_set_release(&cached);
}

static void test_rules_and_complaints_are_the_same_from_the_cache(void **state)
{
	(void)state;
	assert_int_equal(each_entry(NULL), 0);
	assert_loads_as_from_yaml(false); /* stores */
	assert_int_equal(each_entry(NULL), 1);
	assert_loads_as_from_yaml(false); /* takes */
	assert_loads_as_from_yaml(true);  /* takes, beside another rule with a term in common */
	assert_int_equal(each_entry(NULL), 1);
}

static void test_a_changed_file_is_seen(void **state)
{
	(void)state;
	struct rule_set set;
	write_pack("two");
	assert_loads_as_from_yaml(false);
	load(&set, true, false);
	assert_same_text(rule_set_find(&set, STR("pump/r499"))->title, STR("Rule two"));
	rule_set_release(&set);
	write_pack("one");
	load(&set, true, false);
	assert_same_text(rule_set_find(&set, STR("pump/r499"))->title, STR("Rule one"));
	rule_set_release(&set);
}

static void test_a_damaged_entry_is_not_believed(void **state)
{
	(void)state;
	each_entry(damage_entry);
	assert_loads_as_from_yaml(false);
	assert_loads_as_from_yaml(true);
}

/* More files than are read at the same time, a bad one among them. */
static void test_many_files_are_read_in_order(void **state)
{
	enum { FILES = 150, BAD = 70 };
	char dir[PATH_MAX + 8], path[PATH_MAX + 64];
	(void)state;
	snprintf(dir, sizeof(dir), "%s/many", folder);
	assert_int_equal(mkdir(dir, 0700), 0);
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "%s/%03d.yaml", dir, i);
		FILE *f = fopen(path, "we");
		assert_non_null(f);
		fprintf(f, "pack: p%d\n", i);
		fprintf(f, "rules: [{id: p%d/a, title: t, severity: low, literal: text %d%s\n", i,
			i % 100, i == BAD ? "" : "}]");
		assert_int_equal(fclose(f), 0);
	}
	for (unsigned threads = 0; threads <= 4; threads += 2) {
		struct rules_load_options how = { .threads = threads };
		struct rule_set set = { 0 };
		struct error err;
		assert_int_equal(rules_load_path(&set, str_from(dir), &how, &err), 0);
		assert_int_equal(set.rule_count, FILES - 1);
		assert_int_equal(set.term_count, 99); /* that of the bad one is none */
		for (size_t i = 0; i < set.rule_count; i++)
			assert_int_equal(strtol(set.rules[i].id.ptr + 1, NULL, 10), i + (i >= BAD));
		size_t rejected = 0;
		for (size_t i = 0; i < set.complaint_count; i++)
			rejected += set.complaints[i].rejected;
		assert_int_equal(rejected, 1);
		rule_set_release(&set);
	}
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "%s/%03d.yaml", dir, i);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules_and_complaints_are_the_same_from_the_cache),
		cmocka_unit_test(test_a_changed_file_is_seen),
		cmocka_unit_test(test_a_damaged_entry_is_not_believed),
		cmocka_unit_test(test_many_files_are_read_in_order),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
