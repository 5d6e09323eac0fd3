/* SPDX-License-Identifier: MIT */
/*
 * Counts and numbers over time, in cells: stretches of time aligned to the epoch. Only cells that
 * hold something take room, so a wrong stamp in the year 1970 costs one cell.
 *
 * A list is appended to, since logs are mostly in order: a line in the cell of the line before is
 * an increment, and one in another cell an append. Cells may so stand twice until the list is
 * compacted. Widths go in steps (1 s, 5 s, 10 s, 30 s, 1 min ...), each a multiple of the one
 * before, so that a list can be widened. One thread at a time.
 */
#ifndef LINEUP_CELLS_H
#define LINEUP_CELLS_H

#include "lineup/clock.h"

/* A count in one time cell, and when in it the first of them came: who was first is asked in every
 * episode of an incident, and a cell is minutes wide in a scan of many days. */
struct cell {
	int64_t index;	   /* time_ns / width, rounded down */
	uint32_t count;	   /* stays at its largest */
	uint32_t first_ms; /* of the first, from the start of the cell; stays at its largest */
};

/* Holds 2^64 values of 2^63 each. */
__extension__ typedef __int128 wide_sum;

/*
 * Sum, extremes and number of the values in one time cell. The sum is kept in thousandths, as an
 * integer with room for any number of values, so that it does not depend on the order of adding.
 */
struct cell_number {
	int64_t index;
	uint64_t count;
	wide_sum sum_milli;
	double minimum;
	double maximum;
};

/* Width of a cell at this step, the cell that a time lies in, and the number of steps. */
#define CELLS_STEPS 16
int64_t cells_width_ns(unsigned step);
int64_t cells_index(unsigned step, int64_t time_ns);

/* From the start of its cell to where first_ms stays at its largest. */
static inline uint32_t cell_ms(int64_t from_start_ns)
{
	int64_t ms = from_start_ns / NS_PER_MS;
	return ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
}

/* One line at this time. */
struct cell cell_at(unsigned step, int64_t time_ns);

/* When the first line of the cell came, to the millisecond. */
static inline int64_t cell_first_ns(const struct cell *c, int64_t width_ns)
{
	return c->index * width_ns + (int64_t)c->first_ms * NS_PER_MS;
}

/* A zeroed list is ready. */
struct cell_list {
	struct cell *items;
	uint32_t count;
	uint32_t capacity;
	bool out_of_order; /* an index was smaller than the one before it */
};

void cell_list_release(struct cell_list *);

/* Returns how many cells the list has grown by. */
int cell_list_add(struct cell_list *, struct cell);

/* Adds all cells of `from`; both are compacted, and so is what comes of it. */
void cell_list_merge(struct cell_list *into, const struct cell_list *from);

/* Divides all indices by factor (1: leaves them), sorts, and joins equal ones; width_ns is that of
 * the cells before. */
void cell_list_compact(struct cell_list *, int64_t factor, int64_t width_ns);

/* How many cells a compacted list would have, were it divided by factor. */
uint32_t cell_list_count(const struct cell_list *, int64_t factor);

struct number_list {
	struct cell_number *items;
	uint32_t count;
	uint32_t capacity;
};

void number_list_release(struct number_list *);

/* Values past a million millions count as that. */
int number_list_add(struct number_list *, int64_t index, double value);
void number_list_append(struct number_list *into, const struct number_list *from);
void number_list_compact(struct number_list *, int64_t factor);
uint32_t number_list_count(const struct number_list *, int64_t factor);

#endif
