/* SPDX-License-Identifier: MIT */
#include "lineup/cells.h"

#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"

/* Each divides the next, so that widening moves whole cells. */
static const int64_t width_seconds[] = { 1, 5, 10, 30, 60, 300, 600, 1800, 3600, 21600, 43200,
	86400, 10 * 86400, 100 * 86400, 1000 * 86400, 10000 * 86400 };

#define VALUE_LIMIT 1e12

static int64_t divide_down(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t cells_width_ns(unsigned step)
{
	return width_seconds[step] * NS_PER_S;
}

int64_t cells_index(unsigned step, int64_t time_ns)
{
	return divide_down(time_ns, cells_width_ns(step));
}

unsigned cells_steps(void)
{
	return countof(width_seconds);
}

struct cell cell_at(unsigned step, int64_t time_ns)
{
	int64_t index = cells_index(step, time_ns);
	return (struct cell){ index, 1, cell_ms(time_ns - index * cells_width_ns(step)) };
}

static uint32_t grown(uint32_t capacity)
{
	return capacity == 0 ? 4 : capacity + capacity / 2;
}

/* ---- counts ---- */

void cell_list_release(struct cell_list *l)
{
	free(l->items);
	*l = (struct cell_list){ 0 };
}

static void join(struct cell *into, const struct cell *from)
{
	if (__builtin_add_overflow(into->count, from->count, &into->count))
		into->count = UINT32_MAX;
	if (from->first_ms < into->first_ms)
		into->first_ms = from->first_ms;
}

int cell_list_add(struct cell_list *l, struct cell cell)
{
	if (likely(l->count > 0 && l->items[l->count - 1].index == cell.index)) {
		join(&l->items[l->count - 1], &cell);
		return 0;
	}
	if (l->count == l->capacity) {
		l->capacity = grown(l->capacity);
		l->items = mem_realloc(l->items, l->capacity, sizeof(*l->items));
	}
	l->items[l->count++] = cell;
	return 1;
}

/* Widens many cells: neighbours mostly fall into one wider cell,
 * so that few divisions are needed. */
struct widener {
	int64_t factor;
	int64_t width_ns; /* of the cells before */
	int64_t index; /* of the wider cell that was met last: it spans [first, first + factor) */
	int64_t first;
};

static struct cell widened(struct widener *w, struct cell c)
{
	if (c.index < w->first || c.index - w->first >= w->factor) {
		w->index = divide_down(c.index, w->factor);
		w->first = w->index * w->factor;
	}
	int64_t ms = (c.index - w->first) * (w->width_ns / NS_PER_MS) + c.first_ms;
	c.index = w->index;
	c.first_ms = ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
	return c;
}

/* Each cell once, and in order? */
static bool is_compact(const struct cell_list *l)
{
	for (uint32_t i = 1; i < l->count; i++) {
		if (l->items[i - 1].index >= l->items[i].index)
			return false;
	}
	return true;
}

/* Where the run that begins at `from` ends. */
static uint32_t run_end(const struct cell *items, uint32_t count, uint32_t from)
{
	uint32_t end = from + 1;
	while (end < count && items[end - 1].index <= items[end].index)
		end++;
	return end;
}

/* Two runs behind one another, into `to`. */
static void merge_two(struct cell *to, const struct cell *a, const struct cell *a_end,
	const struct cell *b, const struct cell *b_end)
{
	while (a < a_end && b < b_end)
		*to++ = b->index < a->index ? *b++ : *a++;
	memcpy(to, a, (size_t)(a_end - a) * sizeof(*a));
	memcpy(to + (a_end - a), b, (size_t)(b_end - b) * sizeof(*b));
}

/*
 * A natural merge sort: files that are read one after the other, and threads that take turns, make
 * few and long runs.
 */
static void merge_runs(struct cell_list *l)
{
	struct cell *from = l->items, *to = mem_alloc(l->capacity * sizeof(*to));
	while (run_end(from, l->count, 0) < l->count) {
		for (uint32_t at = 0, middle, end; at < l->count; at = end) {
			middle = run_end(from, l->count, at);
			end = middle < l->count ? run_end(from, l->count, middle) : middle;
			merge_two(to + at, from + at, from + middle, from + middle, from + end);
		}
		struct cell *swapped = from;
		from = to;
		to = swapped;
	}
	l->items = from;
	free(to);
}

/*
 * Logs are in order but for some lines, and so are cells: each is moved to its place as long as
 * that is near; else all are sorted.
 */
#define MOVES_A_CELL 2

static void put_in_order(struct cell_list *l)
{
	size_t moves = (size_t)l->count * MOVES_A_CELL;
	for (uint32_t i = 1; i < l->count; i++) {
		struct cell cell = l->items[i];
		uint32_t at = i;
		for (; at > 0 && l->items[at - 1].index > cell.index && moves > 0; at--, moves--)
			l->items[at] = l->items[at - 1];
		l->items[at] = cell;
	}
	if (moves == 0 && l->count > 0)
		merge_runs(l);
}

/* Joins neighbours of one index; true when what is left is in order. */
static bool join_neighbours(struct cell_list *l, struct widener *w)
{
	uint32_t kept = 0;
	bool in_order = true;
	for (uint32_t i = 0; i < l->count; i++) {
		struct cell c = w->factor > 1 ? widened(w, l->items[i]) : l->items[i];
		if (kept > 0 && l->items[kept - 1].index == c.index) {
			join(&l->items[kept - 1], &c);
			continue;
		}
		in_order = in_order && (kept == 0 || l->items[kept - 1].index < c.index);
		l->items[kept++] = c;
	}
	l->count = kept;
	return in_order;
}

void cell_list_compact(struct cell_list *l, int64_t factor, int64_t width_ns)
{
	if (factor == 1 && is_compact(l))
		return;
	struct widener w = { .factor = factor, .width_ns = width_ns };
	if (join_neighbours(l, &w))
		return;
	put_in_order(l);
	w.factor = 1;
	join_neighbours(l, &w);
}

/* Is it in another wider cell than the index before, which is none above it? `end`: of that cell.
 * Few divisions are needed, since neighbours mostly share one. */
static bool enters_wider(int64_t index, int64_t factor, int64_t *end)
{
	if (index < *end)
		return false;
	*end = (divide_down(index, factor) + 1) * factor;
	return true;
}

uint32_t cell_list_count(const struct cell_list *l, int64_t factor)
{
	if (factor == 1)
		return l->count;
	uint32_t count = 0;
	int64_t end = INT64_MIN;
	for (uint32_t i = 0; i < l->count; i++)
		count += enters_wider(l->items[i].index, factor, &end);
	return count;
}

void cell_list_merge(struct cell_list *into, const struct cell_list *from)
{
	if (from->count == 0)
		return;
	uint32_t a = 0, b = 0, count = 0, capacity = into->count + from->count;
	struct cell *items = mem_alloc((size_t)capacity * sizeof(*items));
	while (a < into->count || b < from->count) {
		bool first = b == from->count ||
			     (a < into->count && into->items[a].index <= from->items[b].index);
		const struct cell *next = first ? &into->items[a++] : &from->items[b++];
		if (count > 0 && items[count - 1].index == next->index)
			join(&items[count - 1], next);
		else
			items[count++] = *next;
	}
	free(into->items);
	*into = (struct cell_list){ items, count, capacity };
}

/* ---- numbers ---- */

void number_list_release(struct number_list *l)
{
	free(l->items);
	*l = (struct number_list){ 0 };
}

static void add_numbers(struct cell_number *into, const struct cell_number *from)
{
	if (from->minimum < into->minimum)
		into->minimum = from->minimum;
	if (from->maximum > into->maximum)
		into->maximum = from->maximum;
	into->count += from->count;
	into->sum_milli += from->sum_milli;
}

static int put_number(struct number_list *l, const struct cell_number *number)
{
	if (l->count > 0 && l->items[l->count - 1].index == number->index) {
		add_numbers(&l->items[l->count - 1], number);
		return 0;
	}
	if (l->count == l->capacity) {
		l->capacity = grown(l->capacity);
		l->items = mem_realloc(l->items, l->capacity, sizeof(*l->items));
	}
	l->items[l->count++] = *number;
	return 1;
}

int number_list_add(struct number_list *l, int64_t index, double value)
{
	double bounded = value > VALUE_LIMIT	? VALUE_LIMIT
			 : value < -VALUE_LIMIT ? -VALUE_LIMIT
						: value;
	struct cell_number number = { index, 1, (int64_t)(bounded * 1000), bounded, bounded };
	return put_number(l, &number);
}

void number_list_append(struct number_list *into, const struct number_list *from)
{
	for (uint32_t i = 0; i < from->count; i++)
		put_number(into, &from->items[i]);
}

static int by_number_index(const void *a, const void *b)
{
	const struct cell_number *x = a, *y = b;
	return x->index < y->index ? -1 : x->index > y->index;
}

void number_list_compact(struct number_list *l, int64_t factor)
{
	bool sorted = true;
	for (uint32_t i = 0; i < l->count; i++) {
		if (factor > 1)
			l->items[i].index = divide_down(l->items[i].index, factor);
		sorted = sorted && (i == 0 || l->items[i - 1].index <= l->items[i].index);
	}
	if (!sorted)
		qsort(l->items, l->count, sizeof(*l->items), by_number_index);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < l->count; i++) {
		if (kept > 0 && l->items[kept - 1].index == l->items[i].index)
			add_numbers(&l->items[kept - 1], &l->items[i]);
		else
			l->items[kept++] = l->items[i];
	}
	l->count = kept;
}

uint32_t number_list_count(const struct number_list *l, int64_t factor)
{
	uint32_t count = 0;
	int64_t end = INT64_MIN;
	for (uint32_t i = 0; i < l->count; i++)
		count += enters_wider(l->items[i].index, factor, &end);
	return count;
}
