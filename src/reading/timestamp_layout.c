/* SPDX-License-Identifier: MIT */
/* Own stamp layouts, in the letters of strptime. */
#include "src/reading/timestamp_parts.h"

struct walk {
	const char *p;
	const char *end;
	struct stamp *s;
	bool has_epoch;
	bool is_pm;
	bool is_half_day;
	bool has_time;
	int year_day;
};

static inline bool digit_ahead(const struct walk *w, size_t ahead)
{
	return w->p + ahead < w->end && (unsigned char)(w->p[ahead] - '0') < 10;
}

static bool take_number(struct walk *w, int max_digits, int64_t *value)
{
	while (w->p < w->end && *w->p == ' ')
		w->p++;
	if (!digit_ahead(w, 0))
		return false;
	*value = 0;
	for (int i = 0; i < max_digits && digit_ahead(w, 0); i++)
		*value = *value * 10 + (*w->p++ - '0');
	return true;
}

static bool take_fraction(struct walk *w)
{
	if (!digit_ahead(w, 0))
		return false;
	int32_t value = 0;
	int digits = 0;
	for (; digit_ahead(w, 0); w->p++) {
		if (digits < 9) {
			value = value * 10 + (*w->p - '0');
			digits++;
		}
	}
	w->s->fraction_digits = (uint8_t)digits;
	for (; digits < 9; digits++)
		value *= 10;
	w->s->nanosecond = value;
	return true;
}

static bool take_name(struct walk *w, char letter)
{
	size_t len = 0;
	if (letter == 'a') {
		w->s->weekday = (uint8_t)stamp_weekday_name(w->p, w->end, &len);
		w->p += len;
		return w->s->weekday != 0;
	}
	if (letter == 'b') {
		w->s->month = (uint8_t)stamp_month_name(w->p, w->end, &len);
		w->p += len;
		return w->s->month != 0;
	}
	if (w->end - w->p < 2 || (w->p[1] | 32) != 'm' ||
		((w->p[0] | 32) != 'a' && (w->p[0] | 32) != 'p'))
		return false;
	w->is_half_day = true;
	w->is_pm = (w->p[0] | 32) == 'p';
	w->p += 2;
	return true;
}

static bool take_zone(struct walk *w)
{
	if (w->p < w->end && *w->p == ' ')
		return false;
	const char *q = stamp_zone_read(w->p, w->end, w->s);
	bool taken = q != w->p;
	w->p = q;
	return taken;
}

static bool take_epoch(struct walk *w)
{
	int64_t seconds;
	if (!take_number(w, 11, &seconds) || seconds > INT64_C(7258118400))
		return false;
	w->s->kind = STAMP_INSTANT;
	w->s->instant_ns = seconds * NS_PER_S;
	w->has_epoch = true;
	return true;
}

static bool walk_layout(struct walk *w, struct str layout);

static bool set_number(struct walk *w, char letter, int64_t value)
{
	struct stamp *s = w->s;
	switch (letter) {
	case 'Y':
		s->year = (int16_t)value;
		return value >= 1900 && value <= 2199;
	case 'y':
		s->year = (int16_t)(value < 70 ? 2000 + value : 1900 + value);
		return true;
	case 'm':
		s->month = (uint8_t)value;
		return value >= 1 && value <= 12;
	case 'd':
		s->day = (uint8_t)value;
		return value >= 1 && value <= 31;
	case 'H':
		w->has_time = true;
		s->hour = (uint8_t)value;
		return value <= 24;
	case 'M':
		s->minute = (uint8_t)value;
		return value <= 59;
	case 'S':
		s->second = (uint8_t)value;
		return value <= 60;
	default:
		w->year_day = (int)value;
		return value >= 1 && value <= 366;
	}
}

static bool walk_letter(struct walk *w, char letter)
{
	int64_t value;
	switch (letter) {
	case 'Y':
		return take_number(w, 4, &value) && set_number(w, 'Y', value);
	case 'y':
	case 'm':
	case 'H':
	case 'M':
	case 'S':
		return take_number(w, 2, &value) && set_number(w, letter, value);
	case 'd':
	case 'e':
		return take_number(w, 2, &value) && set_number(w, 'd', value);
	case 'I':
	case 'k':
	case 'l':
		return take_number(w, 2, &value) && set_number(w, 'H', value);
	case 'j':
		return take_number(w, 3, &value) && set_number(w, 'j', value);
	case 'a':
	case 'A':
		return take_name(w, 'a');
	case 'b':
	case 'B':
	case 'h':
		return take_name(w, 'b');
	case 'p':
	case 'P':
		return take_name(w, 'p');
	case 'f':
	case 'L':
	case 'N':
		return take_fraction(w);
	case 'z':
	case 'Z':
		return take_zone(w);
	case 's':
		return take_epoch(w);
	case 'T':
		return walk_layout(w, STR("%H:%M:%S"));
	case 'R':
		return walk_layout(w, STR("%H:%M"));
	case 'F':
		return walk_layout(w, STR("%Y-%m-%d"));
	case 'D':
		return walk_layout(w, STR("%m/%d/%y"));
	case '%':
		return w->p < w->end && *w->p++ == '%';
	default:
		return letter == 'n' || letter == 't';
	}
}

static bool walk_layout(struct walk *w, struct str layout)
{
	for (size_t i = 0; i < layout.len; i++) {
		char c = layout.ptr[i];
		if (c == ' ') {
			while (w->p < w->end && (*w->p == ' ' || *w->p == '\t'))
				w->p++;
		} else if (c == '%' && i + 1 < layout.len) {
			if (!walk_letter(w, layout.ptr[++i]))
				return false;
		} else if (w->p >= w->end || *w->p++ != c) {
			return false;
		}
	}
	return true;
}

bool stamp_layout_valid(struct str layout)
{
	bool has_day = false, has_time = false;
	for (size_t i = 0; i < layout.len; i++) {
		if (layout.ptr[i] != '%')
			continue;
		if (++i >= layout.len ||
			memchr("YymdHMSeIkljaAbBhpPfLNzZsTRFD%nt", layout.ptr[i], 32) == NULL)
			return false;
		has_day |= memchr("dejsFD", layout.ptr[i], 6) != NULL;
		has_time |= memchr("HIklsTR", layout.ptr[i], 7) != NULL;
	}
	return has_day && has_time;
}

static bool finish(struct walk *w)
{
	struct stamp *s = w->s;
	if (w->has_epoch) {
		s->instant_ns += s->nanosecond;
		return true;
	}
	if (w->is_half_day) {
		if (s->hour < 1 || s->hour > 12)
			return false;
		s->hour = (uint8_t)(s->hour % 12 + (w->is_pm ? 12 : 0));
	}
	if (w->year_day > 0) {
		int64_t year;
		int month, day;
		clock_date(clock_days(s->year == 0 ? 2000 : s->year, 1, 1) + w->year_day - 1, &year,
			&month, &day);
		s->month = (uint8_t)month;
		s->day = (uint8_t)day;
	}
	return s->month != 0 && s->day != 0 &&
	       s->day <= clock_month_days(s->year == 0 ? 2000 : s->year, s->month) &&
	       (s->hour < 24 || (s->minute == 0 && s->second == 0));
}

bool stamp_layout_find(struct str layout, struct str line, struct stamp *s)
{
	size_t limit = size_min(line.len, 512);
	for (size_t i = 0; i < limit; i++) {
		char c = line.ptr[i], before = i > 0 ? line.ptr[i - 1] : ' ';
		bool word_before = (unsigned char)((before | 32) - 'a') < 26 ||
				   (unsigned char)(before - '0') < 10;
		if (word_before && c != layout.ptr[0])
			continue;
		*s = (struct stamp){ .kind = STAMP_CIVIL, .start = (uint32_t)i };
		struct walk w = { .p = line.ptr + i, .end = line.ptr + line.len, .s = s };
		if (walk_layout(&w, layout) && finish(&w)) {
			s->end = (uint32_t)(w.p - line.ptr);
			return true;
		}
	}
	return false;
}
