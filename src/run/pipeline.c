/* SPDX-License-Identifier: MIT */
#include "lineup/pipeline.h"

#include <stdio.h>
#include <stdlib.h>

#include "lineup/fire.h"
#include "lineup/intake.h"
#include "lineup/mem.h"
#include "lineup/notes.h"
#include "lineup/parallel.h"
#include "lineup/scanner.h"
#include "lineup/skew.h"
#include "lineup/tally_peers.h"

struct worker {
	_Alignas(CACHE_LINE_BYTES) struct scanner scanner;
	struct chunk chunk;
	struct intake_worker intake;
	bool failed;
	struct error error;
};

struct pipeline {
	const struct scan_settings *settings;
	struct scan_plan plan;
	struct intake *intake;
	struct tally_peers *peers;
	struct worker *workers;
	unsigned worker_count;
};

static void scan(struct worker *w, const struct chunk_reading *reading)
{
	struct error err;
	if (scanner_scan(&w->scanner, &w->chunk, reading, &err) != 0)
		troubles_add(&w->intake.troubles, TROUBLE_UNREADABLE, w->chunk.member->input,
			w->chunk.member->sequence, w->chunk.member->place,
			"a chunk from line %llu on could not be matched: %s",
			(unsigned long long)w->chunk.first_line, err.text);
}

static void work(void *context, size_t me)
{
	struct pipeline *p = context;
	struct worker *w = &p->workers[me];
	struct chunk_reading reading;
	w->intake.me = (unsigned)me;
	/* here, since it takes a millisecond, and another for each worker */
	w->failed = scanner_init(&w->scanner, &p->plan, &w->error) != 0;
	while (!w->failed && intake_next(p->intake, &w->intake, &w->chunk, &reading)) {
		scan(w, &reading);
		tally_peers_agree(p->peers, me, &w->scanner.tally);
	}
}

/* Without the memory for one worker's automata no scan is whole. */
static int check_workers(const struct pipeline *p, struct error *err)
{
	for (unsigned i = 0; i < p->worker_count; i++) {
		if (p->workers[i].failed) {
			*err = p->workers[i].error;
			return -1;
		}
	}
	return 0;
}

/* Fires of larger rules count like hits of simple ones, with the lines they took as evidence. */
static void count_fires(struct tally *tally, const struct fires *fires)
{
	for (size_t i = 0; i < fires->count; i++) {
		const struct fire *fire = &fires->items[i];
		struct evidence lines[EXEMPLARS_MAX];
		size_t count = size_min(fire->line_count, EXEMPLARS_MAX);
		for (size_t k = 0; k < count; k++) {
			const struct fire_line *l = &fire->lines[k];
			lines[k] = (struct evidence){ l->time_ns, l->input, l->sequence, l->line,
				l->offset, l->place, l->text };
		}
		tally_fire(tally, fire->rule, fire->service, fire->first_ns, fire->last_ns, lines,
			count);
	}
}

/*
 * A pattern that was given up on a line may have matched it: that is told where the rule stands.
 * Without a number: how often a worker asks a pattern hangs on what it remembers of such lines.
 */
static void say_given_up(struct pipeline *p)
{
	const struct rule_set *rules = p->settings->rules;
	for (uint32_t term = 0; term < rules->term_count; term++) {
		bool given_up = false;
		for (unsigned i = 0; i < p->worker_count && !given_up; i++)
			given_up = matcher_scratch_gave_up(p->workers[i].scanner.scratch, term) > 0;
		if (!given_up)
			continue;
		const struct rule_place *place = &rules->terms[term].place;
		char line[32] = "";
		if (place->line > 0)
			snprintf(line, sizeof(line), "line %u: ", (unsigned)place->line);
		troubles_add(&p->workers[0].intake.troubles, TROUBLE_LIMITED, TROUBLE_OF_NO_INPUT,
			term, place->path,
			"%sthe pattern takes too long on some lines, where it was given up; they "
			"count as not matched",
			line);
	}
}

/* What PCRE2 was asked, and which term most. */
static void count_looks(const struct pipeline *p, struct scan_stats *stats)
{
	for (uint32_t term = 0; term < p->settings->rules->term_count; term++) {
		uint64_t looks = 0;
		for (unsigned i = 0; i < p->worker_count; i++)
			looks += matcher_scratch_looks(p->workers[i].scanner.scratch, term);
		stats->looks += looks;
		if (looks <= stats->most_looks)
			continue;
		stats->most_looks = looks;
		stats->most_term = term;
	}
}

/* Workers that are joined at the same time: each pair stands so far apart. */
struct joining {
	struct worker *workers;
	size_t step;
};

/* All that the second one of the pair has goes into the first, but for what it counted. */
static void join_pair(void *context, size_t pair)
{
	const struct joining *j = context;
	struct worker *into = &j->workers[2 * j->step * pair], *from = into + j->step;
	into->intake.seconds_pull += from->intake.seconds_pull;
	into->scanner.seconds_match += from->scanner.seconds_match;
	into->scanner.seconds_read += from->scanner.seconds_read;
	fire_events_merge(&into->scanner.events, &from->scanner.events);
	fire_events_release(&from->scanner.events);
	source_trusts_join(&into->scanner.trusts, &from->scanner.trusts);
	troubles_join(&into->intake.troubles, &from->intake.troubles);
	read_counts_add(&into->intake.counts, &from->intake.counts);
}

/* Pair by pair, all pairs of a round at the same time. */
static void join_workers(const struct pipeline *p)
{
	struct joining j = { p->workers, 1 };
	for (; j.step < p->worker_count; j.step *= 2) {
		size_t pairs = (p->worker_count - j.step + 2 * j.step - 1) / (2 * j.step);
		parallel_each(p->worker_count, pairs, join_pair, &j);
	}
}

/* What all workers counted, to findings. */
static void build_findings(const struct pipeline *p, struct findings *out)
{
	struct tally **items = mem_alloc(p->worker_count * sizeof(struct tally *));
	for (unsigned i = 0; i < p->worker_count; i++)
		items[i] = &p->workers[i].scanner.tally;
	struct tallies tallies = { items, p->worker_count, p->worker_count };
	findings_build(out, &tallies, p->settings->rules);
	free(items);
}

static void merge(struct pipeline *p, struct findings *out, struct scan_stats *stats)
{
	struct worker *first = &p->workers[0];
	for (unsigned i = 0; i < p->worker_count; i++) {
		const struct scanner *scanner = &p->workers[i].scanner;
		stats->peak_tally_bytes +=
			tally_bytes(&scanner->tally) + fire_events_bytes(&scanner->events);
	}
	join_workers(p);
	stats->seconds_decode = first->intake.seconds_pull;
	stats->seconds_match = first->scanner.seconds_match;
	stats->seconds_read = first->scanner.seconds_read;
	say_given_up(p);
	if (p->settings->timed)
		count_looks(p, stats);
	struct fires fires;
	fire_run(&fires, p->settings->rules, &first->scanner.events);
	count_fires(&first->scanner.tally, &fires);
	build_findings(p, out);
	intake_note_unopened(p->intake, &first->intake.troubles);
	troubles_join(&out->troubles, &first->intake.troubles);
	troubles_sort(&out->troubles);
	const struct selection *chosen = p->settings->selection;
	out->totals = (struct input_totals){
		.selected = chosen != NULL && chosen->include_count + chosen->exclude_count > 0,
		.files = first->intake.counts.files,
		.members = first->intake.counts.members,
		.bytes_read = first->intake.counts.bytes_encoded,
		.bytes = first->intake.counts.bytes,
		.lines = first->intake.counts.lines
	};
	source_trusts_finish(&first->scanner.trusts);
	time_notes(out, &first->scanner.trusts);
	skew_notes(out);
	fire_note(out, &fires);
	sampling_notes(out);
	fires_release(&fires);
}

static void release_worker(void *context, size_t index)
{
	struct worker *w = &((struct pipeline *)context)->workers[index];
	scanner_release(&w->scanner);
	chunk_release(&w->chunk);
	troubles_release(&w->intake.troubles);
}

static void release(struct pipeline *p)
{
	parallel_each(p->worker_count, p->worker_count, release_worker, p);
	intake_destroy(p->intake);
	tally_peers_destroy(p->peers);
	scan_plan_release(&p->plan);
	free(p->workers);
}

struct stage_clock stage_begin(void)
{
	return (struct stage_clock){ clock_cpu_seconds(), clock_monotonic_ns() };
}

struct stage_seconds stage_end(const struct stage_clock *begin)
{
	return (struct stage_seconds){ clock_cpu_seconds() - begin->cpu,
		(double)(clock_monotonic_ns() - begin->wall_ns) / (double)NS_PER_S };
}

int pipeline_scan(const struct scan_settings *settings, struct scan_progress *progress,
	struct findings *out, struct scan_stats *stats, struct error *err)
{
	*stats = (struct scan_stats){ 0 };
	int64_t begin_ns = clock_monotonic_ns();
	double begin_cpu = clock_cpu_seconds();
	struct pipeline p = { .settings = settings,
		.worker_count = settings->jobs == 0 ? 1 : settings->jobs };
	p.intake = intake_create(settings, progress, p.worker_count);
	p.peers = tally_peers_create(p.worker_count);
	p.workers = mem_zalloc_aligned(p.worker_count * sizeof(*p.workers));
	scan_plan_init(&p.plan, settings->rules, settings->matcher, settings->reading);
	p.plan.since_ns = settings->since_ns;
	p.plan.until_ns = settings->until_ns;
	p.plan.with_templates = settings->with_templates;
	p.plan.timed = settings->timed;
	parallel_each(p.worker_count, p.worker_count, work, &p);
	int result = check_workers(&p, err);
	if (result == 0) {
		struct stage_clock clock = stage_begin();
		merge(&p, out, stats);
		stats->merge = stage_end(&clock);
	}
	release(&p);
	stats->seconds_wall = (double)(clock_monotonic_ns() - begin_ns) / 1e9;
	stats->seconds_cpu = clock_cpu_seconds() - begin_cpu;
	return result;
}
