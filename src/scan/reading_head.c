/* SPDX-License-Identifier: MIT */
/* What the head of a line says besides its time: program, host, level, where its message starts. */
#include "lineup/level.h"
#include "reading_source.h"

/* JSON keys up to this weight name a program, not a part of it (see json_fields.c). */
#define JSON_PROGRAM_WEIGHT 16
#define JSON_PART_WEIGHT    13 /* from here on, a name with many dots is a class */
/* Bytes of a JSON text in a string that are looked at. */
#define INNER_MAX 1024
/* How far behind a column of seconds syslog's own stamp is looked for. */
#define ENVELOPE_BYTES 48

static inline bool is_alpha(char c)
{
	return (unsigned char)((c | 32) - 'a') < 26;
}

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

/* `  pid  tid L Tag: message`, with a user's number in front or not, behind logcat's stamp. */
static bool logcat_head(struct str line, size_t at, struct line_head *head)
{
	int numbers = 0;
	for (size_t start = at; numbers < 3; numbers++) {
		while (start < line.len && line.ptr[start] == ' ')
			start++;
		size_t end = start;
		while (end < line.len && is_digit(line.ptr[end]))
			end++;
		if (end == start || end >= line.len || line.ptr[end] != ' ')
			break;
		at = start = end;
	}
	if (numbers < 2 || at + 4 >= line.len || line.ptr[at + 2] != ' ')
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

/* ` L/Tag( pid): message`, logcat's short form. */
static bool logcat_short_head(struct str line, size_t at, struct line_head *head)
{
	if (at + 6 >= line.len || line.ptr[at] != ' ' || line.ptr[at + 2] != '/')
		return false;
	enum level level = level_of_word(str_of(line.ptr + at + 1, 1));
	struct str rest = str_head(str_skip(line, at + 3), 80);
	ptrdiff_t open = str_find_byte(rest, '('), close = str_find(rest, STR("):"));
	if (level == LEVEL_NONE || open < 1 || close < open)
		return false;
	head->level = level;
	head->program = str_trim(str_head(rest, (size_t)open));
	head->text_at = at + 3 + (size_t)close + 2;
	return true;
}

/* CRI's `stdout F ` and a second stamp of a forwarded line, whose klog letter is its level. */
static size_t skip_envelope(const struct source_reading *source, struct str line, size_t at,
	bool is_column, enum level *level, bool *is_named)
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
	if (is_column && stamp_find(&source->search, line, at, at + ENVELOPE_BYTES, &next) &&
		next.is_syslog) {
		*is_named = true;
		return next.end;
	}
	if (rest.len < 16 || !stamp_read(&source->search, line, at + 1, &next) ||
		next.kind != STAMP_CIVIL)
		return at;
	if (next.level_letter != 0)
		*level = level_of_word(str_of(&next.level_letter, 1));
	*is_named = next.is_syslog || next.is_named;
	return next.end;
}

/*
 * May the text behind the stamp be syslog's head? For sure behind a month's name or a priority;
 * behind other stamps of a calendar with a process id; behind those that rsyslog writes also with a
 * host and a tag alone, unless the sample shows that its lines are no such.
 */
static bool may_be_syslog(const struct source_reading *source, const struct found_stamp *f,
	struct str line, bool has_pid)
{
	const struct stamp *s = &f->stamp;
	if (s->kind == STAMP_INSTANT)
		return s->start == f->text_at;
	if (s->kind != STAMP_CIVIL || has_pid)
		return s->kind == STAMP_CIVIL;
	return !source->prose_tags && s->date_separator == '-' && s->end - s->start >= 19 &&
	       line.ptr[s->start + 10] == 'T';
}

static void read_syslog(const struct source_reading *source, const struct found_stamp *f,
	struct str line, size_t at, size_t priority_end, bool sure, struct line_head *head)
{
	const struct stamp *s = &f->stamp;
	struct syslog_head syslog;
	size_t before = s->start - f->text_at;
	bool in_brackets = s->start > 0 && line.ptr[s->start - 1] == '[';
	if (in_brackets || before > 24 || at >= line.len)
		return;
	/* RFC 5424's version, 1, behind its priority, which some writers leave out. */
	bool is_5424 = s->start == (priority_end > 0 ? priority_end : f->text_at) + 2 &&
		       line.ptr[s->start - 2] == '1' && line.ptr[s->start - 1] == ' ';
	if (is_5424) {
		if (!service_syslog5424_head(line, at, &syslog))
			return;
	} else {
		if ((!sure && !may_be_syslog(source, f, line, true)) ||
			!service_syslog_head(line, at, !sure, &syslog) ||
			(!sure && !may_be_syslog(source, f, line, syslog.has_pid)))
			return;
		/* Behind a column of seconds the kernel's words stand without its name: ACPI: ... */
		if (s->is_column && !syslog.has_pid && s->start != f->text_at)
			return;
	}
	head->program = syslog.program;
	head->host = syslog.host;
	head->text_at = syslog.message_at;
	if (syslog.level != LEVEL_NONE)
		head->level = syslog.level;
}

static void read_text_head(const struct source_reading *source, const struct found_stamp *f,
	struct str line, bool stamped, struct line_head *head)
{
	unsigned priority = 0;
	*head = (struct line_head){ .text_at = f->stamp_end };
	size_t priority_end = priority_read(line, f->text_at, &priority);
	if (stamped && !f->is_json) {
		const struct stamp *s = &f->stamp;
		bool sure = s->is_syslog || s->is_named || priority_end > 0;
		size_t at = skip_envelope(source, line, s->end, s->is_column, &head->level, &sure);
		head->text_at = at;
		if (s->level_letter != 0)
			head->level = level_of_word(str_of(&s->level_letter, 1));
		if (!((s->date_separator == '-' || s->is_column) &&
			    (logcat_head(line, at, head) || logcat_short_head(line, at, head))))
			read_syslog(source, f, line, at, priority_end, sure, head);
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
	if (head->level == LEVEL_NONE && line.len == 10 && str_starts(line, STR("PRIORITY=")))
		head->level = level_of_value(str_skip(line, 9));
}

static bool is_class_name(struct str name)
{
	size_t dots = 0;
	for (size_t i = 0; i < name.len; i++)
		dots += name.ptr[i] == '.' || name.ptr[i] == '$';
	return dots >= 2 || str_find(name, STR("::")) >= 0;
}

/* A string in a string: the level of {"log":"{\"level\":\"error\",...}"}. */
static enum level level_in_string(struct str text)
{
	char plain[INNER_MAX];
	size_t len = 0;
	struct json_fields inner;
	for (size_t i = 0; i < text.len && len < sizeof(plain); i++) {
		i += text.ptr[i] == '\\' && i + 1 < text.len;
		plain[len++] = text.ptr[i];
	}
	if (!json_fields_read(str_of(plain, len), &inner) ||
		inner.values[JSON_FIELD_LEVEL].text.ptr == NULL)
		return LEVEL_NONE;
	return level_of_value(inner.values[JSON_FIELD_LEVEL].text);
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
		if (head->level == LEVEL_NONE && str_starts(message->text, STR("{\\\"")))
			head->level = level_in_string(message->text);
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
		head->program = service_is_pod(service->text)
					? service_workload(service->text, STR_NONE, STR_NONE)
					: service->text;
}

/* The value behind a key: from quotes, or to the next blank. */
static struct str pair_value(struct str line, size_t at)
{
	struct str value = str_skip(line, at);
	if (value.len > 0 && value.ptr[0] == '"')
		value = str_skip(value, 1);
	size_t len = 0;
	while (len < value.len && len < 64 && value.ptr[len] != ' ' && value.ptr[len] != '"')
		len++;
	return str_head(value, len);
}

/*
 * Key=value logs name the program too: service=, app=; journald's export text: SYSLOG_IDENTIFIER=.
 * The first in this order that has a name for a value, looked for at every `=` once.
 */
static void read_pairs(struct str line, struct line_head *head)
{
	static const struct str keys[] = { { "service", 7 }, { "app", 3 },
		{ "SYSLOG_IDENTIFIER", 17 }, { "component", 9 } };
	size_t best = countof(keys);
	for (size_t at = 0; best > 0 && at < line.len; at++) {
		ptrdiff_t found = str_find_byte(str_skip(line, at), '=');
		if (found < 0)
			return;
		at += (size_t)found;
		for (size_t k = 0; k < best; k++) {
			size_t start = at - size_min(at, keys[k].len);
			if (!str_equal(str_of(line.ptr + start, at - start), keys[k]) ||
				(start > 0 && line.ptr[start - 1] != ' ' &&
					line.ptr[start - 1] != '\t'))
				continue;
			struct str value = pair_value(line, at + 1);
			if (value.len == 0 || is_class_name(value))
				continue;
			head->program = value;
			best = k;
		}
	}
}

/* `CEF:0|vendor|product|...|app=name`, behind a host or not; but mostly app= is a protocol. */
static void read_cef(struct str line, size_t at, struct line_head *head)
{
	static const char *const protocols[] = { "http", "https", "ssl", "tls", "ssh", "ftp",
		"sftp", "smtp", "imap", "pop3", "dns", "ldap", "ldaps", "tcp", "udp", "icmp", "rdp",
		"smb", "telnet", "ntp", "snmp", "sip", "quic", "web", "unknown" };
	for (int words = 0; words < 2; words++) {
		while (at < line.len && line.ptr[at] == ' ')
			at++;
		if (str_starts(str_skip(line, at), STR("CEF:")))
			break;
		while (at < line.len && line.ptr[at] != ' ')
			at++;
	}
	struct str cef = str_skip(line, size_min(at, line.len));
	ptrdiff_t found = str_starts(cef, STR("CEF:")) ? str_find(cef, STR(" app=")) : -1;
	if (found < 0)
		return;
	struct str value = str_skip(cef, (size_t)found + 5);
	value = str_cut(&value, ' ');
	for (size_t i = 0; i < countof(protocols); i++) {
		if (str_equal_nocase(value, str_from(protocols[i])))
			return;
	}
	if (value.len > 0 && value.len < 64 && is_alpha(value.ptr[0]))
		head->program = value;
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

bool reading_is_field(struct str line)
{
	size_t i = 0;
	while (i < line.len && i < 64 &&
		((line.ptr[i] >= 'A' && line.ptr[i] <= 'Z') || line.ptr[i] == '_' ||
			(i > 0 && is_digit(line.ptr[i]))))
		i++;
	return i > 3 && i < line.len && line.ptr[i] == '=';
}

void reading_head(const struct source_reading *source, const struct found_stamp *f, struct str line,
	bool stamped, struct line_head *head)
{
	struct json_fields inner;
	read_text_head(source, f, line, stamped, head);
	size_t at = head->text_at;
	while (at < line.len && line.ptr[at] == ' ')
		at++;
	if (f->is_json) {
		read_json(&f->json, line, head);
	} else if (at + 2 < line.len && line.ptr[at] == '{' && line.ptr[at + 1] == '"' &&
		   json_fields_read(str_skip(line, at), &inner)) {
		/* Behind a wrapper's head: the wrapper knows the program, the text the rest. */
		struct line_head wrapper = *head;
		read_json(&inner, line, head);
		head->program = wrapper.program.len > 0 ? wrapper.program : head->program;
		head->host = wrapper.host.len > 0 ? wrapper.host : head->host;
	} else if (head->program.len == 0) {
		if (is_pairs(line, f->text_at))
			read_pairs(line, head);
		else if (stamped)
			read_cef(line, f->stamp_end, head);
	}
}
