/* SPDX-License-Identifier: MIT */
/*
 * How finely time is counted. Cells are widened until they fit, and templates are thinned until
 * they fit; who counted what, and in which order, must show in neither. But templates that are
 * still there, and will be thinned out later, would widen what needs no widening without them. So
 * the lists of a tally have grains, each with a width of its own: one for services and rules, and
 * for templates, ordinary and of problems apart, one for each number of thinnings that they
 * outlive, which the last bits of their ids say.
 *
 * For each number of thinnings there is a bound: the narrowest width at which all templates that
 * outlive so many have room, as if they were those that stay. At the end all lists take the widest
 * of the bounds of services and rules and of the templates that did stay, or a wider one at which
 * all of them fit together. Until then a grain is as narrow as the narrowest of the bounds that may
 * come to hold for it.
 *
 * While a bound may still come to hold, no line that it depends on was given up, and more lines can
 * only widen it. So a worker, who has seen a part of the lines, never goes past what all of them
 * need, and the end is the same whoever counted.
 */
#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "src/scan/tally_parts.h"

/* What is held for the case that templates come to be thinned is to be little, and less for what
 * takes a million pairs of service and template; but so many cells each must have room. */
#define LEVELS_OF_HALF_ROOM 5
#define LEAST_CELLS	    2

/* Lists that are gone over side by side: those of a service, or of some subjects. */
#define SUBJECTS_A_PART 4

#define BASE_GRAIN 0

static unsigned grain_at(bool problem, unsigned level)
{
	return 1 + (problem ? TALLY_LEVELS : 0U) + level;
}

uint8_t tally_grain_of(uint64_t template_id, bool problem)
{
	unsigned outlives = template_id == 0 ? 63 : (unsigned)__builtin_ctzll(template_id);
	unsigned level = outlives < TALLY_LEVELS ? outlives : TALLY_LEVELS - 1;
	return (uint8_t)grain_at(problem, level);
}

/* The level from which on nothing was given up yet. */
static unsigned first_level(const struct tally *t, bool problem)
{
	unsigned level = t->template_sampling[problem];
	return level < TALLY_LEVELS ? level : TALLY_LEVELS - 1;
}

/* ---- all lists, brought to a width ---- */

struct widths {
	int64_t width_ns; /* before */
	int64_t factor;
};

struct compacting {
	struct tally *t;
	struct widths of[TALLY_GRAINS];
};

static void compact_list(const struct compacting *c, unsigned grain, struct cell_list *list)
{
	cell_list_compact(list, c->of[grain].factor, c->of[grain].width_ns);
}

static void compact_part(void *context, size_t part)
{
	const struct compacting *c = context;
	struct tally *t = c->t;
	size_t services = t->service_names.count;
	if (part < services) {
		compact_list(c, BASE_GRAIN, &t->services[part].lines.cells);
		compact_list(c, BASE_GRAIN, &t->services[part].problems.cells);
		return;
	}
	size_t first = (part - services) * SUBJECTS_A_PART;
	size_t end = size_min(first + SUBJECTS_A_PART, t->subject_count);
	for (size_t i = first; i < end; i++)
		compact_list(c, t->subjects[i].grain, &t->subjects[i].counter.cells);
}

/* Each cell once and in order; no grain becomes narrower. Counts the cells of each grain. */
static void compact_all(struct tally *t, const uint8_t *steps, size_t *counts)
{
	struct compacting c = { .t = t };
	for (size_t g = 0; g < TALLY_GRAINS; g++) {
		int64_t width_ns = cells_width_ns(t->steps[g]);
		c.of[g] = (struct widths){ width_ns, cells_width_ns(steps[g]) / width_ns };
		counts[g] = 0;
	}
	size_t parts = (t->subject_count + SUBJECTS_A_PART - 1) / SUBJECTS_A_PART;
	parallel_each(t->threads, t->service_names.count + parts, compact_part, &c);
	memmove(t->steps, steps, sizeof(t->steps));
	for (size_t i = 0; i < t->service_names.count; i++)
		counts[BASE_GRAIN] +=
			t->services[i].lines.cells.count + t->services[i].problems.cells.count;
	for (size_t i = 0; i < t->subject_count; i++)
		counts[t->subjects[i].grain] += t->subjects[i].counter.cells.count;
	for (size_t i = 0; i < t->quantity_count; i++) {
		number_list_compact(&t->quantities[i].numbers, c.of[BASE_GRAIN].factor);
		counts[BASE_GRAIN] += t->quantities[i].numbers.count;
	}
	t->cell_count = 0;
	for (size_t g = 0; g < TALLY_GRAINS; g++)
		t->cell_count += counts[g];
}

/* ---- bounds ---- */

/* How many cells would the lists of services and rules have? */
static size_t base_cells(const struct tally *t, unsigned step)
{
	int64_t factor = cells_width_ns(step) / cells_width_ns(t->steps[BASE_GRAIN]);
	size_t count = 0;
	for (size_t i = 0; i < t->service_names.count; i++)
		count += cell_list_count(&t->services[i].lines.cells, factor) +
			 cell_list_count(&t->services[i].problems.cells, factor);
	for (size_t i = 0; i < t->subject_count; i++) {
		if (t->subjects[i].grain == BASE_GRAIN)
			count += cell_list_count(&t->subjects[i].counter.cells, factor);
	}
	for (size_t i = 0; i < t->quantity_count; i++)
		count += number_list_count(&t->quantities[i].numbers, factor);
	return count;
}

/* And those of the templates from this level on? */
static size_t template_cells(const struct tally *t, bool problem, unsigned level, unsigned step)
{
	unsigned first = grain_at(problem, level), last = grain_at(problem, TALLY_LEVELS - 1);
	int64_t width_ns = cells_width_ns(step);
	size_t count = 0;
	for (size_t i = 0; i < t->subject_count; i++) {
		unsigned grain = t->subjects[i].grain;
		if (grain >= first && grain <= last)
			count += cell_list_count(&t->subjects[i].counter.cells,
				width_ns / cells_width_ns(t->steps[grain]));
	}
	return count;
}

static size_t all_cells(const struct tally *t, unsigned step)
{
	return base_cells(t, step) + template_cells(t, false, first_level(t, false), step) +
	       template_cells(t, true, first_level(t, true), step);
}

static size_t template_room(const struct tally *t, unsigned level)
{
	size_t full = t->limits.cells;
	if (level == 0)
		return full;
	if (level < LEVELS_OF_HALF_ROOM)
		return full / 2;
	size_t least = size_min(full / 2, LEAST_CELLS * t->limits.templates);
	return size_max(full / 4 >> (level - LEVELS_OF_HALF_ROOM), least);
}

static void raise_base_bound(struct tally *t, size_t count)
{
	uint8_t *bound = &t->bounds[BASE_GRAIN];
	while (count > t->limits.cells && *bound + 1U < cells_steps())
		count = base_cells(t, ++*bound);
}

/* `counts`: of the grains at their present widths, which are no wider than the bound. */
static void raise_template_bounds(struct tally *t, bool problem, const size_t *counts)
{
	size_t most = 0;
	for (unsigned level = TALLY_LEVELS; level-- > first_level(t, problem);) {
		uint8_t *bound = &t->bounds[grain_at(problem, level)];
		most += counts[grain_at(problem, level)];
		if (most <= template_room(t, level))
			continue;
		while (template_cells(t, problem, level, *bound) > template_room(t, level) &&
			*bound + 1U < cells_steps())
			++*bound;
	}
}

/* Each grain as narrow as the narrowest bound that may come to hold for it. */
static void take_bounds(const struct tally *t, uint8_t *steps)
{
	memcpy(steps, t->steps, sizeof(t->steps));
	steps[BASE_GRAIN] = t->bounds[BASE_GRAIN];
	for (unsigned problem = 0; problem < 2; problem++) {
		uint8_t least = UINT8_MAX;
		for (unsigned level = first_level(t, problem); level < TALLY_LEVELS; level++) {
			unsigned grain = grain_at(problem, level);
			if (t->bounds[grain] < least)
				least = t->bounds[grain];
			if (least > steps[grain])
				steps[grain] = least;
		}
	}
}

void tally_compact(struct tally *t)
{
	size_t counts[TALLY_GRAINS];
	uint8_t steps[TALLY_GRAINS];
	compact_all(t, t->steps, counts);
	raise_base_bound(t, counts[BASE_GRAIN]);
	raise_template_bounds(t, false, counts);
	raise_template_bounds(t, true, counts);
	take_bounds(t, steps);
	if (memcmp(steps, t->steps, sizeof(steps)) != 0)
		compact_all(t, steps, counts);
	/* between two calls so many may be appended, twice or out of order */
	t->cell_ceiling = t->cell_count + t->limits.cells;
}

void tally_align(struct tally *a, struct tally *b)
{
	size_t counts[TALLY_GRAINS];
	uint8_t steps[TALLY_GRAINS];
	tally_compact(a);
	tally_compact(b);
	for (size_t g = 0; g < TALLY_GRAINS; g++) {
		if (b->bounds[g] > a->bounds[g])
			a->bounds[g] = b->bounds[g];
	}
	take_bounds(a, steps);
	for (size_t g = 0; g < TALLY_GRAINS; g++) {
		if (b->steps[g] > steps[g])
			steps[g] = b->steps[g];
	}
	if (memcmp(steps, a->steps, sizeof(steps)) != 0)
		compact_all(a, steps, counts);
	if (memcmp(steps, b->steps, sizeof(steps)) != 0)
		compact_all(b, steps, counts);
}

int64_t tally_settle(struct tally *t)
{
	size_t counts[TALLY_GRAINS];
	uint8_t steps[TALLY_GRAINS];
	tally_compact(t);
	uint8_t widest = t->bounds[BASE_GRAIN];
	for (unsigned problem = 0; problem < 2; problem++) {
		uint8_t bound = t->bounds[grain_at(problem, first_level(t, problem))];
		widest = bound > widest ? bound : widest;
	}
	while (all_cells(t, widest) > t->limits.cells && widest + 1U < cells_steps())
		widest++;
	memset(steps, widest, sizeof(steps));
	compact_all(t, steps, counts);
	return cells_width_ns(widest);
}
