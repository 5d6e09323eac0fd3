/* SPDX-License-Identifier: MIT */
/* What the fields of a line's text say: of JSON, of key=value pairs, of CEF. */
#include "lineup/answer.h"
#include "lineup/level.h"
#include "src/reading/reading_source.h"
#include "src/reading/service_parts.h"

/* JSON keys up to this weight name a program, not a part of it (see json_fields.c). */
#define JSON_PROGRAM_WEIGHT 16
#define JSON_LOGGER_WEIGHT  24 /* of a logger, mostly a part of a program: cart-service is none */
#define JSON_PART_WEIGHT    13 /* from here on, a name with many dots is a class */
/* Bytes of a JSON text in a string that are looked at. */
#define INNER_MAX 1024
/* Behind a stamp, in which a record of JSON may begin. */
#define PREFIX_BYTES 128

static bool is_class_name(struct str name)
{
	size_t dots = 0;
	for (size_t i = 0; i < name.len; i++)
		dots += name.ptr[i] == '.' || name.ptr[i] == '$';
	return dots >= 2 || str_find(name, STR("::")) >= 0;
}

/* The value that names a program; empty. */
static struct str program_of(const struct json_fields *json, bool names_parts)
{
	const struct json_value *service = &json->values[JSON_FIELD_SERVICE];
	if (service->text.ptr == NULL || (names_parts && service->text.ptr == json->part.ptr))
		return STR_NONE;
	if (service->weight == JSON_LOGGER_WEIGHT)
		return reading_is_service_word(service->text) ? service->text : STR_NONE;
	return service->weight <= JSON_PROGRAM_WEIGHT &&
			       (service->weight < JSON_PART_WEIGHT || !is_class_name(service->text))
		       ? service->text
		       : STR_NONE;
}

/*
 * A string in a string: the level of {"log":"{\"level\":\"error\",...}"}, and the service, if the
 * line has none: *service is the same text in the line.
 */
static enum level level_in_string(
	struct str text, bool names_parts, struct str *service, bool *digits_matter)
{
	char plain[INNER_MAX];
	size_t len = 0;
	struct json_fields inner;
	for (size_t i = 0; i < text.len && len < sizeof(plain); i++) {
		i += text.ptr[i] == '\\' && i + 1 < text.len;
		plain[len++] = text.ptr[i];
	}
	bool any = json_fields_read(str_of(plain, len), &inner);
	*digits_matter |= inner.digits_matter || inner.level_numbers > 0;
	struct str name = any ? program_of(&inner, names_parts) : STR_NONE;
	ptrdiff_t found = name.len > 0 ? str_find(text, name) : -1;
	if (found >= 0)
		*service = str_of(text.ptr + found, name.len);
	if (!any || inner.values[JSON_FIELD_LEVEL].text.ptr == NULL)
		return LEVEL_NONE;
	return level_of_value(inner.values[JSON_FIELD_LEVEL].text);
}

static bool is_pairs(struct str line, size_t from)
{
	size_t i = from;
	while (i < line.len && i < from + 24 &&
		((unsigned char)((line.ptr[i] | 32) - 'a') < 26 || line.ptr[i] == '_' ||
			(line.ptr[i] == '.' && i > from)))
		i++;
	return i > from && i < line.len && line.ptr[i] == '=';
}

static bool is_number(const struct json_value *level)
{
	return level->text.ptr != NULL && is_digit(level->text.ptr[0]);
}

/* Beyond the number that is the level: had another one been no level,
 * the fields would be others. */
static bool depends_on_digits(const struct json_fields *json)
{
	return json->digits_matter ||
	       json->level_numbers > is_number(&json->values[JSON_FIELD_LEVEL]);
}

/* Of a request that the line tells of: a value of its own, or in the message. */
static struct str status_of(const struct json_fields *json, struct str line)
{
	if (json->http_status.len == 0)
		return answer_status(json->values[JSON_FIELD_MESSAGE].text);
	return reading_names_request(line) || answer_tells_request(line) ? json->http_status
									 : STR_NONE;
}

static enum level level_on_scale(struct str number, enum json_level_scale scale)
{
	switch (scale) {
	case JSON_SCALE_PYTHON:
		return level_of_python(number);
	case JSON_SCALE_TRACE:
		return number.len == 1 ? level_of_trace((unsigned)(number.ptr[0] - '0'))
				       : LEVEL_NONE;
	default:
		return level_of_otel(number);
	}
}

void reading_json(const struct json_fields *json, struct str line, struct line_head *head)
{
	const struct json_value *level = &json->values[JSON_FIELD_LEVEL];
	const struct json_value *message = &json->values[JSON_FIELD_MESSAGE];
	struct str inner = STR_NONE;
	/* what was read of the text before is of this line's wrapping */
	head->level = head->http_status.len > 0 ? head->level_besides : head->level;
	head->http_status = STR_NONE;
	if (level->text.ptr != NULL) {
		head->level = level_of_value(level->text);
		head->level_is_priority = false;
	}
	if (level->text.ptr == NULL && json->scaled_level.len > 0) {
		head->level = level_on_scale(json->scaled_level, json->level_scale);
		head->level_is_priority = false;
		head->digits_matter = true;
	}
	if (is_number(level))
		head->level_number = level->text;
	if (json->event_facts == JSON_EVENT_IS_WINDOWS && json->event_level.len > 0 &&
		(level->text.ptr == NULL || is_number(level))) {
		head->level = level_of_windows((unsigned)(json->event_level.ptr[0] - '0'));
		head->level_is_priority = false;
		head->level_number = STR_NONE;
		head->digits_matter = true;
	}
	head->digits_matter |= depends_on_digits(json);
	if (message->text.ptr != NULL) {
		head->text_at = (size_t)(message->text.ptr - line.ptr);
		if (str_starts(message->text, STR("{\\\""))) {
			enum level of_text = level_in_string(
				message->text, head->names_parts, &inner, &head->digits_matter);
			head->level = head->level == LEVEL_NONE ? of_text : head->level;
		}
		if (head->level == LEVEL_NONE)
			reading_begin_message(
				line, head->text_at, head->text_at + message->text.len, head);
	}
	if (head->level == LEVEL_NONE && json->has_error_code)
		head->level = LEVEL_ERROR;
	reading_take_status(head, status_of(json, line));
	if (json->values[JSON_FIELD_HOST].is_string)
		head->host = json->values[JSON_FIELD_HOST].text;
	struct str program = program_of(json, head->names_parts);
	if (program.len == 0)
		program = inner;
	if (program.len > 0) {
		head->program = program;
		head->is_json_name = true;
	} else if (message->text.ptr != NULL && is_pairs(message->text, 0)) {
		reading_pairs_of(message->text, PAIRS_OF_PROGRAMS, head);
	}
}

/* /var/log/cart/error.log, /ecs/cart, /aws/lambda/resize: the file, or its folder;
 * the last part. */
struct str reading_program_of_path(struct str path)
{
	for (int parts = 0; parts < 2; parts++) {
		ptrdiff_t slash = str_rfind_byte(path, '/');
		struct str name = service_file_strip(str_skip(path, (size_t)(slash + 1)));
		if (slash <= 0 || !service_file_is_empty(name))
			return name;
		path = str_head(path, (size_t)slash);
	}
	return STR_NONE;
}

struct str reading_program(const struct line_head *head)
{
	if (!head->is_json_name)
		return head->program;
	if (head->program.ptr[0] == '/' && str_rfind_byte(head->program, '/') > 0)
		return reading_program_of_path(head->program);
	return service_is_pod(head->program) ? service_workload(head->program, STR_NONE, STR_NONE)
					     : service_clean_name(head->program);
}

/* Firewalls call protocols applications and services. */
static bool is_protocol(struct str name)
{
	static const char *const protocols[] = { "http", "https", "ssl", "tls", "ssh", "ftp",
		"sftp", "smtp", "imap", "pop3", "dns", "ldap", "ldaps", "tcp", "udp", "icmp", "rdp",
		"smb", "telnet", "ntp", "snmp", "sip", "quic", "web", "unknown" };
	for (size_t i = 0; i < countof(protocols); i++) {
		if (str_equal_nocase(name, str_from(protocols[i])))
			return true;
	}
	return false;
}

/*
 * service=12ms and service=53 name none. A byte that is a digit here may be a letter in another
 * line of the form where it is part of an id.
 */
static bool is_named_value(struct str value, bool *digits_matter)
{
	size_t hex = 0;
	while (hex < value.len && (is_small_hex(value.ptr[hex]) || value.ptr[hex] == '-'))
		hex++;
	*digits_matter |= hex >= 8;
	return value.len > 0 && !is_digit(value.ptr[0]) && !is_class_name(value) &&
	       (!is_protocol(value) || str_equal(value, STR("web")));
}

/* The value behind a key: from quotes, or to the next blank. */
static struct str pair_value(struct str line, size_t at)
{
	struct str value = str_skip(line, at);
	if (value.len > 0 && (value.ptr[0] == '"' || value.ptr[0] == '\''))
		value = str_skip(value, 1);
	size_t len = 0;
	if (value.len > 0 && value.ptr[0] == '[')
		return STR_NONE;
	while (len < value.len && len < 64 && memchr(" \"']}),;\\", value.ptr[len], 9) == NULL)
		len++;
	return str_head(value, len);
}

/*
 * Key=value logs name the program too: service=, app=; journald's export text: SYSLOG_IDENTIFIER=.
 * The first in this order that has a name for a value, looked for at every `=` once. The last names
 * a part of a program: where a wrapper or a file stands for the program, its lines are of one
 * service, and a rule of several terms is about all of them.
 */
void reading_pairs_of(struct str line, enum pairs_kind kind, struct line_head *head)
{
	static const struct str keys[] = { { "service", 7 }, { "service.name", 12 },
		{ "dd.service", 10 }, { "service_name", 12 }, { "svc", 3 }, { "application", 11 },
		{ "app_name", 8 }, { "appname", 7 }, { "app", 3 }, { "app_id", 6 },
		{ "SYSLOG_IDENTIFIER", 17 }, { "container", 9 }, { "container_name", 14 },
		{ "program", 7 }, { "component", 9 } };
	size_t best = countof(keys) - (kind == PAIRS_OF_PROGRAMS);
	for (size_t at = 0; best > 0 && at < line.len; at++) {
		ptrdiff_t found = str_find_byte(str_skip(line, at), '=');
		if (found < 0)
			return;
		at += (size_t)found;
		for (size_t k = 0; k < best; k++) {
			size_t start = at - size_min(at, keys[k].len);
			if (at == 0 || line.ptr[at - 1] != keys[k].ptr[keys[k].len - 1] ||
				!str_equal(str_of(line.ptr + start, at - start), keys[k]) ||
				(start > 0 && memchr(" \t{[(,", line.ptr[start - 1], 6) == NULL))
				continue;
			struct str value = pair_value(line, at + 1);
			head->digits_matter |= str_starts(value, STR("pop")) ||
					       str_starts(value, STR("POP")); /* pop3 */
			if (!is_named_value(value, &head->digits_matter))
				continue;
			head->program = value;
			best = k;
		}
	}
}

struct str reading_part(struct str line, const struct found_stamp *f)
{
	if (f->is_json)
		return f->json.part;
	ptrdiff_t found = str_find(line, STR("component="));
	if (found < 0 || (found > 0 && memchr(" \t{[(,", line.ptr[found - 1], 6) == NULL))
		return STR_NONE;
	return pair_value(line, (size_t)found + 10);
}

/* `CEF:0|vendor|product|...|app=name`, behind a host or not; but mostly app= is a protocol. */
static void read_cef(struct str line, size_t at, struct line_head *head)
{
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
	head->digits_matter |= found >= 0; /* pop3 */
	if (found < 0)
		return;
	struct str value = str_skip(cef, (size_t)found + 5);
	value = str_cut(&value, ' ');
	if (value.len > 0 && value.len < 64 && is_alpha(value.ptr[0]) && !is_protocol(value))
		head->program = value;
}

/* `INFO key=`, `[INFO] key=`, ` - key=` */
static bool pairs_behind_level(struct str line, size_t from, const struct line_head *head)
{
	size_t at = head->text_at;
	if (head->level == LEVEL_NONE || at <= from)
		return false;
	while (at < line.len && at < head->text_at + 4 &&
		memchr(" ]:-|[{(", line.ptr[at], 8) != NULL)
		at++;
	return is_pairs(line, at);
}

bool reading_is_record(const struct json_fields *json)
{
	return json->values[JSON_FIELD_LEVEL].text.ptr != NULL &&
	       json->values[JSON_FIELD_MESSAGE].text.ptr != NULL;
}

size_t reading_json_at(struct str line, size_t from)
{
	struct str text = line;
	while (text.len > 0 && memchr(" \t\r]", text.ptr[text.len - 1], 4) != NULL)
		text.len--;
	if (text.len < from + 8 || text.ptr[text.len - 1] != '}')
		return 0;
	ptrdiff_t found = str_find(str_skip(str_head(text, from + PREFIX_BYTES), from), STR("{\""));
	return found < 0 ? 0 : from + (size_t)found;
}

/* An object that begins at `from`, behind blanks and a comma; 0: none does. */
static size_t json_at_once(struct str line, size_t from)
{
	while (from < line.len && (line.ptr[from] == ' ' || line.ptr[from] == ','))
		from++;
	return str_starts(str_skip(line, size_min(from, line.len)), STR("{\"")) ? from : 0;
}

struct str reading_before_json(struct str line, size_t from)
{
	return json_at_once(line, from) > 0 ? str_head(line, from) : line;
}

/* JSON behind a head of text, at once, or a record behind more of the head: its place; 0. */
static size_t find_inner(struct str line, struct json_fields *inner, struct line_head *head)
{
	size_t at_once = json_at_once(line, head->text_at);
	size_t at = at_once > 0 ? at_once : reading_json_at(line, head->envelope.end);
	if (at == 0)
		return 0;
	bool any = json_fields_read(str_skip(line, at), inner);
	head->digits_matter |= (!any || at_once == 0) && depends_on_digits(inner);
	return any && (at_once > 0 || reading_is_record(inner)) ? at : 0;
}

size_t reading_inner_json(struct str line, struct line_head *head)
{
	struct json_fields inner;
	size_t at = find_inner(line, &inner, head);
	if (at == 0)
		return 0;
	/* The wrapper knows the program, the text the rest. */
	struct line_head wrapper = *head;
	reading_json(&inner, line, head);
	if (wrapper.program.len > 0) {
		head->program = wrapper.program;
		head->is_json_name = false;
	}
	head->host = wrapper.host.len > 0 ? wrapper.host : head->host;
	return at;
}

void reading_pairs(struct str line, size_t text_at, size_t stamp_end, struct line_head *head)
{
	size_t at = head->text_at;
	while (at < line.len && line.ptr[at] == ' ')
		at++;
	/* `{app="cart",...}`, `[service=cart]` behind the stamp */
	size_t behind = stamp_end + (stamp_end < line.len && line.ptr[stamp_end] == ' ');
	bool labelled = behind < line.len && (line.ptr[behind] == '{' || line.ptr[behind] == '[') &&
			is_pairs(line, behind + 1);
	if (labelled || is_pairs(line, text_at)) {
		reading_pairs_of(
			line, head->names_parts ? PAIRS_OF_PROGRAMS : PAIRS_WITH_PARTS, head);
		return;
	}
	/* Behind the stamp, and behind the level: `[INFO] msg=... container=cart` */
	if (is_pairs(line, behind) || pairs_behind_level(line, behind, head)) {
		reading_pairs_of(line, PAIRS_OF_PROGRAMS, head);
		return;
	}
	if (head->level != LEVEL_NONE && at < line.len &&
		(line.ptr[at] == '[' || is_digit(line.ptr[at])))
		head->program = service_of_spring(line, at);
	if (head->program.len == 0)
		read_cef(line, stamp_end, head);
}
