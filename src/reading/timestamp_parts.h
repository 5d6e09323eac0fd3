/* SPDX-License-Identifier: MIT */
/*
 * What the files of the grammar share (see lineup/timestamp.h). A reader of a part takes the text
 * from ptr to end, sets the fields it understands and returns the end of what it read, or NULL.
 */
#ifndef LINEUP_TIMESTAMP_PARTS_H
#define LINEUP_TIMESTAMP_PARTS_H

#include "lineup/clock.h"
#include "lineup/timestamp.h"

#define YEAR_FIRST 1970
#define YEAR_LAST  2199

static inline void stamp_begin(struct stamp *s, size_t start)
{
	*s = (struct stamp){ .kind = STAMP_CIVIL, .start = (uint32_t)start };
}

static inline char at(const char *p, const char *end)
{
	return p < end ? *p : '\0';
}

static inline int number(const char *p, int digits)
{
	int value = 0;
	for (int i = 0; i < digits; i++)
		value = value * 10 + (p[i] - '0');
	return value;
}

static inline int digit_run(const char *p, const char *end)
{
	int count = 0;
	while (count < 24 && is_digit(at(p + count, end)))
		count++;
	return count;
}

static inline bool set_date(struct stamp *s, int year, int month, int day)
{
	if (month < 1 || month > 12 || day < 1)
		return false;
	/* Without a year, 29 February may be. */
	if (day > clock_month_days(year == 0 ? 2000 : year, month))
		return false;
	s->year = (int16_t)year;
	s->month = (uint8_t)month;
	s->day = (uint8_t)day;
	return true;
}

/* The date of a year's day, 1 to 366. */
static inline bool set_year_day(struct stamp *s, int year, int year_day)
{
	int64_t then;
	int month, day;
	bool leaps = clock_month_days(year, 2) == 29;
	if (year < YEAR_FIRST || year > YEAR_LAST || year_day < 1 || year_day > (leaps ? 366 : 365))
		return false;
	clock_date(clock_days(year, 1, 1) + year_day - 1, &then, &month, &day);
	return set_date(s, year, month, day);
}

static inline int year_of_two_digits(int value)
{
	return value < 70 ? 2000 + value : 1900 + value;
}

/* timestamp_names.c: names of months and days. */

/* 1 to 12 for an English month name of three letters or in full, with its length; 0. */
int stamp_month_name(const char *ptr, const char *end, size_t *len);

/* 1 to 7 for a day's name of three letters or in full, with its length; 0. */
int stamp_weekday_name(const char *ptr, const char *end, size_t *len);

/* timestamp_local.c: in the words of other languages too. */

/* `Dez 31 23:59:59`, `12月 31 23:59:59`, a year behind it or not: syslog's stamp. */
const char *stamp_local_first_read(const char *ptr, const char *end, struct stamp *);

/* A month as it stands between a day and a year. */
int stamp_local_month_name(const char *ptr, const char *end, size_t *len);

/* Words that join a date to the digit of its time: ` um `, ` à `; behind them, or NULL. */
const char *stamp_joint_read(const char *ptr, const char *end);

/* The half of the day in front of a time, as in Chinese, Japanese, Korean; *half: 'a' or 'p'; or
 * NULL. */
const char *stamp_half_before_read(const char *ptr, const char *end, char *half);

/* 12h05m07s, and with such signs for hours, minutes and seconds; or NULL. */
const char *stamp_time_with_units_read(const char *ptr, const char *end, struct stamp *);

/* timestamp_parts.c: times of day, zones. */

/* Reads a zone that may follow a time; returns its end, or ptr when there is none. */
const char *stamp_zone_read(const char *ptr, const char *end, struct stamp *);

/* Reads a time of day; returns its end or NULL. `may_be_dotted`: 15.42.50 or 15-42-50;
 * `may_be_packed`: 154250 */
const char *stamp_time_read(
	const char *ptr, const char *end, bool may_be_dotted, bool may_be_packed, struct stamp *);

/* Makes the hour of a clock of twelve one of 24; false when it is none of twelve. */
static inline bool set_half(struct stamp *s, char half)
{
	if (s->hour < 1 || s->hour > 12)
		return false;
	s->hour = (uint8_t)(s->hour % 12 + (half == 'p' ? 12 : 0));
	return true;
}

/* Reads what may follow the seconds: fraction, AM or PM, zone. NULL when a digit follows. */
const char *stamp_time_finish(const char *ptr, const char *end, struct stamp *);

/* timestamp_date.c: a date that begins with a digit. *is_packed: eight to six digits in a row. */
const char *stamp_date_read(const struct stamp_search *, const char *ptr, const char *end,
	struct stamp *, bool *is_packed);

/* The date of three numbers, in the order that is known or likely; *s says which one. */
bool stamp_choose_order(const struct stamp_search *, struct stamp *, const int numbers[3],
	bool four_digits, char separator);

/* timestamp_civil.c: a date, a time and a zone. */

/* timestamp_fixed.c: shapes of fixed width; NULL leaves the decision to the others. */
const char *stamp_fixed_iso_read(const char *ptr, const char *end, struct stamp *);
const char *stamp_fixed_short_read(
	const struct stamp_search *, const char *ptr, const char *end, struct stamp *);
const char *stamp_fixed_long_read(
	const struct stamp_search *, const char *ptr, const char *end, struct stamp *);
const char *stamp_fixed_clf_read(const char *ptr, const char *end, struct stamp *);
const char *stamp_fixed_syslog_read(const char *ptr, const char *end, struct stamp *);
const char *stamp_fixed_ctime_read(const char *ptr, const char *end, struct stamp *);

/* timestamp_civil.c, again: by the grammar. */

/* Begins with a digit of the date. */
const char *stamp_civil_read(
	const struct stamp_search *, const char *ptr, const char *end, struct stamp *);

/* Begins with a month's name, a day's name, a time of day, klog's letter. */
const char *stamp_month_first_read(const char *ptr, const char *end, struct stamp *);
const char *stamp_weekday_first_read(
	const struct stamp_search *, const char *ptr, const char *end, struct stamp *);
const char *stamp_time_first_read(
	const struct stamp_search *, const char *ptr, const char *end, struct stamp *);
const char *stamp_klog_read(const char *ptr, const char *end, struct stamp *);

/* timestamp_number.c: one number. `digits` is how many stand at ptr. */

/* 1.7671824E9: such seconds as some languages print a floating number. */
const char *stamp_scientific_read(const char *ptr, const char *end, struct stamp *);

/* 20251231235959, with milli- or microseconds. */
const char *stamp_packed_read(const char *ptr, const char *end, int digits, struct stamp *);

/* A row of AIX's errpt: 1231235925 behind an identifier in front of the line. */
const char *stamp_error_report_read(struct str line, const char *ptr, struct stamp *);

/* Seconds since 1970; is it meant so, from `ptr` to `behind` in this line? */
const char *stamp_epoch_read(const char *ptr, const char *end, int digits, struct stamp *);
bool stamp_epoch_is_meant(const struct stamp_search *, struct str line, const char *ptr,
	const char *behind, struct stamp *);

/* 1231/235959, 1231/235959.123456 before a colon or a bracket: Chromium's. */
const char *stamp_month_day_read(const char *ptr, const char *end, struct stamp *);

/* FILETIME, .NET's ticks, WebKit's microseconds; seconds in hexadecimal. */
const char *stamp_ticks_read(const char *ptr, int digits, struct stamp *);
const char *stamp_hex_read(const char *ptr, const char *end, struct stamp *);

/* 6925d6d5.1e89c84e: seconds and nanoseconds in hexadecimal; 17 bytes. */
const char *stamp_hex_pair_read(const char *ptr, struct stamp *);

const char *stamp_tai_read(const char *ptr, const char *end, struct stamp *);
const char *stamp_uptime_read(struct str line, const char *ptr, struct stamp *);

#endif
