/* SPDX-License-Identifier: MIT */
/*
 * Finds time stamps in text and reads their fields, by a grammar of date and time parts; what the
 * fields mean as an instant (year, zone) is decided by the caller. Pure functions on bytes; any
 * thread; nothing is allocated.
 *
 * The grammar. A date is numeric (year-month-day in any width and with any of - / . : between,
 * day or month first, without a year, or eight or six digits in a row) or has a month's name; a
 * time is h:m[:s[fraction]] or six digits, with AM or PM; between them stands one of a few
 * separators; a zone may follow. Besides: seconds (to nanoseconds) since 1970, klog's letter and
 * digits, TAI64N, the kernel's seconds since boot.
 *
 * A number is no stamp just because it could be one. A stamp must start at a word's start, have all
 * fields in their range, and not go on as a longer number. Bare seconds since 1970 need a key that
 * says so (ts=, "time":), brackets, or a column of the whole file.
 */
#ifndef LINEUP_TIMESTAMP_H
#define LINEUP_TIMESTAMP_H

#include "lineup/str.h"

enum stamp_kind {
	STAMP_NONE,
	STAMP_CIVIL,   /* fields of a calendar */
	STAMP_INSTANT, /* instant_ns */
	STAMP_UPTIME,  /* instant_ns since boot */
	STAMP_CLOCK,   /* a time of day without a date */
};

enum stamp_zone {
	STAMP_ZONE_NONE,
	STAMP_ZONE_OFFSET, /* offset_seconds */
	STAMP_ZONE_NAME,   /* zone_name, offset_seconds not set */
};

/* In which order the three numbers of a date stand. */
enum date_order {
	DATE_ORDER_UNKNOWN,
	DATE_ORDER_DAY_FIRST,	/* 31/12/2025, 31.12.25 */
	DATE_ORDER_MONTH_FIRST, /* 12/31/2025, 12/31 */
	DATE_ORDER_YEAR_FIRST,	/* 25/12/31 */
};

struct stamp {
	enum stamp_kind kind;
	enum stamp_zone zone;
	enum date_order order; /* the order taken, where the text leaves a choice */
	bool order_is_open;    /* another order would be valid too */
	bool year_is_short;    /* two digits */
	uint8_t numbers[3];    /* of such a date, as written; of a year the last two digits */
	int16_t year;	       /* 0: not there */
	uint8_t month;
	uint8_t day;
	uint8_t hour; /* 0 to 24 */
	uint8_t minute;
	uint8_t second;	 /* 0 to 60 */
	uint8_t weekday; /* 1 Monday to 7 Sunday; 0: not there */
	uint8_t fraction_digits;
	uint8_t date_separator; /* '-', '/', '.', or 0 */
	bool is_syslog;		/* month's name, day, time, as syslog writes it */
	bool is_named;		/* begins with a month's name */
	bool is_column;		/* stands in a column of such numbers */
	char level_letter;	/* klog: I, W, E, F, D; 0 */
	int32_t nanosecond;
	int32_t offset_seconds;
	int64_t instant_ns;
	struct str zone_name;
	uint32_t start; /* in the text searched */
	uint32_t end;
};

struct stamp_search {
	enum date_order
		slash_order; /* of numeric dates with / or -, where the text leaves a choice */
	enum date_order dot_order; /* the same with dots */
	uint32_t epoch_columns;	   /* columns (from 0) of bare seconds since 1970 */
	char column_separator;	   /* of these; 0: blanks */
};

/* The stamp that starts at exactly `at` in the line; false when there is none. */
bool stamp_read(const struct stamp_search *, struct str line, size_t at, struct stamp *);

/* The first stamp that starts at or behind `from` and before `limit`. */
bool stamp_find(
	const struct stamp_search *, struct str line, size_t from, size_t limit, struct stamp *);

/* A value that is a stamp as a whole, as after "time": in JSON; here bare seconds need no key. */
bool stamp_value(const struct stamp_search *, struct str value, struct stamp *);

/* Seconds since 1970 of the fields, read as if they were UTC; the year must be set. */
int64_t stamp_wall_seconds(const struct stamp *);

/* 1 Monday to 7 Sunday of a day since 1970. */
int stamp_weekday(int64_t days);

/*
 * Own layouts: strptime's letters (%Y %y %m %d %b %B %a %A %e %H %I %M %S %p %z %Z %s %j %T %F %D
 * %R %n %t %%) and %f or %L for a fraction; blanks match any run of blanks. Tried before the
 * grammar, at each word's start. False when the layout has no such meaning.
 */
bool stamp_layout_valid(struct str layout);
bool stamp_layout_find(struct str layout, struct str line, struct stamp *);

#endif
