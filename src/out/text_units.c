/* SPDX-License-Identifier: MIT */
#include "lineup/text_page.h"

#include <inttypes.h>

#include "lineup/text_counts.h"

static size_t put_time(struct page *p, int64_t time_ns, bool year, bool date, bool fraction)
{
	if (time_ns == TIME_NONE)
		return page_printf(p, "?");
	int64_t day = clock_day(time_ns);
	/* not time_ns - day * NS_PER_DAY: the first day's start lies before the first instant */
	int64_t rest_ns = time_ns % NS_PER_DAY;
	int64_t of_day_ns = rest_ns < 0 ? rest_ns + NS_PER_DAY : rest_ns;
	int64_t second = of_day_ns / NS_PER_S;
	int64_t y;
	int month, day_of_month;
	clock_date(day, &y, &month, &day_of_month);
	size_t columns = 0;
	if (year)
		columns += page_printf(p, "%04d-", (int)y);
	if (year || date)
		columns += page_printf(p, "%02d-%02d ", month, day_of_month);
	columns += page_printf(p, "%02d:%02d:%02d", (int)(second / 3600), (int)(second / 60 % 60),
		(int)(second % 60));
	if (fraction)
		columns += page_printf(p, ".%03d", (int)(of_day_ns % NS_PER_S / NS_PER_MS));
	return columns;
}

size_t page_time(struct page *p, int64_t time_ns)
{
	bool date = p->with_date || (time_ns != TIME_NONE && clock_day(time_ns) != p->day);
	return put_time(p, time_ns, p->with_year, date, p->with_fraction);
}

size_t page_date_time(struct page *p, int64_t time_ns)
{
	return put_time(p, time_ns, true, true, p->with_fraction);
}

size_t page_duration(struct page *p, int64_t duration_ns)
{
	char text[CLOCK_TEXT_MAX];
	return page_printf(p, "%s", clock_duration_short(duration_ns, text).ptr);
}

size_t page_number(struct page *p, uint64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, n);
	buf_clear(&p->counted);
	text_append_number(&p->counted, str_of(digits, (size_t)len));
	fwrite(p->counted.ptr, 1, p->counted.len, p->out);
	return p->counted.len;
}

void page_more(struct page *p, size_t indent, size_t left_out, const char *what)
{
	if (left_out == 0)
		return;
	page_spaces(p, indent);
	page_printf(p, "and ");
	page_number(p, left_out);
	page_printf(p, " more%s (-v shows them)\n", what);
}

size_t page_number_right(struct page *p, uint64_t n, size_t width)
{
	size_t columns = 1;
	for (uint64_t rest = n; rest >= 10; rest /= 10)
		columns++;
	columns += (columns - 1) / 3;
	size_t blanks = columns < width ? width - columns : 0;
	page_spaces(p, blanks);
	return blanks + page_number(p, n);
}

size_t page_size(struct page *p, uint64_t bytes)
{
	static const char *const units[] = { "bytes", "KB", "MB", "GB", "TB", "PB" };
	double value = (double)bytes;
	size_t unit = 0;
	while (value >= 1024 && unit + 1 < countof(units)) {
		value /= 1024;
		unit++;
	}
	return page_printf(p, unit > 0 && value < 10 ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

void page_spark(struct page *p, const uint64_t *values, size_t count)
{
	static const char *const blocks[] = { " ", "\u2581", "\u2582", "\u2583", "\u2584", "\u2585",
		"\u2586", "\u2587", "\u2588" };
	static const char *const letters[] = { " ", ".", ".", ":", ":", "+", "+", "#", "#" };
	uint64_t most = 0;
	for (size_t i = 0; i < count; i++)
		most = values[i] > most ? values[i] : most;
	for (size_t i = 0; i < count; i++) {
		/* Anything at all shows: a single line in an hour may be the one that matters. */
		size_t height =
			most == 0 ? 0 : (size_t)((double)values[i] / (double)most * 8 + 0.5);
		if (values[i] > 0 && height == 0)
			height = 1;
		fputs(p->ascii ? letters[height] : blocks[height], p->out);
	}
}
