/* SPDX-License-Identifier: MIT */
#include "src/input/chunker.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "src/input/chunker_parts.h"

#define SKIP_STEP_BYTES	 ((size_t)64 << 10)
#define LOOK_AHEAD_BYTES ((size_t)4096)

void chunker_begin(
	struct chunker *l, struct flow *flow, uint64_t offset, const struct read_limits *limits)
{
	l->flow = flow;
	l->chunk_bytes = size_max(limits->chunk_bytes, 1);
	l->line_bytes = size_max(limits->line_bytes, 1);
	l->carry_len = 0;
	l->offset = offset;
	l->next_line = 1;
	l->cut_lines = 0;
	l->ended = l->lines_are_long = false;
}

void chunker_release(struct chunker *l)
{
	free(l->carry);
	*l = (struct chunker){ 0 };
}

static void carry_reserve(struct chunker *l, size_t bytes)
{
	if (bytes <= l->carry_capacity)
		return;
	l->carry_capacity = size_max(bytes, l->carry_capacity * 2);
	l->carry = mem_realloc(l->carry, l->carry_capacity, 1);
}

void chunker_carry_on(struct chunker *l, const char *data, size_t len)
{
	carry_reserve(l, l->carry_len + len);
	memcpy(l->carry + l->carry_len, data, len);
	l->carry_len += len;
}

void chunker_carry(struct chunker *l, const char *data, size_t len)
{
	carry_reserve(l, len);
	if (len > 0)
		memcpy(l->carry, data, len);
	l->carry_len = len;
}

/* Passes over the flow up to and with the next LF. False when it ended without one. */
static bool skip_line(struct chunker *l, uint64_t *skipped)
{
	carry_reserve(l, SKIP_STEP_BYTES);
	l->carry_len = 0;
	for (;;) {
		size_t n = flow_read(l->flow, l->carry, SKIP_STEP_BYTES);
		if (n == 0) {
			l->ended = true;
			return false;
		}
		const char *lf = memchr(l->carry, '\n', n);
		if (lf != NULL) {
			size_t used = (size_t)(lf - l->carry) + 1;
			*skipped += used;
			l->carry_len = n - used;
			memmove(l->carry, lf + 1, l->carry_len);
			return true;
		}
		*skipped += n;
	}
}

/* Reads until the chunk is full and holds a whole line, or is too long for one, or all is read.
 * Returns the length of its whole lines (0: not one). */
static size_t read_lines(struct chunker *l, struct chunk *c)
{
	size_t whole = 0;
	size_t searched = 0;
	for (;;) {
		const char *lf = memrchr(c->data + searched, '\n', c->len - searched);
		if (lf != NULL)
			whole = (size_t)(lf - c->data) + 1;
		searched = c->len;
		if (l->ended)
			return c->len;
		if ((c->len >= l->chunk_bytes && whole > 0) ||
			(whole == 0 && c->len > l->line_bytes))
			return whole;
		if (c->len >= chunk_capacity(c))
			chunk_reserve(c, c->len * 2);
		size_t room = chunk_capacity(c) - c->len;
		/* Never past the chunk's size, but for a line that is longer. */
		if (c->len < l->chunk_bytes)
			room = size_min(room, l->chunk_bytes - c->len);
		size_t n = flow_read(l->flow, c->data + c->len, room);
		l->ended = n == 0;
		c->len += n;
	}
}

/* Ends the chunk behind the first line_bytes of the line that starts at `line`. `lf` is where the
 * line ends, or NULL when its end was not read yet. `len` is all that the chunk holds. */
static uint64_t cut_line(
	struct chunker *l, struct chunk *c, size_t line, const char *lf, size_t len)
{
	uint64_t consumed;
	bool has_end = true;
	size_t cut = line + l->line_bytes;
	if (lf != NULL) {
		size_t rest = (size_t)(lf - c->data) + 1;
		consumed = rest;
		chunker_carry(l, c->data + rest, len - rest);
	} else {
		consumed = len;
		if (l->ended)
			l->carry_len = 0;
		has_end = !l->ended && skip_line(l, &consumed);
	}
	c->len = cut;
	if (has_end)
		c->data[c->len++] = '\n';
	l->cut_lines++;
	return consumed;
}

/* Where the first line past the limit starts in data[0, len), or len. */
static size_t find_long_line(
	const struct chunker *l, const struct chunk *c, size_t len, const char **lf)
{
	size_t at = 0;
	while (at < len) {
		*lf = memchr(c->data + at, '\n', len - at);
		size_t end = *lf == NULL ? len : (size_t)(*lf - c->data);
		if (end - at > l->line_bytes)
			return at;
		at = end + 1;
	}
	return len;
}

/* CR LF becomes LF; the place of each such LF is kept. */
static void drop_returns(struct chunk *c)
{
	size_t from = 0;
	size_t to = 0;
	while (from < c->len) {
		const char *cr = memchr(c->data + from, '\r', c->len - from);
		size_t end = cr == NULL ? c->len : (size_t)(cr - c->data);
		memmove(c->data + to, c->data + from, end - from);
		to += end - from;
		from = end;
		if (cr == NULL)
			break;
		if (from + 1 < c->len && c->data[from + 1] == '\n') {
			mem_grow(&c->dropped, c->dropped_count, &c->dropped_capacity);
			c->dropped[c->dropped_count++] = (uint32_t)to;
			c->data[to++] = '\n';
			from += 2;
		} else {
			c->data[to++] = '\r';
			from++;
		}
	}
	c->len = to;
}

void chunker_finish(struct chunker *l, struct chunk *c, uint64_t consumed, struct line_ends ends)
{
	c->dropped_count = 0;
	c->offset = l->offset;
	c->first_line = l->next_line;
	if (ends.returns)
		drop_returns(c);
	l->offset += consumed;
	l->next_line += ends.feeds + (c->data[c->len - 1] != '\n');
}

bool chunker_fill(struct chunker *l, struct chunk *c)
{
	chunk_begin(c, 0, size_max(l->chunk_bytes, l->carry_len));
	if (l->carry_len > 0)
		memcpy(c->data, l->carry, l->carry_len);
	c->len = l->carry_len;
	l->carry_len = 0;

	size_t whole = read_lines(l, c);
	if (c->len == 0)
		return false;
	uint64_t consumed = whole;
	const char *lf = NULL;
	size_t line = 0;
	if (whole > l->line_bytes)
		line = find_long_line(l, c, whole, &lf);
	if (whole == 0 || (whole > l->line_bytes && line < whole)) {
		consumed = cut_line(l, c, line, lf, c->len);
	} else {
		chunker_carry(l, c->data + whole, c->len - whole);
		c->len = whole;
	}
	/* The last chunk of a member says so: look whether anything follows. */
	if (l->carry_len == 0 && !l->ended) {
		size_t ahead = size_min(LOOK_AHEAD_BYTES, l->chunk_bytes);
		carry_reserve(l, ahead);
		l->carry_len = flow_read(l->flow, l->carry, ahead);
		l->ended = l->carry_len == 0;
	}
	c->ends_member = l->ended && l->carry_len == 0;
	chunker_finish(l, c, consumed, line_ends_count(str_of(c->data, c->len)));
	return true;
}
