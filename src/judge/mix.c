/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/table.h"
#include "src/judge/trial.h"

/*
 * Like with like. A service answers requests of several kinds, and says other lines in each: when
 * more of one kind come, so do its lines, and when a kind comes for the first time, all that it
 * says anywhere is new. Neither is a change in what a service does. So the share of its requests
 * that hold a line is compared within each kind, which is the first line of the request: the
 * baseline's share is what it would have been with the incident's mix of kinds. A kind that the
 * baseline does not hold has nothing to be compared with, and shows by its first line alone.
 *
 * The baseline's requests count for as many as tell the share as well without a mix: w being each
 * kind's part of the incident, its variance is the sum of w^2 p (1 - p) / n.
 */
#define FEW   2	   /* requests of a kind that are none: their first lines are all different */
#define ASKED 4096 /* requests of a service tell its kinds; of more, about so many are taken */

struct kind {
	double n[SIDE_COUNT], k[SIDE_COUNT];
};

struct kinds {
	struct table index; /* subject of the first line plus 1 -> index */
	struct kind *items;
	size_t count;
	size_t capacity;
};

static enum side side_of(const struct trial *t, int32_t rank)
{
	for (size_t i = 0; i < t->period.count; i++) {
		if (rank >= t->cut[i].from && rank < t->cut[i].to)
			return t->cut[i].side;
	}
	return SIDE_NONE;
}

static struct kind *kind_of(struct kinds *all, uint32_t subject)
{
	uint64_t *at = table_put(&all->index, (uint64_t)subject + 1);
	if (*at == 0) {
		mem_grow(&all->items, all->count, &all->capacity);
		all->items[all->count++] = (struct kind){ .n = { 0 } };
		*at = all->count;
	}
	return &all->items[*at - 1];
}

/* Every so many of them, 2^shift, picked by the rank of their first line. */
static bool is_taken(int32_t rank, unsigned shift)
{
	return shift == 0 || ((uint32_t)rank * UINT32_C(2654435761)) >> (32 - shift) == 0;
}

/* Of the thing's requests on both sides: by kind. */
static void count(const struct trial *t, const struct moments *m, uint32_t thing, unsigned shift,
	bool holds, struct kinds *all)
{
	const struct requests *r = t->requests;
	for (uint32_t i = m->first[thing]; i < m->first[thing + 1]; i++) {
		if (!is_taken(m->ranks[i], shift))
			continue;
		enum side side = side_of(t, m->ranks[i]);
		uint32_t first = t->scene->events[r->ranking.events[m->ranks[i]]].subject;
		if (side == SIDE_NONE)
			continue;
		struct kind *kind = kind_of(all, first);
		if (holds)
			kind->k[side]++;
		else
			kind->n[side]++;
	}
}

/* Kinds of which there are few are one kind: it stands behind the others. */
static void join_few(struct kinds *all)
{
	struct kind few = { .n = { 0 } };
	size_t kept = 0;
	for (size_t i = 0; i < all->count; i++) {
		const struct kind *x = &all->items[i];
		if (x->n[SIDE_BASE] + x->n[SIDE_INCIDENT] > FEW) {
			all->items[kept++] = *x;
			continue;
		}
		for (int side = 0; side < SIDE_COUNT; side++) {
			few.n[side] += x->n[side];
			few.k[side] += x->k[side];
		}
	}
	all->count = kept;
	mem_grow(&all->items, all->count, &all->capacity);
	all->items[all->count++] = few;
}

static struct presence compare(const struct kinds *all, double scale)
{
	double known = 0, share = 0, inverse = 0, k1 = 0;
	for (size_t i = 0; i < all->count; i++) {
		const struct kind *x = &all->items[i];
		double n0 = x->n[SIDE_BASE], n1 = x->n[SIDE_INCIDENT];
		if (n0 == 0 || n1 == 0)
			continue;
		known += n1;
		share += n1 * x->k[SIDE_BASE] / n0;
		inverse += n1 * n1 / n0;
		k1 += x->k[SIDE_INCIDENT];
	}
	if (known == 0)
		return (struct presence){ .k0 = 0 };
	double n0 = known * known / inverse;
	return (struct presence){ .k0 = scale * n0 * share / known,
		.n0 = scale * n0,
		.k1 = scale * k1,
		.n1 = scale * known };
}

struct presence trial_like_with_like(const struct trial *t, uint32_t subject, struct presence whole)
{
	const struct requests *r = t->requests;
	uint32_t service = t->scene->subjects[subject].service;
	uint32_t requests = r->of_services.first[service + 1] - r->of_services.first[service];
	struct kinds all = { .count = 0 };
	unsigned shift = 0;
	if (t->scene->baseline != NULL)
		return whole;
	while (requests >> shift > ASKED)
		shift++;
	count(t, &r->of_services, service, shift, false, &all);
	count(t, &r->of_node_requests, subject, shift, true, &all);
	const struct kind *own = kind_of(&all, subject);
	double first = (own->k[SIDE_BASE] + own->k[SIDE_INCIDENT]) * (double)(1U << shift);
	join_few(&all);
	struct presence p = compare(&all, (double)(1U << shift));
	table_release(&all.index);
	free(all.items);
	return 2 * first > whole.k0 + whole.k1 ? whole : p;
}
