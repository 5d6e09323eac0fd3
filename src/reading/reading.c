/* SPDX-License-Identifier: MIT */
/* The walk over the lines of a chunk, and what is handed from chunk to chunk. */
#include "lineup/reading.h"

#include <stdlib.h>

#include "lineup/ids.h"
#include "lineup/mem.h"
#include "src/reading/reading_source.h"

#define DISORDER_NS NS_PER_S

/* ---- options ---- */

static int take_settings(
	struct reading_options *o, const struct reading_settings *settings, struct error *err)
{
	o->year = settings->year;
	o->now_ns = settings->now_ns;
	o->zone_given = settings->zone.len > 0;
	if (zone_parse(&o->zone, settings->zone, err) != 0)
		return -1;
	o->layouts = mem_zalloc(settings->layout_count + 1, sizeof(*o->layouts));
	for (size_t i = 0; i < settings->layout_count; i++) {
		struct str layout = settings->layouts[i];
		if (!stamp_layout_valid(layout))
			return error_set(err,
				"stamp layout '%.*s': a date and a time in strptime's letters are "
				"needed, such as %%Y-%%m-%%d %%H:%%M:%%S.%%f",
				STR_ARG(layout));
		o->layouts[o->layout_count++] = str_of(mem_strdup(layout), layout.len);
	}
	o->services = mem_zalloc(settings->service_count + 1, sizeof(struct service_pattern *));
	for (size_t i = 0; i < settings->service_count; i++) {
		if (service_pattern_create(&o->services[i], settings->services[i], err) != 0)
			return -1;
		o->service_count++;
	}
	return 0;
}

int reading_options_create(
	struct reading_options **out, const struct reading_settings *settings, struct error *err)
{
	struct reading_options *o = mem_zalloc(1, sizeof(*o));
	if (take_settings(o, settings, err) != 0) {
		reading_options_destroy(o);
		return -1;
	}
	*out = o;
	return 0;
}

void reading_options_destroy(struct reading_options *o)
{
	if (o == NULL)
		return;
	for (size_t i = 0; i < o->layout_count; i++)
		free((char *)(uintptr_t)o->layouts[i].ptr);
	for (size_t i = 0; i < o->service_count; i++)
		service_pattern_destroy(o->services[i]);
	free(o->layouts);
	free(o->services);
	free(o->containers);
	zone_release(&o->zone);
	free(o);
}

/* ---- one line ---- */

static struct str choose_service(const struct line_cursor *c, const struct found_stamp *f,
	const struct line_head *head, struct str line)
{
	const struct source_reading *source = c->source;
	struct str group;
	if (source->service_is_forced)
		return buf_str(&source->service);
	for (size_t i = 0; i < c->options->service_count; i++) {
		if (service_pattern_match(c->options->services[i], line, &group))
			return group;
	}
	if (f->wrapping.service.len > 0)
		return f->wrapping.service;
	if (source->service_source == SERVICE_FROM_POD)
		return buf_str(&source->service);
	return head->program.len > 0 ? reading_program(head) : STR_NONE;
}

static void note_trust(struct line_cursor *c, const struct resolved_time *t)
{
	struct reading_trust *trust = &c->trust;
	trust->disordered_lines += c->last_ns != TIME_NONE && t->time_ns + DISORDER_NS < c->last_ns;
	trust->future_lines += c->options->now_ns != TIME_NONE && t->time_ns > c->options->now_ns;
	trust->gap_lines += t->fit == ZONE_FIT_GAP;
	trust->repeated_lines += t->fit == ZONE_FIT_REPEAT;
	trust->zone_assumed |= t->zone_assumed;
	if (t->year_assumed && !trust->year_assumed) {
		trust->year_assumed = true;
		trust->year = t->year;
	}
}

static bool resolve(
	const struct line_cursor *c, const struct found_stamp *f, struct resolved_time *t)
{
	reading_resolve(c->options, c->source, f, c->last_ns, t);
	return t->time_ns != TIME_NONE;
}

/* The stamp of a line and its time; false when the line has none. Moves nothing. */
static bool read_time(const struct line_cursor *c, struct str line, struct found_stamp *f,
	struct resolved_time *t)
{
	return reading_find(c->options, c->source, line, c->header_seen, f) && resolve(c, f, t);
}

/*
 * In journald's export text a record is a field a line, and the line with the time comes first:
 * what SYSLOG_IDENTIFIER and PRIORITY say counts for the fields behind them too.
 */
static void carry_fields(struct line_cursor *c, struct str line, bool stamped,
	struct line_head *head, struct str *service)
{
	if (str_starts(line, STR("__REALTIME_TIMESTAMP=")) || !reading_is_field(line))
		return;
	if (service->len == 0)
		*service = c->last_service;
	if (head->level == LEVEL_NONE)
		head->level = c->last_level;
	if (!stamped) {
		c->last_service = *service;
		c->last_level = head->level;
	}
}

/* What the line says, by its form where that is known: its time (true: it has one) and its head. */
static bool read_parts(struct line_cursor *c, struct str line, struct line_form *form,
	struct found_stamp *f, struct resolved_time *t, struct line_head *head)
{
	if (form != NULL && form->reading.quick.known &&
		reading_quick(c->options, c->source, line, &form->reading, &c->minute, t) &&
		reading_recall_head(&form->reading, line, 0, head)) {
		f->wrapping.service = STR_NONE;
		f->is_head = form->reading.quick.is_head;
		return true;
	}
	if (form != NULL && form->reading.state == READING_SLOT_FILLED &&
		reading_recall(
			c->options, c->source, line, c->header_seen, &form->reading, f, head)) {
		bool stamped = form->reading.found && resolve(c, f, t);
		if (stamped == form->reading.stamped)
			return stamped;
	}
	bool found = reading_find(c->options, c->source, line, c->header_seen, f);
	bool stamped = found && resolve(c, f, t);
	reading_head(c->source, f, line, stamped, head);
	if (form != NULL && form->reading.state != READING_SLOT_VOID)
		reading_remember(c->options, c->source, line, f, found, stamped, head, form);
	return stamped;
}

/* A level may stand at the end ("fan 7 speed 2000 warning"):
 * then the message is all of the line. */
static uint32_t message_start(struct str line, size_t text_at)
{
	bool nothing = text_at + 1 >= line.len && str_trim(str_skip(line, text_at)).len == 0;
	return nothing ? 0 : (uint32_t)text_at;
}

void line_read_form(
	struct line_cursor *c, struct str line, struct line_form *form, struct reading *r)
{
	struct found_stamp f;
	struct resolved_time t;
	struct line_head head;
	/* field by field: compilers clear a whole struct by a loop that starts slowly */
	r->basis = TIME_BASIS_NONE;
	r->trace = STR_NONE;
	r->span = STR_NONE;
	r->request = STR_NONE;
	t.uptime_ns = 0;
	if (c->source->sections && reading_section(line, &c->section))
		c->last_service = STR_NONE;
	bool stamped = read_parts(c, line, form, &f, &t, &head);
	if (c->source->table.separator != '\0' && stamped)
		reading_table(&c->source->table, line, &head);
	if (stamped) {
		note_trust(c, &t);
		c->header_seen |= f.is_head;
		c->last_ns = t.time_ns;
		r->basis = TIME_BASIS_STAMP;
	} else if (c->last_ns != TIME_NONE) {
		r->basis = TIME_BASIS_INHERITED;
	} else {
		c->trust.undated_lines++;
	}
	r->time_ns = c->last_ns;
	r->uptime_ns = t.uptime_ns;
	/* Cut as it is where it is handed from chunk to chunk. */
	struct str service = str_head(choose_service(c, &f, &head, line), READING_SERVICE_BYTES);
	if (c->source->field_records)
		carry_fields(c, line, stamped, &head, &service);
	bool inherits = !stamped && service.len == 0;
	if (stamped)
		c->last_service = service;
	r->service = inherits ? c->last_service : service;
	if (r->service.len == 0)
		r->service = c->section.len > 0 ? c->section : buf_str(&c->source->service);
	struct str host = str_head(head.host, READING_HOST_BYTES);
	if (stamped)
		c->last_host = host;
	r->host = host.len == 0 && !stamped ? c->last_host : host;
	r->level = head.level;
	if (!stamped && r->basis == TIME_BASIS_INHERITED)
		r->level = reading_level_of_part(line, c->header_seen, head.level, c->last_level);
	if (stamped)
		c->last_level = r->level;
	r->id_kinds = c->source->id_kinds;
	r->message_at = message_start(line, head.text_at);
}

void line_read(struct line_cursor *c, struct str line, bool with_ids, struct reading *r)
{
	line_read_form(c, line, NULL, r);
	if (with_ids) {
		struct line_ids ids;
		ids_read(line, r->id_kinds, &ids);
		r->trace = ids.trace;
		r->span = ids.span;
		r->request = ids.request;
	}
}

/* ---- from chunk to chunk ---- */

void line_cursor_start(struct line_cursor *c, const struct reading_options *options,
	const struct chunk_reading *at)
{
	memset(c, 0, sizeof(*c));
	c->source = at->source;
	c->options = options;
	c->last_ns = at->inherited_ns;
	c->last_level = at->inherited_level;
	c->header_seen = at->header_seen;
	memcpy(c->service, at->inherited_service, at->inherited_service_len);
	c->last_service = str_of(c->service, at->inherited_service_len);
	memcpy(c->host, at->inherited_host, at->inherited_host_len);
	c->last_host = str_of(c->host, at->inherited_host_len);
	memcpy(c->section_before, at->section, at->section_len);
	c->section = str_of(c->section_before, at->section_len);
}

static void settle(struct chunk_reading *next, const struct line_cursor *c)
{
	next->inherited_ns = c->last_ns;
	next->inherited_level = c->last_level;
	next->header_seen = c->header_seen;
	struct str service = str_head(c->last_service, READING_SERVICE_BYTES);
	if (service.len > 0)
		memmove(next->inherited_service, service.ptr, service.len);
	next->inherited_service_len = (uint32_t)service.len;
	if (c->last_host.len > 0)
		memmove(next->inherited_host, c->last_host.ptr, c->last_host.len);
	next->inherited_host_len = (uint32_t)c->last_host.len;
	struct str section = str_head(c->section, READING_SERVICE_BYTES);
	if (section.len > 0)
		memmove(next->section, section.ptr, section.len);
	next->section_len = (uint32_t)section.len;
}

/* Reads from the chunk's start: all of it, or until a stamp in a line's head was seen. */
static bool walk_forward(struct line_cursor *c, struct str data, bool all)
{
	struct reading r;
	while (data.ptr != NULL && data.len > 0) {
		struct str line = str_cut(&data, '\n');
		line_read(c, line, false, &r);
		if (!all && c->header_seen)
			return true;
	}
	return c->header_seen;
}

/* Reads the last line with a stamp; false when its time depends on the lines before it. */
static bool walk_back(struct line_cursor *c, struct str data)
{
	size_t end = data.len;
	if (c->source->field_records || c->source->sections)
		return false;
	if (end > 0 && data.ptr[end - 1] == '\n')
		end--;
	for (;;) {
		ptrdiff_t newline = str_rfind_byte(str_head(data, end), '\n');
		size_t start = (size_t)(newline + 1);
		struct str line = str_of(data.ptr + start, end - start);
		struct found_stamp f;
		struct resolved_time t;
		if (read_time(c, line, &f, &t)) {
			struct reading r;
			if (t.fit == ZONE_FIT_REPEAT || f.stamp.kind == STAMP_CLOCK)
				return false;
			line_read(c, line, false, &r);
			return true;
		}
		if (newline < 0)
			return true;
		end = (size_t)newline;
	}
}

bool reading_put_off(const struct chunk *chunk, struct chunk_reading *out)
{
	*out = (struct chunk_reading){ .inherited_ns = TIME_NONE };
	return chunk->ends_member && chunk->member->context == NULL;
}

void reading_pull(
	const struct reading_options *options, const struct chunk *chunk, struct chunk_reading *out)
{
	struct member *member = chunk->member;
	struct str data = str_of(chunk->data, chunk->len);
	if (member->context == NULL)
		reading_learn(options, member, data);
	struct source_reading *source = member->context;
	*out = source->next;
	if (chunk->ends_member || chunk->len == 0)
		return;
	struct line_cursor c;
	line_cursor_start(&c, options, out);
	if (c.header_seen || walk_forward(&c, data, false)) {
		bool seen = c.header_seen;
		line_cursor_start(&c, options, out);
		c.header_seen = seen;
		if (!walk_back(&c, data)) {
			line_cursor_start(&c, options, out);
			walk_forward(&c, data, true);
		}
	}
	settle(&source->next, &c);
}
