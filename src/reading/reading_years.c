/* SPDX-License-Identifier: MIT */
/* The year of a member's stamps, if they have none. */
#include <stdio.h>
#include <stdlib.h>

#include "src/reading/reading_source.h"

#define SLACK_SECONDS	  (26 * 3600)  /* a day and the widest difference of zones */
#define NEIGHBOUR_SECONDS (60 * 86400) /* logs read together lie no further apart than that */
#define HALF_YEAR_SECONDS (183 * 86400)
#define HEAD_LINES	  50

/* The last date in the place: app.log-20241231, backup-2025-01-03/app.log. End of that day. */
static int64_t date_in_place(struct str place)
{
	for (size_t i = place.len; i-- > 0;) {
		if (i > 0 && (unsigned char)(place.ptr[i - 1] - '0') < 10)
			continue;
		const char *p = place.ptr + i;
		size_t left = place.len - i, digits = 0, len = 8;
		while (digits < left && digits < 15 && (unsigned char)(p[digits] - '0') < 10)
			digits++;
		int n[8];
		if (digits == 4 && left >= 10 && (p[4] == '-' || p[4] == '_' || p[4] == '.') &&
			p[7] == p[4])
			len = 10;
		else if (digits != 8 && digits != 10 && digits != 12 && digits != 14)
			continue;
		size_t count = 0;
		for (size_t c = 0; c < len && count < 8; c++) {
			if ((unsigned char)(p[c] - '0') < 10)
				n[count++] = p[c] - '0';
		}
		if (count != 8 || (len == 10 && left > 10 && (unsigned char)(p[10] - '0') < 10))
			continue;
		int year = n[0] * 1000 + n[1] * 100 + n[2] * 10 + n[3], month = n[4] * 10 + n[5],
		    day = n[6] * 10 + n[7];
		if (year >= 1990 && year <= 2100 && day >= 1 &&
			day <= clock_month_days(year, month))
			return (clock_days(year, month, day) + 1) * 86400;
	}
	return TIME_NONE;
}

/* When a year puts the first stamp of this day, as seconds of a clock. */
static int64_t first_in_year_by_rule(const struct source_reading *source, int64_t first_yearless)
{
	struct stamp s = { .kind = STAMP_CIVIL };
	int64_t year;
	int month, day;
	clock_date(first_yearless / 86400, &year, &month, &day);
	s.month = (uint8_t)month;
	s.day = (uint8_t)day;
	reading_set_year(source, &s);
	return stamp_wall_seconds(&s);
}

static int by_value(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return (a > b) - (a < b);
}

/*
 * When the files beside it are from: from the first to the last of those within half a year of the
 * median, if these are most of them. A heap of logs of many years says nothing.
 */
static bool dates_of_others(const struct reading_options *options, int64_t *from, int64_t *until)
{
	int64_t dated[DATED_MAX];
	size_t count = options->dated_count, near = 0;
	if (count == 0)
		return false;
	memcpy(dated, options->dated, count * sizeof(dated[0]));
	qsort(dated, count, sizeof(dated[0]), by_value);
	int64_t median = dated[count / 2];
	for (size_t i = 0; i < count; i++) {
		if (dated[i] < median - HALF_YEAR_SECONDS || dated[i] > median + HALF_YEAR_SECONDS)
			continue;
		*from = near == 0 ? dated[i] : *from;
		*until = dated[i];
		near++;
	}
	return near * 2 > count;
}

/*
 * A file that was just unpacked or copied has today's modification time, and what is in it is of
 * another year. Where the files read beside it say their year, and it is another one, theirs is
 * taken: a stamp far outside all of theirs by the modification time, and among them in a year of
 * theirs.
 */
static bool take_year_of_others(const struct reading_options *options,
	struct source_reading *source, const struct sample_facts *facts)
{
	int64_t from = 0, until = 0, anchor = source->year_anchor;
	if (!dates_of_others(options, &from, &until))
		return false;
	int64_t last = until;
	from -= NEIGHBOUR_SECONDS;
	until += NEIGHBOUR_SECONDS;
	if (facts->first_yearless == TIME_NONE) { /* a time of day alone */
		if (!source->clock_lines || anchor <= until)
			return false;
		reading_set_anchor(source, YEAR_AT_MOST, last + SLACK_SECONDS);
		return true;
	}
	int64_t wall = first_in_year_by_rule(source, facts->first_yearless);
	if (wall >= from && wall <= until)
		return false;
	reading_set_anchor(source, YEAR_NEAREST, last);
	wall = first_in_year_by_rule(source, facts->first_yearless);
	if (wall >= from && wall <= until)
		return true;
	reading_set_anchor(source, YEAR_AT_MOST, anchor);
	return false;
}

/* The same moment of that year. */
static int64_t in_year(int64_t wall_seconds, int wanted)
{
	int64_t year;
	int month, day;
	clock_date(wall_seconds / 86400, &year, &month, &day);
	int last = clock_month_days(wanted, month);
	return clock_days(wanted, month, day < last ? day : last) * 86400 + wall_seconds % 86400;
}

void reading_learn_year(const struct reading_options *options, struct source_reading *source,
	const struct member *member, const struct sample_facts *facts)
{
	const char *from = "";
	int64_t modified =
		member->modified_ns == TIME_NONE ? TIME_NONE : member->modified_ns / NS_PER_S;
	int64_t named = date_in_place(member->place);
	if (named != TIME_NONE && modified != TIME_NONE && named > modified + 3 * 86400)
		named = TIME_NONE; /* no log is of a day after it was written */
	int64_t until = modified != TIME_NONE	       ? modified
			: options->now_ns != TIME_NONE ? options->now_ns / NS_PER_S
						       : clock_wall_ns() / NS_PER_S;
	if (options->year != 0 && source->clock_lines && facts->first_yearless == TIME_NONE) {
		int64_t day = facts->dated_wall != TIME_NONE ? facts->dated_wall
			      : named != TIME_NONE	     ? named - 1
							     : until;
		reading_set_anchor(
			source, YEAR_AT_MOST, in_year(day, options->year) + SLACK_SECONDS);
		from = "--year and the date of the file";
	} else if (options->year != 0) {
		int64_t first = facts->first_yearless != TIME_NONE ? facts->first_yearless
								   : clock_days(2000, 1, 1) * 86400;
		reading_set_anchor(source, YEAR_FROM,
			in_year(first - first % 86400, options->year) - 2 * 86400);
		from = "--year";
	} else if (facts->dated_wall != TIME_NONE) {
		reading_set_anchor(source, YEAR_NEAREST, facts->dated_wall);
		from = "another stamp in it";
	} else if (named != TIME_NONE) {
		reading_set_anchor(source, YEAR_AT_MOST, named + SLACK_SECONDS);
		from = "the date in its name";
	} else {
		reading_set_anchor(source, YEAR_AT_MOST, until + SLACK_SECONDS);
		from = modified != TIME_NONE ? "the modification time" : "today";
		if (take_year_of_others(options, source, facts))
			from = "other files";
	}
	int64_t slack = source->year_rule == YEAR_AT_MOST ? SLACK_SECONDS : 0;
	source->clock_anchor_ns = (source->year_anchor - slack) * NS_PER_S;
	if (source->clock_lines && facts->heading_wall != TIME_NONE) {
		source->clock_anchor_ns = (facts->heading_wall + 86399) * NS_PER_S;
		from = "a line above them";
	}
	if (source->clock_lines)
		snprintf(source->note, sizeof(source->note), "no date in stamps, taken from %s",
			from);
	if (facts->first_yearless == TIME_NONE)
		return;
	struct stamp first = { .kind = STAMP_CIVIL };
	int64_t year;
	int month, day;
	clock_date(facts->first_yearless / 86400, &year, &month, &day);
	first.month = (uint8_t)month;
	first.day = (uint8_t)day;
	reading_learn_years(source);
	reading_set_year(source, &first);
	snprintf(source->note, sizeof(source->note), "no year in stamps, %d taken from %s",
		first.year, from);
}

void reading_options_see(struct reading_options *options, struct str head)
{
	const struct source_reading plain = { .boot_ns = TIME_NONE };
	struct found_stamp f;
	struct str line;
	for (int i = 0; i < HEAD_LINES && reading_next_line(&head, &line); i++) {
		if (!reading_find(options, &plain, line, false, &f) || !f.is_head ||
			(f.stamp.kind == STAMP_CIVIL && f.stamp.year == 0) ||
			(f.stamp.kind != STAMP_CIVIL && f.stamp.kind != STAMP_INSTANT))
			continue;
		int64_t wall = f.stamp.kind == STAMP_INSTANT ? f.stamp.instant_ns / NS_PER_S
							     : stamp_wall_seconds(&f.stamp);
		if (wall == TIME_NONE) /* a date that does not exist */
			continue;
		if (options->dated_count < DATED_MAX)
			options->dated[options->dated_count++] = wall;
		return;
	}
}
