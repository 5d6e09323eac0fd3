/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a member: the first three choose the sizes of chunks, lines and reads. What comes
 * out must be what a plain loop over the text makes of it.
 */
#include "lineup/chunk.h"
#include "lineup/buf.h"
#include "src/input/chunker.h"
#include "tests/fuzz/fuzz.h"

struct text_state {
	struct str rest;
	size_t step;
};

static size_t text_read(struct flow *f, char *out, size_t capacity)
{
	struct text_state *s = f->state;
	size_t n = size_min(size_min(capacity, s->step), s->rest.len);
	if (n > 0)
		memcpy(out, s->rest.ptr, n);
	s->rest = str_skip(s->rest, n);
	return n;
}

static const struct flow_kind text_kind = { .read = text_read };

/* CR LF as LF, and no line longer than the limit; a cut line keeps its end. */
static void expect(struct str text, size_t line_bytes, struct buf *out, uint64_t *cut_lines)
{
	while (text.len > 0) {
		ptrdiff_t lf = str_find_byte(text, '\n');
		size_t len = lf < 0 ? text.len : (size_t)lf;
		struct str line = str_head(text, size_min(len, line_bytes));
		*cut_lines += len > line_bytes;
		if (lf >= 0 && str_ends(line, STR("\r")))
			line.len--;
		buf_append(out, line);
		if (lf >= 0)
			buf_append_byte(out, '\n');
		text = str_skip(text, lf < 0 ? len : len + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 3)
		return 0;
	struct read_limits limits = read_limits_default;
	limits.chunk_bytes = 1 + (size_t)data[0] * 3;
	limits.line_bytes = 1 + (size_t)data[1];
	struct str text = str_of((const char *)data + 3, size - 3);
	struct text_state state = { text, 1 + (size_t)data[2] };
	struct flow_budget budget = { .limits = &limits };
	struct flow *flow = flow_create(&text_kind, &state, NULL, &budget);
	struct chunker chunker = { .flow = NULL };
	struct chunk chunk = { .data = NULL };
	struct buf got = BUF_INIT(0);
	struct buf want = BUF_INIT(0);
	uint64_t cut_lines = 0;
	uint64_t line = 1;
	bool ended = false;
	chunker_begin(&chunker, flow, 0, &limits);
	while (chunker_fill(&chunker, &chunk)) {
		PROMISE(!ended && chunk.first_line == line && chunk.len > 0);
		for (size_t i = 0; i < chunk.len; i++)
			line += chunk.data[i] == '\n';
		/* The place of a line's first byte is that byte in the text. */
		uint64_t at = chunk_offset(&chunk, 0);
		PROMISE(at < text.len && (at == 0 || text.ptr[at - 1] == '\n'));
		buf_append(&got, str_of(chunk.data, chunk.len));
		ended = chunk.ends_member;
	}
	PROMISE(ended || text.len == 0);
	expect(text, limits.line_bytes, &want, &cut_lines);
	PROMISE(chunker.cut_lines == cut_lines);
	PROMISE(str_equal(buf_str(&got), buf_str(&want)));
	buf_release(&got);
	buf_release(&want);
	chunk_release(&chunk);
	chunker_release(&chunker);
	flow_destroy(flow);
	return 0;
}
