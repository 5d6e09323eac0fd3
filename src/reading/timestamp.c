/* SPDX-License-Identifier: MIT */
/* Which reader tries a stamp, by its first bytes. */
#include "src/reading/timestamp_parts.h"

static const char *read_digits_first(const struct stamp_search *search, struct str line,
	const char *p, struct stamp *s, bool is_value)
{
	const char *end = line.ptr + line.len;
	int digits = digit_run(p, end);
	if (p == line.ptr && end - p > 18 && p[8] == '.' && p[17] == ' ') {
		const char *q = stamp_hex_pair_read(p, s);
		if (q != NULL)
			return q;
	}
	if (digits >= 9) {
		const char *q = digits == 10 && !is_value ? stamp_error_report_read(line, p, s)
							  : stamp_packed_read(p, end, digits, s);
		if (q != NULL)
			return q;
		struct stamp epoch = *s;
		q = stamp_epoch_read(p, end, digits, &epoch);
		if (q == NULL)
			q = stamp_ticks_read(p, digits, &epoch);
		if (q == NULL || !(is_value || stamp_epoch_is_meant(search, line, p, q, &epoch)))
			return NULL;
		*s = epoch;
		return q;
	}
	if (digits <= 2 && at(p + digits, end) == ':')
		return stamp_time_first_read(search, p, end, s);
	if (digits == 1 && (at(p + 1, end) == '.' || at(p + 1, end) == 'x')) {
		struct stamp epoch = *s;
		const char *q = p[1] == 'x' ? stamp_hex_read(p, end, &epoch)
					    : stamp_scientific_read(p, end, &epoch);
		if (q != NULL && (is_value || stamp_epoch_is_meant(search, line, p, q, &epoch))) {
			*s = epoch;
			return q;
		}
	}
	const char *q =
		digits == 4 && at(p + 4, end) == '/' ? stamp_month_day_read(p, end, s) : NULL;
	if (q != NULL)
		return q;
	stamp_begin(s, s->start);
	return stamp_civil_read(search, p, end, s);
}

/* The shapes of fixed width, by the byte that tells them apart.
 * Leaves a blank stamp without one. */
static const char *read_fixed(
	const struct stamp_search *search, const char *p, const char *end, struct stamp *s)
{
	const char *q = NULL;
	if (end - p < 18)
		return NULL;
	if (p[2] == '/' && p[6] == '/')
		q = stamp_fixed_clf_read(p, end, s);
	else if (p[2] == '/' && p[5] == '/' && p[8] == ' ')
		q = stamp_fixed_short_read(search, p, end, s);
	else if (p[5] == p[2] && p[10] == ' ' && is_digit(p[0]))
		q = stamp_fixed_long_read(search, p, end, s);
	else if (is_digit(*p) && p[0] == '2' && (p[4] == '-' || p[4] == '/'))
		q = stamp_fixed_iso_read(p, end, s);
	else if (!is_digit(*p) && p[6] == ' ')
		q = stamp_fixed_syslog_read(p, end, s);
	else if (!is_digit(*p) && p[7] == ' ' && p[10] == ' ')
		q = stamp_fixed_ctime_read(p, end, s);
	else
		return NULL;
	if (q == NULL)
		stamp_begin(s, s->start);
	return q;
}

static bool read_at(const struct stamp_search *search, struct str line, size_t start,
	struct stamp *s, bool is_value)
{
	const char *p = line.ptr + start, *end = line.ptr + line.len;
	stamp_begin(s, start);
	char c = at(p, end);
	const char *q = c == '@' || c == '[' ? NULL : read_fixed(search, p, end, s);
	if (q != NULL)
		;
	else if (is_digit(c))
		q = read_digits_first(search, line, p, s, is_value);
	else if (c == '@')
		q = stamp_tai_read(p, end, s);
	else if (c == '[' && start == 0)
		q = stamp_uptime_read(line, p, s);
	else if (is_alpha(c) && is_digit(at(p + 1, end)))
		q = strchr("IWEFDVC", c) != NULL ? stamp_klog_read(p, end, s) : NULL;
	else if (is_alpha(c)) {
		q = stamp_month_first_read(p, end, s);
		if (q == NULL) {
			stamp_begin(s, start);
			q = stamp_weekday_first_read(search, p, end, s);
		}
	}
	if (q == NULL || is_digit(at(q, end)))
		return false;
	s->end = (uint32_t)(q - line.ptr);
	return true;
}

bool stamp_read(const struct stamp_search *search, struct str line, size_t start, struct stamp *s)
{
	return read_at(search, line, start, s, false);
}

bool stamp_value(const struct stamp_search *search, struct str value, struct stamp *s)
{
	size_t start = 0;
	ptrdiff_t date = str_find(str_head(value, 8), STR("/Date(")); /* .NET's \/Date(ms)\/ */
	if (date >= 0)
		start = (size_t)date + 6;
	while (start < value.len &&
		(value.ptr[start] == ' ' || value.ptr[start] == '[' || value.ptr[start] == '('))
		start++;
	return read_at(search, value, start, s, true);
}
