/* SPDX-License-Identifier: MIT */
/*
 * Which stamp of a line says when it was logged.
 *
 * The outermost one, which in text is the first: whoever writes a log puts its own stamp in front
 * of the message, and what stands in the message is what the message talks about (a session's
 * start, a certificate's end, the clock of the program whose output it forwards). An envelope (CRI,
 * docker, syslog) comes from the host's clock, with its zone, and is the same for all containers of
 * a node; the stamp inside has often lost its zone. In JSON the key decides, since keys have no
 * fixed order. But an envelope of syslog yields to the stamp that a device put into its message:
 * see reading_inner.c.
 *
 * Two things are not the log's stamp, even if first: a date glued to a name (app.log.2025-12-31;
 * the search begins only at a word's start), and a date in prose ("restarted at ..."). A stamp in
 * prose counts only as long as the member, in its sample or so far, has shown no line with a stamp
 * in its head, or far fewer than in prose: then its lines seem to have no better one.
 *
 * Where stamps stand behind keys in text, their keys decide too: see reading_keys.c. In a table
 * with a heading its names decide (reading_table.c). In one without, the first of several columns
 * of stamps counts, as in any text: an access log's request was logged when it was answered, and
 * that is what its first column says.
 *
 * A second stamp near the first may complete it, if both show the same moment: it may have the
 * year, the zone or the fraction that the first lacks (seconds in front, and the same time in full
 * behind). It is looked for only where the member's sample has such lines.
 */
#include "src/reading/json_keys.h"
#include "src/reading/reading_source.h"
#include "src/reading/timestamp_parts.h"

/* How far into a line a stamp is looked for. */
#define FIND_LIMIT   512
#define SECOND_LIMIT 160
#define OWN_WEIGHT   2 /* of keys that say when a line was logged (json_keys.c) */

static inline bool is_lower_word(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)(p[i] - 'a') >= 26)
			return false;
	}
	return len > 1;
}

/*
 * Does the stamp stand in the line's head? Before it there are levels, addresses, numbers, names,
 * but no two words of prose; an indented line is the continuation of another. Brackets around it or
 * a key before it are a logger's own.
 */
static bool stands_in_head(struct str line, size_t from, const struct stamp *s)
{
	if (s->start == from || s->is_column)
		return true;
	char before = line.ptr[s->start - 1];
	char after = s->end < line.len ? line.ptr[s->end] : ' ';
	bool indented = line.ptr[from] == ' ' || line.ptr[from] == '\t';
	if (before == '[' && !indented && (after == ']' || after == ' '))
		return true;
	if (reading_has_key(line, s->start) && !indented)
		return true;
	bool letters = false;
	int prose = 0, words = 0;
	for (size_t i = from; i < s->start;) {
		size_t start = i;
		while (i < s->start && line.ptr[i] != ' ' && line.ptr[i] != '\t')
			i++;
		if (i > start) {
			words++;
			for (size_t c = start; c < i; c++)
				letters |= is_alpha(line.ptr[c]);
			/* last login: Mon Dec 1 ... */
			size_t len = i - start - (prose > 0 && line.ptr[i - 1] == ':');
			prose = is_lower_word(line.ptr + start, len) ? prose + 1 : 0;
			if (prose >= 2)
				return false;
		}
		i++;
	}
	/* The word right before it joins it to a sentence: `failed at`, `valid until`. */
	return !(indented && letters) && !(prose == 1 && words > 1);
}

/*
 * `  "timestamp": "2025-12-31T23:59:59Z",`, a member of JSON that is written in several lines: its
 * key tells. *is_own: it says when the line was logged.
 */
static bool is_member(struct str line, size_t from, const struct stamp *s, bool *is_own)
{
	char folded[KEY_LIMIT];
	uint8_t field, weight;
	size_t at = from;
	while (at < s->start && (line.ptr[at] == ' ' || line.ptr[at] == '\t'))
		at++;
	if (at + 4 > s->start || line.ptr[at] != '"')
		return false;
	struct str rest = str_of(line.ptr + at + 1, s->start - at - 1);
	struct str key = str_cut(&rest, '"');
	if (rest.len == 0 || rest.ptr[0] != ':' || rest.len > 4)
		return false;
	struct str name = str_of(folded, json_key_fold(key, folded));
	*is_own = json_key_classify(name, &field, &weight) && field == JSON_FIELD_TIME &&
		  weight <= OWN_WEIGHT;
	return true;
}

bool reading_clocks_agree(const struct stamp *first, const struct stamp *second, int64_t first_wall,
	int64_t *offset_seconds)
{
	if (second->kind != STAMP_CIVIL && second->kind != STAMP_INSTANT)
		return false;
	int64_t second_wall;
	if (second->kind == STAMP_INSTANT) {
		second_wall = second->instant_ns / NS_PER_S;
	} else {
		struct stamp dated = *second;
		if (dated.year == 0) {
			int64_t year;
			int month, day;
			clock_date(first_wall / 86400, &year, &month, &day);
			dated.year = (int16_t)year;
		}
		second_wall = stamp_wall_seconds(&dated);
	}
	(void)first;
	int64_t difference = first_wall - second_wall;
	*offset_seconds = difference;
	return difference % 900 == 0 && difference >= -14 * 3600 && difference <= 14 * 3600;
}

static bool completes(const struct stamp *first, const struct stamp *second)
{
	bool first_zoned = first->kind == STAMP_INSTANT || first->zone != STAMP_ZONE_NONE;
	bool second_zoned = second->kind == STAMP_INSTANT || second->zone != STAMP_ZONE_NONE;
	return (first->fraction_digits == 0 && second->fraction_digits > 0) ||
	       (first->kind == STAMP_CIVIL && first->year == 0 &&
		       (second->kind == STAMP_INSTANT || second->year != 0)) ||
	       (!first_zoned && second_zoned);
}

static void find_second(const struct source_reading *source, struct str line, struct found_stamp *f)
{
	size_t from = f->stamp.end;
	for (int tries = 0; tries < 3; tries++) {
		if (!stamp_find(
			    &source->search, line, from, f->stamp.end + SECOND_LIMIT, &f->second))
			break;
		if (completes(&f->stamp, &f->second))
			return;
		from = f->second.end;
	}
	f->second.kind = STAMP_NONE;
}

static int64_t zoned_seconds(const struct stamp *s)
{
	return stamp_wall_seconds(s) - s->offset_seconds;
}

/* The time is said to the second, and another key says the same second with its fraction. */
static void take_finer(const struct source_reading *source, struct found_stamp *f)
{
	struct stamp finer;
	if (f->stamp.kind != STAMP_CIVIL || f->stamp.fraction_digits > 0 || f->stamp.year == 0 ||
		f->stamp.zone != STAMP_ZONE_OFFSET)
		return;
	for (size_t i = 0; i < f->json.finer_count; i++) {
		if (stamp_value(&source->search, f->json.finer[i], &finer) &&
			finer.kind == STAMP_CIVIL && finer.zone == STAMP_ZONE_OFFSET &&
			zoned_seconds(&finer) == zoned_seconds(&f->stamp)) {
			f->stamp.nanosecond = finer.nanosecond;
			f->stamp.fraction_digits = finer.fraction_digits;
			return;
		}
	}
}

/* "date":"2025-12-31","time":"23:59:59" */
static bool join_day(const struct source_reading *source, const struct json_fields *json,
	struct str clock, struct stamp *s)
{
	char text[64];
	if (json->day.len == 0 || json->day.len + clock.len + 2 > sizeof(text))
		return false;
	memcpy(text, json->day.ptr, json->day.len);
	text[json->day.len] = ' ';
	memcpy(text + json->day.len + 1, clock.ptr, clock.len);
	return stamp_value(&source->search, str_of(text, json->day.len + 1 + clock.len), s) &&
	       s->zone != STAMP_ZONE_NAME;
}

static bool find_in_json(
	const struct source_reading *source, struct str line, struct found_stamp *f)
{
	struct str text = str_skip(line, f->text_at);
	f->is_json = json_fields_read(text, &f->json);
	f->json_read = true;
	const struct json_value *time = &f->json.values[JSON_FIELD_TIME];
	if (!f->is_json || time->text.ptr == NULL)
		return false;
	if (!stamp_value(&source->search, time->text, &f->stamp) &&
		!join_day(source, &f->json, time->text, &f->stamp))
		return false;
	if (f->stamp.kind == STAMP_INSTANT && f->json.fraction_ns > 0 &&
		f->stamp.fraction_digits == 0) {
		f->stamp.instant_ns += f->json.fraction_ns;
		f->stamp.fraction_digits = 9;
	}
	take_finer(source, f);
	uint32_t at = (uint32_t)(time->text.ptr - line.ptr);
	f->stamp.start += at;
	f->stamp.end += at;
	f->is_head = true;
	return true;
}

/*
 * Two bare numbers of seconds since 1970 side by side, the second not before the first and within a
 * day of it: the start and the end of what a record tells of (flow logs). It is written at its end.
 */
static bool find_span(struct str line, size_t from, struct stamp *s)
{
	struct stamp before = { .kind = STAMP_NONE };
	size_t limit = size_min(line.len, FIND_LIMIT);
	for (size_t i = from; i < limit;) {
		size_t start = i;
		while (i < limit && (unsigned char)(line.ptr[i] - '0') < 10)
			i++;
		bool is_word = (start == from || line.ptr[start - 1] == ' ') &&
			       (i == line.len || line.ptr[i] == ' ');
		const struct stamp_search plain = { 0 };
		if (is_word && i - start == 10 &&
			stamp_value(&plain, str_of(line.ptr + start, 10), s) &&
			s->kind == STAMP_INSTANT) {
			s->start = (uint32_t)start;
			s->end = (uint32_t)i;
			int64_t span = s->instant_ns - before.instant_ns;
			if (before.kind == STAMP_INSTANT && before.end + 1 == start && span >= 0 &&
				span <= 86400 * NS_PER_S)
				return true;
			before = *s;
			s->is_column = true;
		}
		while (i < limit && line.ptr[i] != ' ')
			i++;
		i++;
	}
	return false;
}

bool reading_find_in_text(const struct reading_options *options,
	const struct source_reading *source, struct str line, bool head_only, struct found_stamp *f)
{
	for (size_t i = 0; i < options->layout_count; i++) {
		if (stamp_layout_find(options->layouts[i], str_skip(line, f->text_at), &f->stamp)) {
			f->stamp.start += (uint32_t)f->text_at;
			f->stamp.end += (uint32_t)f->text_at;
			f->is_head = true;
			return true;
		}
	}
	if (source->table.time > 0 && f->text_at == 0 &&
		reading_table_stamp(source, line, &f->stamp)) {
		f->is_head = true;
		return true;
	}
	if (!stamp_find(&source->search, line, f->text_at, FIND_LIMIT, &f->stamp)) {
		if (source->clock_lines && reading_find_clock(line, f->text_at, &f->stamp)) {
			f->is_head = true;
			return true;
		}
		return !head_only && find_span(line, f->text_at, &f->stamp);
	}
	if (f->stamp.kind != STAMP_UPTIME && reading_has_key(line, f->stamp.start))
		reading_prefer_key(source, line, &f->stamp);
	if (reading_is_other_time(line, f->text_at, &f->stamp))
		return false;
	if (!is_member(line, f->text_at, &f->stamp, &f->is_head))
		f->is_head = stands_in_head(line, f->text_at, &f->stamp);
	if ((head_only && !f->is_head && !source->prose_heads) ||
		reading_is_foreign(source, line, f->text_at, &f->stamp))
		return false;
	if (source->inner_clock && f->is_head && reading_find_inner(source, line, f))
		return true;
	if (source->second_clock)
		find_second(source, line, f);
	return true;
}

/*
 * `ERROR: {"time":"...","level":"error","msg":"..."}`: the stamp is in a record of JSON that stands
 * behind a word or two.
 */
static void take_record(const struct source_reading *source, struct str line, struct found_stamp *f)
{
	if (f->stamp.start < f->text_at + 12)
		return;
	struct found_stamp record = *f;
	size_t at = record.text_at = record.stamp_end = reading_json_at(line, f->text_at);
	if (at == 0 || at > f->stamp.start)
		return;
	bool found = find_in_json(source, line, &record) && reading_is_record(&record.json);
	/* digits before it may be a stamp in another line of the form, or a level in it */
	bool digits = !found && record.json.level_numbers > 0;
	for (size_t i = f->text_at; i < at; i++)
		digits |= is_digit(line.ptr[i]);
	record.json.digits_matter |= digits;
	if (found) {
		*f = record;
	} else {
		f->json = record.json;
		f->json_read = true;
	}
}

bool reading_find(const struct reading_options *options, const struct source_reading *source,
	struct str line, bool head_only, struct found_stamp *f)
{
	f->second.kind = STAMP_NONE;
	f->inner.kind = STAMP_NONE;
	f->is_json = f->json_read = false;
	f->is_head = false;
	f->text_at = service_unwrap(line, &f->wrapping) ? f->wrapping.payload_at : 0;
	f->stamp_end = f->text_at;
	if (line.len < f->text_at + 4)
		return false;
	size_t brace = f->text_at;
	while (brace < line.len && brace < f->text_at + 8 && line.ptr[brace] == ' ')
		brace++;
	if (brace < line.len && line.ptr[brace] == '{') {
		size_t text_at = f->text_at;
		f->text_at = brace;
		if (find_in_json(source, line, f)) {
			f->stamp_end = brace;
			return true;
		}
		f->text_at = text_at;
	}
	if (!reading_find_in_text(options, source, line, head_only, f))
		return false;
	f->stamp_end = f->stamp.end;
	take_record(source, line, f);
	return true;
}
