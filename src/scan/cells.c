/* SPDX-License-Identifier: MIT */
#include "lineup/cells.h"

#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"

/* Each divides the next, so that widening moves whole cells. */
static const int64_t width_seconds[CELLS_STEPS] = { 1, 5, 10, 30, 60, 300, 600, 1800, 3600, 21600,
	43200, 86400, 10 * 86400, 100 * 86400, 1000 * 86400, 10000 * 86400 };

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

struct cell cell_at(unsigned step, int64_t time_ns)
{
	int64_t width_ns = cells_width_ns(step);
	int64_t within_ns = time_ns % width_ns;
	return (struct cell){ divide_down(time_ns, width_ns), 1,
		cell_ms(within_ns < 0 ? within_ns + width_ns : within_ns) };
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
	l->out_of_order |= l->count > 0 && cell.index < l->items[l->count - 1].index;
	l->items[l->count++] = cell;
	return 1;
}

/*
 * The wider cells of many. Indices are whole numbers of at most 9.3e9, whole seconds in 64 bits of
 * nanoseconds, and factors below 1e9: a double holds both, and a quotient that is not whole is
 * further from the next whole one than it can be rounded. What is moved above zero rounds down.
 */
#define INDEX_LIMIT INT64_C(10000000000)

struct widener {
	int64_t factor;
	int64_t moved;	  /* by so many of the wider cells */
	int64_t width_ms; /* of the cells before */
};

static struct widener widener_of(int64_t factor, int64_t width_ns)
{
	return (struct widener){ factor, INDEX_LIMIT / factor + 1, width_ns / NS_PER_MS };
}

static inline int64_t wider_index(const struct widener *w, int64_t index)
{
	double from_zero = (double)(index + w->moved * w->factor);
	return (int64_t)(from_zero / (double)w->factor) - w->moved;
}

static inline struct cell widened(const struct widener *w, struct cell c)
{
	int64_t index = wider_index(w, c.index);
	int64_t ms = (c.index - index * w->factor) * w->width_ms + c.first_ms;
	return (struct cell){ index, c.count, ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX };
}

/*
 * Cells that come one behind the other, to cells that stand once each. Whether two share an index
 * is not to be foretold, and millions of them are gone through while all threads wait: so no branch
 * asks for it.
 */
struct joiner {
	struct cell *items; /* those before the last */
	uint32_t count;
	struct cell last;
	bool in_order;
};

static inline void joiner_add(struct joiner *j, struct cell c)
{
	uint32_t same = -(uint32_t)(c.index == j->last.index);
	j->items[j->count] = j->last;
	j->count += same + 1;
	j->in_order &= c.index >= j->last.index;
	uint32_t count = c.count + (j->last.count & same);
	uint32_t first_ms = j->last.first_ms | ~same;
	j->last.index = c.index;
	j->last.count = count | -(uint32_t)(count < c.count); /* its largest, past that */
	j->last.first_ms = first_ms < c.first_ms ? first_ms : c.first_ms;
}

/* Where the run that begins at `from` ends. */
static uint32_t run_end(const struct cell *items, uint32_t count, uint32_t from)
{
	uint32_t end = from + 1;
	while (end < count && items[end - 1].index <= items[end].index)
		end++;
	return end;
}

/* Two runs behind one another, into `to`: without a branch, as above. */
static void merge_two(struct cell *to, const struct cell *a, const struct cell *a_end,
	const struct cell *b, const struct cell *b_end)
{
	while (a < a_end && b < b_end) {
		bool second = b->index < a->index;
		*to++ = *(second ? b : a);
		b += second;
		a += !second;
	}
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
static bool join_neighbours(struct cell_list *l, int64_t factor, int64_t width_ns)
{
	struct widener w = widener_of(factor, width_ns);
	if (l->count == 0)
		return true;
	struct joiner j = { l->items, 0, widened(&w, l->items[0]), true };
	for (uint32_t i = 1; i < l->count; i++)
		joiner_add(&j, widened(&w, l->items[i]));
	j.items[j.count] = j.last;
	l->count = j.count + 1;
	return j.in_order;
}

void cell_list_compact(struct cell_list *l, int64_t factor, int64_t width_ns)
{
	if (factor == 1 && !l->out_of_order)
		return;
	if (!join_neighbours(l, factor, width_ns)) {
		put_in_order(l);
		join_neighbours(l, 1, width_ns);
	}
	l->out_of_order = false;
}

uint32_t cell_list_count(const struct cell_list *l, int64_t factor)
{
	if (factor == 1 || l->count == 0)
		return l->count;
	struct widener w = widener_of(factor, NS_PER_S);
	int64_t last = wider_index(&w, l->items[0].index);
	uint32_t count = 1;
	for (uint32_t i = 1; i < l->count; i++) {
		int64_t index = wider_index(&w, l->items[i].index);
		count += index != last;
		last = index;
	}
	return count;
}

void cell_list_merge(struct cell_list *into, const struct cell_list *from)
{
	if (from->count == 0)
		return;
	const struct cell *a = into->items, *a_end = into->count > 0 ? a + into->count : a;
	const struct cell *b = from->items, *b_end = b + from->count;
	uint32_t capacity = into->count + from->count;
	struct joiner j = { mem_alloc((size_t)capacity * sizeof(*j.items)), 0, *b, true };
	if (a < a_end && a->index <= b->index)
		j.last = *a++;
	else
		b++;
	while (a < a_end && b < b_end) {
		bool second = b->index < a->index;
		joiner_add(&j, *(second ? b : a));
		b += second;
		a += !second;
	}
	for (; a < a_end; a++)
		joiner_add(&j, *a);
	for (; b < b_end; b++)
		joiner_add(&j, *b);
	j.items[j.count] = j.last;
	free(into->items);
	*into = (struct cell_list){ j.items, j.count + 1, capacity, false };
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
	struct widener w = widener_of(factor, NS_PER_S);
	uint32_t count = 0;
	int64_t last = INT64_MIN;
	for (uint32_t i = 0; i < l->count; i++) {
		int64_t index = wider_index(&w, l->items[i].index);
		count += index != last;
		last = index;
	}
	return count;
}
