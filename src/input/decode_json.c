/* SPDX-License-Identifier: MIT */
/*
 * JSON documents of many records, as log stores export them and APIs answer, to one line a record.
 * A record that is laid out over several lines becomes one: the line ends and the indentation in it
 * are moved behind it, so that its line has the number that it has in the document, and no byte is
 * lost. Records that share a line get lines of their own. What encloses a record and names it (the
 * stream, the group) is repeated at its end; a row of a table whose columns have names becomes an
 * object of these. What is no record stays as it is.
 */
#include "src/input/decoder.h"

#include <stdlib.h>

#include "lineup/buf.h"
#include "lineup/mem.h"
#include "src/input/json_walk.h"

/* So much of a document shows where its records are: some of the largest that there are. */
#define HEAD_BYTES ((size_t)256 << 10)

/* A record that is larger is none, but text that is broken. */
#define RECORD_BYTES_MAX ((size_t)4 << 20)

/* Behind a record: of more it need not be known what follows them. */
#define BLANKS_MAX ((size_t)4096)

/* What is repeated at each record: no more than names it, in all and of each member. */
#define CONTEXT_BYTES_MAX ((size_t)1024)
#define MEMBER_BYTES_MAX  ((size_t)512)

struct documents {
	struct buf head; /* the first bytes, until it is known where the records are */
	bool learned;
	struct json_shape shape;
	struct json_walk walk;
	struct decoder_output output;
	bool in_record;
	bool is_empty;	  /* the record has no member so far */
	bool begins_line; /* behind a line end, in a record */
	size_t record_at; /* bytes of the record so far */
	struct buf
		columns; /* of a table: what each value of a row is to stand behind, a line each */
	struct str columns_left; /* of the row at hand */
	bool behind;		 /* a record, on its line */
	bool comma_behind;	 /* there, and not put yet */
	struct buf blanks;	 /* there, the same */
	bool dirty;		 /* the line at hand has more than blanks */
	struct buf owed;	 /* line ends and indentation of the record */
	struct buf context;
	size_t marks[JSON_WALK_DEPTH_MAX + 2]; /* of the context, where each level began */
	struct buf member;
	unsigned member_depth; /* of the object that it is in; 0: none is taken */
};

static void *json_create(void)
{
	return mem_zalloc(1, sizeof(struct documents));
}

static void json_destroy(void *state)
{
	struct documents *d = state;
	struct buf *all[] = { &d->head, &d->output.text, &d->blanks, &d->owed, &d->context,
		&d->member, &d->columns };
	for (size_t i = 0; i < countof(all); i++)
		buf_release(all[i]);
	free(d);
}

static inline void append(struct buf *b, char c)
{
	if (likely(b->len < b->capacity))
		b->ptr[b->len++] = c;
	else
		buf_append_byte(b, c);
}

static inline void put(struct documents *d, char c)
{
	append(&d->output.text, c);
	d->dirty = c != '\n' && (d->dirty || (c != ' ' && c != '\t' && c != '\r'));
}

static void pay(struct documents *d)
{
	buf_append(&d->output.text, buf_str(&d->owed));
	d->dirty &= d->owed.len == 0;
	buf_clear(&d->owed);
}

/* Is the innermost object one that leads to records, so that its members name them? */
static bool leads(const struct documents *d)
{
	return d->walk.depth > 0 && d->walk.depth < d->shape.depth &&
	       json_walk_leads(&d->walk, d->walk.depth, &d->shape) &&
	       (d->walk.arrays >> (d->walk.depth - 1) & 1) == 0;
}

/*
 * Of a part of an array all members count; of what holds the records themselves the words alone.
 * What is further out tells of the answer, not of the logs.
 */
static void keep_member(struct documents *d)
{
	struct str member = str_trim(buf_str(&d->member));
	bool of_part = d->member_depth > 1 && (d->walk.arrays >> (d->member_depth - 2) & 1) != 0;
	bool holder = d->member_depth + 2 == d->shape.depth;
	if (member.len > 0 && member.len <= MEMBER_BYTES_MAX &&
		d->context.len + member.len <= CONTEXT_BYTES_MAX &&
		(of_part || (holder && str_ends(member, STR("\""))))) {
		buf_append_byte(&d->context, ',');
		buf_append(&d->context, member);
	}
	buf_clear(&d->member);
}

/* Outside of records: what this byte means for the members that name them. */
static void note_member(struct documents *d, enum json_byte byte, char c, unsigned was_depth)
{
	if (byte == JSON_BROKEN) {
		d->member_depth = 0;
		buf_clear(&d->context);
	} else if (byte == JSON_OPEN) {
		d->marks[d->walk.depth] = d->context.len;
		if (json_walk_leads(&d->walk, d->walk.depth, &d->shape)) {
			d->member_depth = leads(d) ? d->walk.depth : 0;
			buf_clear(&d->member);
			return;
		}
	} else if (byte == JSON_CLOSE) {
		if (d->member_depth == was_depth)
			keep_member(d);
		if (d->member_depth == 0 || d->member_depth >= was_depth) {
			d->context.len = size_min(d->context.len, d->marks[was_depth]);
			d->member_depth = leads(d) ? d->walk.depth : 0;
			buf_clear(&d->member);
			return;
		}
	} else if (byte == JSON_COMMA && d->member_depth == was_depth) {
		keep_member(d);
		return;
	}
	if (d->member_depth > 0 && d->member.len <= MEMBER_BYTES_MAX && c != '\n' && c != '\r')
		buf_append_byte(&d->member, c);
}

static void begin_record(struct documents *d, char c)
{
	if (d->dirty)
		put(d, '\n');
	d->in_record = true;
	d->is_empty = true;
	d->begins_line = false;
	d->record_at = 0;
	d->columns_left = buf_str(&d->columns);
	put(d, d->columns.len > 0 ? '{' : c);
}

static void end_record(struct documents *d, char c)
{
	c = d->columns.len > 0 ? '}' : c;
	struct str context = buf_str(&d->context);
	if (context.len > 0 && c == '}')
		buf_append(&d->output.text, d->is_empty ? str_skip(context, 1) : context);
	put(d, c);
	d->in_record = false;
	d->behind = true;
	pay(d);
}

/* Not the end that it should have: what follows is text as it stands. */
static void give_up_record(struct documents *d, char c)
{
	d->in_record = false;
	if (c != '\n')
		return;
	put(d, c);
	d->owed.len--; /* this one, which was put there last */
	pay(d);
}

/* In front of a value of a row: its column. Behind the last one that has a name there is none. */
static void name_value(struct documents *d)
{
	struct str column = str_cut(&d->columns_left, '\n');
	buf_append(&d->output.text, column.len > 0 ? column : STR("\"\":"));
}

static void put_in_record(struct documents *d, enum json_byte byte, char c)
{
	bool blank = c == ' ' || c == '\t';
	if (c == '\n' || c == '\r' || (blank && d->begins_line && !d->walk.in_string)) {
		append(&d->owed, c);
		d->begins_line = true;
		return;
	}
	d->begins_line = false;
	bool at_comma = byte == JSON_COMMA && d->walk.depth == d->shape.depth;
	bool at_first = d->is_empty && !blank;
	d->is_empty &= blank;
	if (d->columns.len > 0 && at_first)
		name_value(d);
	put(d, c);
	if (d->columns.len > 0 && at_comma)
		name_value(d);
}

/* True when the byte is taken: a comma or a blank, of which it is not known yet what follows. */
static bool put_behind_record(struct documents *d, char c)
{
	if (c == ',' && !d->comma_behind) {
		d->comma_behind = true;
		return true;
	}
	if ((c == ' ' || c == '\t' || c == '\r') && d->blanks.len < BLANKS_MAX) {
		buf_append_byte(&d->blanks, c);
		return true;
	}
	/* The comma makes the line end where there is none, so that no byte is lost. */
	bool lacks_end = c != '\n' && d->dirty;
	if (lacks_end || d->comma_behind)
		put(d, lacks_end ? '\n' : ' ');
	buf_append(&d->output.text, buf_str(&d->blanks));
	buf_clear(&d->blanks);
	d->behind = d->comma_behind = false;
	return false;
}

static void take_byte(struct documents *d, char c)
{
	unsigned was_depth = d->walk.depth;
	bool closes = d->in_record && json_walk_at(&d->walk, &d->shape);
	enum json_byte byte = json_walk_byte(&d->walk, c);
	if (d->in_record) {
		if (byte == JSON_CLOSE && closes) {
			end_record(d, c);
			return;
		}
		put_in_record(d, byte, c);
		if (byte == JSON_BROKEN || ++d->record_at > RECORD_BYTES_MAX)
			give_up_record(d, c);
		return;
	}
	if (d->behind && put_behind_record(d, c))
		return;
	note_member(d, byte, c, was_depth);
	if (byte == JSON_OPEN && json_walk_at(&d->walk, &d->shape)) {
		begin_record(d, c);
		return;
	}
	put(d, c);
	if (c == '\n')
		pay(d);
}

static void take(struct documents *d, struct str bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		/* Most bytes are inside of strings of records. */
		size_t n = d->in_record ? json_walk_string(&d->walk, str_skip(bytes, i)) : 0;
		buf_append(&d->output.text, str_of(bytes.ptr + i, n));
		d->record_at += n;
		d->begins_line &= n == 0;
		i += n;
		if (i < bytes.len)
			take_byte(d, bytes.ptr[i]);
	}
}

static void learn(struct documents *d)
{
	d->learned = true;
	d->shape = json_shape_learn(buf_str(&d->head));
	if (d->shape.depth > 0) {
		json_columns_learn(buf_str(&d->head), &d->shape, &d->columns);
		if (d->shape.pairs)
			buf_append(&d->columns, STR("\"timestamp\":\n\"line\":\n\"metadata\":\n"));
		take(d, buf_str(&d->head));
	} else {
		buf_append(&d->output.text, buf_str(&d->head));
	}
	buf_release(&d->head);
}

/* The input's next bytes, into out or into the head; so many of them that out stays small. */
static void take_input(void *state, struct decoder_io *io)
{
	struct documents *d = state;
	size_t n = size_min(io->in_len, (size_t)16 << 10);
	struct str bytes = str_of((const char *)io->in, n);
	if (!d->learned)
		buf_append(&d->head, bytes);
	else if (d->shape.depth > 0)
		take(d, bytes);
	else
		buf_append(&d->output.text, bytes);
	io->in += n;
	io->in_len -= n;
	if (!d->learned && d->head.len >= HEAD_BYTES)
		learn(d);
}

static void finish(void *state)
{
	struct documents *d = state;
	if (!d->learned)
		learn(d);
	if (d->comma_behind)
		put(d, ',');
	buf_append(&d->output.text, buf_str(&d->blanks));
	buf_append(&d->output.text, buf_str(&d->owed));
}

static enum decoder_step json_step(void *state, struct decoder_io *io, struct error *err UNUSED)
{
	static const struct decoder_maker maker = { .take = take_input, .end = finish };
	struct documents *d = state;
	return decoder_make(&d->output, io, &maker, d);
}

const struct decoder_format decode_json = {
	.name = "JSON",
	.magic_bytes = 2,
	.create = json_create,
	.step = json_step,
	.destroy = json_destroy,
};
