/* SPDX-License-Identifier: MIT */
/* A plain file read in pieces, in any order, gives the lines that it gives one behind the other. */
#include "tests/unit/reader_stage.h"

#define SIDE_BY_SIDE 5

/* Lines as in make_log, one of them longer than small pieces, over and over. */
static struct bytes make_long_log(void)
{
	struct bytes once = make_log(), all = { mem_alloc(20 * (once.len + 1)), 0 };
	for (int i = 0; i < 20; i++) {
		memcpy(all.ptr + all.len, once.ptr, once.len);
		all.len += once.len;
		all.ptr[all.len++] = '\n';
	}
	free(once.ptr);
	return all;
}

struct in_pieces {
	struct reader *reader;
	struct result result;
	size_t taken, refused;
	off_t cut_to; /* before the first piece is read; 0: the file stays as it is */
};

/* Some pieces are read, the last one first, and then taken, the first one first. */
static void read_some(struct in_pieces *p, struct pieces *left)
{
	struct piece pieces[SIDE_BY_SIDE];
	struct chunk chunks[SIDE_BY_SIDE] = { { 0 } };
	size_t count = 0;
	for (; count < SIDE_BY_SIDE && left->next < left->end; count++) {
		pieces[count] = (struct piece){ .offset = left->next, .len = left->bytes };
		left->next += left->bytes;
	}
	if (p->cut_to > 0)
		assert_int_equal(truncate(file, p->cut_to), 0);
	for (size_t i = count; i-- > 0;)
		reader_read_piece(p->reader, &pieces[i], &chunks[i]);
	bool good = true;
	for (size_t i = 0; i < count; i++) {
		good = good && reader_take_piece(p->reader, &pieces[i], &chunks[i]);
		if (good) {
			assert_int_equal(chunks[i].first_line, p->result.lines + 1);
			assert_false(chunks[i].ends_member);
			add_chunk(&p->result, &chunks[i]);
		}
		p->taken += good;
		p->refused += !good;
		chunk_release(&chunks[i]);
	}
	if (!good)
		left->next = left->end;
}

static struct in_pieces read_in_pieces(size_t chunk_bytes, size_t line_bytes, off_t cut_to)
{
	struct in_pieces p = { .cut_to = cut_to };
	struct input input = { .path = str_from(file), .modified_ns = TIME_NONE };
	struct read_limits limits = read_limits_default;
	static const struct selection all;
	struct error err;
	limits.chunk_bytes = chunk_bytes;
	limits.line_bytes = line_bytes;
	assert_int_equal(reader_open(&p.reader, &input, &limits, &all, &err), 0);
	struct chunk chunk = { 0 };
	while (reader_next(p.reader, &chunk) == 1) {
		struct pieces left;
		add_chunk(&p.result, &chunk);
		if (reader_pieces(p.reader, &left))
			while (left.next < left.end)
				read_some(&p, &left);
	}
	chunk_release(&chunk);
	p.result.counts = reader_counts(p.reader);
	const struct troubles *troubles = reader_troubles(p.reader);
	p.result.troubles = troubles->count;
	if (troubles->count > 0)
		snprintf(p.result.reason, sizeof(p.result.reason), "%.*s",
			STR_ARG(troubles->items[0].reason));
	reader_close(p.reader);
	return p;
}

static void test_pieces_give_the_lines_of_the_file(void **state)
{
	(void)state;
	struct bytes log = make_long_log();
	struct result want = expected(log);
	static const size_t sizes[] = { 30, 300, 5000, 12000, 40000, 100000 };
	write_file(log);
	for (size_t i = 0; i < countof(sizes); i++) {
		struct in_pieces p = read_in_pieces(sizes[i], read_limits_default.line_bytes, 0);
		assert_same_text("pieces", &p.result, &want);
		assert_int_equal(p.result.lines, want.lines);
		assert_int_equal(p.result.offset_sums, want.offset_sums);
		assert_int_equal(p.result.troubles, 0);
		assert_int_equal(p.result.counts.lines, want.lines);
		assert_int_equal(p.result.counts.bytes, log.len);
		assert_int_equal(p.result.counts.bytes_encoded, log.len);
		/* a line longer than a piece, or than the room for what is left over, ends it */
		if (sizes[i] < 10000)
			assert_true(p.refused > 0);
		else
			assert_true(p.taken > 0);
		result_free(&p.result);
	}
	result_free(&want);
	free(log.ptr);
}

static void test_a_file_that_is_not_larger_is_not_read_in_pieces(void **state)
{
	(void)state;
	struct bytes log = make_long_log();
	write_file(log);
	/* all of it, and what a limit on lines may cut */
	struct in_pieces p = read_in_pieces(log.len, read_limits_default.line_bytes, 0);
	assert_int_equal(p.taken + p.refused, 0);
	result_free(&p.result);
	p = read_in_pieces(40000, 50000, 0);
	assert_int_equal(p.taken + p.refused, 0);
	result_free(&p.result);
	free(log.ptr);
}

static void test_a_file_that_becomes_shorter_gives_what_was_there(void **state)
{
	(void)state;
	struct bytes log = make_long_log();
	size_t len = log.len / 2;
	struct result want = expected((struct bytes){ log.ptr, len });
	write_file(log);
	struct in_pieces p = read_in_pieces(40000, read_limits_default.line_bytes, (off_t)len);
	assert_same_text("shorter", &p.result, &want);
	assert_int_equal(p.result.lines, want.lines);
	assert_int_equal(p.result.offset_sums, want.offset_sums);
	assert_true(p.taken > 0 && p.refused > 0);
	assert_int_equal(p.result.troubles, 1);
	assert_non_null(strstr(p.result.reason, "it became shorter while it was read"));
	result_free(&p.result);
	result_free(&want);
	free(log.ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces_give_the_lines_of_the_file),
		cmocka_unit_test(test_a_file_that_is_not_larger_is_not_read_in_pieces),
		cmocka_unit_test(test_a_file_that_becomes_shorter_gives_what_was_there),
	};
	return cmocka_run_group_tests(tests, open_stage, close_stage);
}
