/* SPDX-License-Identifier: MIT */
/*
 * The corpus is made, from a seed, of healthy lines and of all rules' examples. How a rule is
 * measured on it is told in cost_measure.h.
 */
#include <stdlib.h>

#include "lineup/cost_measure.h"
#include "lineup/cost_reasons.h"
#include "lineup/json_write.h"
#include "lineup/mem.h"
#include "lineup/rules_check.h"
#include "lineup/rules_commands.h"

#define CORPUS_BYTES ((size_t)1 << 20)

/* Below this nobody asks why. */
#define WHY_SECONDS_PER_GIB 0.01

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

struct bench {
	const struct rule_set *set;
	struct corpus corpus;
	struct rule_cost *costs;
	size_t count;
};

static double per_gib(const struct bench *b, double seconds)
{
	return seconds * (double)(1u << 30) / (double)b->corpus.text.len;
}

static void show_progress(size_t done, size_t count)
{
	fprintf(stderr, "\rmeasured %zu of %zu rules", done, count);
	fflush(stderr);
}

static void clear_progress(void)
{
	fputs("\r\x1b[K", stderr);
	fflush(stderr);
}

static int compare_costs(const void *left, const void *right)
{
	const struct rule_cost *a = left;
	const struct rule_cost *b = right;
	if (a->seconds_per_gib != b->seconds_per_gib)
		return a->seconds_per_gib > b->seconds_per_gib ? -1 : 1;
	return str_compare(a->rule->id, b->rule->id);
}

static void write_text(const struct bench *b, double together_s, FILE *out)
{
	fprintf(out, "%10s  %8s  %s\n", "s/GiB", "hits", "rule");
	for (size_t i = 0; i < b->count; i++) {
		const struct rule_cost *c = &b->costs[i];
		fprintf(out, "%10.3f  %7.2f%%  %.*s%s%.*s\n", c->seconds_per_gib,
			100 * c->hit_share, STR_ARG(c->rule->id), c->why.len > 0 ? "  -- " : "",
			STR_ARG(c->why));
	}
	fprintf(out, "%10.3f  %8s  all %zu rules together\n", per_gib(b, together_s), "",
		b->set->rule_count);
}

static void write_costs(const struct bench *b, double together_s, const struct rules_view *view)
{
	struct emitter emitter;
	if (!view->json) {
		write_text(b, together_s, view->out);
		return;
	}
	emit_init(&emitter, view->out, NULL, 1);
	emit_array(&emitter, NULL);
	for (size_t i = 0; i < b->count; i++) {
		emit_object(&emitter, NULL);
		emit_word(&emitter, "id", b->costs[i].rule->id);
		emit_double(&emitter, "seconds_per_gib", b->costs[i].seconds_per_gib);
		emit_double(&emitter, "hit_share", b->costs[i].hit_share);
		emit_str(&emitter, "why", b->costs[i].why);
		emit_end_object(&emitter);
	}
	emit_end_array(&emitter);
	emit_newline(&emitter);
	emit_release(&emitter);
}

static void add_reasons(struct bench *b, struct arena *arena)
{
	struct buf why = BUF_INIT(0);
	for (size_t i = 0; i < b->count; i++) {
		bool cheap = b->costs[i].seconds_per_gib < WHY_SECONDS_PER_GIB;
		buf_clear(&why);
		cost_reasons(b->set, &b->costs[i], cheap, &why);
		b->costs[i].why = arena_copy(arena, buf_str(&why));
	}
	buf_release(&why);
}

int rules_cost(const struct rule_set *set, const struct matcher *matcher,
	const struct rules_view *view, struct error *err)
{
	struct arena arena = { 0 };
	struct bench b = { .set = set };
	double together_s = 0;
	b.costs = mem_zalloc(set->rule_count + 1, sizeof(*b.costs));
	for (size_t i = 0; i < set->rule_count; i++) {
		if (set->rules[i].severity <= view->least)
			b.costs[b.count++].rule = &set->rules[i];
	}
	make_corpus(set, &b.corpus);
	struct cost_corpus corpus = { buf_str(&b.corpus.text), b.corpus.line_count };
	int result = cost_measure(set, matcher, &corpus, b.costs, b.count, &together_s,
		view->progress ? show_progress : NULL, err);
	if (view->progress)
		clear_progress();
	if (result == 0) {
		add_reasons(&b, &arena);
		if (b.count > 1)
			qsort(b.costs, b.count, sizeof(*b.costs), compare_costs);
		write_costs(&b, together_s, view);
	}
	free(b.costs);
	buf_release(&b.corpus.text);
	arena_release(&arena);
	return result;
}
