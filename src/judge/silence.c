/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "src/judge/bayes.h"
#include "src/judge/trial.h"

/*
 * A service that says nothing any more, not even what it says every minute. Time is cut into pieces
 * twice as long as the longest silence of its baseline, so that each piece of the baseline holds a
 * line by construction; how many pieces of the incident hold none is compared with that, as two
 * shares, less ln of the number of services. A service that is quiet now and then so has long
 * pieces, few of them, and little evidence; one that was never quiet for ten seconds is missed after
 * a minute. Silence before its first line and behind its last one counts as silence of the baseline
 * too: jobs come and go.
 *
 * When half of all services fall silent it is the logs that are missing.
 */
#define LEAST_CELLS 8

struct quiet {
	int64_t longest_ns;
	int64_t from_ns; /* of the longest one */
	size_t cells;
};

static void add_quiet(struct quiet *q, int64_t from_ns, int64_t to_ns)
{
	if (to_ns - from_ns <= q->longest_ns)
		return;
	q->longest_ns = to_ns - from_ns;
	q->from_ns = from_ns;
}

/* The longest time without a cell in the stretch, its ends included. */
static void measure(
	const struct series *s, int64_t cell_ns, const struct stretch *in, struct quiet *q)
{
	int64_t last_ns = in->from_ns;
	for (size_t i = 0; i < s->cell_count; i++) {
		int64_t from_ns = s->cells[i].index * cell_ns;
		if (from_ns + cell_ns <= in->from_ns)
			continue;
		if (from_ns >= in->to_ns)
			break;
		add_quiet(q, last_ns, from_ns);
		last_ns = from_ns + cell_ns;
		q->cells++;
	}
	add_quiet(q, last_ns, in->to_ns);
}

struct silence {
	double raw;
	int64_t from_ns;
	double base_pieces, pieces, silent_pieces;
};

static double pieces_in(const struct stretch *s, int64_t piece_ns)
{
	return floor((double)(s->to_ns - s->from_ns) / (double)piece_ns);
}

static struct silence weigh(const struct trial *t, uint32_t service)
{
	const struct findings *f = t->scene->findings;
	const struct series *lines = &f->services[service].lines;
	struct quiet base = { 0 };
	struct silence s = { 0 };
	for (size_t i = 0; i < t->period.count; i++) {
		if (t->period.items[i].side == SIDE_BASE)
			measure(lines, f->cell_ns, &t->period.items[i], &base);
	}
	if (base.cells < LEAST_CELLS)
		return s;
	int64_t piece_ns = 2 * i64_max(base.longest_ns, f->cell_ns);
	for (size_t i = 0; i < t->period.count; i++) {
		const struct stretch *in = &t->period.items[i];
		struct quiet now = { 0 };
		if (in->side == SIDE_BASE) {
			s.base_pieces += pieces_in(in, piece_ns);
			continue;
		}
		measure(lines, f->cell_ns, in, &now);
		s.pieces += pieces_in(in, piece_ns);
		s.silent_pieces += floor((double)now.longest_ns / (double)piece_ns);
		if (s.silent_pieces > 0 && s.from_ns == 0)
			s.from_ns = now.from_ns;
	}
	if (s.silent_pieces > 0 && s.base_pieces > 0)
		s.raw = bayes_shares(s.base_pieces, s.base_pieces, s.pieces - s.silent_pieces,
				s.pieces) -
			log((double)t->scene->service_count);
	return s;
}

/* What it said most; NO_INDEX: nothing that was kept. */
static uint32_t usual_line(const struct scene *s, uint32_t service)
{
	uint32_t best = NO_INDEX;
	for (uint32_t i = 0; i < s->findings->subject_count; i++) {
		if (s->subjects[i].service == service &&
			s->subjects[i].subject->kind == SUBJECT_TEMPLATE &&
			(best == NO_INDEX || s->subjects[i].subject->series.total >
						     s->subjects[best].subject->series.total))
			best = i;
	}
	return best;
}

void trial_silence(struct trial *t)
{
	size_t services = t->scene->findings->service_count, silent = 0, steady = 0;
	struct silence *all = arena_alloc(&t->arena, services, sizeof(*all));
	if (t->leave_out >> PART_STOPPED & 1 || t->scene->baseline != NULL)
		return;
	for (uint32_t i = 0; i < services; i++) {
		all[i] = weigh(t, i);
		steady += all[i].base_pieces > 0;
		silent += all[i].silent_pieces > 0;
	}
	for (uint32_t i = 0; i < services && 2 * silent <= steady; i++) {
		uint32_t line = all[i].raw > 0 ? usual_line(t->scene, i) : NO_INDEX;
		if (line == NO_INDEX)
			continue;
		struct finding *f = trial_add(t, DEVIATION_STOPPED, i, line, NO_INDEX, all[i].raw);
		f->weight = trial_tempered(all[i].raw);
		f->d.base_of = f->d.base_count = (uint64_t)all[i].base_pieces;
		f->d.of = (uint64_t)all[i].pieces;
		f->d.count = (uint64_t)(all[i].pieces - all[i].silent_pieces);
		f->d.first_ns = all[i].from_ns;
	}
}
