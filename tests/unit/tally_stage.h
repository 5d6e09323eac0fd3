/* SPDX-License-Identifier: MIT */
/* What the tests of the tally share: members, numbers by chance, and the end of a scan as one hash.
 */
#ifndef LINEUP_TALLY_STAGE_H
#define LINEUP_TALLY_STAGE_H

#include <stdio.h>

#include "lineup/findings.h"

static struct member members[3] = {
	{ .place = { "a.log", 5 }, .input = 0 },
	{ .place = { "b.log", 5 }, .input = 1 },
	{ .place = { "c.log", 5 }, .input = 2 },
};

static inline uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return *seed >> 33;
}

/* What is said of a line before it is counted. */
struct imagined_line {
	uint64_t number; /* which tells its place too */
	struct str service;
	struct str text;
	enum level level;
	int64_t time_ns;
	uint32_t rule; /* UINT32_MAX: it matches none */
	double pool;   /* the number that the rule names */
	uint64_t request;
};

/* As the scanner counts a line. */
static inline void count_imagined(struct tally *t, const struct imagined_line *l)
{
	uint32_t service = tally_service(t, l->service);
	bool matched = l->rule != UINT32_MAX;
	struct line_place line = { .time_ns = l->time_ns,
		.member = &members[l->number % 3],
		.line = l->number,
		.offset = l->number * 100,
		.text = l->text };
	if (matched) {
		tally_rule(t, l->rule, service, l->level, &line);
		tally_number(t, l->rule, service, STR("pool"), l->pool, l->time_ns);
	}
	tally_line(t, service, l->time_ns, l->level, l->level == LEVEL_ERROR, matched);
	struct tally_event event = { .request = l->request,
		.template_id = tally_template(t, l->text, service, l->level, l->rule, &line, NULL),
		.time_ns = l->time_ns,
		.service = service,
		.line = l->number,
		.input = line.member->input };
	if (tally_follows(t, event.request))
		tally_event(t, &event);
}

/* All that findings say, as one hash. */
static inline uint64_t fingerprint(const struct findings *f)
{
	struct buf out = BUF_INIT(0);
	buf_printf(&out, "%lld %zu %zu %u %u %u %u %llu %llu %llu\n", (long long)f->cell_ns,
		f->subject_count, f->event_count, f->event_sampling, f->service_sampling,
		f->template_sampling[0], f->template_sampling[1],
		(unsigned long long)f->template_lines_dropped, (unsigned long long)f->problem_lines,
		(unsigned long long)f->matched_lines);
	for (size_t i = 0; i < f->service_count; i++)
		buf_printf(&out, "%.*s %llu %zu %llu\n", STR_ARG(f->services[i].name),
			(unsigned long long)f->services[i].lines.total,
			f->services[i].lines.cell_count,
			(unsigned long long)f->services[i].by_level[LEVEL_ERROR]);
	for (size_t i = 0; i < f->subject_count; i++) {
		const struct subject *s = &f->subjects[i];
		buf_printf(&out, "%d %d %u %llx %u %llu %llu %lld", s->kind, s->level, s->rule,
			(unsigned long long)s->template_id, s->service,
			(unsigned long long)s->series.total, (unsigned long long)s->series.undated,
			(long long)s->series.first_ns);
		for (size_t k = 0; k < s->series.cell_count; k++)
			buf_printf(&out, " %lld:%u@%u", (long long)s->series.cells[k].index,
				s->series.cells[k].count, s->series.cells[k].first_ms);
		for (size_t k = 0; k < s->evidence_count; k++)
			buf_printf(&out, " [%llu %s %s]", (unsigned long long)s->evidence[k].line,
				s->evidence[k].path.ptr, s->evidence[k].text.ptr);
		for (size_t k = 0; k < s->quantity_count; k++)
			for (size_t c = 0; c < s->quantities[k].cell_count; c++)
				buf_printf(&out, " %s=%lld/%llu", s->quantities[k].name.ptr,
					(long long)s->quantities[k].cells[c].sum_milli,
					(unsigned long long)s->quantities[k].cells[c].count);
		buf_printf(&out, "\n");
	}
	for (size_t i = 0; i < f->event_count; i++)
		buf_printf(&out, "%llx %llu %u %u\n", (unsigned long long)f->events[i].request,
			(unsigned long long)f->events[i].line, f->events[i].service,
			f->events[i].subject);
	uint64_t hash = str_hash(buf_str(&out));
	buf_release(&out);
	return hash;
}

/* What so many workers counted, to findings, on half as many threads; releases their tallies. */
static inline uint64_t build_merged(struct tally *tallies, size_t workers, struct findings *f)
{
	static const struct rule_set rules;
	struct tally *items[8];
	for (size_t i = 0; i < workers; i++)
		items[i] = &tallies[i];
	findings_build(f, &(struct tallies){ items, workers, (unsigned)workers / 2 }, &rules);
	for (size_t i = 0; i < workers; i++)
		tally_release(&tallies[i]);
	return fingerprint(f);
}

#endif
