/* SPDX-License-Identifier: MIT */
/* What the head of a line says besides its time: program, host, level, where its message starts. */
#include "lineup/level.h"
#include "reading_source.h"

/* JSON keys up to this weight name a program, not a part of it (see json_fields.c). */
#define JSON_PROGRAM_WEIGHT 16
#define JSON_PART_WEIGHT    13 /* from here on, a name with many dots is a class */

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

static void read_text_head(const struct source_reading *source, const struct found_stamp *f,
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
bool reading_continues(struct str line)
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

void reading_head(const struct source_reading *source, const struct found_stamp *f, struct str line,
	bool stamped, struct line_head *head)
{
	read_text_head(source, f, line, stamped, head);
	if (f->is_json)
		read_json(&f->json, line, head);
	else if (head->program.len == 0 && is_pairs(line, f->text_at))
		read_pairs(line, head);
}
