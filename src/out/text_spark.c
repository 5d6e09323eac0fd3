/* SPDX-License-Identifier: MIT */
#include "src/out/text_spark.h"

#include "src/out/text_row.h"

#define SPARK_COLUMNS_MOST 40

/*
 * All histograms share one axis, so that they compare by eye: the span that the windows cover, cut
 * into columns of a whole number of windows each, so that no column has more than its neighbour.
 */
struct axis {
	int64_t window_ns;
	int64_t first;	  /* window, counted from the epoch */
	int64_t together; /* windows in a column */
	size_t columns;
};

static int64_t window_of(int64_t time_ns, int64_t window_ns)
{
	return time_ns / window_ns - (time_ns % window_ns < 0);
}

static struct axis axis_of(const struct text_report *r)
{
	const struct verdict *v = r->verdict;
	bool framed = v->to_ns > v->from_ns;
	int64_t from_ns = framed ? v->from_ns : r->findings->first_ns;
	int64_t to_ns = framed ? v->to_ns : r->findings->last_ns + 1;
	int64_t window_ns = v->window_ns > 0 ? v->window_ns : NS_PER_S;
	/* Counted in windows, which are aligned to the epoch: a difference of instants may
	 * overflow. What stands beside a histogram needs room as well. */
	int64_t first = window_of(from_ns, window_ns);
	int64_t windows = window_of(to_ns - 1, window_ns) - first + 1;
	int64_t most = (int64_t)size_min(SPARK_COLUMNS_MOST, r->page.width / 2 - 10);
	int64_t together = (windows + most - 1) / most;
	return (struct axis){ window_ns, first, together,
		(size_t)((windows + together - 1) / together) };
}

/* Where a column starts; that of the first one past the end is the end. */
static int64_t column_start(const struct axis *axis, size_t column)
{
	int64_t start_ns;
	if (__builtin_mul_overflow(
		    axis->first + axis->together * (int64_t)column, axis->window_ns, &start_ns))
		return INT64_MAX;
	return start_ns;
}

static void fill_columns(
	const struct axis *axis, const struct suspect *s, uint64_t columns[SPARK_COLUMNS_MOST])
{
	memset(columns, 0, SPARK_COLUMNS_MOST * sizeof(columns[0]));
	for (size_t i = 0; i < s->histogram_count; i++) {
		int64_t window = window_of(s->histogram[i].start_ns, axis->window_ns);
		int64_t at = (window - axis->first) / axis->together;
		size_t column = at < 0 ? 0 : (size_t)at;
		columns[size_min(column, axis->columns - 1)] += s->histogram[i].count;
	}
}

size_t text_spark(struct text_report *r, const struct suspect *s)
{
	uint64_t columns[SPARK_COLUMNS_MOST];
	if (r->findings->first_ns == TIME_NONE)
		return 0;
	struct axis axis = axis_of(r);
	fill_columns(&axis, s, columns);
	page_spark(&r->page, columns, axis.columns);
	page_spaces(&r->page, 2);
	return axis.columns + 2;
}

void text_axis(struct text_report *r)
{
	const struct span *incident = &r->verdict->incident;
	struct page *p = &r->page;
	if (r->findings->first_ns == TIME_NONE)
		return;
	struct axis axis = axis_of(r);
	page_spaces(p, BODY_COLUMN);
	page_style(p, STYLE_DIM);
	bool marked = false;
	for (size_t i = 0; i < axis.columns; i++) {
		bool inside = incident->from_ns != TIME_NONE &&
			      column_start(&axis, i) < incident->to_ns &&
			      column_start(&axis, i + 1) > incident->from_ns;
		marked = marked || inside;
		page_glyph(p, inside ? GLYPH_HEAVY_LINE : GLYPH_LINE);
	}
	size_t column = BODY_COLUMN + axis.columns + page_printf(p, "  ");
	column += page_time(p, column_start(&axis, 0));
	column += page_printf(p, " to ");
	column += page_time(p, column_start(&axis, axis.columns));
	if (marked && column + 12 <= p->width) {
		bool roomy = column + 16 <= p->width;
		page_printf(p, ", ");
		page_glyph(p, GLYPH_HEAVY_LINE);
		page_printf(p, roomy ? " the incident" : " incident");
	}
	page_style(p, STYLE_PLAIN);
	page_end_line(p);
}
