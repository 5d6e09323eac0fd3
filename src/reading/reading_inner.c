/* SPDX-License-Identifier: MIT */
/*
 * The stamp that a device wrote into its own message, behind the envelope of a relay.
 *
 * An envelope of syslog may be the sender's or a relay's, and a relay's says when the message
 * arrived. What the device put at the very start of its message, or behind a key that means the
 * time of the line (time=, rt=, "timestamp":, audit's own), says when it was logged, mostly with
 * the year, the zone and the fraction that an envelope lacks. So it counts, if it is complete: an
 * instant, or a date with its year and zone. Without a zone it could be of another zone than the
 * envelope, which all programs of the file share; then it counts only when both show nearly the
 * same time, so that what lies between them is the way and no zone, and it takes the envelope's.
 *
 * Container runtimes are no relays: they stamp with the clock of the same host, within a moment, so
 * their envelope stays. A start, an end, an expiry tell of something else than the line:
 * reading_find.c.
 *
 * Firewalls of Palo Alto say in their second column when their management received a record, and
 * behind its kind when it was generated; the latter counts.
 */
#include "src/reading/reading_source.h"
#include "src/reading/timestamp_parts.h"

#define MESSAGE_BYTES 1024 /* of a message that are looked at for a key */
#define KEYS_MAX      8
#define WAY_SECONDS   600 /* between two stamps of one zone; zones differ by more */
#define HEAD_BYTES    24  /* priority, length and such before an envelope's stamp */

static bool is_envelope(const struct found_stamp *f)
{
	const struct stamp *s = &f->stamp;
	return s->kind == STAMP_CIVIL && s->start <= f->text_at + HEAD_BYTES &&
	       (s->is_syslog || (s->date_separator == '-' && s->zone != STAMP_ZONE_NONE));
}

int64_t reading_way_between(const struct stamp *envelope, const struct stamp *s)
{
	struct stamp outer = *envelope;
	int64_t inner_seconds;
	if (s->kind == STAMP_INSTANT) {
		int64_t year;
		int month, day;
		inner_seconds = s->instant_ns / NS_PER_S;
		clock_date(inner_seconds / 86400, &year, &month, &day);
		outer.year = outer.year == 0 ? (int16_t)year : outer.year;
	} else {
		outer.year = outer.year == 0 ? s->year : outer.year;
		inner_seconds = stamp_wall_seconds(s) - s->offset_seconds;
	}
	return stamp_wall_seconds(&outer) - outer.offset_seconds - inner_seconds;
}

/*
 * Does it say all that is needed? Of a clock in the envelope's zone this is the zone. And does it
 * say more? An envelope with a fraction, within a second of it, is the same host's.
 */
static bool counts(const struct stamp *envelope, struct stamp *s)
{
	if (s->kind != STAMP_INSTANT && (s->kind != STAMP_CIVIL || s->year == 0))
		return false;
	bool zoneless = s->kind == STAMP_CIVIL && s->zone == STAMP_ZONE_NONE;
	if (zoneless) {
		s->zone = envelope->zone;
		s->zone_name = envelope->zone_name;
		s->offset_seconds = envelope->offset_seconds;
	}
	int64_t way = reading_way_between(envelope, s);
	int64_t same = s->fraction_digits > 0 ? 1 : 0;
	if (envelope->fraction_digits > 0 && way >= -same && way <= same)
		return false;
	return !zoneless || (way > -WAY_SECONDS && way < WAY_SECONDS);
}

/*
 * Behind the envelope's host and tag. *has_head: it is syslog's for sure; without, an ISO stamp may
 * be of a container's runtime or of any log.
 */
static size_t message_start(struct str line, const struct found_stamp *f, bool *has_head)
{
	struct syslog_head head;
	const struct stamp *s = &f->stamp;
	size_t at = s->end;
	bool is_5424 =
		s->start >= 2 && line.ptr[s->start - 1] == ' ' && line.ptr[s->start - 2] == '1' &&
		(s->start == 2 || line.ptr[s->start - 3] == '>') && line.ptr[s->start + 10] == 'T';
	*has_head = true;
	if (is_5424 ? service_syslog5424_head(line, at, &head)
		    : service_syslog_head(line, at, !s->is_syslog, &head)) {
		at = head.message_at;
	} else {
		*has_head = s->is_syslog;
		/* A host alone, unless the message begins at once. */
		while (at < line.len && line.ptr[at] == ' ')
			at++;
		size_t end = at;
		while (end < line.len && line.ptr[end] != ' ' && line.ptr[end] != ',')
			end++;
		at = end < line.len && line.ptr[end] == ' ' ? end : at;
	}
	while (at < line.len && (line.ptr[at] == ' ' || line.ptr[at] == '-' || line.ptr[at] == ':'))
		at++;
	return at;
}

/* `1,2025/12/31 12:00:00,0123456,TRAFFIC,end,2304,2025/12/31 11:59:58,...` from `at` on. */
static bool find_generated(
	const struct source_reading *source, struct str line, size_t at, struct stamp *s)
{
	size_t comma = at;
	while (comma < line.len && is_digit(line.ptr[comma]))
		comma++;
	if (comma == at || comma >= line.len || line.ptr[comma] != ',' ||
		!stamp_read(&source->search, line, comma + 1, s))
		return false;
	size_t column = s->end;
	for (int i = 0; i < 5; i++) {
		ptrdiff_t next = str_find_byte(str_skip(str_head(line, column + 64), column), ',');
		/* A fraction may have been taken for one: ...12:00:00,012801 */
		if (next < 0 || (i > 0 && next == 0))
			return false;
		column += (size_t)next + 1;
		bool is_kind = i == 1 && line.len > column + 1;
		if (is_kind && (line.ptr[column] < 'A' || line.ptr[column] > 'Z' ||
				       line.ptr[column + 1] < 'A' || line.ptr[column + 1] > 'Z'))
			return false;
	}
	return stamp_read(&source->search, line, column, s);
}

static bool find_in_payload(const struct source_reading *source, struct str line, size_t at,
	struct found_stamp *f, struct stamp *s)
{
	at += line.ptr[at] == '[' && at + 1 < line.len && line.ptr[at + 1] == '{';
	if (line.ptr[at] != '{' || !json_fields_read(str_skip(line, at), &f->json))
		return false;
	const struct json_value *time = &f->json.values[JSON_FIELD_TIME];
	return time->text.ptr != NULL && time->weight <= 2 &&
	       stamp_value(&source->search, time->text, s);
}

/* The word before `at`, behind which = or : stands. */
static bool is_log_key(struct str line, size_t at)
{
	static const struct str keys[] = { { "time", 4 }, { "timestamp", 9 }, { "date", 4 },
		{ "datetime", 8 }, { "date_time", 9 }, { "eventtime", 9 }, { "event_time", 10 },
		{ "rt", 2 }, { "devtime", 7 }, { "logtime", 7 }, { "log_time", 8 }, { "ts", 2 } };
	while (at > 0 && (line.ptr[at - 1] == '"' || line.ptr[at - 1] == '\''))
		at--;
	if (at < 3 || (line.ptr[at - 1] != '=' && line.ptr[at - 1] != ':'))
		return false;
	size_t end = --at;
	while (at > 0 && (is_alpha(line.ptr[at - 1]) || line.ptr[at - 1] == '_'))
		at--;
	struct str key = str_of(line.ptr + at, end - at);
	for (size_t i = 0; i < countof(keys); i++) {
		if (str_equal_nocase(key, keys[i]))
			return true;
	}
	return false;
}

/* `Sun, 29 Jan 2023 08:49:08 GMT`: as headers of HTTP and of mail are dated, which a message dumps.
 * They say when a reply was made (or cached), not when the line was logged. */
static bool is_of_header(struct str line, const struct stamp *s)
{
	return s->start + 4 < line.len && is_alpha(line.ptr[s->start]) &&
	       is_alpha(line.ptr[s->start + 1]) && is_alpha(line.ptr[s->start + 2]) &&
	       line.ptr[s->start + 3] == ',';
}

static bool find_behind_key(
	const struct source_reading *source, struct str line, size_t at, struct stamp *s)
{
	struct str looked_at = str_head(line, at + MESSAGE_BYTES);
	for (int tries = 0; tries < KEYS_MAX; tries++) {
		if (!stamp_find(&source->search, looked_at, at, looked_at.len, s))
			return false;
		if ((is_log_key(line, s->start) && !is_of_header(line, s)) ||
			(s->start >= 6 && memcmp(line.ptr + s->start - 6, "audit(", 6) == 0))
			return true;
		at = s->end;
	}
	return false;
}

bool reading_find_inner(const struct source_reading *source, struct str line, struct found_stamp *f)
{
	struct stamp *s = &f->inner;
	if (find_generated(source, line, f->text_at, s))
		return true;
	if (!is_envelope(f)) {
		s->kind = STAMP_NONE;
		return false;
	}
	bool has_head;
	size_t at = message_start(line, f, &has_head);
	bool found = at + 8 < line.len;
	if (found) {
		size_t bare = at + (line.ptr[at] == '[' || line.ptr[at] == '(');
		found = (find_in_payload(source, line, at, f, s) && counts(&f->stamp, s)) ||
			(has_head && find_generated(source, line, at, s) && counts(&f->stamp, s)) ||
			(has_head && stamp_read(&source->search, line, bare, s) &&
				counts(&f->stamp, s)) ||
			(has_head && find_behind_key(source, line, at, s) && counts(&f->stamp, s));
	}
	if (!found)
		s->kind = STAMP_NONE;
	return found;
}
