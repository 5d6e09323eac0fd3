/* SPDX-License-Identifier: MIT */
/*
 * Time as numbers and as text: the proleptic Gregorian calendar, durations, RFC 3339. An instant is
 * an int64_t of nanoseconds since 1970-01-01T00:00:00Z without leap seconds (1677 to 2262);
 * TIME_NONE stands for "not known". Pure functions but the two that ask the system; any thread.
 */
#ifndef LINEUP_CLOCK_H
#define LINEUP_CLOCK_H

#include "lineup/buf.h"

#define TIME_NONE  INT64_MIN
#define NS_PER_US  INT64_C(1000)
#define NS_PER_MS  INT64_C(1000000)
#define NS_PER_S   INT64_C(1000000000)
#define NS_PER_DAY (86400 * NS_PER_S)

/* Days since 1970-01-01 of a date; month 1..12, day 1..31 (not checked). Method: H. Hinnant,
 * "chrono-compatible low-level date algorithms", days_from_civil. */
int64_t clock_days(int64_t year, int month, int day);

/* The reverse. */
void clock_date(int64_t days, int64_t *year, int *month, int *day);

/* Days in a month, leap years included. */
int clock_month_days(int64_t year, int month);

/* A month or a day of the week by its English name, whole or three letters of it, with a capital
 * first: "Sun", "Sunday", "SUN"; not "sun", which shines. */
bool clock_names_date(struct str word);

/* The latest multiple of step_ns that is not later. */
static inline int64_t clock_floor(int64_t time_ns, int64_t step_ns)
{
	int64_t rest = time_ns % step_ns;
	return time_ns - (rest < 0 ? rest + step_ns : rest);
}

/* Monotonic and wall-clock nanoseconds. */
int64_t clock_monotonic_ns(void);
int64_t clock_wall_ns(void);

/* CPU seconds of the process so far, all threads, user and system. */
double clock_cpu_seconds(void);

/* CPU seconds of the calling thread. A system call: not for each of many small things. */
double clock_thread_seconds(void);

/*
 * "2026-11-20T17:00:00Z", with as many digits of fraction as needed (none, 3, 6 or 9); ends with a
 * NUL. Not for TIME_NONE: what stands for it is the caller's to say.
 */
#define CLOCK_TEXT_MAX 40
struct str clock_rfc3339(int64_t time_ns, char text[CLOCK_TEXT_MAX]);

/* `90s`, `5m`, `1h30m`, `250ms`, `2d`, `1w`; a number alone counts as seconds. False when it is
 * none, or longer than 9e18 ns. */
bool clock_parse_duration(struct str, int64_t *duration_ns);

/* The shortest exact form of a duration, for people: "5m", "1h30m", "250ms"; ends with a NUL. */
struct str clock_duration(int64_t duration_ns, char text[CLOCK_TEXT_MAX]);

/* Its two largest units, without a sign, for people who compare: "2h 5m", "6d 23h", "18.2s",
 * "340ms"; ends with a NUL. */
struct str clock_duration_short(int64_t duration_ns, char text[CLOCK_TEXT_MAX]);

/* The day since 1970-01-01 on which the instant lies. */
static inline int64_t clock_day(int64_t time_ns)
{
	return time_ns / NS_PER_DAY - (time_ns % NS_PER_DAY < 0);
}

#endif
