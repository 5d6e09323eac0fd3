/* SPDX-License-Identifier: MIT */
#include "lineup/clock.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

int64_t clock_days(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

void clock_date(int64_t days, int64_t *year, int *month, int *day)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t day_of_era = days - era * 146097;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted_month = (5 * day_of_year + 2) / 153;
	*day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
	*month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
	*year = year_of_era + era * 400 + (*month <= 2);
}

int clock_month_days(int64_t year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (month < 1 || month > 12)
		return 0;
	return days[month - 1] + (month == 2 && leap);
}

bool clock_names_date(struct str word)
{
	static const char *const names[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
		"Saturday", "Sunday", "January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December" };
	if (word.len < 3 || word.ptr[0] < 'A' || word.ptr[0] > 'Z')
		return false;
	for (size_t i = 0; i < countof(names); i++) {
		struct str name = str_from(names[i]);
		if (str_equal_nocase(word, name) || str_equal_nocase(word, str_head(name, 3)))
			return true;
	}
	return false;
}

static int64_t read_clock(clockid_t id)
{
	struct timespec t;
	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

int64_t clock_monotonic_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t clock_wall_ns(void)
{
	return read_clock(CLOCK_REALTIME);
}

double clock_thread_seconds(void)
{
	return (double)read_clock(CLOCK_THREAD_CPUTIME_ID) / 1e9;
}

double clock_cpu_seconds(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

struct str clock_rfc3339(int64_t time_ns, char text[CLOCK_TEXT_MAX])
{
	int64_t seconds = time_ns / NS_PER_S;
	int64_t fraction = time_ns % NS_PER_S;
	if (fraction < 0) {
		fraction += NS_PER_S;
		seconds--;
	}
	int64_t days = seconds / 86400;
	int64_t second_of_day = seconds % 86400;
	if (second_of_day < 0) {
		second_of_day += 86400;
		days--;
	}
	int64_t year;
	int month, day;
	clock_date(days, &year, &month, &day);
	int len = snprintf(text, CLOCK_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d", (int)year, month,
		day, (int)(second_of_day / 3600), (int)(second_of_day / 60 % 60),
		(int)(second_of_day % 60));
	size_t at = (size_t)len;
	if (fraction != 0) {
		int digits = fraction % NS_PER_MS == 0 ? 3 : fraction % NS_PER_US == 0 ? 6 : 9;
		int64_t shown = digits == 3   ? fraction / NS_PER_MS
				: digits == 6 ? fraction / NS_PER_US
					      : fraction;
		at += (size_t)snprintf(text + at, CLOCK_TEXT_MAX - at, ".%0*d", digits, (int)shown);
	}
	text[at++] = 'Z';
	text[at] = '\0';
	return str_of(text, at);
}

static const struct unit {
	struct str name;
	int64_t ns;
} units[] = {
	/* the first that fits is taken: longer names before those that they begin with */
	{ { "w", 1 }, 7 * NS_PER_DAY },
	{ { "d", 1 }, NS_PER_DAY },
	{ { "h", 1 }, 3600 * NS_PER_S },
	{ { "ms", 2 }, NS_PER_MS },
	{ { "us", 2 }, NS_PER_US },
	{ { "ns", 2 }, 1 },
	{ { "min", 3 }, 60 * NS_PER_S },
	{ { "m", 1 }, 60 * NS_PER_S },
	{ { "sec", 3 }, NS_PER_S },
	{ { "s", 1 }, NS_PER_S },
};

bool clock_parse_duration(struct str s, int64_t *duration_ns)
{
	int64_t total = 0;
	if (s.len == 0)
		return false;
	while (s.len > 0) {
		size_t digits = 0;
		while (digits < s.len &&
			((s.ptr[digits] >= '0' && s.ptr[digits] <= '9') || s.ptr[digits] == '.'))
			digits++;
		double number;
		if (digits == 0 || !str_to_double(str_head(s, digits), &number))
			return false;
		s = str_skip(s, digits);
		int64_t unit_ns = s.len == 0 ? NS_PER_S : 0;
		for (size_t i = 0; i < countof(units) && unit_ns == 0; i++) {
			if (str_starts(s, units[i].name)) {
				unit_ns = units[i].ns;
				s = str_skip(s, units[i].name.len);
			}
		}
		double part = number * (double)unit_ns;
		if (unit_ns == 0 || part > 9e18 - (double)total)
			return false;
		total += (int64_t)part;
	}
	*duration_ns = total;
	return true;
}

/* Of a duration as text, the largest first. */
static const struct unit spelled[] = {
	{ { "d", 1 }, NS_PER_DAY },
	{ { "h", 1 }, 3600 * NS_PER_S },
	{ { "m", 1 }, 60 * NS_PER_S },
	{ { "s", 1 }, NS_PER_S },
	{ { "ms", 2 }, NS_PER_MS },
	{ { "us", 2 }, NS_PER_US },
	{ { "ns", 2 }, 1 },
};

struct str clock_duration(int64_t duration_ns, char text[CLOCK_TEXT_MAX])
{
	size_t at = 0;
	uint64_t rest = duration_ns < 0 ? -(uint64_t)duration_ns : (uint64_t)duration_ns;
	text[0] = '\0';
	if (duration_ns < 0)
		at += (size_t)snprintf(text, CLOCK_TEXT_MAX, "-");
	for (size_t i = 0; i < countof(spelled) && at + 8 < CLOCK_TEXT_MAX; i++) {
		uint64_t unit_ns = (uint64_t)spelled[i].ns;
		if (rest >= unit_ns) {
			at += (size_t)snprintf(text + at, CLOCK_TEXT_MAX - at, "%llu%.*s",
				(unsigned long long)(rest / unit_ns), STR_ARG(spelled[i].name));
			rest %= unit_ns;
		}
	}
	if (duration_ns == 0)
		at = (size_t)snprintf(text, CLOCK_TEXT_MAX, "0s");
	return str_of(text, at);
}

struct str clock_duration_short(int64_t duration_ns, char text[CLOCK_TEXT_MAX])
{
	uint64_t rest = duration_ns < 0 ? -(uint64_t)duration_ns : (uint64_t)duration_ns;
	uint64_t tenths = (rest + NS_PER_S / 20) / (NS_PER_S / 10);
	int len;
	if (rest >= NS_PER_S && rest < 60 * NS_PER_S && tenths % 10 != 0) {
		len = snprintf(text, CLOCK_TEXT_MAX, "%llu.%llus",
			(unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10));
		return str_of(text, (size_t)len);
	}
	size_t i = 0;
	while (i + 1 < countof(spelled) && rest < (uint64_t)spelled[i].ns)
		i++;
	uint64_t large = rest / (uint64_t)spelled[i].ns, small = 0;
	/* a part of a second more says nothing of minutes, nor nanoseconds of milliseconds */
	if (spelled[i].ns > NS_PER_S)
		small = rest % (uint64_t)spelled[i].ns / (uint64_t)spelled[i + 1].ns;
	else if (spelled[i].ns == NS_PER_S)
		large = tenths / 10;
	if (rest == 0)
		len = snprintf(text, CLOCK_TEXT_MAX, "0s");
	else if (small == 0)
		len = snprintf(text, CLOCK_TEXT_MAX, "%llu%s", (unsigned long long)large,
			spelled[i].name.ptr);
	else
		len = snprintf(text, CLOCK_TEXT_MAX, "%llu%s %llu%s", (unsigned long long)large,
			spelled[i].name.ptr, (unsigned long long)small, spelled[i + 1].name.ptr);
	return str_of(text, (size_t)len);
}
