/* SPDX-License-Identifier: MIT */
#include "lineup/json_write.h"
#include "lineup/mem.h"
#include "lineup/pipeline.h"
#include "lineup/scanner.h"

/* What one thread needs to show how lines are read. */
struct shower {
	const struct scan_settings *settings;
	struct scan_progress *progress;
	struct matcher_scratch *scratch;
	struct hits hits;
	struct scan_plan plan;
	struct chunk chunk;
	struct emitter emitter;
};

static const char *const basis_names[] = {
	[TIME_BASIS_NONE] = "none",
	[TIME_BASIS_INHERITED] = "inherited",
	[TIME_BASIS_STAMP] = "stamp",
};

static void emit_id(struct emitter *e, const char *key, struct str id)
{
	if (id.len > 0)
		emit_str(e, key, id);
	else
		emit_null(e, key);
}

static void emit_ids(struct emitter *e, const struct reading *r)
{
	emit_object(e, "ids");
	emit_id(e, "trace", r->trace);
	emit_id(e, "span", r->span);
	emit_id(e, "request", r->request);
	emit_end_object(e);
}

/* All rules that a term of theirs hit on this line;
 * a rule of several terms may stand here unfired. */
static void emit_rules(struct shower *s, const struct hit *hits, size_t count)
{
	const struct rule_set *rules = s->settings->rules;
	emit_array(&s->emitter, "rules");
	for (size_t i = 0; i < count; i++) {
		uint32_t term = hits[i].term;
		for (uint32_t k = s->plan.first_use[term]; k < s->plan.first_use[term + 1]; k++)
			emit_word(&s->emitter, NULL, rules->rules[s->plan.uses[k].rule].id);
		for (uint32_t k = s->plan.fires.starts[term]; k < s->plan.fires.starts[term + 1];
			k++)
			emit_word(&s->emitter, NULL, rules->rules[s->plan.fires.uses[k].rule].id);
	}
	emit_end_array(&s->emitter);
}

static void show_line(struct shower *s, const struct line_place *place, const struct reading *r,
	const struct hit *hits, size_t hit_count)
{
	struct emitter *e = &s->emitter;
	const char *level = level_name(r->level);
	emit_object(e, NULL);
	emit_str(e, "path", place->member->place);
	emit_u64(e, "line", place->line);
	emit_u64(e, "offset", place->offset);
	emit_time(e, "time", r->time_ns);
	emit_word(e, "time_basis", str_from(basis_names[r->basis]));
	emit_str(e, "service", r->service.len > 0 ? r->service : STR("unknown"));
	emit_word(e, "severity", level == NULL ? STR_NONE : str_from(level));
	emit_ids(e, r);
	emit_rules(s, hits, hit_count);
	emit_end_object(e);
	emit_newline(e);
}

static bool shown(const struct scan_settings *settings, int64_t time_ns)
{
	return time_ns == TIME_NONE ||
	       ((settings->since_ns == TIME_NONE || time_ns >= settings->since_ns) &&
		       (settings->until_ns == TIME_NONE || time_ns < settings->until_ns));
}

static int show_chunk(struct shower *s, const struct chunk_reading *reading, struct error *err)
{
	const struct chunk *chunk = &s->chunk;
	struct line_cursor cursor;
	if (matcher_scan(s->settings->matcher, s->scratch, str_of(chunk->data, chunk->len),
		    &s->hits, err) != 0)
		return -1;
	line_cursor_start(&cursor, s->settings->reading, reading);
	size_t hit = 0;
	uint64_t number = chunk->first_line;
	for (size_t start = 0; start < chunk->len; number++) {
		ptrdiff_t length =
			str_find_byte(str_of(chunk->data + start, chunk->len - start), '\n');
		size_t end = length < 0 ? chunk->len : start + (size_t)length;
		size_t first = hit;
		while (hit < s->hits.count && s->hits.items[hit].start <= start)
			hit++;
		struct line_place place = { .member = chunk->member,
			.line = number,
			.offset = chunk_offset(chunk, start),
			.text = str_of(chunk->data + start, end - start) };
		struct reading r;
		line_read(&cursor, place.text, true, &r);
		if (shown(s->settings, r.time_ns))
			show_line(s, &place, &r, &s->hits.items[first], hit - first);
		start = end + 1;
	}
	return 0;
}

static int show_input(struct shower *s, const struct input *input, FILE *out,
	struct troubles *troubles, struct error *err)
{
	struct reader *reader;
	struct error reason;
	if (reader_open(&reader, input, s->settings->limits, s->settings->selection, &reason) !=
		0) {
		troubles_add(troubles, TROUBLE_UNREADABLE, input->index, 0, input->path, "%s",
			reason.text);
		return 0;
	}
	int result = 0;
	while (result == 0 && !ferror(out) &&
		!atomic_load_explicit(&s->progress->stop, memory_order_relaxed) &&
		reader_next(reader, &s->chunk) == 1) {
		struct chunk_reading reading;
		reading_pull(s->settings->reading, &s->chunk, &reading);
		result = show_chunk(s, &reading, err);
	}
	troubles_join(troubles, reader_troubles(reader));
	reader_close(reader);
	return result;
}

int pipeline_lines(const struct scan_settings *settings, struct scan_progress *progress, FILE *out,
	struct troubles *troubles, struct error *err)
{
	struct shower s = { .settings = settings, .progress = progress };
	scan_plan_init(&s.plan, settings->rules, settings->matcher, settings->reading);
	emit_init(&s.emitter, out, NULL, 0);
	int result = matcher_scratch_create(&s.scratch, settings->matcher, err);
	for (size_t i = 0; result == 0 && i < settings->inputs->count && !ferror(out); i++)
		result = show_input(&s, &settings->inputs->items[i], out, troubles, err);
	matcher_scratch_destroy(s.scratch);
	hits_release(&s.hits);
	chunk_release(&s.chunk);
	emit_release(&s.emitter);
	scan_plan_release(&s.plan);
	return result;
}
