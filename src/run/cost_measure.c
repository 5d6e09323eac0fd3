/* SPDX-License-Identifier: MIT */
/*
 * A rule is measured in company: alone it looks dear when it costs nothing beside others, since the
 * first text to look for costs as much as the next hundred. So a small set is measured together
 * with some everyday texts.
 */
#include "lineup/cost_measure.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/clock.h"
#include "lineup/mem.h"

#define CHUNK_BYTES    ((size_t)256 << 10)
#define PASSES	       7
#define PASSES_SECONDS 0.05 /* and no more passes than fit in this */
#define LOOKS_SECONDS  0.005
#define GROUP_RULES    32

/* A group that costs less than this is not looked into;
 * a scan of the company is some ten times it. */
#define CHEAP_SECONDS_PER_GIB 0.04

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

/* Some rules beside the company, and what each of their terms costs. */
struct trial {
	struct rule_set set; /* of copies; empty: `rules` are measured as they are */
	struct matcher *own; /* of the copies */
	const struct rule_set *rules;
	const struct matcher *matcher;
	struct matcher_scratch *scratch;
	const struct cost_corpus *corpus;
	struct hits reports; /* of the whole corpus; places are in its text */
	double *seconds;     /* by term: reports and looks */
	size_t *hit_counts;
	size_t *look_counts; /* lines that a term was asked of */
	size_t text_terms;   /* that are looked for by plain texts */
	double floor_s;	     /* the automata alone */
};

static void trial_release(struct trial *t)
{
	matcher_scratch_destroy(t->scratch);
	matcher_destroy(t->own);
	rule_set_release(&t->set);
	hits_release(&t->reports);
	free(t->seconds);
	free(t->hit_counts);
	free(t->look_counts);
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

/* The rules of some costs in company. */
static int trial_make(struct trial *t, const struct rule_set *from, const struct rule_cost *costs,
	size_t count, struct error *err)
{
	static const struct matcher_options options = { .use_cache = false };
	for (size_t i = 0; i < countof(company); i++)
		rule_set_term(
			&t->set, TERM_LITERAL, str_from(company[i]), (struct rule_place){ 0 });
	for (size_t i = 0; i < count; i++)
		copy_terms(&t->set, from, costs[i].rule);
	if (matcher_create(&t->own, &t->set, &options, err) != 0)
		return -1;
	t->rules = &t->set;
	t->matcher = t->own;
	return matcher_scratch_create(&t->scratch, t->matcher, err);
}

/* The next whole lines of the corpus. */
static struct str next_chunk(struct str *rest)
{
	struct str chunk = str_head(*rest, CHUNK_BYTES);
	ptrdiff_t end = str_rfind_byte(chunk, '\n');
	if (end >= 0)
		chunk.len = (size_t)end + 1;
	*rest = str_skip(*rest, chunk.len);
	return chunk;
}

typedef int scan_fn(
	const struct trial *, struct str chunk, struct hits *scratch, struct error *err);

static int scan_all(const struct trial *t, struct str chunk, struct hits *hits, struct error *err)
{
	return matcher_scan(t->matcher, t->scratch, chunk, hits, err);
}

static int scan_reports(
	const struct trial *t, struct str chunk, struct hits *hits, struct error *err)
{
	return matcher_reports(t->matcher, t->scratch, chunk, hits, err);
}

static int scan_floor(const struct trial *t, struct str chunk, struct hits *hits, struct error *err)
{
	(void)hits;
	return matcher_floor(t->matcher, t->scratch, chunk, err);
}

/*
 * The best of some passes: the others were disturbed. Of CPU time, since on a busy machine the time
 * on the wall says nothing.
 */
static int time_scan(const struct trial *t, scan_fn *scan, double *seconds, struct error *err)
{
	struct hits hits = { 0 };
	double spent = 0;
	int result = 0;
	*seconds = INFINITY;
	for (int i = -1; i < PASSES && result == 0 && (i < 1 || spent < PASSES_SECONDS); i++) {
		struct str rest = t->corpus->text;
		double begin = clock_thread_seconds();
		while (rest.len > 0 && result == 0)
			result = scan(t, next_chunk(&rest), &hits, err);
		double took = clock_thread_seconds() - begin;
		spent += took;
		if (i >= 0) /* the first one warms up */
			*seconds = fmin(*seconds, took);
	}
	hits_release(&hits);
	return result;
}

static int by_term(const void *left, const void *right)
{
	const struct hit *a = left, *b = right;
	if (a->term != b->term)
		return a->term < b->term ? -1 : 1;
	return a->start < b->start ? -1 : a->start > b->start;
}

/* All reports, ordered by term. */
static int collect_reports(struct trial *t, struct error *err)
{
	struct str rest = t->corpus->text;
	struct hits hits = { 0 };
	int result = 0;
	while (rest.len > 0 && result == 0) {
		uint32_t at = (uint32_t)(rest.ptr - t->corpus->text.ptr);
		result = matcher_reports(t->matcher, t->scratch, next_chunk(&rest), &hits, err);
		for (size_t i = 0; i < hits.count; i++) {
			mem_grow(&t->reports.items, t->reports.count, &t->reports.capacity);
			struct hit hit = hits.items[i];
			t->reports.items[t->reports.count++] =
				(struct hit){ hit.start + at, hit.end + at, hit.term };
		}
	}
	hits_release(&hits);
	if (t->reports.count > 1)
		qsort(t->reports.items, t->reports.count, sizeof(*t->reports.items), by_term);
	return result;
}

/* How long it takes to ask these lines of a term, the best of some passes; *hits: which say yes. */
static double time_looks(
	const struct trial *t, uint32_t term, const struct hit *lines, size_t count, size_t *hits)
{
	double best = INFINITY, spent = 0;
	for (int i = -1; i < PASSES && (i < 1 || spent < LOOKS_SECONDS); i++) {
		double begin = clock_thread_seconds();
		*hits = 0;
		for (size_t k = 0; k < count; k++)
			*hits += matcher_line(t->matcher, t->scratch, term,
				str_of(t->corpus->text.ptr + lines[k].start,
					lines[k].end - lines[k].start));
		double took = clock_thread_seconds() - begin;
		spent += took;
		if (i >= 0)
			best = fmin(best, took);
	}
	return best;
}

static void list_lines(const struct cost_corpus *corpus, struct hits *lines)
{
	struct str rest = corpus->text;
	while (rest.len > 0) {
		struct str line = str_cut(&rest, '\n');
		uint32_t start = (uint32_t)(line.ptr - corpus->text.ptr);
		mem_grow(&lines->items, lines->count, &lines->capacity);
		lines->items[lines->count++] = (struct hit){ start, start + (uint32_t)line.len, 0 };
	}
}

/* Reports and looks of each term; `report_s` is the time of one report. */
static void time_terms(struct trial *t, double report_s)
{
	const struct hit *first = t->reports.items, *end = first + t->reports.count;
	struct hits lines = { 0 };
	list_lines(t->corpus, &lines);
	for (uint32_t term = 0; term < t->rules->term_count; term++) {
		const struct hit *last = first;
		while (last < end && last->term == term)
			last++;
		size_t count = (size_t)(last - first);
		enum matcher_way way = matcher_way_of(t->matcher, term);
		t->seconds[term] = (double)count * report_s;
		t->hit_counts[term] = t->look_counts[term] = count;
		t->text_terms += matcher_by_texts(t->matcher, term);
		if (way == MATCHER_CONFIRMED && count > 0)
			t->seconds[term] += time_looks(t, term, first, count, &t->hit_counts[term]);
		else if (way == MATCHER_EACH_LINE)
			t->seconds[term] +=
				time_looks(t, term, lines.items, lines.count, &t->hit_counts[term]);
		first = last;
	}
	hits_release(&lines);
}

static int trial_run(struct trial *t, struct error *err)
{
	double reports_s;
	t->seconds = mem_zalloc(t->rules->term_count, sizeof(*t->seconds));
	t->hit_counts = mem_zalloc(t->rules->term_count, sizeof(*t->hit_counts));
	t->look_counts = mem_zalloc(t->rules->term_count, sizeof(*t->look_counts));
	if (time_scan(t, scan_floor, &t->floor_s, err) != 0 ||
		time_scan(t, scan_reports, &reports_s, err) != 0 || collect_reports(t, err) != 0)
		return -1;
	time_terms(t, t->reports.count == 0
			      ? 0
			      : fmax(0, reports_s - t->floor_s) / (double)t->reports.count);
	return 0;
}

/* What a rule's own terms cost in the trial. */
static void take_cost(const struct trial *t, const struct rule *rule, struct rule_cost *cost)
{
	double seconds = 0;
	size_t hits = 0, vain = 0;
	cost->by_texts = true;
	for (size_t k = 0; k < rule->term_count + rule->negative_count; k++) {
		bool positive = k < rule->term_count;
		uint32_t term =
			positive ? rule->terms[k] : rule->negatives[k - rule->term_count].term;
		enum matcher_way way = matcher_way_of(t->matcher, term);
		if (positive && k > 0 && term == rule->terms[k - 1])
			continue;
		hits += positive ? t->hit_counts[term] : 0;
		vain += t->look_counts[term] - t->hit_counts[term];
		seconds += t->seconds[term];
		if (matcher_by_texts(t->matcher, term))
			seconds += t->floor_s / (double)t->text_terms;
		else
			cost->by_texts &= way == MATCHER_EACH_LINE || way == MATCHER_NEVER;
	}
	cost->seconds_per_gib = seconds * (double)(1u << 30) / (double)t->corpus->text.len;
	cost->hit_share = (double)hits / (double)t->corpus->line_count;
	cost->vain_share = (double)vain / (double)t->corpus->line_count;
}

/* ---- rules that need more than plain texts ---- */

struct search {
	const struct rule_set *set;
	const struct cost_corpus *corpus;
	double alone_s; /* the company's automata without any rule */
	double to_gib;
};

static int time_group(const struct search *s, struct rule_cost *costs, size_t count,
	double *seconds, struct error *err)
{
	struct trial t = { .corpus = s->corpus };
	int result = trial_make(&t, s->set, costs, count, err);
	if (result == 0)
		result = time_scan(&t, scan_floor, seconds, err);
	trial_release(&t);
	return result;
}

/* Halves a group until what is left costs nothing or is one rule, and adds what it costs. */
static int search_group(
	const struct search *s, struct rule_cost *costs, size_t count, struct error *err)
{
	double seconds = 0;
	if (time_group(s, costs, count, &seconds, err) != 0)
		return -1;
	double extra = fmax(0, seconds - s->alone_s) * s->to_gib;
	if (count > 1 && extra > CHEAP_SECONDS_PER_GIB) {
		size_t half = count / 2;
		if (search_group(s, costs, half, err) != 0)
			return -1;
		return search_group(s, costs + half, count - half, err);
	}
	for (size_t i = 0; i < count; i++)
		costs[i].seconds_per_gib += extra / (double)count;
	return 0;
}

static int search_loose(const struct rule_set *set, const struct cost_corpus *corpus,
	struct rule_cost *costs, size_t count, size_t done, size_t all, cost_progress_fn *progress,
	struct error *err)
{
	struct search s = { .set = set,
		.corpus = corpus,
		.to_gib = (double)(1u << 30) / (double)corpus->text.len };
	if (count > 0 && time_group(&s, NULL, 0, &s.alone_s, err) != 0)
		return -1;
	for (size_t at = 0; at < count; at += GROUP_RULES) {
		size_t size = size_min(count - at, GROUP_RULES);
		if (search_group(&s, costs + at, size, err) != 0)
			return -1;
		if (progress != NULL)
			progress(done + at + size, all);
	}
	return 0;
}

/* Fills all but what the automata cost for more than plain texts; those rules come last then. */
static size_t take_costs(const struct trial *t, struct rule_cost *costs, size_t count)
{
	size_t plain = 0;
	for (size_t i = 0; i < count; i++) {
		take_cost(t, t->rules == &t->set ? &t->set.rules[i] : costs[i].rule, &costs[i]);
		if (costs[i].by_texts) {
			struct rule_cost moved = costs[i];
			costs[i] = costs[plain];
			costs[plain++] = moved;
		}
	}
	return plain;
}

int cost_measure(const struct rule_set *set, const struct matcher *matcher,
	const struct cost_corpus *corpus, struct rule_cost *costs, size_t count, double *together_s,
	cost_progress_fn *progress, struct error *err)
{
	struct trial t = { .corpus = corpus, .rules = set, .matcher = matcher };
	size_t plain = 0;
	int result = matcher_scratch_create(&t.scratch, matcher, err);
	if (result == 0)
		result = time_scan(&t, scan_all, together_s, err);
	if (result == 0 && set->term_count < countof(company)) {
		matcher_scratch_destroy(t.scratch);
		t.scratch = NULL;
		result = trial_make(&t, set, costs, count, err);
	}
	if (result == 0)
		result = trial_run(&t, err);
	if (result == 0) {
		plain = take_costs(&t, costs, count);
		result = search_loose(
			set, corpus, costs + plain, count - plain, plain, count, progress, err);
	}
	trial_release(&t);
	return result;
}
