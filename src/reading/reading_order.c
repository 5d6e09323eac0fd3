/* SPDX-License-Identifier: MIT */
/* Which of the numbers of a date is its day, by all dates of a member's sample. */
#include "src/reading/reading_source.h"

static bool date_of(const uint8_t n[3], enum date_order order, int64_t *day)
{
	int year = order == DATE_ORDER_YEAR_FIRST ? n[0] : n[2];
	int month = order == DATE_ORDER_MONTH_FIRST ? n[0] : n[1];
	int date = order == DATE_ORDER_DAY_FIRST     ? n[0]
		   : order == DATE_ORDER_MONTH_FIRST ? n[1]
						     : n[2];
	if (date < 1 || date > clock_month_days(2000 + year % 100, month))
		return false;
	*day = clock_days(2000 + year % 100, month, date);
	return true;
}

/*
 * Lines lie close together in time and are written shortly before the file is changed last. So of
 * the orders that every date of the sample allows, that one is taken under which the sample spans
 * the least time, if it is clearly less; else the one that ends closest before the modification.
 */
enum date_order reading_judge_order(const struct order_evidence *e, int64_t modified_ns)
{
	int64_t best_span = INT64_MAX, best_gap = INT64_MAX;
	enum date_order best = DATE_ORDER_UNKNOWN;
	bool clear = false;
	if (e->count == 0)
		return e->yearless[DATE_ORDER_DAY_FIRST] > e->yearless[DATE_ORDER_MONTH_FIRST]
			       ? DATE_ORDER_DAY_FIRST
			       : DATE_ORDER_UNKNOWN;
	for (enum date_order order = DATE_ORDER_DAY_FIRST; order <= DATE_ORDER_YEAR_FIRST;
		order++) {
		int64_t first = INT64_MAX, last = INT64_MIN, day;
		bool possible = !e->excluded[order];
		for (size_t i = 0; possible && i < e->count; i++) {
			possible = date_of(e->numbers[i], order, &day);
			first = i64_min(first, day);
			last = i64_max(last, day);
		}
		if (!possible)
			continue;
		int64_t span = last - first;
		int64_t gap = INT64_MAX - 1;
		if (modified_ns != TIME_NONE) {
			gap = modified_ns / NS_PER_S / 86400 - last;
			gap = gap < -1 ? INT64_MAX - 1 : gap < 0 ? 0 : gap;
			if (gap > 45)
				gap = INT64_MAX - 1;
		}
		if (best == DATE_ORDER_UNKNOWN) {
			best = order, best_span = span, best_gap = gap, clear = true;
		} else if (span + 14 < best_span || (span <= best_span + 14 && gap < best_gap)) {
			best = order, best_span = span, best_gap = gap, clear = true;
		} else if (span <= best_span + 14 && gap == best_gap) {
			clear = false;
		}
	}
	return clear ? best : DATE_ORDER_UNKNOWN;
}

bool reading_has_dates(const struct order_evidence *e)
{
	return e->count + e->yearless[DATE_ORDER_DAY_FIRST] + e->yearless[DATE_ORDER_MONTH_FIRST] >
	       0;
}

void reading_note_order(struct order_evidence *e, const struct stamp *s)
{
	if (s->order == DATE_ORDER_UNKNOWN || e->count == READING_ORDER_STAMPS)
		return;
	if (s->year == 0 && !s->order_is_open)
		e->yearless[s->order]++;
	if (s->year < 2000 || s->year > 2099)
		return;
	memcpy(e->numbers[e->count++], s->numbers, 3);
	e->excluded[DATE_ORDER_YEAR_FIRST] |= !s->year_is_short;
	e->open |= s->order_is_open;
}
