/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lineup/buf.h"
#include "lineup/matcher.h"
#include "lineup/matcher_cache.h"
#include "lineup/rules.h"

static char folder[PATH_MAX];

static struct str dir(void)
{
	return str_from(folder);
}

static int make_folder(void **state)
{
	(void)state;
	const char *base = getenv("TMPDIR");
	snprintf(folder, sizeof(folder), "%s/lineup-cache-XXXXXX", base != NULL ? base : "/tmp");
	return mkdtemp(folder) != NULL ? 0 : -1;
}

/* Calls back for each file; returns how many there are. */
static size_t each_file(void (*visit)(const char *path))
{
	DIR *listing = opendir(folder);
	size_t count = 0;
	assert_non_null(listing);
	for (const struct dirent *e; (e = readdir(listing)) != NULL;) {
		char path[PATH_MAX + 300];
		if (e->d_name[0] == '.')
			continue;
		count++;
		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (visit != NULL)
			visit(path);
	}
	closedir(listing);
	return count;
}

static void remove_file(const char *path)
{
	assert_int_equal(unlink(path), 0);
}

static int remove_folder(void **state)
{
	(void)state;
	each_file(remove_file);
	return rmdir(folder);
}

static void store(struct str key, struct str payload)
{
	struct error err;
	assert_int_equal(matcher_cache_store(dir(), key, payload, &err), 0);
}

static bool holds(struct str key, struct str payload)
{
	struct matcher_cache_entry entry;
	if (!matcher_cache_load(dir(), key, &entry))
		return false;
	bool same = str_equal(entry.payload, payload);
	matcher_cache_release(&entry);
	return same;
}

static void test_what_was_stored_is_found_under_its_key_alone(void **state)
{
	(void)state;
	assert_false(holds(STR("key"), STR("payload")));
	store(STR("key"), STR("payload"));
	assert_true(holds(STR("key"), STR("payload")));
	assert_false(holds(STR("kez"), STR("payload")));
	store(STR("key"), STR("another"));
	assert_true(holds(STR("key"), STR("another")));
}

static size_t damaged_at;

static void flip_byte(const char *path)
{
	int fd = open(path, O_RDWR);
	char byte = 0;
	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, (off_t)damaged_at), 1);
	byte ^= 0x20;
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)damaged_at), 1);
	close(fd);
}

static void test_a_file_with_any_byte_changed_is_as_if_it_were_not_there(void **state)
{
	(void)state;
	/* 56 bytes of header that count, the key behind 64, the payload behind 128. */
	static const size_t places[] = { 0, 8, 17, 30, 33, 45, 64, 66, 128, 134 };
	for (size_t i = 0; i < countof(places); i++) {
		store(STR("key"), STR("payload"));
		assert_true(holds(STR("key"), STR("payload")));
		damaged_at = places[i];
		each_file(flip_byte);
		assert_false(holds(STR("key"), STR("payload")));
	}
}

static void cut_file(const char *path)
{
	assert_int_equal(truncate(path, (off_t)damaged_at), 0);
}

static void test_a_file_cut_anywhere_is_as_if_it_were_not_there(void **state)
{
	(void)state;
	for (damaged_at = 0; damaged_at < 135; damaged_at++) {
		store(STR("key"), STR("payload"));
		each_file(cut_file);
		assert_false(holds(STR("key"), STR("payload")));
	}
}

static void let_others_write(const char *path)
{
	assert_int_equal(chmod(path, 0622), 0);
}

static void make_symlink(const char *path)
{
	char other[PATH_MAX + 310];
	snprintf(other, sizeof(other), "%s.moved", path);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
}

static void give_away(const char *path)
{
	assert_int_equal(chown(path, 12345, 12345), 0);
}

static void test_a_file_that_others_could_have_written_is_not_trusted(void **state)
{
	(void)state;
	store(STR("key"), STR("payload"));
	each_file(let_others_write);
	assert_false(holds(STR("key"), STR("payload")));
	store(STR("key"), STR("payload"));
	assert_true(holds(STR("key"), STR("payload")));
	if (geteuid() == 0) {
		each_file(give_away);
		assert_false(holds(STR("key"), STR("payload")));
		store(STR("key"), STR("payload"));
	}
	each_file(make_symlink);
	assert_false(holds(STR("key"), STR("payload")));
}

static void test_only_the_newest_files_are_kept(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++) {
		char key[16];
		snprintf(key, sizeof(key), "key %d", i);
		store(str_from(key), STR("payload"));
	}
	assert_int_equal(each_file(NULL), MATCHER_CACHE_FILES_MAX);
	assert_true(holds(STR("key 39"), STR("payload")));
}

static void test_many_writers_at_once_leave_one_whole_file(void **state)
{
	(void)state;
	pid_t writers[4];
	for (size_t i = 0; i < countof(writers); i++) {
		writers[i] = fork();
		assert_true(writers[i] >= 0);
		if (writers[i] == 0) {
			struct error err;
			int failures = 0;
			for (int k = 0; k < 50; k++) {
				failures += matcher_cache_store(
						    dir(), STR("key"), STR("payload"), &err) != 0;
				failures += !holds(STR("key"), STR("payload"));
			}
			_exit(failures != 0);
		}
	}
	for (size_t i = 0; i < countof(writers); i++) {
		int status = 0;
		assert_int_equal(waitpid(writers[i], &status, 0), writers[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(each_file(NULL), 1);
}

static struct matcher *matcher_over(struct rule_set *rules, bool *from_cache)
{
	struct matcher *m = NULL;
	struct error err;
	struct matcher_options options = { .use_cache = true, .cache_dir = dir() };
	assert_int_equal(matcher_create(&m, rules, &options, &err), 0);
	*from_cache = matcher_stats(m)->from_cache;
	return m;
}

static size_t count_hits(const struct matcher *m)
{
	struct matcher_scratch *scratch = NULL;
	struct hits hits = { .items = NULL };
	struct error err;
	assert_int_equal(matcher_scratch_create(&scratch, m, &err), 0);
	assert_int_equal(
		matcher_scan(m, scratch, STR("error 1\n\nnone\nlast error"), &hits, &err), 0);
	size_t count = hits.count;
	hits_release(&hits);
	matcher_scratch_destroy(scratch);
	return count;
}

static void add_terms(struct rule_set *rules)
{
	struct rule_place place = { .path = STR("rules.yaml"), .line = 3 };
	rule_set_term(rules, TERM_REGEX, STR("error"), place);
	rule_set_term(rules, TERM_REGEX, STR("(broken"), place);
	rule_set_term(rules, TERM_REGEX, STR("^$"), place);
	rule_set_term(rules, TERM_REGEX, STR("(?<!last )error"), place);
}

static void test_a_matcher_from_the_cache_finds_and_rejects_the_same(void **state)
{
	(void)state;
	for (int run = 0; run < 3; run++) {
		struct rule_set rules = { .term_count = 0 };
		bool from_cache = false;
		add_terms(&rules);
		struct matcher *m = matcher_over(&rules, &from_cache);
		assert_int_equal(from_cache, run == 1);
		assert_int_equal(count_hits(m), 4);
		assert_true(matcher_rejects(m, 1));
		assert_int_equal(rules.complaint_count, 1);
		assert_true(rules.complaints[0].rejected);
		matcher_destroy(m);
		rule_set_release(&rules);
		if (run == 1) { /* spoil it, behind the key and what fills it up: it is compiled */
			damaged_at = 1000;
			each_file(flip_byte);
		}
	}
}

static void test_other_terms_do_not_take_the_cached_matcher(void **state)
{
	(void)state;
	bool from_cache = false;
	struct rule_place place = { .line = 1 };
	struct rule_set rules = { .term_count = 0 };
	rule_set_term(&rules, TERM_REGEX, STR("a.c"), place);
	matcher_destroy(matcher_over(&rules, &from_cache));
	rule_set_release(&rules);
	rule_set_term(&rules, TERM_LITERAL, STR("a.c"), place);
	matcher_destroy(matcher_over(&rules, &from_cache));
	assert_false(from_cache);
	rule_set_release(&rules);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

/* Enough terms for several blocks of work, some of which are no patterns. */
static void add_many_terms(struct rule_set *rules)
{
	for (uint32_t i = 0; i < 200; i++) {
		struct rule_place place = { .path = STR("rules.yaml"), .line = i + 1 };
		char text[80];
		snprintf(text, sizeof(text),
			i % 50 == 7 ? "(broken %u"
				    : "(?i)disk %u(?: failed|[0-9]+ of %u lost)|gone %u",
			i, i, i);
		rule_set_term(rules, TERM_REGEX, str_from(text), place);
	}
}

static struct buf stored;

static void read_stored(const char *path)
{
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	for (int c; (c = fgetc(f)) != EOF;)
		buf_append_byte(&stored, (char)c);
	fclose(f);
}

static void test_any_number_of_threads_compiles_the_same(void **state)
{
	static const unsigned threads[] = { 1, 2, 5 };
	struct buf first = BUF_INIT(0);
	(void)state;
	for (size_t i = 0; i < countof(threads); i++) {
		struct rule_set rules = { .term_count = 0 };
		struct matcher *m = NULL;
		struct error err;
		struct matcher_options options = { .use_cache = true,
			.cache_dir = dir(),
			.with_forms = true,
			.threads = threads[i] };
		add_many_terms(&rules);
		assert_int_equal(matcher_create(&m, &rules, &options, &err), 0);
		assert_false(matcher_stats(m)->from_cache);
		assert_int_equal(rules.complaint_count, 4);
		assert_int_equal(each_file(read_stored), 1);
		for (uint32_t k = 0; k < 4; k++)
			buf_printf(&stored, "\n%u", rules.complaints[k].place.line);
		if (i == 0)
			buf_append(&first, buf_str(&stored));
		assert_true(str_equal(buf_str(&first), buf_str(&stored)));
		buf_release(&stored);
		each_file(remove_file);
		matcher_destroy(m);
		rule_set_release(&rules);
	}
	buf_release(&first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(test_what_was_stored_is_found_under_its_key_alone),
		IN_FOLDER(test_a_file_with_any_byte_changed_is_as_if_it_were_not_there),
		IN_FOLDER(test_a_file_cut_anywhere_is_as_if_it_were_not_there),
		IN_FOLDER(test_a_file_that_others_could_have_written_is_not_trusted),
		IN_FOLDER(test_only_the_newest_files_are_kept),
		IN_FOLDER(test_many_writers_at_once_leave_one_whole_file),
		IN_FOLDER(test_a_matcher_from_the_cache_finds_and_rejects_the_same),
		IN_FOLDER(test_other_terms_do_not_take_the_cached_matcher),
		IN_FOLDER(test_any_number_of_threads_compiles_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
