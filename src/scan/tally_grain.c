/* SPDX-License-Identifier: MIT */
/*
 * How finely time is counted. Cells are widened until they fit, and templates are thinned until
 * they fit; who counted what, and in which order, must show in neither. But templates that are
 * still there, and will be thinned out later, would widen what needs no widening without them; so
 * would services. So the lists of a tally have grains, each with a width of its own: for services
 * with their rules, for ordinary templates and for those of problems one for each number of
 * thinnings that they outlive, which the last bits of their hashes say.
 *
 * For each number of thinnings there is a bound: the narrowest width at which all of a class that
 * outlive so many have room, as if they were those that stay. At the end all lists take the widest
 * of the bounds of those that did stay, or a wider one at which all of them fit together. Until
 * then a grain is as narrow as the narrowest of the bounds that may come to hold for it.
 *
 * While a bound may still come to hold, no line that it depends on was given up, and more lines can
 * only widen it. So a worker, who has seen a part of the lines, never goes past what all of them
 * need, and the end is the same whoever counted.
 */
#include "src/scan/tally_parts.h"

/* What is held for the case that templates come to be thinned is to be little, and less for what
 * takes a million pairs of service and template; but so many cells each must have room. */
#define LEVELS_OF_HALF_ROOM 5
#define LEAST_CELLS	    2

static unsigned grain_at(enum grain_class class, unsigned level)
{
	return (unsigned)class * TALLY_LEVELS + level;
}

uint8_t tally_grain_of(uint64_t hash, enum grain_class class)
{
	unsigned outlives = hash == 0 ? 63 : (unsigned)__builtin_ctzll(hash);
	unsigned level = outlives < TALLY_LEVELS ? outlives : TALLY_LEVELS - 1;
	return (uint8_t)grain_at(class, level);
}

/* The level from which on nothing was given up yet. */
static unsigned first_level(const struct tally *t, enum grain_class class)
{
	unsigned level = class == GRAINS_OF_SERVICES
				 ? t->service_sampling
				 : t->template_sampling[class == GRAINS_OF_PROBLEMS];
	return level < TALLY_LEVELS ? level : TALLY_LEVELS - 1;
}

/* ---- all lists, brought to a width ---- */

void tally_widen_begin(
	struct tally_widening *w, struct tally *t, const uint8_t *steps, bool in_order)
{
	w->t = t;
	w->in_order = in_order;
	w->nothing_to_do = in_order && memcmp(steps, t->steps, sizeof(t->steps)) == 0;
	for (size_t g = 0; g < TALLY_GRAINS; g++) {
		int64_t width_ns = cells_width_ns(t->steps[g]);
		/* one that was given up may have been wider, and has no cells any more */
		int64_t factor = i64_max(1, cells_width_ns(steps[g]) / width_ns);
		w->of[g] = (struct tally_width){ width_ns, factor };
	}
	memcpy(w->steps, steps, sizeof(w->steps));
}

static void widen_list(const struct tally_widening *w, unsigned grain, struct cell_list *list)
{
	if (grain == TALLY_UNTIMED || (w->in_order && w->of[grain].factor == 1))
		return;
	cell_list_compact(list, w->of[grain].factor, w->of[grain].width_ns);
}

void tally_widen_part(const struct tally_widening *w, size_t part)
{
	struct tally *t = w->t;
	size_t services = t->service_names.count;
	if (w->nothing_to_do)
		return;
	if (part < services) {
		struct tally_service *s = &t->services[part];
		widen_list(w, s->grain, &s->lines.cells);
		widen_list(w, s->grain, &s->problems.cells);
		return;
	}
	size_t end = tally_part_end(t, part - services);
	for (size_t i = (part - services) * SUBJECTS_A_PART; i < end; i++)
		widen_list(w, t->subjects[i].grain, &t->subjects[i].counter.cells);
}

/* How many lists of a grain hold. What is counted, but not over time, has empty ones. */
static void count_cells(const struct tally *t, size_t *counts)
{
	memset(counts, 0, TALLY_GRAINS * sizeof(*counts));
	for (size_t i = 0; i < t->service_names.count; i++) {
		const struct tally_service *s = &t->services[i];
		if (s->grain != TALLY_UNTIMED)
			counts[s->grain] += s->lines.cells.count + s->problems.cells.count;
	}
	for (size_t i = 0; i < t->subject_count; i++) {
		const struct tally_subject *s = &t->subjects[i];
		if (s->grain != TALLY_UNTIMED)
			counts[s->grain] += s->counter.cells.count;
	}
	for (size_t i = 0; i < t->quantity_count; i++) {
		const struct tally_quantity *q = &t->quantities[i];
		counts[t->services[q->service].grain] += q->numbers.count;
	}
}

void tally_widen_end(const struct tally_widening *w, size_t *counts)
{
	struct tally *t = w->t;
	memcpy(t->steps, w->steps, sizeof(t->steps));
	for (size_t i = 0; i < t->quantity_count; i++) {
		struct tally_quantity *q = &t->quantities[i];
		number_list_compact(&q->numbers, w->of[t->services[q->service].grain].factor);
	}
	count_cells(t, counts);
	t->cell_count = 0;
	for (size_t g = 0; g < TALLY_GRAINS; g++)
		t->cell_count += counts[g];
}

/* Each cell once and in order; no grain becomes narrower. Counts the cells of each grain. */
static void compact_all(struct tally *t, bool in_order, const uint8_t *steps, size_t *counts)
{
	struct tally_widening w;
	tally_widen_begin(&w, t, steps, in_order);
	for (size_t part = 0, parts = tally_part_count(t); part < parts; part++)
		tally_widen_part(&w, part);
	tally_widen_end(&w, counts);
}

/* ---- counts at other widths ---- */

/* How many cells the lists of each grain would have, of the classes and at the widths that were
 * asked for: a pass over all lists for each, and several levels ask for the same. */
struct census {
	const struct tally *t;
	bool known[GRAIN_CLASSES][CELLS_STEPS];
	size_t counts[CELLS_STEPS][TALLY_GRAINS];
};

static void take_census(struct census *census, enum grain_class class, unsigned step)
{
	const struct tally *t = census->t;
	size_t *sums = census->counts[step];
	int64_t factors[TALLY_GRAINS] = { 0 }; /* 0: of another class, or wider: nobody asks */
	for (unsigned level = 0; level < TALLY_LEVELS; level++) {
		unsigned grain = grain_at(class, level);
		factors[grain] = cells_width_ns(step) / cells_width_ns(t->steps[grain]);
	}
	for (size_t i = 0; i < t->service_names.count; i++) {
		const struct tally_service *s = &t->services[i];
		if (s->grain != TALLY_UNTIMED && factors[s->grain] > 0)
			sums[s->grain] += cell_list_count(&s->lines.cells, factors[s->grain]) +
					  cell_list_count(&s->problems.cells, factors[s->grain]);
	}
	for (size_t i = 0; i < t->subject_count; i++) {
		const struct tally_subject *s = &t->subjects[i];
		if (s->grain != TALLY_UNTIMED && factors[s->grain] > 0)
			sums[s->grain] += cell_list_count(&s->counter.cells, factors[s->grain]);
	}
	for (size_t i = 0; i < t->quantity_count; i++) {
		unsigned grain = t->services[t->quantities[i].service].grain;
		if (factors[grain] > 0)
			sums[grain] += number_list_count(&t->quantities[i].numbers, factors[grain]);
	}
	census->known[class][step] = true;
}

/* Of a class from this level on, none of them at a wider width. */
static size_t class_cells(
	struct census *census, enum grain_class class, unsigned level, unsigned step)
{
	size_t count = 0;
	if (!census->known[class][step])
		take_census(census, class, step);
	for (; level < TALLY_LEVELS; level++)
		count += census->counts[step][grain_at(class, level)];
	return count;
}

/* ---- bounds ---- */

static size_t room_of(const struct tally *t, unsigned level)
{
	size_t full = t->limits.cells;
	if (level == 0)
		return full;
	if (level < LEVELS_OF_HALF_ROOM)
		return full / 2;
	size_t least = size_min(full / 2, LEAST_CELLS * t->limits.templates);
	return size_max(full / 4 >> (level - LEVELS_OF_HALF_ROOM), least);
}

/* `counts`: of the grains at their present widths, which are no wider than the bound. */
static void raise_bounds(
	struct tally *t, enum grain_class class, const size_t *counts, struct census *census)
{
	size_t most = 0;
	for (unsigned level = TALLY_LEVELS; level-- > first_level(t, class);) {
		uint8_t *bound = &t->bounds[grain_at(class, level)];
		most += counts[grain_at(class, level)];
		if (most <= room_of(t, level))
			continue;
		while (class_cells(census, class, level, *bound) > room_of(t, level) &&
			*bound + 1U < CELLS_STEPS)
			++*bound;
	}
}

/* Each grain as narrow as the narrowest bound that may come to hold for it. */
static void take_bounds(const struct tally *t, uint8_t *steps)
{
	memcpy(steps, t->steps, sizeof(t->steps));
	for (enum grain_class class = 0; class < GRAIN_CLASSES; class ++) {
		uint8_t least = UINT8_MAX;
		for (unsigned level = first_level(t, class); level < TALLY_LEVELS; level++) {
			unsigned grain = grain_at(class, level);
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
	struct census census = { .t = t };
	compact_all(t, false, t->steps, counts);
	for (enum grain_class class = 0; class < GRAIN_CLASSES; class ++)
		raise_bounds(t, class, counts, &census);
	take_bounds(t, steps);
	compact_all(t, true, steps, counts);
	/* between two calls so many may be appended, twice or out of order */
	t->cell_ceiling = t->cell_count + t->limits.cells;
}

/* ---- the end ---- */

unsigned tally_least_step(const struct tally *t)
{
	unsigned least = 0;
	for (enum grain_class class = 0; class < GRAIN_CLASSES; class ++) {
		unsigned bound = t->bounds[grain_at(class, first_level(t, class))];
		least = bound > least ? bound : least;
	}
	return least;
}

bool tally_classes_fit(const struct tally *t, const size_t *counts)
{
	for (enum grain_class class = 0; class < GRAIN_CLASSES; class ++) {
		unsigned first = first_level(t, class);
		size_t count = 0;
		for (unsigned level = first; level < TALLY_LEVELS; level++)
			count += counts[grain_at(class, level)];
		if (count > room_of(t, first))
			return false;
	}
	return true;
}
