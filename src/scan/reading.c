/* SPDX-License-Identifier: MIT */
/* The walk over the lines of a chunk, and what is handed from chunk to chunk. */
#include "lineup/reading.h"

#include <stdlib.h>

#include "lineup/ids.h"
#include "lineup/level.h"
#include "lineup/mem.h"
#include "reading_source.h"

#define DISORDER_NS NS_PER_S
/* JSON keys up to this weight name a program, not a part of it (see json_fields.c). */
#define JSON_PROGRAM_WEIGHT 16
#define JSON_PART_WEIGHT    13 /* from here on, a name with many dots is a class */

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
	zone_release(&o->zone);
	free(o);
}

/* ---- one line ---- */

static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

/* <134> at the line's start; *number is the priority. */
static size_t priority_read(struct str line, size_t at, unsigned *number)
{
	size_t i = at + 1;
	if (at >= line.len || line.ptr[at] != '<')
		return 0;
	for (*number = 0; i < line.len && i < at + 4 && is_digit(line.ptr[i]); i++)
		*number = *number * 10 + (unsigned)(line.ptr[i] - '0');
	return i > at + 1 && i < line.len && line.ptr[i] == '>' && *number < 192 ? i + 1 : 0;
}

/* What the head of a line says besides its time. */
struct line_head {
	struct str program;
	struct str host;
	enum level level;
	size_t text_at; /* where the text behind stamp and tag starts */
};

/* `  pid  tid L Tag: message` behind the stamp of Android's logcat. */
static bool logcat_head(struct str line, size_t at, struct line_head *head)
{
	size_t fields[2];
	for (int f = 0; f < 2; f++) {
		while (at < line.len && line.ptr[at] == ' ')
			at++;
		fields[f] = at;
		while (at < line.len && is_digit(line.ptr[at]))
			at++;
		if (at == fields[f])
			return false;
	}
	if (at + 4 >= line.len || line.ptr[at] != ' ' || line.ptr[at + 2] != ' ')
		return false;
	head->level = level_of_word(str_of(line.ptr + at + 1, 1));
	struct str rest = str_head(str_skip(line, at + 3), 80);
	ptrdiff_t colon = str_find_byte(rest, ':');
	if (head->level == LEVEL_NONE || colon < 1)
		return false;
	head->program = str_trim(str_head(rest, (size_t)colon));
	head->text_at = at + 3 + (size_t)colon + 1;
	return head->program.len > 0;
}

/* CRI's `stdout F ` and a second stamp of a forwarded line, whose klog letter is its level. */
static size_t skip_envelope(
	const struct source_reading *source, struct str line, size_t at, enum level *level)
{
	struct str rest = str_skip(line, at);
	if (rest.len < 12 || rest.ptr[0] != ' ')
		return at;
	if (rest.ptr[1] == 's' &&
		(str_starts(rest, STR(" stdout ")) || str_starts(rest, STR(" stderr "))) &&
		(rest.ptr[8] == 'F' || rest.ptr[8] == 'P') && rest.ptr[9] == ' ') {
		at += 9;
		rest = str_skip(line, at);
	}
	struct stamp next;
	if (rest.len < 16 || !stamp_read(&source->search, line, at + 1, &next) ||
		next.kind != STAMP_CIVIL)
		return at;
	if (next.level_letter != 0)
		*level = level_of_word(str_of(&next.level_letter, 1));
	return next.end;
}

static void read_syslog(const struct found_stamp *f, struct str line, size_t at,
	unsigned priority_end, struct line_head *head)
{
	const struct stamp *s = &f->stamp;
	struct syslog_head syslog;
	size_t before = s->start - f->text_at;
	bool in_brackets = s->start > 0 && line.ptr[s->start - 1] == '[';
	if (in_brackets || before > 24 || at >= line.len)
		return;
	if (priority_end > 0 && priority_end + 2 == s->start && line.ptr[priority_end] == '1') {
		if (!service_syslog5424_head(line, at, &syslog))
			return;
	} else {
		bool named = s->is_syslog || s->is_named;
		bool iso_t = s->kind == STAMP_CIVIL && s->date_separator == '-' &&
			     s->end - s->start >= 19 && line.ptr[s->start + 10] == 'T';
		bool epoch = s->kind == STAMP_INSTANT && s->start == f->text_at;
		if ((!named && !iso_t && !epoch && !priority_end) ||
			!service_syslog_head(line, at, !named && !priority_end, &syslog))
			return;
	}
	head->program = syslog.program;
	head->host = syslog.host;
	head->text_at = syslog.message_at;
}

static void read_head(const struct source_reading *source, const struct found_stamp *f,
	struct str line, bool stamped, struct line_head *head)
{
	unsigned priority = 0;
	*head = (struct line_head){ .text_at = f->stamp_end };
	size_t priority_end = priority_read(line, f->text_at, &priority);
	if (stamped && !f->is_json) {
		const struct stamp *s = &f->stamp;
		size_t at = skip_envelope(source, line, s->end, &head->level);
		head->text_at = at;
		if (s->level_letter != 0)
			head->level = level_of_word(str_of(&s->level_letter, 1));
		if (!(s->year == 0 && s->date_separator == '-' && logcat_head(line, at, head)))
			read_syslog(f, line, at, (unsigned)priority_end, head);
		if (s->kind == STAMP_UPTIME)
			head->program = STR("kernel");
	}
	if (head->level == LEVEL_NONE && !f->is_json) {
		size_t end = head->text_at;
		/* A level may stand before the stamp: `ERROR 2025-12-31 ...`, `(W) 2025-...`. */
		if (stamped && f->stamp.start > f->text_at) {
			struct str before = str_head(line, f->stamp.start);
			head->level = level_find(before, f->text_at, &end);
		}
		if (head->level == LEVEL_NONE) {
			head->level = level_find(line, head->text_at, &end);
			if (head->level != LEVEL_NONE && end > head->text_at &&
				end - head->text_at < 40)
				head->text_at = end;
		}
	}
	if (head->level == LEVEL_NONE && priority_end > 0)
		head->level = level_of_syslog(priority);
}

static bool is_class_name(struct str name)
{
	size_t dots = 0;
	for (size_t i = 0; i < name.len; i++)
		dots += name.ptr[i] == '.' || name.ptr[i] == '$';
	return dots >= 2 || str_find(name, STR("::")) >= 0;
}

static void read_json(const struct json_fields *json, struct str line, struct line_head *head)
{
	const struct json_value *level = &json->values[JSON_FIELD_LEVEL];
	const struct json_value *message = &json->values[JSON_FIELD_MESSAGE];
	const struct json_value *service = &json->values[JSON_FIELD_SERVICE];
	if (level->text.ptr != NULL)
		head->level = level_of_value(level->text);
	if (message->text.ptr != NULL) {
		head->text_at = (size_t)(message->text.ptr - line.ptr);
		if (head->level == LEVEL_NONE) {
			size_t end = head->text_at;
			head->level = level_find(str_head(line, head->text_at + message->text.len),
				head->text_at, &end);
		}
	}
	if (json->values[JSON_FIELD_HOST].is_string)
		head->host = json->values[JSON_FIELD_HOST].text;
	if (service->text.ptr != NULL && service->weight <= JSON_PROGRAM_WEIGHT &&
		(service->weight < JSON_PART_WEIGHT || !is_class_name(service->text)))
		head->program = service->text;
}

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
	return head->program.len > 0 ? head->program : STR_NONE;
}

/* Key=value logs name the program too: service=, app=; journald's export text: SYSLOG_IDENTIFIER=. */
static void read_pairs(struct str line, struct line_head *head)
{
	static const struct str keys[] = { { "service=", 8 }, { "app=", 4 },
		{ "SYSLOG_IDENTIFIER=", 18 }, { "component=", 10 } };
	for (size_t k = 0; k < countof(keys) && head->program.len == 0; k++) {
		ptrdiff_t at = str_find(line, keys[k]);
		if (at < 0 || (at > 0 && line.ptr[at - 1] != ' ' && line.ptr[at - 1] != '\t'))
			continue;
		struct str value = str_skip(line, (size_t)at + keys[k].len);
		if (value.len > 0 && value.ptr[0] == '"')
			value = str_skip(value, 1);
		size_t len = 0;
		while (len < value.len && len < 64 && value.ptr[len] != ' ' &&
			value.ptr[len] != '"')
			len++;
		if (len > 0 && !is_class_name(str_head(value, len)))
			head->program = str_head(value, len);
	}
}

static bool is_pairs(struct str line, size_t from)
{
	size_t i = from;
	while (i < line.len && i < from + 24 &&
		((unsigned char)((line.ptr[i] | 32) - 'a') < 26 || line.ptr[i] == '_'))
		i++;
	return i > from && i < line.len && line.ptr[i] == '=';
}

/* Indented lines, and the words with which languages begin the lines of a stack trace. */
static bool continues(struct str line)
{
	static const struct str starts[] = { { "Caused by:", 10 }, { "Traceback ", 10 },
		{ "...", 3 }, { "at ", 3 }, { "goroutine ", 10 }, { "Suppressed:", 11 } };
	if (line.len == 0 || line.ptr[0] == ' ' || line.ptr[0] == '\t' || line.ptr[0] == '}' ||
		line.ptr[0] == ')')
		return true;
	for (size_t i = 0; i < countof(starts); i++) {
		if (str_starts(line, starts[i]))
			return true;
	}
	return false;
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

/* The stamp of a line and its time; false when the line has none. Moves nothing. */
static bool read_time(const struct line_cursor *c, struct str line, struct found_stamp *f,
	struct resolved_time *t)
{
	if (!reading_find(c->options, c->source, line, c->header_seen, f))
		return false;
	reading_resolve(c->options, c->source, f, c->last_ns, t);
	return t->time_ns != TIME_NONE;
}

void line_read(struct line_cursor *c, struct str line, bool with_ids, struct reading *r)
{
	struct found_stamp f;
	struct resolved_time t;
	struct line_head head;
	*r = (struct reading){ .time_ns = TIME_NONE, .basis = TIME_BASIS_NONE };
	bool stamped = read_time(c, line, &f, &t);
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
	read_head(c->source, &f, line, stamped, &head);
	if (f.is_json)
		read_json(&f.json, line, &head);
	else if (head.program.len == 0 && is_pairs(line, f.text_at))
		read_pairs(line, &head);
	/* Cut as it is where it is handed from chunk to chunk. */
	struct str service = str_head(choose_service(c, &f, &head, line), READING_SERVICE_BYTES);
	bool inherits = !stamped && service.len == 0;
	if (stamped)
		c->last_service = service;
	r->service = inherits ? c->last_service : service;
	if (r->service.len == 0)
		r->service = buf_str(&c->source->service);
	r->host = head.host;
	r->level = head.level;
	if (!stamped && head.level == LEVEL_NONE && r->basis == TIME_BASIS_INHERITED &&
		continues(line))
		r->level = c->last_level;
	if (stamped)
		c->last_level = r->level;
	r->message_at = (uint32_t)size_min(head.text_at, line.len);
	if (with_ids) {
		struct line_ids ids;
		ids_read(line, &ids);
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
