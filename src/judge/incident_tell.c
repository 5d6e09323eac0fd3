/* SPDX-License-Identifier: MIT */
#include "src/judge/search.h"

static struct str how_found(const struct candidate *c, size_t spans, struct arena *arena)
{
	switch (c->kind) {
	case CANDIDATE_RECURRING:
		return arena_printf(
			arena, "found: problems come %.*s, %zu times", STR_ARG(c->when), spans);
	case CANDIDATE_BURST:
		return STR("found: the stretch in which problem lines are most in excess");
	case CANDIDATE_FIRST:
		return STR("found: begins with the new kind of problem that most stands out");
	default:
		return STR("found: what came from here on stands out most");
	}
}

/*
 * A start on the grid is only near: the first line that deviates for certain is where it shows. Not
 * for what is said by steps alone, which have no line to begin with.
 */
#define CERTAIN_POINTS 3.0

static int64_t first_certain(const struct trial *t, int64_t from_ns)
{
	int64_t first_ns = TIME_NONE;
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		if (f->d.kind <= DEVIATION_MORE && !f->ordinary && f->d.raw >= CERTAIN_POINTS &&
			f->d.first_ns != TIME_NONE &&
			(first_ns == TIME_NONE || f->d.first_ns < first_ns))
			first_ns = f->d.first_ns;
	}
	return first_ns == TIME_NONE ? from_ns : i64_max(from_ns, first_ns);
}

static int64_t end_of_second(int64_t last_ns)
{
	return clock_floor(last_ns, NS_PER_S) + NS_PER_S;
}

int64_t incident_end(const struct scene *s, int64_t to_ns)
{
	return to_ns < s->to_ns ? to_ns : end_of_second(s->to_ns - 1);
}

/*
 * Until when? What was tried lasts to the end of all that was read; but when nothing hurts by then
 * but lines that have stopped coming, it ended with the last of them.
 */
static int64_t last_certain(const struct trial *t, int64_t to_ns)
{
	int64_t last_ns = TIME_NONE;
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		const struct subject *s = t->scene->subjects[f->d.subject].subject;
		if (f->ordinary || f->d.raw < CERTAIN_POINTS)
			continue;
		if (f->d.kind > DEVIATION_MORE || s == NULL || s->series.last_ns == TIME_NONE)
			return to_ns;
		last_ns = i64_max(last_ns, s->series.last_ns);
	}
	if (last_ns == TIME_NONE)
		return to_ns;
	return i64_min(to_ns, end_of_second(last_ns));
}

void incident_tell(const struct candidate *c, const struct trial *t, struct judgement *j)
{
	struct incident *in = &j->incident;
	in->how = how_found(c, c->count, &j->arena);
	in->recurring = c->kind == CANDIDATE_RECURRING;
	in->when = arena_copy(&j->arena, c->when);
	in->spans = arena_alloc(&j->arena, c->count, sizeof(*in->spans));
	for (size_t i = 0; i < c->count; i++)
		in->spans[in->span_count++] =
			(struct span){ i64_max(c->spans[i].from_ns, t->scene->from_ns),
				incident_end(t->scene, c->spans[i].to_ns), in->how };
	in->asked = in->span_count - 1;
	if (c->kind == CANDIDATE_GRID)
		in->spans[0].from_ns = first_certain(t, in->spans[0].from_ns);
	if (c->kind == CANDIDATE_GRID || c->kind == CANDIDATE_FIRST)
		in->spans[0].to_ns =
			i64_max(in->spans[0].from_ns + 1, last_certain(t, in->spans[0].to_ns));
}
