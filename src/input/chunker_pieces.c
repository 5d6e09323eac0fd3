/* SPDX-License-Identifier: MIT */
/*
 * Plain files read side by side: each thread reads a piece straight into its chunk, some bytes
 * behind the start of the room; when its turn comes the line that the piece before it began is put
 * there. What is not so simple (a line that is longer than a piece, a file that became shorter) is
 * handed back, and read one behind the other.
 */
#include <string.h>

#include "src/input/chunker_parts.h"
#include "src/input/source.h"

/* For what is left over of the piece before; a multiple of a cache line. */
#define HEAD_BYTES ((size_t)4096)

bool chunker_pieces(const struct chunker *l, struct pieces *p)
{
	uint64_t at, left;
	size_t bytes = l->chunk_bytes;
	if (l->ended || l->lines_are_long || l->carry_len > HEAD_BYTES ||
		l->line_bytes / 2 < bytes + HEAD_BYTES || !source_left(l->flow, &at, &left))
		return false;
	/* The last piece is left: whoever reads it sees the end. */
	*p = (struct pieces){ at, at + (left - 1) / bytes * bytes, bytes };
	return p->next < p->end;
}

void chunker_read_piece(const struct chunker *l, struct piece *p, struct chunk *c)
{
	chunk_begin(c, HEAD_BYTES, p->len);
	c->len = source_read_some(l->flow, p->offset, c->data, p->len);
	p->is_whole = c->len == p->len;
	p->ends = line_ends_count(str_of(c->data, c->len));
}

bool chunker_take_piece(struct chunker *l, const struct piece *p, struct chunk *c)
{
	source_move(l->flow, c->len);
	if (!p->is_whole || p->ends.feeds == 0 || l->carry_len > HEAD_BYTES) {
		l->lines_are_long = p->is_whole;
		chunker_carry_on(l, c->data, c->len);
		return false;
	}
	struct line_ends ends = line_ends_count(str_of(l->carry, l->carry_len));
	c->data -= l->carry_len;
	c->len += l->carry_len;
	memcpy(c->data, l->carry, l->carry_len);
	ends.feeds += p->ends.feeds;
	ends.returns |= p->ends.returns;
	size_t whole = (size_t)(str_rfind_byte(str_of(c->data, c->len), '\n') + 1);
	chunker_carry(l, c->data + whole, c->len - whole);
	c->len = whole;
	c->ends_member = false;
	chunker_finish(l, c, whole, ends);
	return true;
}
