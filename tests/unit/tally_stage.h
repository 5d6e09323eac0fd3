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
