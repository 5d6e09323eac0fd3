/* SPDX-License-Identifier: MIT */
/*
 * Counts over time: (what, when) -> how many, and (what, when) -> sum and extremes of a number.
 * `when` is a cell, a stretch of time aligned to the epoch. Only cells that hold something take
 * room, so a wrong stamp in the year 1970 costs one cell. When there are more than the limit, all
 * cells become the next step wider (1 s, 5 s, 10 s, 30 s, 1 min ... each a multiple of the one
 * before). One thread at a time.
 */
#ifndef LINEUP_CELLS_H
#define LINEUP_CELLS_H

#include "lineup/clock.h"
#include "lineup/table.h"

/* A count in one time cell. */
struct cell {
	int64_t index; /* time_ns / cell_ns, rounded down */
	uint64_t count;
};

/*
 * Sum, extremes and number of the values in one time cell. The sum is kept in thousandths, as an
 * integer, so that it does not depend on the order of adding.
 */
struct cell_number {
	int64_t index;
	uint64_t count;
	int64_t sum_milli;
	double minimum;
	double maximum;
};

struct cells {
	struct table counts;  /* packed (what, cell) -> count */
	struct table numbers; /* packed (what, cell) -> index in values */
	struct cell_number *values;
	uint32_t *owners; /* what values[i] is of */
	size_t value_count;
	size_t value_capacity;
	size_t owner_capacity;
	size_t limit;
	unsigned step;
};

void cells_init(struct cells *, size_t limit);
void cells_release(struct cells *);

/* Width of a cell at this step, and the cell that a time lies in. */
int64_t cells_width_ns(unsigned step);
int64_t cells_index(unsigned step, int64_t time_ns);

/* `what` is below 2^26. */
void cells_count(struct cells *, uint32_t what, int64_t time_ns, uint64_t count);
/* Values past a million millions count as that. */
void cells_number(struct cells *, uint32_t what, int64_t time_ns, double value);

/* Makes the cells at least this wide. */
void cells_widen(struct cells *, unsigned step);

/* Takes out all cells of every `what` for which dead[what] is true. */
void cells_drop(struct cells *, const bool *dead);

/* Adds all of `from`, whose `what` is renamed by names[what]; UINT32_MAX leaves it out. */
void cells_merge(struct cells *into, const struct cells *from, const uint32_t *names);

/* One entry of the counts, taken out for sorting. */
struct cell_entry {
	uint32_t what;
	struct cell cell;
};

/* All counts, by what, then time; count entries, freed by the caller. */
struct cell_entry *cells_sorted(const struct cells *, size_t *count);

#endif
