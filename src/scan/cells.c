/* SPDX-License-Identifier: MIT */
#include "lineup/cells.h"

#include <stdlib.h>

#include "lineup/mem.h"

/* Each divides the next, so that widening moves whole cells. */
static const int64_t width_seconds[] = { 1, 5, 10, 30, 60, 300, 600, 1800, 3600, 21600, 43200,
	86400, 10 * 86400, 100 * 86400, 1000 * 86400, 10000 * 86400 };

/* A packed key: what above, cell below. The cell of a 64-bit time fits in 36 bits at 1 s. */
#define CELL_BITS 38
#define CELL_BIAS (INT64_C(1) << (CELL_BITS - 1))

#define VALUE_LIMIT 1e12

static uint64_t pack(uint32_t what, int64_t index)
{
	return (uint64_t)what << CELL_BITS | (uint64_t)(index + CELL_BIAS);
}

static uint32_t unpack_what(uint64_t key)
{
	return (uint32_t)(key >> CELL_BITS);
}

static int64_t unpack_index(uint64_t key)
{
	return (int64_t)(key & ((UINT64_C(1) << CELL_BITS) - 1)) - CELL_BIAS;
}

static int64_t divide_down(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

void cells_init(struct cells *c, size_t limit)
{
	*c = (struct cells){ .limit = limit };
}

void cells_release(struct cells *c)
{
	table_release(&c->counts);
	table_release(&c->numbers);
	free(c->values);
	free(c->owners);
	*c = (struct cells){ 0 };
}

int64_t cells_width_ns(unsigned step)
{
	return width_seconds[step] * NS_PER_S;
}

int64_t cells_index(unsigned step, int64_t time_ns)
{
	return divide_down(time_ns, cells_width_ns(step));
}

static void add_values(struct cell_number *into, const struct cell_number *from)
{
	if (into->count == 0 || from->minimum < into->minimum)
		into->minimum = from->minimum;
	if (into->count == 0 || from->maximum > into->maximum)
		into->maximum = from->maximum;
	into->count += from->count;
	if (__builtin_add_overflow(into->sum_milli, from->sum_milli, &into->sum_milli))
		into->sum_milli = from->sum_milli > 0 ? INT64_MAX : INT64_MIN;
}

static void put_number(struct cells *c, uint32_t what, const struct cell_number *number)
{
	uint64_t *at = table_put(&c->numbers, pack(what, number->index));
	if (*at == 0) {
		mem_grow(&c->owners, c->value_count, &c->owner_capacity);
		mem_grow(&c->values, c->value_count, &c->value_capacity);
		c->owners[c->value_count] = what;
		c->values[c->value_count] = (struct cell_number){ .index = number->index };
		*at = ++c->value_count; /* place + 1, since 0 is new */
	}
	add_values(&c->values[*at - 1], number);
}

/* Builds both tables anew: `factor` old cells to one new; dead owners are left out. */
static void rebuild(struct cells *c, int64_t factor, const bool *dead)
{
	struct cells old = *c;
	cells_init(c, old.limit);
	c->step = old.step;
	size_t cursor = 0;
	uint64_t key, *count;
	while (table_next(&old.counts, &cursor, &key, &count)) {
		uint32_t what = unpack_what(key);
		if (dead == NULL || !dead[what])
			*table_put(&c->counts, pack(what, divide_down(unpack_index(key), factor))) += *count;
	}
	for (size_t i = 0; i < old.value_count; i++) {
		struct cell_number number = old.values[i];
		number.index = divide_down(number.index, factor);
		if (dead == NULL || !dead[old.owners[i]])
			put_number(c, old.owners[i], &number);
	}
	cells_release(&old);
}

void cells_widen(struct cells *c, unsigned step)
{
	while (c->step < step && c->step + 1 < countof(width_seconds)) {
		int64_t factor = width_seconds[c->step + 1] / width_seconds[c->step];
		c->step++;
		rebuild(c, factor, NULL);
	}
}

static void keep_limit(struct cells *c)
{
	while (c->counts.count + c->value_count > c->limit && c->step + 1 < countof(width_seconds))
		cells_widen(c, c->step + 1);
}

void cells_count(struct cells *c, uint32_t what, int64_t time_ns, uint64_t count)
{
	*table_put(&c->counts, pack(what, cells_index(c->step, time_ns))) += count;
	if (unlikely(c->counts.count + c->value_count > c->limit))
		keep_limit(c);
}

void cells_number(struct cells *c, uint32_t what, int64_t time_ns, double value)
{
	double bounded = value > VALUE_LIMIT ? VALUE_LIMIT : value < -VALUE_LIMIT ? -VALUE_LIMIT : value;
	struct cell_number number = { cells_index(c->step, time_ns), 1,
		(int64_t)(bounded * 1000), bounded, bounded };
	put_number(c, what, &number);
	keep_limit(c);
}

void cells_drop(struct cells *c, const bool *dead)
{
	rebuild(c, 1, dead);
}

void cells_merge(struct cells *into, const struct cells *from, const uint32_t *names)
{
	cells_widen(into, from->step);
	int64_t factor = width_seconds[into->step] / width_seconds[from->step];
	size_t cursor = 0;
	uint64_t key, *count;
	while (table_next(&from->counts, &cursor, &key, &count)) {
		uint32_t what = names[unpack_what(key)];
		if (what != UINT32_MAX)
			*table_put(&into->counts, pack(what, divide_down(unpack_index(key), factor))) += *count;
	}
	for (size_t i = 0; i < from->value_count; i++) {
		struct cell_number number = from->values[i];
		number.index = divide_down(number.index, factor);
		if (names[from->owners[i]] != UINT32_MAX)
			put_number(into, names[from->owners[i]], &number);
	}
	keep_limit(into);
}

static int by_what_then_time(const void *a, const void *b)
{
	const struct cell_entry *x = a, *y = b;
	if (x->what != y->what)
		return x->what < y->what ? -1 : 1;
	return x->cell.index < y->cell.index ? -1 : x->cell.index > y->cell.index;
}

struct cell_entry *cells_sorted(const struct cells *c, size_t *count)
{
	struct cell_entry *entries = mem_zalloc(c->counts.count, sizeof(*entries));
	size_t cursor = 0, n = 0;
	uint64_t key, *value;
	while (table_next(&c->counts, &cursor, &key, &value))
		entries[n++] = (struct cell_entry){ unpack_what(key), { unpack_index(key), *value } };
	qsort(entries, n, sizeof(*entries), by_what_then_time);
	*count = n;
	return entries;
}
