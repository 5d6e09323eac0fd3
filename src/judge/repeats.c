/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "src/judge/bayes.h"
#include "src/judge/trial.h"

/*
 * An incident that comes again and again is a row of independent experiments, and that is worth
 * more than any number of lines in one of them: what is there each time, and at no other time,
 * belongs to it. So for repeats presence is counted, not lines: of the incident's stretches, and of
 * stretches of the baseline that are as long. A line of every day's traffic is in all of both and
 * earns nothing; a job that runs then and only then earns about 20 nats in a week.
 */
#define LINE_CAP 3.0

double trial_line_cap(const struct trial *t)
{
	return t->recurring ? LINE_CAP * (double)t->repeats : LINE_CAP;
}

/* The first of the subject's cells that start at this time or later. */
static size_t cell_from(const struct series *s, int64_t cell_ns, int64_t time_ns)
{
	size_t low = 0, high = s->cell_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (s->cells[middle].index * cell_ns < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool comes_in(const struct series *s, int64_t cell_ns, int64_t from_ns, int64_t to_ns)
{
	size_t at = cell_from(s, cell_ns, from_ns);
	return at < s->cell_count && s->cells[at].index * cell_ns < to_ns;
}

/*
 * Cuts a stretch into pieces of this length, the rest left out, and counts those in which the
 * subject comes. Walks over its cells, not over the pieces: of years there are too many. Of the
 * others only as many count as were read: where nothing was, nobody knows that it did not come.
 */
static void count_pieces(const struct scene *scene, const struct series *s,
	const struct stretch *of, int64_t length_ns, struct presence *p)
{
	int64_t cell_ns = scene->findings->cell_ns;
	int64_t pieces = (of->to_ns - of->from_ns) / length_ns, last = -1;
	double read =
		floor(scene_observed(scene, of->from_ns, of->to_ns) * 1e9 / (double)length_ns);
	double held = 0;
	for (size_t at = cell_from(s, cell_ns, of->from_ns); at < s->cell_count; at++) {
		int64_t piece = (s->cells[at].index * cell_ns - of->from_ns) / length_ns;
		if (piece >= pieces)
			break;
		held += piece != last;
		last = piece;
	}
	p->k0 += held;
	p->n0 += fmax(held, read);
}

struct presence trial_presence(const struct trial *t, uint32_t subject)
{
	const struct period *p = &t->period;
	struct presence result = { 0 };
	const struct subject *of = t->scene->subjects[subject].subject;
	int64_t cell_ns = t->scene->findings->cell_ns;
	int64_t length_ns = (int64_t)(p->seconds[SIDE_INCIDENT] / (double)t->repeats * 1e9);
	if (of == NULL || length_ns <= 0)
		return result;
	for (size_t i = 0; i < p->count; i++) {
		const struct stretch *s = &p->items[i];
		if (s->side == SIDE_INCIDENT) {
			result.n1++;
			result.k1 += comes_in(&of->series, cell_ns, s->from_ns, s->to_ns);
		} else {
			count_pieces(t->scene, &of->series, s, length_ns, &result);
		}
	}
	return result;
}
