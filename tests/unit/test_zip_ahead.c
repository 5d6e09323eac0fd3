/* SPDX-License-Identifier: MIT */
/*
 * Members of a zip archive that are decoded ahead by several threads give what one thread gives
 * that goes from member to member: whole, cut off anywhere, with any byte wrong, with members
 * passed over.
 */
#include "tests/unit/reader_stage.h"

#include "src/input/source.h"
#include "src/input/zip_ahead.h"

#define MEMBERS 40

/* Members of all sizes, an empty one, folders between them. */
static struct bytes make_zip(void)
{
	struct bytes out = { NULL, 0 };
	struct bytes log = make_log();
	struct archive *a = writer("zip", NULL, &out);
	for (size_t i = 0; i < MEMBERS; i++) {
		char name[64];
		snprintf(name, sizeof(name), "var/log/%s%zu.log", i % 3 == 0 ? "app" : "db", i);
		struct bytes part = { log.ptr, log.len * i / MEMBERS };
		write_member(a, name, part);
		if (i % 10 == 5) {
			struct archive_entry *e = archive_entry_new();
			archive_entry_set_pathname(e, "var/log/empty/");
			archive_entry_set_filetype(e, AE_IFDIR);
			archive_entry_set_perm(e, 0755);
			assert_true(archive_write_header(a, e) >= ARCHIVE_WARN);
			archive_entry_free(e);
		}
	}
	archive_write_close(a);
	archive_write_free(a);
	free(log.ptr);
	return out;
}

static struct result read_by(unsigned threads, const struct selection *selection)
{
	struct read_limits limits = read_limits_default;
	limits.threads = threads;
	limits.chunk_bytes = 5000;
	return read_with(file, &limits, selection);
}

/* What one thread makes of the file, when four make the same of it. */
static struct result assert_alike(struct bytes data, const struct selection *selection)
{
	write_file(data);
	struct result one = read_by(1, selection), four = read_by(4, selection);
	assert_same_text("by four threads", &four, &one);
	assert_int_equal(four.members, one.members);
	assert_int_equal(four.troubles, one.troubles);
	assert_string_equal(four.reason, one.reason);
	assert_memory_equal(&four.counts, &one.counts, sizeof(one.counts));
	result_free(&four);
	return one;
}

static void test_members_are_read_like_one_behind_the_other(void **state)
{
	(void)state;
	struct bytes zip = make_zip();
	struct result r = assert_alike(zip, NULL);
	assert_int_equal(r.troubles, 0);
	assert_int_equal(r.members, MEMBERS - 1); /* one is empty */
	result_free(&r);
	free(zip.ptr);
}

static void test_members_that_are_passed_over_change_nothing(void **state)
{
	(void)state;
	static struct str patterns[] = { { "*app*.log", 9 } };
	const struct selection selection = { .include = patterns, .include_count = 1 };
	struct bytes zip = make_zip();
	struct result r = assert_alike(zip, &selection);
	assert_int_equal(r.members, (MEMBERS + 2) / 3 - 1);
	result_free(&r);
	free(zip.ptr);
}

static void test_a_zip_cut_off_gives_the_same_lines_and_troubles(void **state)
{
	(void)state;
	struct bytes zip = make_zip();
	for (size_t len = 1; len < zip.len; len += zip.len / 97 + 1) {
		struct result r = assert_alike((struct bytes){ zip.ptr, len }, NULL);
		result_free(&r);
	}
	free(zip.ptr);
}

static void test_wrong_bytes_give_the_same_lines_and_troubles(void **state)
{
	(void)state;
	struct bytes zip = make_zip();
	size_t troubled = 0;
	for (size_t at = 40; at < zip.len; at += zip.len / 199 + 1) {
		zip.ptr[at] = (char)(zip.ptr[at] ^ 0x24);
		struct result r = assert_alike(zip, NULL);
		zip.ptr[at] = (char)(zip.ptr[at] ^ 0x24);
		troubled += r.troubles > 0;
		result_free(&r);
	}
	assert_true(troubled > 100);
	free(zip.ptr);
}

/* ---- that it is ahead ---- */

static size_t read_ones(struct flow *f, char *out, size_t capacity)
{
	size_t *left = f->state;
	size_t n = size_min(*left, capacity);
	memset(out, 0xff, n);
	*left -= n;
	return n;
}

/* What deflate never makes anything of: with it a member can be had from the file alone. */
static const struct flow_kind ones = { .read = read_ones };

static void test_members_come_from_the_file_before_they_are_asked_for(void **state)
{
	(void)state;
	struct bytes zip = make_zip();
	struct read_limits limits = read_limits_default;
	struct flow_budget budget = { .limits = &limits };
	struct input input = { .path = str_from(file), .modified_ns = TIME_NONE };
	struct flow *flow;
	struct error err;
	int64_t modified_ns;
	write_file(zip);
	assert_int_equal(source_open(&flow, &input, &budget, &modified_ns, &err), 0);
	const char *begin = memmem(zip.ptr, zip.len, "PK\1\2", 4);
	struct str directory = str_of(begin, zip.len - (size_t)(begin - zip.ptr));
	struct zip_ahead *a = zip_ahead_create(flow, directory, 0, 3);
	struct zip_entry e;
	size_t members = 0;
	for (size_t place = 0, at = 0; zip_entry_read(directory, &at, &e); place = at) {
		static char out[100000];
		if (!zip_ahead_suits(&e, &limits))
			continue;
		size_t left = (size_t)e.packed, total = 0;
		struct flow *member =
			zip_ahead_open(a, place, &e, flow_create(&ones, &left, NULL, &budget));
		for (size_t n = 1; n > 0; total += n)
			n = flow_read(member, out + total, sizeof(out) - total);
		assert_null(flow_fault(member));
		assert_int_equal(total, e.size);
		assert_int_equal(left, 0);
		flow_destroy(member);
		members++;
	}
	assert_int_equal(members, MEMBERS);
	zip_ahead_destroy(a);
	flow_destroy(flow);
	free(zip.ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members_are_read_like_one_behind_the_other),
		cmocka_unit_test(test_members_that_are_passed_over_change_nothing),
		cmocka_unit_test(test_a_zip_cut_off_gives_the_same_lines_and_troubles),
		cmocka_unit_test(test_wrong_bytes_give_the_same_lines_and_troubles),
		cmocka_unit_test(test_members_come_from_the_file_before_they_are_asked_for),
	};
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(file, sizeof(file), "%s/log", folder);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file);
	rmdir(folder);
	return failed;
}
