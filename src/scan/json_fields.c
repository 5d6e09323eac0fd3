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
	char name[KEY_LIMIT];
	uint8_t len;
	uint8_t field;
	uint8_t weight;
};

/* In the order of bytes. */
static const struct known_key known_keys[] = {
	{ "app", 3, JSON_FIELD_SERVICE, 2 },
	{ "application", 11, JSON_FIELD_SERVICE, 1 },
	{ "applicationname", 15, JSON_FIELD_SERVICE, 1 },
	{ "appname", 7, JSON_FIELD_SERVICE, 2 },
	{ "asctime", 7, JSON_FIELD_TIME, 0 },
	{ "calendartime", 12, JSON_FIELD_TIME, 0 },
	{ "component", 9, JSON_FIELD_SERVICE, 14 },
	{ "containername", 13, JSON_FIELD_SERVICE, 4 },
	{ "created", 7, JSON_FIELD_TIME, 3 },
	{ "createdat", 9, JSON_FIELD_TIME, 4 },
	{ "createdtime", 11, JSON_FIELD_TIME, 5 },
	{ "creationtime", 12, JSON_FIELD_TIME, 5 },
	{ "date", 4, JSON_FIELD_TIME, 1 },
	{ "datetime", 8, JSON_FIELD_TIME, 0 },
	{ "end", 3, JSON_FIELD_TIME, 8 },
	{ "endtime", 7, JSON_FIELD_TIME, 5 },
	{ "epochsecond", 11, JSON_FIELD_TIME, 0 },
	{ "event", 5, JSON_FIELD_MESSAGE, 3 },
	{ "eventdate", 9, JSON_FIELD_TIME, 1 },
	{ "eventtime", 9, JSON_FIELD_TIME, 0 },
	{ "eventtimestamp", 14, JSON_FIELD_TIME, 0 },
	{ "host", 4, JSON_FIELD_HOST, 0 },
	{ "hostname", 8, JSON_FIELD_HOST, 0 },
	{ "ident", 5, JSON_FIELD_SERVICE, 4 },
	{ "lastupdated", 11, JSON_FIELD_TIME, 5 },
	{ "lastupdatetime", 14, JSON_FIELD_TIME, 4 },
	{ "level", 5, JSON_FIELD_LEVEL, 0 },
	{ "levelname", 9, JSON_FIELD_LEVEL, 0 },
	{ "levelvalue", 10, JSON_FIELD_LEVEL, 6 },
	{ "log", 3, JSON_FIELD_MESSAGE, 1 },
	{ "logdate", 7, JSON_FIELD_TIME, 1 },
	{ "logger", 6, JSON_FIELD_SERVICE, 24 },
	{ "loglevel", 8, JSON_FIELD_LEVEL, 0 },
	{ "logtime", 7, JSON_FIELD_TIME, 0 },
	{ "logtimestamp", 12, JSON_FIELD_TIME, 0 },
	{ "lvl", 3, JSON_FIELD_LEVEL, 0 },
	{ "message", 7, JSON_FIELD_MESSAGE, 0 },
	{ "modified", 8, JSON_FIELD_TIME, 6 },
	{ "modname", 7, JSON_FIELD_SERVICE, 20 },
	{ "msg", 3, JSON_FIELD_MESSAGE, 0 },
	{ "node", 4, JSON_FIELD_HOST, 3 },
	{ "nodename", 8, JSON_FIELD_HOST, 2 },
	{ "occurredat", 10, JSON_FIELD_TIME, 1 },
	{ "priority", 8, JSON_FIELD_LEVEL, 2 },
	{ "process", 7, JSON_FIELD_SERVICE, 8 },
	{ "processname", 11, JSON_FIELD_SERVICE, 6 },
	{ "program", 7, JSON_FIELD_SERVICE, 3 },
	{ "published", 9, JSON_FIELD_TIME, 2 },
	{ "realtimetimestamp", 17, JSON_FIELD_TIME, 0 },
	{ "service", 7, JSON_FIELD_SERVICE, 0 },
	{ "servicename", 11, JSON_FIELD_SERVICE, 0 },
	{ "severity", 8, JSON_FIELD_LEVEL, 0 },
	{ "severitynumber", 14, JSON_FIELD_LEVEL, 3 },
	{ "severitytext", 12, JSON_FIELD_LEVEL, 0 },
	{ "sourcerealtimetimestamp", 23, JSON_FIELD_TIME, 1 },
	{ "start", 5, JSON_FIELD_TIME, 9 },
	{ "startedat", 9, JSON_FIELD_TIME, 8 },
	{ "starttime", 9, JSON_FIELD_TIME, 6 },
	{ "syslogidentifier", 16, JSON_FIELD_SERVICE, 1 },
	{ "syslogtimestamp", 15, JSON_FIELD_TIME, 4 },
	{ "t", 1, JSON_FIELD_TIME, 3 },
	{ "time", 4, JSON_FIELD_TIME, 0 },
	{ "timegenerated", 13, JSON_FIELD_TIME, 1 },
	{ "timemillis", 10, JSON_FIELD_TIME, 0 },
	{ "timestamp", 9, JSON_FIELD_TIME, 0 },
	{ "timestampms", 11, JSON_FIELD_TIME, 1 },
	{ "timeunixnano", 12, JSON_FIELD_TIME, 0 },
	{ "ts", 2, JSON_FIELD_TIME, 0 },
	{ "unixtime", 8, JSON_FIELD_TIME, 2 },
	{ "updatedat", 9, JSON_FIELD_TIME, 5 },
};

/* Where the keys of each letter begin in it; a unit test goes through all of them. */
static const uint8_t key_starts[27] = { 0, 5, 5, 12, 14, 21, 21, 21, 23, 24, 24, 24, 36, 40, 42, 43,
	48, 48, 49, 60, 68, 70, 70, 70, 70, 70, 70 };

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
	unsigned first = (unsigned char)key[0] - (unsigned)'a';
	size_t end = first < 26 ? key_starts[first + 1] : 0;
	for (size_t i = first < 26 ? key_starts[first] : 0; i < end; i++) {
		const struct known_key *k = &known_keys[i];
		if (k->len == len && memcmp(k->name, key, len) == 0) {
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
	*v = (struct json_value){ text, (uint16_t)weight, is_string };
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
	struct str parents[DEPTH_LIMIT + 1] = { { NULL, 0 } };
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
	struct scan s = { .p = text.ptr, .end = text.ptr + text.len, .out = out };
	walk(&s);
	out->end = (size_t)(s.p - text.ptr);
	return s.any;
}
