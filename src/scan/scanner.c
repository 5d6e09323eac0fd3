/* SPDX-License-Identifier: MIT */
#include "lineup/scanner.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/ids.h"
#include "lineup/line_seeker.h"
#include "lineup/mem.h"

void scan_plan_init(struct scan_plan *plan, const struct rule_set *rules,
	const struct matcher *matcher, const struct reading_options *reading)
{
	*plan = (struct scan_plan){ .rules = rules,
		.matcher = matcher,
		.reading = reading,
		.since_ns = TIME_NONE,
		.until_ns = TIME_NONE,
		.with_templates = true };
	plan->first_use = mem_zalloc(rules->term_count + 2, sizeof(*plan->first_use));
	/* Counting sort by term: first_use[t + 1] counts, then sums up, then is filled from. */
	for (size_t i = 0; i < rules->rule_count; i++) {
		if (rule_is_simple(&rules->rules[i]))
			plan->first_use[rules->rules[i].terms[0] + 1]++;
	}
	for (size_t t = 0; t < rules->term_count; t++)
		plan->first_use[t + 1] += plan->first_use[t];
	plan->uses = mem_zalloc(rules->rule_count, sizeof(*plan->uses));
	uint32_t *next = mem_alloc((rules->term_count + 1) * sizeof(*next));
	memcpy(next, plan->first_use, (rules->term_count + 1) * sizeof(*next));
	for (uint32_t i = 0; i < rules->rule_count; i++) {
		const struct rule *r = &rules->rules[i];
		if (rule_is_simple(r))
			plan->uses[next[r->terms[0]]++] =
				(struct term_use){ i, r->severity != SEVERITY_INFO };
	}
	free(next);
	fire_plan_create(&plan->fires, rules);
}

void scan_plan_release(struct scan_plan *plan)
{
	fire_plan_release(&plan->fires);
	free(plan->uses);
	free(plan->first_use);
	*plan = (struct scan_plan){ 0 };
}

/* ---- one worker ---- */

#define SITE_BYTES 1024 /* a longer name is cut here */

int scanner_init(struct scanner *s, const struct scan_plan *plan, struct error *err)
{
	*s = (struct scanner){ .plan = plan };
	tally_init(&s->tally, &tally_limits_default);
	line_memo_init(&s->memo);
	buf_init(&s->site.text, SITE_BYTES);
	return matcher_scratch_create(&s->scratch, plan->matcher, err);
}

void scanner_release(struct scanner *s)
{
	matcher_scratch_destroy(s->scratch);
	hits_release(&s->hits);
	line_memo_release(&s->memo);
	scan_lines_release(&s->lines);
	tally_release(&s->tally);
	buf_release(&s->site.text);
	fire_events_release(&s->events);
	source_trusts_release(&s->trusts);
	*s = (struct scanner){ 0 };
}

/* A line with all that was read off it, on its way into the tally. */
struct scanned_line {
	const struct reading *reading;
	struct line_form *form; /* NULL: not looked up */
	struct line_place place;
	uint32_t service;
};

/* Whose numbers are being read. */
struct capturing {
	struct tally *tally;
	const struct scanned_line *line;
	uint32_t rule;
};

static void note_capture(void *context, struct str name, struct str value)
{
	const struct capturing *c = context;
	double number;
	if (str_to_double(value, &number))
		tally_number(
			c->tally, c->rule, c->line->service, name, number, c->line->place.time_ns);
}

static void read_captures(
	struct scanner *s, uint32_t term, uint32_t rule, const struct scanned_line *line)
{
	struct capturing c = { &s->tally, line, rule };
	matcher_captures(s->plan->matcher, s->scratch, term, line->place.text, note_capture, &c);
}

/* The line may complete rules of several terms; that is decided when all is read. */
static void collect_fire(struct scanner *s, uint32_t term, const struct scanned_line *line)
{
	struct fire_origin origin = { .time_ns = line->place.time_ns,
		.uptime_ns = line->reading->uptime_ns,
		.tree = line->place.member->tree,
		.input = line->place.member->input,
		.sequence = line->place.member->sequence,
		.line = line->place.line,
		.offset = line->place.offset,
		.place = line->place.member->place,
		.service = tally_name(line->reading->service),
		.host = line->reading->host,
		.request = line->reading->trace.len > 0 ? line->reading->trace
							: ids_canonical(line->reading->request),
		.text = line->place.text };
	fire_events_add(&s->events, &s->plan->fires, term, &origin);
}

/*
 * Counts what one hit means to each rule that uses the term. Returns whether one is a problem;
 * *first becomes the first rule that the line hits.
 */
static bool count_hit(
	struct scanner *s, uint32_t term, const struct scanned_line *line, uint32_t *first)
{
	const struct scan_plan *plan = s->plan;
	bool problem = false;
	bool captures = matcher_has_captures(plan->matcher, term);
	for (uint32_t i = plan->first_use[term]; i < plan->first_use[term + 1]; i++) {
		const struct term_use *use = &plan->uses[i];
		problem |= use->problem;
		*first = use->rule < *first ? use->rule : *first;
		tally_rule(&s->tally, use->rule, line->service, line->reading->level, &line->place);
		if (captures)
			read_captures(s, term, use->rule, line);
	}
	if (fire_plan_wants(&plan->fires, term)) {
		collect_fire(s, term, line);
		for (uint32_t i = plan->fires.starts[term];
			captures && i < plan->fires.starts[term + 1]; i++)
			read_captures(s, term, plan->fires.uses[i].rule, line);
	}
	return problem;
}

static void follow_request(struct scanner *s, const struct scanned_line *line, uint64_t template_id)
{
	const struct reading *r = line->reading;
	struct str id = r->trace.len > 0 ? r->trace : ids_canonical(r->request);
	if (id.len == 0)
		return;
	uint64_t request = str_hash(id) | (UINT64_C(1) << 63);
	if (!tally_follows(&s->tally, request))
		return;
	struct tally_event event = { .request = request,
		.span = r->span.len > 0 ? str_hash(r->span) : 0,
		.template_id = template_id,
		.time_ns = line->place.time_ns,
		.service = line->service,
		.input = line->place.member->input,
		.sequence = line->place.member->sequence,
		.level = (uint8_t)r->level,
		.line = line->place.line };
	tally_event(&s->tally, &event);
}

/* Lines of a stack trace and the like: inherited time, indented. They belong to the line above and
 * are neither problems nor templates of their own. */
static bool continues_event(const struct reading *r, struct str text)
{
	return r->basis == TIME_BASIS_INHERITED && text.len > 0 &&
	       (text.ptr[0] == ' ' || text.ptr[0] == '\t');
}

/* Is the line in the span asked for? It is counted if it is not. */
static bool takes_time(struct scanner *s, int64_t time_ns)
{
	const struct scan_plan *plan = s->plan;
	bool outside = time_ns != TIME_NONE &&
		       ((plan->since_ns != TIME_NONE && time_ns < plan->since_ns) ||
			       (plan->until_ns != TIME_NONE && time_ns >= plan->until_ns));
	if (outside)
		tally_leave_out(&s->tally, time_ns);
	return !outside;
}

/* Where the line was written; most are from where the one before was. */
static const struct site_name *find_site(struct scanner *s, const struct scanned_line *line)
{
	struct site_memo *m = &s->site;
	struct str host = line->reading->host;
	const struct member *member = line->place.member;
	bool is_host = host.len > 0;
	if (is_host ? m->name.is_host && str_equal(host, m->name.text)
		    : m->member == member && m->service == line->service)
		return &m->name;
	buf_clear(&m->text);
	if (is_host) {
		buf_append(&m->text, host);
	} else {
		struct str rest = site_rest(member->place, line->reading->service);
		buf_append(&m->text, site_folder(member->place));
		if (rest.len > 0)
			buf_printf(&m->text, "/%.*s", STR_ARG(rest));
	}
	m->member = is_host ? NULL : member;
	m->service = line->service;
	m->name = (struct site_name){ .text = buf_str(&m->text), .is_host = is_host };
	m->name.hash = site_hash(m->name.text, is_host);
	return &m->name;
}

static void count_line(
	struct scanner *s, struct scanned_line *line, const struct hit *hits, size_t hit_count)
{
	const struct reading *r = line->reading;
	uint32_t rule = UINT32_MAX;
	bool continued = continues_event(r, line->place.text);
	bool problem = r->level >= LEVEL_WARNING && !continued;
	line->service = tally_service(&s->tally, r->service);
	if (s->plan->with_templates) {
		const struct site_name *site = find_site(s, line);
		line->place.site = site->hash;
		tally_site(&s->tally, line->service, site, line->place.time_ns);
	}
	for (size_t i = 0; i < hit_count; i++)
		problem |= count_hit(s, hits[i].term, line, &rule);
	tally_line(&s->tally, line->service, line->place.time_ns, r->level, problem,
		rule != UINT32_MAX);
	if (!s->plan->with_templates || continued || line->place.text.len == 0)
		return;
	uint64_t template_id = tally_template(&s->tally, str_skip(line->place.text, r->message_at),
		line->service, r->level, rule, &line->place, line->form);
	follow_request(s, line, template_id);
}

static struct id_place place_of(struct str line, struct str id)
{
	if (id.len == 0)
		return (struct id_place){ 0, 0 };
	return (struct id_place){ (uint16_t)(id.ptr - line.ptr), (uint16_t)id.len };
}

/* False when the line has an id that says nothing there. */
static bool take_id(struct str line, struct id_place place, struct str *id)
{
	*id = str_of(line.ptr + place.start, place.len);
	return place.len == 0 || ids_says_something(*id);
}

/* The ids of a line, where those of its form are when that is known. */
static void read_ids(struct line_form *form, struct str line, struct reading *r)
{
	if (form != NULL && form->ids.known && form->ids.kinds == r->id_kinds &&
		take_id(line, form->ids.trace, &r->trace) &&
		take_id(line, form->ids.span, &r->span) &&
		take_id(line, form->ids.request, &r->request))
		return;
	struct line_ids ids;
	ids_read(line, r->id_kinds, &ids);
	r->trace = ids.trace;
	r->span = ids.span;
	r->request = ids.request;
	if (form != NULL && !ids.digits_matter)
		form->ids =
			(struct ids_slot){ true, (uint8_t)r->id_kinds, place_of(line, ids.trace),
				place_of(line, ids.span), place_of(line, ids.request) };
}

static size_t end_of_line(const struct chunk *chunk, size_t start)
{
	const char *newline = memchr(chunk->data + start, '\n', chunk->len - start);
	return newline == NULL ? chunk->len : (size_t)(newline - chunk->data);
}

/* Where no hit was ever kept there is no array to count from. */
static const struct hit *hits_behind(const struct hits *hits)
{
	return hits->count > 0 ? hits->items + hits->count : hits->items;
}

/* Lines that were looked up in the memo are in s->lines, all of the chunk's or none. */
static void count_chunk(struct scanner *s, const struct chunk *chunk, struct line_cursor *cursor)
{
	const struct hit *hit = s->hits.items, *hits_end = hits_behind(&s->hits);
	size_t next = 0;
	uint64_t number = chunk->first_line;
	s->site.member = NULL; /* another member may stand where the last one stood */
	for (size_t start = 0; start < chunk->len; number++) {
		const struct scan_line *known =
			next < s->lines.count ? &s->lines.items[next++] : NULL;
		size_t end = known != NULL ? known->end : end_of_line(chunk, start);
		const struct hit *first = hit;
		while (hit < hits_end && hit->start <= start)
			hit++;
		struct reading reading;
		struct scanned_line line = { .reading = &reading,
			.form = known != NULL ? known->form : NULL,
			.place = { .member = chunk->member,
				.line = number,
				.text = str_of(chunk->data + start, end - start) } };
		line_read_form(cursor, line.place.text, line.form, &reading);
		read_ids(line.form, line.place.text, &reading);
		line.place.time_ns = reading.time_ns;
		if (takes_time(s, reading.time_ns)) {
			line.place.offset = chunk->offset + start;
			if (chunk->dropped_count > 0)
				line.place.offset = chunk_offset(chunk, start);
			count_line(s, &line, first, (size_t)(hit - first));
		}
		start = end + 1;
	}
}

/* Only the lines that hit: the time and place of the others is asked by nobody. */
static void count_hits(struct scanner *s, const struct chunk *chunk, struct line_seeker *seeker)
{
	const struct hit *hit = s->hits.items, *hits_end = hits_behind(&s->hits);
	bool by_forms = hit < hits_end && line_memo_begin(&s->memo);
	while (hit < hits_end) {
		const struct hit *first = hit;
		while (hit < hits_end && hit->start == first->start)
			hit++;
		struct reading reading;
		struct scanned_line line = { .reading = &reading,
			.place = { .member = chunk->member,
				.text = str_of(
					chunk->data + first->start, first->end - first->start) } };
		if (by_forms)
			line.form = line_memo_line(&s->memo, line.place.text);
		line.place.line = line_seeker_read(
			seeker, first->start, line.place.text, line.form, &reading);
		line.place.time_ns = reading.time_ns;
		if (takes_time(s, reading.time_ns)) {
			line.place.offset = chunk_offset(chunk, first->start);
			count_line(s, &line, first, (size_t)(hit - first));
		}
	}
}

/* By the forms of the lines where they repeat themselves; the hits are the same. */
static int find_hits(struct scanner *s, struct str text, struct error *err)
{
	const struct matcher *m = s->plan->matcher;
	if (s->plan->with_templates && line_memo_find(&s->memo, text, &s->lines))
		return matcher_scan_lines(m, s->scratch, text, &s->lines, &s->memo, &s->hits, err);
	return matcher_scan(m, s->scratch, text, &s->hits, err);
}

int scanner_scan(struct scanner *s, const struct chunk *chunk, const struct chunk_reading *reading,
	struct error *err)
{
	double begin = s->plan->timed ? clock_thread_seconds() : 0;
	if (find_hits(s, str_of(chunk->data, chunk->len), err) != 0)
		return -1;
	double matched = s->plan->timed ? clock_thread_seconds() : 0;
	struct chunk_reading own;
	if (reading->source == NULL) {
		if (s->hits.count == 0)
			return 0;
		reading_pull(s->plan->reading, chunk, &own);
		reading = &own;
	}
	struct line_seeker seeker;
	line_seeker_start(&seeker, s->plan->reading, reading, chunk);
	if (s->plan->with_templates)
		count_chunk(s, chunk, &seeker.cursor);
	else
		count_hits(s, chunk, &seeker);
	struct source_trust trust = { chunk->member->input, chunk->member->sequence,
		chunk->member->place, source_reading_note(reading->source), seeker.cursor.trust };
	source_trusts_add(&s->trusts, &trust);
	if (s->plan->timed) {
		s->seconds_match += matched - begin;
		s->seconds_read += clock_thread_seconds() - matched;
	}
	return 0;
}
