/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "src/judge/silence_parts.h"

/*
 * A host that dies takes its part of each service with it, and the services go on elsewhere: none
 * of them falls silent, and those that fail are their callers. So the same silence is looked for at
 * each site of a service that has several (sites.h).
 *
 * Sites come and go without harm: a pod is replaced by another, a host is shut down, of a job each
 * run is a site of its own, and logs are fetched from one host after the other. So it counts only
 *   - where another site of the service goes on, and none began when this one ended: what takes
 *     over from it begins within the minutes before and in the second half of its life, or later;
 *   - where someone misses it, that is, lines of trouble are new or more frequent: what goes away
 *     and is missed by nobody was shut down;
 *   - where less than half of all such sites fall silent: else it is the logs that are missing.
 *
 * A host is told of once, by the service that is surest of it: what else ran there is as silent,
 * and says the same. Of these points the service keeps all, for the fault is there, if not its own.
 */
#define TAKES_OVER_NS (600 * NS_PER_S)
#define LEAST_MISSED  3.0 /* nats: once in twenty */

static bool is_missed(const struct trial *t)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		if (f->d.kind <= DEVIATION_MORE && !f->ordinary && f->d.raw >= LEAST_MISSED)
			return true;
	}
	return false;
}

/* Does another site of the service go on, and does none begin in place of this one? */
static bool goes_on_elsewhere(const struct findings *f, size_t site, int64_t from_ns)
{
	const struct site_findings *of = &f->sites[site];
	int64_t middle_ns = of->lines.first_ns + (from_ns - of->lines.first_ns) / 2;
	int64_t takes_over_ns = i64_max(from_ns - TAKES_OVER_NS, middle_ns);
	bool goes_on = false;
	for (size_t i = 0; i < f->site_count; i++) {
		const struct site_findings *other = &f->sites[i];
		if (i == site || other->service != of->service)
			continue;
		if (other->lines.first_ns >= takes_over_ns)
			return false;
		goes_on |= other->lines.last_ns > from_ns + other->cell_ns;
	}
	return goes_on;
}

/* Is there a surer site of this name, or as sure a one before it? */
static bool is_told_by_another(const struct findings *f, const struct silence *all, size_t site)
{
	for (size_t i = 0; i < f->site_count; i++) {
		if (i != site && str_equal(f->sites[i].name, f->sites[site].name) &&
			(all[i].raw > all[site].raw || (all[i].raw == all[site].raw && i < site)))
			return true;
	}
	return false;
}

void silence_of_sites(struct trial *t, const struct silence *services)
{
	const struct findings *f = t->scene->findings;
	size_t steady = 0, silent = 0;
	if (f->site_count == 0 || !is_missed(t))
		return;
	struct silence *all = arena_alloc(&t->arena, f->site_count, sizeof(*all));
	for (size_t i = 0; i < f->site_count; i++) {
		const struct site_findings *s = &f->sites[i];
		all[i] = silence_weigh(t, &s->lines, NULL, s->cell_ns, 1);
		steady += all[i].base_pieces > 0;
		silent += all[i].silent_pieces > 0;
		if (services[s->service].raw > 0 || all[i].silent_pieces == 0 ||
			!goes_on_elsewhere(f, i, all[i].from_ns))
			all[i].raw = 0;
	}
	for (size_t i = 0; i < f->site_count; i++)
		all[i].raw -= log(fmax(1, (double)steady));
	for (size_t i = 0; i < f->site_count && 2 * silent <= steady; i++) {
		uint32_t service = f->sites[i].service;
		uint32_t line = all[i].raw > 0 ? silence_usual_line(t->scene, service) : NO_INDEX;
		if (line != NO_INDEX && !is_told_by_another(f, all, i))
			silence_add(t, service, line, &all[i], trial_tempered(all[i].raw))->d.site =
				(uint32_t)i + 1;
	}
}
