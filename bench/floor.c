/* SPDX-License-Identifier: MIT */
/* What nobody can avoid: decoding, cutting into chunks, and running the automata over them. */
#include "bench/bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "lineup/rules_load.h"

NORETURN void bench_die(const char *what, const char *why)
{
	fprintf(stderr, "bench: %s: %s\n", what, why);
	exit(2);
}

void bench_rules_load(struct bench_rules *r, const char *patterns, bool whole)
{
	struct error err;
	struct matcher_options how = { .use_cache = true, .whole_patterns = whole };
	*r = (struct bench_rules){ .matcher = NULL };
	int loaded = patterns == NULL
			     ? rules_load_builtin(&r->rules, &err)
			     : rules_load_pattern_file(&r->rules, str_from(patterns), &err);
	if (loaded != 0)
		bench_die("load rules", err.text);
	rule_set_finish(&r->rules);
	if (matcher_create(&r->matcher, &r->rules, &how, &err) != 0 ||
		matcher_scratch_create(&r->scratch, r->matcher, &err) != 0)
		bench_die("compile rules", err.text);
}

void bench_rules_release(struct bench_rules *r)
{
	matcher_scratch_destroy(r->scratch);
	matcher_destroy(r->matcher);
	rule_set_release(&r->rules);
}

struct reader *bench_open(struct input *input, const char *path)
{
	struct reader *reader;
	struct error err;
	static const struct selection all;
	*input = (struct input){ .path = str_from(path), .modified_ns = TIME_NONE };
	if (reader_open(&reader, input, &read_limits_default, &all, &err) != 0)
		bench_die(path, err.text);
	return reader;
}

void bench_floor(const struct bench_rules *r, const char *path)
{
	struct input input;
	struct error err;
	struct chunk chunk = { 0 };
	struct reader *reader = bench_open(&input, path);
	while (reader_next(reader, &chunk) == 1) {
		if (matcher_floor(r->matcher, r->scratch, str_of(chunk.data, chunk.len), &err) != 0)
			bench_die(path, err.text);
	}
	chunk_release(&chunk);
	reader_close(reader);
}
