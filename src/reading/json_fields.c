/* SPDX-License-Identifier: MIT */
/*
 * The weight of a value is that of its key (json_keys.c) plus how deep it lies: a key that says
 * "this is the time of this line" at the top is best. Deeper than DEPTH_LIMIT only what
 * OpenTelemetry's export keeps there is looked at, and processes.
 */
#include "lineup/level.h"
#include "src/reading/json_keys.h"
#include "src/reading/json_scan.h"

#define DEPTH_LIMIT    3
#define TITLE_WEIGHT   13
#define NAME_MAX_BYTES 192 /* of a program's name; fluentd's tags hold a pod's and an id */
#define WORD_WEIGHT    10  /* from here on, a level only with a word: "status":"error", not 500 */
#define TAG_WEIGHT     14  /* a level that is one of several tags */
#define LETTER_WEIGHT  8   /* from here on, keys of one letter: a level only with a level's word */

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blank(struct json_scan *s)
{
	while (s->p < s->end && is_blank(*s->p))
		s->p++;
}

/* The text of a string; p is behind its first quote and ends behind its last. */
static struct str take_string(struct json_scan *s)
{
	const char *start = s->p;
	for (;;) {
		const char *quote = memchr(s->p, '"', (size_t)(s->end - s->p));
		if (quote == NULL) {
			s->p = s->end;
			return str_of(start, (size_t)(s->end - start));
		}
		size_t slashes = 0;
		while (quote - slashes > start && quote[-1 - (ptrdiff_t)slashes] == '\\')
			slashes++;
		s->p = quote + 1;
		if (slashes % 2 == 0)
			return str_of(start, (size_t)(quote - start));
	}
}

static struct str take_bare(struct json_scan *s)
{
	const char *start = s->p;
	while (s->p < s->end && *s->p != ',' && *s->p != '}' && *s->p != ']' && !is_blank(*s->p))
		s->p++;
	return str_of(start, (size_t)(s->p - start));
}

void json_note(struct json_scan *s, uint8_t field, unsigned weight, struct str text, bool is_string)
{
	struct json_value *v = &s->out->values[field];
	if (field == JSON_FIELD_LEVEL)
		text = str_trim(text); /* "INFO " */
	/* A name with blanks is a title for people; any other name goes before it. */
	if (field == JSON_FIELD_SERVICE && str_find_byte(text, ' ') >= 0)
		weight += TITLE_WEIGHT;
	/* "Level":4,"LevelDisplayName":"Information": a word needs no scale. */
	bool in_words = field == JSON_FIELD_LEVEL && v->weight == weight && v->text.ptr != NULL &&
			is_digit(v->text.ptr[0]) && text.len > 0 && !is_digit(text.ptr[0]);
	if (text.len == 0 || (v->text.ptr != NULL && v->weight <= weight && !in_words))
		return;
	if (field == JSON_FIELD_TIME) {
		s->out->digits_matter |= json_may_be_id(text);
		if (!json_may_be_time(text))
			return;
	}
	if (field == JSON_FIELD_SERVICE &&
		(!is_string || text.len > NAME_MAX_BYTES || json_is_placeholder(text)))
		return;
	if (field == JSON_FIELD_LEVEL && weight >= WORD_WEIGHT && is_digit(text.ptr[0]))
		return;
	if (field == JSON_FIELD_LEVEL)
		s->out->level_numbers += is_digit(text.ptr[0]);
	if (field == JSON_FIELD_LEVEL &&
		(level_of_value(text) == LEVEL_NONE || (weight >= LETTER_WEIGHT && !is_string)))
		return;
	*v = (struct json_value){ text, (uint16_t)weight, is_string };
	s->any = true;
}

static void note_fraction(struct json_scan *s, struct str text, uint32_t unit)
{
	uint64_t value;
	s->out->digits_matter = true;
	bool valid = str_to_u64(text, &value) && value < 1000000000 / unit;
	s->out->fraction_ns = valid ? (int64_t)(value * unit) : 0;
}

/* The parts of {"timestamp":{"seconds":..,"nanos":..}}, timestampNanos, nanoOfSecond. */
static bool note_parts(struct json_scan *s, struct str key, unsigned deep, struct str text)
{
	char folded[KEY_LIMIT];
	uint8_t field, weight;
	if (key.len >= 10 && text.len > 0 && text.len < 10 && is_digit(text.ptr[0]) &&
		(str_equal(key, STR("nanoofsecond")) || str_ends(key, STR("stampnanos")) ||
			str_ends(key, STR("stampnanoseconds")))) {
		note_fraction(s, text, 1);
		return true;
	}
	static const struct {
		struct str name;
		uint32_t unit; /* in ns; 0: seconds */
	} parts[] = { { { "seconds", 7 }, 0 }, { { "nanos", 5 }, 1 }, { { "sec", 3 }, 0 },
		{ { "secs", 4 }, 0 }, { { "nsec", 4 }, 1 }, { { "usec", 4 }, 1000 },
		{ { "micros", 6 }, 1000 }, { { "millis", 6 }, 1000000 } };
	size_t part = 0;
	while (part < countof(parts) && !str_equal(key, parts[part].name))
		part++;
	if (s->depth < 2 || part == countof(parts))
		return false;
	struct str parent = str_of(folded, json_key_fold(s->frames[s->depth].parent, folded));
	if (!json_key_classify(parent, &field, &weight) || field != JSON_FIELD_TIME)
		return false;
	if (parts[part].unit == 0)
		json_note(s, JSON_FIELD_TIME, weight + deep - JSON_DEPTH_WEIGHT, text, false);
	else if (text.len > 0)
		note_fraction(s, text, parts[part].unit);
	return true;
}

/* {"key":"service.name","value":"cart"}, {"key":"service.name","value":{"stringValue":"cart"}} */
static bool note_attribute(struct json_scan *s, struct str key, struct str text, bool is_string)
{
	bool is_value = str_equal(key, STR("value")) || str_equal(key, STR("stringvalue"));
	if (str_equal(key, STR("key")))
		s->names_service = str_equal(text, STR("service.name"));
	else if (is_value && s->names_service)
		json_note(s, JSON_FIELD_SERVICE, 0, text, is_string);
	bool taken = is_value && s->names_service;
	s->names_service &= !is_value;
	return taken;
}

/* Of OpenTelemetry's export, where one object holds everything, all lies deep. */
static void note_otlp(struct json_scan *s, struct str key, struct str text, bool is_string)
{
	uint8_t field, weight;
	if (str_equal(key, STR("timeunixnano")))
		json_note(s, JSON_FIELD_TIME, 0, text, is_string);
	else if (str_equal(key, STR("observedtimeunixnano")))
		json_note(s, JSON_FIELD_TIME, 3, text, is_string);
	else if (str_equal(key, STR("severitytext")))
		json_note(s, JSON_FIELD_LEVEL, 0, text, is_string);
	else if (str_equal(key, STR("stringvalue")) &&
		 str_equal(s->frames[s->depth].parent, STR("body")))
		json_note(s, JSON_FIELD_MESSAGE, 0, text, is_string);
	else if (str_starts(key, STR("comdocker")) && json_key_known(key, &field, &weight))
		json_note(s, field, weight, text, is_string);
}

static void note_finer(struct json_scan *s, struct str text)
{
	if (s->out->finer_count < countof(s->out->finer) && text.len > 20 && text.len < 40 &&
		text.ptr[4] == '-' && text.ptr[10] == 'T' && text.ptr[19] == '.')
		s->out->finer[s->out->finer_count++] = text;
}

/* "status":502, "http":{"response":{"status_code":502}}: any three digits under such a key. */
static void note_status(struct json_scan *s, struct str key, struct str text)
{
	static const struct str ends[] = { { "status", 6 }, { "statuscode", 10 },
		{ "responsecode", 12 } };
	if (s->out->http_status.len > 0 || text.len != 3 || !is_digit(text.ptr[0]) ||
		!is_digit(text.ptr[1]) || !is_digit(text.ptr[2]))
		return;
	for (size_t i = 0; i < countof(ends); i++) {
		if (str_ends(key, ends[i]))
			s->out->http_status = text;
	}
}

/* "errorCode":"AccessDenied", as calls of AWS that failed have it; a number may be any. */
static void note_failure(struct json_scan *s, struct str key, struct str text, bool is_string)
{
	static const char *const none[] = { "none", "null", "success", "ok", "noerror" };
	bool is_code = is_string && str_equal(key, STR("errorcode")) && text.len > 1 &&
		       is_alpha(text.ptr[0]) && str_find_byte(text, ' ') < 0;
	for (size_t i = 0; is_code && i < countof(none); i++)
		is_code = !str_equal_nocase(text, str_from(none[i]));
	s->out->has_error_code |= is_code;
}

static void note_pair(struct json_scan *s, struct str raw_key, struct str text, bool is_string)
{
	char folded[KEY_LIMIT];
	struct str key = str_of(folded, json_key_fold(raw_key, folded));
	uint8_t field, weight;
	unsigned deep = (unsigned)(s->depth - 1) * JSON_DEPTH_WEIGHT;
	if (key.len == 0)
		return;
	/* timeiso8601, the one known key with digits */
	s->out->digits_matter |= key.len == 11 && str_starts(key, STR("timeiso"));
	json_note_member(s, key, text, is_string);
	note_failure(s, key, text, is_string);
	if (note_attribute(s, key, text, is_string))
		return;
	s->any |= json_note_scale(s->out, key, text);
	if (key.len >= 5 && key.len <= 13)
		json_note_event(s->out, key, text);
	if (s->depth > DEPTH_LIMIT) {
		note_otlp(s, key, text, is_string);
		return;
	}
	if (is_string && s->depth == 1)
		note_finer(s, text);
	note_status(s, key, text);
	if (str_equal(key, STR("name"))) {
		json_note_name(s, deep, text, is_string);
		return;
	}
	if (note_parts(s, key, deep, text))
		return;
	/* "ID":"1735689600.123:4711": time and serial of an audit record, by laurel. */
	if (s->depth == 1 && str_equal(key, STR("id")) && text.len > 15 && text.ptr[10] == '.' &&
		text.ptr[14] == ':')
		json_note(s, JSON_FIELD_TIME, 1, text, is_string);
	if (str_equal(key, STR("date")) && text.len == 10 && is_string)
		s->out->day = text;
	if (s->depth == 1 && is_string &&
		(str_equal(key, STR("component")) || str_equal(key, STR("subsystem")) ||
			str_equal(key, STR("componentname"))))
		s->out->part = text;
	bool known = json_key_classify(key, &field, &weight);
	if (known && json_key_fits(key, text))
		json_note(s, field, weight + deep, text, is_string);
	else if (!json_note_joined(s, 1, key, deep, text, is_string) && !known &&
		 (weight = json_key_stamp(raw_key)) != 0)
		json_note(s, JSON_FIELD_TIME, weight + deep, text, is_string);
}

/* {"log"=>"..."}, as Ruby and Fluent Bit print an object. */
static bool is_arrow(const struct json_scan *s)
{
	return s->end - s->p >= 2 && s->p[0] == '=' && s->p[1] == '>';
}

/* Behind the quote of a key: takes its value, unless that is an object or array of its own. */
static void take_pair(struct json_scan *s)
{
	struct str key = take_string(s);
	skip_blank(s);
	if (s->p >= s->end || (*s->p != ':' && !is_arrow(s)))
		return;
	s->p += *s->p == ':' ? 1 : 2;
	skip_blank(s);
	if (s->p >= s->end)
		return;
	if (*s->p == '{' || *s->p == '[') {
		if (s->depth < JSON_DEPTH_MAX)
			s->frames[s->depth + 1].parent = key;
		return;
	}
	bool is_string = *s->p == '"';
	s->p += is_string;
	struct str text = is_string ? take_string(s) : take_bare(s);
	if (s->depth >= 1 && s->depth <= JSON_DEPTH_MAX)
		note_pair(s, key, text, is_string);
}

/* "tags":["error","plugins"]: one of them may be a level. */
static void note_tag(struct json_scan *s, struct str text)
{
	static const char *const levels[] = { "debug", "info", "warning", "error", "fatal" };
	if (s->depth != 2 || !str_equal(s->frames[2].parent, STR("tags")))
		return;
	for (size_t i = 0; i < countof(levels); i++) {
		if (str_equal(text, str_from(levels[i])))
			json_note(s, JSON_FIELD_LEVEL, TAG_WEIGHT, text, true);
	}
}

static void begin(struct json_scan *s, bool is_object)
{
	s->depth++;
	s->objects = s->objects << 1 | is_object;
	if (s->depth > JSON_DEPTH_MAX)
		return;
	s->frames[s->depth].name = STR_NONE;
	s->frames[s->depth].has_pid = false;
	s->frames[s->depth].kind = JSON_OBJECT_OTHER;
}

static void walk(struct json_scan *s)
{
	bool expect_key = false;
	while (s->p < s->end) {
		char c = *s->p++;
		if (c == '{' || c == '[') {
			begin(s, c == '{');
			expect_key = c == '{';
		} else if (c == '}' || c == ']') {
			if (s->depth <= JSON_DEPTH_MAX)
				json_end_object(s);
			s->objects >>= 1;
			if (--s->depth <= 0)
				return;
			expect_key = false;
		} else if (c == ',') {
			expect_key = s->objects & 1;
		} else if (c == '"') {
			if (expect_key)
				take_pair(s);
			else
				note_tag(s, take_string(s));
			expect_key = false;
		}
	}
}

bool json_fields_read(struct str text, struct json_fields *out)
{
	memset(out, 0, sizeof(*out));
	struct json_scan s = { .p = text.ptr, .end = text.ptr + text.len, .out = out };
	walk(&s);
	json_note_object(&s);
	out->end = (size_t)(s.p - text.ptr);
	return s.any;
}
