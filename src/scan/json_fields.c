/* SPDX-License-Identifier: MIT */
/*
 * Keys are compared without case and without anything but letters and digits, so that eventTime,
 * event_time and "event.time" are one. The weight of a key is that of its name plus how deep it
 * lies: a name that says "this is the time of this line" at the top is best, and one that could be
 * the time of something else (created, start, lastSeen) comes after all of these.
 */
#include "lineup/json_fields.h"

#define DEPTH_LIMIT  3
#define DEPTH_WEIGHT 4
#define TITLE_WEIGHT 13
#define KEY_LIMIT    28

struct known_key {
	const char *name;
	uint8_t field;
	uint8_t weight;
};

/* In order of length, then name; found by a walk over those of the same length. */
static const struct known_key known_keys[] = {
	{"t", JSON_FIELD_TIME, 3},
	{"ts", JSON_FIELD_TIME, 0},
	{"app", JSON_FIELD_SERVICE, 2},
	{"lvl", JSON_FIELD_LEVEL, 0},
	{"log", JSON_FIELD_MESSAGE, 1},
	{"msg", JSON_FIELD_MESSAGE, 0},
	{"date", JSON_FIELD_TIME, 1},
	{"host", JSON_FIELD_HOST, 0},
	{"node", JSON_FIELD_HOST, 3},
	{"time", JSON_FIELD_TIME, 0},
	{"level", JSON_FIELD_LEVEL, 0},
	{"event", JSON_FIELD_MESSAGE, 3},
	{"ident", JSON_FIELD_SERVICE, 4},
	{"logger", JSON_FIELD_SERVICE, 24},
	{"appname", JSON_FIELD_SERVICE, 2},
	{"asctime", JSON_FIELD_TIME, 0},
	{"created", JSON_FIELD_TIME, 3},
	{"message", JSON_FIELD_MESSAGE, 0},
	{"process", JSON_FIELD_SERVICE, 8},
	{"program", JSON_FIELD_SERVICE, 3},
	{"service", JSON_FIELD_SERVICE, 0},
	{"datetime", JSON_FIELD_TIME, 0},
	{"hostname", JSON_FIELD_HOST, 0},
	{"loglevel", JSON_FIELD_LEVEL, 0},
	{"priority", JSON_FIELD_LEVEL, 2},
	{"severity", JSON_FIELD_LEVEL, 0},
	{"unixtime", JSON_FIELD_TIME, 2},
	{"createdat", JSON_FIELD_TIME, 4},
	{"component", JSON_FIELD_SERVICE, 14},
	{"eventtime", JSON_FIELD_TIME, 0},
	{"levelname", JSON_FIELD_LEVEL, 0},
	{"startedat", JSON_FIELD_TIME, 8},
	{"starttime", JSON_FIELD_TIME, 6},
	{"timestamp", JSON_FIELD_TIME, 0},
	{"logtime", JSON_FIELD_TIME, 0},
	{"logdate", JSON_FIELD_TIME, 1},
	{"eventdate", JSON_FIELD_TIME, 1},
	{"published", JSON_FIELD_TIME, 2},
	{"modname", JSON_FIELD_SERVICE, 20},
	{"occurredat", JSON_FIELD_TIME, 1},
	{"timemillis", JSON_FIELD_TIME, 0},
	{"servicename", JSON_FIELD_SERVICE, 0},
	{"processname", JSON_FIELD_SERVICE, 6},
	{"application", JSON_FIELD_SERVICE, 1},
	{"epochsecond", JSON_FIELD_TIME, 0},
	{"levelvalue", JSON_FIELD_LEVEL, 6},
	{"calendartime", JSON_FIELD_TIME, 0},
	{"nodename", JSON_FIELD_HOST, 2},
	{"logtimestamp", JSON_FIELD_TIME, 0},
	{"severitytext", JSON_FIELD_LEVEL, 0},
	{"severitynumber", JSON_FIELD_LEVEL, 3},
	{"timeunixnano", JSON_FIELD_TIME, 0},
	{"containername", JSON_FIELD_SERVICE, 4},
	{"timegenerated", JSON_FIELD_TIME, 1},
	{"applicationname", JSON_FIELD_SERVICE, 1},
	{"eventtimestamp", JSON_FIELD_TIME, 0},
	{"syslogtimestamp", JSON_FIELD_TIME, 4},
	{"timestampms", JSON_FIELD_TIME, 1},
	{"syslogidentifier", JSON_FIELD_SERVICE, 1},
	{"realtimetimestamp", JSON_FIELD_TIME, 0},
	{"sourcerealtimetimestamp", JSON_FIELD_TIME, 1},
	{"lastupdatetime", JSON_FIELD_TIME, 4},
	{"lastupdated", JSON_FIELD_TIME, 5},
	{"updatedat", JSON_FIELD_TIME, 5},
	{"modified", JSON_FIELD_TIME, 6},
	{"createdtime", JSON_FIELD_TIME, 5},
	{"creationtime", JSON_FIELD_TIME, 5},
	{"endtime", JSON_FIELD_TIME, 5},
	{"start", JSON_FIELD_TIME, 9},
	{"end", JSON_FIELD_TIME, 8},
};

struct scan {
	const char *p;
	const char *end;
	struct json_fields *out;
	bool any;
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

static size_t fold_key(struct str key, char folded[KEY_LIMIT])
{
	size_t len = 0;
	for (size_t i = 0; i < key.len; i++) {
		unsigned char c = (unsigned char)key.ptr[i];
		bool letter = (unsigned char)((c | 32) - 'a') < 26;
		if (!letter && (unsigned char)(c - '0') >= 10)
			continue;
		if (len == KEY_LIMIT)
			return 0;
		folded[len++] = (char)(letter ? c | 32 : c);
	}
	return len;
}

static bool ends_with(const char *key, size_t len, struct str end)
{
	return len > end.len && memcmp(key + len - end.len, end.ptr, end.len) == 0;
}

static bool classify(const char *key, size_t len, uint8_t *field, uint8_t *weight)
{
	for (size_t i = 0; i < countof(known_keys); i++) {
		const struct known_key *k = &known_keys[i];
		if (k->name[0] == key[0] && strlen(k->name) == len &&
			memcmp(k->name, key, len) == 0) {
			*field = k->field;
			*weight = k->weight;
			return true;
		}
	}
	/* A key that no table knows, but that is some time. */
	*field = JSON_FIELD_TIME;
	*weight = 6;
	if (ends_with(key, len, STR("endtime")))
		return true;
	if (!ends_with(key, len, STR("time")) && !ends_with(key, len, STR("timestamp")) &&
		!ends_with(key, len, STR("date")) && !ends_with(key, len, STR("timesec")) &&
		!ends_with(key, len, STR("datetime")))
		return false;
	*weight = ends_with(key, len, STR("starttime")) ? 8 : 7;
	return true;
}

static bool could_be_time(struct str text)
{
	if (text.len < 8)
		return false;
	unsigned char c = (unsigned char)text.ptr[0];
	bool digit = (unsigned char)(c - '0') < 10;
	return digit || c == '@' || (c >= 'A' && c <= 'Z') || c == '[';
}

static void note(struct scan *s, uint8_t field, unsigned weight, struct str text, bool is_string)
{
	struct json_value *v = &s->out->values[field];
	/* A name with blanks is a title for people; any other name goes before it. */
	if (field == JSON_FIELD_SERVICE && str_find_byte(text, ' ') >= 0)
		weight += TITLE_WEIGHT;
	if (text.len == 0 || (v->text.ptr != NULL && v->weight <= weight))
		return;
	if (field == JSON_FIELD_TIME && !could_be_time(text))
		return;
	if (field == JSON_FIELD_SERVICE && (!is_string || text.len > 96))
		return;
	*v = (struct json_value){text, (uint16_t)weight, is_string};
	s->any = true;
}

static void note_key(struct scan *s, const char *key, size_t len, int depth, struct str parent,
	struct str text, bool is_string)
{
	uint8_t field, weight;
	unsigned deep = (unsigned)(depth - 1) * DEPTH_WEIGHT;
	if (len == 0)
		return;
	if (len == 12 && memcmp(key, "nanoofsecond", 12) == 0) {
		uint64_t ns;
		s->out->fraction_ns = str_to_u64(text, &ns) && ns < 1000000000 ? (int64_t)ns : 0;
		return;
	}
	/* "service": {"name": ..}, "host": {"name": ..}, "container": {"name": ..} */
	if (len == 4 && memcmp(key, "name", 4) == 0 && depth > 1) {
		char folded[KEY_LIMIT];
		size_t parent_len = fold_key(parent, folded);
		if (parent_len == 7 && memcmp(folded, "service", 7) == 0)
			note(s, JSON_FIELD_SERVICE, 0 + deep - DEPTH_WEIGHT, text, is_string);
		else if (parent_len == 4 && memcmp(folded, "host", 4) == 0)
			note(s, JSON_FIELD_HOST, 0 + deep, text, is_string);
		else if (parent_len == 9 && memcmp(folded, "container", 9) == 0)
			note(s, JSON_FIELD_SERVICE, 6 + deep, text, is_string);
		else if (parent_len == 7 && memcmp(folded, "process", 7) == 0)
			note(s, JSON_FIELD_SERVICE, 8 + deep, text, is_string);
		return;
	}
	if (classify(key, len, &field, &weight))
		note(s, field, weight + deep, text, is_string);
	else if (depth == 1 && len == 8 && memcmp(key, "loglevel", 8) == 0)
		note(s, JSON_FIELD_LEVEL, 0, text, is_string);
}

static void note_finer(struct scan *s, struct str text)
{
	if (s->out->finer_count < countof(s->out->finer) && text.len > 20 && text.len < 40 &&
		text.ptr[4] == '-' && text.ptr[10] == 'T' && text.ptr[19] == '.')
		s->out->finer[s->out->finer_count++] = text;
}

static struct str take_bare(struct scan *s)
{
	const char *start = s->p;
	while (s->p < s->end && *s->p != ',' && *s->p != '}' && *s->p != ']' && !is_blank(*s->p))
		s->p++;
	return str_of(start, (size_t)(s->p - start));
}

/* Walks one object or array after another by hand: parents[] holds the keys on the way down. */
static void walk(struct scan *s)
{
	struct str parents[DEPTH_LIMIT + 1] = {{NULL, 0}};
	uint64_t objects =
		0; /* a bit a level: 1 in an object, 0 in an array; deeper than 64 is array */
	int depth = 0;
	bool expect_key = false;
	while (s->p < s->end) {
		char c = *s->p++;
		if (c == '{' || c == '[') {
			depth++;
			objects = objects << 1 | (c == '{');
			expect_key = c == '{';
		} else if (c == '}' || c == ']') {
			objects >>= 1;
			if (--depth <= 0)
				return;
			expect_key = false;
		} else if (c == ',') {
			expect_key = objects & 1;
		} else if (c == '"') {
			struct str key = take_string(s);
			if (!expect_key)
				continue;
			expect_key = false;
			skip_blank(s);
			if (s->p >= s->end || *s->p != ':')
				continue;
			s->p++;
			skip_blank(s);
			if (s->p >= s->end)
				return;
			bool is_string = *s->p == '"';
			if (*s->p == '{' || *s->p == '[') {
				if (depth <= DEPTH_LIMIT)
					parents[depth] = key;
				continue;
			}
			if (is_string)
				s->p++;
			struct str text = is_string ? take_string(s) : take_bare(s);
			if (depth <= DEPTH_LIMIT && depth >= 1) {
				char folded[KEY_LIMIT];
				size_t len = fold_key(key, folded);
				note_key(s, folded, len, depth,
					depth > 1 ? parents[depth - 1] : STR_NONE, text, is_string);
				if (is_string && depth == 1)
					note_finer(s, text);
			}
		}
	}
}

bool json_fields_read(struct str text, struct json_fields *out)
{
	memset(out, 0, sizeof(*out));
	struct scan s = {.p = text.ptr, .end = text.ptr + text.len, .out = out};
	walk(&s);
	out->end = (size_t)(s.p - text.ptr);
	return s.any;
}
