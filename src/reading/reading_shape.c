/* SPDX-License-Identifier: MIT */
/*
 * Stamps in the lines of a longer message: rows of a table, a statement of SQL, a dump. They stand
 * where a head's could, but they look otherwise than those of the member's heads: without the
 * fraction, the zone, with another separator. Only lines that look like a part of something are
 * asked: indented, with a table's bar in front, a stamp in quotes that no key and no column
 * explains, all that a header says ("Expires: Thu, 01 Jan 1970 00:00:00 GMT"), alone in their line
 * or behind one word, or in the line that names an exception. A line of another program, whose
 * layout differs too, has none of these.
 */
#include "lineup/level.h"
#include "src/reading/reading_source.h"

/* What two stamps of one layout have in common. */
static uint16_t shape_of(const struct stamp *s)
{
	unsigned shape = (unsigned)s->kind | (unsigned)(s->zone != STAMP_ZONE_NONE) << 3 |
			 (unsigned)(s->year != 0) << 4 | (unsigned)(s->fraction_digits > 0) << 5 |
			 (unsigned)s->is_named << 6 | (unsigned)s->is_syslog << 7 |
			 (unsigned)(s->date_separator & 0x7f) << 8;
	return (uint16_t)(shape | 0x8000); /* 0: none */
}

static bool is_alone(struct str line, const struct stamp *s)
{
	return s->start == 0 && s->end == line.len;
}

bool reading_is_header(struct str line, size_t text_at, const struct stamp *s)
{
	size_t at = text_at, end = line.len;
	while (at < s->start && (is_alpha(line.ptr[at]) || line.ptr[at] == '-'))
		at++;
	if (at == text_at || at + 2 > s->start || line.ptr[at] != ':' || line.ptr[at + 1] != ' ')
		return false;
	for (at += 2; at < s->start; at++) {
		if (!is_alpha(line.ptr[at]) && line.ptr[at] != ',' && line.ptr[at] != ' ')
			return false;
	}
	while (end > s->end && (line.ptr[end - 1] == ' ' || line.ptr[end - 1] == '\r'))
		end--;
	return end == s->end;
}

/* `chunk 20251231T235959`: one word in small letters, which is no level, and the stamp is the rest.
 */
static bool is_named_value(struct str line, size_t text_at, const struct stamp *s)
{
	size_t at = text_at;
	while (at < s->start && line.ptr[at] >= 'a' && line.ptr[at] <= 'z')
		at++;
	return at > text_at + 2 && at + 1 == s->start && s->end == line.len &&
	       line.ptr[at] == ' ' &&
	       level_of_word(str_of(line.ptr + text_at, at - text_at)) == LEVEL_NONE;
}

bool reading_may_be_part(struct str line, size_t text_at, const struct stamp *s)
{
	char first = line.ptr[text_at], before = s->start > 0 ? line.ptr[s->start - 1] : ' ';
	if (first == ' ' || first == '\t' || first == '|')
		return true;
	/* 'stamp' behind a word; a column's quotes are in front or behind a separator, a value's
	 * behind = */
	if ((before == '\'' || before == '"') && s->start > text_at + 1)
		return line.ptr[s->start - 2] == ' ' || line.ptr[s->start - 2] == '(';
	return is_alone(line, s) || reading_is_header(line, text_at, s) ||
	       is_named_value(line, text_at, s) || reading_is_exception(line);
}

void reading_note_shape(struct stamp_shapes *shapes, struct str line, const struct found_stamp *f)
{
	uint16_t shape = shape_of(&f->stamp);
	if (is_alone(line, &f->stamp) && shapes->alone != shape) {
		/* What stands alone in two lines is a layout: the lines of an event follow it. */
		shapes->alone = shape;
		return;
	}
	if (!is_alone(line, &f->stamp) && reading_may_be_part(line, f->text_at, &f->stamp))
		return;
	size_t i = 0;
	while (i < countof(shapes->items) && shapes->items[i] != 0 && shapes->items[i] != shape)
		i++;
	if (i < countof(shapes->items))
		shapes->items[i] = shape;
}

static bool is_known(const struct stamp_shapes *shapes, const struct stamp *s)
{
	uint16_t shape = shape_of(s);
	size_t count = countof(shapes->items);
	if (shapes->items[0] == 0 || shapes->items[count - 1] != 0)
		return true; /* none was seen, or so many that one more says nothing */
	for (size_t i = 0; i < count && shapes->items[i] != 0; i++) {
		if (shapes->items[i] == shape)
			return true;
	}
	return false;
}

bool reading_is_foreign(
	const struct source_reading *source, struct str line, size_t text_at, const struct stamp *s)
{
	return !is_known(&source->shapes, s) && reading_may_be_part(line, text_at, s);
}
