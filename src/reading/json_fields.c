/* SPDX-License-Identifier: MIT */
/*
 * The weight of a value is that of its key (json_keys.c) plus how deep it lies: a key that says
 * "this is the time of this line" at the top is best. Deeper than DEPTH_LIMIT only what
 * OpenTelemetry's export keeps there is looked at, and processes.
 */
#include "src/reading/json_keys.h"

#include "lineup/level.h"

#define DEPTH_LIMIT    3
#define DEPTH_MAX      8 /* what is deeper is walked over */
#define DEPTH_WEIGHT   4
#define TITLE_WEIGHT   13
#define PROCESS_WEIGHT 12
#define LOGGER_WEIGHT  11  /* "name" beside a host and a process id, as bunyan writes it */
#define NAME_MAX_BYTES 192 /* of a program's name; fluentd's tags hold a pod's and an id */
#define WORD_WEIGHT    10  /* from here on, a level only with a word: "status":"error", not 500 */
#define TAG_WEIGHT     14  /* a level that is one of several tags */
#define LETTER_WEIGHT  8   /* from here on, keys of one letter: a level only with a level's word */

/* An object or an array on the way down. */
struct frame {
	struct str parent; /* the key that it stands behind */
	struct str name;   /* of a file or program in it */
	bool has_pid;
};

struct scan {
	const char *p;
	const char *end;
	struct json_fields *out;
	bool any;
	bool names_service; /* {"key":"service.name","value":...}: the next string */
	int depth;
	uint64_t
		objects; /* a bit a level: 1 in an object, 0 in an array; deeper than 64 is array */
	struct frame frames[DEPTH_MAX + 1];
};

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blank(struct scan *s)
{
	while (s->p < s->end && is_blank(*s->p))
		s->p++;
}

/* The text of a string; p is behind its first quote and ends behind its last. */
static struct str take_string(struct scan *s)
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

static struct str take_bare(struct scan *s)
{
	const char *start = s->p;
	while (s->p < s->end && *s->p != ',' && *s->p != '}' && *s->p != ']' && !is_blank(*s->p))
		s->p++;
	return str_of(start, (size_t)(s->p - start));
}

static void note(struct scan *s, uint8_t field, unsigned weight, struct str text, bool is_string)
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

/*
 * "systemd": {"unit": ..}, "k8s": {"deployment": {"name": ..}}: what systemd.unit in one key would
 * be, with `above` of the keys that it lies under.
 */
static bool note_joined(
	struct scan *s, int above, struct str key, unsigned deep, struct str text, bool is_string)
{
	char folded[3 * KEY_LIMIT];
	uint8_t field, weight;
	size_t len = 0;
	if (s->depth <= above)
		return false;
	for (int i = above - 1; i >= 0; i--)
		len += json_key_fold(s->frames[s->depth - i].parent, folded + len);
	memcpy(folded + len, key.ptr, key.len);
	if (len == 0 || !json_key_known(str_of(folded, len + key.len), &field, &weight) ||
		field != JSON_FIELD_SERVICE)
		return false;
	note(s, field, weight + deep - (unsigned)above * DEPTH_WEIGHT, text, is_string);
	return true;
}

/* "service": {"name": ..}, "host": {"name": ..}, "container": {"name": ..}, "level": {"name":
 * ..} */
static void note_name(struct scan *s, unsigned deep, struct str text, bool is_string)
{
	char folded[KEY_LIMIT];
	struct str parent = str_of(folded, json_key_fold(s->frames[s->depth].parent, folded));
	if (s->depth == 1)
		s->frames[1].name = text;
	else if (str_equal(parent, STR("service")))
		note(s, JSON_FIELD_SERVICE, deep - DEPTH_WEIGHT, text, is_string);
	else if (str_equal(parent, STR("app")) || str_equal(parent, STR("application")))
		note(s, JSON_FIELD_SERVICE, 1 + deep - DEPTH_WEIGHT, text, is_string);
	else if (str_equal(parent, STR("host")))
		note(s, JSON_FIELD_HOST, deep, text, is_string);
	else if (str_equal(parent, STR("level")))
		note(s, JSON_FIELD_LEVEL, deep - DEPTH_WEIGHT, text, is_string);
	else if (note_joined(s, 2, STR("name"), deep, text, is_string))
		return; /* "kubernetes": {"container": {"name": ..}} */
	else if (str_equal(parent, STR("container")))
		note(s, JSON_FIELD_SERVICE, 6 + deep, text, is_string);
	else if (str_equal(parent, STR("process")))
		note(s, JSON_FIELD_SERVICE, 8 + deep, text, is_string);
	else
		note_joined(s, 1, STR("name"), deep, text, is_string);
}

static void note_fraction(struct scan *s, struct str text, uint32_t unit)
{
	uint64_t value;
	s->out->digits_matter = true;
	bool valid = str_to_u64(text, &value) && value < 1000000000 / unit;
	s->out->fraction_ns = valid ? (int64_t)(value * unit) : 0;
}

/* The parts of {"timestamp":{"seconds":..,"nanos":..}}, timestampNanos, nanoOfSecond. */
static bool note_parts(struct scan *s, struct str key, unsigned deep, struct str text)
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
		note(s, JSON_FIELD_TIME, weight + deep - DEPTH_WEIGHT, text, false);
	else if (text.len > 0)
		note_fraction(s, text, parts[part].unit);
	return true;
}

/* {"key":"service.name","value":"cart"}, {"key":"service.name","value":{"stringValue":"cart"}} */
static bool note_attribute(struct scan *s, struct str key, struct str text, bool is_string)
{
	bool is_value = str_equal(key, STR("value")) || str_equal(key, STR("stringvalue"));
	if (str_equal(key, STR("key")))
		s->names_service = str_equal(text, STR("service.name"));
	else if (is_value && s->names_service)
		note(s, JSON_FIELD_SERVICE, 0, text, is_string);
	bool taken = is_value && s->names_service;
	s->names_service &= !is_value;
	return taken;
}

/* Of OpenTelemetry's export, where one object holds everything, all lies deep. */
static void note_otlp(struct scan *s, struct str key, struct str text, bool is_string)
{
	uint8_t field, weight;
	if (str_equal(key, STR("timeunixnano")))
		note(s, JSON_FIELD_TIME, 0, text, is_string);
	else if (str_equal(key, STR("observedtimeunixnano")))
		note(s, JSON_FIELD_TIME, 3, text, is_string);
	else if (str_equal(key, STR("severitytext")))
		note(s, JSON_FIELD_LEVEL, 0, text, is_string);
	else if (str_equal(key, STR("stringvalue")) &&
		 str_equal(s->frames[s->depth].parent, STR("body")))
		note(s, JSON_FIELD_MESSAGE, 0, text, is_string);
	else if (str_starts(key, STR("comdocker")) && json_key_known(key, &field, &weight))
		note(s, field, weight, text, is_string);
}

/* An object with a process id and the name of a file tells of that program. */
static void note_process(struct scan *s, struct str key, struct str text, bool is_string)
{
	struct frame *f = &s->frames[s->depth];
	if (str_equal(key, STR("pid")) || str_equal(key, STR("processid")))
		f->has_pid = true;
	else if (is_string && s->depth > 1 &&
		 (str_equal(key, STR("filename")) || str_equal(key, STR("image"))))
		f->name = text;
}

static void end_object(struct scan *s)
{
	const struct frame *f = &s->frames[s->depth];
	if (!f->has_pid || f->name.len == 0)
		return;
	if (s->depth > 1)
		note(s, JSON_FIELD_SERVICE, PROCESS_WEIGHT, f->name, true);
	else if (s->out->values[JSON_FIELD_HOST].text.ptr != NULL)
		note(s, JSON_FIELD_SERVICE, LOGGER_WEIGHT, f->name, true);
}

static void note_finer(struct scan *s, struct str text)
{
	if (s->out->finer_count < countof(s->out->finer) && text.len > 20 && text.len < 40 &&
		text.ptr[4] == '-' && text.ptr[10] == 'T' && text.ptr[19] == '.')
		s->out->finer[s->out->finer_count++] = text;
}

/* "status":502, "http":{"response":{"status_code":502}}: any three digits under such a key. */
static void note_status(struct scan *s, struct str key, struct str text)
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

static void note_pair(struct scan *s, struct str raw_key, struct str text, bool is_string)
{
	char folded[KEY_LIMIT];
	struct str key = str_of(folded, json_key_fold(raw_key, folded));
	uint8_t field, weight;
	unsigned deep = (unsigned)(s->depth - 1) * DEPTH_WEIGHT;
	if (key.len == 0)
		return;
	/* timeiso8601, the one known key with digits */
	s->out->digits_matter |= key.len == 11 && str_starts(key, STR("timeiso"));
	note_process(s, key, text, is_string);
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
		note_name(s, deep, text, is_string);
		return;
	}
	if (note_parts(s, key, deep, text))
		return;
	/* "ID":"1735689600.123:4711": time and serial of an audit record, by laurel. */
	if (s->depth == 1 && str_equal(key, STR("id")) && text.len > 15 && text.ptr[10] == '.' &&
		text.ptr[14] == ':')
		note(s, JSON_FIELD_TIME, 1, text, is_string);
	if (str_equal(key, STR("date")) && text.len == 10 && is_string)
		s->out->day = text;
	if (s->depth == 1 && is_string &&
		(str_equal(key, STR("component")) || str_equal(key, STR("subsystem")) ||
			str_equal(key, STR("componentname"))))
		s->out->part = text;
	bool known = json_key_classify(key, &field, &weight);
	if (known && json_key_fits(key, text))
		note(s, field, weight + deep, text, is_string);
	else if (!note_joined(s, 1, key, deep, text, is_string) && !known &&
		 (weight = json_key_stamp(raw_key)) != 0)
		note(s, JSON_FIELD_TIME, weight + deep, text, is_string);
}

/* Behind the quote of a key: takes its value, unless that is an object or array of its own. */
static void take_pair(struct scan *s)
{
	struct str key = take_string(s);
	skip_blank(s);
	if (s->p >= s->end || *s->p != ':')
		return;
	s->p++;
	skip_blank(s);
	if (s->p >= s->end)
		return;
	if (*s->p == '{' || *s->p == '[') {
		if (s->depth < DEPTH_MAX)
			s->frames[s->depth + 1].parent = key;
		return;
	}
	bool is_string = *s->p == '"';
	s->p += is_string;
	struct str text = is_string ? take_string(s) : take_bare(s);
	if (s->depth >= 1 && s->depth <= DEPTH_MAX)
		note_pair(s, key, text, is_string);
}

/* "tags":["error","plugins"]: one of them may be a level. */
static void note_tag(struct scan *s, struct str text)
{
	static const char *const levels[] = { "debug", "info", "warning", "error", "fatal" };
	if (s->depth != 2 || !str_equal(s->frames[2].parent, STR("tags")))
		return;
	for (size_t i = 0; i < countof(levels); i++) {
		if (str_equal(text, str_from(levels[i])))
			note(s, JSON_FIELD_LEVEL, TAG_WEIGHT, text, true);
	}
}

static void begin(struct scan *s, bool is_object)
{
	s->depth++;
	s->objects = s->objects << 1 | is_object;
	if (s->depth > DEPTH_MAX)
		return;
	s->frames[s->depth].name = STR_NONE;
	s->frames[s->depth].has_pid = false;
}

static void walk(struct scan *s)
{
	bool expect_key = false;
	while (s->p < s->end) {
		char c = *s->p++;
		if (c == '{' || c == '[') {
			begin(s, c == '{');
			expect_key = c == '{';
		} else if (c == '}' || c == ']') {
			if (s->depth <= DEPTH_MAX)
				end_object(s);
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
	struct scan s = { .p = text.ptr, .end = text.ptr + text.len, .out = out };
	walk(&s);
	out->end = (size_t)(s.p - text.ptr);
	return s.any;
}
