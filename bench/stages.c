/* SPDX-License-Identifier: MIT */
/* The stages of the hot path, each alone over the same lines. */
#include "bench/bench.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>

#include "lineup/ids.h"
#include "lineup/mask.h"
#include "lineup/mem.h"
#include "lineup/reading.h"
#include "lineup/scanner.h"

/* What stages other than decoding look at, at most: more tells no more. */
#define CORPUS_BYTES_MAX ((uint64_t)64 << 20)
/* What is packed and decoded: xz and bzip2 are slow. */
#define PACKED_BYTES_MAX ((int64_t)16 << 20)
/* Hits that are confirmed in a round. */
#define CONFIRMS_MAX 200000

/* A corpus in memory, as the reader gives it. */
struct corpus {
	struct chunk *chunks;
	size_t count;
	size_t capacity;
	uint64_t bytes;
	uint64_t lines;
};

struct stage {
	struct bench_rules rules;
	struct corpus corpus;
	struct reading_options *reading;
	struct scan_plan plan;
	struct hits hits;
	struct tally tally;
	uint64_t sum; /* of results, so that no work is left out */
	const char *path;
};

static void load(struct corpus *c, const char *path)
{
	struct input input;
	struct reader *reader = bench_open(&input, path);
	for (;;) {
		struct chunk chunk = { 0 };
		if (c->bytes >= CORPUS_BYTES_MAX || reader_next(reader, &chunk) != 1) {
			chunk_release(&chunk);
			break;
		}
		mem_grow(&c->chunks, c->count, &c->capacity);
		c->chunks[c->count++] = chunk;
		c->bytes += chunk.len;
		c->lines = reader_counts(reader).lines;
	}
	reader_close(reader);
}

static struct str chunk_text(const struct chunk *c)
{
	return str_of(c->data, c->len);
}

/* ---- decoding ---- */

static void decode(void *context)
{
	struct stage *s = context;
	struct input input;
	struct reader *reader = bench_open(&input, s->path);
	struct chunk chunk = { 0 };
	while (reader_next(reader, &chunk) == 1)
		s->sum += chunk.len;
	chunk_release(&chunk);
	reader_close(reader);
}

static void archive_check(struct archive *a, int code)
{
	if (code != ARCHIVE_OK)
		bench_die("pack the corpus", archive_error_string(a));
}

/* `format`: of the archive that it is a member of, or raw. */
static void pack(const char *path, const char *packed, int filter, int (*format)(struct archive *))
{
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();
	FILE *in = fopen(path, "rb");
	if (in == NULL)
		bench_die("open", path);
	fseek(in, 0, SEEK_END);
	int64_t left = ftell(in) < PACKED_BYTES_MAX ? ftell(in) : PACKED_BYTES_MAX;
	archive_entry_set_size(e, left);
	rewind(in);
	archive_check(a, archive_write_add_filter(a, filter));
	if (filter == ARCHIVE_FILTER_XZ)
		archive_check(
			a, archive_write_set_filter_option(a, NULL, "compression-level", "1"));
	archive_check(a, format(a));
	archive_check(a, archive_write_open_filename(a, packed));
	archive_entry_set_pathname(e, "app.log");
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0644);
	archive_check(a, archive_write_header(a, e));
	static char bytes[1 << 16];
	while (left > 0) {
		size_t n = fread(bytes, 1, size_min(sizeof(bytes), (size_t)left), in);
		if (n == 0 || archive_write_data(a, bytes, n) < 0)
			bench_die("pack the corpus",
				n == 0 ? "it got shorter" : archive_error_string(a));
		left -= (int64_t)n;
	}
	archive_check(a, archive_write_close(a));
	archive_entry_free(e);
	archive_write_free(a);
	fclose(in);
}

static void stage_decoders(struct bench *b, struct stage *s, const char *path, const char *folder)
{
	static const struct format {
		const char *suffix;
		int filter;
		int (*format)(struct archive *);
	} formats[] = { { "plain", ARCHIVE_FILTER_NONE, archive_write_set_format_raw },
		{ "zst", ARCHIVE_FILTER_ZSTD, archive_write_set_format_raw },
		{ "gz", ARCHIVE_FILTER_GZIP, archive_write_set_format_raw },
		{ "lz4", ARCHIVE_FILTER_LZ4, archive_write_set_format_raw },
		{ "xz", ARCHIVE_FILTER_XZ, archive_write_set_format_raw },
		{ "bz2", ARCHIVE_FILTER_BZIP2, archive_write_set_format_raw },
		{ "tar.gz", ARCHIVE_FILTER_GZIP, archive_write_set_format_pax_restricted },
		{ "tar.zst", ARCHIVE_FILTER_ZSTD, archive_write_set_format_pax_restricted },
		{ "zip", ARCHIVE_FILTER_NONE, archive_write_set_format_zip } };
	for (size_t i = 0; i < countof(formats); i++) {
		const struct format *f = &formats[i];
		char packed[4096], name[64];
		struct input input;
		snprintf(packed, sizeof(packed), "%s/stage.%s", folder, f->suffix);
		snprintf(name, sizeof(name), "decode/%s", f->suffix);
		FILE *there = fopen(packed, "rb");
		if (there != NULL)
			fclose(there);
		else
			pack(path, packed, f->filter, f->format);
		s->path = packed;
		struct bench_row *row = bench_time(b, name, decode, s);
		struct reader *reader = bench_open(&input, packed);
		struct chunk chunk = { 0 };
		while (reader_next(reader, &chunk) == 1)
			;
		row->bytes_encoded = reader_counts(reader).bytes_encoded;
		row->bytes = reader_counts(reader).bytes;
		row->lines = reader_counts(reader).lines;
		chunk_release(&chunk);
		reader_close(reader);
	}
}

/* ---- matching ---- */

static void match_floor(void *context)
{
	struct stage *s = context;
	struct error err;
	for (size_t i = 0; i < s->corpus.count; i++) {
		if (matcher_floor(s->rules.matcher, s->rules.scratch,
			    chunk_text(&s->corpus.chunks[i]), &err) != 0)
			bench_die("scan", err.text);
	}
}

static void match_scan(void *context)
{
	struct stage *s = context;
	struct error err;
	for (size_t i = 0; i < s->corpus.count; i++) {
		if (matcher_scan(s->rules.matcher, s->rules.scratch,
			    chunk_text(&s->corpus.chunks[i]), &s->hits, &err) != 0)
			bench_die("scan", err.text);
		s->sum += s->hits.count;
	}
}

/* The second look, at lines that do match: the hits of the first chunks. */
struct confirming {
	struct stage *stage;
	struct hits hits;
	uint64_t bytes;
};

static void confirm_hits(void *context)
{
	struct confirming *c = context;
	struct stage *s = c->stage;
	const struct chunk *first = &s->corpus.chunks[0];
	for (size_t i = 0; i < c->hits.count; i++) {
		const struct hit *h = &c->hits.items[i];
		s->sum += matcher_line(s->rules.matcher, s->rules.scratch, h->term,
			str_of(first->data + h->start, h->end - h->start));
	}
}

static void stage_matching(struct bench *b, struct stage *s)
{
	struct bench_row *row = bench_time(b, "match/hs_scan", match_floor, s);
	row->bytes = s->corpus.bytes;
	row->lines = s->corpus.lines;
	row = bench_time(b, "match/with_hits", match_scan, s);
	row->bytes = s->corpus.bytes;
	row->lines = s->corpus.lines;
	struct confirming c = { .stage = s };
	struct error err;
	if (s->corpus.count == 0 || matcher_scan(s->rules.matcher, s->rules.scratch,
					    chunk_text(&s->corpus.chunks[0]), &c.hits, &err) != 0)
		return;
	c.hits.count = size_min(c.hits.count, CONFIRMS_MAX);
	for (size_t i = 0; i < c.hits.count; i++)
		c.bytes += c.hits.items[i].end - c.hits.items[i].start;
	uint64_t lines = c.hits.count;
	row = bench_time(b, "match/confirm", confirm_hits, &c);
	row->bytes = c.bytes;
	row->lines = lines;
	hits_release(&c.hits);
}

/* ---- lines ---- */

typedef void line_fn(struct stage *, struct line_cursor *, struct str line);

static void each_line(struct stage *s, line_fn *run)
{
	struct chunk_reading reading;
	for (size_t i = 0; i < s->corpus.count; i++) {
		struct chunk *chunk = &s->corpus.chunks[i];
		struct str rest = chunk_text(chunk);
		struct line_cursor cursor;
		reading_pull(s->reading, chunk, &reading);
		line_cursor_start(&cursor, s->reading, &reading);
		while (rest.len > 0) {
			struct str line = str_cut(&rest, '\n');
			run(s, &cursor, line);
		}
	}
}

static void line_nothing(struct stage *s, struct line_cursor *c, struct str line)
{
	(void)c;
	s->sum += line.len;
}

static void line_time(struct stage *s, struct line_cursor *c, struct str line)
{
	struct reading r;
	line_read(c, line, false, &r);
	s->sum += (uint64_t)r.time_ns;
}

static void line_time_ids(struct stage *s, struct line_cursor *c, struct str line)
{
	struct reading r;
	line_read(c, line, true, &r);
	s->sum += (uint64_t)r.time_ns;
}

static void line_mask_key(struct stage *s, struct line_cursor *c, struct str line)
{
	(void)c;
	s->sum += mask_key(line);
}

static void line_mask_text(struct stage *s, struct line_cursor *c, struct str line)
{
	(void)c;
	buf_clear(&s->tally.text);
	mask_text(line, &s->tally.text);
	s->sum += s->tally.text.len;
}

/* A line a tenth of a second, one service: the tally's own price. */
static void line_tally(struct stage *s, struct line_cursor *c, struct str line)
{
	(void)c;
	uint32_t service = tally_service(&s->tally, STR("service"));
	struct line_place place = { .member = s->corpus.chunks[0].member,
		.line = ++s->sum,
		.text = line,
		.time_ns = (int64_t)s->sum * 100 * NS_PER_MS };
	tally_line(&s->tally, service, place.time_ns, LEVEL_INFO, false, false);
	tally_template(&s->tally, line, service, LEVEL_INFO, UINT32_MAX, &place, NULL);
}

struct line_stage {
	struct stage *stage;
	line_fn *run;
};

static void run_lines(void *context)
{
	struct line_stage *l = context;
	each_line(l->stage, l->run);
}

static void pull_chunks(void *context)
{
	struct stage *s = context;
	struct chunk_reading reading;
	for (size_t i = 0; i < s->corpus.count; i++) {
		reading_pull(s->reading, &s->corpus.chunks[i], &reading);
		s->sum += reading.inherited_service_len;
	}
}

static void scan_chunks(void *context)
{
	struct stage *s = context;
	struct scanner scanner;
	struct error err;
	struct chunk_reading reading;
	if (scanner_init(&scanner, &s->plan, &err) != 0)
		bench_die("scan", err.text);
	for (size_t i = 0; i < s->corpus.count; i++) {
		reading_pull(s->reading, &s->corpus.chunks[i], &reading);
		if (scanner_scan(&scanner, &s->corpus.chunks[i], &reading, &err) != 0)
			bench_die("scan", err.text);
	}
	scanner_release(&scanner);
}

static void stage_lines(struct bench *b, struct stage *s)
{
	static const struct {
		const char *name;
		line_fn *run;
	} stages[] = { { "line/ends", line_nothing }, { "line/mask_key", line_mask_key },
		{ "line/mask_text", line_mask_text }, { "line/read", line_time },
		{ "line/read_with_ids", line_time_ids }, { "line/tally", line_tally } };
	struct bench_row *row = bench_time(b, "chunk/pull", pull_chunks, s);
	row->bytes = s->corpus.bytes;
	row->lines = s->corpus.lines;
	for (size_t i = 0; i < countof(stages); i++) {
		struct line_stage l = { s, stages[i].run };
		row = bench_time(b, stages[i].name, run_lines, &l);
		row->bytes = s->corpus.bytes;
		row->lines = s->corpus.lines;
	}
	row = bench_time(b, "chunk/scanner", scan_chunks, s);
	row->bytes = s->corpus.bytes;
	row->lines = s->corpus.lines;
}

void bench_stages(struct bench *b, const char *path, const char *patterns, const char *folder)
{
	struct stage s = { 0 };
	struct error err;
	struct reading_settings settings = { .now_ns = TIME_NONE };
	bench_rules_load(&s.rules, patterns, false);
	if (reading_options_create(&s.reading, &settings, &err) != 0)
		bench_die("read lines", err.text);
	scan_plan_init(&s.plan, &s.rules.rules, s.rules.matcher, s.reading);
	tally_init(&s.tally, &tally_limits_default);
	if (folder != NULL)
		stage_decoders(b, &s, path, folder);
	load(&s.corpus, path);
	if (folder != NULL) {
		stage_matching(b, &s);
		stage_lines(b, &s);
	}
	bench_reading_cost(b, &s.plan, s.corpus.chunks, s.corpus.count);
	for (size_t i = 0; i < s.corpus.count; i++)
		chunk_release(&s.corpus.chunks[i]);
	free(s.corpus.chunks);
	hits_release(&s.hits);
	tally_release(&s.tally);
	scan_plan_release(&s.plan);
	reading_options_destroy(s.reading);
	bench_rules_release(&s.rules);
}
