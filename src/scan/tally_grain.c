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
	struct widths of[TALLY_GRAINS];
};

static void compact_list(const struct compacting *c, unsigned grain, struct cell_list *list)
{
	if (grain == TALLY_UNTIMED)
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
	for (size_t i = 0; i < t->quantity_count; i++) {
		struct tally_quantity *q = &t->quantities[i];
		number_list_compact(&q->numbers, c.of[t->services[q->service].grain].factor);
	}
	count_cells(t, counts);
	t->cell_count = 0;
	for (size_t g = 0; g < TALLY_GRAINS; g++)
		t->cell_count += counts[g];
}

/* ---- bounds ---- */

/* The lists of some grains, were they of this width. */
struct wider {
	const struct tally *t;
	unsigned first_grain, last_grain;
	int64_t width_ns;
};

static size_t count_wider(const struct wider *w, unsigned grain, const struct cell_list *list)
{
	if (grain < w->first_grain || grain > w->last_grain)
		return 0;
	return cell_list_count(list, w->width_ns / cells_width_ns(w->t->steps[grain]));
}

/* How many cells would the lists of a class from this level on have? */
static size_t class_cells(
	const struct tally *t, enum grain_class class, unsigned level, unsigned step)
{
	struct wider w = { t, grain_at(class, level), grain_at(class, TALLY_LEVELS - 1),
		cells_width_ns(step) };
	size_t count = 0;
	for (size_t i = 0; i < t->subject_count; i++)
		count += count_wider(&w, t->subjects[i].grain, &t->subjects[i].counter.cells);
	if (class != GRAINS_OF_SERVICES)
		return count;
	for (size_t i = 0; i < t->service_names.count; i++) {
		const struct tally_service *s = &t->services[i];
		count += count_wider(&w, s->grain, &s->lines.cells) +
			 count_wider(&w, s->grain, &s->problems.cells);
	}
	for (size_t i = 0; i < t->quantity_count; i++) {
		unsigned grain = t->services[t->quantities[i].service].grain;
		if (grain >= w.first_grain && grain <= w.last_grain)
			count += number_list_count(&t->quantities[i].numbers,
				w.width_ns / cells_width_ns(t->steps[grain]));
	}
	return count;
}

static size_t all_cells(const struct tally *t, unsigned step)
{
	size_t count = 0;
	for (enum grain_class class = 0; class < GRAIN_CLASSES; class ++)
		count += class_cells(t, class, first_level(t, class), step);
	return count;
}

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
static void raise_bounds(struct tally *t, enum grain_class class, const size_t *counts)
{
	size_t most = 0;
	for (unsigned level = TALLY_LEVELS; level-- > first_level(t, class);) {
		uint8_t *bound = &t->bounds[grain_at(class, level)];
		most += counts[grain_at(class, level)];
		if (most <= room_of(t, level))
			continue;
		while (class_cells(t, class, level, *bound) > room_of(t, level) &&
			*bound + 1U < cells_steps())
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
	compact_all(t, t->steps, counts);
	for (enum grain_class class = 0; class < GRAIN_CLASSES; class ++)
		raise_bounds(t, class, counts);
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
	while (all_cells(t, widest) > t->limits.cells && widest + 1U < cells_steps())
		widest++;
	memset(steps, widest, sizeof(steps));
	compact_all(t, steps, counts);
	return cells_width_ns(widest);
}
