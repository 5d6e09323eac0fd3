/* SPDX-License-Identifier: MIT */
#include "src/judge/period.h"

static void add_stretch(struct period *p, int64_t from_ns, int64_t to_ns, enum side side)
{
	if (from_ns >= to_ns)
		return;
	p->items[p->count++] = (struct stretch){ from_ns, to_ns, side };
	p->seconds[side] += (double)(to_ns - from_ns) / 1e9;
}

void period_cut(struct period *p, struct stretch *items, int64_t from_ns, int64_t to_ns,
	const struct stretch *spans, size_t count, int64_t base_from_ns, int64_t base_to_ns)
{
	*p = (struct period){ .items = items, .precision_ns = NS_PER_S };
	int64_t low_ns = from_ns, high_ns = to_ns, at_ns = from_ns;
	if (base_from_ns != TIME_NONE) {
		low_ns = base_from_ns;
		high_ns = base_to_ns;
	}
	for (size_t i = 0; i <= count; i++) {
		int64_t start_ns = i < count ? i64_max(spans[i].from_ns, from_ns) : to_ns;
		add_stretch(p, i64_max(at_ns, low_ns), i64_min(start_ns, high_ns), SIDE_BASE);
		if (i == count)
			break;
		add_stretch(p, start_ns, i64_min(spans[i].to_ns, to_ns), SIDE_INCIDENT);
		at_ns = i64_max(at_ns, spans[i].to_ns);
	}
}

static const struct stretch *stretch_at(const struct period *p, int64_t time_ns)
{
	size_t low = 0, high = p->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (p->items[middle].to_ns <= time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low < p->count && p->items[low].from_ns <= time_ns ? &p->items[low] : NULL;
}

enum side period_side(const struct period *p, int64_t time_ns)
{
	const struct stretch *s = stretch_at(p, time_ns);
	return s == NULL ? SIDE_NONE : s->side;
}

enum side period_side_near(const struct period *p, int64_t time_ns, size_t *near)
{
	const struct stretch *s = p->count > 0 ? &p->items[*near] : NULL;
	if (s == NULL || time_ns < s->from_ns || time_ns >= s->to_ns) {
		s = stretch_at(p, time_ns);
		if (s == NULL)
			return SIDE_NONE;
		*near = (size_t)(s - p->items);
	}
	return s->side;
}

const struct stretch *period_first(const struct period *p)
{
	for (size_t i = 0; i < p->count; i++) {
		if (p->items[i].side == SIDE_INCIDENT)
			return &p->items[i];
	}
	return NULL;
}
