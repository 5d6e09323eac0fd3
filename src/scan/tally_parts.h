/* SPDX-License-Identifier: MIT */
/*
 * What the files of the tally share: counting in place (tally.c), the width of cells
 * (tally_grain.c), services (tally_service.c), templates (tally_template.c) and the joining of all
 * workers' tallies (tally_join.c).
 */
#ifndef LINEUP_TALLY_PARTS_H
#define LINEUP_TALLY_PARTS_H

#include "lineup/tally.h"

static inline uint64_t tally_mix(uint64_t a, uint64_t b)
{
	uint64_t h = (a ^ (a >> 32)) * 0xd6e8feb86659fd93ULL + b;
	return (h ^ (h >> 29)) * 0xff51afd7ed558ccdULL;
}

static inline uint64_t tally_subject_key(enum subject_kind kind, uint64_t id, uint64_t service_hash)
{
	return tally_mix(id + (uint64_t)kind, service_hash);
}

/* The one site of both, or several. */
static inline uint64_t tally_site_of(uint64_t a, uint64_t b)
{
	if (a == SITE_NONE || b == SITE_NONE)
		return a == SITE_NONE ? b : a;
	return a == b ? a : SITE_SEVERAL;
}

/* Whose lists they are. */
enum grain_class { GRAINS_OF_SERVICES, GRAINS_OF_TEMPLATES, GRAINS_OF_PROBLEMS, GRAIN_CLASSES };

static inline bool tally_is_problem(enum level level)
{
	return level >= LEVEL_WARNING;
}

/* ---- tally.c ---- */

extern const struct counter counter_none;

/* All but the cells. */
void tally_counter_add(struct counter *into, const struct counter *from);

/* NULL when there is none. Subjects move when one is added. */
struct tally_subject *tally_subject_find(
	struct tally *, enum subject_kind, uint64_t id, uint64_t service_hash);
struct tally_subject *tally_subject_add(struct tally *, enum subject_kind, uint64_t id,
	uint32_t service, uint64_t service_hash, enum level);
void tally_subject_drop(struct tally *, struct tally_subject *);

/* Finds again those that are kept, when some were dropped or have come under another name. */
void tally_subjects_index(struct tally *);

/* The numbers of a rule's capture in a service. */
struct number_list *tally_quantity_of(
	struct tally *, uint32_t rule, uint32_t service, struct str name);

/* Follows requests at least this thinly, and more so until their events fit. */
void tally_thin_events(struct tally *, unsigned sampling);

/* ---- tally_service.c ---- */

/* The number of a service by the name that it is counted under, added when new, whether or not
 * there is room. */
uint32_t tally_service_keep(struct tally *, struct str name, uint64_t hash);

/* Samples services at least this thinly, and more so until they fit. */
void tally_thin_services(struct tally *, unsigned sampling);

/* ---- tally_grain.c: the only place that changes the width of cells ---- */

uint8_t tally_grain_of(uint64_t hash, enum grain_class);

/* Brings all lists into the bounds, and the bounds to what they hold. */
void tally_compact(struct tally *);

/* A tally is gone over in parts that share nothing: a service's lists, or those of some subjects.
 * First come the parts of services. */
#define SUBJECTS_A_PART 4

static inline size_t tally_part_count(const struct tally *t)
{
	return t->service_names.count + (t->subject_count + SUBJECTS_A_PART - 1) / SUBJECTS_A_PART;
}

/* Behind the last subject of a part, counted from the first part of subjects. */
static inline size_t tally_part_end(const struct tally *t, size_t part)
{
	return size_min((part + 1) * SUBJECTS_A_PART, t->subject_count);
}

struct tally_width {
	int64_t width_ns; /* before */
	int64_t factor;
};

/* All lists on their way to a width, in order and with each cell once. */
struct tally_widening {
	struct tally *t;
	bool in_order; /* they are so before */
	bool nothing_to_do;
	uint8_t steps[TALLY_GRAINS];
	struct tally_width of[TALLY_GRAINS];
};

/* `steps`: of each grain, none narrower than it is. Then each part, by any thread, then the end,
 * which counts the cells of each grain. */
void tally_widen_begin(
	struct tally_widening *, struct tally *, const uint8_t *steps, bool in_order);
void tally_widen_part(const struct tally_widening *, size_t part);
void tally_widen_end(const struct tally_widening *, size_t *counts);

/* At the end: the widest of the bounds that hold, and whether the bounds would hold at a width at
 * which there are so many cells of each grain. */
unsigned tally_least_step(const struct tally *);
bool tally_classes_fit(const struct tally *, const size_t *counts);

/* ---- tally_template.c ---- */

bool tally_thinned_out(const struct tally *, uint64_t template_id, bool problem);

/* Samples templates at least this thinly, and more so until they fit. */
void tally_thin_templates(struct tally *, bool problem, unsigned sampling);

/* Before the first line is offered as evidence. */
void tally_set_text(struct tally_subject *, struct str text);

/* ---- one count, in the path of every line ---- */

static inline void tally_note_growth(struct tally *t, int grown)
{
	t->cell_count += (size_t)grown;
	if (unlikely(t->cell_count > t->cell_ceiling))
		tally_compact(t);
}

/* Of a list that goes. */
static inline void tally_forget_cells(struct tally *t, size_t count)
{
	t->cell_count -= count;
}

/* The cell that the time lies in. */
void tally_enter_cell(struct time_cell *, unsigned step, int64_t time_ns);

/* One line at this time. Mostly it is in the cell of the line before, which saves a division. */
static inline struct cell tally_cell(struct tally *t, unsigned grain, int64_t time_ns)
{
	struct time_cell *last = &t->last_cells[grain >= TALLY_LEVELS];
	unsigned step = t->steps[grain];
	if (last->step != step || time_ns < last->from_ns || time_ns >= last->to_ns)
		tally_enter_cell(last, step, time_ns);
	return (struct cell){ last->index, 1, cell_ms(time_ns - last->from_ns) };
}

static inline void tally_count(struct tally *t, struct counter *c, unsigned grain, int64_t time_ns)
{
	c->total++;
	if (time_ns == TIME_NONE) {
		c->undated++;
		return;
	}
	if (c->first_ns == TIME_NONE || time_ns < c->first_ns)
		c->first_ns = time_ns;
	if (c->last_ns == TIME_NONE || time_ns > c->last_ns)
		c->last_ns = time_ns;
	if (likely(grain != TALLY_UNTIMED))
		tally_note_growth(t, cell_list_add(&c->cells, tally_cell(t, grain, time_ns)));
}

void tally_merge_left_out(struct tally *into, const struct left_out *from);

#endif
