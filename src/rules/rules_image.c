/* SPDX-License-Identifier: MIT */
#include "lineup/rules_image.h"

#include <stdlib.h>

#include "lineup/mem.h"

/* Raise the version whenever what follows the header changes. */
static const struct image_header {
	char magic[8];
	uint32_t version;
	uint32_t byte_order;
} expected = { "lineup-r", 3, 0x01020304 };

#define CHECKSUM_BYTES sizeof(uint64_t)

/* --- writing --- */

static bool put_number(struct buf *out, uint64_t value)
{
	return buf_append(out, str_of((const char *)&value, sizeof(value)));
}

static bool put_text(struct buf *out, struct str text)
{
	return put_number(out, text.len) && buf_append(out, text);
}

static bool put_texts(struct buf *out, const struct str *items, size_t count)
{
	bool good = put_number(out, count);
	for (size_t i = 0; i < count; i++)
		good = good && put_text(out, items[i]);
	return good;
}

static bool put_place(struct buf *out, const struct rule_place *place)
{
	return put_text(out, place->path) && put_number(out, place->line) &&
	       put_number(out, place->column);
}

static bool put_condition(struct buf *out, const struct rule *rule)
{
	bool good = put_number(out, rule->term_count);
	for (size_t i = 0; i < rule->term_count; i++)
		good = good && put_number(out, rule->terms[i]);
	good = good && put_number(out, rule->negative_count);
	for (size_t i = 0; i < rule->negative_count; i++) {
		const struct rule_negative *n = &rule->negatives[i];
		good = good && put_number(out, n->term) && put_number(out, n->anchor) &&
		       put_number(out, (uint64_t)n->window_ns) &&
		       put_number(out, (uint64_t)n->slide_ns) && put_number(out, n->absolute);
	}
	return good;
}

static bool put_rule(struct buf *out, const struct rule *rule)
{
	const struct rule_advice *advice = &rule->advice;
	return put_text(out, rule->id) && put_text(out, rule->title) &&
	       put_text(out, rule->category) && put_text(out, rule->description) &&
	       put_number(out, rule->severity) && put_number(out, rule->source) &&
	       put_number(out, rule->form) && put_number(out, rule->key) &&
	       put_number(out, rule->event) && put_number(out, rule->experimental) &&
	       put_place(out, &rule->place) && put_number(out, (uint64_t)rule->window_ns) &&
	       put_condition(out, rule) && put_texts(out, rule->hints, rule->hint_count) &&
	       put_text(out, advice->cause) && put_text(out, advice->impact) &&
	       put_text(out, advice->fix) && put_text(out, advice->workaround) &&
	       put_text(out, advice->prevention) && put_text(out, advice->verify) &&
	       put_texts(out, advice->references, advice->reference_count) &&
	       put_texts(out, rule->examples, rule->example_count) &&
	       put_texts(out, rule->counter_examples, rule->counter_example_count);
}

static bool put_complaint(struct buf *out, const struct rule_complaint *complaint)
{
	return put_place(out, &complaint->place) && put_text(out, complaint->rule_id) &&
	       put_text(out, complaint->reason) && put_number(out, complaint->rejected);
}

bool rules_image_write(const struct rule_set *set, struct buf *out)
{
	size_t start = out->len;
	bool good = buf_append(out, str_of((const char *)&expected, sizeof(expected)));
	good = good && put_number(out, set->term_count);
	for (size_t i = 0; i < set->term_count; i++) {
		const struct term *term = &set->terms[i];
		good = good && put_number(out, term->kind) && put_text(out, term->text) &&
		       put_place(out, &term->place);
	}
	good = good && put_number(out, set->rule_count);
	for (size_t i = 0; i < set->rule_count; i++)
		good = good && put_rule(out, &set->rules[i]);
	good = good && put_number(out, set->complaint_count);
	for (size_t i = 0; i < set->complaint_count; i++)
		good = good && put_complaint(out, &set->complaints[i]);
	return good && put_number(out, str_hash(str_of(out->ptr + start, out->len - start)));
}

/* --- reading --- */

/* Past the end everything reads as 0 and empty, and `bad` says so. */
struct cursor {
	struct str rest;
	struct arena *arena;
	bool bad;
};

static uint64_t get_number(struct cursor *c)
{
	uint64_t value = 0;
	if (c->rest.len < sizeof(value)) {
		c->bad = true;
		return 0;
	}
	memcpy(&value, c->rest.ptr, sizeof(value));
	c->rest = str_skip(c->rest, sizeof(value));
	return value;
}

/* A number that counts things of at least one byte each, so that no count can be absurd. */
static size_t get_count(struct cursor *c)
{
	uint64_t count = get_number(c);
	if (count > c->rest.len) {
		c->bad = true;
		return 0;
	}
	return (size_t)count;
}

static uint32_t get_below(struct cursor *c, uint64_t limit)
{
	uint64_t value = get_number(c);
	if (value >= limit) {
		c->bad = true;
		return 0;
	}
	return (uint32_t)value;
}

static struct str get_text(struct cursor *c)
{
	size_t len = get_count(c);
	struct str text = str_head(c->rest, len);
	c->rest = str_skip(c->rest, len);
	return len == 0 ? STR_NONE : text;
}

static struct str *get_texts(struct cursor *c, size_t *count)
{
	*count = get_count(c);
	struct str *items = *count == 0 ? NULL : arena_alloc(c->arena, *count, sizeof(*items));
	for (size_t i = 0; i < *count; i++)
		items[i] = get_text(c);
	return items;
}

static struct rule_place get_place(struct cursor *c)
{
	struct rule_place place = { .path = get_text(c) };
	place.line = get_below(c, UINT32_MAX);
	place.column = get_below(c, UINT32_MAX);
	return place;
}

static void get_condition(
	struct cursor *c, struct rule *rule, const uint32_t *terms, size_t term_count)
{
	rule->term_count = get_count(c);
	rule->terms = arena_alloc(c->arena, rule->term_count, sizeof(*rule->terms));
	for (size_t i = 0; i < rule->term_count; i++)
		rule->terms[i] = terms[get_below(c, term_count)];
	rule->negative_count = get_count(c);
	rule->negatives = arena_alloc(c->arena, rule->negative_count, sizeof(*rule->negatives));
	for (size_t i = 0; i < rule->negative_count; i++) {
		struct rule_negative *n = &rule->negatives[i];
		n->term = terms[get_below(c, term_count)];
		n->anchor = get_below(c, UINT32_MAX);
		n->window_ns = (int64_t)get_number(c);
		n->slide_ns = (int64_t)get_number(c);
		n->absolute = get_below(c, 2) != 0;
	}
}

static void get_rule(struct cursor *c, struct rule *rule, const uint32_t *terms, size_t term_count)
{
	struct rule_advice *advice = &rule->advice;
	rule->id = get_text(c);
	rule->title = get_text(c);
	rule->category = get_text(c);
	rule->description = get_text(c);
	rule->severity = (enum severity)get_below(c, SEVERITY_COUNT);
	rule->source = (enum rule_source)get_below(c, RULE_FROM_PACK + 1);
	rule->form = (enum rule_form)get_below(c, RULE_SEQUENCE + 1);
	rule->key = (enum rule_key)get_below(c, RULE_KEYS);
	rule->event = (enum rule_event)get_below(c, RULE_EVENTS);
	rule->experimental = get_below(c, 2) != 0;
	rule->place = get_place(c);
	rule->window_ns = (int64_t)get_number(c);
	get_condition(c, rule, terms, term_count);
	rule->hints = get_texts(c, &rule->hint_count);
	advice->cause = get_text(c);
	advice->impact = get_text(c);
	advice->fix = get_text(c);
	advice->workaround = get_text(c);
	advice->prevention = get_text(c);
	advice->verify = get_text(c);
	advice->references = get_texts(c, &advice->reference_count);
	rule->examples = get_texts(c, &rule->example_count);
	rule->counter_examples = get_texts(c, &rule->counter_example_count);
}

static void get_complaint(struct cursor *c, struct rule_set *set)
{
	struct rule_place place = get_place(c);
	struct str rule_id = get_text(c);
	struct str reason = get_text(c);
	bool rejected = get_below(c, 2) != 0;
	if (!c->bad)
		rule_set_complain(set, place, rule_id, rejected, "%.*s", STR_ARG(reason));
}

static bool is_image(struct str image)
{
	if (image.len < sizeof(expected) + CHECKSUM_BYTES ||
		memcmp(image.ptr, &expected, sizeof(expected)) != 0)
		return false;
	struct str body = str_head(image, image.len - CHECKSUM_BYTES);
	uint64_t checksum;
	memcpy(&checksum, image.ptr + body.len, sizeof(checksum));
	return checksum == str_hash(body);
}

int rules_image_read(struct rule_set *set, struct str image, struct error *err)
{
	if (!is_image(image))
		return error_set(err, "the image of the rules is damaged or of another version");
	struct cursor c = {
		.rest = str_skip(str_head(image, image.len - CHECKSUM_BYTES), sizeof(expected)),
		.arena = &set->arena,
	};
	size_t rules_before = set->rule_count;
	size_t complaints_before = set->complaint_count;
	size_t term_count = get_count(&c);
	uint32_t *terms = mem_zalloc(term_count + 1, sizeof(*terms));
	for (size_t i = 0; i < term_count && !c.bad; i++) {
		enum term_kind kind = (enum term_kind)get_below(&c, TERM_JQ + 1);
		struct str text = get_text(&c);
		terms[i] = rule_set_term(set, kind, text, get_place(&c));
	}
	size_t rule_count = get_count(&c);
	for (size_t i = 0; i < rule_count && !c.bad; i++)
		get_rule(&c, rule_set_add(set), terms, term_count);
	free(terms);
	size_t complaint_count = get_count(&c);
	for (size_t i = 0; i < complaint_count && !c.bad; i++)
		get_complaint(&c, set);
	if (c.bad) {
		set->rule_count = rules_before;
		set->complaint_count = complaints_before;
		return error_set(err, "the image of the rules is damaged");
	}
	return 0;
}
