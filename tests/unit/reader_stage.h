/* SPDX-License-Identifier: MIT */
/*
 * For tests of the reader: a file of given bytes, and all that comes of reading it. The file is one
 * for the whole program; one thread.
 */
#ifndef LINEUP_TESTS_READER_STAGE_H
#define LINEUP_TESTS_READER_STAGE_H

#include <unistd.h>

#include "tests/unit/reader_wrappings.h"
#include "src/input/flow.h"

static char folder[] = "/tmp/lineup-reader-XXXXXX";
static char file[64];

/* LF and CR LF ends, empty lines, a line of 10 KB, a lone CR, no end behind the last one. */
static inline struct bytes make_log(void)
{
	struct bytes log = { mem_alloc(64 << 10), 0 };
	for (unsigned i = 0; i < 300; i++)
		log.len += (size_t)snprintf(log.ptr + log.len, 200,
			"2026-11-20T17:%02u:%02u app[%u]: request %u took %u ms%s", i / 60, i % 60,
			i * 7, i * i, i % 13,
			i % 3 == 0    ? "\r\n"
			: i % 41 == 0 ? "\n\n"
				      : "\n");
	memset(log.ptr + log.len, 'x', 10000);
	log.len += 10000;
	log.len += (size_t)snprintf(log.ptr + log.len, 100, "\nlone\rreturn\r\r\n\nlast line");
	return log;
}

struct result {
	struct bytes text;    /* the chunks' data one behind the other */
	uint64_t offset_sums; /* of the first byte of each line, weighed by its number */
	uint64_t lines;
	size_t members;
	char place[512];
	size_t troubles;
	struct trouble first;
	char reason[768];
	struct read_counts counts;
};

static inline void result_free(struct result *r)
{
	free(r->text.ptr);
}

static inline void add_chunk(struct result *r, const struct chunk *c)
{
	uint64_t line = c->first_line;
	size_t at = 0;
	while (at < c->len) {
		r->offset_sums += line * chunk_offset(c, at);
		const char *lf = memchr(c->data + at, '\n', c->len - at);
		at = lf == NULL ? c->len : (size_t)(lf - c->data) + 1;
		line++;
		r->lines++;
	}
	r->text.ptr = mem_realloc(r->text.ptr, r->text.len + c->len, 1);
	memcpy(r->text.ptr + r->text.len, c->data, c->len);
	r->text.len += c->len;
}

static inline struct result read_with(
	const char *path, const struct read_limits *limits, const struct selection *selection)
{
	struct result result = { 0 };
	struct input input = { .path = str_from(path), .index = 3, .modified_ns = TIME_NONE };
	struct reader *reader;
	struct error err;
	if (reader_open(&reader, &input, limits, selection, &err) != 0)
		fail_msg("%s: %s", path, err.text);
	struct chunk chunk = { 0 };
	bool open_member = false;
	uint64_t next_line = 1;
	while (reader_next(reader, &chunk) == 1) {
		assert_true(chunk.len > 0);
		assert_int_equal(chunk.member->input, 3);
		if (!open_member) {
			result.members++;
			next_line = 1;
			snprintf(result.place, sizeof(result.place), "%.*s",
				STR_ARG(chunk.member->place));
		}
		assert_int_equal(chunk.first_line, next_line);
		uint64_t before = result.lines;
		add_chunk(&result, &chunk);
		next_line += result.lines - before;
		open_member = !chunk.ends_member;
	}
	assert_false(open_member);
	chunk_release(&chunk);
	result.counts = reader_counts(reader);
	assert_int_equal(result.counts.lines, result.lines);
	const struct troubles *troubles = reader_troubles(reader);
	result.troubles = troubles->count;
	if (troubles->count > 0) {
		result.first = troubles->items[0];
		snprintf(
			result.reason, sizeof(result.reason), "%.*s", STR_ARG(result.first.reason));
	}
	reader_close(reader);
	return result;
}

static inline void write_file(struct bytes data)
{
	/* A new file: writing over an old one makes some file systems wait for the disk. */
	unlink(file);
	FILE *f = fopen(file, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(data.ptr, 1, data.len, f), data.len);
	assert_int_equal(fclose(f), 0);
}

static inline struct result read_bytes(struct bytes data, const struct read_limits *limits)
{
	write_file(data);
	return read_with(file, limits, NULL);
}

static inline struct result read_text(
	const char *text, size_t len, const struct read_limits *limits)
{
	return read_bytes((struct bytes){ (char *)(uintptr_t)text, len }, limits);
}

static inline void set_tuning(size_t buffer_bytes, size_t read_bytes)
{
	flow_tuning.buffer_bytes = buffer_bytes;
	flow_tuning.read_bytes = read_bytes;
}

static inline void assert_same_text(
	const char *what, const struct result *got, const struct result *want)
{
	if (got->text.len != want->text.len ||
		memcmp(got->text.ptr, want->text.ptr, want->text.len) != 0)
		fail_msg("%s: text differs (%zu bytes, %zu wanted; trouble: %s)", what,
			got->text.len, want->text.len, got->reason);
}

static inline void check_wrapping(
	const struct wrapped *w, struct bytes log, const struct result *want, size_t chunk_bytes)
{
	struct read_limits limits = read_limits_default;
	limits.chunk_bytes = chunk_bytes;
	struct bytes data = wrap(w, log);
	struct result got = read_bytes(data, &limits);
	char place[600];
	snprintf(place, sizeof(place), "%s%s", file, w->place);
	if (got.troubles != 0)
		fail_msg("%s: %s", w->name, got.reason);
	assert_same_text(w->name, &got, want);
	assert_int_equal(got.lines, want->lines);
	assert_int_equal(got.offset_sums, want->offset_sums);
	assert_int_equal(got.members, 1);
	assert_string_equal(got.place, place);
	result_free(&got);
	free(data.ptr);
}

/* What the plain file must give, worked out by other means than the reader's. */
static inline struct result expected(struct bytes log)
{
	struct result want = { .text = { mem_alloc(log.len), 0 } };
	uint64_t line = 1;
	bool at_start = true;
	for (size_t i = 0; i < log.len; i++) {
		if (at_start) {
			want.offset_sums += line * i;
			want.lines++;
		}
		at_start = log.ptr[i] == '\n';
		line += at_start;
		if (log.ptr[i] == '\r' && i + 1 < log.len && log.ptr[i + 1] == '\n')
			continue;
		want.text.ptr[want.text.len++] = log.ptr[i];
	}
	return want;
}

/* For cmocka_run_group_tests, before and after all. */
static inline int open_stage(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(file, sizeof(file), "%s/input", folder);
	return 0;
}

static inline int close_stage(void **state)
{
	(void)state;
	unlink(file);
	return rmdir(folder);
}

struct document {
	const char *text;
	const char *lines; /* NULL: the text as it is */
};

/* Each text is read whole, and its lines are these. */
static inline void check_documents(const struct document *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct result got =
			read_text(cases[i].text, strlen(cases[i].text), &read_limits_default);
		struct str want = str_from(cases[i].lines != NULL ? cases[i].lines : cases[i].text);
		assert_int_equal(got.troubles, 0);
		if (!str_equal(str_of(got.text.ptr, got.text.len), want))
			fail_msg("case %zu: %.*s", i, (int)got.text.len, got.text.ptr);
		result_free(&got);
	}
}

#endif
