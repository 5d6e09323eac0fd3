/* SPDX-License-Identifier: MIT */
#include "lineup/frame.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/sort.h"
#include "lineup/verdict.h"

/* Windows that people use; the first that cuts the span into at most this many is taken. */
#define WINDOWS_MAX 100

static const int64_t usual_seconds[] = { 1, 5, 10, 30, 60, 300, 600, 1800, 3600, 6 * 3600,
	12 * 3600, 86400, 7 * 86400, 30 * 86400, 365 * 86400 };

/* A group of lines this small, and this far from the main body, is taken for wrong stamps. */
#define STRAY_SHARE    0.01
#define STRAY_DISTANCE 3.0		 /* in spans of the main body, */
#define STRAY_LEAST_NS (3600 * NS_PER_S) /* but at least an hour, the least of a wrong zone */

/*
 * Strays are a few lines at either end, and there are millions of cells between them. So all are
 * only counted, by stretches of time, and those alone are put in order that may hold a stray.
 */
#define STRETCHES_BITS 10

struct ends {
	int64_t least; /* index of a cell */
	int64_t most;
	unsigned shift; /* from an index, less `least`, to its stretch */
	uint64_t lines[1U << STRETCHES_BITS];
	uint64_t total;
	size_t low; /* the stretches up to this one and from this one on hold the ends */
	size_t high;
};

static size_t stretch_of(const struct ends *e, const struct cell *c)
{
	return (size_t)((uint64_t)(c->index - e->least) >> e->shift);
}

/* False when there are no cells. */
static bool count_stretches(const struct findings *f, struct ends *e)
{
	*e = (struct ends){ .least = INT64_MAX, .most = INT64_MIN };
	for (size_t i = 0; i < f->service_count; i++) {
		const struct series *s = &f->services[i].lines;
		if (s->cell_count == 0)
			continue;
		e->least = i64_min(e->least, s->cells[0].index);
		e->most = i64_max(e->most, s->cells[s->cell_count - 1].index);
	}
	if (e->least > e->most)
		return false;
	while ((uint64_t)(e->most - e->least) >> e->shift >> STRETCHES_BITS > 0)
		e->shift++;
	for (size_t i = 0; i < f->service_count; i++) {
		const struct series *s = &f->services[i].lines;
		for (size_t k = 0; k < s->cell_count; k++)
			e->lines[stretch_of(e, &s->cells[k])] += s->cells[k].count;
	}
	for (size_t i = 0; i < countof(e->lines); i++)
		e->total += e->lines[i];
	return true;
}

static uint64_t strays_allowed(uint64_t total)
{
	return (uint64_t)((double)total * STRAY_SHARE);
}

/* From each end, up to the stretch with which there are more lines than may be strays. */
static void find_ends(struct ends *e)
{
	uint64_t allowed = strays_allowed(e->total), seen = e->lines[0];
	for (e->low = 0; seen <= allowed && e->low + 1 < countof(e->lines);)
		seen += e->lines[++e->low];
	e->high = countof(e->lines) - 1;
	for (seen = e->lines[e->high]; seen <= allowed && e->high > 0;)
		seen += e->lines[--e->high];
}

/* The cells of all services at either end, in order of time; equal indices stay separate. Freed by
 * the caller. */
static struct cell *end_cells(const struct findings *f, const struct ends *e, size_t *count)
{
	struct cell *cells = NULL;
	size_t n = 0, capacity = 0;
	for (size_t i = 0; i < f->service_count; i++) {
		const struct series *s = &f->services[i].lines;
		size_t k = 0, rest = s->cell_count;
		while (k < rest && stretch_of(e, &s->cells[k]) <= e->low)
			k++;
		while (rest > k && stretch_of(e, &s->cells[rest - 1]) >= e->high)
			rest--;
		for (size_t at = k > 0 ? 0 : rest; at < s->cell_count;
			at = at + 1 == k ? rest : at + 1) {
			mem_grow(&cells, n, &capacity);
			cells[n++] = s->cells[at];
		}
	}
	struct cell *sorted = mem_alloc((n + 1) * sizeof(*sorted));
	uint64_t *keys = mem_alloc((n + 1) * sizeof(*keys));
	uint32_t *order = mem_alloc((n + 1) * sizeof(*order));
	for (size_t i = 0; i < n; i++)
		keys[i] = sort_key_of(cells[i].index);
	sort_by_key(keys, (uint32_t)n, order);
	for (size_t i = 0; i < n; i++)
		sorted[i] = cells[order[i]];
	free(cells);
	free(keys);
	free(order);
	*count = n;
	return sorted;
}

/*
 * Narrows [first, last] of the sorted cells: from each end, the lines before the first wide gap are
 * strays when they are few. The body is what lies between the quantiles of half the share.
 */
static uint64_t leave_strays(
	const struct cell *cells, uint64_t total, int64_t cell_ns, size_t *first, size_t *last)
{
	uint64_t allowed = strays_allowed(total);
	uint64_t outside = 0, seen = 0;
	size_t low = *first, high = *last;
	for (seen = 0; low < high && seen + cells[low].count <= allowed; low++)
		seen += cells[low].count;
	for (seen = 0; high > low && seen + cells[high].count <= allowed; high--)
		seen += cells[high].count;
	double body = (double)(cells[high].index - cells[low].index + 1) * (double)cell_ns;
	double wide = body * STRAY_DISTANCE > (double)STRAY_LEAST_NS ? body * STRAY_DISTANCE
								     : (double)STRAY_LEAST_NS;
	size_t start = low, end = high;
	while (start > *first &&
		(double)(cells[start].index - cells[start - 1].index) * (double)cell_ns <= wide)
		start--;
	while (end < *last &&
		(double)(cells[end + 1].index - cells[end].index) * (double)cell_ns <= wide)
		end++;
	for (size_t i = *first; i < start; i++)
		outside += cells[i].count;
	for (size_t i = end + 1; i <= *last; i++)
		outside += cells[i].count;
	*first = start;
	*last = end;
	return outside;
}

static int64_t choose_window(int64_t span_ns, int64_t cell_ns)
{
	for (size_t i = 0; i < countof(usual_seconds); i++) {
		int64_t window_ns = usual_seconds[i] * NS_PER_S;
		if (window_ns % cell_ns == 0 && span_ns / window_ns < WINDOWS_MAX)
			return window_ns;
	}
	return clock_floor(span_ns / WINDOWS_MAX, cell_ns) + cell_ns;
}

void frame_find(const struct findings *f, int64_t wanted_window_ns, struct frame *out)
{
	struct ends ends;
	*out = (struct frame){ .cell_ns = f->cell_ns,
		.window_ns = i64_max(wanted_window_ns, f->cell_ns) };
	if (count_stretches(f, &ends)) {
		size_t count;
		find_ends(&ends);
		struct cell *cells = end_cells(f, &ends, &count);
		size_t first = 0, last = count - 1;
		out->lines_outside = leave_strays(cells, ends.total, f->cell_ns, &first, &last);
		int64_t from_ns = cells[first].index * f->cell_ns;
		int64_t to_ns = (cells[last].index + 1) * f->cell_ns;
		int64_t window_ns = wanted_window_ns > 0
					    ? wanted_window_ns
					    : choose_window(to_ns - from_ns, f->cell_ns);
		/* a window narrower than a cell cannot be shown */
		out->window_ns = i64_max(clock_floor(window_ns, f->cell_ns), f->cell_ns);
		out->from_ns = clock_floor(from_ns, out->window_ns);
		out->to_ns = clock_floor(to_ns - 1, out->window_ns) + out->window_ns;
		out->read_to_ns = to_ns;
		free(cells);
	}
}

size_t frame_histogram(const struct frame *frame, const struct series *s, struct arena *arena,
	struct histogram_bar **bars)
{
	*bars = arena_alloc(arena, s->cell_count, sizeof(**bars));
	size_t count = 0;
	for (size_t i = 0; i < s->cell_count; i++) {
		int64_t time_ns = s->cells[i].index * frame->cell_ns;
		if (!frame_holds(frame, time_ns))
			continue;
		/* cells come in order, and most are of the window of the one before */
		if (count == 0 || time_ns - (*bars)[count - 1].start_ns >= frame->window_ns)
			(*bars)[count++] =
				(struct histogram_bar){ clock_floor(time_ns, frame->window_ns), 0 };
		(*bars)[count - 1].count += s->cells[i].count;
	}
	return count;
}
