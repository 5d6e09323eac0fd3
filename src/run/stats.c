/* SPDX-License-Identifier: MIT */
#include "lineup/stats.h"

#include <inttypes.h>
#include <sys/resource.h>

static void print_stage(FILE *out, const char *name, double seconds, uint64_t bytes)
{
	fprintf(out, "  %-10s %9.3f s", name, seconds);
	if (seconds > 0 && bytes > 0)
		fprintf(out, "  %7.3f GB/s", (double)bytes / seconds / 1e9);
	fputc('\n', out);
}

static void print_late_stage(FILE *out, const char *name, const struct stage_seconds *s)
{
	fprintf(out, "  %-10s %9.3f s  %7.3f s of wall\n", name, s->cpu, s->wall);
}

void stats_print(FILE *out, const struct findings *f, const struct scan_stats *s,
	const struct matcher_stats *m, unsigned jobs, const struct stage_seconds *rank)
{
	const struct input_totals *t = &f->totals;
	struct rusage usage;
	fprintf(out,
		"files %" PRIu64 ", members %" PRIu64 ", lines %" PRIu64 ", undated %" PRIu64 "\n",
		t->files, t->members, t->lines, t->undated_lines);
	fprintf(out, "bytes %" PRIu64 ", read %" PRIu64 "\n", t->bytes, t->bytes_read);
	fprintf(out, "rules %zu, terms %zu: %zu scanned, %zu confirmed, %zu line by line\n",
		f->rules->rule_count, f->rules->term_count, m->terms_scanned, m->terms_confirmed,
		m->terms_slow);
	fprintf(out, "PCRE2 asked of %" PRIu64 " lines", s->looks);
	if (s->most_looks > 0) {
		const struct rule_place *place = &f->rules->terms[s->most_term].place;
		fprintf(out, ", of %" PRIu64 " for %.*s:%u", s->most_looks, STR_ARG(place->path),
			(unsigned)place->line);
	}
	fprintf(out, "\ncompiled rules: %zu bytes, %s, %.3f s\n", m->database_bytes,
		m->from_cache ? "from the cache" : "compiled", m->compile_seconds);
	fprintf(out, "CPU seconds, all of %u threads, and decoded bytes by second:\n", jobs);
	print_stage(out, "decode", s->seconds_decode, t->bytes);
	print_stage(out, "match", s->seconds_match, t->bytes);
	print_stage(out, "read", s->seconds_read, t->bytes);
	print_late_stage(out, "merge", &s->merge);
	print_late_stage(out, "rank", rank);
	print_stage(out, "CPU", s->seconds_cpu + rank->cpu, t->bytes);
	print_stage(out, "wall", s->seconds_wall + rank->wall, t->bytes);
	if (getrusage(RUSAGE_SELF, &usage) == 0)
		fprintf(out, "memory: %ld KB at most, tallies %zu bytes\n", usage.ru_maxrss,
			s->peak_tally_bytes);
}
