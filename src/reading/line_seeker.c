/* SPDX-License-Identifier: MIT */
#include "lineup/line_seeker.h"

#include "lineup/line_ends.h"
#include "src/reading/reading_source.h"

/*
 * What a line reads as depends on the lines before it in three ways only (reading.h): on the last
 * stamped one, from which it inherits; on whether any had its stamp in its head; and, in the hour
 * that a clock shows twice and under headings that name programs, on all of them. The first is
 * found by walking back; until the second is settled, and whenever the third shows, every line is
 * read from the start.
 */

void line_seeker_start(struct line_seeker *s, const struct reading_options *options,
	const struct chunk_reading *at, const struct chunk *chunk)
{
	line_cursor_start(&s->cursor, options, at);
	s->options = options;
	s->at = at;
	s->text = str_of(chunk->data, chunk->len);
	s->known = 0;
	/* Whose lines follow a heading, all lines before them say. */
	s->repeats = at->source->sections;
	s->walks = !at->header_seen || s->repeats;
	s->counted = 0;
	s->number = chunk->first_line;
}

/* Reads all lines from `known` up to the one at `start`; ends early when no more is needed. */
static void walk_to(struct line_seeker *s, size_t start)
{
	struct str rest = str_of(s->text.ptr + s->known, start - s->known);
	struct reading r;
	while (rest.len > 0 && s->walks) {
		line_read(&s->cursor, str_cut(&rest, '\n'), false, &r);
		s->walks = s->repeats || !s->cursor.header_seen;
	}
	s->known = start - rest.len;
}

static void start_over(struct line_seeker *s, size_t start)
{
	line_cursor_start(&s->cursor, s->options, s->at);
	s->known = 0;
	s->walks = s->repeats = true;
	walk_to(s, start);
}

/* Brings the cursor to the last stamped line before `start`; false in the hour shown twice. */
static bool walk_back(struct line_seeker *s, size_t start)
{
	const struct line_cursor before = s->cursor;
	for (size_t end = start; end > s->known;) {
		ptrdiff_t newline =
			str_rfind_byte(str_of(s->text.ptr + s->known, end - 1 - s->known), '\n');
		size_t line = s->known + (size_t)(newline + 1);
		struct reading r;
		line_read(&s->cursor, str_of(s->text.ptr + line, end - 1 - line), false, &r);
		if (s->cursor.trust.repeated_lines > before.trust.repeated_lines)
			return false;
		if (r.basis == TIME_BASIS_STAMP)
			return true;
		s->cursor = before;
		end = line;
	}
	return true;
}

uint64_t line_seeker_read(struct line_seeker *s, size_t start, struct str line,
	struct line_form *form, struct reading *r)
{
	if (s->walks)
		walk_to(s, start);
	const struct line_cursor before = s->cursor;
	line_read_form(&s->cursor, line, form, r);
	bool repeated = s->cursor.trust.repeated_lines > before.trust.repeated_lines;
	if (!s->walks && s->known < start && (repeated || r->basis != TIME_BASIS_STAMP)) {
		s->cursor = before;
		if (repeated || !walk_back(s, start))
			start_over(s, start);
		line_read_form(&s->cursor, line, form, r);
	}
	s->known = size_min(start + line.len + 1, s->text.len);
	s->walks = s->repeats || !s->cursor.header_seen;
	s->number += line_ends_count(str_of(s->text.ptr + s->counted, start - s->counted)).feeds;
	s->counted = start;
	return s->number;
}
