/* SPDX-License-Identifier: MIT */
/*
 * Lines whose form says where an ISO 8601 stamp, syslog's, or an access log's stands, and that
 * nothing else about their time hangs on digits: all that is left to read is the numbers of the
 * stamp, and of these mostly the second and its fraction, since lines of one minute stand together.
 *
 * That a form is such is found out from the line that fills its slot. What the search for a stamp
 * (reading_find.c, timestamp.c) asks of a line of this form must come out the same for all digits:
 * in front of the stamp there are no digits, and no name of a month or a day; behind it nothing
 * that could be taken for a part of it, or for a second stamp (reading_envelope), by digits. Digits
 * of the zone are compared. What the numbers of the stamp decide, that they are in range, is asked
 * of each.
 */
#include "src/reading/reading_source.h"
#include "src/reading/timestamp_parts.h"

#define ISO_BYTES    19 /* 2025-12-31T23:59:59 */
#define SYSLOG_BYTES 15 /* Dec 31 23:59:59 */
#define CLF_BYTES    26 /* 31/Dec/2025:23:59:59 +0100 */
#define CLF_ZONE     20 /* where its zone begins */
#define MINUTE_BYTES (ISO_BYTES - 3)
#define WORD_MAX     32

/* ---- is a form such? ---- */

static bool begins_name(const char *p, const char *end)
{
	size_t len;
	return stamp_month_name(p, end, &len) != 0 || stamp_weekday_name(p, end, &len) != 0;
}

/* Nothing in front of the stamp is taken for one, whatever the digits. */
static bool is_plain_before(struct str line, size_t stamp_start)
{
	const char *end = line.ptr + line.len;
	if (stamp_start > 0 && is_alpha(line.ptr[stamp_start - 1]))
		return false;
	for (size_t i = 0; i < stamp_start; i++) {
		char c = line.ptr[i];
		if (is_digit(c) || c == '@' || c == '<' || begins_name(line.ptr + i, end))
			return false;
	}
	return true;
}

/* Of stamps behind keys, those whose key no other is better than (reading_find.c). */
static bool has_first_key(struct str line, size_t stamp_start)
{
	static const struct str keys[] = { { "time", 4 }, { "ts", 2 }, { "timestamp", 9 },
		{ "t", 1 }, { "datetime", 8 } };
	size_t end = stamp_start - (line.ptr[stamp_start - 1] == '"');
	if (end < 2 || line.ptr[end - 1] != '=')
		return false;
	struct str word = str_head(line, end - 1);
	for (size_t i = word.len; i-- > 0;) {
		if (!is_alpha(word.ptr[i])) {
			word = str_skip(word, i + 1);
			break;
		}
	}
	for (size_t i = 0; i < countof(keys); i++) {
		if (str_equal(word, keys[i]))
			return true;
	}
	return false;
}

static bool is_word_before_equals(struct str line, size_t stamp_start)
{
	return memchr(line.ptr, '=', stamp_start) != NULL;
}

/* Is a stamp that begins here none, and no zone or half of the day, whatever the digits? */
static bool is_plain_word(const struct line_form *form, struct str line, size_t at)
{
	if (at >= line.len)
		return true;
	char c = line.ptr[at];
	if (is_digit(c) || form->fit.masked[at] == LINE_MASK_ID || strchr("+-(#@\xe2", c) != NULL)
		return false;
	if (!is_alpha(c))
		return true;
	size_t end = at;
	while (end < line.len && end - at < WORD_MAX && is_alpha(line.ptr[end]))
		end++;
	char next = end < line.len ? line.ptr[end] : ' ';
	bool is_half = (c | 32) == 'a' || (c | 32) == 'p' ? end - at <= 2 : false;
	return !is_half && !is_digit(next) && strchr("+-./_", next) == NULL &&
	       (end == line.len || form->fit.masked[end] != LINE_MASK_ID) &&
	       !begins_name(line.ptr + at, line.ptr + line.len);
}

/* Behind the stamp nothing is read into it, and no second one, whatever the digits. */
static bool is_plain_behind(
	const struct line_form *form, struct str line, const struct reading_slot *slot)
{
	size_t end = slot->stamp_end;
	if (end >= line.len)
		return true;
	char c = line.ptr[end];
	if (strchr(".,:", c) != NULL)
		return end + 1 < line.len && !is_digit(line.ptr[end + 1]) &&
		       form->fit.masked[end + 1] != LINE_MASK_ID && slot->envelope_end == end;
	if (c != ' ')
		return strchr("\"'])}>|;\t", c) != NULL && slot->envelope_end == end;
	if (!is_plain_word(form, line, end + 1))
		return false;
	/* containers' `stdout F `, behind which a second stamp may stand */
	return slot->envelope_end == end ||
	       (slot->envelope_end == end + 9 && is_plain_word(form, line, end + 10));
}

/* The zone as all lines of the form have it, but for digits, which are compared. */
static bool learn_zone(const struct reading_options *options, const struct stamp *s,
	struct str zone, struct quick_slot *q)
{
	q->zone_bytes = (uint8_t)zone.len;
	q->zone_is_assumed = s->zone == STAMP_ZONE_NONE;
	/* a zone that is not behind the stamp has a key of its own */
	if (zone.len > sizeof(q->zone) || (zone.len == 0) != (s->zone == STAMP_ZONE_NONE))
		return false;
	if (zone.len > 0)
		memcpy(q->zone, zone.ptr, zone.len);
	q->offset_seconds = s->offset_seconds;
	if (s->zone == STAMP_ZONE_NONE)
		q->offset_seconds = options->zone.changes[0].offset_seconds;
	return s->zone == STAMP_ZONE_OFFSET ||
	       (s->zone == STAMP_ZONE_NONE && options->zone.count == 1) ||
	       (s->zone == STAMP_ZONE_NAME &&
		       zone_name_offset(&options->zone, s->zone_name, &q->offset_seconds));
}

/* Are the bytes of the stamp those of the shape, with digits where it has some? */
static bool has_shape(const struct line_form *form, const struct reading_slot *slot)
{
	static const char shape[] = "0000-00-00T00:00:00";
	const char *p = form->fit.masked + slot->stamp_start;
	if (slot->stamp_end < slot->stamp_start + ISO_BYTES || slot->stamp_end > form->fit.len)
		return false;
	for (size_t i = 0; i < ISO_BYTES; i++) {
		if (p[i] != shape[i] && !(i == 10 && p[i] == ' ') &&
			!((i == 4 || i == 7) && p[i] == '/' && p[4] == p[7]))
			return false;
	}
	return memchr(p, LINE_MASK_ID, (size_t)slot->stamp_end - slot->stamp_start) == NULL;
}

/*
 * `Dec 31 23:59:59 host` in front of a line, whose year and zone are not said. What stands behind
 * it is no part of it (stamp_fixed_syslog_read); whether a second stamp follows is asked of each
 * line.
 */
static bool learn_syslog(const struct reading_options *options, const struct found_stamp *f,
	struct str line, const struct line_form *form, const struct reading_slot *slot,
	struct quick_slot *q)
{
	struct stamp s = { .kind = STAMP_CIVIL };
	const char *p = line.ptr, *behind = form->fit.masked + SYSLOG_BYTES;
	if (!f->stamp.is_syslog || slot->stamp_start > 0 || slot->stamp_end != SYSLOG_BYTES ||
		slot->text_at > 0 || options->zone.count > 1 ||
		stamp_fixed_syslog_read(p, p + line.len, &s) != p + SYSLOG_BYTES ||
		behind[1] == LINE_MASK_ID || behind[2] == LINE_MASK_ID)
		return false;
	q->is_syslog = true;
	q->zone_is_assumed = true;
	q->offset_seconds = options->zone.changes[0].offset_seconds;
	return true;
}

/*
 * Behind the address 10.0.0.1 that a line begins with, or 0. It is no stamp whatever its digits
 * are: it has too few numbers for a date and a time joined by dots, and too short ones for any
 * other.
 */
static size_t behind_address(struct str line)
{
	size_t i = 0;
	for (int numbers = 0; numbers < 4; numbers++) {
		size_t start = i;
		while (i < line.len && is_digit(line.ptr[i]))
			i++;
		char after = i < line.len ? line.ptr[i] : '\0';
		if (i == start || i > start + 3 || after != (numbers < 3 ? '.' : ' '))
			return 0;
		i += numbers < 3;
	}
	return i;
}

/*
 * `10.0.0.1 - - [31/Dec/2025:23:59:59 +0100] "GET ...`: in brackets nothing around it is read into
 * it, and no second stamp or key is looked for.
 */
static bool learn_clf(const struct reading_options *options, const struct found_stamp *f,
	struct str line, const struct line_form *form, const struct reading_slot *slot,
	struct quick_slot *q)
{
	static const char shape[] = "[00/   /0000:00:00:00  0000]";
	size_t start = slot->stamp_start, address = behind_address(line);
	if (start == 0 || start + CLF_BYTES >= form->fit.len ||
		slot->stamp_end != start + CLF_BYTES || slot->text_at > 0 ||
		slot->envelope_end != slot->stamp_end || slot->envelope_level != LEVEL_NONE)
		return false;
	for (size_t i = 0; i < sizeof(shape) - 1; i++) {
		if (shape[i] != ' ' && shape[i] != form->fit.masked[start - 1 + i])
			return false;
	}
	struct str between = str_skip(line, address);
	if (!is_plain_before(between, start - address) || memchr(line.ptr, '=', start) != NULL ||
		memchr(form->fit.masked, LINE_MASK_ID, start + CLF_BYTES) != NULL)
		return false;
	q->is_clf = true;
	q->is_first = address > 0;
	q->zone_at = (uint16_t)(start + CLF_ZONE);
	return learn_zone(
		options, &f->stamp, str_of(line.ptr + q->zone_at, CLF_BYTES - CLF_ZONE), q);
}

void reading_quick_learn(const struct reading_options *options, const struct found_stamp *f,
	struct str line, const struct line_form *form, struct reading_slot *slot)
{
	const struct stamp *s = &f->stamp;
	struct quick_slot q = { .known = true, .is_head = f->is_head };
	bool is_value = slot->time.known;
	if (!slot->stamped || s->kind != STAMP_CIVIL || !f->is_head || options->layout_count > 0 ||
		slot->payload_at > 0 || f->wrapping.service.len > 0 || slot->has_priority ||
		slot->has_version ||
		/* told by what the member showed */
		(!is_value && reading_may_be_part(line, slot->text_at, s)))
		return;
	if (!is_value && learn_syslog(options, f, line, form, slot, &q)) {
		slot->quick = q;
		return;
	}
	if (!is_value && learn_clf(options, f, line, form, slot, &q)) {
		slot->quick = q;
		return;
	}
	if (slot->envelope_is_named || slot->envelope_level != LEVEL_NONE || !has_shape(form, slot))
		return;
	if (is_value) {
		if (slot->stamp_start != slot->time.start ||
			slot->stamp_end != slot->time.start + slot->time.len)
			return;
	} else if (slot->text_at > 0 || !is_plain_before(line, slot->stamp_start) ||
		   !is_plain_behind(form, line, slot)) {
		return;
	}
	q.is_first = is_value || slot->stamp_start == 0;
	if (!is_value && is_word_before_equals(line, slot->stamp_start) &&
		(!has_first_key(line, slot->stamp_start) || s->zone == STAMP_ZONE_NONE))
		return;
	size_t at = slot->stamp_start + (size_t)ISO_BYTES;
	if (s->fraction_digits > 0) {
		if (line.ptr[at] != '.' && line.ptr[at] != ',')
			return;
		at++;
		while (at < slot->stamp_end && is_digit(line.ptr[at]))
			at++;
	}
	q.zone_at = (uint16_t)at;
	if (learn_zone(options, s, str_of(line.ptr + at, slot->stamp_end - at), &q))
		slot->quick = q;
}

/* ---- one line ---- */

static bool read_minute(const char *p, struct minute_memo *memo)
{
	struct stamp s = { .kind = STAMP_CIVIL };
	if (stamp_fixed_iso_read(p, p + ISO_BYTES, &s) == NULL)
		return false;
	memcpy(memo->text, p, MINUTE_BYTES);
	memo->wall_seconds = stamp_wall_seconds(&s) - s.second;
	return true;
}

/* The same of syslog's stamp, */
static bool read_syslog_minute(
	const struct source_reading *source, struct str line, struct minute_memo *memo)
{
	struct stamp s = { .kind = STAMP_CIVIL };
	if (stamp_fixed_syslog_read(line.ptr, line.ptr + line.len, &s) == NULL)
		return false;
	reading_set_year(source, &s);
	memcpy(memo->syslog, line.ptr, sizeof(memo->syslog));
	memo->syslog_year = s.year;
	memo->syslog_seconds = stamp_wall_seconds(&s) - s.second;
	return true;
}

static bool quick_syslog(const struct reading_options *options, const struct source_reading *source,
	struct str line, const struct reading_slot *slot, struct minute_memo *memo,
	struct resolved_time *t)
{
	static const struct stamp stamp = {
		.is_syslog = true, .is_named = true, .end = SYSLOG_BYTES
	};
	struct line_envelope envelope;
	const char *p = line.ptr;
	if (memcmp(p, memo->syslog, sizeof(memo->syslog)) != 0 &&
		!read_syslog_minute(source, line, memo))
		return false;
	int second = (p[13] - '0') * 10 + p[14] - '0';
	reading_envelope(source, &stamp, line, false, &envelope);
	if (second > 59 || envelope.end != slot->envelope_end ||
		envelope.level != (enum level)slot->envelope_level ||
		envelope.is_named != slot->envelope_is_named)
		return false;
	*t = (struct resolved_time){ .fit = ZONE_FIT_ONE,
		.time_ns = (memo->syslog_seconds + second - slot->quick.offset_seconds) * NS_PER_S,
		.year_assumed = true,
		.year = memo->syslog_year,
		.zone_assumed = !options->zone_given };
	return true;
}

static bool read_clf_minute(const char *p, struct minute_memo *memo)
{
	struct stamp s = { .kind = STAMP_CIVIL };
	if (stamp_fixed_clf_read(p, p + CLF_BYTES, &s) != p + CLF_BYTES)
		return false;
	memcpy(memo->clf, p, sizeof(memo->clf));
	memo->clf_seconds = stamp_wall_seconds(&s) - s.second;
	return true;
}

static bool quick_clf(const char *p, const struct quick_slot *q, struct minute_memo *memo,
	struct resolved_time *t)
{
	if (memcmp(p, memo->clf, sizeof(memo->clf)) != 0 && !read_clf_minute(p, memo))
		return false;
	int second = (p[18] - '0') * 10 + p[19] - '0';
	if (second > 59 || memcmp(p + CLF_ZONE, q->zone, CLF_BYTES - CLF_ZONE) != 0)
		return false;
	*t = (struct resolved_time){ .fit = ZONE_FIT_ONE,
		.time_ns = (memo->clf_seconds + second - q->offset_seconds) * NS_PER_S };
	return true;
}

/* A few bytes, for which a call costs more than the loop. */
static inline bool has_zone(const char *p, const struct quick_slot *q)
{
	for (size_t i = 0; i < q->zone_bytes; i++) {
		if (p[i] != q->zone[i])
			return false;
	}
	return true;
}

static int64_t fraction_ns(const char *p, unsigned digits)
{
	static const int32_t scale[] = { 1000000000, 100000000, 10000000, 1000000, 100000, 10000,
		1000, 100, 10, 1 };
	int32_t value = 0;
	for (unsigned i = 0; i < digits; i++)
		value = value * 10 + (p[i] - '0');
	return (int64_t)value * scale[digits];
}

bool reading_quick(const struct reading_options *options, const struct source_reading *source,
	struct str line, const struct reading_slot *slot, struct minute_memo *memo,
	struct resolved_time *t)
{
	const struct quick_slot *q = &slot->quick;
	const char *p = line.ptr + slot->stamp_start;
	struct line_wrapping wrapping;
	if (!reading_fits_source(slot, source) ||
		(!slot->time.known && (source->inner_clock || source->second_clock)) ||
		(q->zone_is_assumed && source->offset_known))
		return false;
	if (!q->is_first && service_unwrap(line, &wrapping))
		return false;
	if (q->is_syslog)
		return quick_syslog(options, source, line, slot, memo, t);
	if (q->is_clf)
		return quick_clf(p, q, memo, t);
	if (memcmp(p, memo->text, MINUTE_BYTES) != 0 && !read_minute(p, memo))
		return false;
	int second = (p[17] - '0') * 10 + p[18] - '0';
	if (second > 59 || !has_zone(line.ptr + q->zone_at, q))
		return false;
	int64_t wall = memo->wall_seconds + second;
	*t = (struct resolved_time){ .fit = ZONE_FIT_ONE,
		.time_ns = (wall - q->offset_seconds) * NS_PER_S +
			   fraction_ns(p + 20, slot->fraction_digits),
		.zone_assumed = q->zone_is_assumed && !options->zone_given };
	return true;
}
