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
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "src/scan/tally_parts.h"

/* What is held for the case that templates come to be thinned is to be little, and less for what
 * takes a million pairs of service and template; but so many cells each must have room. */
#define LEVELS_OF_HALF_ROOM 5
#define LEAST_CELLS	    2

/* Lists that are gone over side by side: those of a service, or of some subjects. */
#define SUBJECTS_A_PART 4

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

struct widths {
	int64_t width_ns; /* before */
	int64_t factor;
};

struct compacting {
	struct tally *t;
	bool in_order; /* all lists are, and have each cell once */
	struct widths of[TALLY_GRAINS];
};

static void compact_list(const struct compacting *c, unsigned grain, struct cell_list *list)
{
	if (grain == TALLY_UNTIMED || (c->in_order && c->of[grain].factor == 1))
		return;
	cell_list_compact(list, c->of[grain].factor, c->of[grain].width_ns);
}

static void compact_part(void *context, size_t part)
{
	const struct compacting *c = context;
	struct tally *t = c->t;
	size_t services = t->service_names.count;
	if (part < services) {
		struct tally_service *s = &t->services[part];
		compact_list(c, s->grain, &s->lines.cells);
		compact_list(c, s->grain, &s->problems.cells);
		return;
	}
	size_t first = (part - services) * SUBJECTS_A_PART;
	size_t end = size_min(first + SUBJECTS_A_PART, t->subject_count);
	for (size_t i = first; i < end; i++)
		compact_list(c, t->subjects[i].grain, &t->subjects[i].counter.cells);
}

/* How many lists of a grain hold. What is counted, but not over time, has empty ones. */
static void count_cells(const struct tally *t, size_t *counts)
{
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

/* Each cell once and in order; no grain becomes narrower. Counts the cells of each grain. */
static void compact_all(struct tally *t, bool in_order, const uint8_t *steps, size_t *counts)
{
	struct compacting c = { .t = t, .in_order = in_order };
	bool widens = memcmp(steps, t->steps, sizeof(t->steps)) != 0;
	for (size_t g = 0; g < TALLY_GRAINS; g++) {
		int64_t width_ns = cells_width_ns(t->steps[g]);
		/* one that was given up may have been wider, and has no cells any more */
		int64_t factor = i64_max(1, cells_width_ns(steps[g]) / width_ns);
		c.of[g] = (struct widths){ width_ns, factor };
		counts[g] = 0;
	}
	size_t parts = (t->subject_count + SUBJECTS_A_PART - 1) / SUBJECTS_A_PART;
	if (widens || !in_order)
		parallel_each(t->threads, t->service_names.count + parts, compact_part, &c);
	memmove(t->steps, steps, sizeof(t->steps));
	for (size_t i = 0; i < t->quantity_count; i++) {
		struct tally_quantity *q = &t->quantities[i];
		number_list_compact(&q->numbers, c.of[t->services[q->service].grain].factor);
	}
	count_cells(t, counts);
	t->cell_count = 0;
	for (size_t g = 0; g < TALLY_GRAINS; g++)
		t->cell_count += counts[g];
}

/* ---- counts at other widths ---- */

/* How many cells the lists of each grain would have, of the classes and at the widths that were
 * asked for: a pass over all lists for each, and several levels ask for the same. */
struct census {
	const struct tally *t;
	bool known[GRAIN_CLASSES][CELLS_STEPS];
	size_t counts[CELLS_STEPS][TALLY_GRAINS];
};

/* One such pass. */
struct counting {
	const struct tally *t;
	enum grain_class class;
	int64_t width_ns;
	uint32_t *counts; /* of each service, then of each subject */
};

/* 0 where the list is of another class, or of a grain that is wider: nobody asks for those. */
static int64_t factor_of(const struct counting *c, unsigned grain)
{
	if (grain == TALLY_UNTIMED || grain / TALLY_LEVELS != (unsigned)c->class)
		return 0;
	return c->width_ns / cells_width_ns(c->t->steps[grain]);
}

static uint32_t count_list(const struct counting *c, unsigned grain, const struct cell_list *list)
{
	int64_t factor = factor_of(c, grain);
	return factor == 0 ? 0 : cell_list_count(list, factor);
}

static void count_part(void *context, size_t part)
{
	const struct counting *c = context;
	size_t services = c->t->service_names.count;
	if (part < services) {
		const struct tally_service *s = &c->t->services[part];
		c->counts[part] = count_list(c, s->grain, &s->lines.cells) +
				  count_list(c, s->grain, &s->problems.cells);
		return;
	}
	size_t first = (part - services) * SUBJECTS_A_PART;
	size_t end = size_min(first + SUBJECTS_A_PART, c->t->subject_count);
	for (size_t i = first; i < end; i++) {
		const struct tally_subject *s = &c->t->subjects[i];
		c->counts[services + i] = count_list(c, s->grain, &s->counter.cells);
	}
}

static void take_census(struct census *census, enum grain_class class, unsigned step)
{
	const struct tally *t = census->t;
	size_t *sums = census->counts[step], services = t->service_names.count;
	struct counting c = { t, class, cells_width_ns(step),
		mem_zalloc(services + t->subject_count, sizeof(*c.counts)) };
	size_t parts = (t->subject_count + SUBJECTS_A_PART - 1) / SUBJECTS_A_PART;
	parallel_each(t->threads, services + parts, count_part, &c);
	for (size_t i = 0; i < services; i++) {
		if (c.counts[i] > 0)
			sums[t->services[i].grain] += c.counts[i];
	}
	for (size_t i = 0; i < t->subject_count; i++) {
		if (c.counts[services + i] > 0)
			sums[t->subjects[i].grain] += c.counts[services + i];
	}
	for (size_t i = 0; i < t->quantity_count; i++) {
		unsigned grain = t->services[t->quantities[i].service].grain;
		int64_t factor = factor_of(&c, grain);
		if (factor > 0)
			sums[grain] += number_list_count(&t->quantities[i].numbers, factor);
	}
	census->known[class][step] = true;
	free(c.counts);
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

void tally_fit(struct tally *t, bool in_order)
{
	size_t counts[TALLY_GRAINS];
	uint8_t steps[TALLY_GRAINS];
	struct census census = { .t = t };
	compact_all(t, in_order, t->steps, counts);
	for (enum grain_class class = 0; class < GRAIN_CLASSES; class ++)
		raise_bounds(t, class, counts, &census);
	take_bounds(t, steps);
	compact_all(t, true, steps, counts);
	t->fitted_count = t->cell_count;
	/* between two calls so many may be appended, twice or out of order */
	t->cell_ceiling = t->cell_count + t->limits.cells;
}

void tally_compact(struct tally *t)
{
	if (t->cell_count != t->fitted_count)
		tally_fit(t, false);
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
	compact_all(a, true, steps, counts);
	compact_all(b, true, steps, counts);
}

static void drop_templates_of_others(struct tally *t)
{
	for (size_t i = 0; i < t->subject_count; i++) {
		struct tally_subject *s = &t->subjects[i];
		if (s->kind == SUBJECT_TEMPLATE && !s->dropped && s->service == t->other_services)
			tally_subject_drop(t, s);
	}
}

int64_t tally_settle(struct tally *t)
{
	size_t counts[TALLY_GRAINS];
	uint8_t steps[TALLY_GRAINS];
	tally_compact(t);
	uint8_t widest = 0;
	for (enum grain_class class = 0; class < GRAIN_CLASSES; class ++) {
		uint8_t bound = t->bounds[grain_at(class, first_level(t, class))];
		widest = bound > widest ? bound : widest;
	}
	drop_templates_of_others(t);
	do {
		memset(steps, widest, sizeof(steps));
		compact_all(t, true, steps, counts);
	} while (t->cell_count > t->limits.cells && ++widest < CELLS_STEPS);
	return cells_width_ns(t->steps[0]);
}
