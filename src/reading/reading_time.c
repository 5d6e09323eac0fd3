/* SPDX-License-Identifier: MIT */
/*
 * From the fields of a stamp to an instant: the year that it leaves out, the zone that it leaves
 * out, the hour that a clock shows twice.
 */
#include "src/reading/reading_source.h"

/* A repeat is taken for the second one when the first would be this much before the last stamp. */
#define REPEAT_SLACK_NS (10 * 60 * NS_PER_S)

static bool fits_year(const struct stamp *s, int64_t year, bool with_weekday)
{
	if (s->day > clock_month_days(year, s->month))
		return false;
	return !with_weekday || stamp_weekday(clock_days(year, s->month, s->day)) == s->weekday;
}

/*
 * The year that the rule gives a day, by dates alone (a stamp's time of day never decides). Looks
 * outwards from the anchor's year: mostly the first or the second fits; 29 February comes every
 * fourth year, or every eighth, and a date falls on a weekday again within eleven.
 */
static int year_by_rule(
	const struct source_reading *source, const struct stamp *s, bool with_weekday)
{
	int64_t best_distance = INT64_MAX;
	int64_t best = 0;
	for (int step = 0; step <= 24; step++) {
		int64_t year = source->anchor_year + (step % 2 != 0 ? -(step / 2) - 1 : step / 2);
		if (step > 3 && best != 0)
			break;
		if (!fits_year(s, year, with_weekday))
			continue;
		int64_t distance = clock_days(year, s->month, s->day) * 86400 - source->year_anchor;
		if (source->year_rule == YEAR_AT_MOST && distance > 0)
			continue;
		if (source->year_rule == YEAR_FROM && distance < -86400)
			continue;
		distance = distance < 0 ? -distance : distance;
		if (distance < best_distance) {
			best_distance = distance;
			best = year;
		}
	}
	return best != 0 ? (int)best : (int)source->anchor_year;
}

void reading_set_anchor(struct source_reading *source, enum year_rule rule, int64_t wall_seconds)
{
	int month, day;
	int64_t days = wall_seconds / 86400 - (wall_seconds % 86400 < 0);
	source->year_rule = rule;
	source->year_anchor = wall_seconds;
	clock_date(days, &source->anchor_year, &month, &day);
}

void reading_learn_years(struct source_reading *source)
{
	for (uint8_t month = 1; month <= 12; month++) {
		for (uint8_t day = 1; day <= 31; day++) {
			struct stamp s = { .month = month, .day = day };
			if (day <= clock_month_days(2000, month))
				source->years[month][day] =
					(int16_t)year_by_rule(source, &s, false);
		}
	}
}

void reading_set_year(const struct source_reading *source, struct stamp *s)
{
	int year = source->years[s->month][s->day];
	if (s->weekday != 0) {
		year = year_by_rule(source, s, true);
		if (!fits_year(s, year, true))
			year = year_by_rule(source, s, false);
	} else if (year == 0) {
		year = year_by_rule(source, s, false);
	}
	s->year = (int16_t)year;
}

/* The wall time in the zone that the run assumes. */
static void resolve_zone(const struct reading_options *options, int64_t wall, int64_t fraction_ns,
	int64_t before_ns, struct resolved_time *r)
{
	struct zone_time t = zone_instant(&options->zone, wall);
	r->fit = t.fit;
	r->time_ns = t.seconds * NS_PER_S + fraction_ns;
	if (t.fit != ZONE_FIT_REPEAT || before_ns == TIME_NONE)
		return;
	/* It is the second time if lines were past the change already, or would go back by much. */
	if (before_ns >= t.change_seconds * NS_PER_S || before_ns - REPEAT_SLACK_NS > r->time_ns)
		r->time_ns = t.second_seconds * NS_PER_S + fraction_ns;
}

static int32_t offset_of(const struct reading_options *options, const struct stamp *s)
{
	int32_t offset = s->offset_seconds;
	if (s->zone == STAMP_ZONE_NAME &&
		!zone_name_offset(&options->zone, s->zone_name, &offset) &&
		!zone_iana_offset(s->zone_name, stamp_wall_seconds(s), &offset))
		offset = 0;
	return offset;
}

/* What the second clock shows that the first does not. */
static bool resolve_second(const struct reading_options *options, const struct found_stamp *f,
	const struct stamp *first, int64_t before_ns, struct resolved_time *r)
{
	const struct stamp *second = &f->second;
	bool first_zoned = first->kind == STAMP_INSTANT || first->zone != STAMP_ZONE_NONE;
	bool second_zoned = second->kind == STAMP_INSTANT || second->zone != STAMP_ZONE_NONE;
	int64_t first_wall = first->kind == STAMP_INSTANT ? first->instant_ns / NS_PER_S
							  : stamp_wall_seconds(first);
	int64_t difference;
	if (!reading_clocks_agree(first, second, first_wall, &difference))
		return false;
	struct stamp finer =
		first->fraction_digits == 0 && second->fraction_digits > 0 ? *second : *first;
	int64_t fraction =
		finer.kind == STAMP_INSTANT ? finer.instant_ns % NS_PER_S : finer.nanosecond;
	/* The zone that the user gave goes before that of the other clock. */
	const struct stamp *wall = first;
	if (options->zone_given && first->kind == STAMP_INSTANT && second->kind == STAMP_CIVIL &&
		!second_zoned && second->fraction_digits > first->fraction_digits)
		wall = second;
	if (!options->zone_given && !first_zoned && second_zoned)
		wall = second;
	if (wall->kind == STAMP_INSTANT) {
		r->time_ns = wall->instant_ns / NS_PER_S * NS_PER_S + fraction;
		return true;
	}
	struct stamp dated = *wall;
	if (dated.year == 0) {
		int64_t year;
		int month, day;
		clock_date(first_wall / 86400, &year, &month, &day);
		dated.year = (int16_t)year;
	}
	int64_t seconds = stamp_wall_seconds(&dated);
	if (dated.zone != STAMP_ZONE_NONE) {
		r->time_ns = (seconds - offset_of(options, &dated)) * NS_PER_S + fraction;
	} else {
		resolve_zone(options, seconds, fraction, before_ns, r);
		r->zone_assumed = !options->zone_given;
	}
	return true;
}

static void take_year_of_second(const struct found_stamp *f, struct stamp *s)
{
	const struct stamp *second = &f->second;
	if (second->kind == STAMP_CIVIL && second->year != 0 && second->month == s->month &&
		fits_year(s, second->year, false)) {
		s->year = second->year;
	} else if (second->kind == STAMP_INSTANT) {
		int64_t year;
		int month, day;
		clock_date(second->instant_ns / NS_PER_S / 86400, &year, &month, &day);
		if (fits_year(s, year, false))
			s->year = (int16_t)year;
	}
}

/* A time of day this much before the last one is disorder, not the next day. */
#define CLOCK_BACK_NS (3600 * NS_PER_S)

/*
 * A time of day: on the first day that puts it not before the line before, so that midnight is
 * passed; without such a line on the last day that puts it not after the anchor.
 */
static void resolve_clock(const struct reading_options *options,
	const struct source_reading *source, const struct stamp *s, int64_t before_ns,
	struct resolved_time *r)
{
	bool is_first = before_ns == TIME_NONE;
	int64_t day = (is_first ? source->clock_anchor_ns : before_ns) / NS_PER_S / 86400;
	for (int64_t step = 0; step < 5; step++) {
		int64_t wall = (is_first ? day + 2 - step : day - 2 + step) * 86400 +
			       s->hour * 3600 + s->minute * 60 + s->second;
		if (s->zone == STAMP_ZONE_OFFSET)
			r->time_ns = (wall - s->offset_seconds) * NS_PER_S + s->nanosecond;
		else
			resolve_zone(options, wall, s->nanosecond, before_ns, r);
		if (is_first ? r->time_ns <= source->clock_anchor_ns
			     : r->time_ns >= before_ns - CLOCK_BACK_NS)
			break;
	}
	r->zone_assumed = !options->zone_given && s->zone == STAMP_ZONE_NONE;
}

void reading_resolve(const struct reading_options *options, const struct source_reading *source,
	const struct found_stamp *f, int64_t before_ns, struct resolved_time *r)
{
	*r = (struct resolved_time){ .time_ns = TIME_NONE, .fit = ZONE_FIT_ONE };
	struct stamp s = f->inner.kind != STAMP_NONE ? f->inner : f->stamp;
	if (s.kind == STAMP_UPTIME) {
		if (source->boot_ns != TIME_NONE)
			r->time_ns = source->boot_ns + s.instant_ns;
		else
			r->uptime_ns = s.instant_ns;
		return;
	}
	if (s.kind == STAMP_CLOCK) {
		resolve_clock(options, source, &s, before_ns, r);
		return;
	}
	if (s.kind == STAMP_CIVIL && s.year == 0) {
		take_year_of_second(f, &s);
		if (s.year == 0) {
			reading_set_year(source, &s);
			r->year_assumed = true;
		}
		r->year = s.year;
	}
	if (f->second.kind != STAMP_NONE && resolve_second(options, f, &s, before_ns, r))
		return;
	if (s.kind == STAMP_INSTANT) {
		r->time_ns = s.instant_ns;
		return;
	}
	int64_t wall = stamp_wall_seconds(&s);
	if (s.zone != STAMP_ZONE_NONE) {
		r->time_ns = (wall - offset_of(options, &s)) * NS_PER_S + s.nanosecond;
	} else if (source->offset_known && !options->zone_given) {
		r->time_ns = (wall - source->offset_seconds) * NS_PER_S + s.nanosecond;
	} else {
		resolve_zone(options, wall, s.nanosecond, before_ns, r);
		r->zone_assumed = !options->zone_given;
	}
}
