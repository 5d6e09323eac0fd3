/* SPDX-License-Identifier: MIT */
#include "src/input/json_walk.h"
#include "src/input/record_time.h"

/* Kinds of places with a time that are told apart; of logs there are few. */
#define SHAPES_MAX 8

struct shape_count {
	struct json_shape shape;
	size_t units; /* objects or arrays there that hold a time */
};

struct learner {
	struct json_walk walk;
	struct str sample;
	size_t token_at;
	struct str key;			     /* of the value at hand; empty in an array */
	bool dated[JSON_WALK_DEPTH_MAX + 1]; /* the one open at this depth is counted */
	struct shape_count counts[SHAPES_MAX];
	size_t count;
	bool broken; /* not all of it is JSON */
};

static void count_unit(struct learner *l, struct json_shape shape)
{
	for (size_t i = 0; i < l->count; i++) {
		struct shape_count *c = &l->counts[i];
		if (c->shape.depth == shape.depth && c->shape.arrays == shape.arrays) {
			c->shape.pairs &= shape.pairs;
			c->units++;
			return;
		}
	}
	if (l->count < SHAPES_MAX)
		l->counts[l->count++] = (struct shape_count){ shape, 1 };
}

/* A time belongs to the innermost part of an array that it is in, or to the whole value. */
static void note_time(struct learner *l, bool pair)
{
	unsigned depth = l->walk.depth;
	while (depth > 1 && (l->walk.arrays >> (depth - 2) & 1) == 0)
		depth--;
	if (depth == 0 || l->dated[depth])
		return;
	l->dated[depth] = true;
	uint64_t arrays = l->walk.arrays & ((UINT64_C(1) << depth) - 1);
	count_unit(l, (struct json_shape){ depth, arrays, pair && depth == l->walk.depth });
}

static void end_value(struct learner *l, struct str token)
{
	bool quoted = token.len >= 2 && token.ptr[0] == '"';
	struct str value = quoted ? str_of(token.ptr + 1, token.len - 2) : token;
	bool pair = quoted && l->key.len == 0 && value.len == 19 && record_is_epoch(value);
	if (pair || (quoted && record_is_date(value)) ||
		(record_is_epoch(value) && record_names_time(l->key)))
		note_time(l, pair);
	l->key = STR_NONE;
}

static void learn_byte(struct learner *l, size_t at)
{
	bool was_string = l->walk.in_string;
	/* A value ends before the byte that ends it, while what it is in is still open. */
	char c = l->sample.ptr[at];
	struct str token = str_trim(str_of(l->sample.ptr + l->token_at, at - l->token_at));
	bool inside = !was_string && l->walk.depth > 0;
	if (inside && (c == ',' || c == '}' || c == ']'))
		end_value(l, token);
	enum json_byte byte = json_walk_byte(&l->walk, c);
	l->broken |= byte == JSON_BROKEN;
	if (byte == JSON_COLON && token.len >= 2)
		l->key = str_of(token.ptr + 1, token.len - 2);
	if (byte == JSON_OPEN) {
		l->dated[l->walk.depth] = false;
		l->key = STR_NONE;
	}
	if (byte != JSON_PLAIN)
		l->token_at = at + 1;
}

/* Returns how many bytes were read: all, or those of the first value alone. */
static size_t learn(struct learner *l, bool first_alone)
{
	bool begun = false;
	for (size_t i = 0; i < l->sample.len; i++) {
		i += json_walk_string(&l->walk, str_skip(l->sample, i));
		if (i == l->sample.len)
			break;
		learn_byte(l, i);
		begun |= l->walk.depth > 0;
		if (first_alone && begun && l->walk.depth == 0)
			return i + 1;
	}
	return l->sample.len;
}

struct json_shape json_shape_learn(struct str sample)
{
	struct learner l = { .sample = sample };
	learn(&l, false);
	const struct shape_count *best = NULL;
	for (size_t i = 0; i < l.count; i++) {
		const struct shape_count *c = &l.counts[i];
		if (c->units >= 2 &&
			(best == NULL || c->shape.depth < best->shape.depth ||
				(c->shape.depth == best->shape.depth && c->units > best->units)))
			best = c;
	}
	return best != NULL ? best->shape : (struct json_shape){ 0 };
}

/* `[` and `{` begin lines of many other logs; what follows in JSON is one of few. */
static bool begins(struct str head)
{
	struct str rest =
		str_trim(str_starts(head, STR("\xef\xbb\xbf")) ? str_skip(head, 3) : head);
	while (rest.len > 0 && rest.ptr[0] == '[')
		rest = str_trim(str_skip(rest, 1));
	return rest.len > 1 && rest.ptr[0] == '{' && str_trim(str_skip(rest, 1)).len > 0 &&
	       str_trim(str_skip(rest, 1)).ptr[0] == '"';
}

/* Two dated parts in one value make it one of many records. */
static bool holds_records(const struct learner *l)
{
	for (size_t i = 0; i < l->count; i++) {
		if (l->counts[i].units >= 2)
			return true;
	}
	return false;
}

bool json_is_document(struct str head)
{
	if (head.len == 0 || !begins(head))
		return false;
	struct learner l = { .sample = head };
	struct str first = str_trim(str_head(head, learn(&l, true)));
	if (l.broken)
		return holds_records(&l) && !l.dated[1];
	if (str_find_byte(first, '\n') >= 0 || first.ptr[0] == '[')
		return true;
	/* One line: with a time of its own it is one record, whatever else is in it. */
	bool is_whole = l.walk.depth == 0;
	return !l.dated[1] &&
	       (is_whole ? holds_records(&l)
			 : str_find(first, STR("[{")) >= 0 || str_find(first, STR("[[")) >= 0);
}
