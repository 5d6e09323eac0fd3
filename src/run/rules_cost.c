/* SPDX-License-Identifier: MIT */
/*
 * What a rule costs is measured in company: how much longer a scan takes when its terms are added
 * to some everyday ones. Alone a rule looks dear that costs nothing beside others, since the first
 * text to look for costs as much as the next hundred. The corpus is made, from a seed, of healthy
 * lines and of all rules' examples.
 *
 * Most rules cost next to nothing, so they are measured in groups; a group that costs something is
 * halved until the dear ones stand alone. The rules of a cheap group share its cost evenly.
 */
#include <math.h>
#include <stdlib.h>

#include "lineup/clock.h"
#include "lineup/cost_reasons.h"
#include "lineup/json_write.h"
#include "lineup/mem.h"
#include "lineup/rules_check.h"
#include "lineup/rules_commands.h"

#define CORPUS_BYTES   ((size_t)1 << 20)
#define CHUNK_BYTES    ((size_t)256 << 10)
#define PASSES	       7
#define PASSES_SECONDS 0.05 /* and no more passes than fit in this */
#define GROUP_RULES    32

/* A group that costs less than this is not looked into; a scan of the company is some ten times it. */
#define CHEAP_SECONDS_PER_GIB 0.04

/* Below this nobody asks why. */
#define WHY_SECONDS_PER_GIB 0.01

/* What most rules look for is like this; as many as make the matcher look for rare texts. */
static const char *const company[] = { "connection refused", "Permission denied", "no space left",
	"timed out waiting for", "certificate has expired", "out of memory", "failed to start",
	"segmentation fault", "Broken pipe", "could not resolve host", "deadlock detected",
	"too many open files", "read-only file system", "panic: runtime error", "leader changed",
	"replication lag", "checksum mismatch", "unexpected EOF", "pool exhausted",
	"401 Unauthorized", "[ERROR] handshake", "queue is full", "rate limit exceeded",
	"OutOfMemoryError", "no route to host", "disk quota exceeded", "lock wait timeout",
	"invalid checkpoint record", "back-off restarting", "image pull failed", "node not ready",
	"upstream prematurely closed", "worker process died", "cannot allocate memory",
	"authentication failure", "stale file handle", "link is down", "I/O error on device",
	"transaction aborted", "snapshot failed", "backup did not finish", "license expired",
	"clock skew detected", "partition is offline", "unable to mount", "config is invalid",
	"address already in use", "heartbeat missed", "consumer is slow", "schema mismatch" };

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

static void copy_terms(struct rule_set *set, const struct rule_set *from, const struct rule *rule)
{
	struct rule *copy = rule_set_add(set);
	*copy = *rule;
	copy->terms = arena_alloc(&set->arena, rule->term_count, sizeof(*copy->terms));
	copy->negatives = arena_alloc(&set->arena, rule->negative_count, sizeof(*copy->negatives));
	for (size_t i = 0; i < rule->term_count; i++) {
		const struct term *term = &from->terms[rule->terms[i]];
		copy->terms[i] = rule_set_term(set, term->kind, term->text, term->place);
	}
	for (size_t i = 0; i < rule->negative_count; i++) {
		const struct term *term = &from->terms[rule->negatives[i].term];
		copy->negatives[i] = rule->negatives[i];
		copy->negatives[i].term = rule_set_term(set, term->kind, term->text, term->place);
	}
}

/* Adds the hits by term to `counts`, when there are any to be filled. */
static int scan_corpus(const struct matcher *matcher, struct matcher_scratch *scratch,
	const struct corpus *corpus, struct hits *hits, size_t *counts, struct error *err)
{
	struct str rest = buf_str(&corpus->text);
	while (rest.len > 0) {
		struct str chunk = str_head(rest, CHUNK_BYTES);
		ptrdiff_t end = str_rfind_byte(chunk, '\n');
		if (end >= 0)
			chunk.len = (size_t)end + 1;
		if (matcher_scan(matcher, scratch, chunk, hits, err) < 0)
			return -1;
		for (size_t i = 0; counts != NULL && i < hits->count; i++)
			counts[hits->items[i].term]++;
		rest = str_skip(rest, chunk.len);
	}
	return 0;
}

/* The best of some passes: the others were disturbed. `counts`: hits by term of the set. */
static int time_matcher(const struct matcher *matcher, const struct corpus *corpus, size_t *counts,
	double *seconds, struct error *err)
{
	struct matcher_scratch *scratch;
	struct hits hits = { 0 };
	double spent = 0;
	if (matcher_scratch_create(&scratch, matcher, err) < 0)
		return -1;
	*seconds = INFINITY;
	int result = scan_corpus(matcher, scratch, corpus, &hits, counts, err);
	for (int i = 0; i < PASSES && result == 0 && (i == 0 || spent < PASSES_SECONDS); i++) {
		int64_t start = clock_monotonic_ns();
		result = scan_corpus(matcher, scratch, corpus, &hits, NULL, err);
		double took = (double)(clock_monotonic_ns() - start) / 1e9;
		*seconds = fmin(*seconds, took);
		spent += took;
	}
	hits_release(&hits);
	matcher_scratch_destroy(scratch);
	return result;
}

struct bench {
	const struct rule_set *set;
	struct corpus corpus;
	struct cost *costs;
	size_t count;
	double alone_s; /* the company's time without any rule */
	bool progress;
	size_t done;
};

static double per_gib(const struct bench *b, double seconds)
{
	return seconds * (double)(1u << 30) / (double)b->corpus.text.len;
}

/* The company and the rules of some costs; notes how often each rule's terms hit. */
static int measure_group(
	struct bench *b, struct cost *costs, size_t count, double *seconds, struct error *err)
{
	static const struct matcher_options options = { .use_cache = false };
	struct rule_set set = { 0 };
	struct matcher *matcher;
	for (size_t i = 0; i < countof(company); i++)
		rule_set_term(&set, TERM_LITERAL, str_from(company[i]), (struct rule_place){ 0 });
	for (size_t i = 0; i < count; i++)
		copy_terms(&set, b->set, costs[i].rule);
	size_t *counts = mem_zalloc(set.term_count, sizeof(*counts));
	int result = matcher_create(&matcher, &set, &options, err);
	if (result == 0) {
		result = time_matcher(matcher, &b->corpus, counts, seconds, err);
		matcher_destroy(matcher);
	}
	for (size_t i = 0; i < count; i++) {
		const struct rule *rule = &set.rules[i];
		size_t hits = 0;
		for (size_t k = 0; k < rule->term_count; k++) {
			if (k == 0 || rule->terms[k] != rule->terms[k - 1])
				hits += counts[rule->terms[k]];
		}
		costs[i].hit_share = (double)hits / (double)b->corpus.line_count;
	}
	free(counts);
	rule_set_release(&set);
	return result;
}

static void show_progress(const struct bench *b, bool finished)
{
	if (!b->progress)
		return;
	if (finished)
		fputs("\r\x1b[K", stderr);
	else
		fprintf(stderr, "\rmeasured %zu of %zu rules", b->done, b->count);
	fflush(stderr);
}

/* Halves a group until what is left costs nothing or is one rule. */
static int measure(struct bench *b, struct cost *costs, size_t count, struct error *err)
{
	double seconds = 0;
	if (measure_group(b, costs, count, &seconds, err) < 0)
		return -1;
	double extra = fmax(0, per_gib(b, seconds - b->alone_s));
	if (count > 1 && extra > CHEAP_SECONDS_PER_GIB) {
		size_t half = count / 2;
		if (measure(b, costs, half, err) < 0)
			return -1;
		return measure(b, costs + half, count - half, err);
	}
	for (size_t i = 0; i < count; i++)
		costs[i].seconds_per_gib = extra / (double)count;
	b->done += count;
	show_progress(b, false);
	return 0;
}

static int compare_costs(const void *left, const void *right)
{
	const struct cost *a = left;
	const struct cost *b = right;
	if (a->seconds_per_gib != b->seconds_per_gib)
		return a->seconds_per_gib > b->seconds_per_gib ? -1 : 1;
	return str_compare(a->rule->id, b->rule->id);
}

static void write_text(const struct bench *b, double together_s, FILE *out)
{
	fprintf(out, "%10s  %8s  %s\n", "s/GiB", "hits", "rule");
	for (size_t i = 0; i < b->count; i++) {
		const struct cost *c = &b->costs[i];
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

static int measure_all(struct bench *b, struct error *err)
{
	if (measure_group(b, b->costs, 0, &b->alone_s, err) < 0)
		return -1;
	for (size_t at = 0; at < b->count; at += GROUP_RULES) {
		size_t count = size_min(b->count - at, GROUP_RULES);
		if (measure(b, b->costs + at, count, err) < 0)
			return -1;
	}
	show_progress(b, true);
	return 0;
}

static void add_reasons(struct bench *b, struct arena *arena)
{
	struct buf why = BUF_INIT(0);
	for (size_t i = 0; i < b->count; i++) {
		bool cheap = b->costs[i].seconds_per_gib < WHY_SECONDS_PER_GIB;
		buf_clear(&why);
		cost_reasons(b->set, b->costs[i].rule, b->costs[i].hit_share, cheap, &why);
		b->costs[i].why = arena_copy(arena, buf_str(&why));
	}
	buf_release(&why);
}

int rules_cost(const struct rule_set *set, const struct matcher *matcher,
	const struct rules_view *view, struct error *err)
{
	struct arena arena = { 0 };
	struct bench b = { .set = set, .progress = view->progress };
	double together_s = 0;
	b.costs = mem_zalloc(set->rule_count + 1, sizeof(*b.costs));
	for (size_t i = 0; i < set->rule_count; i++) {
		if (set->rules[i].severity <= view->least)
			b.costs[b.count++].rule = &set->rules[i];
	}
	make_corpus(set, &b.corpus);
	int result = measure_all(&b, err);
	if (result == 0)
		result = time_matcher(matcher, &b.corpus, NULL, &together_s, err);
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
