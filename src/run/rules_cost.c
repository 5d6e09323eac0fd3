/* SPDX-License-Identifier: MIT */
/*
 * What a rule costs is measured: a matcher of this rule alone runs over a corpus made, from a
 * seed, of all rules' examples and of healthy lines; the time of a matcher that finds nothing is
 * taken off. In company a rule costs less than alone, since the matcher shares work, but the order
 * stays about the same: what is dear alone is dear with others.
 */
#include <math.h>
#include <stdlib.h>

#include "lineup/clock.h"
#include "lineup/json_write.h"
#include "lineup/mem.h"
#include "lineup/pattern_literal.h"
#include "lineup/rules_check.h"
#include "lineup/rules_commands.h"

#define CORPUS_BYTES ((size_t)1 << 20)
#define CHUNK_BYTES  ((size_t)256 << 10)
#define PASSES	     5
#define TINY_LITERAL 4

struct cost {
	const struct rule *rule;
	double seconds_per_gib;
	double hit_share; /* of the corpus' lines */
	struct str why;
};

struct corpus {
	struct buf text;
	size_t line_count;
};

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* Appends the lines of a text with other digits in them. */
static void append_varied(struct corpus *corpus, struct str text, uint32_t *state)
{
	size_t start = corpus->text.len;
	buf_append(&corpus->text, text);
	buf_append_byte(&corpus->text, '\n');
	for (size_t i = start; i < corpus->text.len; i++) {
		char *c = &corpus->text.ptr[i];
		if (*c >= '0' && *c <= '9' && next_random(state) % 4 == 0)
			*c = (char)('0' + next_random(state) % 10);
		corpus->line_count += *c == '\n';
	}
}

static void make_corpus(const struct rule_set *set, struct corpus *corpus)
{
	uint32_t state = 1;
	*corpus = (struct corpus){ .text = BUF_INIT(0) };
	while (corpus->text.len < CORPUS_BYTES) {
		/* one line of an example to nine of health */
		for (int i = 0; i < 9; i++) {
			size_t at = next_random(&state) % healthy_line_count;
			append_varied(corpus, str_from(healthy_lines[at]), &state);
		}
		const struct rule *rule =
			set->rule_count == 0 ? NULL
					     : &set->rules[next_random(&state) % set->rule_count];
		if (rule != NULL && rule->example_count > 0)
			append_varied(corpus, rule->examples[0], &state);
	}
}

static struct rule_set set_of_one(const struct rule_set *from, const struct rule *rule)
{
	struct rule_set set = { 0 };
	struct rule *copy = rule_set_add(&set);
	*copy = *rule;
	copy->terms = arena_alloc(&set.arena, rule->term_count, sizeof(*copy->terms));
	copy->negatives = arena_alloc(&set.arena, rule->negative_count, sizeof(*copy->negatives));
	for (size_t i = 0; i < rule->term_count; i++) {
		const struct term *term = &from->terms[rule->terms[i]];
		copy->terms[i] = rule_set_term(&set, term->kind, term->text, term->place);
	}
	for (size_t i = 0; i < rule->negative_count; i++) {
		const struct term *term = &from->terms[rule->negatives[i].term];
		copy->negatives[i] = rule->negatives[i];
		copy->negatives[i].term = rule_set_term(&set, term->kind, term->text, term->place);
	}
	return set;
}

static int scan_corpus(const struct matcher *matcher, struct matcher_scratch *scratch,
	const struct corpus *corpus, struct hits *hits, size_t *hit_count, struct error *err)
{
	struct str rest = buf_str(&corpus->text);
	*hit_count = 0;
	while (rest.len > 0) {
		struct str chunk = str_head(rest, CHUNK_BYTES);
		ptrdiff_t end = str_rfind_byte(chunk, '\n');
		if (end >= 0)
			chunk.len = (size_t)end + 1;
		if (matcher_scan(matcher, scratch, chunk, hits, err) < 0)
			return -1;
		*hit_count += hits->count;
		rest = str_skip(rest, chunk.len);
	}
	return 0;
}

struct measure {
	double seconds;
	size_t hit_count;
	struct matcher_stats stats;
};

/* The best of some passes: the others were disturbed. */
static int measure_set(
	struct rule_set *set, const struct corpus *corpus, struct measure *out, struct error *err)
{
	static const struct matcher_options options = { .use_cache = false };
	struct matcher *matcher;
	struct matcher_scratch *scratch = NULL;
	struct hits hits = { 0 };
	int result = 0;
	if (matcher_create(&matcher, set, &options, err) < 0)
		return -1;
	if (matcher_scratch_create(&scratch, matcher, err) < 0)
		result = -1;
	out->stats = *matcher_stats(matcher);
	out->seconds = INFINITY;
	for (int i = 0; i < PASSES && result == 0; i++) {
		int64_t start = clock_monotonic_ns();
		result = scan_corpus(matcher, scratch, corpus, &hits, &out->hit_count, err);
		out->seconds = fmin(out->seconds, (double)(clock_monotonic_ns() - start) / 1e9);
	}
	hits_release(&hits);
	matcher_scratch_destroy(scratch);
	matcher_destroy(matcher);
	return result;
}

static int measure_nothing(const struct corpus *corpus, struct measure *out, struct error *err)
{
	struct rule_set set = { 0 };
	struct rule *rule = rule_set_add(&set);
	rule->terms = arena_alloc(&set.arena, 1, sizeof(*rule->terms));
	rule->terms[0] = rule_set_term(&set, TERM_LITERAL,
		STR("\x01 no line of the corpus has this \x02"), (struct rule_place){ 0 });
	rule->term_count = 1;
	int result = measure_set(&set, corpus, out, err);
	rule_set_release(&set);
	return result;
}

/* Gaps without an end, such as .*: each keeps the scanner busy from where it opened. */
static size_t open_gaps(struct str text)
{
	size_t count = 0;
	for (size_t i = 0; i + 1 < text.len; i++) {
		bool escaped = text.ptr[i] == '\\';
		if (!escaped && text.ptr[i] == '.' &&
			(text.ptr[i + 1] == '*' || text.ptr[i + 1] == '+'))
			count++;
		i += escaped;
	}
	return count;
}

static struct str explain(const struct rule_set *set, const struct rule *rule,
	const struct measure *m, double hit_share, struct arena *arena)
{
	struct buf why = BUF_INIT(1024);
	size_t shortest = SIZE_MAX;
	size_t gaps = 0;
	bool leading = false;
	for (size_t i = 0; i < rule->term_count; i++) {
		const struct term *term = &set->terms[rule->terms[i]];
		struct pattern_literal literal = pattern_literal_of(term);
		if (literal.known)
			shortest = size_min(shortest, literal.longest);
		gaps += term->kind == TERM_REGEX ? open_gaps(term->text) : 0;
		leading =
			leading || (term->kind == TERM_REGEX && str_starts(term->text, STR(".*")));
	}
	if (m->stats.terms_slow > 0)
		buf_append(&why, STR("; tried by PCRE2 on every line"));
	if (m->stats.terms_confirmed > 0)
		buf_append(&why, STR("; hits are confirmed by PCRE2"));
	if (shortest < TINY_LITERAL)
		buf_printf(&why, "; only %zu bytes of plain text to look for", shortest);
	if (gaps > 0)
		buf_printf(&why, "; %zu open gap%s (.* or .+)", gaps, gaps == 1 ? "" : "s");
	if (leading)
		buf_append(&why, STR("; a leading .*"));
	if (hit_share > 0.01)
		buf_printf(&why, "; hits %.1f %% of the lines", 100 * hit_share);
	struct str text = arena_copy(arena, str_skip(buf_str(&why), 2));
	buf_release(&why);
	return text;
}

static int compare_costs(const void *left, const void *right)
{
	const struct cost *a = left;
	const struct cost *b = right;
	if (a->seconds_per_gib != b->seconds_per_gib)
		return a->seconds_per_gib > b->seconds_per_gib ? -1 : 1;
	return str_compare(a->rule->id, b->rule->id);
}

static void write_costs(const struct cost *costs, size_t count, const struct rules_view *view)
{
	struct emitter emitter;
	if (!view->json) {
		fprintf(view->out, "%10s  %8s  %s\n", "s/GiB", "hits", "rule");
		for (size_t i = 0; i < count; i++) {
			const struct cost *c = &costs[i];
			fprintf(view->out, "%10.3f  %7.2f%%  %.*s%s%.*s\n", c->seconds_per_gib,
				100 * c->hit_share, STR_ARG(c->rule->id),
				c->why.len > 0 ? "  -- " : "", STR_ARG(c->why));
		}
		return;
	}
	emit_init(&emitter, view->out, NULL, 1);
	emit_array(&emitter, NULL);
	for (size_t i = 0; i < count; i++) {
		emit_object(&emitter, NULL);
		emit_word(&emitter, "id", costs[i].rule->id);
		emit_double(&emitter, "seconds_per_gib", costs[i].seconds_per_gib);
		emit_double(&emitter, "hit_share", costs[i].hit_share);
		emit_str(&emitter, "why", costs[i].why);
		emit_end_object(&emitter);
	}
	emit_end_array(&emitter);
	emit_newline(&emitter);
	emit_release(&emitter);
}

int rules_cost(const struct rule_set *set, const struct rules_view *view, struct error *err)
{
	struct arena arena = { 0 };
	struct corpus corpus;
	struct measure nothing;
	struct cost *costs = mem_zalloc(set->rule_count + 1, sizeof(*costs));
	size_t count = 0;
	make_corpus(set, &corpus);
	double gib = (double)corpus.text.len / (double)(1u << 30);
	int result = measure_nothing(&corpus, &nothing, err);
	for (size_t i = 0; i < set->rule_count && result == 0; i++) {
		const struct rule *rule = &set->rules[i];
		struct measure m;
		if (rule->severity > view->least)
			continue;
		struct rule_set one = set_of_one(set, rule);
		result = measure_set(&one, &corpus, &m, err);
		if (result == 0) {
			struct cost *c = &costs[count++];
			c->rule = rule;
			c->seconds_per_gib = fmax(0, (m.seconds - nothing.seconds) / gib);
			c->hit_share = (double)m.hit_count / (double)corpus.line_count;
			c->why = explain(set, rule, &m, c->hit_share, &arena);
		}
		rule_set_release(&one);
	}
	if (count > 1)
		qsort(costs, count, sizeof(*costs), compare_costs);
	if (result == 0)
		write_costs(costs, count, view);
	free(costs);
	buf_release(&corpus.text);
	arena_release(&arena);
	return result;
}
