/* SPDX-License-Identifier: MIT */
#include "src/judge/around.h"

/* Dense, so only for as many services as a person could draw;
 * and by so many requests as tell it. */
#define AROUND_MAX_SERVICES 1024
#define AROUND_REQUESTS	    4096
#define AROUND_RUNS	    64

static void count_around(
	const struct requests *r, const struct request *q, struct around *around, size_t services)
{
	const struct scene_event *events = r->scene->events;
	const struct run *runs = &r->runs[q->first_run];
	for (uint32_t i = 0; i < q->run_count; i++) {
		uint32_t last = r->order[runs[i].first + runs[i].count - 1];
		for (uint32_t k = 0; k < q->run_count; k++) {
			uint32_t end = r->order[runs[k].first + runs[k].count - 1];
			struct around *of = &around[runs[i].service * services + runs[k].service];
			if (runs[k].service == runs[i].service || of->meet == UINT16_MAX)
				continue;
			of->meet++;
			bool is_around = runs[i].count > 1 && runs[i].time_ns < runs[k].time_ns &&
					 events[last].time_ns > events[end].time_ns;
			of->is_around = (uint16_t)(of->is_around + is_around);
		}
	}
}

const struct around *around_find(struct scene *s, const struct requests *r)
{
	size_t count = s->service_count, step = r->count / AROUND_REQUESTS + 1;
	if (r->call_count == 0 || count > AROUND_MAX_SERVICES)
		return NULL;
	struct around *around = arena_alloc(&s->arena, count * count, sizeof(*around));
	for (size_t i = 0; i < r->count; i += step) {
		if (r->requests[i].several_services && r->requests[i].run_count <= AROUND_RUNS)
			count_around(r, &r->requests[i], around, count);
	}
	return around;
}

#define CALLER_ODDS 4 /* of two that are around one another the one that is so much more often */

/* Who is called by several for one request is around each of them now and then: it must be so in
 * most. */
bool around_is_caller(
	const struct scene *s, const struct around *around, uint32_t speaker, uint32_t named)
{
	size_t count = s->service_count;
	if (around == NULL)
		return false;
	const struct around *a = &around[named * count + speaker];
	return 2 * a->is_around > a->meet &&
	       a->is_around > CALLER_ODDS * around[speaker * count + named].is_around;
}
